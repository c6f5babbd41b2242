"""What leads do, as columns: visits, downloads, forms. Millions of them, none of them an object."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from handfast.condition import Value
from handfast.facts import ActivityHappened
from handfast.instant import DAY, HOUR, MINUTE, SECOND
from handfast.simulate.market import Flags, People
from handfast.simulate.plan import TeamPlan
from handfast.simulate.stream import EXPONENTIAL, HEAVY, Concern, Stream, Whole
from handfast.simulate.year import Year


class Pattern(NamedTuple):
    """One of the things that leads do, and how often those who are or claim to be right and the others do it."""

    kind: str
    properties: Mapping[str, Value]
    right: int
    other: int

    @property
    def page(self) -> str:
        """The page's address; empty for what is not done on a page."""
        return f"https://acme.example{self.properties['path']}" if "path" in self.properties else ""


def _page(path: str, right: int, other: int) -> Pattern:
    return Pattern("page_viewed", {"path": path}, right, other)


PATTERNS = (
    _page("/", 2200, 3000),
    _page("/blog/handoffs", 1200, 1600),
    _page("/blog/scoring", 1000, 1300),
    _page("/product", 1200, 600),
    _page("/customers", 600, 250),
    _page("/pricing", 44, 9),
    _page("/pricing/teams", 20, 2),
    _page("/careers", 30, 120),
    Pattern("email_opened", {"campaign": "weekly"}, 2000, 2200),
    Pattern("email_clicked", {"campaign": "weekly"}, 500, 350),
    Pattern("content_downloaded", {"content": "buyers-guide"}, 150, 180),
    Pattern("webinar_attended", {"name": "The handoff"}, 90, 30),
    Pattern("form_submitted", {"form": "newsletter"}, 60, 60),
    Pattern("form_submitted", {"form": "demo"}, 0, 0),
)
DEMO = len(PATTERNS) - 1
FIRST_VISIT = 4 * HOUR
"""What is done on the day of arrival is done within so long."""

INTEREST = 45 * DAY
"""How long leads keep coming back, in the mean."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Acts:
    """One row an activity, in the order in which they were learned; ``record`` is a row of the people."""

    record: Whole
    pattern: Whole
    happened_at: Whole
    recorded_at: Whole

    def __len__(self) -> int:
        """How many."""
        return len(self.record)

    def fact(self, row: int, lead: str) -> ActivityHappened:
        """A row as the fact that it is."""
        pattern = PATTERNS[int(self.pattern[row])]
        return ActivityHappened(
            id=f"act{row}",
            lead=lead,
            happened_at=int(self.happened_at[row]),
            recorded_at=int(self.recorded_at[row]),
            kind=pattern.kind,
            properties=pattern.properties,
        )


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Rows of activities by who did them, each one's in the order in which they were learned."""

    order: Whole
    starts: Whole

    @classmethod
    def of(cls, who: Whole, count: int) -> Rows:
        """Sort once; ``who`` did each, of so many."""
        order = np.argsort(who, kind="stable")
        return cls(order, np.searchsorted(who[order], np.arange(count + 1)))

    def by(self, one: int) -> list[int]:
        """What one did."""
        rows: list[int] = self.order[self.starts[one] : self.starts[one + 1]].tolist()
        return rows


def draw_acts(seed: int, plan: TeamPlan, year: Year, people: People) -> Acts:
    """Everything that leads do until the year is over."""
    chance = Stream(seed, Concern.ACT)
    count = len(people)
    times = (chance.shaped(HEAVY, count) * plan.acts * np.where(people.right, 1200, 960)) // 1_000_000
    record = np.repeat(np.arange(count), times)
    keen = (people.right | people.claims)[record]
    pattern = np.where(keen, _patterns(chance, len(record), keen=True), _patterns(chance, len(record), keen=False))
    happened = _moments(chance, year, people, record)
    asked = np.flatnonzero(_asks(chance, plan, people))
    asked_at = people.created_at[asked] + MINUTE + chance.shaped(EXPONENTIAL, len(asked)) * (3 * HOUR // 1000)
    # Whole seconds, as web servers log them.
    record, pattern = np.concatenate([record, asked]), np.concatenate([pattern, np.full(len(asked), DEMO)])
    happened = np.concatenate([happened, asked_at]) // SECOND * SECOND
    return _learned(seed, plan, year, record, pattern, happened)


def _patterns(chance: Stream, count: int, *, keen: bool) -> Whole:
    return chance.pick([each.right if keen else each.other for each in PATTERNS], count)


def _moments(chance: Stream, year: Year, people: People, record: Whole) -> Whole:
    """Instants after arrival: soon on the first day, at the hours of the day later."""
    created = people.created_at[record]
    away = chance.shaped(EXPONENTIAL, len(record)) * (INTEREST // 1000) // DAY
    day = np.minimum(year.day_of(created) + away, year.days - 1)
    soon = created + SECOND + chance.below(FIRST_VISIT // SECOND, len(record)) * SECOND
    return np.where(away == 0, soon, np.maximum(year.moments(chance, day), soon))


def _asks(chance: Stream, plan: TeamPlan, people: People) -> Flags:
    likely = np.array([each.asks for each in plan.sources])[people.source]
    return chance.happens(
        likely * np.where(people.right, 1600, np.where(people.claims, 1100, 500)) // 1000, len(people)
    )


def _learned(seed: int, plan: TeamPlan, year: Year, record: Whole, pattern: Whole, happened: Whole) -> Acts:
    """In order of when they were learned; what the year does not see any more falls away."""
    chance, count = Stream(seed, Concern.LATE), len(record)
    late = chance.happens(plan.dirt.late_acts, count)
    recorded = happened + np.where(late, HOUR + chance.below(29 * 60, count) * MINUTE, 0)
    order = np.argsort(recorded, kind="stable")
    order = order[recorded[order] < year.last]
    return Acts(
        record=record[order],
        pattern=pattern[order],
        happened_at=happened[order],
        recorded_at=recorded[order],
    )
