"""``handfast check``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from handfast.cli.output import json_option, many, print_json, problem_data, read_file, say_problems

if TYPE_CHECKING:
    from handfast.example import Checked


@click.command()
@click.argument("contract", type=click.Path(path_type=Path))
@json_option
def command(contract: Path, as_json: bool) -> None:
    """Check CONTRACT: its text, its sense as a whole, its examples. Exit code 3 when something is wrong."""
    from handfast.example import check

    text = read_file(contract)
    checked = check(text, file=str(contract))
    if as_json:
        print_json(_data(checked))
    else:
        say_problems(checked.problems, text)
        click.echo(_verdict(checked))
    if checked.refused:
        raise SystemExit(3)


def _data(checked: Checked) -> dict[str, object]:
    contract = checked.contract
    return {
        "sound": not checked.refused,
        "contract": contract.name if contract else None,
        "version": contract.version if contract else None,
        "problems": [problem_data(problem) for problem in checked.problems],
        "examples": [
            {"name": result.name, "holds": result.holds, "differences": [str(d) for d in result.differences]}
            for result in checked.examples
        ],
    }


def _verdict(checked: Checked) -> str:
    errors = sum(problem.severity == "error" for problem in checked.problems)
    held = sum(result.holds for result in checked.examples)
    if checked.refused or checked.contract is None:
        return click.style(f"Refused: {many(errors, 'problem')}.", fg="red")
    ran = (
        f"{held} of {many(len(checked.examples), 'example')} {'holds' if len(checked.examples) == 1 else 'hold'}"
        if checked.examples
        else "it has no examples yet"
    )
    named = f"{checked.contract.name} version {checked.contract.version}"
    return click.style(f"{named} is sound; {ran}.", fg="green")
