"""Leads and their stories, as they are answered."""

from __future__ import annotations

from typing import Any

from ninja import Schema
from pydantic import Field

from handfast.qualify import Band
from handfast_server.api.cycles import CycleRow, Score
from handfast_server.api.fields import AmountOut, MomentOut, Name


class LeadRow(Schema):
    """A lead as lists have it."""

    id: str
    name: str
    email: str
    company: str
    title: str
    phone: str
    account: str | None
    band: str
    score: Score
    created_at: MomentOut
    merged_into: str
    erased: bool


class LeadRows(Schema):
    """A page of leads, and the cursor to the next; empty at the end."""

    items: list[LeadRow]
    next: str


class LeadFilter(Schema):
    """Which leads; every filter narrows."""

    email: Name = Field(default="", description="An address, however it is spelled.")
    key_kind: str = Field(default="", max_length=60, pattern=r"^[^\x00]*$", description="With `key`: whose id it is.")
    key: str = Field(default="", max_length=320, pattern=r"^[^\x00]*$", description="An id of another system.")
    account: str = Field(default="", max_length=40, pattern=r"^[^\x00]*$")
    band: Band | None = None


class TransitionRow(Schema):
    """A change of a cycle."""

    id: str
    fact: str
    event: str
    before: str
    after: str
    by: str
    reason: str
    happened_at: MomentOut
    at: MomentOut


class AssignmentRow(Schema):
    """One owner's turn."""

    id: str
    rep: str
    pool: str
    way: str
    at: MomentOut
    ended_at: MomentOut | None
    end: str


class ClockRow(Schema):
    """A clock as it is now, and why it is due when it is."""

    id: str
    name: str
    assignment: str
    state: str
    rep: str
    calendar: str
    started_at: MomentOut
    due_at: MomentOut | None
    stopped_at: MomentOut | None
    breached_at: MomentOut | None
    recorded_late: bool
    why: dict[str, Any] | None


class ClockChangeRow(Schema):
    """A change of a clock; a breach is stamped with when it was due."""

    id: str
    clock: str
    change: str
    at: MomentOut
    recorded_at: MomentOut


class BreachRow(Schema):
    """What is said about a breach."""

    clock: str
    cycle: str
    lead: str
    name: str
    rep: str
    at: MomentOut
    proposed: str
    cause: str
    excused: str
    in_time: bool


class DealRow(Schema):
    """A deal that the lead is on."""

    id: str
    lead: str
    cycle: str
    state: str
    opened_at: MomentOut
    amount: AmountOut | None
    currency: str


class CycleStory(CycleRow):
    """A cycle with everything that was decided about it."""

    attempts: list[MomentOut]
    inferred: list[str]
    transitions: list[TransitionRow]
    assignments: list[AssignmentRow]
    clocks: list[ClockRow]
    clock_changes: list[ClockChangeRow]
    breaches: list[BreachRow]


class Explained(Schema):
    """The trace that was written while a fact was decided: the clauses, what was asked of each, what was found."""

    fact: str
    cycle: str
    at: MomentOut
    trace: list[dict[str, Any]]


class Story(Schema):
    """Everything known of a lead. ``score`` and ``judgement`` are made now; explanations were written then."""

    lead: LeadRow
    known: dict[str, Any]
    cool_until: MomentOut | None
    score: dict[str, Any] | None
    judgement: dict[str, Any] | None
    cycles: list[CycleStory]
    deals: list[DealRow]
    explanations: list[Explained]


class FactRow(Schema):
    """One fact as it was told. ``refused`` is the code when it was."""

    name: str
    kind: str
    happened_at: MomentOut
    recorded_at: MomentOut
    refused: str
    fact: dict[str, Any]


class FactRows(Schema):
    """A page of facts, and the cursor to the next; empty at the end."""

    items: list[FactRow]
    next: str


class ActivityRow(Schema):
    """Something the lead did."""

    position: int
    happened_at: MomentOut
    kind: str
    properties: dict[str, Any]
    loaded: bool


class ActivityRows(Schema):
    """A page of activities, and the cursor to the next; empty at the end."""

    items: list[ActivityRow]
    next: str
