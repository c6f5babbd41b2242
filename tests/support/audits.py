"""Audits made by hand for tests of findings and of the report: what is true of them is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from handfast.audit.audit import Audit
from handfast.audit.export import (
    ActivityColumns,
    AssignmentColumns,
    DealColumns,
    Export,
    SourceFile,
    TouchColumns,
)
from handfast.audit.findings import find
from handfast.audit.judge import Judged, Origin
from handfast.audit.judge.bar import Bar
from handfast.calendar import Calendar
from handfast.clock import calendars_between
from handfast.contract import load
from handfast.contract.model import Contract
from handfast.instant import DAY, HOUR, MINUTE, NEVER, Instant, Span, parse_instant
from handfast.measure import Board, board
from handfast.measure.columns import Coded, CycleColumns, Opportunities
from handfast.measure.cross import table_of
from handfast.measure.value import Table, rows

START = parse_instant("2026-01-07T10:00:00+01:00")
NOW = parse_instant("2026-11-02T09:00:00+01:00")


@cache
def contract() -> Contract:
    """A contract of 2026: four business hours, 90 % of the time; 75 % accepted."""
    found = load((Path(__file__).parent / "demo-contract.yaml").read_bytes()).contract
    assert found is not None
    return found


@dataclass(frozen=True, kw_only=True)
class Group:
    """Some cycles that went alike. ``waited`` None: never touched. A stage is reached by the first so many."""

    count: int
    source: str = "organic_search"
    owner: str = "lena"
    delivered: bool = True
    waited: Span | None = HOUR  # from qualified to first touch, from 10:00 on a Wednesday on
    accepted: bool = False
    rejected: str = ""  # the reason
    opportunity: bool = False
    won: bool = False
    lost: bool = False
    turns: int = 1
    stated: int = -1
    icp: int = 1
    first: Instant = START
    every: Span = 7 * DAY  # one cycle a week, always on the same weekday and hour; wraps after ``weeks``
    weeks: int = 36


def coded(words: Sequence[str]) -> Coded:
    """A column of words; the empty word is unknown."""
    known = tuple(dict.fromkeys(word for word in words if word))
    place = {word: code for code, word in enumerate(known)}
    return Coded(codes=np.array([place.get(word, -1) for word in words], np.int32), words=known)


def cycles(groups: Sequence[Group], absent: dict[str, str] | None = None) -> CycleColumns:
    """One row a cycle, groups one after the other."""
    rows = [(group, place) for group in groups for place in range(group.count)]

    def instants(of: object) -> NDArray[np.int64]:
        return np.array([of(group, place) for group, place in rows], np.int64)  # type: ignore[operator]  # a lambda

    def began(group: Group, place: int) -> Instant:
        return group.first + (place % group.weeks) * group.every

    def after(span: Span, attribute: str) -> NDArray[np.int64]:
        return instants(lambda g, p: began(g, p) + span if getattr(g, attribute) else NEVER)

    qualified = after(0, "delivered")
    touched = instants(lambda g, p: began(g, p) + g.waited if g.delivered and g.waited is not None else NEVER)
    opportunity, won = after(12 * DAY, "opportunity"), after(40 * DAY, "won")
    deal = np.flatnonzero(opportunity != NEVER)
    return CycleColumns(
        key=[f"L-{row:05}" for row in range(len(rows))],
        inquiry_at=instants(lambda g, p: began(g, p) - HOUR),
        raised_at=qualified,
        qualified_at=qualified,
        accepted_at=after(DAY, "accepted"),
        contested_at=np.full(len(rows), NEVER, np.int64),
        rejected_at=after(DAY, "rejected"),
        sql_at=np.full(len(rows), NEVER, np.int64),
        opportunity_at=opportunity,
        won_at=won,
        lost_at=after(40 * DAY, "lost"),
        disqualified_at=np.full(len(rows), NEVER, np.int64),
        withdrawn_at=np.full(len(rows), NEVER, np.int64),
        first_touch_at=touched,
        first_touch_due_at=np.where(qualified == NEVER, NEVER, qualified + 4 * HOUR),
        decision_due_at=np.where(qualified == NEVER, NEVER, qualified + DAY),
        attempts=np.where(touched == NEVER, 0, 1).astype(np.int32),
        hand_raised=np.zeros(len(rows), np.bool_),
        icp=np.array([group.icp for group, _ in rows], np.int8),
        history=np.ones(len(rows), np.bool_),
        amount=np.zeros(len(rows), np.int64),
        turns=np.array([group.turns for group, _ in rows], np.int32),
        stated_in_time=np.array([group.stated for group, _ in rows], np.int8),
        source=coded([group.source for group, _ in rows]),
        campaign=coded(["" for _ in rows]),
        owner=coded([group.owner for group, _ in rows]),
        pool=coded(["" for _ in rows]),
        band=coded(["" for _ in rows]),
        segment=coded(["" for _ in rows]),
        reason=coded([group.rejected if group.rejected != "-" else "" for group, _ in rows]),
        opportunities=Opportunities(
            key=[f"D-{row:05}" for row in deal],
            cycle=deal.astype(np.int32),
            opened_at=opportunity[deal],
            closed_at=won[deal],
            won=np.where(won[deal] == NEVER, -1, 1).astype(np.int8),
            amount=np.full(len(deal), 2_400_000, np.int64),
            sourced=coded(["marketing"] * len(deal)),
        ),
        absent=absent or {},
        drawn_at=NOW,
    )


def measured(columns: CycleColumns, terms: Contract | None = None, now: Instant = NOW) -> Board:
    """The board of cycles, with the contract's calendars compiled for the year."""
    return board(columns, terms or contract(), None, now, calendars=calendars())


@cache
def calendars() -> dict[str, Calendar]:
    """The calendars of the contract, compiled for the year."""
    named = calendars_between(contract(), START - 60 * DAY, NOW + 60 * DAY)
    return {name: named[name] for name in contract().calendars}


def export_of(count: int, **changed: object) -> Export:
    """An export of so many leads of which only the file facts matter."""
    nothing, none = np.zeros(0, np.int32), np.zeros(0, np.int64)
    empty = Coded(codes=nothing, words=())
    plain = Export(
        files=[
            SourceFile(
                name="contacts.csv",
                recognised_as="HubSpot contacts",
                encoding="utf-8",
                delimiter=",",
                rows=count + 5,
                used=count,
                refused=3,
                duplicates=2,
                date_order="iso",
                columns={"Record ID": "key", "Create Date": "inquiry_at", "Original Source": "source"},
                unused=["Twitter handle", "Fax"],
            )
        ],
        key=[f"L-{row:05}" for row in range(count)],
        stage_at={},
        reached={},
        first_touch_at=none,
        attributes={},
        source=empty,
        campaign=empty,
        owner=empty,
        reason=empty,
        amount=none,
        stated_in_time=np.zeros(0, np.int8),
        stated_reassignments=nothing,
        activities=ActivityColumns(lead=nothing, at=none, kind=empty),
        touches=TouchColumns(
            lead=nothing, at=none, owner=empty, human=np.zeros(0, np.bool_), two_way=np.zeros(0, np.bool_)
        ),
        assignments=AssignmentColumns(lead=nothing, at=none, owner=empty),
        deals=DealColumns(
            lead=nothing, opened_at=none, closed_at=none, won=np.zeros(0, np.int8), amount=none, currency=empty
        ),
        refused_path="contacts.refused.csv",
    )
    return replace(plain, **changed)  # type: ignore[arg-type]  # keys are field names


def agreement_of(called_and_meets: int, called_only: int, meets_only: int, neither: int, unknown: int = 0) -> Table:
    """The export's MQL stage beside the contract's definition, by counts."""
    counted = [(0, 0, called_and_meets), (0, 1, called_only), (0, 2, unknown), (1, 0, meets_only), (1, 1, neither)]
    by_export = np.concatenate([np.full(count, row, np.int32) for row, _, count in counted])
    by_contract = np.concatenate([np.full(count, column, np.int32) for _, column, count in counted])
    everyone = np.ones(len(by_export), np.bool_)
    return table_of(
        ("export", Coded(codes=by_export, words=("qualified", "not qualified"))),
        ("contract", Coded(codes=by_contract, words=("qualified", "not qualified", "undetermined"))),
        counted=everyone,
        could=everyone,
    )


def judged_of(columns: CycleColumns, agreement: Table | None = None, **changed: object) -> Judged:
    """A judgement that took every stage from the export."""
    count = len(columns)
    delivered = columns.qualified_at != NEVER
    words = tuple(one.value for one in Origin)
    by = np.where(delivered, words.index(Origin.BY_EXPORT), words.index(Origin.NOT_DELIVERED)).astype(np.int32)
    nobody = rows(np.zeros(count, np.bool_))
    plain = Judged(
        columns=columns,
        calendars=calendars(),
        as_of=NOW,
        as_of_given=True,
        origin=Coded(codes=by, words=words),
        bar=Bar(
            at=columns.qualified_at,
            undetermined=np.zeros(count, np.bool_),
            asked_at=np.full(count, NEVER, np.int64),
            held_by=coded([""] * count),
        ),
        agreement=agreement,
        inferred={},
        undated={},
        touched_only_before=nobody,
        accepted_by_contact=nobody,
        read_as_disqualified=nobody,
        read_as_rejected=nobody,
        held=nobody,
        future=0,
        reasons={"Too small!": "too_small"},
        reasons_raw=(),
        unread=(),
        assumed=("Dates without a zone were read in Europe/Berlin, the contract's zone.",),
    )
    return replace(plain, **changed)  # type: ignore[arg-type]  # keys are field names


def audit_of(
    columns: CycleColumns,
    terms: Contract | None = None,
    *,
    agreement: Table | None = None,
    export: Export | None = None,
    **changed: object,
) -> Audit:
    """An audit of cycles made by hand; ``changed`` are fields of its judgement."""
    agreed = terms or contract()
    found = measured(columns, agreed)
    return Audit(
        contract=agreed,
        digest="9f2c" * 16,
        export=export_of(len(columns)) if export is None else export,
        judged=judged_of(columns, agreement, **changed),
        board=found,
        found=find(agreed, found, agreement),
    )


SOURCES = ("organic_search", "paid_search", "webinar", "referral", "social", "event")
OWNERS = ("Lena Vogt", "Sam Osei", "Priya Nair", "Jonas Meyer")
REASONS = ("too_small", "wrong_industry", "bad_timing", "no_budget", "junk_contact", "-")
FIVE_DAYS = 5


def lively(
    seed: int = 7, count: int = 4_100, sources: Sequence[str] = SOURCES, owners: Sequence[str] = OWNERS
) -> CycleColumns:
    """A year of a team with true-to-life leaks, drawn from a seed: for looking at."""
    draw = np.random.default_rng(seed)
    return cycles([_one(draw, sources, owners) for _ in range(count)])


def _one(draw: np.random.Generator, sources: Sequence[str], owners: Sequence[str]) -> Group:
    source = int(draw.choice(6, p=[0.3, 0.3, 0.08, 0.07, 0.2, 0.05]))
    owner = int(draw.choice(5, p=[0.28, 0.27, 0.22, 0.18, 0.05]))
    delivered = bool(draw.random() < (0.3, 0.28, 0.45, 0.4, 0.15, 0.35)[source])
    touched = delivered and owner < 4 and draw.random() > (0.1, 0.42, 0.2, 0.24)[owner]
    accepted = touched and bool(draw.random() < (0.75, 0.55, 0.85, 0.88, 0.6, 0.7)[source])
    rejected = touched and not accepted and bool(draw.random() < 0.8)
    weights = [0.5, 0.15, 0.12, 0.1, 0.05, 0.08] if source == 1 else [0.15, 0.3, 0.25, 0.15, 0.05, 0.1]
    opportunity = accepted and bool(draw.random() < 0.42)
    won = opportunity and bool(draw.random() < (0.3, 0.12, 0.5, 0.45, 0.15, 0.3)[source])
    return Group(
        count=1,
        source=sources[source],
        owner=owners[owner] if owner < 4 else "",
        delivered=delivered,
        waited=int(np.exp(draw.normal(np.log(HOUR * (2, 5, 3, 4, 6)[owner]), 1.4))) if touched else None,
        accepted=accepted,
        rejected=REASONS[int(draw.choice(6, p=weights))] if rejected else "",
        opportunity=opportunity,
        won=won,
        lost=opportunity and not won and bool(draw.random() < 0.7),
        turns=1 + int(draw.poisson(0.5)),
        stated=int(draw.random() < 0.7),
        icp=int(draw.random() < 0.7),
        first=_in_office(START + int(draw.integers(0, 240 * 24 * 60)) * MINUTE),
    )


def _in_office(at: Instant) -> Instant:
    """The same day or the Monday after, between nine and half past eleven."""
    day = at // DAY * DAY
    weekday = (day // DAY + 3) % 7  # the epoch was a Thursday
    return day + max(0, 7 - weekday if weekday >= FIVE_DAYS else 0) * DAY + 8 * HOUR + at % (150 * MINUTE)
