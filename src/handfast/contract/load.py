"""Text → contract: every problem at once, each with its place."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace

from handfast.contract.model import Contract
from handfast.contract.text import Text, read
from handfast.contract.text.tree import Leaf, Marks, Series, Table, values
from handfast.problem import Mark, Path, Problem, Problems, Severity

MOST_PROBLEMS = 100
"""Errors that are told, and warnings; who has more is served better by mending these first."""

_OF_KEY = frozenset(("unknown_key", "unknown_name", "name_not_here", "unknown_operator", "built_in", "reserved_name"))
"""Codes of problems with a key itself rather than with what stands under it."""

_NO_VALUE = frozenset(("alias", "unprintable", "number"))
"""Codes of problems with the text that leave a key without its value."""


class _Enough(Exception):
    """As many problems as are told."""


class _Told(Problems):
    """The first problems of each kind; after as many errors as are told, reading on would only cost time."""

    def __init__(self) -> None:
        super().__init__()
        self.more = False
        self._errors = 0

    def put(self, problem: Problem) -> None:
        """Keep a problem if it is among the first; raises _Enough after the last error that is told."""
        error = problem.severity is Severity.ERROR
        self._errors += error
        if error or len(self.found) - self._errors < MOST_PROBLEMS:
            self.found.append(problem)
        else:
            self.more = True
        if self._errors >= MOST_PROBLEMS:
            self.more = True
            raise _Enough


@dataclass(frozen=True, slots=True)
class Loaded:
    """A contract, if its text has no errors, and everything there is to say about the text."""

    contract: Contract | None
    problems: tuple[Problem, ...]  # placed, in the order of the text
    marks: Mapping[Path, Mark]  # where every value stands, for problems that others find
    file: str = ""

    def placed(self, problems: tuple[Problem, ...]) -> tuple[Problem, ...]:
        """Problems found by others, with their places in this text; in the order of the text."""
        marks = self.marks if isinstance(self.marks, Marks) else Marks(None)
        return _placed(problems, marks, self.file)


def load(text: bytes | str, *, file: str = "") -> Loaded:
    """Read a contract file, strictly; never raises for anything that stands in it.

    ``file`` is only for the words of problems. Rules: docs/reference/contract.md.
    """
    problems = _Told()
    contract, found = None, Text(None, whole=False)
    with suppress(_Enough):
        found = read(text, problems)
        contract = _contract(found, problems)
    if problems.more:
        message = f"Only the first {MOST_PROBLEMS} problems are told; there may be more."
        problems.found.append(Problem(code="more", path=(), message=message, severity=Severity.NOTE))
    marks = found.marks
    return Loaded(contract, _placed(tuple(problems.found), marks, file), marks, file)


def _contract(text: Text, problems: Problems) -> Contract | None:
    """The contract of a text that could be read to its end."""
    if not text.whole:
        return None
    if not isinstance(text.root, Table):
        _refuse(text.root, problems)
        return None
    # Pydantic costs a tenth of a second: who reads no contract does not pay it.
    from handfast.contract.document.shape import Cuts, shape  # noqa: PLC0415 see above
    from handfast.contract.resolve import resolve  # noqa: PLC0415 see above

    cuts = Cuts(problem.path for problem in problems if problem.code in _NO_VALUE)
    document = shape(values(text.root), cuts, problems)
    return None if document is None else resolve(document, cuts, problems)


def _refuse(root: Leaf | Series | None, problems: Problems) -> None:
    """A contract is a mapping; anything else is some other file."""
    if root is None or (isinstance(root, Leaf) and root.value is None):
        found = "the file is empty"
    else:
        found = "this file holds a list" if isinstance(root, Series) else "this file holds plain text"
    allowed = "such as `handfast: 1` in the first line; `handfast init` writes one to begin with"
    problems.add("not_a_contract", (), f"A contract is a mapping of clauses; {found}.", allowed=allowed)


def _placed(problems: tuple[Problem, ...], marks: Marks, file: str) -> tuple[Problem, ...]:
    placed = (
        replace(problem, file=file, mark=problem.mark or marks.near(problem.path, of_key=problem.code in _OF_KEY))
        for problem in problems
    )
    return tuple(sorted(placed, key=_order))


def _order(problem: Problem) -> tuple[bool, int, int, str]:
    mark = problem.mark or Mark(1, 1)
    return problem.code == "more", mark.line, mark.column, problem.dotted
