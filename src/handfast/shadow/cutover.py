"""Cut-over: open handoffs of another system are taken over, their clocks spread over what sales can take in a day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from fractions import Fraction
from typing import NamedTuple

from handfast.calendar import Calendar
from handfast.contract.model import ClockName
from handfast.cycle.elsewhere import Elsewhere
from handfast.cycle.values import Lead
from handfast.engine.terms import Terms, Version
from handfast.facts import TakenOver
from handfast.instant import Instant
from handfast.qualify import judged, values_for_routing
from handfast.route.rules import pool_of
from handfast.route.team import Team
from handfast.shadow.virtual import lead_at


class _Chosen(NamedTuple):
    """A handoff in its place in the queue: the one that has waited longest first."""

    qualified_at: Instant
    lead: str
    handoff: str
    owner: str
    pool: str


def cut_over(
    leads: Iterable[Lead],
    team: Team,
    terms: Terms,
    *,
    at: Instant,
    per_day: Fraction,
    by: str,
    chosen: Collection[tuple[str, str]] | None = None,
) -> tuple[TakenOver, ...]:
    """The facts that take open handoffs over at ``at``, in the order in which their clocks start.

    ``per_day``: how many handoffs a rep takes on a working day. ``chosen``: leads with handoffs; None: all that are
    open. Of each pool the longest waiting come first. The k-th of a pool (from 0) starts k ÷ (members × per_day)
    working days after the cut-over, and the j-th of a rep who keeps theirs not before j ÷ per_day, in the calendar of
    the pool. Raises ValueError before the first version, or when ``per_day`` is not above 0.
    """
    version = terms.in_force(at)
    if version is None or per_day <= 0:
        raise ValueError("a cut-over needs a version in force, and a rep who takes more than nothing a day")
    queue = sorted(each for lead in leads for each in _open(lead, version, at) if _is_chosen(each, chosen))
    facts = [_fact(each, start, at, by) for each, start in _starts(queue, team, version, at, per_day)]
    return tuple(sorted(facts, key=lambda fact: (fact.starts_at, fact.lead, fact.handoff)))


def _is_chosen(each: _Chosen, chosen: Collection[tuple[str, str]] | None) -> bool:
    return chosen is None or (each.lead, each.handoff) in chosen


def _open(lead: Lead, version: Version, at: Instant) -> Iterator[_Chosen]:
    """The open handoffs of a lead; its pool is where the rules would send it now."""
    waiting: list[Elsewhere] = [each for each in lead.elsewhere.values() if each.waits]
    if not waiting or lead.merged_into is not None:
        return
    seen = lead_at(lead, version, at)
    pool = pool_of(version.contract, values_for_routing(seen, judged(version.contract, seen)))
    for each in waiting:
        yield _Chosen(each.qualified_at or at, lead.id, each.id, each.owner, pool)


def _starts(
    queue: Iterable[_Chosen], team: Team, version: Version, at: Instant, per_day: Fraction
) -> Iterator[tuple[_Chosen, Instant]]:
    of_pool, of_rep = Counter[str](), Counter[str]()
    for each in queue:
        members = sum(1 for member in team.roster(each.pool).members.values() if _takes(team, member.rep, each.pool))
        days = of_pool[each.pool] / (max(members, 1) * per_day)
        of_pool[each.pool] += 1
        rep = team.reps.get(each.owner)
        if rep is not None and rep.active:
            days = max(days, of_rep[rep.name] / per_day)
            of_rep[rep.name] += 1
        name = version.calendars.name_for(ClockName.FIRST_TOUCH, each.pool)
        yield each, _after(version.calendars[name], at, days)


def _takes(team: Team, rep: str, pool: str) -> bool:
    return team.roster(pool).members[rep].takes_part and team.reps[rep].present


def _after(calendar: Calendar, at: Instant, days: Fraction) -> Instant:
    """The instant a number of working days later: whole days, then that part of the next one's working time."""
    whole = days.numerator // days.denominator
    begin, end = calendar.add_days(at, whole), calendar.add_days(at, whole + 1)
    part = (days - whole) * calendar.between(begin, end)
    return calendar.add(begin, part.numerator // part.denominator)


def _fact(each: _Chosen, starts_at: Instant, at: Instant, by: str) -> TakenOver:
    return TakenOver(
        id=f"cut-over:{each.lead}:{each.handoff}",
        happened_at=at,
        recorded_at=at,
        lead=each.lead,
        by=by,
        handoff=each.handoff,
        starts_at=starts_at,
    )
