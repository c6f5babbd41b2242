"""The command line. Importing it costs next to nothing: commands are loaded when they run."""

import os
import sys

NOT_WRITTEN = 74  # EX_IOERR of sysexits


def main() -> None:
    """Run ``handfast``; the entry point that the package installs."""
    from handfast.cli.app import app

    try:
        try:
            app(prog_name="handfast")
        finally:
            sys.stdout.flush()
    except OSError as error:
        # What is left in the buffer goes nowhere, or the interpreter would complain about it once more when it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.stderr.write(f"The output could not be written: {error.strerror or error}.\n")
        sys.exit(NOT_WRITTEN)
