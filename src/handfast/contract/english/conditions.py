"""Conditions in English: ``the industry is software or fintech and there are between 50 and 1,000 employees``."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from handfast.condition import All, AnyOf, Condition, NoneOf, Operator, Test, Typed, Value, ValueType
from handfast.contract.builtin import BAND_NAME, SCORE_NAMES
from handfast.contract.english.values import day, decimal, join_and, join_or, money, some_of, spoken
from handfast.contract.model import Contract

_NOUNS = {
    "email": "the e-mail address",
    "email_domain": "the e-mail domain",
    "title": "the job title",
    "phone": "the telephone number",
    "company_domain": "the company's domain",
    "employees": "the number of employees",
    "customer": "being a customer already",
    "revenue": "the company's revenue",
    "consent_marketing": "consent to marketing",
    "consent_contact": "consent to being contacted",
    "fit": "fit",
    "behaviour": "behaviour",
    "total": "the total",
}
_COUNTED = {"employees"}
"""Numbers that people count: "there are 50 employees", not "the employees is 50"."""


@dataclass(frozen=True, slots=True)
class Speaker:
    """Puts conditions into words; knows what each name stands for and the currency of amounts."""

    names: Mapping[str, Typed]
    currency: str
    nouns: Mapping[str, str]

    def condition(self, value: Condition) -> str:
        """A condition as a clause that can follow "when"."""
        match value:
            case Test():
                return self._test(value)
            case All(()):
                return "always"
            case All(parts):
                return join_and([self._inner(part) for part in parts])
            case AnyOf(()) | NoneOf(()):
                return "never" if isinstance(value, AnyOf) else "always"
            case AnyOf(parts):
                return f"{'either ' if len(parts) > 1 else ''}{join_or([self._inner(part) for part in parts])}"
            case _:
                return f"it is not so that {join_or([self._inner(part) for part in value.parts])}"

    def whose(self, value: Condition) -> str:
        """A condition that describes a thing: ``whose path starts with "/pricing"``."""
        words = self.condition(value)
        plain = isinstance(value, Test) and words.startswith("the ") and value.operator is not Operator.KNOWN
        return f"whose {words.removeprefix('the ')}" if plain else f"where {words}"

    def _inner(self, part: Condition) -> str:
        """A part within a group; a group with several parts stands in brackets."""
        words = self.condition(part)
        return words if isinstance(part, Test) or len(part.parts) < 2 else f"({words.removeprefix('either ')})"

    def _test(self, test: Test) -> str:
        if test.name in _COUNTED and test.operator in _AMOUNTS:
            return f"there are {self._asked(test, _AMOUNTS)} {spoken(test.name)}"
        noun = self.nouns.get(test.name) or f"the {spoken(test.name)}"
        if test.operator is Operator.IN_LIST:
            return f"{noun} is in the list {test.list_name}"
        return f"{noun} {self._asked(test, _PHRASES)}"

    def _asked(self, test: Test, phrases: Mapping[Operator, Callable[[list[str]], str]]) -> str:
        operand = test.operand
        values = list(operand) if isinstance(operand, (tuple, frozenset)) else [operand]
        return phrases[test.operator]([self._value(test, value) for value in values])

    def _value(self, test: Test, value: Value) -> str:
        known = self.names.get(test.name)
        kind = known.type if known is not None else ValueType.TEXT
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, str):
            return value.upper() if kind is ValueType.COUNTRY else _quoted(value, test.operator)
        if kind is ValueType.DATE:
            return day(dt.date.fromordinal(int(value)))
        return money(Decimal(value), self.currency) if kind is ValueType.MONEY else decimal(value)


_PHRASES: Mapping[Operator, Callable[[list[str]], str]] = {
    Operator.IS: lambda values: f"is {values[0]}",
    Operator.IS_NOT: lambda values: f"is not {values[0]}",
    Operator.IN: lambda values: f"is {join_or(values)}",
    Operator.NOT_IN: lambda values: f"is not {join_or(values)}",
    Operator.AT_LEAST: lambda values: f"is at least {values[0]}",
    Operator.AT_MOST: lambda values: f"is at most {values[0]}",
    Operator.ABOVE: lambda values: f"is above {values[0]}",
    Operator.BELOW: lambda values: f"is below {values[0]}",
    Operator.BETWEEN: lambda values: f"is between {join_and(values)}",
    Operator.HAS_WORD: lambda values: f"has the word {values[0]}",
    Operator.HAS_ANY_WORD: lambda values: f"has the word {join_or(values)}",
    Operator.CONTAINS: lambda values: f"contains {values[0]}",
    Operator.STARTS_WITH: lambda values: f"starts with {values[0]}",
    Operator.ENDS_WITH: lambda values: f"ends with {values[0]}",
    Operator.KNOWN: lambda values: "is known" if values[0] == "yes" else "is not known",
}
_AMOUNTS: Mapping[Operator, Callable[[list[str]], str]] = {
    Operator.IS: lambda values: f"exactly {values[0]}",
    Operator.AT_LEAST: lambda values: f"at least {values[0]}",
    Operator.AT_MOST: lambda values: f"at most {values[0]}",
    Operator.ABOVE: lambda values: f"more than {values[0]}",
    Operator.BELOW: lambda values: f"fewer than {values[0]}",
    Operator.BETWEEN: lambda values: f"between {join_and(values)}",
}
_BLURRING = re.compile(r"[^\w .@/&+-]|^\W|\W$|\b(and|or)\b|^$")
"""What would blur in a sentence where a value ends and the words around it begin."""

_LITERAL = {Operator.HAS_WORD, Operator.HAS_ANY_WORD, Operator.CONTAINS, Operator.STARTS_WITH, Operator.ENDS_WITH}


def _quoted(value: str, operator: Operator) -> str:
    """Parts of texts stand in quotes, and whole ones that would blur."""
    return value if operator not in _LITERAL and not _BLURRING.search(value) else f'"{value}"'


def speaker(contract: Contract) -> Speaker:
    """Words for conditions on leads: attributes and scores."""
    return _speaker(contract, {**SCORE_NAMES, **BAND_NAME, **contract.attributes}, _NOUNS)


def speaker_of(contract: Contract, activity: str) -> Speaker:
    """Words for conditions on an activity: its properties, and fit beside them."""
    known = contract.activities.get(activity)
    properties = known.properties if known is not None else {}
    return _speaker(contract, {**SCORE_NAMES, **properties}, {name: _NOUNS[name] for name in SCORE_NAMES})


def _speaker(contract: Contract, names: Mapping[str, Typed], nouns: Mapping[str, str]) -> Speaker:
    return Speaker(names, contract.currency, nouns)


def list_words(words: frozenset[str]) -> str:
    """What a list holds, the first few named."""
    return some_of(sorted(words)) or "nothing"
