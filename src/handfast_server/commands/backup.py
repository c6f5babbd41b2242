"""``handfast backup``: everything in one file."""

from __future__ import annotations

from pathlib import Path

import click

from handfast.cli.output import json_option, many, print_json


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@json_option
def command(file: Path, as_json: bool) -> None:
    """Write everything into one file, while the service runs.

    The file holds personal data and only its owner may read it. The secret key is not in it: keep that elsewhere.
    """
    from handfast_server.operate.up import up

    up()
    from handfast_server.observe.status import reachable
    from handfast_server.operate.backup import backup

    why = reachable()
    if why:
        raise click.ClickException(f"Nothing was written: {why}.")
    try:
        made = backup(file)
    except OSError as broken:
        raise click.FileError(str(file), hint=broken.strerror or str(broken)) from broken
    if as_json:
        print_json({"file": str(file), "rows": made.rows, "tables": {each.file: each.rows for each in made.tables}})
    else:
        click.echo(f"{many(made.rows, 'row')} of {len(made.tables)} tables are in {file}.")
