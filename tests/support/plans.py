"""Contracts and cycles made by hand for tests of the plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray
from tests.support.audits import Group, cycles

from handfast.clock import calendars_between
from handfast.contract.load import load
from handfast.contract.model import Contract
from handfast.instant import DAY, HOUR, NEVER, Instant, parse_instant
from handfast.measure.columns import Coded, CycleColumns, as_of
from handfast.measure.question import Question
from handfast.plan import Measured, measured

START: Instant = parse_instant("2026-02-02T09:00:00Z")

STAGES = ("qualified", "accepted", "sql", "opportunity", "won", "lost", "rejected", "disqualified", "withdrawn")


@cache
def _loaded(text: str) -> Contract:
    found = load(text).contract
    assert found is not None, load(text).problems
    return found


def agreement(
    stages: Sequence[str] = ("mql", "sal", "opportunity", "won"),
    rates: Sequence[Decimal | str | None] = ("75%", "30%", "22%"),
    *,
    revenue: Mapping[str, object] | None = None,
    **changed: object,
) -> Contract:
    """A contract with this chain and these rates; None leaves a rate out."""
    targets = {
        f"{stage}_to_{following}": rate if isinstance(rate, str) else f"{rate * 100:f}%"
        for (stage, following), rate in zip(pairwise(stages), rates, strict=True)
        if rate is not None
    }
    document: dict[str, object] = {
        "handfast": 1,
        "contract": "page",
        "version": 1,
        "effective_from": "2027-01-01T00:00:00Z",
        "currency": "EUR",
        "parties": {side: {"name": side, "email": f"{side}@acme.example"} for side in ("marketing", "sales")},
        "definitions": {"mql": {"when": {"employees": {"at_least": 50}}}},
        "routing": {"to": "inbound"},
        "plan": {"stages": list(stages)},
        "targets": targets,
        "revenue": {"target": 2_000_000, "period": 2027, "average_deal": 25_000, "from_marketing": "60%"}
        if revenue is None
        else dict(revenue),
    } | changed
    return _loaded(yaml.safe_dump({name: value for name, value in document.items() if value}, sort_keys=False))


def rows(went: Sequence[Mapping[str, float]]) -> CycleColumns:
    """One cycle each: days after START by stage. ``qualified`` 0 where it is left out; ``None`` never."""

    def column(stage: str) -> NDArray[np.int64]:
        default = {"qualified": 0.0}
        found = [one.get(stage, default.get(stage)) for one in went]
        return np.array([NEVER if day is None else START + round(day * DAY) for day in found], np.int64)

    plain = cycles([Group(count=len(went))])
    changed: dict[str, Any] = {f"{stage}_at": column(stage) for stage in STAGES}
    inquiry = np.where(changed["qualified_at"] == NEVER, START, changed["qualified_at"]) - HOUR
    names = sorted({f"rep {place % 3}" for place in range(len(went))})
    owner = Coded(codes=np.array([place % 3 for place in range(len(went))], np.int32), words=tuple(names))
    return replace(plain, inquiry_at=inquiry, owner=owner, opportunities=None, drawn_at=None, **changed)


def asked(columns: CycleColumns, now_day: float, terms: Contract | None = None) -> Question:
    """A question about cycles as of so many days after START."""
    now, terms = START + round(now_day * DAY), terms or agreement()
    named = calendars_between(terms, START - 30 * DAY, START + 800 * DAY)
    calendars = {name: named[name] for name in terms.calendars}
    return Question(columns=as_of(columns, now), contract=terms, as_of=now, calendars=calendars)


def evidence(columns: CycleColumns, now_day: float, terms: Contract | None = None) -> Measured:
    """What is measured of cycles as of so many days after START."""
    return measured(asked(columns, now_day, terms), "cycles.csv")


__all__ = ["START", "agreement", "asked", "evidence", "rows"]
