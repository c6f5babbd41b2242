"""Facts and contracts as commands take them: read, told again, with a bar for whoever waits."""

from __future__ import annotations

import io
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import click

from handfast.cli.contracts import load_contract
from handfast.cli.garbage import nothing_is_garbage
from handfast.cli.output import read_file
from handfast.cli.progress import steps

if TYPE_CHECKING:
    from handfast.engine import Terms
    from handfast.history.replay import Replayed, Watcher
    from handfast.instant import Instant


def load_terms(paths: Sequence[Path]) -> Terms:
    """Versions of one contract, in their order. Raises ContractRefused, HandfastError for two of one number."""
    from handfast.engine import Terms
    from handfast.errors import HandfastError

    contracts = sorted((load_contract(path) for path in paths), key=lambda contract: contract.version)
    for one, other in pairwise(contracts):
        if one.version == other.version:
            raise HandfastError(f"Two of the contracts are version {one.version}: name each version once.")
    return Terms.of_contracts(contracts)


def replay_file(
    path: Path, terms: Terms, *, until: Instant | None = None, watch: Watcher | None = None, quiet: bool = False
) -> Replayed:
    """A file of facts told again. Raises FactsRefused with the file and line of every problem."""
    from handfast.history.file import has_ticks, read_facts
    from handfast.history.replay import replay

    text = read_file(path)
    with steps(enabled=not quiet) as step, nothing_is_garbage():
        step("Telling the facts")
        return replay(
            read_facts(io.BytesIO(text), file=str(path)),
            terms,
            until=until,
            ticking=not has_ticks(text),
            watch=watch or (lambda _: None),
            file=str(path),
        )


def instant_of(text: str | None, option: str) -> Instant | None:
    """An instant as an option has it; a sentence when it is none."""
    if text is None:
        return None
    from handfast.instant import parse_instant

    try:
        return parse_instant(text)
    except ValueError as error:
        hint = f"{text!r} is not an instant with an offset, such as 2027-01-08T14:30:00+01:00."
        raise click.BadParameter(hint, param_hint=option) from error
