"""``handfast restore``: a backup read back."""

from __future__ import annotations

from pathlib import Path

import click

from handfast.cli.output import json_option, many, print_json


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Lose what the database holds now.")
@json_option
def command(file: Path, replace: bool, as_json: bool) -> None:
    """Read a backup into an empty database.

    End the service first: while it runs, nothing is read back. A backup of SQLite can be read into PostgreSQL, and the
    other way round.
    """
    from handfast_server.operate.up import check_database, up

    up()
    check_database()
    from handfast_server.operate.archive import key_mark
    from handfast_server.operate.restore import restore

    made = restore(file, replace=replace)
    same_key = made.key == key_mark()
    if as_json:
        print_json({"file": str(file), "rows": made.rows, "made_at": made.made_at, "same_key": same_key})
        return
    click.echo(f"{many(made.rows, 'row')} of {len(made.tables)} tables are back.")
    if not same_key:
        click.echo(
            "The secret key is another than when the backup was made: secrets in it cannot be read. Set "
            "HANDFAST_SECRET_KEY to the old one."
        )
