"""Promises in time that were broken: which, by whom, why, and how late the answer came."""

from __future__ import annotations

from collections import ChainMap

import numpy as np

from handfast.instant import NEVER
from handfast.measure.build import Entry, Ground, Shares, count_measure, share_measure
from handfast.measure.coded import OfRows
from handfast.measure.duration import HOURS, Watch, duration_measure
from handfast.measure.question import Mask, Question
from handfast.measure.reached import chosen
from handfast.measure.tables import Clocks
from handfast.measure.value import Definition, Kind, Measure, Target, Unit, View

_BROKEN = "a clock is breached when its due passed before what it promised happened, and before it was cancelled"


def _defined(name: str, title: str, formula: str, unit: Unit, records: str) -> Definition:
    return Definition(
        name=name,
        family="breach",
        title=title,
        formula=formula,
        unit=unit,
        records=f"{records}; {_BROKEN}",
        clause="clocks",
        target="0" if name == "breaches" else "",
        view=View.ACTIVITY,
        dated_by="due",
        needs=("clocks",),
    )


BREACHES = _defined(
    "breaches", "SLA breaches", "count of clocks that passed their due", Unit.CLOCKS, "breached clocks, by due"
)
BREACH_RATE = _defined("breach_rate", "Breached of due", "breached ÷ clocks due", Unit.SHARE, "clocks due")
EXCUSED = _defined("breaches_excused", "Excused breaches", "excused ÷ breached", Unit.SHARE, "breached clocks")
LATENESS = _defined(
    "breach_lateness",
    "How late",
    "from due_at to what was promised, around the clock",
    Unit.WALL,
    "breached clocks; those never answered count as still late when they were cancelled or at the as-of instant",
)


def over(question: Question, clocks: Clocks) -> Ground:
    """All clocks, placed by when they were due, told apart by clock, cause, owner, pool, and by their cycle."""
    return question.kept("clock_ground", lambda: _over(question, clocks))


def _over(question: Question, clocks: Clocks) -> Ground:
    mine = {"clock": clocks.name, "cause": clocks.cause, "owner": clocks.owner, "pool": clocks.pool}
    of_cycle = OfRows(question.splits, clocks.cycle)
    return Ground(
        placed=question.inside(clocks.due_at) & np.append(question.of_stream, True)[clocks.cycle],
        splits=ChainMap({by: coded for by, coded in mine.items() if coded.words}, of_cycle),  # type: ignore[arg-type]  # read only
        months=lambda: question.months_of(clocks.due_at),
        kind=Kind.CLOCK,
    )


def due(question: Question, clocks: Clocks) -> Mask:
    """Those whose due came, and that nothing cancelled before it; kept in time stays kept whatever came after."""
    return question.kept("clocks_due", lambda: _due(question, clocks))


def _due(question: Question, clocks: Clocks) -> Mask:
    at = clocks.due_at
    cancelled = (clocks.cancelled_at != NEVER) & (clocks.cancelled_at < at)
    found: Mask = (at != NEVER) & (at <= question.as_of) & (_kept(clocks) | ~cancelled)
    return found


def breached(question: Question, clocks: Clocks) -> Mask:
    """Those due and not kept in time."""
    return question.kept("clocks_breached", lambda: due(question, clocks) & ~_kept(clocks))


def _kept(clocks: Clocks) -> Mask:
    found: Mask = (clocks.stopped_at != NEVER) & (clocks.stopped_at <= clocks.due_at)
    return found


def _breaches(question: Question, definition: Definition) -> Measure:
    clocks = question.clocks
    none = Target(value=0, at_least=False, clause="")
    found = breached(question, clocks)
    return count_measure(question, definition, found, target=none, ground=over(question, clocks))


def _rate(question: Question, definition: Definition) -> Measure:
    clocks = question.clocks
    shares = Shares(numerator=breached(question, clocks), denominator=due(question, clocks))
    return share_measure(question, definition, shares, over(question, clocks))


def _excused(question: Question, definition: Definition) -> Measure:
    clocks = question.clocks
    shares = Shares(numerator=clocks.excused, denominator=breached(question, clocks))
    return share_measure(question, definition, shares, over(question, clocks))


def _lateness(question: Question, definition: Definition) -> Measure:
    clocks = question.clocks
    ended = clocks.stopped_at != NEVER
    given_up = chosen(clocks.cancelled_at != NEVER, clocks.cancelled_at, question.as_of)
    watch = Watch(
        watched=breached(question, clocks),
        ended=ended,
        unknown=np.zeros(len(clocks), np.bool_),
        spans=chosen(ended, clocks.stopped_at, given_up) - clocks.due_at,
        unit=Unit.WALL,
        limits=HOURS,
    )
    return duration_measure(question, definition, watch, over(question, clocks))


MEASURES = (
    Entry(BREACHES, _breaches),
    Entry(BREACH_RATE, _rate),
    Entry(EXCUSED, _excused),
    Entry(LATENESS, _lateness),
)
