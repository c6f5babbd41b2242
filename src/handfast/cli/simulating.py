"""Simulating as commands do it: a year played, its tables written, a few lines on the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from handfast.cli.garbage import nothing_is_garbage
from handfast.cli.output import many

if TYPE_CHECKING:
    from handfast.cli.progress import Step
    from handfast.contract.model import Contract
    from handfast.simulate import Simulated


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What to simulate, and what to write of it."""

    leads: int
    seed: int
    contracts: Sequence[Contract]
    folder: Path
    facts: str = ""  # the ending of the file of facts; empty for none
    truth: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """The year, and the files made of it."""

    year: Simulated
    exports: list[Path]
    truth: list[Path]
    facts: Path | None


def run(wanted: Wanted, step: Step) -> Written:
    """Play and write, each a step; a sentence when something cannot be written."""
    from handfast.simulate import simulate

    with nothing_is_garbage():
        year = simulate(wanted.seed, wanted.leads, wanted.contracts, progress=step("Simulating a year"))
        return _written(year, wanted, step)


def _written(year: Simulated, wanted: Wanted, step: Step) -> Written:
    from handfast.simulate.hubspot import write_hubspot_export

    step("Writing the export")
    try:
        exports = write_hubspot_export(year, wanted.folder)
        truth = _truth(year, wanted)
        facts = _facts(year, wanted, step)
    except OSError as error:
        name = error.filename or str(wanted.folder)
        raise click.FileError(name, hint=error.strerror or str(error)) from error
    return Written(year=year, exports=exports, truth=truth, facts=facts)


def _truth(year: Simulated, wanted: Wanted) -> list[Path]:
    if not wanted.truth:
        return []
    from handfast.simulate.truth_file import write_truth

    return write_truth(year, wanted.folder / "truth")


def _facts(year: Simulated, wanted: Wanted, step: Step) -> Path | None:
    if not wanted.facts:
        return None
    from handfast.simulate.fact_file import write_facts

    path = wanted.folder / f"facts.{wanted.facts}"
    step(f"Writing {path.name}")
    write_facts(year, path)
    return path


def simulated_data(written: Written) -> dict[str, object]:
    """A year in numbers, as JSON has it."""
    from handfast.engine import conservation

    year, kept = written.year, conservation(written.year.world)
    return {
        "seed": year.seed,
        "leads": len(year.known.people),
        "activities": len(year.acts),
        "versions": [contract.version for contract in year.contracts],
        "delivered": kept.delivered,
        "waiting": kept.waiting,
        "contested": kept.contested,
        "accepted": kept.accepted,
        "rejected": kept.rejected,
        "withdrawn": kept.withdrawn,
        "unaccounted": kept.unaccounted,
        "exports": [str(path) for path in written.exports],
        "truth": [str(path) for path in written.truth],
        "facts_file": None if written.facts is None else str(written.facts),
    }


def say_simulated(written: Written, folder: Path) -> None:
    """The year in a few lines."""
    said = simulated_data(written)
    year = written.year
    acts = many(len(year.acts), "activity", "activities")
    click.echo(f"A year of {many(len(year.known.people), 'lead')} and {acts} is in {folder}/.")
    click.echo(
        f"{said['delivered']:,} delivered = {said['waiting']:,} waiting + {said['contested']:,} contested"
        f" + {said['accepted']:,} accepted + {said['rejected']:,} rejected + {said['withdrawn']:,} withdrawn;"
        f" unaccounted {said['unaccounted']:,}"
    )
