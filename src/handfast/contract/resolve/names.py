"""The names that clauses of a contract refer to, and the words when one refers to nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from handfast.condition import Condition, fold, parse
from handfast.condition.value import Names
from handfast.contract.document.shape import Cuts
from handfast.contract.phrase import shown
from handfast.contract.terms import Duration, DurationUnit
from handfast.contract.text.tree import NOTHING
from handfast.problem import Path, Problem, Problems, nearest

NO_TIME = Duration(DurationUnit.WALL, 0, "0 days")
"""Stands for a duration that was refused; a contract with one is never made."""


@dataclass(frozen=True, slots=True)
class Known:
    """Names of one kind. ``sure`` is false when a mistake elsewhere may hide some: then none is called unknown."""

    kind: str  # "pool", as it stands in messages and codes
    names: tuple[str, ...]
    sure: bool = True

    def has(self, word: str, path: Path, problems: Problems) -> bool:
        """Whether a name is known; if not, that is a problem at ``path``."""
        if word in self.names:
            return True
        if self.sure:
            allowed = ", ".join(self.names) if len(self.names) <= 40 else ""
            message = f"There is no {self.kind} called {shown(word)}."
            code = "unknown_" + self.kind.replace(" ", "_")
            problems.add(code, path, message, allowed=allowed, nearest=nearest(word, self.names))
        return False


_MOST_HUSHED = 100


class _Hushed(Problems):
    """Passes problems on, but calls no name unknown that a mistake elsewhere may hide; within reason."""

    def __init__(self, told: Problems) -> None:
        super().__init__()
        self._told = told
        self._hushed = 0

    def put(self, problem: Problem) -> None:
        """Pass a problem on, or keep it quiet."""
        if problem.code == "unknown_name" and self._hushed < _MOST_HUSHED:
            self._hushed += 1
        else:
            self._told.put(problem)


@dataclass(frozen=True, slots=True)
class Ground:
    """What every part of a contract stands on while it is resolved."""

    problems: Problems
    cuts: Cuts
    lists: Mapping[str, frozenset[str]]

    def known(self, kind: str, names: Iterable[str], *sections: Path) -> Known:
        """The names of a kind; unsure when any of the sections that give them was refused in part."""
        return Known(kind, tuple(names), sure=not any(self.cuts.within(section) for section in sections))

    def different(self, words: Iterable[str], path: Path) -> None:
        """Twice the same entry in a list, as entries are compared, is a slip of the pen that hides another."""
        seen: set[str] = set()
        for index, word in enumerate(words):
            if fold(word) in seen:
                self.problems.add("repeated", (*path, index), f"{shown(word)} is named twice.")
            seen.add(fold(word))

    def condition(self, raw: object, path: Path, names: Names) -> Condition | None:
        """Read a condition; None when there is none, or a problem was said, be it with a value inside."""
        if raw is None or self.cuts.within(path):
            return None
        unsure = self.cuts.within(("attributes",)) or self.cuts.within(("activities",))
        problems = _Hushed(self.problems) if unsure else self.problems
        return parse(_with_none(raw), path, names, self.lists, problems)


def _with_none(raw: object) -> object:
    """A raw condition with None where a value is missing, as conditions know it."""
    if isinstance(raw, dict):
        return {key: _with_none(value) for key, value in raw.items()}
    if isinstance(raw, list):
        return [_with_none(value) for value in raw]
    return None if raw is NOTHING else raw


def words_of(name: str) -> str:
    """A name as words, for clauses without a title: ``right_size`` becomes ``Right size``."""
    words = name.replace("_", " ").replace("-", " ").strip()
    return words[:1].upper() + words[1:]
