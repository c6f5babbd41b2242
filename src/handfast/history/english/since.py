"""What happened to a lead, sentence by sentence: what it was told of, and what the evaluator made of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from handfast import facts
from handfast.contract.english.values import join_and, spoken
from handfast.cycle.life import CycleEvent
from handfast.cycle.values import AssignmentEnd
from handfast.engine import effects
from handfast.engine.deliver import ELSEWHERE
from handfast.engine.effects import BreachChange, ClockChange
from handfast.facts import TouchKind
from handfast.history.english.due import called
from handfast.history.english.handing import of_way
from handfast.history.english.said import Wording, stop
from handfast.history.line import snake
from handfast.instant import Instant
from handfast.route.ledger import EntryKind

Dated = tuple[Instant, str]

_WITHDRAWN: Mapping[str, str] = {
    "opted_out": "because contact was denied",
    "merged": "because the lead was another's double",
    "erased": "because the person asked to be forgotten",
    "admin": "by an administrator",
}

_MOVED: Mapping[CycleEvent, str] = {
    CycleEvent.OPENED: "A cycle opened",
    CycleEvent.QUALIFIED: "It qualified, and was delivered to sales",
    CycleEvent.ACCEPTED: "{by} accepted it",
    CycleEvent.RETURNED: "{by} returned it as not theirs: {reason}",
    CycleEvent.REJECTED: "{by} rejected it before contact: {reason}",
    CycleEvent.CONTESTED: "{by} rejected it: {reason}; the data contradict that, so that marketing decides",
    CycleEvent.UPHELD: "{by} upheld the rejection: {reason}",
    CycleEvent.LAPSED: "Marketing let the contest lapse, so that the rejection stands: {reason}",
    CycleEvent.OVERTURNED: "{by} overturned the rejection, and it waits again",
    CycleEvent.SALES_QUALIFIED: "{by} qualified it for the pipeline, with the evidence recorded",
    CycleEvent.OPPORTUNITY_OPENED: "An opportunity was opened",
    CycleEvent.DISQUALIFIED: "{by} disqualified it: {reason}",
    CycleEvent.WON: "The deal was won",
    CycleEvent.LOST: "The deal was lost",
    CycleEvent.WITHDRAWN: "It was withdrawn {withdrawn}",
}

_ENDED: Mapping[AssignmentEnd, str] = {
    AssignmentEnd.RETURNED: "was over, returned",
    AssignmentEnd.CONTESTED: "was over with the contest",
    AssignmentEnd.BREACH: "was over, because a promise was broken",
    AssignmentEnd.ABSENCE: "was over, because they are away",
    AssignmentEnd.REP_GONE: "was over, because they are gone",
    AssignmentEnd.HUMAN: "was over, because a manager gave it to somebody else",
    AssignmentEnd.BULK: "was over, because a manager moved many at once",
    AssignmentEnd.MERGED: "was over, because the lead was another's double",
}

_CLOCKS: Mapping[ClockChange, str] = {
    ClockChange.STOPPED: "{clock} was kept",
    ClockChange.BREACHED: "{clock} was broken: it was due then",
    ClockChange.ANSWERED_LATE: "{clock} was answered, late",
    ClockChange.SUSPENDED: "{clock} stands still until the contest is settled",
    ClockChange.PAUSED: "{clock} was paused until {until}, as the prospect asked",
    ClockChange.RESUMED: "{clock} went on, and is due on {due}",
    ClockChange.TIGHTENED: "{clock} is due earlier, on {due}, because a hand was raised",
    ClockChange.CANCELLED: "{clock} runs no more",
    ClockChange.MISSED: "{clock} was never answered",
}


def of_effect(wording: Wording, effect: effects.Effect) -> Iterator[Dated]:
    """The sentence of an effect; of those that are told elsewhere, none."""
    teller = _EFFECTS.get(type(effect))
    if teller is not None and (text := teller(wording, effect)):
        yield effect.at, stop(text)


def _moved(wording: Wording, effect: effects.Moved) -> str:
    text = _MOVED[effect.event].format(
        by=effect.by or "the engine",
        reason=wording.reason(effect.reason),
        withdrawn=_WITHDRAWN.get(effect.reason, spoken(effect.reason)),
    )
    late = effect.happened_at < effect.at and effect.event is not CycleEvent.LAPSED
    return f"{text} (it happened on {wording.when(effect.happened_at)})" if late else text


def _assigned(_: Wording, effect: effects.Assigned) -> str:
    return f"It went to {effect.assignment.rep} ({of_way(effect.assignment.way)})"


def _turn_over(_: Wording, effect: effects.AssignmentEnded) -> str:
    return f"The turn of {effect.rep} {_ENDED[effect.end]}" if effect.end in _ENDED else ""


def _ledger(_: Wording, effect: effects.LedgerEntry) -> str:
    credited = effect.kind is EntryKind.CREDIT
    return f"{effect.rep} was credited in the ledger of the pool {effect.pool}" if credited else ""


def _held(wording: Wording, effect: effects.HoldBegan) -> str:
    return f"Nobody was eligible: it is held for the pool {effect.hold.pool} until {wording.when(effect.hold.due_at)}"


def _clock(wording: Wording, effect: effects.ClockChanged) -> str:
    clock = effect.clock
    whose = f"The {called(clock.name)}{f' of {clock.rep}' if clock.rep else ''}"
    if effect.change is ClockChange.ANSWERED_LATE and clock.recorded_late:
        return f"{whose} had been answered in time, which was recorded after its due"
    due, until = (wording.when(at) if at is not None else "" for at in (clock.due_at, clock.paused_until))
    return _CLOCKS[effect.change].format(clock=whose, due=due, until=until) if effect.change in _CLOCKS else ""


def _step(wording: Wording, effect: effects.StepFell) -> str:
    clock = f"At {effect.percent}% of the {called(wording.clocks[effect.clock])}"
    if effect.told:
        text = f"{clock} {join_and(list(effect.told))} {'was' if len(effect.told) == 1 else 'were'} told"
    elif effect.to:
        text = f"{clock} {join_and([spoken(who) for who in effect.to])} would have been told; found too late to send"
    else:
        text = clock
    return text


def _breach(_: Wording, effect: effects.BreachChanged) -> str:
    breach = effect.breach
    match effect.change:
        case BreachChange.PROPOSED:
            return f"The probable cause: {spoken(breach.proposed)}"
        case BreachChange.CAUSE_SET:
            return f"{effect.by} said what broke the {called(breach.name)}: {spoken(breach.cause or '')}"
        case BreachChange.EXCUSED:
            return f"{effect.by} excused the broken {called(breach.name)}: {breach.excused}"
    return ""


def _banded(_: Wording, effect: effects.BandChanged) -> str:
    return f"Its band went from {effect.before} to {effect.after}"


def _kept_out(_: Wording, effect: effects.HeldByDisqualifier) -> str:
    if effect.disqualifiers == (ELSEWHERE,):
        return "It would have qualified, and was not delivered, because sales has it in another system"
    return f"It would have qualified, and was kept out by {join_and([spoken(each) for each in effect.disqualifiers])}"


def _in_shadow(wording: Wording, effect: effects.ShadowJudged) -> str:
    judged = effect.judgement
    if judged.over_at is not None:
        return ""
    whom = f"to {judged.rep}" if judged.rep else f"and held for the pool {judged.pool}"
    due = wording.when(judged.due_at)
    return f"In shadow mode it would have been delivered, {whom}, with a first touch due on {due}"


def _joined(_: Wording, effect: effects.DealChanged) -> str:
    return f"It joined the deal {effect.deal}, which is open at its account" if effect.what == "joined" else ""


def _alerted(_: Wording, effect: effects.Alerted) -> str:
    return f"{effect.to} was told: {effect.what}"


def of_refusal(fact: facts.Fact, refused: effects.Refused) -> Dated:
    """What somebody wanted and could not have, and why."""
    who = getattr(fact, "by", "") or "somebody"
    what = spoken(snake(type(fact).__name__))
    return refused.at, stop(f"What {who} said was refused ({what}): {refused.message}")


_EFFECTS: Mapping[type[effects.Effect], Callable[[Wording, Any], str]] = {
    effects.Moved: _moved,
    effects.Assigned: _assigned,
    effects.AssignmentEnded: _turn_over,
    effects.LedgerEntry: _ledger,
    effects.HoldBegan: _held,
    effects.ClockChanged: _clock,
    effects.StepFell: _step,
    effects.BreachChanged: _breach,
    effects.BandChanged: _banded,
    effects.HeldByDisqualifier: _kept_out,
    effects.DealChanged: _joined,
    effects.ShadowJudged: _in_shadow,
    effects.Alerted: _alerted,
}


def of_fact(wording: Wording, fact: facts.Fact) -> Iterator[Dated]:
    """The sentence of a fact that says something its effects do not."""
    teller = _FACTS.get(type(fact))
    if teller is not None:
        text = stop(teller(fact))
        late = fact.recorded_at > fact.happened_at
        yield fact.happened_at, f"{text[:-1]} (recorded {wording.when(fact.recorded_at)})." if late else text


def _touched(fact: facts.TouchMade) -> str:
    if not fact.human:
        return f"{fact.by} sent something automated, which counts as no touch"
    way = "reached the lead: a contact" if fact.kind is TouchKind.CONTACT else "tried to reach the lead: an attempt"
    return f"{fact.by} {way}{', as they say themselves' if fact.self_reported else ''}"


def _created(fact: facts.LeadCreated) -> str:
    return f"The lead was {'put on an import list' if fact.listed else 'first seen'}"


def _learned(fact: facts.AttributesChanged) -> str:
    return f"It became known: {join_and([spoken(name) for name in sorted(fact.attributes)]) or 'its account'}"


def _did(fact: facts.ActivityHappened) -> str:
    about = ", ".join(f"{spoken(name)} {value}" for name, value in sorted(fact.properties.items()))
    text = f"The lead did something: {spoken(fact.kind)}{f' ({about})' if about else ''}"
    return f"{text}, or rather a bot did, which is not scored" if fact.by_bot else text


def _consented(fact: facts.ConsentChanged) -> str:
    return f"Consent to {fact.purpose} was {'granted' if fact.granted else 'denied'}"


def _stamped(fact: facts.StageStamped) -> str:
    return f"Another system called {fact.handoff} {fact.stage}{f', with {fact.owner}' if fact.owner else ''}"


def _noted(fact: Any) -> str:
    return f'{fact.by} noted: "{fact.note}"'


_FACTS: Mapping[type[facts.Fact], Callable[[Any], str]] = {
    facts.TouchMade: _touched,
    facts.LeadCreated: _created,
    facts.AttributesChanged: _learned,
    facts.ActivityHappened: _did,
    facts.ConsentChanged: _consented,
    facts.LeadsMerged: lambda fact: f"{fact.absorbed} was found to be the same human, and merged into it",
    facts.LeadErased: lambda _: "The person asked to be forgotten",
    facts.ContestUpheld: _noted,
    facts.ContestOverturned: _noted,
    facts.ClockPaused: _noted,
    facts.AdminWithdrew: _noted,
    facts.StageStamped: _stamped,
    facts.TakenOver: lambda fact: f"{fact.by} took over {fact.handoff}, which was open in another system",
    facts.DealOpened: lambda fact: f"The deal {fact.deal} was opened",
    facts.DealWon: lambda fact: f"The deal {fact.deal} was won",
    facts.DealLost: lambda fact: f"The deal {fact.deal} was lost",
    facts.DealReopened: lambda fact: f"The deal {fact.deal} was opened again, which changes the deal and no cycle",
    facts.DealAmended: lambda fact: f"The deal {fact.deal} is worth {fact.amount} {fact.currency}".rstrip(),
}
