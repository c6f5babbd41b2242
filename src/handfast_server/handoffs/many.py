"""Many handoffs at once: routed again by a manager, released by marketing. A lead that is refused holds up none.

A key names the whole; each lead's fact is named by the key and the lead, so that the whole can be sent again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from handfast.cycle.life import CycleState
from handfast.facts import LeadFact, Released, RerouteCause, Rerouted
from handfast.instant import HOUR
from handfast_server.access import Principal, access_cycles, access_leads
from handfast_server.decide.session import Session, decide
from handfast_server.facts.models import Fact as FactRow
from handfast_server.handoffs.asked import AS_RECORDED, name_of
from handfast_server.handoffs.told import Decided, answer, repeated
from handfast_server.refused import Refused

AT_ONCE = 1_000
"""Leads of one request."""

RELEASES_AN_HOUR = 200
"""So many leads are released in an hour, by whomever: sales gets what it can answer, and a slip can be stopped."""

_TOGETHER = 50
"""Leads of one transaction: nobody waits long for the team's lock."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """What became of one lead: ``accepted`` with what was decided, ``repeat``, or ``refused`` with code and message."""

    lead: str
    status: str
    code: str = ""
    message: str = ""
    decided: Decided | None = None


def do_reroute(principal: Principal, by: str, rep: str, leads: Sequence[str], pool: str, key: str) -> list[Item]:
    """Have the waiting handoffs of a rep routed again: those of these leads, or of a pool, or all of them."""
    waiting = access_cycles(principal).filter(owner=rep, state=CycleState.WAITING)
    if leads:
        waiting = waiting.filter(lead__in=leads)
    if pool:
        waiting = waiting.filter(pool=pool)
    name = name_of(principal, key)
    theirs = list(waiting.order_by("qualified_at", "id").values_list("lead_id", flat=True)[:AT_ONCE])
    # Those that a first try has moved on are repeats, and are reported as such.
    moved = FactRow.objects.filter(name__in=[f"{name}:{lead}" for lead in leads]).values_list("lead", flat=True)
    theirs = list(dict.fromkeys([*theirs, *(lead for lead in leads if lead in set(moved))]))

    def fact(lead: str) -> LeadFact:
        id_, cause = f"{name}:{lead}", RerouteCause.BULK
        return Rerouted(id=id_, happened_at=AS_RECORDED, recorded_at=0, lead=lead, by=by, cause=cause, rep=rep)

    unknown = [_refused(lead, "not_theirs", _NOT_THEIRS.format(lead=lead, rep=rep)) for lead in _beyond(leads, theirs)]
    return [*_told_of(theirs, fact), *unknown]


_NOT_THEIRS = "{lead} does not wait with {rep}, or you do not see it: read the list again."


def do_release(principal: Principal, by: str, leads: Sequence[str], key: str) -> list[Item]:
    """Release leads that qualify under the version in force, so many an hour."""
    seen = set(access_leads(principal).filter(pk__in=leads).values_list("pk", flat=True))
    name = name_of(principal, key)

    def fact(lead: str) -> LeadFact:
        return Released(id=f"{name}:{lead}", happened_at=AS_RECORDED, recorded_at=0, lead=lead, by=by)

    known = [lead for lead in dict.fromkeys(leads) if lead in seen]
    unknown = [
        _refused(lead, "not_found", f"There is no lead {lead}, or you may not see it.")
        for lead in _beyond(leads, known)
    ]
    return [*_told_of(known, fact, room=_room), *unknown]


def _beyond(leads: Iterable[str], known: Iterable[str]) -> list[str]:
    there = set(known)
    return [lead for lead in dict.fromkeys(leads) if lead not in there]


def _room(session: Session) -> int:
    """How many more may be released now. Exact: whoever else releases waits for the team's lock."""
    session.lock_team()
    since = session.at - HOUR
    done = FactRow.objects.filter(recorded_at__gt=since, kind=Released.__name__, refused="").count()
    told = sum(isinstance(each.fact, Released) and each.step.refused is None for each in session.taken)
    return RELEASES_AN_HOUR - done - told


def _told_of(
    leads: Sequence[str], fact: Callable[[str], LeadFact], *, room: Callable[[Session], int] | None = None
) -> Iterator[Item]:
    for begin in range(0, len(leads), _TOGETHER):
        some = leads[begin : begin + _TOGETHER]

        def work(session: Session, some: Sequence[str] = some) -> list[Item]:
            facts = [fact(lead) for lead in some]
            session.lock(facts)
            left = len(facts) if room is None else room(session)
            return list(_items(session, facts, left))

        yield from decide(work)


def _items(session: Session, facts: Sequence[LeadFact], left: int) -> Iterator[Item]:
    for fact in facts:
        if session.repeats(fact):
            yield _again(fact, session)
        elif left <= 0:
            yield _refused(fact.lead, "too_many_released", _LATER)
        else:
            item = _item(fact, session)
            left -= item.status == "accepted"
            yield item


_LATER = f"{RELEASES_AN_HOUR} leads have been released within the hour, which is the most: release the rest later."


def _item(fact: LeadFact, session: Session) -> Item:
    taken = session.tell(fact)
    refusal = taken.step.refused
    if refusal is not None:
        return _refused(fact.lead, refusal.code, refusal.message)
    return Item(lead=fact.lead, status="accepted", decided=answer(taken, session.lead(fact.lead)))


def _again(fact: LeadFact, session: Session) -> Item:
    try:
        return Item(lead=fact.lead, status="repeat", decided=repeated(fact, session.lead(fact.lead)))
    except Refused as refused:
        return _refused(fact.lead, refused.code, refused.message)


def _refused(lead: str, code: str, message: str) -> Item:
    return Item(lead=lead, status="refused", code=code, message=message)
