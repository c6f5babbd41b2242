"""What is asked about measures, and what is answered."""

from __future__ import annotations

from typing import Annotated, Any

from ninja import Path, Schema
from pydantic import Field

from handfast.measure.question import Stream
from handfast_server.api.fields import MomentOut

NamePath = Annotated[str, Path(min_length=1, max_length=100, pattern=r"^[a-z0-9_]+$", examples=["acceptance_rate"])]


PeriodPath = Annotated[str, Path(min_length=4, max_length=7, pattern=r"^[0-9]{4}(-Q[1-4]|-[0-9]{2})?$")]


class Asking(Schema):
    """Of which cycles, for which period, as of when."""

    period: str = Field(
        default="",
        max_length=7,
        pattern=r"^([0-9]{4}(-Q[1-4]|-[0-9]{2})?)?$",
        description="2027, 2027-Q1 or 2027-01, cut in the contract's zone; all there is when left out.",
        examples=["2027-Q1"],
    )
    stream: Stream = Stream.BOTH
    as_of: str = Field(
        default="",
        max_length=40,
        description="An instant with an offset; that of the snapshot when left out. What is later has not happened.",
        examples=[""],
    )


class Snapshot(Schema):
    """What the numbers are of."""

    generation: int
    at: str
    age_seconds: int


class PeriodOut(Schema):
    """A half-open span in the contract's zone."""

    label: str
    first: str
    last: str


class Head(Schema):
    """What every answer begins with."""

    contract: str
    version: int
    zone: str
    currency: str
    period: PeriodOut | None
    as_of: str
    stream: Stream
    mixed: bool
    cycles: int
    snapshot: Snapshot


class Measures(Head):
    """Every measure: definition, figure, target, verdict, flow. Instants and spans are microseconds."""

    measures: list[dict[str, Any]]


class OneMeasure(Head):
    """One measure, told apart where that was asked for."""

    measure: dict[str, Any]


class RecordOut(Schema):
    """A record behind a number. ``href`` is where its lead is told of."""

    kind: str
    id: str
    cycle: str
    lead: str
    href: str


class Records(Head):
    """A page of the records, what decides whether something is one, and where the next page begins; None at the end."""

    measure: str
    formula: str
    clause: str
    records_of: str
    part: str
    count: int
    items: list[RecordOut]
    next: int | None


class Which(Schema):
    """Which records of a measure."""

    part: str = Field(default="", max_length=200, description="numerator, denominator, ended …; the first by default.")
    split: str = Field(default="", max_length=100, examples=["owner"])
    word: str = Field(default="", max_length=200, description="Of the split; empty for the unknown.")


class Paging(Schema):
    """How many records, from which on: rows may move between two generations of the snapshot."""

    limit: int = Field(default=100, ge=1, le=1_000)
    begin: int = Field(default=0, ge=0, le=2**31 - 1)


class Conservation(Schema):
    """Counted from rows, now. ``unaccounted`` is 0, or an alarm."""

    delivered: int
    waiting: int
    contested: int
    accepted: int
    rejected: int
    withdrawn: int
    unaccounted: int


class Commitments(Head):
    """Every commitment of a period with its pace, and what both sides have at stake. Exact numbers are texts."""

    standings: list[dict[str, Any]]
    stakes: list[dict[str, Any]]


class StatementRow(Schema):
    """A closed period."""

    period: str
    digest: str
    closed_at: MomentOut
    closed_by: str


class StatementOut(Schema):
    """A closed period as it was, and what became known since: adjustments, which change nothing in it."""

    statement: dict[str, Any]
    adjustments: list[dict[str, Any]]


class PlanOut(Head):
    """The plan, with the rates as they were measured."""

    plan: dict[str, Any]
