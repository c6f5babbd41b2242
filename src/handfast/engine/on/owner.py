"""Handoffs that change hands: reassigned by a manager, routed again, given back."""

from __future__ import annotations

from handfast.cycle.life import CycleState
from handfast.cycle.values import AssignmentEnd, ClockState
from handfast.engine import handing
from handfast.engine.on.touch import may_have_back
from handfast.engine.turn import Declined, Turn
from handfast.facts import GivenBack, Reassigned, RerouteCause, Rerouted
from handfast.route.choice import Way

_OWNED = frozenset((CycleState.WAITING, CycleState.ACCEPTED, CycleState.SQL, CycleState.OPPORTUNITY))
_ENDS = {
    RerouteCause.ABSENCE: AssignmentEnd.ABSENCE,
    RerouteCause.REP_GONE: AssignmentEnd.REP_GONE,
    RerouteCause.BULK: AssignmentEnd.BULK,
}


def reassigned(turn: Turn, fact: Reassigned) -> None:
    """A manager gives the handoff to somebody, or has it routed again; no breach is cleared by that."""
    turn.check_manager(fact.by)
    _check_state(turn)
    if fact.to is None:
        _check_waiting(turn, "routed again")
        handing.again(turn, AssignmentEnd.HUMAN, credit=not _breached(turn))
        return
    _check_rep(turn, fact.to)
    _check_not_theirs(turn, fact.to)
    waiting = turn.cycle.state is CycleState.WAITING  # what was accepted is theirs in the ledger
    handing.hand_to(turn, fact.to, AssignmentEnd.HUMAN, credit=waiting and not _breached(turn))


def _breached(turn: Turn) -> bool:
    """Whether the current owner has broken a promise: no credit then. Who had it before answers for their own."""
    owner = turn.cycle.owner
    if owner is None:
        return False
    late, breaches = (ClockState.BREACHED, ClockState.ANSWERED_LATE), turn.lead.breaches
    return any(
        clock.state in late
        and not clock.recorded_late
        and (clock.assignment == owner.id or (clock.assignment is None and breaches[clock.id].rep == owner.rep))
        for clock in turn.cycle.clocks.values()
    )


def rerouted(turn: Turn, fact: Rerouted) -> None:
    """Its owner went on leave, left, or a manager moves many: routed again, credited, parent clock untouched.

    If the handoff has moved on since that was asked, nothing happens. Accepted ones go to the manager's list.
    """
    cycle = turn.lead.cycle
    owner = None if cycle is None else cycle.owner
    if cycle is None or owner is None or owner.rep != fact.rep:
        return
    if fact.by:
        turn.check_manager(fact.by)
    if cycle.state is CycleState.WAITING:
        handing.again(turn, _ENDS[fact.cause])
    elif fact.cause is not RerouteCause.BULK:
        turn.alert(handing.manager_of(turn), f"{fact.rep} is away or gone: somebody else has to take over")


def given_back(turn: Turn, fact: GivenBack) -> None:
    """To the rep whose touch in time was recorded late."""
    turn.check_manager(fact.by)
    _check_waiting(turn, "given back")
    _check_rep(turn, fact.to)
    _check_not_theirs(turn, fact.to)
    if not may_have_back(turn, fact.to):
        raise Declined(
            "not_in_time",
            f"{fact.to} has no touch on {turn.lead.id} that was in time and recorded late, so there is nothing to give "
            "back. Reassign it instead.",
        )
    handing.hand_to(turn, fact.to, AssignmentEnd.HUMAN, Way.GIVEN_BACK, credit=not _breached(turn))


def _check_state(turn: Turn) -> None:
    if turn.cycle.state not in _OWNED:
        raise Declined(
            "not_in_this_state",
            f"The cycle of {turn.lead.id} is {turn.cycle.state}, and has no owner then: it can be given to somebody "
            f"while it is {' or '.join(state for state in CycleState if state in _OWNED)}.",
        )


def _check_waiting(turn: Turn, what: str) -> None:
    if turn.cycle.state is not CycleState.WAITING:
        raise Declined(
            "not_in_this_state",
            f"The cycle of {turn.lead.id} is {turn.cycle.state}; only a waiting one can be {what}. Name a new owner.",
        )


def _check_not_theirs(turn: Turn, name: str) -> None:
    """Refuse to begin an owner's turn anew, and their clocks with it. Raises Declined."""
    owner = turn.cycle.owner
    if owner is not None and owner.rep == name:
        raise Declined("owned_already", f"{turn.lead.id} belongs to {name} already: choose somebody else.")


def _check_rep(turn: Turn, name: str) -> None:
    rep = turn.team.reps.get(name)
    if rep is None or not rep.active:
        raise Declined(
            "no_such_rep", f"{name} is not an active rep, so nothing can be given to them: choose somebody else."
        )
