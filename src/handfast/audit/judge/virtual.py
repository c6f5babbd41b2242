"""Virtual clocks: the pool each delivered lead would have gone to, and when its promises would have been due."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from handfast.audit.export import AssignmentColumns, Export
from handfast.audit.judge.bar import Bar
from handfast.audit.judge.ground import Ground
from handfast.audit.judge.stages import Stages, first_of
from handfast.calendar import Calendar
from handfast.clock import calendars_between, due_at_many
from handfast.condition.columns import Column, holds_in_columns
from handfast.contract.model import Clock, ClockName, Contract
from handfast.instant import DAY, NEVER, Instant
from handfast.measure.columns import Coded, Codes, Instants
from handfast.measure.question import Mask
from handfast.qualify import Band

_AHEAD = 400 * DAY  # the longest window a contract may give ends well inside, counted from the as-of instant
_OLDEST = 30 * 365 * DAY  # an instant so long ago is a mistake, and no calendar is compiled for it


@dataclass(frozen=True, slots=True, kw_only=True)
class Routed:
    """What routing and the score say of each lead when it was delivered; unknown of leads that were not."""

    pool: Coded
    band: Coded
    standing: Mapping[str, Column]  # attributes and scores as of delivery


def routed(ground: Ground, qualified_at: Instants, delivered: Mask) -> Routed:
    """The pool of the first rule that matches, and the band. An account owner's precedence is nobody's to know here."""
    standing = ground.standing(qualified_at)
    band = _bands(ground, standing, delivered)
    seen = {**standing, "band": Column(band.codes, band.words)}
    words = tuple(ground.contract.pools)
    codes = np.full(ground.count, -1, np.int32)
    for rule in ground.contract.routing.rules:
        matches = delivered & (codes < 0)
        if rule.when is not None:
            matches &= holds_in_columns(rule.when, seen, ground.count)
        codes = np.where(matches, np.int32(words.index(rule.to)), codes)
    return Routed(pool=Coded(codes=codes, words=words), band=band, standing=standing)


def _bands(ground: Ground, standing: Mapping[str, Column], delivered: Mask) -> Coded:
    words, warm = tuple(Band), ground.contract.score.warm
    total = standing["total"]
    engaged = holds_in_columns(ground.contract.definitions.mql.when, standing, ground.count)
    is_warm = np.array([warm is not None and value >= warm for value in total.values], np.bool_)  # type: ignore[operator]  # scores are numbers
    codes = np.where(engaged, words.index(Band.ENGAGE), np.where(is_warm[total.codes], 1, 0))
    return Coded(codes=np.where(delivered, codes, -1).astype(np.int32), words=tuple(word.value for word in words))


@dataclass(frozen=True, slots=True, kw_only=True)
class Clocks:
    """When each promise was due (NEVER where none was running that could be timed), and what that was judged by."""

    routed: Routed
    calendars: Mapping[str, Calendar]
    raised: Mask  # the windows of a hand-raise applied
    first_touch_due: Instants
    decision_due: Instants
    working_due: Instants


def clocks(ground: Ground, export: Export, stages: Stages, bar: Bar, as_of: Instant) -> Clocks:
    """Dues by the contract's windows and the calendar of each lead's pool, from stated instants alone.

    An instant that was inferred starts no clock, nor does a bare day among instants that are none, nor one after the
    as-of instant, or thirty years before it.
    """
    contract, qualified_at = ground.contract, stages.at["qualified"]
    route = routed(ground, qualified_at, stages.happened("qualified"))
    begun, accepted = (_startable(stages, stage, as_of) for stage in ("qualified", "accepted"))
    raised = (bar.asked_at != NEVER) & (bar.asked_at <= qualified_at)
    tipped = [np.where((at > as_of - _OLDEST) & (at <= as_of), at, NEVER) for at in (bar.at, bar.asked_at)]
    calendars = calendars_of(contract, (begun, accepted, *tipped), as_of)  # speed counts from what tipped it, too

    def due(name: ClockName, starts: Instants) -> Instants:
        return _due(contract.clocks[name], contract, calendars, route.pool, starts, raised)

    return Clocks(
        routed=route,
        calendars=calendars,
        raised=raised,
        first_touch_due=due(ClockName.FIRST_TOUCH, begun),
        decision_due=due(ClockName.DECISION, assigned_at(export.assignments, begun)),
        working_due=due(ClockName.WORKING, accepted),
    )


def calendars_of(contract: Contract, starts: Iterable[Instants], as_of: Instant) -> dict[str, Calendar]:
    """The contract's calendars over the span of the data, from the installed zone and holiday data."""
    known = [int(at[at != NEVER].min()) for at in starts if (at != NEVER).any()]
    found = calendars_between(contract, min((*known, as_of)) - 7 * DAY, as_of + _AHEAD)
    return {name: found[name] for name in contract.calendars}


def _startable(stages: Stages, stage: str, as_of: Instant) -> Instants:
    at = stages.at[stage]
    timed = ~(stages.inferred[stage] | stages.by_day.get(stage, False))
    good = timed & (at <= as_of) & (at > as_of - _OLDEST)
    return np.where(good, at, NEVER)


def _due(
    clock: Clock,
    contract: Contract,
    calendars: Mapping[str, Calendar],
    pool: Coded,
    starts: Instants,
    raised: Mask,
) -> Instants:
    found = np.full(len(starts), NEVER, np.int64)
    for code, word in (*enumerate(pool.words), (-1, "")):
        calendar = contract.pools[word].calendar if word else contract.default_calendar
        for window, which in ((clock.within_hand_raise, raised), (clock.within, ~raised)):
            rows = (pool.codes == code) & which & (starts != NEVER)
            if rows.any():
                found[rows] = due_at_many(window, starts[rows], calendars[calendar])
    return found


def assigned_at(assignments: AssignmentColumns, qualified_at: Instants) -> Instants:
    """When the first assignment after qualification began: at once where somebody owned the lead already.

    Under the contract an owner is named in the moment of qualification, so a lead that the export never gave to
    anybody was due a decision from then on.
    """
    count = len(qualified_at)
    first = first_of(assignments.lead, assignments.at, count)
    later = (qualified_at != NEVER) & (first > qualified_at)
    return np.where(later, first, qualified_at)


def turns(lead: Codes, at: Instants, holder: Codes, qualified_at: Instants, delivered: Mask) -> NDArray[np.int32]:
    """How many holders in a row each delivered lead had: the one at qualification, and every change after it.

    -1 where no holder of the lead is known. Rows of one holder in a row are one turn.
    """
    count = len(qualified_at)
    known = np.flatnonzero((lead >= 0) & (holder >= 0) & (at != NEVER))
    if not _in_order(lead[known], at[known]):
        known = known[np.lexsort((at[known], lead[known]))]
    lead, holder, at = lead[known], holder[known], at[known]
    new = np.ones(len(lead), np.bool_)
    new[1:] = (lead[1:] != lead[:-1]) | (holder[1:] != holder[:-1])
    since = qualified_at[lead]  # NEVER is before everything
    after = np.bincount(lead[new & (at > since)], minlength=count)
    before = np.zeros(count, np.bool_)
    before[lead[at <= since]] = True
    found = after + before
    return np.where(delivered & (found > 0), found, -1).astype(np.int32)


def _in_order(lead: Codes, at: Instants) -> bool:
    """Whether rows stand by lead and time already, as a reader leaves them."""
    return bool(((lead[1:] > lead[:-1]) | ((lead[1:] == lead[:-1]) & (at[1:] >= at[:-1]))).all())


@dataclass(frozen=True, slots=True)
class HandOffs:
    """Turns of each lead, and between whom they are counted."""

    turns: NDArray[np.int32]
    of_teams: bool


def hand_offs(export: Export, qualified_at: Instants, delivered: Mask) -> HandOffs:
    """Turns of owners; of teams where those alone are known, or agree better with the export's own count."""
    given, stated = export.assignments, export.stated_reassignments
    owners, teams = (
        turns(given.lead, given.at, coded.codes, qualified_at, delivered)
        if len(coded.codes)
        else np.full(len(export), -1, np.int32)
        for coded in (given.owner, given.pool)
    )
    if (stated >= 0).any():
        of_teams = _agreeing(teams, stated) > _agreeing(owners, stated)
    else:
        of_teams = bool((owners < 0).all() and (teams > 0).any())
    return HandOffs(turns=teams if of_teams else owners, of_teams=of_teams)


def _agreeing(turned: NDArray[np.int32], stated: NDArray[np.int32]) -> int:
    return int(np.count_nonzero((turned > 0) & (stated >= 0) & (turned - 1 == stated)))
