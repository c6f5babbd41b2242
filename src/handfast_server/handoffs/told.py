"""One decision, told to the engine in a transaction of its own; and what to answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, NoReturn

from handfast.cycle.values import Cycle, Lead
from handfast.engine import effects as told
from handfast.facts import Disqualified, LeadFact, Rejected
from handfast.history import read_line
from handfast.instant import Instant
from handfast_server.decide.session import Session, decide
from handfast_server.decide.taken import Taken
from handfast_server.facts.models import Fact as FactRow
from handfast_server.handoffs.asked import Asked, own_word_refused, too_long_ago
from handfast_server.refused import Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What a decision made of the handoff. ``repeat``: it was taken in before, and nothing happened now.

    ``changes`` are the events of the cycle, its assignments and its clocks, in their order; empty where the handoff
    had moved on, and nothing was left to do.
    """

    fact: str
    repeat: bool
    lead: str
    cycle: str
    state: str
    owner: str
    reason: str
    happened_at: Instant
    recorded_at: Instant
    changes: tuple[str, ...]


def decided(asked: Asked, fact: LeadFact, *, revisit_on: dt.date | None = None) -> Decided:
    """Take in one decision. Raises Refused with the code and the words of the core's refusal."""

    def work(session: Session) -> tuple[Taken, Lead | None]:
        session.lock([fact])
        _check_own_word(session, asked, fact)
        taken = one(session, fact, asked.cycle, revisit_on)
        return taken, session.lead(fact.lead)

    taken, lead = decide(work)
    if taken.repeat:
        return repeated(fact, lead, revisit_given=revisit_on is not None)
    refusal = taken.step.refused
    if refusal is not None:
        raise Refused(refusal.code, refusal.message)
    return answer(taken, lead)


def _check_own_word(session: Session, asked: Asked, fact: LeadFact) -> None:
    """Raises Refused for what people tell of too late, deals as well, of which the core knows no speaker."""
    if asked.own_word and too_long_ago(fact.happened_at, session.at) and not session.repeats(fact):
        raise Refused("too_long_ago", own_word_refused(asked.by))


def one(session: Session, fact: LeadFact, cycle: str = "", revisit_on: dt.date | None = None) -> Taken:
    """Tell one fact about a lead that is locked. Raises Refused where the caller looked at another cycle."""
    lead = session.lead(fact.lead)
    if cycle and not session.repeats(fact):
        _check_cycle(lead, cycle)
    if revisit_on is not None:
        fact = _revisited(session, fact, lead, revisit_on)
    return session.tell(fact)


def _check_cycle(lead: Lead | None, cycle: str) -> None:
    current = None if lead is None else lead.cycle
    if current is None or current.id != cycle:
        found = "it has none open" if current is None else f"{current.id} is open"
        raise Refused(
            "another_cycle",
            f"This was decided about the cycle {cycle}, and it is not the lead's open one: {found}. Read the lead "
            "again before you decide.",
            path="cycle",
        )


def _revisited(session: Session, fact: LeadFact, lead: Lead | None, revisit_on: dt.date) -> LeadFact:
    """The fact with the first instant of the date in the contract's zone; before a delivery the core refuses it."""
    cycle = None if lead is None else lead.cycle
    if not isinstance(fact, Rejected | Disqualified) or cycle is None or cycle.version is None:
        return fact
    return replace(fact, revisit_on=session.terms.of(cycle.version).midnight(revisit_on))


def answer(taken: Taken, lead: Lead | None) -> Decided:
    """What to answer for a fact that was taken in."""
    return _answered(taken.fact, lead, changes=tuple(filter(None, map(_change, taken.step.effects))))


def _answered(fact: Any, lead: Lead | None, *, changes: tuple[str, ...] = (), repeat: bool = False) -> Decided:
    cycle: Cycle | None = None if lead is None else lead.latest
    owner = None if cycle is None else cycle.owner
    return Decided(
        fact=fact.id,
        repeat=repeat,
        lead=fact.lead if lead is None else lead.id,
        cycle="" if cycle is None else cycle.id,
        state="" if cycle is None else cycle.state.value,
        owner="" if owner is None else owner.rep,
        reason="" if cycle is None else cycle.reason or "",
        happened_at=fact.happened_at,
        recorded_at=fact.recorded_at,
        changes=changes,
    )


def _change(effect: told.Effect) -> str:
    words = _WORDS.get(type(effect))
    return "" if words is None else words(effect)


_WORDS: Mapping[type[told.Effect], Callable[[Any], str]] = {
    told.Moved: lambda effect: str(effect.event.value),
    told.Assigned: lambda effect: f"assigned to {effect.assignment.rep}",
    told.HoldBegan: lambda effect: f"held in {effect.hold.pool}",
    told.ClockChanged: lambda effect: f"{effect.clock.name} {effect.change.value}".replace("_", " "),
    told.DealChanged: lambda effect: f"deal {effect.what}",
    told.BreachChanged: lambda effect: f"breach {effect.change.value}".replace("_", " "),
}
"""How each change is called in an answer; what is not here is for the worker."""


def repeated(fact: LeadFact, lead: Lead | None, *, revisit_given: bool = False) -> Decided:
    """What to answer for a key that was used before: the same as then, as far as it can be said.

    Raises Refused where the key was used for another request, and where the first was refused.
    """
    row = FactRow.objects.get(name=fact.id)
    before: Any = read_line(row.line)
    if not _same(before, fact, lead, revisit_given=revisit_given):
        _refuse_reuse()
    if row.refused:
        raise Refused(
            row.refused,
            "This was refused when it was sent first, with the same key. If things have changed since, send it with "
            "another key.",
        )
    return _answered(before, lead, repeat=True)


def _same(before: Any, fact: LeadFact, lead: Lead | None, *, revisit_given: bool) -> bool:
    """Whether two facts say the same, whenever they were recorded; a merge may have changed the lead's name."""
    if type(before) is not type(fact):
        return False
    alike: dict[str, Any] = {"happened_at": 0, "recorded_at": 0}
    if lead is not None and before.lead == lead.id:
        alike["lead"] = ""
    if revisit_given:
        alike["revisit_on"] = None
    return bool(replace(before, **alike) == replace(fact, **alike))


def _refuse_reuse() -> NoReturn:
    raise Refused(
        "key_used_before",
        "This Idempotency-Key was used for another request. A key belongs to one request, and to its repeats: make a "
        "new one.",
        status=422,
        path="Idempotency-Key",
    )
