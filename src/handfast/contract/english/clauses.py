"""Clauses in English, what a lead is and where it goes: known data, score, definitions, routing, pools.

Each function gives one sentence without its full stop; explanations and differences use the same ones.
"""

from __future__ import annotations

import datetime as dt

from handfast.condition import Condition, ValueType
from handfast.contract.english.conditions import list_words, speaker, speaker_of
from handfast.contract.english.names import side, thing, type_words
from handfast.contract.english.values import (
    Spans,
    a,
    day,
    decimal,
    duration,
    join_and,
    join_or,
    percent,
    quoted,
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
from handfast.wording import counted, series, worded


def party(name: PartyName, terms: Party) -> str:
    """Who signs for a side."""
    signs = worded("{name} ({email}) signs for {side}", name=terms.name, email=terms.email, side=side(name))
    if terms.deputies:
        return worded("{signs}; {deputies} may sign instead", signs=signs, deputies=join_or(terms.deputies))
    return worded("{signs}, without a deputy", signs=signs)


def kind(terms: Attribute | Evidence) -> str:
    """What may stand in an attribute, a property or a piece of evidence."""
    if terms.type is ValueType.CHOICE:
        return worded("one of {words}", words=join_or(terms.one_of)) if terms.one_of else worded("one of no words")
    return type_words(terms.type)


def attribute(terms: Attribute) -> str:
    """What is known about a lead under a name."""
    known = {"name": spoken(terms.name), "kind": kind(terms)}
    if terms.title:
        return worded("{name} ({title}) is {kind}", title=terms.title, **known)
    return worded("{name} is {kind}", **known)


def activity(terms: ActivityType) -> str:
    """What is known of something a lead does."""
    properties = [worded("{name} ({kind})", name=name, kind=kind(each)) for name, each in terms.properties.items()]
    recorded = join_and(properties) or worded("nothing more")
    return worded("{activity}: {recorded} is recorded with it", activity=thing(terms.name), recorded=recorded)


def evidence(terms: Evidence) -> str:
    """What a rep records."""
    return worded("{title}: {kind}", title=terms.title, kind=kind(terms))


def calendar(terms: CalendarTerms) -> str:
    """The opening hours of a calendar."""
    known = {"name": terms.name, "hours": week(terms.hours), "zone": terms.zone}
    opened = worded("the calendar {name} is open {hours} ({zone})", **known)
    if not terms.holidays:
        return opened
    return worded("{opened}, closed on the holidays of {region}", opened=opened, region=terms.holidays)


def on_date(name: str, date: dt.date, hours: Spans) -> str:
    """An exception of a calendar."""
    if not hours:
        return worded("on {day} the calendar {name} is closed", day=day(date), name=name)
    return worded("on {day} the calendar {name} is open {hours}", day=day(date), name=name, hours=spans(hours))


def entries(name: str, words: frozenset[str]) -> str:
    """What a list holds."""
    number = counted(len(words), "{number} entry", "{number} entries")
    return worded("the list {name} holds {entries}: {words}", name=name, entries=number, words=list_words(words))


# Score.


def points(number: int) -> str:
    """``25 points``, or ``20 points off`` for what counts against a lead."""
    said = counted(abs(number), "{number} point", "{number} points")
    return worded("{points} off", points=said) if number < 0 else said


def floor(at_least: int) -> str:
    """The least that a group counts."""
    if at_least > 0:
        return worded("together these count for at least {points}", points=points(at_least))
    return worded("together these take away at most {points}", points=points(-at_least))


def fit_signal(contract: Contract, signal: FitSignal) -> str:
    """What a fit signal counts, and when."""
    when = speaker(contract).condition(signal.when)
    return worded(
        "{title}: {points} when {condition}", title=signal.title, points=points(signal.points), condition=when
    )


def behaviour_signal(contract: Contract, signal: BehaviourSignal) -> str:
    """What a behaviour signal counts, for which activities, for how long."""
    known = {"points": points(signal.points), "activity": activities(contract, signal.on, signal.when)}
    each = worded("{title}: {points} for each {activity}", title=signal.title, **known)
    limits = lasting(signal)
    return worded("{each}; {limits}", each=each, limits=limits) if limits else each


def activities(contract: Contract, on: str, when: Condition | None) -> str:
    """Which activities are meant: ``page viewed whose path starts with "/pricing"``."""
    if when is None:
        return thing(on)
    return worded("{activity} {whose}", activity=thing(on), whose=speaker_of(contract, on).whose(when))


def lasting(signal: BehaviourSignal) -> str:
    """How many of a signal's activities count, for how long, and how they fade; empty when nothing limits them."""
    number = signal.most_recent
    parts = [worded("for {span}", span=spell_span(signal.expires))] if signal.expires is not None else []
    if signal.fades is not None:
        parts.append(worded("fading by {fading}", fading=fading(signal.fades)))
    if number is None:
        return worded("each counts {parts}", parts=join_and(parts)) if parts else ""
    if number == 1:
        counting = worded("only the most recent counts")
    else:
        counting = worded("the {number} most recent count", number=decimal(number))
    return series([counting, *parts], "{first}, {last}")


def warm(bar: int) -> str:
    """The bands of the score."""
    return worded(
        "from {points} in total a lead is warm; below it is nurtured, at the MQL bar it is handed to sales",
        points=points(bar),
    )


def fading(terms: Fading) -> str:
    """``25% every 14 days``."""
    return worded("{share} every {span}", share=percent(terms.percent), span=spell_span(terms.every))


# Definitions.


def mql(contract: Contract, terms: MqlDefinition) -> str:
    """When a lead is marketing-qualified."""
    return _means(contract, terms)


def _means(contract: Contract, terms: MqlDefinition | IcpDefinition) -> str:
    when = speaker(contract).condition(terms.when)
    return worded("{title} means that {condition}", title=terms.title, condition=when)


def sal(terms: SalDefinition) -> str:
    """What accepting means."""
    return worded("{title} means: {words}", title=terms.title, words=terms.means)


def icp(contract: Contract, terms: IcpDefinition) -> str:
    """Who the ideal customer is."""
    return _means(contract, terms)


def hand_raise(contract: Contract, terms: HandRaise) -> str:
    """What qualifies at once."""
    raised = a(activities(contract, terms.on, terms.when))
    return worded("{activity} is a hand-raise and qualifies at once, whatever the total", activity=raised)


def disqualifier(contract: Contract, terms: Disqualifier) -> str:
    """What keeps a lead out."""
    known = {"title": terms.title, "condition": speaker(contract).condition(terms.when)}
    out = worded("{title}: no lead qualifies when {condition}", **known)
    return worded("{out}, unless a hand-raise is not older than that", out=out) if terms.except_hand_raise else out


def needs(contract: Contract, terms: SqlDefinition) -> str:
    """What makes a lead sales-qualified."""
    titles = [evidence_title(contract, name) for name in terms.needs]
    if not titles:
        return worded("{title} means that the rep has recorded it as such", title=terms.title)
    return worded("{title} means that the rep has recorded {evidence}", title=terms.title, evidence=join_and(titles))


def evidence_title(contract: Contract, name: str) -> str:
    """A piece of evidence by its title, in quotes."""
    known = contract.evidence.get(name)
    return quoted(known.title if known is not None else name)


def reviewed(terms: IcpDefinition | MqlDefinition) -> str:
    """Where a definition was agreed and when it was last looked at; empty when neither is said."""
    parts = [worded("agreed in {reference}", reference=terms.reference)] if terms.reference else []
    if terms.reviewed_on is not None:
        parts.append(worded("last reviewed on {day}", day=day(terms.reviewed_on)))
    return worded("this definition was {parts}", parts=join_and(parts)) if parts else ""


# Routing.


def rule(contract: Contract, terms: Rule, *, first: bool) -> str:
    """A routing rule, asked after those before it."""
    if terms.when is None and first:
        return worded("all leads go to {pool}", pool=terms.to)
    goes = going(leads(contract, terms), terms.to)
    return goes if first or terms.when is None else worded("otherwise, {rule}", rule=goes)


def going(which: str, to: str) -> str:
    """Where some leads go."""
    return worded("{leads} go to {pool}", leads=which, pool=to)


def leads(contract: Contract, terms: Rule) -> str:
    """The leads that a rule is for."""
    if terms.when is None:
        return worded("all other leads")
    return worded("leads where {condition}", condition=speaker(contract).condition(terms.when))


def pool(terms: Pool) -> str:
    """How a pool shares leads and what happens when nobody is eligible."""
    said = worded(
        "the pool {name} {shares} and keeps the hours of {calendar}",
        name=terms.name,
        shares=shares(terms.share),
        calendar=terms.calendar,
    )
    if terms.count_all:
        said = worded("{pool}; account owners' and manual leads count too", pool=said)
    return worded("{pool}; when nobody is eligible, {then}", pool=said, then=nobody(terms.nobody))


def shares(value: ShareBy) -> str:
    """How members share."""
    return worded("shares leads by weight") if value is ShareBy.BY_WEIGHT else worded("shares leads evenly")


def receiver(name: str) -> str:
    """Whom a lead goes to that nobody in a pool can take."""
    return worded("the pool's manager") if name == "manager" else name


def nobody(terms: Nobody) -> str:
    """What happens to a lead nobody can take."""
    if terms.hold is None:
        return worded("a lead goes to {receiver}", receiver=receiver(terms.then))
    known = {"span": duration(terms.hold), "receiver": receiver(terms.then)}
    return worded("a lead is held for {span}, then goes to {receiver}", **known)
