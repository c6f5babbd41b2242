"""What each operator asks of a value: one small function an operator, the only place that compares anything."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from typing import Any

Question = Callable[[Any], bool]
"""Asked of a typed value, or of None where nothing is known."""


def question_of(operator: str, operand: Any) -> Question:
    """The question of an operator with its operand, as a function of the value found."""
    return _QUESTIONS[operator](operand)


def _is(operand: Any) -> Question:
    return lambda found: bool(found == operand)  # None equals no operand


def _is_not(operand: Any) -> Question:
    return lambda found: bool(found != operand)


def _in(operand: Any) -> Question:
    return frozenset(operand).__contains__


def _not_in(operand: Any) -> Question:
    members = frozenset(operand)
    return lambda found: found not in members


def _at_least(operand: Any) -> Question:
    return lambda found: found is not None and bool(found >= operand)


def _at_most(operand: Any) -> Question:
    return lambda found: found is not None and bool(found <= operand)


def _above(operand: Any) -> Question:
    return lambda found: found is not None and bool(found > operand)


def _below(operand: Any) -> Question:
    return lambda found: found is not None and bool(found < operand)


def _between(operand: Any) -> Question:
    low, high = operand
    return lambda found: found is not None and bool(low <= found <= high)


def _has_word(operand: Any) -> Question:
    return lambda found: found is not None and has_word(found, operand)


def _has_any_word(operand: Any) -> Question:
    return lambda found: found is not None and any(has_word(found, word) for word in operand)


def _contains(operand: Any) -> Question:
    return lambda found: found is not None and operand in found


def _starts_with(operand: Any) -> Question:
    return lambda found: found is not None and bool(found.startswith(operand))


def _ends_with(operand: Any) -> Question:
    return lambda found: found is not None and bool(found.endswith(operand))


def _known(operand: Any) -> Question:
    return lambda found: (found is not None) is operand


_QUESTIONS: dict[str, Callable[[Any], Question]] = {
    "is": _is,
    "is_not": _is_not,
    "in": _in,
    "not_in": _not_in,
    "in_list": _in,
    "at_least": _at_least,
    "at_most": _at_most,
    "above": _above,
    "below": _below,
    "between": _between,
    "has_word": _has_word,
    "has_any_word": _has_any_word,
    "contains": _contains,
    "starts_with": _starts_with,
    "ends_with": _ends_with,
    "known": _known,
}


# Scripts written without spaces, where every character starts and ends a word (UAX #29, rule WB999).
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u309f\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)
_JOINED, _MARK, _FREE = "j", "m", "-"


def has_word(text: str, word: str) -> bool:
    """Whether ``word``, which may be several, stands in ``text`` as a whole: ``vp`` in ``svp/vp``, not in ``mvp``.

    A word begins or ends at either end of the text, and everywhere else but before a combining mark or between two
    letters or digits, of which the left one may carry marks. Linear in the text: from within a word, on to its end.
    """
    start = text.find(word)
    if start < 0:
        return False
    kinds = _kinds(text)
    while start >= 0:
        if _may_end(kinds, start):
            if _may_end(kinds, start + len(word)):
                return True
            start = text.find(word, start + 1)
        else:
            free = kinds.find(_FREE, start)
            start = text.find(word, free) if free >= 0 else -1
    return False


def _may_end(kinds: str, position: int) -> bool:
    """Whether a word may begin or end before this position."""
    if position in (0, len(kinds)) or kinds[position] == _FREE:
        return True
    return kinds[position] == _JOINED and kinds[position - 1] == _FREE


class _Kinds(dict[int, str]):
    """What each character is: one that joins its neighbours, a mark, or neither. Kept for the first that are met."""

    def __missing__(self, code: int) -> str:
        kind = _kind(chr(code))
        if len(self) < _MANY:
            self[code] = kind
        return kind


_MANY = 10_000
_KINDS = _Kinds()


@lru_cache(maxsize=16)
def _kinds(text: str) -> str:
    """A letter for each character of a text; many words are looked for in one text."""
    return text.translate(_KINDS)


def _kind(character: str) -> str:
    if unicodedata.category(character)[0] == "M":  # Python's \w leaves these out and would split Hindi words
        return _MARK
    joins = (character.isalnum() or character == "_") and not _UNSPACED.match(character)
    return _JOINED if joins else _FREE
