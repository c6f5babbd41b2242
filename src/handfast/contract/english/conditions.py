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
from handfast.contract.english.values import day, decimal, join_and, join_or, money, quoted, some_of, spoken
from handfast.contract.model import Contract
from handfast.wording import shortened, worded

_NOUNS: Mapping[str, str] = {
    "email": worded("the e-mail address"),
    "email_domain": worded("the e-mail domain"),
    "first_name": worded("the first name"),
    "last_name": worded("the last name"),
    "title": worded("the job title"),
    "phone": worded("the telephone number"),
    "company": worded("the company"),
    "company_domain": worded("the company's domain"),
    "industry": worded("the industry"),
    "employees": worded("the number of employees"),
    "revenue": worded("the company's revenue"),
    "country": worded("the country"),
    "region": worded("the region"),
    "language": worded("the language"),
    "source": worded("the source"),
    "campaign": worded("the campaign"),
    "medium": worded("the medium"),
    "consent_marketing": worded("consent to marketing"),
    "consent_contact": worded("consent to being contacted"),
    "fit": worded("fit"),
    "behaviour": worded("behaviour"),
    "total": worded("the total"),
    "band": worded("the band"),
}

_OF_ACTIVITIES: Mapping[str, str] = {
    "campaign": worded("the campaign"),
    "content": worded("the content"),
    "feature": worded("the feature"),
    "form": worded("the form"),
    "kind": worded("the kind"),
    "name": worded("the name"),
    "page": worded("the page"),
    "path": worded("the path"),
    "plan": worded("the plan"),
    "title": worded("the title"),
    "url": worded("the url"),
}
"""Properties that activities have in every contract; others are called by their keys."""

_COUNTED_THINGS: Mapping[str, str] = {"employees": worded("employees")}

InWords = Callable[[str, str], str]
"""What is asked about, and what it is compared with."""


class _Phrase(NamedTuple):
    """A test in words, when it asks and when it denies."""

    yes: InWords
    no: InWords


def _about(yes: str, no: str) -> _Phrase:
    return _Phrase(
        lambda what, value: worded(yes, what=what, value=value), lambda what, value: worded(no, what=what, value=value)
    )


_IS = _about("{what} is {value}", "{what} is not {value}")
_IS_NOT = _Phrase(_IS.no, _IS.yes)

_PHRASES: Mapping[Operator, _Phrase] = {
    Operator.IS: _IS,
    Operator.IS_NOT: _IS_NOT,
    Operator.IN: _IS,
    Operator.NOT_IN: _IS_NOT,
    Operator.IN_LIST: _about("{what} is in the list {value}", "{what} is not in the list {value}"),
    Operator.AT_LEAST: _about("{what} is at least {value}", "{what} is not at least {value}"),
    Operator.AT_MOST: _about("{what} is at most {value}", "{what} is not at most {value}"),
    Operator.ABOVE: _about("{what} is above {value}", "{what} is not above {value}"),
    Operator.BELOW: _about("{what} is below {value}", "{what} is not below {value}"),
    Operator.BETWEEN: _about("{what} is between {value}", "{what} is not between {value}"),
    Operator.HAS_WORD: _about("{what} has the word {value}", "{what} does not have the word {value}"),
    Operator.HAS_ANY_WORD: _about("{what} has the word {value}", "{what} does not have the word {value}"),
    Operator.CONTAINS: _about("{what} contains {value}", "{what} does not contain {value}"),
    Operator.STARTS_WITH: _about("{what} starts with {value}", "{what} does not start with {value}"),
    Operator.ENDS_WITH: _about("{what} ends with {value}", "{what} does not end with {value}"),
    Operator.KNOWN: _about("{what} is known", "{what} is not known"),
}

_AMOUNTS: Mapping[Operator, _Phrase] = {
    Operator.IS: _about("there are exactly {value} {what}", "there are not exactly {value} {what}"),
    Operator.AT_LEAST: _about("there are at least {value} {what}", "there are not at least {value} {what}"),
    Operator.AT_MOST: _about("there are at most {value} {what}", "there are not at most {value} {what}"),
    Operator.ABOVE: _about("there are more than {value} {what}", "there are not more than {value} {what}"),
    Operator.BELOW: _about("there are fewer than {value} {what}", "there are not fewer than {value} {what}"),
    Operator.BETWEEN: _about("there are between {value} {what}", "there are not between {value} {what}"),
}
"""Of what people count: "there are 50 employees", not "the employees is 50"."""

_BOTH_ENDS = {Operator.BETWEEN}
"""Of several values both hold; of the values of any other operator one does."""

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
                return worded("always")
            case All(parts):
                return join_and([self._inner(part) for part in parts])
            case AnyOf(()) | NoneOf(()):
                return worded("never") if isinstance(value, AnyOf) else worded("always")
            case AnyOf(parts):
                said = join_or([self._inner(part) for part in parts])
                return worded("either {parts}", parts=said) if len(parts) > 1 else said
            case _:
                return self._denied(value.parts)

    def whose(self, value: Condition) -> str:
        """A condition that describes a thing: ``whose path starts with "/pricing"``."""
        words = self.condition(value)
        plain = isinstance(value, Test) and words.startswith("the ") and value.operator is not Operator.KNOWN
        if plain:
            return worded("whose {condition}", condition=shortened(words, "the "))
        return worded("where {condition}", condition=words)

    def _inner(self, part: Condition) -> str:
        """A part within a group; a group with several parts stands in brackets."""
        if isinstance(part, Test) or len(part.parts) < 2:
            return self.condition(part)
        if isinstance(part, AnyOf):
            return worded("({parts})", parts=join_or([self._inner(each) for each in part.parts]))
        return worded("({parts})", parts=self.condition(part))

    def _denied(self, parts: tuple[Condition, ...]) -> str:
        """None of the parts: each test denied, where they are tests."""
        tests = [part for part in parts if isinstance(part, Test)]
        if len(tests) == len(parts):
            return join_and([self._test(test, denied=True) for test in tests])
        return worded("it is not so that {parts}", parts=join_or([self._inner(part) for part in parts]))

    def _test(self, test: Test, *, denied: bool = False) -> str:
        negative = denied != (test.operator is Operator.KNOWN and test.operand is False)
        if self._is_counted(test):
            what, phrase = _COUNTED_THINGS.get(test.name) or spoken(test.name), _AMOUNTS[test.operator]
        else:
            what, phrase = self._noun(test), _PHRASES[test.operator]
        if test.name == "customer" and test.operator is not Operator.KNOWN:
            return _customer(known=negative is (phrase is _IS_NOT), wanted=test.operand is True)
        return (phrase.no if negative else phrase.yes)(what, self._compared(test))

    def _compared(self, test: Test) -> str:
        """What is asked for; of the values of a list one, of the ends of a range both."""
        if test.operator is Operator.KNOWN:
            return ""
        values = self._values(test)
        return join_and(values) if test.operator in _BOTH_ENDS else join_or(values)

    def _is_counted(self, test: Test) -> bool:
        """Whether the name is a number of things and the test asks how many there are."""
        return self._kind(test) is ValueType.NUMBER and test.name.endswith("s") and test.operator in _AMOUNTS

    def _noun(self, test: Test) -> str:
        if self._kind(test) is ValueType.BOOLEAN and isinstance(test.operand, bool):
            return quoted(spoken(test.name))
        return self.nouns.get(test.name) or worded("the {name}", name=spoken(test.name))

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
            return worded("yes") if value else worded("no")
        if isinstance(value, str):
            return value.upper() if kind is ValueType.COUNTRY else _clear(value, test.operator)
        if kind is ValueType.DATE:
            return day(dt.date.fromordinal(int(value)))
        return money(Decimal(value), self.currency) if kind is ValueType.MONEY else decimal(value)


def _customer(*, known: bool, wanted: bool) -> str:
    """The one yes or no that is built in; what is not known is no customer that is known."""
    if known:
        return worded("the company is a customer") if wanted else worded("the company is no customer")
    if wanted:
        return worded("the company is not known to be a customer")
    return worded("the company is not known to be no customer")


def _clear(value: str, operator: Operator) -> str:
    """Parts of texts stand in quotes, and whole ones that would blur."""
    if operator not in _LITERAL and not _BLURRING.search(value):
        return value
    return quoted(value)


def speaker(contract: Contract) -> Speaker:
    """Words for conditions on leads: attributes and scores."""
    return Speaker({**SCORE_NAMES, **BAND_NAME, **contract.attributes}, contract.currency, _NOUNS)


def speaker_of(contract: Contract, activity: str) -> Speaker:
    """Words for conditions on an activity: its properties, and what is known of the lead where they hide nothing."""
    known = contract.activities.get(activity)
    properties = known.properties if known is not None else {}
    nouns = {**_NOUNS, **{name: noun for name, noun in _OF_ACTIVITIES.items() if name in properties}}
    nouns = {name: noun for name, noun in nouns.items() if name in _OF_ACTIVITIES or name not in properties}
    return Speaker({**SCORE_NAMES, **contract.attributes, **properties}, contract.currency, nouns)


def list_words(words: frozenset[str]) -> str:
    """What a list holds, the first few named."""
    return some_of(sorted(words)) or worded("nothing")
