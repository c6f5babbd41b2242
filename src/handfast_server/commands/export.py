"""``handfast export``: the history as files."""

from __future__ import annotations

from pathlib import Path

import click

from handfast.cli.output import json_option, many, print_json


@click.command()
@click.argument("folder", required=False, type=click.Path(file_okay=False, path_type=Path))
@json_option
def command(folder: Path | None, as_json: bool) -> None:
    """Write every fact to Parquet files in FOLDER, or bring them up to date.

    Without FOLDER they are kept under HANDFAST_HOME, and workers go on with them from then on. They hold personal data,
    until a lead is erased: then its lines are written again without.
    """
    from handfast_server.operate.up import up

    up()
    from handfast_server.observe.status import reachable
    from handfast_server.scoreboard import files

    why = reachable()
    if why:
        raise click.ClickException(f"Nothing was written: {why}.")
    place = folder or files.folder()
    made = files.export(place)
    if as_json:
        print_json({"folder": str(place), "until": made.until, "facts": made.facts, "files": made.files})
    else:
        count = sum(map(len, made.files.values()))
        click.echo(f"{many(made.facts, 'fact')} in {many(count, 'file')} of {place}.")
