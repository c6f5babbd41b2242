"""Reading a condition from a document: every mistake placed and named, none thrown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import cast

from handfast.condition.country import COUNTRIES
from handfast.condition.model import All, AnyOf, Condition, NoneOf, Operator, Test, Value, ValueType
from handfast.condition.value import Names, fold, number, ordinal, type_of
from handfast.problem import Path, Problems, nearest

GROUPS: Mapping[str, type[All | AnyOf | NoneOf]] = {"all": All, "any": AnyOf, "none": NoneOf}
"""The words that join conditions; no name may be one of them."""

_EQUAL = (Operator.IS, Operator.IS_NOT, Operator.IN, Operator.NOT_IN)
_ORDER = (Operator.AT_LEAST, Operator.AT_MOST, Operator.ABOVE, Operator.BELOW, Operator.BETWEEN)
_WORDS = (Operator.HAS_WORD, Operator.HAS_ANY_WORD, Operator.CONTAINS, Operator.STARTS_WITH, Operator.ENDS_WITH)

OPERATORS: Mapping[ValueType, tuple[Operator, ...]] = {
    ValueType.TEXT: (*_EQUAL, Operator.IN_LIST, *_WORDS, Operator.KNOWN),
    ValueType.NUMBER: (*_EQUAL, *_ORDER, Operator.KNOWN),
    ValueType.MONEY: (*_EQUAL, *_ORDER, Operator.KNOWN),
    ValueType.BOOLEAN: (Operator.IS, Operator.IS_NOT, Operator.KNOWN),
    ValueType.DATE: (*_EQUAL, *_ORDER, Operator.KNOWN),
    ValueType.COUNTRY: (*_EQUAL, Operator.IN_LIST, Operator.KNOWN),
    ValueType.CHOICE: (*_EQUAL, Operator.KNOWN),
}
"""What may be asked of each type."""

_ELSEWHERE = {"fit", "behaviour", "total", "band"}  # names that exist, but not everywhere

_OFTEN_MEANT = {"uk": "GB", "el": "GR"}  # codes of other lists that people and systems use

_EXPECTED = {
    ValueType.TEXT: "text; put it in quotes if it looks like a number or a boolean",
    ValueType.NUMBER: "a number without quotes, at most 10^18",
    ValueType.MONEY: "an amount without quotes or currency, at most 10^18",
    ValueType.BOOLEAN: "true or false",
    ValueType.DATE: "a date as YYYY-MM-DD",
    ValueType.COUNTRY: "a two-letter country code of ISO 3166, such as DE",
    ValueType.CHOICE: "one of the words declared for it",
}


def parse(
    raw: object, path: Path, names: Names, lists: Mapping[str, frozenset[str]], problems: Problems
) -> Condition | None:
    """Read a condition; None when anything in it is wrong, with every mistake added to ``problems``.

    ``names`` are the names that may be used here with their types, ``lists`` the content of the lists by name
    (folded). Rule: contract.md, "Conditions: data, not code".
    """
    before = len(problems.errors)
    condition = _Reader(names, lists, problems).condition(raw, path)
    return condition if len(problems.errors) == before else None


_NOTHING = All(())  # stands for what could not be read; parse never returns it


@dataclass(frozen=True, slots=True)
class _Reader:
    names: Names
    lists: Mapping[str, frozenset[str]]
    problems: Problems

    def condition(self, raw: object, path: Path) -> Condition:
        """A mapping; several keys mean that all hold."""
        if not isinstance(raw, Mapping):
            self.problems.add(
                "wrong_condition",
                path,
                f"A condition is a mapping of names to tests, not {_kind(raw)}.",
                allowed="such as {country: DE} or {employees: {at_least: 50}}",
            )
            return _NOTHING
        if not raw:
            self.problems.add("empty_condition", path, "The condition is empty.", allowed="at least one name")
            return _NOTHING
        parts: list[Condition] = []
        for key, value in raw.items():
            parts += self._entry(key, value, (*path, str(key)))
        return parts[0] if len(parts) == 1 else All(tuple(parts))

    def _entry(self, key: object, raw: object, path: Path) -> list[Condition]:
        if key in GROUPS:
            return [self._group(str(key), raw, path)]
        if not isinstance(key, str) or key not in self.names:
            self._unknown_name(key, path)
            return []
        if not isinstance(raw, Mapping):
            return self._bare(key, raw, path)
        if not raw:
            allowed = self._allowed(key)
            self.problems.add("empty_condition", path, f"Nothing is asked of {key!r}.", allowed=allowed)
        return [test for word, operand in raw.items() for test in self._test(key, word, operand, (*path, str(word)))]

    def _group(self, word: str, raw: object, path: Path) -> Condition:
        if not isinstance(raw, list) or not raw:
            found = "an empty list" if raw == [] else _kind(raw)
            self.problems.add(
                "wrong_group", path, f"{word!r} takes a list of conditions, not {found}.", allowed="a list of mappings"
            )
            return _NOTHING
        return GROUPS[word](tuple(self.condition(part, (*path, place)) for place, part in enumerate(raw)))

    def _unknown_name(self, key: object, path: Path) -> None:
        known = sorted(self.names)
        if key in _ELSEWHERE:
            self.problems.add(
                "name_not_here", path, f"{key!r} cannot be used in this condition.", allowed=", ".join(known)
            )
            return
        self.problems.add(
            "unknown_name",
            path,
            f"Nothing here is called {_shown(key)}.",
            allowed=", ".join([*known, *GROUPS]),
            nearest=nearest(key, [*known, *GROUPS]),
        )

    def _bare(self, name: str, raw: object, path: Path) -> list[Condition]:
        """A scalar means ``is``."""
        if isinstance(raw, list):
            self.problems.add(
                "list_without_operator",
                path,
                f"A list needs an operator that says what it is for, such as {name}: {{in: […]}}.",
                allowed=self._allowed(name),
            )
            return []
        return self._test(name, Operator.IS.value, raw, path)

    def _test(self, name: str, word: object, raw: object, path: Path) -> list[Condition]:
        allowed = OPERATORS[type_of(self.names[name])]
        if word not in allowed:
            self._unknown_operator(name, word, path)
            return []
        operator = Operator(str(word))
        operand = self._operand(name, operator, raw, path)
        if operand is None:
            return []
        list_name = str(raw) if operator is Operator.IN_LIST else ""
        return [Test(name, operator, operand, list_name)]

    def _unknown_operator(self, name: str, word: object, path: Path) -> None:
        kind = type_of(self.names[name])
        usable = [operator.value for operator in OPERATORS[kind]]
        message = f"{_shown(word)} is not an operator."
        if word in list(Operator):
            message = f"{str(word)!r} cannot be asked of {name!r}, which is of type {kind.value}."
        self.problems.add("unknown_operator", path, message, allowed=self._allowed(name), nearest=nearest(word, usable))

    def _allowed(self, name: str) -> str:
        return ", ".join(operator.value for operator in OPERATORS[type_of(self.names[name])])

    def _operand(
        self, name: str, operator: Operator, raw: object, path: Path
    ) -> Value | tuple[Value, ...] | frozenset[str] | None:
        match operator:
            case Operator.KNOWN:
                return self._yes_or_no(raw, path)
            case Operator.IN_LIST:
                return self._list_content(raw, path)
            case Operator.IN | Operator.NOT_IN | Operator.HAS_ANY_WORD:
                return self._several(name, raw, path)
            case Operator.BETWEEN:
                return self._range(name, raw, path)
            case _:
                return self._one(name, raw, path)

    def _yes_or_no(self, raw: object, path: Path) -> bool | None:
        if isinstance(raw, bool):
            return raw
        self.problems.add("wrong_operand", path, f"'known' is true or false, not {_shown(raw)}.", allowed="true, false")
        return None

    def _list_content(self, raw: object, path: Path) -> frozenset[str] | None:
        if isinstance(raw, str) and raw in self.lists:
            return self.lists[raw]
        known = sorted(self.lists)
        self.problems.add(
            "unknown_list",
            path,
            f"There is no list called {_shown(raw)}.",
            allowed=", ".join(known),
            nearest=nearest(raw, known),
        )
        return None

    def _several(self, name: str, raw: object, path: Path) -> tuple[Value, ...] | None:
        if not isinstance(raw, list):
            self.problems.add("wrong_operand", path, f"A list is needed here, not {_kind(raw)}.", allowed="[…]")
            return None
        if not raw:
            self.problems.add("empty_list", path, "The list is empty.", allowed="at least one value")
            return None
        found = [self._one(name, value, (*path, place)) for place, value in enumerate(raw)]
        values = [value for value in found if value is not None]
        return tuple(values) if len(values) == len(raw) and self._all_different(values, raw, path) else None

    def _all_different(self, values: list[Value], raw: list[object], path: Path) -> bool:
        """Twice the same value is a slip of the pen that hides another: ``google`` beside ``Google``."""
        first_at: dict[Value, int] = {}
        for place, value in enumerate(values):
            if first_at.setdefault(value, place) != place:
                first = raw[first_at[value]]
                self.problems.add(
                    "repeated_value", (*path, place), f"{_shown(raw[place])} says the same as {_shown(first)}."
                )
                return False
        return True

    def _range(self, name: str, raw: object, path: Path) -> tuple[Value, ...] | None:
        if not isinstance(raw, list) or len(raw) != 2:
            self.problems.add("wrong_operand", path, "'between' takes two values.", allowed="[lowest, highest]")
            return None
        low, high = (self._one(name, value, (*path, place)) for place, value in enumerate(raw))
        if low is None or high is None:
            return None
        if cast("Decimal", low) > cast("Decimal", high):  # only numbers and dates have 'between'
            message = f"No value lies between {_shown(raw[0])} and {_shown(raw[1])}: the first is the larger."
            self.problems.add("range_reversed", path, message, allowed="[lowest, highest]")
            return None
        return low, high

    def _one(self, name: str, raw: object, path: Path) -> Value | None:
        declared = self.names[name]
        kind = type_of(declared)
        words = () if isinstance(declared, ValueType) else declared.one_of
        value = _operand_value(raw, kind)
        if value is None:
            self.problems.add(
                "wrong_operand", path, f"{name!r} cannot be compared with {_shown(raw)}.", allowed=_EXPECTED[kind]
            )
        elif kind is ValueType.CHOICE and value not in _folded(words):
            self._unknown_choice(name, raw, words, path)
            return None
        elif kind is ValueType.COUNTRY and value not in COUNTRIES:
            self.problems.add(
                "unknown_country",
                path,
                f"There is no country with the code {_shown(raw)}.",
                allowed=_EXPECTED[kind],
                nearest=_OFTEN_MEANT.get(str(value), ""),
            )
            return None
        return value

    def _unknown_choice(self, name: str, raw: object, words: tuple[str, ...], path: Path) -> None:
        self.problems.add(
            "unknown_choice",
            path,
            f"{_shown(raw)} is not a value of {name!r}.",
            allowed=", ".join(words),
            nearest=nearest(raw, words),
        )


@lru_cache(maxsize=64)
def _folded(words: tuple[str, ...]) -> frozenset[str]:
    """The words of a choice as compared; kept, because long lists are held against them."""
    return frozenset(fold(word) for word in words)


def _operand_value(raw: object, kind: ValueType) -> Value | None:
    """An operand as compared; None when it is not written as its type asks."""
    try:
        match kind:
            case ValueType.BOOLEAN:
                return raw if isinstance(raw, bool) else None
            case ValueType.NUMBER | ValueType.MONEY:
                return None if isinstance(raw, str) else number(raw)
            case ValueType.DATE:
                return ordinal(raw)
            case _:
                return (fold(raw) or None) if isinstance(raw, str) else None
    except ValueError:
        return None


def _kind(raw: object) -> str:
    if isinstance(raw, list):
        return "a list"
    return "a mapping" if isinstance(raw, Mapping) else _shown(raw)


def _shown(raw: object) -> str:
    """A value in a message: short, and never a failure of its own."""
    if raw is None:
        return "nothing"
    if isinstance(raw, bool):
        return str(raw).lower()
    if isinstance(raw, str):
        return repr(raw if len(raw) <= 40 else raw[:39] + "…")
    if isinstance(raw, int):
        return str(raw) if abs(raw) < 10**40 else "a very large number"
    if isinstance(raw, (Decimal, float)):
        return str(raw)[:40]
    return "a list" if isinstance(raw, list) else "a mapping" if isinstance(raw, Mapping) else "such a value"
