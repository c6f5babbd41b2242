"""Shadow mode: live facts are judged, and nothing is assigned, promised or sent.

A judgement is a value in a stream of its own, never a cycle. Ledgers and levels of the shadow team move with each, so
that leads are shared out as they would be; what would be on whose hands is not known, and caps on it do not apply.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from handfast.changed import changed
from handfast.clock import started
from handfast.contract.model import ClockName
from handfast.cycle.elsewhere import Shadowed
from handfast.engine.effects import ShadowJudged
from handfast.engine.joining import joinable
from handfast.engine.judge import governed, then
from handfast.engine.seen import ChoiceSeen
from handfast.engine.turn import Turn
from handfast.instant import Instant
from handfast.qualify import Judgement, values_for_routing
from handfast.route.choice import Choice
from handfast.route.ledger import assigned, released
from handfast.route.place import Handoff, Placed, place
from handfast.route.team import Team
from handfast.route.told import until


def shadow(turn: Turn, judgement: Judgement, *, raised_at: Instant) -> None:
    """Note that a lead would be delivered now, to whom, and until when it would have to be touched; once a pass."""
    found, team = governed(turn), turn.team.shadow
    lead = turn.lead
    if found is None or team is None or (lead.shadowed and lead.shadowed[-1].over_at is None):
        return
    standing, version = found
    team = until(team, turn.now).team
    values = values_for_routing(then(lead, standing, turn.now), judgement)
    handoff = Handoff(values=values, owner=team.owner_of(lead.account), opportunity=joinable(turn))
    placed = place(team, version.contract, version.calendars, handoff, now=turn.now)
    first = next(each for each in (*placed.nobody, placed.outcome) if isinstance(each, Choice))
    turn.trace.append(partial(ChoiceSeen.of, version.number, first))
    terms = version.contract.clocks[ClockName.FIRST_TOUCH]
    clock = started(terms, turn.now, version.calendars, pool=first.via, hand_raised=judgement.hand_raised)
    judged = Shadowed(
        id=f"{lead.id}/s{len(lead.shadowed) + 1}",
        at=turn.now,
        raised_at=raised_at if judgement.raised is None else judgement.raised.happened_at,
        version=version.number,
        hand_raised=judgement.hand_raised,
        rep=placed.outcome.rep if isinstance(placed.outcome, Choice) else None,
        pool=first.pool,
        due_at=clock.due_at,
    )
    turn.team = changed(turn.team, shadow=_moved(team, placed, judged.id))
    turn.know(shadowed=(*lead.shadowed, judged))
    turn.tell(ShadowJudged, judged.id, judgement=judged)


def _moved(team: Team, found: Placed, name: str) -> Team:
    """The team after a judgement: its ledger moves, and nothing stays on anybody's hands."""
    choice = found.outcome
    if not isinstance(choice, Choice) or choice.rep is None:
        return team
    after, _ = assigned(team, choice, cycle=name)
    return released(after, choice.rep, choice.via)


def shadow_over(turn: Turn, at: Instant) -> None:
    """The other system's handoff ended: the latest judgement before that is over, and another may follow."""
    shadowed = turn.lead.shadowed
    if not shadowed or shadowed[-1].over_at is not None or shadowed[-1].at > at:
        return
    over = replace(shadowed[-1], over_at=at)
    turn.know(shadowed=(*shadowed[:-1], over))
    turn.tell(ShadowJudged, f"{over.id}:over", judgement=over)
