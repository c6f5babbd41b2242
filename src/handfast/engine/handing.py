"""Who has the handoff: assignments and holds, and what they do to the team's ledger and loads."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from handfast.clock import due_at
from handfast.condition import Values
from handfast.contract.model import ClockName, PartyName
from handfast.cycle.life import CycleState
from handfast.cycle.values import Assignment, AssignmentEnd, Cycle, Hold
from handfast.engine import clocks
from handfast.engine.effects import Assigned, AssignmentEnded, HoldBegan, HoldEnded, StepFell
from handfast.engine.joining import join
from handfast.engine.judge import governed, judgement_of, then
from handfast.engine.seen import ChoiceSeen
from handfast.engine.turn import Turn
from handfast.qualify import values_for_routing
from handfast.route.choice import Choice, Way
from handfast.route.choose import choose, give
from handfast.route.ledger import assigned, credited, released
from handfast.route.place import Handoff, Held, Placed, Stays, place
from handfast.route.rules import pool_of

LOADING = frozenset((CycleState.WAITING, CycleState.ACCEPTED))
"""States in which a handoff counts against its owner's caps (semantics.md, Routing)."""

_CREDITED = frozenset((AssignmentEnd.ABSENCE, AssignmentEnd.REP_GONE, AssignmentEnd.BULK, AssignmentEnd.MERGED))


def routing_values(turn: Turn) -> Values:
    """What routing rules read of the lead, as it is known now under the pinned version."""
    found = governed(turn)
    if found is None:
        raise ValueError("a delivered cycle has a version")
    standing, version = found
    seen = then(turn.lead, standing, turn.now)
    return values_for_routing(seen, judgement_of(turn, version, seen))


def first_placed(turn: Turn) -> Placed:
    """Where a handoff goes that was just qualified; its first touch goes by the calendar of the first pool chosen."""
    found = _placed(turn)
    first = next(each for each in (*found.nobody, found.outcome) if isinstance(each, Choice))
    turn.put(pool=first.via, ruled=first.pool)
    return found


def _placed(turn: Turn, **changes: object) -> Placed:
    version, cycle = turn.version, turn.cycle
    asked: dict[str, object] = {
        "values": routing_values(turn),
        "owner": turn.team.owner_of(turn.lead.account),
        "opportunity": join(turn),
        "had": cycle.reps,
        "returns_to": contested_rep(cycle),
    }
    asked.update(changes)
    found = place(turn.team, version.contract, version.calendars, Handoff(**asked), now=turn.now)  # type: ignore[arg-type] # as named
    for choice in (*found.nobody, found.outcome):
        if isinstance(choice, Choice):
            _note(turn, choice)
    return found


def _note(turn: Turn, choice: Choice) -> None:
    turn.trace.append(partial(ChoiceSeen.of, turn.version.number, choice))


def contested_rep(cycle: Cycle) -> str | None:
    """Whose contested rejection was overturned: they may get it back, once, only before the manager."""
    last = cycle.assignments[-1] if cycle.assignments else None
    return last.rep if last is not None and last.end is AssignmentEnd.CONTESTED else None


def settle(turn: Turn, found: Placed) -> None:
    """Carry out what routing found: an assignment, a hold, or that it stays where it is."""
    if isinstance(found.outcome, Choice):
        assign(turn, found.outcome)
    elif isinstance(found.outcome, Held):
        _hold(turn, found.outcome)
    else:
        _stays(turn, found.outcome)


def route(turn: Turn, **changes: object) -> None:
    """Route a waiting handoff that nobody has."""
    settle(turn, _placed(turn, **changes))


def assign(turn: Turn, choice: Choice) -> None:
    """One owner's turn begins: response and decision start while it waits."""
    if choice.rep is None:
        raise ValueError("nobody was chosen")
    _over(turn)
    turn.team, entries = assigned(turn.team, choice, cycle=turn.cycle.id)
    assignment = Assignment(
        id=turn.numbered("a"), rep=choice.rep, at=turn.now, way=choice.way, pool=choice.via, counted=choice.counted
    )
    turn.put(assignments=(*turn.cycle.assignments, assignment))
    turn.tell(Assigned, assignment.id, cycle=turn.cycle.id, assignment=assignment)
    turn.book(entries)
    if turn.cycle.state is CycleState.WAITING:
        clocks.start(turn, ClockName.RESPONSE, pool=choice.via, assignment=assignment)
        clocks.start(turn, ClockName.DECISION, pool=choice.via, assignment=assignment)
    elif turn.cycle.state not in LOADING:
        turn.team = released(turn.team, choice.rep, choice.via)


def end_assignment(turn: Turn, end: AssignmentEnd, *, credit: bool = False, keep_clocks: bool = False) -> None:
    """The current owner's turn is over: its running clocks are cancelled or stay breached."""
    cycle = turn.cycle
    owner = cycle.owner
    if owner is None:
        return
    ended = replace(owner, ended_at=turn.now, end=end)
    turn.put(assignments=(*cycle.assignments[:-1], ended))
    if cycle.state in LOADING:
        turn.team = released(turn.team, owner.rep, owner.pool)
    if not keep_clocks:
        clocks.cancel(turn, assignment=owner.id)
    turn.tell(AssignmentEnded, f"{owner.id}:ended", cycle=cycle.id, assignment=owner.id, rep=owner.rep, end=end)
    if (credit or end in _CREDITED) and owner.counted:
        _credit(turn, owner)


def _credit(turn: Turn, owner: Assignment) -> None:
    """A credit once per cycle and rep."""
    cycle = turn.cycle
    turn.team, entries = credited(turn.team, owner.rep, owner.pool, cycle=cycle.id, at=turn.now, before=cycle.credited)
    if entries:
        turn.put(credited=cycle.credited | {owner.rep})
        turn.book(entries)


def unload(turn: Turn) -> None:
    """The handoff no longer counts against its owner's caps, though it stays theirs."""
    owner = turn.cycle.owner
    if owner is not None:
        turn.team = released(turn.team, owner.rep, owner.pool)


def _hold(turn: Turn, held: Held) -> None:
    """Nobody is eligible: the handoff waits for somebody of the pool, with a due of its own."""
    _over(turn)
    version = turn.version
    calendar = version.calendars[version.contract.pools[held.pool].calendar]
    hold = Hold(
        id=turn.numbered("h"),
        pool=held.pool,
        since=turn.now,
        due_at=due_at(held.window, turn.now, calendar),
        tried=held.tried,
        unmanaged=held.unmanaged,
    )
    turn.put(hold=hold)
    turn.tell(HoldBegan, hold.id, cycle=turn.cycle.id, hold=hold)
    if held.unmanaged:
        sales = version.contract.parties[PartyName.SALES].email
        turn.alert(sales, f"Nobody can take it: pool {held.pool} has nobody eligible and no manager there")


def _over(turn: Turn) -> None:
    """A hold ends when somebody takes the handoff, when its own due has come, or when the cycle moves on."""
    hold = turn.cycle.hold
    if hold is not None:
        turn.put(hold=None)
        turn.tell(HoldEnded, f"{hold.id}:ended", cycle=turn.cycle.id, hold=hold.id)


def end_hold(turn: Turn) -> None:
    """The cycle moves on."""
    _over(turn)


def hold_over(turn: Turn) -> None:
    """The hold's own due has come: on to the fallback pool, or to the manager."""
    hold = turn.hold
    route(turn, values=None, pool=hold.pool, owner=None, held=() if hold.unmanaged else hold.tried)


def try_hold(turn: Turn) -> None:
    """Somebody of the pool may have become eligible before the hold is over."""
    cycle = turn.lead.cycle
    if cycle is None or cycle.hold is None or cycle.version is None:
        return
    version = turn.version
    choice = choose(turn.team, version.contract, version.calendars, now=turn.now, pool=cycle.hold.pool, had=cycle.reps)
    if choice.rep is not None:
        _note(turn, choice)
        assign(turn, choice)


def after_breach(turn: Turn) -> None:
    """Route again after a breach; with nobody else eligible it stays with an owner still there and escalates once."""
    owner = turn.cycle.owner
    if owner is None:
        return
    found = _placed(turn, stays_with=owner.rep, returns_to=None)
    if not isinstance(found.outcome, Stays):
        end_assignment(turn, AssignmentEnd.BREACH)
    settle(turn, found)


def _stays(turn: Turn, stays: Stays) -> None:
    """The escalation is the step's own message to the manager, or an alert where no step of the round told them."""
    cycle, manager = turn.cycle, manager_of(turn)
    turns = {each.id for each in cycle.assignments if each.ended_at is None}
    if turns <= cycle.escalated:
        return
    turn.put(escalated=cycle.escalated | turns)
    if not any(isinstance(effect, StepFell) and manager in effect.told for effect in turn.effects):
        turn.alert(manager, f"Nobody else is eligible after a breach: it stays with {stays.rep}")


def again(turn: Turn, end: AssignmentEnd, *, credit: bool = False) -> None:
    """Take a waiting handoff from its owner and route it again."""
    end_assignment(turn, end, credit=credit)
    route(turn)


def hand_to(turn: Turn, rep: str, end: AssignmentEnd, way: Way = Way.HUMAN, *, credit: bool = False) -> None:
    """Give the handoff to somebody by hand, which outranks the router."""
    version, cycle = turn.version, turn.cycle
    owner = cycle.owner
    pool = (owner.pool if owner is not None else None) or cycle.pool or _any_pool(turn)
    choice = give(turn.team, version.contract, version.calendars, now=turn.now, to=rep, pool=pool, way=way)
    _note(turn, choice)
    end_assignment(turn, end, credit=credit, keep_clocks=cycle.state is not CycleState.WAITING)
    assign(turn, choice)


def _any_pool(turn: Turn) -> str:
    """The pool that the rules name, for a handoff that came through none."""
    return pool_of(turn.version.contract, routing_values(turn))


def manager_of(turn: Turn) -> str:
    """Who manages the pool that the handoff is in, or would be if its account's owner did not have it; else sales."""
    cycle = turn.cycle
    owner = cycle.owner
    pool = owner.pool if owner is not None and owner.pool is not None else cycle.pool or cycle.ruled
    if cycle.hold is not None:
        pool = cycle.hold.pool
    manager = None if pool is None else turn.team.roster(pool).manager
    return manager or turn.version.contract.parties[PartyName.SALES].email
