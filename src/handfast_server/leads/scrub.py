"""What stays of a fact when the person it is about is forgotten.

What is drawn from a closed list stays: yes and no, countries, choices, sources, and numbers that the contract asks for.
Of whatever was typed a stand-in stays that answers every question of the signed contracts as it did, such as the word
of a title that a signal looks for. So the handoff is judged, routed and counted again as it was, and nothing says
whose it was (decisions 0171 and 0219). Names by which other systems know the person's records become tokens.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from handfast import facts
from handfast.condition import Test, Value, ValueType, fold, tests_in, value_of
from handfast.contract.check import conditions_of
from handfast.contract.model import Contract
from handfast.facts import Fact
from handfast_server.leads.tokens import Tokens

GONE = "(erased)"

_CLOSED = frozenset((ValueType.BOOLEAN, ValueType.COUNTRY, ValueType.CHOICE))
_COUNTED = frozenset((ValueType.NUMBER, ValueType.MONEY))
_OF_OURS = frozenset(("source", "campaign", "medium", "consent_marketing", "consent_contact"))
_NAMES_SOMEBODY = frozenset(("email", "email_domain", "phone", "name", "first_name", "last_name", "company"))
_OUR_OWN = (facts.Tick, facts.LeadErased, facts.Rerouted)
"""Facts that the service named itself, after the lead."""


class Scrub:
    """Takes out of facts what the signed contracts do not need, or what names somebody.

    ``kept`` are deals that others are on as well: their names stay.
    """

    def __init__(self, contracts: Iterable[Contract], kept: Iterable[str] = ()) -> None:
        """Under these versions."""
        self.tokens = Tokens()
        self._kept_deals = frozenset(kept)
        self._types: dict[str, ValueType] = {}
        self._kinds: set[str] = set()
        self._tests: dict[str, list[Test]] = {}
        for contract in contracts:
            self._types |= {name: each.type for name, each in contract.attributes.items()}
            for kind in contract.activities.values():
                self._kinds.add(kind.name)
                self._types |= {f"{kind.name}.{name}": each.type for name, each in kind.properties.items()}
            for test in (test for condition in conditions_of(contract) for test in tests_in(condition)):
                self._tests.setdefault(test.name, []).append(test)

    def fact(self, fact: Fact) -> Fact:
        """The fact as it may stay."""
        changed: dict[str, Any] = {} if isinstance(fact, _OUR_OWN) else {"id": self.tokens.of(fact.id)}
        if isinstance(fact, facts.LeadCreated | facts.AttributesChanged):
            changed["attributes"] = self._attributes(fact)
        if isinstance(fact, facts.ActivityHappened):
            changed |= {"kind": self.kind(fact.kind), "properties": self.properties(fact.kind, fact.properties)}
        if isinstance(fact, facts.SalesQualified):
            changed["evidence"] = {key: _untyped(value) for key, value in fact.evidence.items()}
        if isinstance(fact, facts.DealFact):
            changed["deal"] = self.deal(fact.deal)
        if isinstance(fact, facts.StageStamped | facts.TakenOver):
            changed["handoff"] = self.tokens.of(fact.handoff)
        if isinstance(fact, facts.StageStamped):
            changed["reason"] = GONE if fact.reason else ""
        changed |= {field: GONE for field in ("note", "why") if getattr(fact, field, "")}
        return replace(fact, **changed)

    def deal(self, name: str) -> str:
        """The name of a deal as it may stay: another system's record, unless it is others' as well."""
        return name if name in self._kept_deals else self.tokens.of(name)

    def kind(self, kind: str) -> str:
        """The kind of an activity: one of the contract's, or what some site called it."""
        return kind if kind in self._kinds else GONE

    def properties(self, kind: str, properties: Mapping[str, Value]) -> dict[str, Any]:
        """The properties of an activity as they may stay."""
        found = {name: self._stand_in(name, self._types.get(f"{kind}.{name}"), it) for name, it in properties.items()}
        return {name: value for name, value in found.items() if value is not None or properties[name] is None}

    def _attributes(self, fact: facts.LeadCreated | facts.AttributesChanged) -> dict[str, Any]:
        told: dict[str, Any] = dict(fact.attributes)
        email = told.get("email")
        if isinstance(email, str) and "@" in email and told.get("email_domain") is None:
            told["email_domain"] = fold(email.rpartition("@")[2])  # as the evaluator reads it
        found = {name: self._stand_in(name, self._types.get(name), value, ours=True) for name, value in told.items()}
        overwrites = isinstance(fact, facts.AttributesChanged)
        return {
            name: value
            for name, value in found.items()
            if value is not None or told[name] is None or (overwrites and name in self._tests)
        }

    def _stand_in(self, name: str, kind: ValueType | None, value: Any, *, ours: bool = False) -> Any:
        """The value where it may stay, else what answers every test as it does; None where nothing is asked."""
        tests = self._tests.get(name, ())
        if value is None or _stays(name, kind, value, asked=bool(tests), ours=ours):
            return value
        of = kind or ValueType.TEXT
        answers = _answers(tests, value_of(value, of))
        candidates = _candidates(tests, value_of(value, of), of)
        return next((each for each in candidates if _answers(tests, value_of(each, of)) == answers), None)


def _stays(name: str, kind: ValueType | None, value: Any, *, asked: bool, ours: bool) -> bool:
    if name in _NAMES_SOMEBODY or (isinstance(value, str) and "@" in value):
        return False
    if kind in _CLOSED or (kind in _COUNTED and asked):
        return True
    return ours and isinstance(value, str) and name in _OF_OURS


def _answers(tests: Sequence[Test], value: Any) -> list[bool]:
    return [test.ask(value) for test in tests]


def _candidates(tests: Sequence[Test], value: Any, kind: ValueType) -> Iterator[Any]:
    """What tells the least first: nothing asked, an empty word, then the contract's own words that were found."""
    if not tests:
        return
    yield GONE
    yield None
    operands = [each for test in tests for each in _operands(test)]
    if kind is ValueType.DATE:
        days = (day for each in operands if isinstance(each, int) for day in (each, each + 1, each - 1) if day > 0)
        yield from (dt.date.fromordinal(day).isoformat() for day in days)
        return
    words = [each for each in operands if isinstance(each, str) and isinstance(value, str) and each in value]
    yield from words
    yield " ".join(words)


def _operands(test: Test) -> tuple[Any, ...]:
    return tuple(test.operand) if isinstance(test.operand, tuple | frozenset) else (test.operand,)


def _untyped(value: Any) -> Any:
    return GONE if isinstance(value, str) else value
