"""Mistakes in what a person wrote, as values: collected, placed, and shown all at once."""

from __future__ import annotations

import difflib
import heapq
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache

Path = tuple[str | int, ...]
"""Where a value stands in a document: keys and zero-based list positions, outermost first."""


class Severity(StrEnum):
    """How much a problem matters."""

    ERROR = "error"  # the document is refused
    WARNING = "warning"  # accepted, but the author should look
    NOTE = "note"  # said for information


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in a text: line and column, both counted from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One mistake: what is wrong, where, what is allowed, and the nearest spelling if there is one."""

    code: str  # stable, snake_case, for programs
    path: Path
    message: str  # one sentence, for people
    allowed: str = ""  # what may stand here
    nearest: str = ""  # the likely intended spelling
    severity: Severity = Severity.ERROR
    file: str = ""
    mark: Mark | None = None

    @property
    def dotted(self) -> str:
        """The path as people write it: ``routing.rules[2].when``."""
        return dotted(self.path)

    def __str__(self) -> str:
        """``file:line:col: path: message. Did you mean …? Allowed: …`` on one line."""
        place = self.file or "contract"
        if self.mark is not None:
            place += f":{self.mark.line}:{self.mark.column}"
        head = f"{place}: {self.dotted}: " if self.path else f"{place}: "
        tail = f" Did you mean {self.nearest}?" if self.nearest else ""
        if self.allowed:
            tail += f" Allowed: {self.allowed}."
        return f"{head}{self.message}{tail}"


def dotted(path: Path) -> str:
    """Write a path the way clauses are cited: keys joined by dots, positions in brackets."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text if text.isprintable() else "".join(map(_seen, text))


def _seen(letter: str) -> str:
    """A letter of a key as it can be shown: what moves the cursor or hides would garble the line it is told in."""
    if letter.isprintable():
        return letter
    return " " if letter.isspace() else "\N{REPLACEMENT CHARACTER}"


_CLOSELY = 12  # candidates that are compared letter by letter; a text full of mistakes must not cost seconds


def nearest(word: object, known: Iterable[str]) -> str:
    """The known word most like ``word``, or an empty string when none is close."""
    text = str(word).casefold()[:80]
    by_fold = {candidate.casefold(): candidate for candidate in known}
    likely: list[str] = list(by_fold)
    if len(likely) > _CLOSELY:
        pairs = _pairs(text)
        likely = heapq.nlargest(_CLOSELY, likely, key=lambda candidate: len(pairs & _pairs(candidate)))
    found = difflib.get_close_matches(text, likely, n=1, cutoff=0.6)
    return by_fold[found[0]] if found else ""


@lru_cache(maxsize=8192)
def _pairs(word: str) -> frozenset[str]:
    """The pairs of neighbouring letters, the ends included: words that are alike share most of them."""
    framed = f" {word[:80]} "
    return frozenset(framed[at : at + 2] for at in range(len(framed) - 1))


@dataclass(slots=True)
class Problems:
    """A growing list of problems; every reader of a document is handed the same one."""

    found: list[Problem] = field(default_factory=list)

    def add(
        self,
        code: str,
        path: Path,
        message: str,
        *,
        allowed: str = "",
        nearest: str = "",
        severity: Severity = Severity.ERROR,
    ) -> None:
        """Record one problem."""
        self.put(Problem(code=code, path=path, message=message, allowed=allowed, nearest=nearest, severity=severity))

    def put(self, problem: Problem) -> None:
        """Record a problem that is made already; what every addition comes through."""
        self.found.append(problem)

    @property
    def errors(self) -> list[Problem]:
        """Only what refuses the document."""
        return [problem for problem in self.found if problem.severity is Severity.ERROR]

    def __iter__(self) -> Iterator[Problem]:
        """In the order found."""
        return iter(self.found)

    def __bool__(self) -> bool:
        """True when anything was found, warnings and notes included."""
        return bool(self.found)
