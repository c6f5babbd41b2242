"""What a finding is: a sentence that a leader can act on, and everything it rests on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from handfast.measure.value import Rows

Raw = int | float | str | bool | None
"""An exact value: shares as floats, spans in microseconds, money in hundredths."""

SHOWN = 20
"""How many records a number names on a page; the rest are counted there, and had with ``ALL_RECORDS``."""

ALL_RECORDS = "--records FILE.csv"
"""What to add to ``handfast audit`` for every record behind every number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """The records behind a number: how many, the first of them by name, and all of them as rows of the board."""

    label: str
    count: int
    first: tuple[str, ...]
    rows: Rows

    @property
    def more(self) -> int:
        """How many are not named here."""
        return self.count - len(self.first)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A sentence about the export that a leader can act on, with what it rests on.

    ``cost`` is in leads: how many did not go as the contract asks (a late or undecided one counts half, since it may
    still be won). For what is good it is how many leads it speaks of. The ranking goes by it, worst first.
    """

    code: str  # stable, for programs
    good: bool
    figure: str  # the number that the sentence turns on, as people read it
    headline: str
    evidence: tuple[str, ...] = ()
    clause: str = ""  # dotted path into the contract; empty when no clause speaks of it
    next_step: str = ""
    cost: float
    numbers: Mapping[str, Raw] = field(default_factory=dict)
    records: Records | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unseen:
    """What the export cannot show, why, and what would show it."""

    measure: str  # its name on the board
    title: str
    reason: str
    remedy: str
