"""Conditions in English: ``the industry is software or fintech and there are between 50 and 1,000 employees``."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

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
    "revenue": "the company's revenue",
    "consent_marketing": "consent to marketing",
    "consent_contact": "consent to being contacted",
    "fit": "fit",
    "behaviour": "behaviour",
    "total": "the total",
}


class _Phrase(NamedTuple):
    """A test in words: the verb when it asks, the verb when it denies, and what is asked."""

    yes: str
    no: str
    asked: Callable[[list[str]], str]


def _one(words: str = "{}") -> Callable[[list[str]], str]:
    return lambda values: words.format(values[0])


_PHRASES: Mapping[Operator, _Phrase] = {
    Operator.IS: _Phrase("is", "is not", _one()),
    Operator.IS_NOT: _Phrase("is not", "is", _one()),
    Operator.IN: _Phrase("is", "is not", join_or),
    Operator.NOT_IN: _Phrase("is not", "is", join_or),
    Operator.IN_LIST: _Phrase("is", "is not", _one("in the list {}")),
    Operator.AT_LEAST: _Phrase("is", "is not", _one("at least {}")),
    Operator.AT_MOST: _Phrase("is", "is not", _one("at most {}")),
    Operator.ABOVE: _Phrase("is", "is not", _one("above {}")),
    Operator.BELOW: _Phrase("is", "is not", _one("below {}")),
    Operator.BETWEEN: _Phrase("is", "is not", lambda values: f"between {join_and(values)}"),
    Operator.HAS_WORD: _Phrase("has", "does not have", _one("the word {}")),
    Operator.HAS_ANY_WORD: _Phrase("has", "does not have", lambda values: f"the word {join_or(values)}"),
    Operator.CONTAINS: _Phrase("contains", "does not contain", _one()),
    Operator.STARTS_WITH: _Phrase("starts with", "does not start with", _one()),
    Operator.ENDS_WITH: _Phrase("ends with", "does not end with", _one()),
    Operator.KNOWN: _Phrase("is", "is not", lambda _: "known"),
}

_AMOUNTS: Mapping[Operator, Callable[[list[str]], str]] = {
    Operator.IS: _one("exactly {}"),
    Operator.AT_LEAST: _one("at least {}"),
    Operator.AT_MOST: _one("at most {}"),
    Operator.ABOVE: _one("more than {}"),
    Operator.BELOW: _one("fewer than {}"),
    Operator.BETWEEN: lambda values: f"between {join_and(values)}",
}
"""Of what people count: "there are 50 employees", not "the employees is 50"."""

_BLURRING = re.compile(r"[^\w .@/&+-]|^\W|\W$|\b(and|or)\b|^$")
"""What would blur in a sentence where a value ends and the words around it begin."""

_LITERAL = {Operator.HAS_WORD, Operator.HAS_ANY_WORD, Operator.CONTAINS, Operator.STARTS_WITH, Operator.ENDS_WITH}


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
                return self._denied(value.parts)

    def whose(self, value: Condition) -> str:
        """A condition that describes a thing: ``whose path starts with "/pricing"``."""
        words = self.condition(value)
        plain = isinstance(value, Test) and words.startswith("the ") and value.operator is not Operator.KNOWN
        return f"whose {words.removeprefix('the ')}" if plain else f"where {words}"

    def _inner(self, part: Condition) -> str:
        """A part within a group; a group with several parts stands in brackets."""
        words = self.condition(part)
        return words if isinstance(part, Test) or len(part.parts) < 2 else f"({words.removeprefix('either ')})"

    def _denied(self, parts: tuple[Condition, ...]) -> str:
        """None of the parts: each test denied, where they are tests."""
        tests = [part for part in parts if isinstance(part, Test)]
        if len(tests) == len(parts):
            return join_and([self._test(test, denied=True) for test in tests])
        return f"it is not so that {join_or([self._inner(part) for part in parts])}"

    def _test(self, test: Test, *, denied: bool = False) -> str:
        if self._is_counted(test):
            asked = _AMOUNTS[test.operator](self._values(test))
            return f"there are {'not ' if denied else ''}{asked} {spoken(test.name)}"
        phrase = _PHRASES[test.operator]
        negative = denied != (test.operator is Operator.KNOWN and test.operand is False)
        verb = phrase.no if negative else phrase.yes
        if test.name == "customer" and test.operator is not Operator.KNOWN:
            return _customer(known=verb == "is", wanted=test.operand is True)
        return f"{self._noun(test)} {verb} {phrase.asked(self._values(test))}"

    def _is_counted(self, test: Test) -> bool:
        """Whether the name is a number of things and the test asks how many there are."""
        return self._kind(test) is ValueType.NUMBER and test.name.endswith("s") and test.operator in _AMOUNTS

    def _noun(self, test: Test) -> str:
        if self._kind(test) is ValueType.BOOLEAN and isinstance(test.operand, bool):
            return f'"{spoken(test.name)}"'
        return self.nouns.get(test.name) or f"the {spoken(test.name)}"

    def _kind(self, test: Test) -> ValueType:
        known = self.names.get(test.name)
        return known.type if known is not None else ValueType.TEXT

    def _values(self, test: Test) -> list[str]:
        if test.operator is Operator.IN_LIST:
            return [test.list_name]
        operand = test.operand if isinstance(test.operand, (tuple, frozenset)) else [test.operand]
        return [self._value(test, value) for value in operand]

    def _value(self, test: Test, value: Value) -> str:
        kind = self._kind(test)
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, str):
            return value.upper() if kind is ValueType.COUNTRY else _quoted(value, test.operator)
        if kind is ValueType.DATE:
            return day(dt.date.fromordinal(int(value)))
        return money(Decimal(value), self.currency) if kind is ValueType.MONEY else decimal(value)


def _customer(*, known: bool, wanted: bool) -> str:
    """The one yes or no that is built in; what is not known is no customer that is known."""
    return f"the company is {'' if known else 'not known to be '}{'a' if wanted else 'no'} customer"


def _quoted(value: str, operator: Operator) -> str:
    """Parts of texts stand in quotes, and whole ones that would blur."""
    return value if operator not in _LITERAL and not _BLURRING.search(value) else f'"{value}"'


def speaker(contract: Contract) -> Speaker:
    """Words for conditions on leads: attributes and scores."""
    return Speaker({**SCORE_NAMES, **BAND_NAME, **contract.attributes}, contract.currency, _NOUNS)


def speaker_of(contract: Contract, activity: str) -> Speaker:
    """Words for conditions on an activity: its properties, and what is known of the lead where they hide nothing."""
    known = contract.activities.get(activity)
    properties = known.properties if known is not None else {}
    nouns = {name: noun for name, noun in _NOUNS.items() if name not in properties}
    return Speaker({**SCORE_NAMES, **contract.attributes, **properties}, contract.currency, nouns)


def list_words(words: frozenset[str]) -> str:
    """What a list holds, the first few named."""
    return some_of(sorted(words)) or "nothing"
