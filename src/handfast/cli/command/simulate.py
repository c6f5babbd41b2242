"""``handfast simulate``: a made-up year of a revenue team, as a CRM would export it, with the truth beside it."""

from __future__ import annotations

from pathlib import Path

import click

from handfast.cli.contracts import load_contract
from handfast.cli.output import json_option, print_json, write_file
from handfast.cli.progress import steps

ENDINGS = {"jsonl": "jsonl", "parquet": "parquet", "none": ""}


@click.command()
@click.option(
    "--leads", type=click.IntRange(1, 1_000_000), default=5000, show_default=True, help="How many leads come."
)
@click.option("--seed", type=click.IntRange(0), default=7, show_default=True, help="Another seed, another year.")
@click.option(
    "--out",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    help="Folder for the export, the facts and, in a folder of its own, the truth.",
)
@click.option(
    "--contract",
    "texts",
    type=click.Path(dir_okay=False, path_type=Path),
    multiple=True,
    help="Contract that governs the year, from the day it takes force; again for each later version.",
)
@click.option(
    "--facts",
    type=click.Choice(tuple(ENDINGS)),
    default="jsonl",
    show_default=True,
    help="How to write the facts, for a replay; parquet needs the extra of that name.",
)
@json_option
def command(leads: int, seed: int, folder: Path, texts: tuple[Path, ...], facts: str, as_json: bool) -> None:
    """Simulate a revenue team for a year: who comes, what the engine decides, what reps do, what the CRM shows."""
    from handfast.cli.simulating import Wanted, run, say_simulated, simulated_data
    from handfast.simulate import demo_contracts, demo_texts

    if facts == "parquet":
        _check_parquet()
    contracts = tuple(load_contract(path) for path in texts) or demo_contracts()
    _check_versions([contract.effective_from for contract in contracts], [contract.version for contract in contracts])
    with steps(enabled=not as_json) as step:
        wanted = Wanted(leads=leads, seed=seed, contracts=contracts, folder=folder, facts=ENDINGS[facts])
        written = run(wanted, step)
    if not texts:
        for contract, text in zip(contracts, demo_texts(), strict=True):
            write_file(folder / f"contract-{contract.version}.yaml", text)
    if as_json:
        print_json(simulated_data(written))
    else:
        say_simulated(written, folder)


def _check_versions(since: list[int], numbers: list[int]) -> None:
    """Refuse versions that do not follow each other."""
    if since != sorted(set(since)) or numbers != sorted(set(numbers)):
        raise click.UsageError(
            "Give the versions of the contract in order: each with a higher number, and in force later than the last."
        )


def _check_parquet() -> None:
    from importlib.util import find_spec

    if find_spec("pyarrow") is None:
        raise click.UsageError("Parquet files need the extra: pip install 'handfast[parquet]', or use --facts jsonl.")
