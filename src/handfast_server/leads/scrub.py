"""What stays of a fact when the person it is about is forgotten.

What is drawn from a closed list stays: numbers, yes and no, countries, choices, sources; and a text that the contract
itself names, such as the form that raises a hand. Whatever was typed goes. So the handoff is routed and counted again
as it was, and nothing says whose it was (decision 0171).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from handfast import facts
from handfast.condition import Value, ValueType, tests_in
from handfast.contract.check import conditions_of
from handfast.contract.model import Contract
from handfast.facts import Fact

GONE = "(erased)"

_CLOSED = frozenset((ValueType.NUMBER, ValueType.MONEY, ValueType.BOOLEAN, ValueType.COUNTRY, ValueType.CHOICE))
_OF_OURS = frozenset(("source", "campaign", "medium", "consent_marketing", "consent_contact"))
_NAMES_SOMEBODY = frozenset(("email", "email_domain", "phone", "name", "first_name", "last_name", "company"))


class Scrub:
    """Takes out of facts what the signed contracts do not need, or what names somebody."""

    def __init__(self, contracts: Iterable[Contract]) -> None:
        """Under these versions."""
        self._types: dict[str, ValueType] = {}
        self._named: set[str] = set()
        for contract in contracts:
            self._types |= {name: each.type for name, each in contract.attributes.items()}
            for kind in contract.activities.values():
                self._types |= {f"{kind.name}.{name}": each.type for name, each in kind.properties.items()}
            tests = (test for condition in conditions_of(contract) for test in tests_in(condition))
            self._named |= {word.casefold() for test in tests for word in _words(test.operand)}

    def fact(self, fact: Fact, name: str) -> Fact:
        """The fact as it may stay, under ``name``."""
        changed: dict[str, Any] = {"id": name}
        if isinstance(fact, facts.LeadCreated | facts.AttributesChanged):
            changed["attributes"] = self._kept(fact.attributes, "")
        if isinstance(fact, facts.ActivityHappened):
            changed["properties"] = self._kept(fact.properties, f"{fact.kind}.")
        if isinstance(fact, facts.SalesQualified):
            changed["evidence"] = {key: _untyped(value) for key, value in fact.evidence.items()}
        changed |= {field: GONE for field in ("note", "why") if getattr(fact, field, "")}
        return replace(fact, **changed)

    def properties(self, kind: str, properties: Mapping[str, Value]) -> dict[str, Any]:
        """The properties of an activity as they may stay."""
        return self._kept(properties, f"{kind}.")

    def _kept(self, values: Mapping[str, Any], before: str) -> dict[str, Any]:
        return {name: value for name, value in values.items() if self._stays(before, name, value)}

    def _stays(self, before: str, name: str, value: Any) -> bool:
        if value is None:
            return True
        if name in _NAMES_SOMEBODY or (isinstance(value, str) and "@" in value):
            return False
        if isinstance(value, str):
            return (
                (not before and name in _OF_OURS)
                or self._types.get(before + name) in _CLOSED
                or value.casefold() in self._named
            )
        return self._types.get(before + name) in _CLOSED


def _words(operand: Any) -> Iterable[str]:
    if isinstance(operand, str):
        return (operand,)
    if isinstance(operand, tuple | frozenset):
        return (word for word in operand if isinstance(word, str))
    return ()


def _untyped(value: Any) -> Any:
    return GONE if isinstance(value, str) else value
