"""A file of facts: lines in the order in which the facts were recorded, read as a stream."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple

from handfast.errors import FactsRefused
from handfast.facts import Fact
from handfast.history.line import LineRefused, read_line, write_line
from handfast.instant import Instant, format_instant
from handfast.problem import Mark, Problem

MOST_SHOWN = 50
"""Problems after which reading stops: who writes the file mends the program that wrote it, not line by line."""

_TICK = re.compile(rb'"fact"\s*:\s*"(team_)?tick"')
_BOM = b"\xef\xbb\xbf"


class Told(NamedTuple):
    """A fact, and the line that it stands in; 0 for what no line says."""

    fact: Fact
    line: int


def written(facts: Iterable[Fact]) -> Iterator[str]:
    """The lines of facts, each with its end."""
    for fact in facts:
        yield f"{write_line(fact)}\n"


def read_facts(lines: Iterable[bytes], *, file: str = "") -> Iterator[Told]:
    """The facts of a file, one after the other, so that a year of them needs no more memory than one.

    Empty lines are passed over. Raises FactsRefused with every problem, placed by file and line, after the last good
    fact was handed out: whoever keeps something of them waits for the end.
    """
    found: list[Problem] = []
    latest: Instant | None = None
    for number, line in enumerate(lines, start=1):
        line = line.removeprefix(_BOM) if number == 1 else line  # noqa: PLW2901 # a mark that Windows writes
        if not line.strip():
            continue
        try:
            fact = read_line(line.rstrip(b"\r\n"))
            _check_order(fact, latest)
        except LineRefused as refused:
            found.append(replace(refused.problem, file=file, mark=Mark(number, refused.column)))
            if len(found) >= MOST_SHOWN:
                break
            continue
        latest = fact.recorded_at
        if not found:
            yield Told(fact, number)
    if found:
        raise FactsRefused(found)


def _check_order(fact: Fact, latest: Instant | None) -> None:
    if latest is not None and fact.recorded_at < latest:
        message = (
            f"It was recorded at {format_instant(fact.recorded_at)}, before the fact above it, at "
            f"{format_instant(latest)}: facts stand in the order in which they were recorded."
        )
        raise LineRefused(Problem(code="not_in_order", path=("recorded_at",), message=message))


def has_ticks(text: bytes) -> bool:
    """Whether a file says when the engine looked at its clocks; then it looked at no other times."""
    return _TICK.search(text) is not None
