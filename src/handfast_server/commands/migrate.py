"""``handfast migrate``: the database brought to this version."""

from __future__ import annotations

import click

from handfast.cli.output import json_option, many, print_json


@click.command()
@json_option
def command(as_json: bool) -> None:
    """Bring the database to this version.

    Of several that run at once, one does it and the others wait.
    """
    from handfast_server.operate.up import check_database, up

    up()
    check_database()
    from handfast_server.operate.migrate import migrate

    applied = migrate()
    if as_json:
        print_json({"applied": applied})
    elif applied:
        click.echo(f"Applied {many(len(applied), 'migration')}.")
    else:
        click.echo("The database is up to date.")
