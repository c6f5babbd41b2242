"""Clauses in English, what a lead is and where it goes: known data, score, definitions, routing, pools.

Each function gives one sentence without its full stop; explanations and differences use the same ones.
"""

from __future__ import annotations

import datetime as dt

from handfast.condition import Condition, ValueType
from handfast.contract.english.conditions import list_words, speaker, speaker_of
from handfast.contract.english.values import (
    Spans,
    a,
    count,
    day,
    duration,
    join_and,
    join_or,
    spans,
    spell_span,
    spoken,
    week,
)
from handfast.contract.model import (
    ActivityType,
    Attribute,
    BehaviourSignal,
    CalendarTerms,
    Contract,
    Disqualifier,
    Evidence,
    FitSignal,
    HandRaise,
    IcpDefinition,
    MqlDefinition,
    Nobody,
    Party,
    PartyName,
    Pool,
    Rule,
    SalDefinition,
    ShareBy,
    SqlDefinition,
)
from handfast.contract.terms import Fading

_TYPES = {
    ValueType.TEXT: "text",
    ValueType.NUMBER: "a number",
    ValueType.MONEY: "an amount of money",
    ValueType.BOOLEAN: "yes or no",
    ValueType.DATE: "a date",
    ValueType.COUNTRY: "a country",
}

_THINGS = {"unsubscribed": "unsubscription"}


def party(name: PartyName, terms: Party) -> str:
    """Who signs for a side."""
    signs = f"{terms.name} ({terms.email}) signs for {name}"
    return f"{signs}; {join_or(terms.deputies)} may sign instead" if terms.deputies else f"{signs}, without a deputy"


def kind(terms: Attribute | Evidence) -> str:
    """What may stand in an attribute, a property or a piece of evidence."""
    if terms.type is ValueType.CHOICE:
        return f"one of {join_or(terms.one_of)}" if terms.one_of else "one of no words"
    return type_words(terms.type)


def type_words(value: ValueType) -> str:
    """A type of values."""
    return _TYPES.get(value, "one of a list of words")


def attribute(terms: Attribute) -> str:
    """What is known about a lead under a name."""
    title = f" ({terms.title})" if terms.title else ""
    return f"{spoken(terms.name)}{title} is {kind(terms)}"


def activity(terms: ActivityType) -> str:
    """What is known of something a lead does."""
    properties = [f"{name} ({kind(each)})" for name, each in terms.properties.items()]
    return f"{thing(terms.name)}: {join_and(properties) or 'nothing more'} is recorded with it"


def evidence(terms: Evidence) -> str:
    """What a rep records."""
    return f"{terms.title}: {kind(terms)}"


def thing(name: str) -> str:
    """An activity as a thing: ``page viewed``."""
    return _THINGS.get(name) or spoken(name).replace("email", "e-mail")


def calendar(terms: CalendarTerms) -> str:
    """The opening hours of a calendar."""
    closed = f", closed on the holidays of {terms.holidays}" if terms.holidays else ""
    return f"the calendar {terms.name} is open {week(terms.hours)} ({terms.zone}){closed}"


def on_date(name: str, date: dt.date, hours: Spans) -> str:
    """An exception of a calendar."""
    return f"on {day(date)} the calendar {name} is {'open ' if hours else ''}{spans(hours)}"


def entries(name: str, words: frozenset[str]) -> str:
    """What a list holds."""
    return f"the list {name} holds {count(len(words), 'entry', 'entries')}: {list_words(words)}"


# Score.


def points(number: int) -> str:
    """``25 points``, or ``20 points off`` for what counts against a lead."""
    return f"{count(abs(number), 'point')}{' off' if number < 0 else ''}"


def floor(at_least: int) -> str:
    """The least that a group counts."""
    if at_least > 0:
        return f"together these count for at least {points(at_least)}"
    return f"together these take away at most {points(-at_least)}"


def fit_signal(contract: Contract, signal: FitSignal) -> str:
    """What a fit signal counts, and when."""
    return f"{signal.title}: {points(signal.points)} when {speaker(contract).condition(signal.when)}"


def behaviour_signal(contract: Contract, signal: BehaviourSignal) -> str:
    """What a behaviour signal counts, for which activities, for how long."""
    each = f"{points(signal.points)} for each {activities(contract, signal.on, signal.when)}"
    limits = lasting(signal)
    return f"{signal.title}: {each}" + (f"; {limits}" if limits else "")


def activities(contract: Contract, on: str, when: Condition | None) -> str:
    """Which activities are meant: ``page viewed whose path starts with "/pricing"``."""
    return thing(on) + (f" {speaker_of(contract, on).whose(when)}" if when is not None else "")


def lasting(signal: BehaviourSignal) -> str:
    """How many of a signal's activities count, for how long, and how they fade; empty when nothing limits them."""
    number = signal.most_recent
    parts = [f"for {spell_span(signal.expires)}"] if signal.expires is not None else []
    if signal.fades is not None:
        parts.append(f"fading by {fading(signal.fades)}")
    if number is None:
        return f"each counts {join_and(parts)}" if parts else ""
    counting = "only the most recent counts" if number == 1 else f"the {number} most recent count"
    return ", ".join([counting, *parts])


def warm(bar: int) -> str:
    """The bands of the score."""
    return f"from {points(bar)} in total a lead is warm; below it is nurtured, at the MQL bar it is handed to sales"


def fading(terms: Fading) -> str:
    """``25% every 14 days``."""
    return f"{terms.percent}% every {spell_span(terms.every)}"


# Definitions.


def mql(contract: Contract, terms: MqlDefinition) -> str:
    """When a lead is marketing-qualified."""
    return f"{terms.title} means that {speaker(contract).condition(terms.when)}"


def sal(terms: SalDefinition) -> str:
    """What accepting means."""
    return f"{terms.title} means: {terms.means}"


def icp(contract: Contract, terms: IcpDefinition) -> str:
    """Who the ideal customer is."""
    return f"{terms.title} means that {speaker(contract).condition(terms.when)}"


def hand_raise(contract: Contract, terms: HandRaise) -> str:
    """What qualifies at once."""
    raised = a(activities(contract, terms.on, terms.when))
    return f"{raised} is a hand-raise and qualifies at once, whatever the total"


def disqualifier(contract: Contract, terms: Disqualifier) -> str:
    """What keeps a lead out."""
    exception = ", unless a hand-raise is not older than that" if terms.except_hand_raise else ""
    return f"{terms.title}: no lead qualifies when {speaker(contract).condition(terms.when)}{exception}"


def needs(contract: Contract, terms: SqlDefinition) -> str:
    """What makes a lead sales-qualified."""
    titles = [f'"{contract.evidence[name].title if name in contract.evidence else name}"' for name in terms.needs]
    return f"{terms.title} means that the rep has recorded {join_and(titles) or 'it as such'}"


def reviewed(terms: IcpDefinition | MqlDefinition) -> str:
    """Where a definition was agreed and when it was last looked at; empty when neither is said."""
    parts = [f"agreed in {terms.reference}"] if terms.reference else []
    if terms.reviewed_on is not None:
        parts.append(f"last reviewed on {day(terms.reviewed_on)}")
    return f"this definition was {join_and(parts)}" if parts else ""


# Routing.


def rule(contract: Contract, terms: Rule, *, first: bool) -> str:
    """A routing rule, asked after those before it."""
    if terms.when is None and first:
        return f"all leads go to {terms.to}"
    return f"{'' if first or terms.when is None else 'otherwise, '}{leads(contract, terms)} go to {terms.to}"


def leads(contract: Contract, terms: Rule) -> str:
    """The leads that a rule is for."""
    return "all other leads" if terms.when is None else f"leads where {speaker(contract).condition(terms.when)}"


def pool(terms: Pool) -> str:
    """How a pool shares leads and what happens when nobody is eligible."""
    counted = "; account owners' and manual leads count too" if terms.count_all else ""
    return (
        f"the pool {terms.name} {shares(terms.share)} and keeps the hours of {terms.calendar}{counted}; "
        f"when nobody is eligible, {nobody(terms.nobody)}"
    )


def shares(value: ShareBy) -> str:
    """How members share."""
    return "shares leads by weight" if value is ShareBy.BY_WEIGHT else "shares leads evenly"


def receiver(name: str) -> str:
    """Whom a lead goes to that nobody in a pool can take."""
    return "the pool's manager" if name == "manager" else name


def nobody(terms: Nobody) -> str:
    """What happens to a lead nobody can take."""
    then = f"goes to {receiver(terms.then)}"
    held = f"is held for {duration(terms.hold)}, then " if terms.hold is not None else ""
    return f"a lead {held}{then}"
