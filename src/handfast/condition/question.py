"""What each operator asks of a value: one small function an operator, the only place that compares anything."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
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


def has_word(text: str, word: str) -> bool:
    """Whether ``word``, which may be several, stands in ``text`` as a whole: ``vp`` in ``svp/vp``, not in ``mvp``."""
    start = text.find(word)
    while start >= 0:
        if _is_boundary(text, start) and _is_boundary(text, start + len(word)):
            return True
        start = text.find(word, start + 1)
    return False


def _is_boundary(text: str, position: int) -> bool:
    """Whether a word may begin or end here: not before a combining mark, not between two letters or digits."""
    if position in (0, len(text)):
        return True
    left, right = text[position - 1], text[position]
    if _is_mark(right):
        return False
    return not (_is_joined(right) and (_is_joined(left) or _is_mark(left)))


def _is_joined(character: str) -> bool:
    return (character.isalnum() or character == "_") and not _UNSPACED.match(character)


def _is_mark(character: str) -> bool:
    return unicodedata.category(character)[0] == "M"  # Python's \w leaves these out and would split Hindi words
