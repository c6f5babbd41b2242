"""The ``handfast`` command: which commands there are, and how every refusal is said."""

from __future__ import annotations

import importlib
from keyword import iskeyword
from typing import Any, NoReturn

import click

from handfast import __version__
from handfast.errors import HandfastError

COMMANDS = {
    "init": "Write a commented contract to start from.",
    "check": "Check a contract: its text, its sense, its examples.",
    "explain": "Say in plain English what a contract says.",
    "diff": "Say in business words what changed between two contracts.",
    "schema": "Print the JSON Schema of the contract file.",
    "plan": "Walk the revenue target backwards: how many must come, when.",
    "measure": "Work out every measure, from facts or a CRM export.",
    "audit": "Audit a CRM export under a contract; write a report.",
    "simulate": "Simulate a year of a team: CRM export, facts and the truth.",
    "demo": "Simulate a year, audit it, serve the report.",
}

SERVICE = {
    "serve": "Start the live service here: web and worker.",
    "web": "Run a web process: pages and API.",
    "work": "Run a worker: whatever is due.",
    "migrate": "Bring the database to this version.",
    "import": "Load history: CRM exports or facts.",
    "backup": "Write everything into one file, while the service runs.",
    "restore": "Read a backup into an empty database.",
    "export": "Write the history as Parquet files.",
    "snapshot": "Make what measures read anew.",
    "doctor": "Check an installation; say what to do.",
    "verify": "Judge every stored fact again; say what differs.",
}
"""Commands of the live service, which the extra ``[server]`` brings; their modules are named, never known."""

COMMANDS |= SERVICE

EXIT_CODES = """\b
Exit codes:
  0    done
  1    refused for another reason; the message says which
  2    the command was used wrongly
  3    the contract, the mapping or the facts have problems, or an example fails
  4    the export holds nothing that can be audited
  74   the output could not be written
  130  interrupted"""


class Commands(click.Group):
    """A group that imports a command's module only when that command is called.

    ``handfast --help`` may cost 0.15 s of CPU; importing every command's libraries costs ten times that.
    """

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """Every command, in the order people meet them."""
        return list(COMMANDS)

    def get_command(self, _ctx: click.Context, name: str) -> click.Command | None:
        """The command of that name, imported now."""
        if name not in COMMANDS:
            return None
        place = "handfast_server.commands" if name in SERVICE else "handfast.cli.command"
        module = f"{name}_" if iskeyword(name) else name
        loaded: click.Command = importlib.import_module(f"{place}.{module}").command
        # Docstrings are raw, and click keeps the lines of an example only behind the character itself.
        loaded.help = (loaded.help or "").replace("\\b", "\b")
        return loaded

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, or say which one was probably meant."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from handfast.problem import nearest

            close = nearest(args[0], COMMANDS)
            meant = f" Did you mean {close!r}?" if close else ""
            ctx.fail(f"There is no command {args[0]!r}.{meant} Known: {', '.join(COMMANDS)}.")
        return super().resolve_command(ctx, args)

    def format_commands(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands with their first sentences, without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Note first whether a program is calling: it is told in JSON even that its options are wrong."""
        from handfast.cli.output import remember_caller

        remember_caller(ctx, args)
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as refusal:
            _refuse(ctx, refusal)

    def invoke(self, ctx: click.Context) -> Any:
        """Run; a refusal ends with its message on standard error and its own exit code."""
        try:
            return super().invoke(ctx)
        except click.ClickException as refusal:
            _refuse(ctx, refusal)
        except HandfastError as refusal:
            from handfast.cli.output import say_refusal, wants_json

            say_refusal(refusal, as_json=wants_json(ctx))
            ctx.exit(refusal.exit_code)


def _refuse(ctx: click.Context, refusal: click.ClickException) -> NoReturn:
    """Tell a program in JSON what the command line refuses; leave people to click."""
    from handfast.cli.output import print_json, wants_json, wrong_use_data

    if not wants_json(ctx):
        raise refusal
    print_json(wrong_use_data(refusal))
    ctx.exit(refusal.exit_code)


@click.group(cls=Commands, epilog=EXIT_CODES, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="handfast %(version)s")
def app() -> None:
    """Handfast: the agreement between marketing and sales, as a file that runs."""
