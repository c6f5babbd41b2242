"""What a lead is and does: created, changed, acting; and looked at by a tick."""

from __future__ import annotations

from collections.abc import Mapping

from handfast.condition import Value
from handfast.cycle.life import CycleEvent, CycleState
from handfast.cycle.values import Act, new_cycle
from handfast.engine import handing, judge
from handfast.engine.deliver import consider, raised_again
from handfast.engine.effects import Moved
from handfast.engine.ending import opted_out
from handfast.engine.turn import Turn
from handfast.facts import ActivityHappened, AttributesChanged, LeadCreated, Tick
from handfast.instant import Instant
from handfast.qualify import CONSENT


def created(turn: Turn, fact: LeadCreated) -> None:
    """First seen, or put on an import list: what is known is taken in, and a cycle opens if none is open.

    A record that is created again is no new inquiry, and neither is a list from before the last cycle ended. A denial
    of contact among what became known ends what was open.
    """
    open_before, denied_before = turn.lead.cycle is not None, turn.lead.known.get(CONSENT)
    before = judge.standing_of(turn)
    learn(turn, fact.attributes, fact.account)
    if open_before and turn.lead.known.get(CONSENT) != denied_before and opted_out(turn):
        return
    if (fact.listed or not turn.lead.cycles) and not _stale(turn):
        begin(turn, turn.happened_at)
    opened = turn.lead.cycle is not None and not open_before
    consider(turn, raised_at=turn.happened_at, news=opened or judge.other_values(turn, before))


def attributes_changed(turn: Turn, fact: AttributesChanged) -> None:
    """Attributes became known, changed or unknown; that opens nothing, and may qualify what is open.

    A denial of contact that becomes known ends what is open; one known since the cycle opened only holds it back.
    What a nightly sync merely tells again is no change.
    """
    before, denied_before = judge.standing_of(turn), turn.lead.known.get(CONSENT)
    learn(turn, fact.attributes, fact.account)
    if turn.lead.known.get(CONSENT) == denied_before or not opted_out(turn):
        consider(turn, raised_at=turn.happened_at, news=judge.other_values(turn, before))


def happened(turn: Turn, fact: ActivityHappened) -> None:
    """The lead did something. What a bot did is kept as a fact, and neither scored nor taken for the lead.

    History that is loaded, and what happened before the last cycle ended, raise no hand within a delivered cycle.
    """
    if fact.by_bot:
        return
    act = Act(turn.happened_at, fact.kind, fact.properties, fact.loaded)
    stale = _stale(turn)
    if not stale:
        begin(turn, turn.happened_at)
    delivered = turn.lead.cycle is not None and turn.lead.cycle.version is not None
    judge.with_act(turn, act)
    consider(turn, raised_at=act.happened_at)
    if delivered and not (fact.loaded or stale):
        raised_again(turn, act)


def ticked(turn: Turn, _: Tick) -> None:
    """The engine looks: somebody may have become eligible; a band may have changed by fading. Nobody qualifies."""
    handing.try_hold(turn)
    judge.rejudged(turn)


def learn(turn: Turn, told: Mapping[str, Value | None], account: str | None) -> None:
    """Take attributes and account in. What is known from a later instant stays.

    What is told again keeps its own first instant.
    """
    known, since, stated = dict(turn.lead.known), dict(turn.lead.known_since), dict(turn.lead.stated_at)
    at = turn.happened_at
    for name, value in told.items():
        if max(since.get(name, at), stated.get(name, at)) > at:
            continue
        stated[name] = at
        if name not in known or known[name] != value:
            known[name], since[name] = value, at
            if name == "email" and "email_domain" not in told:
                since["email_domain"] = at
    turn.know(known=known, known_since=since, stated_at=stated)
    if account is not None and (turn.lead.account_at is None or turn.lead.account_at <= at):
        turn.know(account=account, account_at=at)
    judge.with_known(turn)


def _stale(turn: Turn) -> bool:
    """Whether the fact lies before the end of the last cycle, and is nothing new."""
    since = turn.lead.fresh_from
    return since is not None and turn.happened_at <= since


def begin(turn: Turn, at: Instant) -> None:
    """A cycle opens when a lead without an open one is created, acts, or is put on an import list: at ``at``."""
    lead = turn.lead
    if lead.cycle is not None:
        return
    cycle = new_cycle(f"{lead.id}/{lead.cycles + 1}", at)
    turn.know(cycle=cycle, cycles=lead.cycles + 1)
    turn.tell(
        Moved,
        turn.numbered("t"),
        cycle=cycle.id,
        event=CycleEvent.OPENED,
        before=None,
        after=CycleState.OPEN,
        happened_at=at,
    )
