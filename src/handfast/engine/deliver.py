"""From open to waiting: a lead that qualifies is delivered to sales; and what a hand raised again brings about."""

from __future__ import annotations

from handfast.contract.model import ClockName
from handfast.cycle.life import CycleEvent, CycleState
from handfast.cycle.values import Act, ClockState, Lead
from handfast.engine import clocks, handing, judge
from handfast.engine.shadow import shadow
from handfast.engine.turn import Turn
from handfast.instant import Instant
from handfast.qualify import Judgement

ELSEWHERE = "handoff_elsewhere"
"""What keeps a lead out, and is counted beside the disqualifiers, while another system has a handoff of it open."""

_OWNED = frozenset((CycleState.ACCEPTED, CycleState.SQL, CycleState.OPPORTUNITY))


def consider(turn: Turn, *, raised_at: Instant, by_itself: bool = False, news: bool = True) -> None:
    """Judge the lead because something about it changed; deliver it when it qualifies and cooling off is over.

    History that is loaded makes facts and cycles, and delivers nothing: it would start clocks over what is long past.
    ``raised_at``: when that something happened. ``by_itself``: it was due, whatever fact brought it to light.
    Without ``news`` nothing about the lead has changed, and whoever qualifies now does so through time or an amendment:
    that delivers nobody (semantics.md, Score).
    """
    judgement = judge.rejudged(turn)
    cycle = turn.lead.cycle
    if judgement is None or cycle is None or cycle.state is not CycleState.OPEN:
        return
    if turn.lead.cool_until is not None and judgement.hand_raised:
        turn.know(cool_until=None)  # a hand-raise ends the cooling off
    ready = judgement.qualified and turn.lead.cool_until is None and (by_itself or not turn.fact.loaded)
    if ready and news and turn.team.shadow is not None:
        shadow(turn, judgement, raised_at=raised_at)
    elif ready and waits_elsewhere(turn.lead):
        judge.held(turn, (ELSEWHERE,))
    else:
        judge.held(turn, judgement.held_by)
        if ready and news:
            deliver(turn, judgement, raised_at=raised_at)


def waits_elsewhere(lead: Lead) -> bool:
    """Whether sales has the lead in another system: it is handed over once, and taken over from there."""
    return any(each.waits for each in lead.elsewhere.values())


def deliver(turn: Turn, judgement: Judgement, *, raised_at: Instant, by: str = "") -> None:
    """Version pinned, routed, clocks started; all of it now, whenever the activity happened."""
    version = turn.governing
    if version is None:
        raise ValueError("nothing is delivered before the first version")
    if judgement.raised is not None:
        raised_at = judgement.raised.happened_at
    turn.move(
        CycleEvent.QUALIFIED,
        at=turn.now,
        by=by,
        version=version.number,
        qualified_at=turn.now,
        raised_at=raised_at,
        hand_raised=judgement.hand_raised,
    )
    found = handing.first_placed(turn)
    clocks.start(turn, ClockName.FIRST_TOUCH, pool=turn.cycle.pool)
    handing.settle(turn, found)


def raised_again(turn: Turn, act: Act) -> None:
    """A hand raised within a delivered cycle: dues become the earlier ones, or the owner hears of it."""
    cycle = turn.lead.cycle
    if cycle is None or not judge.raised_by(turn, act):
        return
    if cycle.state is CycleState.WAITING and cycle.first_touch_at is None:
        turn.put(hand_raised=True, clocks_from=None)
        clocks.tighten(turn)
    elif cycle.state in _OWNED and cycle.owner is not None:
        owner = cycle.owner
        turn.put(hand_raised=True, clocks_from=None)
        turn.alert(owner.rep, "The lead raised a hand again")
        running = cycle.open_clock(ClockName.RESPONSE)
        if running is None or running.state is ClockState.BREACHED or running.assignment != owner.id:
            clocks.start(turn, ClockName.RESPONSE, pool=owner.pool, assignment=owner)
