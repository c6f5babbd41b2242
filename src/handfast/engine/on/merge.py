"""Two leads that were the same human become one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from handfast.condition import Value
from handfast.cycle.life import CycleEvent, CycleState
from handfast.cycle.log import Log, Seen
from handfast.cycle.values import AssignmentEnd, Cycle, Deal, DealState, Lead
from handfast.engine import joining
from handfast.engine.deliver import consider
from handfast.engine.due import advance
from handfast.engine.ending import end, opted_out
from handfast.engine.turn import Declined, Turn
from handfast.facts import LeadsMerged
from handfast.instant import Instant
from handfast.qualify import CONSENT

_FURTHEST = (
    CycleState.OPEN,
    CycleState.WAITING,
    CycleState.CONTESTED,
    CycleState.ACCEPTED,
    CycleState.SQL,
    CycleState.OPPORTUNITY,
)
_CONSENTS = (CONSENT, "consent_marketing")


def merged(turn: Turn, fact: LeadsMerged) -> None:
    """Of two open cycles the one furthest along survives, then the earliest; the other is withdrawn as merged.

    Its owner is credited, ended cycles stay as they are, and the survivor is judged again.
    """
    absorbed = turn.other
    if absorbed is None:
        raise Declined("unknown_lead", f"There is no lead {fact.absorbed} that could be merged: nobody has told of it.")
    if absorbed.id == turn.lead.id or absorbed.merged_into is not None:
        raise Declined(
            "merged_already", f"{fact.absorbed} and {fact.lead} are one lead already: there is nothing to do."
        )
    if absorbed.erased:
        raise Declined("erased", f"{fact.absorbed} was erased: there is nothing to merge, and nothing is taken over.")
    if absorbed.recorded_at is not None and absorbed.recorded_at > turn.now:
        raise Declined(
            "out_of_order",
            f"Something about {fact.absorbed} was recorded after this merge, and is decided upon already: record the "
            "merge now.",
        )
    absorbed = _caught_up(turn, absorbed)
    cycles = turn.lead.cycle, absorbed.cycle
    survivor = _survivor(*cycles)
    absorbed = _without_loser(turn, absorbed, survivor)
    turn.lead = _joined(turn.lead, absorbed, survivor)
    if survivor is not None:
        loser = next((each for each in cycles if each is not None and each is not survivor), None)
        turn.know(cycle=_with_deals(survivor, loser, turn.lead.deals))
    joining.follow(turn, absorbed=absorbed.id)
    turn.other = Lead(id=absorbed.id, facts=absorbed.facts, merged_into=turn.lead.id, cycles=absorbed.cycles)
    if not opted_out(turn):
        consider(turn, raised_at=turn.happened_at)


def _caught_up(turn: Turn, absorbed: Lead) -> Lead:
    """The absorbed lead after its dues that lie before the merge: what was broken by then stays broken."""
    mine, turn.lead = turn.kept(), absorbed
    advance(turn, turn.now - 1)
    absorbed, turn.lead = turn.lead, mine
    return absorbed


def _survivor(mine: Cycle | None, other: Cycle | None) -> Cycle | None:
    if mine is None or other is None:
        return mine or other
    return max(mine, other, key=lambda cycle: (_FURTHEST.index(cycle.state), -cycle.inquiry_at))


def _without_loser(turn: Turn, absorbed: Lead, survivor: Cycle | None) -> Lead:
    """Withdraw the cycle that does not survive, on whichever lead it is; hand the absorbed lead back."""
    mine = turn.kept()
    if mine.cycle is not None and mine.cycle is not survivor:
        end(turn, CycleEvent.WITHDRAWN, at=turn.happened_at, reason="merged", because=AssignmentEnd.MERGED)
        _as_before(turn, mine)
    elif absorbed.cycle is not None and absorbed.cycle is not survivor:
        turn.lead = absorbed
        end(turn, CycleEvent.WITHDRAWN, at=turn.happened_at, reason="merged", because=AssignmentEnd.MERGED)
        _as_before(turn, absorbed)
        absorbed, turn.lead = turn.lead, mine
    return absorbed


def _as_before(turn: Turn, lead: Lead) -> None:
    """A double that ends is no end of the human's pass: nothing cools off, and no evidence turns stale by it."""
    turn.know(cool_until=lead.cool_until, fresh_from=lead.fresh_from)


def _joined(lead: Lead, absorbed: Lead, survivor: Cycle | None) -> Lead:
    known, since = _known(lead, absorbed)
    account, account_at = _account(lead, absorbed)
    return replace(
        lead,
        known=known,
        known_since=since,
        stated_at=_latest(lead.stated_at, absorbed.stated_at),
        account=account,
        account_at=account_at,
        acts=Log(sorted((*lead.acts, *absorbed.acts), key=lambda act: act.happened_at)),
        facts=Seen((*lead.facts, *absorbed.facts)),
        standing=None,
        cycle=survivor,
        ended=tuple(sorted((*lead.ended, *absorbed.ended), key=lambda cycle: cycle.ended_at or 0)),
        cool_until=_later(lead.cool_until, absorbed.cool_until),
        fresh_from=_later(lead.fresh_from, absorbed.fresh_from),
        deals={**absorbed.deals, **lead.deals},
        breaches={**absorbed.breaches, **lead.breaches},
        elsewhere={**absorbed.elsewhere, **lead.elsewhere},
        touches=Log((*lead.touches, *absorbed.touches)),
        shadowed=tuple(sorted((*lead.shadowed, *absorbed.shadowed), key=lambda each: each.at)),
    )


def _with_deals(survivor: Cycle, loser: Cycle | None, deals: Mapping[str, Deal]) -> Cycle:
    """The deals of the cycle that does not survive, open ones and those it joined, go on with the one that does."""
    if loser is None:
        return survivor
    taken = [each for each in loser.deals if each not in deals or deals[each].state is DealState.OPEN]
    return replace(survivor, deals=tuple(dict.fromkeys((*survivor.deals, *taken))))


def _account(lead: Lead, absorbed: Lead) -> tuple[str | None, Instant | None]:
    """What was said last of whose account they are; of two at one instant, what was said of the lead itself."""
    stated = [(each.account_at, each.account) for each in (lead, absorbed) if each.account_at is not None]
    at, account = max(stated, key=lambda one: one[0], default=(None, None))
    return account, at


def _later(one: Instant | None, other: Instant | None) -> Instant | None:
    known = [each for each in (one, other) if each is not None]
    return max(known, default=None)


def _latest(one: Mapping[str, Instant], other: Mapping[str, Instant]) -> Mapping[str, Instant]:
    return {**one, **{name: max(at, one.get(name, at)) for name, at in other.items()}}


def _known(lead: Lead, absorbed: Lead) -> tuple[Mapping[str, Value | None], Mapping[str, Instant]]:
    """Of each attribute what became known last; a denial of consent survives, whichever of the two it stood on."""
    known, since = dict(lead.known), dict(lead.known_since)
    for name, value in absorbed.known.items():
        at = absorbed.known_since[name]
        newer = name not in known or known[name] is None or at > since[name]
        denied = name in _CONSENTS and value == "denied"
        kept = name in _CONSENTS and known.get(name) == "denied"
        if value is not None and (denied or (newer and not kept)):
            known[name] = value
            since[name] = max(at, since[name]) if denied and kept else at
    for name, at in absorbed.known_since.items():
        since.setdefault(name, at)
    return known, since
