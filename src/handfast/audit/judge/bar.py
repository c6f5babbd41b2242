"""When each lead would have qualified under the contract: the one judgement of ``handfast.qualify``, in columns.

Attributes are taken as the export gives them, one value each for all time. Judged is, as in life, when something
happens: at the inquiry and at every activity. What the export does not hold is not held against a lead: without any
activities, a lead that some behaviour could still lift over the bar is undetermined, not unqualified.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from handfast.audit.judge.ground import MOVING, Ground
from handfast.audit.judge.stages import first_of
from handfast.audit.judge.walk import first_qualified
from handfast.condition import names_in
from handfast.condition.columns import Column, column_of, holds_in_columns
from handfast.contract.model import Contract, Disqualifier
from handfast.instant import NEVER
from handfast.measure.columns import Coded, Instants
from handfast.measure.question import Mask, earliest
from handfast.qualify import SCORES, disqualifiers
from handfast.score.columns import (
    first_passing,
    score_column,
)
from handfast.score.kernel import HUGE


@dataclass(slots=True, kw_only=True)
class Bar:
    """What the contract says of each lead.

    ``at`` is the first instant at which it qualifies. ``undetermined`` are those of which the export holds too little
    to say. ``held_by`` names the disqualifier that alone keeps out a lead that would qualify.
    """

    at: Instants
    undetermined: Mask
    asked_at: Instants  # the first hand-raise, whether or not it qualified
    held_by: Coded


def judged_by(ground: Ground, *, has_activities: bool) -> Bar:
    """Judge every lead at its inquiry and at each of its activities."""
    bar_at = first_passing(ground.table, ground.leads, ground.history)
    asked, asked_at = _hand_raises(ground)
    denied, given_way, held_by = _disqualified(ground)
    at = np.where(denied, NEVER, np.where(given_way, asked_at, earliest(bar_at, asked_at)))
    if _moves(ground.contract):
        at = first_qualified(ground, asked, _worth_a_walk(bar_at, asked, ground))
    would = (bar_at != NEVER) | (asked_at != NEVER)
    named = np.where(would & (at == NEVER), held_by.codes, np.int32(-1))
    unknown = np.zeros(ground.count, np.bool_) if has_activities else (at == NEVER) & ~denied & _could(ground)
    return Bar(at=at, undetermined=unknown, asked_at=asked_at, held_by=Coded(codes=named, words=held_by.words))


def _could(ground: Ground) -> Mask:
    """Where some behaviour, or a hand-raise, would qualify the lead."""
    some: Mask = ground.leads.needs != HUGE
    return some | (ground.contract.definitions.mql.hand_raise is not None)


def _worth_a_walk(bar_at: Instants, asked: NDArray[np.intp], ground: Ground) -> Mask:
    worth: Mask = bar_at != NEVER
    worth[ground.activities.lead[asked]] = True
    return worth


def _moves(contract: Contract) -> bool:
    """Whether a hand-raise or a disqualifier reads a score that moves, so that one instant is not enough to judge."""
    mql = contract.definitions.mql
    conditions = [each.when for each in mql.unless.values()]
    if mql.hand_raise is not None and mql.hand_raise.when is not None:
        conditions.append(mql.hand_raise.when)
    return any(names_in(condition) & MOVING for condition in conditions)


def _hand_raises(ground: Ground) -> tuple[NDArray[np.intp], Instants]:
    """The rows of activities that are hand-raises, and the first instant of one for each lead.

    Where the condition reads a score that moves, the rows are all of the kind: ``walk`` looks at each in its time.
    """
    term, activities = ground.contract.definitions.mql.hand_raise, ground.activities
    if term is None or term.on not in activities.kind.words:
        return np.zeros(0, np.intp), np.full(ground.count, NEVER, np.int64)
    kind = activities.kind.words.index(term.on)
    of_kind = np.flatnonzero((activities.kind.codes == kind) & (activities.lead >= 0) & (activities.at != NEVER))
    moving = term.when is not None and bool(names_in(term.when) & MOVING)
    if term.when is not None and not moving:
        of_kind = of_kind[holds_in_columns(term.when, _seen_with(ground, term.on, of_kind), len(of_kind))]
    return of_kind, first_of(activities.lead[of_kind], activities.at[of_kind], ground.count)


def _seen_with(ground: Ground, activity: str, rows: NDArray[np.intp]) -> dict[str, Column]:
    """The lead's attributes and fit under the properties of the activity, which hide attributes of the same name."""
    lead = ground.activities.lead[rows]
    known = {**ground.attributes, "fit": score_column(ground.leads.fit)}
    seen = {name: Column(column.codes[lead], column.values) for name, column in known.items()}
    for name, kind in ground.contract.activities[activity].properties.items():
        seen.pop(name, None)
        if name in ground.activities.properties:
            coded = ground.activities.properties[name]
            seen[name] = column_of(coded.codes[rows], coded.words, kind.type)
    return seen


def _disqualified(ground: Ground) -> tuple[Mask, Mask, Coded]:
    """Leads kept out whatever they do, leads that only a hand-raise can qualify, and the first name that keeps out.

    An attribute of an export has no date, so nothing says that a denial is older than a hand-raise: a disqualifier
    that reads a known attribute never gives way (see ``qualify``). One that reads a score alone does.
    """
    denied, given_way = np.zeros(ground.count, np.bool_), np.zeros(ground.count, np.bool_)
    every = tuple(disqualifiers(ground.contract))
    codes = np.full(ground.count, -1, np.int32)
    for code, each in enumerate(every):
        if names_in(each.when) & MOVING:
            continue  # ``walk`` asks those
        holds = ground.holds(each.when)
        yields = holds & _undated(ground, each) if each.except_hand_raise else np.zeros_like(holds)
        denied |= holds & ~yields
        given_way |= yields
        codes = np.where(holds & ~yields & (codes < 0), np.int32(code), codes)
    return denied, given_way, Coded(codes=codes, words=tuple(each.name for each in every))


def _undated(ground: Ground, disqualifier: Disqualifier) -> Mask:
    """Where no attribute that the disqualifier reads is known: there is nothing that could be younger."""
    nothing = np.ones(ground.count, np.bool_)
    for name in names_in(disqualifier.when) - SCORES:
        if name in ground.attributes:
            column = ground.attributes[name]
            known = np.array([*(value is not None for value in column.values), False])
            nothing &= ~known[column.codes]
    return nothing
