"""The command line. Importing it costs next to nothing: commands are loaded when they run."""


def main() -> None:
    """Run ``handfast``; the entry point that the package installs."""
    from handfast.cli.app import app

    app(prog_name="handfast")
