"""The one evaluator: a state and a fact in, the next state, its effects and their trace out.

1. A fact about a lead that was told before has no effect, also one that was refused. Which facts about the team were
   told is known to whoever keeps the team (``World``, or a unique key in a server's table of facts).
2. The dues of the lead that lie before the fact was recorded come first, so that a breach is judged by when it was
   due, and never by when somebody looked.
3. A fact that was recorded before the latest that was taken in is refused, and not remembered: recorded again, now, it
   is taken in.
4. The handler of the fact's kind decides. What it declines changes nothing and gives one ``Refused``.

``step`` is pure: it changes nothing that it was given, reads no clock (``now`` is the fact's ``recorded_at``), and the
same state and fact give the same step.
"""

from __future__ import annotations

from handfast.cycle.log import Seen
from handfast.cycle.values import Lead
from handfast.engine import joining
from handfast.engine.due import advance, next_due
from handfast.engine.effects import Refused
from handfast.engine.on import HANDLERS
from handfast.engine.on.team import take
from handfast.engine.state import State, Step
from handfast.engine.terms import Terms
from handfast.engine.trace import Trace
from handfast.engine.turn import Declined, Turn
from handfast.facts import ActivityHappened, AttributesChanged, Decision, Fact, LeadCreated, LeadFact, Tick
from handfast.instant import Instant
from handfast.route.told import until

_INTRODUCE = (LeadCreated, ActivityHappened, AttributesChanged)
"""Facts by which a lead is first heard of; all others are about somebody known."""


def step(state: State, fact: Fact, terms: Terms) -> Step:
    """What a fact brings about. Raises KeyError for a version that ``terms`` does not have."""
    if isinstance(fact, LeadFact):
        return _of_lead(state, fact, terms)
    turn = Turn(fact, state.lead, None, state.team, terms)
    take(turn, until(turn.team, turn.now))
    try:
        HANDLERS[type(fact)](turn, fact)
    except Declined as declined:  # by the first thing that a handler of these does
        turn.tell(Refused, f"{fact.id}:refused", code=declined.code, message=declined.message)
    given = State(state.lead, turn.team, state.other)
    return Step(given, tuple(turn.effects), Trace(tuple(turn.trace), terms))


def _of_lead(state: State, fact: LeadFact, terms: Terms) -> Step:
    lead = state.lead
    if lead is not None:
        if fact.id in lead.facts:
            return Step(state=state)
        if lead.recorded_at is not None and fact.recorded_at < lead.recorded_at:
            return Step(state=state, effects=(_out_of_order(lead, fact),))
    turn = Turn(fact, lead, state.other, state.team, terms)
    if turn.team.next_due is not None and turn.team.next_due <= turn.now:
        take(turn, until(turn.team, turn.now))
    if turn.lead.due_at is not None and turn.lead.due_at <= turn.now:
        advance(turn, turn.now if isinstance(fact, Tick) else turn.now - 1)
    before = turn.kept(), turn.other, turn.team, len(turn.effects), len(turn.trace)
    try:
        _check_known(turn, lead, fact)
        HANDLERS[type(fact)](turn, fact)
    except Declined as declined:
        turn.lead, turn.other, turn.team = before[:3]
        del turn.effects[before[3] :], turn.trace[before[4] :]
        turn.tell(Refused, f"{fact.id}:refused", code=declined.code, message=declined.message)
        known = turn.lead.facts if lead is None else turn.lead.facts.including(fact.id)
        return _handed_out(state, turn, known)
    return _handed_out(state, turn, turn.lead.facts.including(fact.id))


def _out_of_order(lead: Lead, fact: LeadFact) -> Refused:
    return Refused(
        id=f"{fact.id}:refused",
        at=fact.recorded_at,
        lead=lead.id,
        code="out_of_order",
        message=f"Something about {lead.id} was recorded after this, and is decided upon already: facts are told in "
        "the order in which they were recorded. Record it now; when it happened stays as it is.",
    )


def _check_known(turn: Turn, lead: Lead | None, fact: LeadFact) -> None:
    if lead is None and not isinstance(fact, _INTRODUCE):
        raise Declined("unknown_lead", f"Nobody has told of a lead {fact.lead}: tell of its creation first.")
    if lead is not None and lead.erased:
        raise Declined("erased", f"{fact.lead} was erased: nothing about them is taken in any more.")
    if lead is not None and lead.merged_into is not None:
        raise Declined("merged", f"{fact.lead} was merged into {lead.merged_into}: tell it of them.")
    if isinstance(fact, Decision) and fact.self_reported and fact.by in turn.team.reps:
        turn.check_recent(fact.by)


def _due_at(before: Lead | None, lead: Lead) -> Instant | None:
    """Dues are those of the cycle and of cooling off: while both are what they were, so is the next one."""
    if before is not None and lead.cycle is before.cycle and lead.cool_until == before.cool_until:
        return before.due_at
    return next_due(lead)


def _handed_out(state: State, turn: Turn, taken_in: Seen) -> Step:
    """The values of a step; ``due_at`` is kept with the lead, so that nobody has to look at what has none."""
    if turn.lead.deals:
        joining.follow(turn)
    strange = state.lead is None and not taken_in  # refused before anybody was introduced
    turn.know(facts=taken_in, due_at=_due_at(state.lead, turn.lead), recorded_at=turn.now)
    given = State(None if strange else turn.lead, turn.team, turn.other)
    return Step(given, tuple(turn.effects), Trace(tuple(turn.trace), turn.terms))
