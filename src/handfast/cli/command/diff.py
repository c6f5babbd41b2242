"""``handfast diff``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import click

from handfast.cli.contracts import load_contract
from handfast.cli.output import json_option, print_json

if TYPE_CHECKING:
    from handfast.contract.diff import Change


@click.command()
@click.argument("before", type=click.Path(path_type=Path))
@click.argument("after", type=click.Path(path_type=Path))
@click.option("--exit-code", is_flag=True, help="End with 1 when the two differ, for scripts.")
@json_option
def command(before: Path, after: Path, exit_code: bool, as_json: bool) -> None:
    """Say in business words what changed from BEFORE to AFTER. Layout and comments are no change."""
    from handfast.contract.diff import diff

    changes = diff(load_contract(before), load_contract(after))
    if as_json:
        print_json([asdict(change) for change in changes])
    else:
        _say(changes)
    if exit_code and changes:
        raise SystemExit(1)


def _say(changes: Sequence[Change]) -> None:
    """By topic, a change a line with its clause behind it."""
    if not changes:
        click.echo("Nothing changed: both say the same.")
    for topic, of_topic in groupby(changes, key=lambda change: change.topic):
        click.secho(topic.value, bold=True)
        for change in of_topic:
            click.echo(f"  {change}  [{change.path}]")
