"""Commitments and pace: what each side has done, over the straight line to date.

Amounts are owed pro rata by days over the versions in force; a cycle is counted by the rules of the version that
governed the day it was delivered. Shares have no straight line: their pace is the share over the share promised.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from handfast.calendar import Calendar
from handfast.commitment.owed import Promise, owed_by, spans
from handfast.contract.model import ClockName, Contract, PartyName
from handfast.contract.versions import History
from handfast.instant import NEVER, Instant
from handfast.measure.attempts import tried
from handfast.measure.columns import CycleColumns, Instants
from handfast.measure.columns import as_of as standing_at
from handfast.measure.in_time import in_time
from handfast.measure.question import Mask, Question, Stream
from handfast.measure.sourcing import sourced_by
from handfast.measure.value import Kind, Period, Ratio, Rows, rows


class Flag(StrEnum):
    """Where a commitment stands against its line. Both too little and too much are said."""

    BEHIND = "behind"  # under the line, or under the share promised
    ON_PACE = "on_pace"  # from the line to a tenth above it; a share at what was promised or better
    AHEAD = "ahead"  # more than a tenth above the line: over-delivery
    OVER = "over"  # above what was agreed to be the most
    NONE = "none"  # nothing to say yet


TOLERANCE = Fraction(1, 10)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Standing:
    """One commitment. Amounts in pieces or in whole units of the currency, exact; shares of 1."""

    name: str
    party: PartyName
    clause: str
    promised: Fraction  # for the whole period; of a share the share itself
    to_date: Fraction  # of the straight line; of a share the share itself
    actual: Fraction | None  # None: a share of nothing
    records: Rows  # what was done
    out_of: Rows | None = None  # of a share, its denominator
    beside: Ratio | None = None  # the same share with excused ones counted the other way
    most: bool = False  # a ceiling, not a floor

    @property
    def pace(self) -> Fraction | None:
        """Actual ÷ straight line to date; None where nothing is due yet."""
        return None if self.actual is None or not self.to_date else self.actual / self.to_date

    @property
    def flag(self) -> Flag:
        """Behind, on pace, ahead or over."""
        if self.most and self.actual is not None and self.actual > self.promised:
            return Flag.OVER
        if self.pace is None:
            return Flag.NONE
        if self.most or self.out_of is not None:
            return Flag.ON_PACE if self.most or self.pace >= 1 else Flag.BEHIND
        return Flag.BEHIND if self.pace < 1 else Flag.AHEAD if self.pace > 1 + TOLERANCE else Flag.ON_PACE


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Whose commitments, for which period, as of which instant. Only live cycles count, unless asked otherwise."""

    columns: CycleColumns
    history: History
    period: Period
    as_of: Instant
    calendars: Mapping[str, Calendar] = field(default_factory=dict)
    stream: Stream = Stream.LIVE

    @property
    def zone(self) -> str:
        """That of the newest version: periods are cut in it."""
        return self.history.versions[-1].sealed.contract.zone

    @cached_property
    def parts(self) -> tuple[tuple[Contract, Instant, Instant], ...]:
        """The versions of the period with their instants."""
        return tuple(spans(self.history, self.period, self.zone))

    @cached_property
    def question(self) -> Question:
        """The cycles of the period as they stand."""
        return Question(
            columns=standing_at(self.columns, self.as_of),
            contract=self.history.versions[-1].sealed.contract,
            as_of=self.as_of,
            period=self.period,
            stream=self.stream,
            calendars=self.calendars,
        )

    def under(self, first: Instant, last: Instant, at: Instants) -> Mask:
        """The cycles of the stream that came to a stage between two instants."""
        found: Mask = (at >= first) & (at < last) & (at != NEVER) & self.question.of_stream
        return found


def standings(asked: Asked) -> tuple[Standing, ...]:
    """Every commitment that a version of the period makes, marketing's first.

    Raises OutsideCalendar for a period after the end of a version's seal.
    """
    found = (_mql(asked), _at_most(asked), _pipeline(asked), _first_touch(asked), _worked(asked), _attempts(asked))
    return tuple(one for one in found if one is not None)


def _amount(asked: Asked, name: str, promise: Promise, done: Fraction, records: Rows) -> Standing | None:
    promised = owed_by(asked.history, promise, asked.period, asked.period.last, asked.zone)
    to_date = owed_by(asked.history, promise, asked.period, asked.as_of, asked.zone)
    if promised is None or to_date is None:
        return None
    return Standing(
        name=name,
        party=PartyName.MARKETING,
        clause=f"commitments.marketing.{name}",
        promised=promised,
        to_date=to_date,
        actual=done,
        records=records,
        most=name == "at_most",
    )


def _delivered(asked: Asked) -> Rows:
    """Delivered in the period; of a version that says ``icp: required``, those that met the ICP."""
    question = asked.question
    found = np.zeros(len(question.columns), np.bool_)
    for contract, first, last in asked.parts:
        mine = asked.under(first, last, question.columns.qualified_at)
        found |= mine & (question.columns.icp == 1) if contract.marketing.icp_required else mine
    return rows(found)


def _mql(asked: Asked) -> Standing | None:
    records = _delivered(asked)
    return _amount(asked, "mql", lambda contract: contract.marketing.mql, Fraction(records.count), records)


def _at_most(asked: Asked) -> Standing | None:
    records = _delivered(asked)
    return _amount(asked, "at_most", lambda contract: contract.marketing.at_most, Fraction(records.count), records)


def _pipeline(asked: Asked) -> Standing | None:
    deals = asked.question.columns.opportunities
    if deals is None:
        return None
    mask = sourced_by(deals, "marketing") & asked.question.inside(deals.opened_at)
    done = Fraction(int(deals.amount[mask].sum()), 100)
    return _amount(
        asked, "sourced_pipeline", lambda contract: contract.marketing.sourced_pipeline, done, rows(mask, Kind.DEAL)
    )


def _share(
    asked: Asked,
    name: str,
    stage: str,
    agreed: Callable[[Contract], Decimal | None],
    judged: Callable[[Contract], tuple[Mask, Mask]],
) -> Standing | None:
    """A share of sales. Where versions promise different shares, each cycle brings that of its own version."""
    at, count = asked.question.columns.at(stage), len(asked.question.columns)
    top, bottom, wanted = np.zeros(count, np.bool_), np.zeros(count, np.bool_), Fraction(0)
    shares = [(share, part) for part in asked.parts if (share := agreed(part[0])) is not None]
    if not shares:
        return None
    for share, (contract, first, last) in shares:
        kept, counted = judged(contract)
        mine = counted & asked.under(first, last, at)
        wanted += Fraction(share) * int(np.count_nonzero(mine))
        top, bottom = top | (mine & kept), bottom | mine
    done, out_of = rows(top), rows(bottom)
    promised = wanted / out_of.count if out_of.count else Fraction(shares[-1][0])
    return Standing(
        name=name,
        party=PartyName.SALES,
        clause=f"commitments.sales.{name}",
        promised=promised,
        to_date=promised,
        actual=Fraction(done.count, out_of.count) if out_of.count else None,
        records=done,
        out_of=out_of,
    )


def _first_touch(asked: Asked) -> Standing | None:
    question = asked.question
    kept: NDArray[np.int8] = in_time(question, ClockName.FIRST_TOUCH)
    forgiven = question.columns.excused & (kept == 0)

    def counted(*, leave_out: bool) -> Mask:
        found: Mask = question.delivered & (kept >= 0)
        return found & ~forgiven if leave_out else found

    def as_agreed(contract: Contract) -> tuple[Mask, Mask]:
        return kept == 1, counted(leave_out=contract.sales.excused_left_out)

    def other_way(contract: Contract) -> tuple[Mask, Mask]:
        return kept == 1, counted(leave_out=not contract.sales.excused_left_out)

    binding, beside = (
        _share(asked, "first_touch", "qualified", lambda contract: contract.sales.first_touch, judged)
        for judged in (as_agreed, other_way)
    )
    if binding is None or beside is None or beside.out_of is None:
        return binding
    return replace(binding, beside=Ratio(numerator=beside.records, denominator=beside.out_of))


def _worked(asked: Asked) -> Standing | None:
    question, due = asked.question, asked.question.columns.decision_due_at
    done = question.touched | question.accepted | question.rejected | question.columns.happened("contested")
    over = (due != NEVER) & (due <= question.as_of)
    counted = question.delivered & over & (done | ~question.withdrawn)
    return _share(asked, "worked", "qualified", lambda contract: contract.sales.worked, lambda _: (done, counted))


def _attempts(asked: Asked) -> Standing | None:
    """All accepted leads that nobody reached were tried as often as agreed: 100 % of them."""
    if asked.question.columns.touches is None:
        return None

    def judged(contract: Contract) -> tuple[Mask, Mask]:
        terms = contract.sales.attempts
        nobody = np.zeros(len(asked.question.columns), np.bool_)
        if terms is None:
            return nobody, nobody
        found = tried(asked.question, terms)
        return found.attempts >= terms.count, found.counted

    return _share(
        asked, "attempts", "accepted", lambda contract: None if contract.sales.attempts is None else Decimal(1), judged
    )
