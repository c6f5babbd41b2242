"""Is a lead qualified, at one instant, under one contract? The one judgement for live, replay, audit and examples.

A lead qualifies when the MQL bar holds or it raised its hand, and no disqualifier keeps it out. What was denied,
``consent_contact``, keeps a lead out under every contract, also under one that does not say so, unless a hand-raise
is not older than the denial (semantics.md, Consent).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from handfast.condition import (
    Condition,
    Operator,
    Test,
    Trace,
    Value,
    Values,
    ValueType,
    fold,
    names_in,
    trace,
    value_of,
)
from handfast.contract.model import Attribute, Contract, Disqualifier, HandRaise
from handfast.instant import Instant
from handfast.score import Scored, points

CONSENT = "consent_contact"
"""The name under which a denial that no disqualifier of the contract speaks of holds a lead back."""

SCORES = frozenset({"fit", "behaviour", "total"})

NOTHING = Scored(0, 0)
"""Never scored is 0, not unknown."""

_DENIED = Disqualifier(
    name=CONSENT, title="Contact denied", when=Test(CONSENT, Operator.IS, "denied"), except_hand_raise=True
)


class Band(StrEnum):
    """Where the score lies."""

    NURTURE = "nurture"  # below the warm edge, or there is none
    WARM = "warm"  # from the warm edge
    ENGAGE = "engage"  # the MQL bar holds


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """An activity of the kind that can be a hand-raise, with its properties typed."""

    happened_at: Instant
    properties: Values
    loaded: bool = False  # came with history that was loaded: see ``engine.judge.then``


class LeadThen(NamedTuple):
    """What was known of a lead at the instant of judgement.

    ``attributes`` typed as conditions compare them; ``score`` as of the instant; ``asked`` the activities of the
    contract's hand-raise kind that are pending in the open cycle, in any order; ``known_since`` the instant from which
    each attribute has had its value, as far as that is known.
    """

    attributes: Values
    score: Scored = NOTHING
    asked: tuple[Asked, ...] = ()
    known_since: Mapping[str, Instant] = MappingProxyType({})


class Judgement(NamedTuple):
    """What the contract says of a lead at an instant."""

    qualified: bool
    bar: bool  # the MQL bar holds
    raised: Asked | None  # the latest activity that is a hand-raise
    denied_by: tuple[str, ...]  # disqualifiers in force, whether or not they had anything to keep out
    icp: bool | None  # None: the contract does not define one
    band: Band

    @property
    def hand_raised(self) -> bool:
        """Whether the hand-raise windows of the clocks apply."""
        return self.raised is not None

    @property
    def held_by(self) -> tuple[str, ...]:
        """What keeps a lead out that would be delivered otherwise; such leads are counted, not lost."""
        return self.denied_by if self.bar or self.raised is not None else ()


class Weighed(NamedTuple):
    """One clause of a judgement: its dotted path, whether it holds, and why."""

    clause: str
    holds: bool
    why: Trace
    excepted: bool = False  # a disqualifier that holds, and gives way to a hand-raise


def attributes_of(contract: Contract, given: Mapping[str, object]) -> dict[str, Value | None]:
    """A lead's attributes as conditions compare them; what the contract does not declare is left out.

    ``email_domain`` is that of the address unless it was given.
    """
    found = _typed(given, contract.attributes)
    email = found.get("email")
    if found.get("email_domain") is None and isinstance(email, str) and "@" in email:
        found["email_domain"] = fold(email.rpartition("@")[2])
    return found


def properties_of(contract: Contract, kind: str, given: Mapping[str, object]) -> dict[str, Value | None] | None:
    """An activity's properties as conditions compare them; None for a kind that the contract does not know."""
    activity = contract.activities.get(kind)
    return None if activity is None else _typed(given, activity.properties)


_TEXTUAL = frozenset((ValueType.TEXT, ValueType.COUNTRY, ValueType.CHOICE))


def _typed(given: Mapping[str, object], names: Mapping[str, Attribute]) -> dict[str, Value | None]:
    """``values_of``, and dates may stand as ordinal days already."""
    found: dict[str, Value | None] = {}
    for name, value in given.items():
        declared = names.get(name)
        if declared is None:
            continue
        kind = declared.type
        if type(value) is str and kind in _TEXTUAL:
            found[name] = fold(value) or None  # what value_of does, without the way there
        else:
            ready = kind is ValueType.DATE and type(value) is int
            found[name] = value if ready else value_of(value, kind)  # type: ignore[assignment] # an int is a Value
    return found


def judged(contract: Contract, lead: LeadThen) -> Judgement:
    """Judge a lead. Total and pure: every question has an answer, from the values alone."""
    mql, icp = contract.definitions.mql, contract.definitions.icp
    values = values_of_lead(lead)
    bar = mql.when.holds(values)
    raised = hand_raise(contract, lead, values)
    denied = tuple([each.name for each in _in_force(contract, lead, values, raised)])
    return Judgement(
        qualified=(bar or raised is not None) and not denied,
        bar=bar,
        raised=raised,
        denied_by=denied,
        icp=None if icp is None else icp.when.holds(values),
        band=band_of(contract, lead.score, bar=bar),
    )


def weighed(contract: Contract, lead: LeadThen) -> tuple[Weighed, ...]:
    """Why ``judged`` says what it says: every clause looked at, with what was found. The answers are the same."""
    mql, icp = contract.definitions.mql, contract.definitions.icp
    values = values_of_lead(lead)
    raised = hand_raise(contract, lead, values)
    found = [] if icp is None else [_weighed("definitions.icp", icp.when, values)]
    found.append(_weighed("definitions.mql", mql.when, values))
    if mql.hand_raise is not None and mql.hand_raise.when is not None and lead.asked:
        shown = raised or max(lead.asked, key=_when)
        seen = _values_asked(contract, mql.hand_raise, values, shown)
        found.append(_weighed("definitions.mql.hand_raise", mql.hand_raise.when, seen))
    for each in disqualifiers(contract):
        why = trace(each.when, values)
        clause = CONSENT if each is _DENIED else f"definitions.mql.unless.{each.name}"
        excepted = why.holds and _gives_way(each, lead, raised)
        found.append(Weighed(clause=clause, holds=why.holds, why=why, excepted=excepted))
    return tuple(found)


def values_of_lead(lead: LeadThen) -> dict[str, Value | None]:
    """What the conditions of definitions read: the attributes and the three scores, in points."""
    return {**lead.attributes, **lead.score.values()}


def values_for_routing(lead: LeadThen, judgement: Judgement) -> dict[str, Value | None]:
    """What routing rules read: the same, and the band."""
    return {**values_of_lead(lead), "band": judgement.band.value}


def hand_raise(contract: Contract, lead: LeadThen, values: Values) -> Asked | None:
    """The latest pending activity that is a hand-raise: the newest one is what a denial must not be younger than."""
    term = contract.definitions.mql.hand_raise
    if term is None or not lead.asked:
        return None
    when = term.when
    if when is None:
        return max(lead.asked, key=_when)
    held = (asked for asked in lead.asked if when.holds(_values_asked(contract, term, values, asked)))
    return max(held, key=_when, default=None)


def _when(asked: Asked) -> Instant:
    return asked.happened_at


def _values_asked(contract: Contract, term: HandRaise, values: Values, asked: Asked) -> Values:
    """The lead's values under the properties of the activity, which hide attributes of the same name."""
    own = dict.fromkeys(contract.activities[term.on].properties)
    return {**values, **own, **asked.properties}


def disqualifiers(contract: Contract) -> Iterable[Disqualifier]:
    """Everything that can keep a lead out: what the contract says, and a denied contact under every contract."""
    yield from contract.definitions.mql.unless.values()
    yield _DENIED


def _in_force(contract: Contract, lead: LeadThen, values: Values, raised: Asked | None) -> tuple[Disqualifier, ...]:
    """The disqualifiers that hold and do not give way; the built-in one only where the contract's own are silent."""
    unless = contract.definitions.mql.unless.values()
    own = tuple([each for each in unless if each.when.holds(values) and not _gives_way(each, lead, raised)])
    if own or not _DENIED.when.holds(values) or _gives_way(_DENIED, lead, raised):
        return own
    return (_DENIED,)


def _gives_way(disqualifier: Disqualifier, lead: LeadThen, raised: Asked | None) -> bool:
    """Whether a hand-raise outranks a disqualifier: it may, and is not older than the denial."""
    if not disqualifier.except_hand_raise or raised is None:
        return False
    return all(
        name in lead.known_since and lead.known_since[name] <= raised.happened_at
        for name in _dated(disqualifier.when)
        if lead.attributes.get(name) is not None
    )


def _dated(condition: Condition) -> frozenset[str]:
    """The attributes that a condition reads; a score has no date of its own."""
    return names_in(condition) - SCORES


def band_of(contract: Contract, score: Scored, *, bar: bool) -> Band:
    """The band of a score, when ``bar`` says whether the MQL bar holds."""
    if bar:
        return Band.ENGAGE
    warm = contract.score.warm
    return Band.WARM if warm is not None and points(score.total) >= warm else Band.NURTURE


def _weighed(clause: str, condition: Condition, values: Values) -> Weighed:
    why = trace(condition, values)
    return Weighed(clause=clause, holds=why.holds, why=why)
