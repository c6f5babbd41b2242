"""Changes to the text of a contract, made where the value stands, so that comments and order stay as they were.

What comes out is read again and held against what it was: an amendment that changes anything else is none.
"""

from __future__ import annotations

import json
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from handfast.condition import Condition, Operator, names_in, plain
from handfast.contract.diff import Change, diff
from handfast.contract.load import Loaded, load
from handfast.contract.text import Marks
from handfast.problem import Mark, Path

_UNLESS = ("definitions", "mql", "unless")


class Amended(NamedTuple):
    """The whole text with the change in it, and what that is in business words."""

    text: str
    changes: tuple[Change, ...]


@lru_cache(maxsize=32)
def with_points(text: str, clause: str, points: int) -> Amended | None:
    """Other points for a signal; None where they are not found as a plain number."""
    return _with_number(text, (*clause.split("."), "points"), points, clause)


@lru_cache(maxsize=32)
def with_lower_end(text: str, signal: str, name: str, value: int) -> Amended | None:
    """Another lower end for what a fit signal asks of a number; None where it asks otherwise."""
    clause = f"score.fit.signals.{signal}"
    when = (*clause.split("."), "when", name)
    changed = _with_number(text, (*when, Operator.BETWEEN.value, 0), value, clause)
    return changed or _with_number(text, (*when, Operator.AT_LEAST.value), value, clause)


def _with_number(text: str, path: Path, value: int, clause: str) -> Amended | None:
    loaded = load(text)
    mark = loaded.marks.get(path)
    if loaded.contract is None or mark is None:
        return None
    lines = text.split("\n")
    line, at = lines[mark.line - 1], mark.column - 1
    end = at + len(line[at:]) - len(line[at:].lstrip("+-0123456789"))
    if end == at:
        return None
    lines[mark.line - 1] = f"{line[:at]}{value}{line[end:]}"
    return _checked(loaded, "\n".join(lines), clause)


@lru_cache(maxsize=32)
def with_requirement(text: str, signal: str) -> Amended | None:
    """A disqualifier that keeps back those of whom a fit signal is known not to hold, unless they raise a hand."""
    loaded, name = load(text), f"not_{signal}"[:64]
    contract = loaded.contract
    terms = None if contract is None else contract.score.fit.signals.get(signal)
    if contract is None or terms is None or name in contract.definitions.mql.unless:
        return None
    held: dict[str, object] = {"title": f"Not: {terms.title}", "when": _known_not(terms.when)}
    if contract.definitions.mql.hand_raise is not None:
        held["except"] = "hand_raise"
    entry = f"{name}: {json.dumps(held, ensure_ascii=False, default=_number)}"
    changed = _inserted(text, loaded, entry)
    return None if changed is None else _checked(loaded, changed, f"{'.'.join(_UNLESS)}.{name}")


def _known_not(condition: Condition) -> dict[str, object]:
    """Everything that it asks is known, and it does not hold: who is unknown is not kept back."""
    asked = sorted(names_in(condition))
    return {"all": [*({name: {"known": True}} for name in asked), {"none": [plain(condition)]}]}


def _inserted(text: str, loaded: Loaded, entry: str) -> str | None:
    """The text with an entry among the disqualifiers, before the first; with a list of them where there is none."""
    children = [path for path in loaded.marks if len(path) == len(_UNLESS) + 1 and path[:-1] == _UNLESS]
    if children:
        return _before(text, _key(loaded, children[0]), entry)
    if _UNLESS in loaded.marks:
        return None
    return _before(text, _key(loaded, (*_UNLESS[:-1], "when")), f"unless: {{{entry}}}")


def _before(text: str, mark: Mark | None, entry: str) -> str | None:
    """As a line of its own before one that begins with a key, else within the braces."""
    if mark is None:
        return None
    lines = text.split("\n")
    line, at = lines[mark.line - 1], mark.column - 1
    if line[:at].strip():
        lines[mark.line - 1] = f"{line[:at]}{entry}, {line[at:]}"
    else:
        lines.insert(mark.line - 1, f"{line[:at]}{entry}")
    return "\n".join(lines)


def _key(loaded: Loaded, path: Path) -> Mark | None:
    marks = loaded.marks
    try:
        return marks.key(path) if isinstance(marks, Marks) else None
    except KeyError:
        return None


def _checked(before: Loaded, text: str, clause: str) -> Amended | None:
    after = load(text)
    if before.contract is None or after.contract is None:
        return None
    changes = diff(before.contract, after.contract)
    if not changes or any(not change.path.startswith(clause) for change in changes):
        return None
    return Amended(text, changes)


def _number(value: object) -> float:
    if isinstance(value, Decimal):
        return int(value) if value == int(value) else float(value)
    raise TypeError(f"{value!r} cannot be written")
