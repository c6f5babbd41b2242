"""Handoffs of another system: stamped with its stages, and taken over as live cycles."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from handfast.contract.model import ClockName
from handfast.cycle.elsewhere import Elsewhere, first_contact, first_touch
from handfast.cycle.life import CycleEvent, CycleState
from handfast.cycle.values import AssignmentEnd, DealState
from handfast.engine import clocks, handing, judge
from handfast.engine.effects import ElsewhereChanged
from handfast.engine.ending import cooled
from handfast.engine.on.activity import begin
from handfast.engine.shadow import shadow_over
from handfast.engine.terms import Version
from handfast.engine.turn import Declined, Turn
from handfast.facts import Stage, StageStamped, TakenOver
from handfast.instant import Instant
from handfast.qualify import CONSENT
from handfast.route.rules import pool_of


def stamped(turn: Turn, fact: StageStamped) -> None:
    """Another system's stage, kept as it says. Whatever ends a handoff there, the lead cools off from it."""
    before = turn.lead.elsewhere.get(fact.handoff) or Elsewhere(id=fact.handoff)
    after = replace(
        before,
        stamps={**before.stamps, fact.stage: turn.happened_at},
        owner=fact.owner or before.owner,
        reason=fact.reason or before.reason,
    )
    if after == before:
        return
    _keep(turn, after)
    if after.ended_at is not None and before.ended_at is None:
        shadow_over(turn, after.ended_at)
        _cool_off(turn, after.ended_at)


def _keep(turn: Turn, handoff: Elsewhere) -> None:
    turn.know(elsewhere={**turn.lead.elsewhere, handoff.id: handoff})
    turn.tell(ElsewhereChanged, turn.named("elsewhere"), handoff=handoff)


def _cool_off(turn: Turn, at: Instant) -> None:
    """A pass that ended elsewhere is a pass that ended, unless a live one is with sales."""
    lead = turn.lead
    if lead.cycle is not None and lead.cycle.state is not CycleState.OPEN:
        return
    over = cooled(turn.governing, at)
    if over > turn.now:
        turn.know(cool_until=max(over, lead.cool_until or over))
    turn.know(fresh_from=max(at, lead.fresh_from or at), standing=None)


def taken_over(turn: Turn, fact: TakenOver) -> None:
    """Cut-over: an open handoff becomes a live cycle at its own stage, with its real instants, under today's version.

    Its clocks start at ``starts_at``, and not before now. Its owner there keeps it; where they are no active rep, or on
    leave, a waiting one is routed, and the manager hears of any other.
    """
    turn.check_live()
    turn.check_manager(fact.by)
    handoff, qualified_at, version = _open(turn, fact.handoff)
    inquiry_at = min(handoff.stamps.get(Stage.INQUIRY, qualified_at), qualified_at)
    begin(turn, inquiry_at)
    judge.rejudged(turn, loaded=True)
    turn.move(
        CycleEvent.QUALIFIED,
        at=qualified_at,
        by=fact.by,
        version=version.number,
        inquiry_at=min(inquiry_at, turn.cycle.inquiry_at),
        qualified_at=qualified_at,
        raised_at=qualified_at,
        held_by=(),
        first_touch_at=first_touch(turn.lead.touches, qualified_at),
        contact_at=first_contact(turn.lead.touches, qualified_at),
        attempts=tuple(sorted(each.at for each in turn.lead.touches if each.at >= qualified_at and not each.contact)),
        taken_over=handoff.id,
        clocks_from=max(turn.now, fact.starts_at),
    )
    turn.put(ruled=pool_of(version.contract, handing.routing_values(turn)))
    _keep(turn, replace(handoff, taken_over=turn.cycle.id))
    if handoff.stage is Stage.QUALIFIED:
        _waits(turn, handoff, qualified_at)
    else:
        _goes_on(turn, handoff, qualified_at)


def _open(turn: Turn, name: str) -> tuple[Elsewhere, Instant, Version]:
    """The handoff, when that system gave it to sales, and the version in force. Raises Declined."""
    lead, handoff = turn.lead, turn.lead.elsewhere.get(name)
    if handoff is None or handoff.qualified_at is None or handoff.ended_at is not None:
        raise Declined(
            "not_open_elsewhere",
            f"{lead.id} has no handoff {name} that is open with sales in another system: tell of its stages first.",
        )
    if handoff.taken_over is not None:
        raise Declined("taken_over_already", f"{name} of {lead.id} was taken over already, as {handoff.taken_over}.")
    if lead.cycle is not None and lead.cycle.state is not CycleState.OPEN:
        raise Declined(
            "live_already",
            f"{lead.id} is with sales already, in the live cycle {lead.cycle.id}, and has one at most: "
            f"close {name} in the other system.",
        )
    version = turn.terms.in_force(turn.now)
    if version is None:
        raise Declined("no_version", "No version of the contract is in force yet: sign one, then take handoffs over.")
    found = judge.governed(turn)
    if found is not None and found[0].values.get(CONSENT) == "denied":
        raise Declined("opted_out", f"{lead.id} does not want to be contacted: close {name} in the other system.")
    return handoff, handoff.qualified_at, version


def _waits(turn: Turn, handoff: Elsewhere, qualified_at: Instant) -> None:
    """Sales has not decided: the first touch, unless it was made, and the owner's clocks start when they are to."""
    rep = turn.team.reps.get(handoff.owner)
    if rep is not None and rep.present:
        handing.hand_to(turn, rep.name, AssignmentEnd.HUMAN)
        owner = turn.cycle.owner
        turn.put(pool=None if owner is None else owner.pool)
        _first_touch(turn)
        if any(each.by == rep.name and each.at >= qualified_at for each in turn.lead.touches):
            clocks.answer(turn, ClockName.RESPONSE, turn.now, rep=rep.name)
        return
    found = handing.first_placed(turn)
    _first_touch(turn)
    handing.settle(turn, found)


def _first_touch(turn: Turn) -> None:
    if turn.cycle.first_touch_at is None:
        clocks.start(turn, ClockName.FIRST_TOUCH, pool=turn.cycle.pool)


def _goes_on(turn: Turn, handoff: Elsewhere, qualified_at: Instant) -> None:
    """Sales has accepted it: stages as they were stamped, those that were skipped inferred, and ``working`` at most."""
    stage, stamps, owner = handoff.stage, handoff.stamps, handoff.owner
    for each in _ORDER[: _ORDER.index(stage) + 1]:
        at = max(stamps.get(each, stamps[stage]), qualified_at)
        changes: dict[str, Any] = {_FIELDS[each]: at}
        if each is Stage.ACCEPTED:
            changes["accepted_by"] = owner
        if each not in stamps:
            changes["inferred"] = turn.cycle.inferred | {_STATES[each]}
        if each not in stamps and stage is Stage.OPPORTUNITY:
            turn.put(**changes)
        else:
            turn.move(_EVENTS[each], at=at, by=owner, **changes)
    if stage is Stage.OPPORTUNITY:
        free = (each.id for each in turn.lead.deals.values() if each.state is DealState.OPEN and each.cycle is None)
        turn.put(deals=(*turn.cycle.deals, *free))
    rep = turn.team.reps.get(owner)
    if rep is not None and rep.active:
        handing.hand_to(turn, rep.name, AssignmentEnd.HUMAN)
    else:
        turn.alert(handing.manager_of(turn), "It was taken over without an owner: somebody has to take it on")
    if stage is Stage.ACCEPTED:
        now_with = turn.cycle.owner
        clocks.start(turn, ClockName.WORKING, pool=None if now_with is None else now_with.pool)


_ORDER = (Stage.ACCEPTED, Stage.SQL, Stage.OPPORTUNITY)
_EVENTS = {
    Stage.ACCEPTED: CycleEvent.ACCEPTED,
    Stage.SQL: CycleEvent.SALES_QUALIFIED,
    Stage.OPPORTUNITY: CycleEvent.OPPORTUNITY_OPENED,
}
_STATES = {Stage.ACCEPTED: CycleState.ACCEPTED, Stage.SQL: CycleState.SQL}
_FIELDS = {Stage.ACCEPTED: "accepted_at", Stage.SQL: "sql_at", Stage.OPPORTUNITY: "opportunity_at"}
