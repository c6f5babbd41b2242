"""``handfast explain``."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from handfast.cli.contracts import load_contract
from handfast.cli.output import json_option, print_json, width

if TYPE_CHECKING:
    from handfast.contract.explain import Explanation


@click.command()
@click.argument("contract", type=click.Path(path_type=Path))
@click.option("--clause", metavar="PATH", default="", help="Only what stands under this path, such as clocks.")
@json_option
def command(contract: Path, clause: str, as_json: bool) -> None:
    """Say in plain English what CONTRACT says, a sentence a clause, each with its path."""
    from handfast.contract.explain import explain

    explanation = explain(load_contract(contract))
    if clause:
        whole, explanation = explanation, _under(explanation, clause)
        if not explanation.sections:
            raise click.ClickException(
                f"Nothing is said under {clause!r}.{_meant(whole, clause)} `handfast explain {contract}` says all."
            )
    if as_json:
        print_json(explanation.as_data())
    else:
        click.echo(explanation.as_text(width()), nl=False)


def _under(explanation: Explanation, clause: str) -> Explanation:
    """Only the sentences whose path is the clause or stands below it."""
    kept = []
    for section in explanation.sections:
        said = tuple(each for each in section.sentences if f"{each.path}.".startswith(f"{clause}."))
        if said:
            kept.append(replace(section, sentences=said))
    return replace(explanation, sections=tuple(kept))


def _meant(explanation: Explanation, clause: str) -> str:
    """The nearest spelling among all paths of which anything is said, and what they stand under."""
    from handfast.problem import nearest

    paths = [str(each.path).split(".") for section in explanation.sections for each in section.sentences]
    known = dict.fromkeys(".".join(path[:depth]) for path in paths for depth in range(1, len(path) + 1))
    close = nearest(clause, known)
    return f" Did you mean {close}?" if close else ""
