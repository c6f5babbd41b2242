"""What truly happened to each made-up prospect, drawn from a seed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np

from handfast.simulate import people

FIRST_DAY = datetime(2026, 1, 5, tzinfo=UTC)
DAYS = 300
TAKEN_AT = FIRST_DAY + timedelta(days=DAYS + 15)
"""When the made-up export is taken: what would happen later has not happened in it."""
# Forms are filled in all day, most in office hours; share of arrivals by UTC hour.
BY_HOUR = np.array([1, 1, 1, 1, 1, 2, 4, 7, 9, 10, 10, 9, 8, 9, 9, 8, 7, 5, 4, 4, 4, 3, 2, 1], dtype=float)
BY_WEEKDAY = np.array([1.1, 1.15, 1.1, 1.05, 0.95, 0.35, 0.3])


@dataclass(slots=True, kw_only=True)
class Prospect:
    """One person and everything that happened; ``None`` where it did not."""

    number: int
    first_name: str
    last_name: str
    title: str
    company: str
    domain: str
    industry: str
    employees: int
    country: str
    source: str
    created_at: datetime
    demo_asked_at: datetime | None = None
    pricing_viewed_at: tuple[datetime, ...] = ()
    mql_at: datetime | None = None
    rep: str = ""
    touched_at: tuple[datetime, ...] = ()
    reached: bool = False
    rejected_as: str = ""
    sql_at: datetime | None = None
    deal_at: datetime | None = None
    closed_at: datetime | None = None
    won: bool = False
    amount: int = 0

    @property
    def email(self) -> str:
        """An address nobody has."""
        return f"{self.first_name}.{self.last_name}{self.number}@{self.domain}".lower()

    @property
    def is_right(self) -> bool:
        """True when industry, size and role are those of a good customer."""
        return self.industry in people.TARGET_INDUSTRIES and 50 <= self.employees <= 1000


def draw_prospects(seed: int, count: int) -> list[Prospect]:
    """Draw ``count`` prospects over 300 days; the same seed gives the same people."""
    draw = np.random.default_rng(seed)
    arrivals = _arrivals(draw, count)
    prospects = [_person(draw, number, at) for number, at in enumerate(arrivals, start=1001)]
    for prospect in prospects:
        _behave(draw, prospect)
        if prospect.mql_at:
            _hand_off(draw, prospect, prospect.mql_at)
        _cut(prospect)
    return prospects


def _cut(prospect: Prospect) -> None:
    """Take back what happened after the export was taken."""
    prospect.pricing_viewed_at = tuple(at for at in prospect.pricing_viewed_at if at <= TAKEN_AT)
    touches = len(prospect.touched_at)
    prospect.touched_at = tuple(at for at in prospect.touched_at if at <= TAKEN_AT)
    if len(prospect.touched_at) < touches:  # whatever the calls led to came after the last of them
        prospect.reached, prospect.rejected_as = False, ""
    for name in ("demo_asked_at", "mql_at", "sql_at", "deal_at", "closed_at"):
        at = getattr(prospect, name)
        if at and at > TAKEN_AT:
            setattr(prospect, name, None)
    prospect.won = prospect.won and prospect.closed_at is not None


def _arrivals(draw: np.random.Generator, count: int) -> list[datetime]:
    weekday = np.array([BY_WEEKDAY[(FIRST_DAY + timedelta(days=day)).weekday()] for day in range(DAYS)])
    days = draw.choice(DAYS, size=count, p=weekday / weekday.sum())
    hours = draw.choice(24, size=count, p=BY_HOUR / BY_HOUR.sum())
    seconds = draw.integers(0, 3600, size=count)
    return sorted(
        FIRST_DAY + timedelta(days=int(d), hours=int(h), seconds=int(s))
        for d, h, s in zip(days, hours, seconds, strict=True)
    )


def _pick(draw: np.random.Generator, words: tuple[str, ...]) -> str:
    return words[int(draw.integers(len(words)))]


def _person(draw: np.random.Generator, number: int, at: datetime) -> Prospect:
    source = people.SOURCES[int(draw.choice(len(people.SOURCES), p=[s.share for s in people.SOURCES]))]
    right = bool(draw.random() < source.quality)
    stem, tail = _pick(draw, people.COMPANY_STEMS), _pick(draw, people.COMPANY_TAILS)
    free_mail = not right and draw.random() < 0.3
    return Prospect(
        number=number,
        first_name=_pick(draw, people.FIRST_NAMES),
        last_name=_pick(draw, people.LAST_NAMES),
        title=_pick(draw, tuple(sorted(people.DECIDERS)) if right and draw.random() < 0.6 else people.TITLES),
        company=f"{stem}{tail} GmbH",
        domain="freemail.example" if free_mail else f"{stem}{tail}{number % 40}.example".lower(),
        industry=_pick(draw, people.INDUSTRIES[:2] if right else people.INDUSTRIES),
        employees=int(draw.integers(50, 900)) if right else int(np.exp(draw.normal(3.2, 1.6))) + 1,
        country=_pick(draw, people.COUNTRIES[:3] if draw.random() < 0.6 else people.COUNTRIES),
        source=source.name,
        created_at=at,
    )


def _behave(draw: np.random.Generator, prospect: Prospect) -> None:
    """Page views and demo requests; marketing calls a lead qualified by a looser rule than the contract's."""
    intent = next(source.intent for source in people.SOURCES if source.name == prospect.source)
    views = int(draw.poisson(1.9 if prospect.is_right else 0.6))
    start = prospect.created_at
    prospect.pricing_viewed_at = tuple(start + timedelta(hours=float(draw.exponential(60))) for _ in range(views))
    if draw.random() < intent:
        prospect.demo_asked_at = start + timedelta(minutes=float(draw.exponential(90)))
        prospect.mql_at = prospect.demo_asked_at + timedelta(minutes=1)
    elif views >= 2:
        prospect.mql_at = sorted(prospect.pricing_viewed_at)[1] + timedelta(minutes=1)


def _working_hours_later(at: datetime, hours: float) -> datetime:
    """That many office hours (Mon–Fri 08–16 UTC) later, minute by minute enough for a demonstration."""
    minutes = hours * 60
    moment = at
    while True:
        opens = moment.replace(hour=8, minute=0, second=0, microsecond=0)
        closes = opens + timedelta(hours=8)
        if moment.weekday() < 5 and moment < closes:
            moment = max(moment, opens)
            room = (closes - moment).total_seconds() / 60
            if minutes <= room:
                return moment + timedelta(minutes=minutes)
            minutes -= room
        moment = (opens + timedelta(days=1)).replace(hour=0)


def _hand_off(draw: np.random.Generator, prospect: Prospect, mql_at: datetime) -> None:
    """What the rep did: called soon, late or never; declined, or went on to a deal."""
    rep = people.REPS[int(draw.integers(len(people.REPS)))]
    prospect.rep = rep.name
    late_friday = mql_at.weekday() == 4 and mql_at.hour >= 13
    if draw.random() < rep.forgets * (2.2 if late_friday else 1.0):
        return
    hours = float(np.exp(draw.normal(np.log(rep.median_hours), rep.spread)))
    first = _working_hours_later(mql_at, hours)
    prospect.touched_at = tuple(
        _working_hours_later(first, 9.0 * turn + float(draw.exponential(3))) if turn else first
        for turn in range(1 + int(draw.integers(0, 5)))
    )
    if not prospect.is_right and draw.random() < 0.62:
        prospect.rejected_as = "Too small" if prospect.employees < 50 else "Wrong industry"
        return
    # The odds of reaching somebody fall with every hour of waiting.
    prospect.reached = bool(draw.random() < 0.82 / (1 + hours / 9))
    if not prospect.reached:
        prospect.rejected_as = "Unreachable" if len(prospect.touched_at) >= 4 else ""
        return
    _sell(draw, prospect, first)


def _sell(draw: np.random.Generator, prospect: Prospect, first: datetime) -> None:
    if draw.random() < (0.72 if prospect.is_right else 0.3):
        prospect.sql_at = _working_hours_later(first, 8 + float(draw.exponential(24)))
    if not prospect.sql_at or draw.random() > 0.7:
        return
    prospect.deal_at = prospect.sql_at + timedelta(hours=float(draw.exponential(40)))
    prospect.amount = int(draw.lognormal(10.0, 0.45))
    if draw.random() < 0.78:
        prospect.closed_at = prospect.deal_at + timedelta(days=float(draw.gamma(3, 13)))
        prospect.won = bool(draw.random() < (0.4 if prospect.is_right else 0.15))
