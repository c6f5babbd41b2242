"""The worked examples of a contract, run as tests, and everything else that can be checked of its text.

An example is a small history up to its instant: its attributes are known from the start, its activities happen in
order, and the lead is judged whenever something happened, never because time passed (semantics.md, Score). One
eligible member in every pool is assumed, so that the lead is assigned at once, and nobody has answered yet.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from handfast.clock import Calendars, calendars_between
from handfast.condition import Operator, Test, tests_in
from handfast.contract.check import check as check_whole
from handfast.contract.check import conditions_of
from handfast.contract.load import load
from handfast.contract.model import Contract, Example
from handfast.contract.seal import horizon
from handfast.example.expectation import Difference, differences
from handfast.example.outcome import Outcome, outcome_of
from handfast.instant import DAY
from handfast.problem import Path, Problem, Severity
from handfast.score import ScoreTable, compile_table
from handfast.wording import worded

_NEAR = 60 * DAY

MOST_WORK = 500_000
"""Questions that the examples of one contract may ask in all: half a second."""

_LETTERS = 20
"""So many letters of an example cost a search for a word about as much as any other question."""

_INSTANTS = 6
"""So many instants of a behaviour signal, weighed again whenever something happened, cost as much, too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExampleResult:
    """An example, what came out with its traces, and where that differs from what was expected."""

    example: Example
    outcome: Outcome
    differences: tuple[Difference, ...]

    @property
    def name(self) -> str:
        """The sentence that the example shows."""
        return self.example.name

    @property
    def holds(self) -> bool:
        """Whether everything came out as expected."""
        return not self.differences


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """Everything that can be said of a contract's text: problems in order of place, and its examples."""

    contract: Contract | None
    problems: tuple[Problem, ...]
    examples: tuple[ExampleResult, ...]

    @property
    def refused(self) -> bool:
        """Whether it may not be signed."""
        return self.contract is None or any(problem.severity is Severity.ERROR for problem in self.problems)


def check(text: bytes | str, *, file: str = "") -> Checked:
    """Load a contract, hold its lines against each other, run its examples. Raises for nothing in the text."""
    loaded = load(text, file=file)
    contract = loaded.contract
    if contract is None:
        return Checked(contract=None, problems=loaded.problems, examples=())
    many = tuple(_too_many(contract))
    results = () if many else run_examples(contract)
    problems = loaded.placed((*loaded.problems, *check_whole(contract), *many, *_failures(results)))
    return Checked(contract=contract, problems=problems, examples=results)


def _too_many(contract: Contract) -> Iterator[Problem]:
    """Examples that would be run for seconds, in an editor at every keystroke."""
    tests = [test for condition in conditions_of(contract) for test in tests_in(condition)]
    signals = len(contract.score.behaviour.signals)
    words = sum(map(_words, tests))
    asked = len(tests) + words + signals
    work = sum(
        asked * (1 + len(each.did)) + words * _letters(each) // _LETTERS + signals * len(each.did) ** 2 // _INSTANTS
        for each in contract.examples
    )
    if work > MOST_WORK:
        message = (
            f"These examples would ask {work:,} questions of this contract; {MOST_WORK:,} are the most, "
            "so that none was run."
        )
        yield Problem(code="too_many", path=("examples",), message=message, allowed="fewer examples, or shorter ones")


def _words(test: Test) -> int:
    """How many words a test looks for in a text."""
    if test.operator is Operator.HAS_ANY_WORD and isinstance(test.operand, tuple):
        return len(test.operand)
    return int(test.operator in _SEARCHES)


_SEARCHES = frozenset({Operator.HAS_WORD, Operator.CONTAINS, Operator.STARTS_WITH, Operator.ENDS_WITH})


def _letters(example: Example) -> int:
    values = [*example.given.values(), *(value for act in example.did for value in act.properties.values())]
    return sum(len(value) for value in values if isinstance(value, str))


def run_examples(contract: Contract) -> tuple[ExampleResult, ...]:
    """Every example of a contract, in order."""
    table = compile_table(contract)
    near, far = _calendars(contract)
    found = []
    for example in contract.examples:
        result = _result(example, near, table)
        found.append(_result(example, far, table) if result.outcome.undue else result)
    return tuple(found)


def _calendars(contract: Contract) -> tuple[Calendars, Calendars]:
    """The calendars around the examples, quickly compiled, and those of all years that sealing the contract covers.

    No example may need more than leads will get; most need a few days.
    """
    first, last = horizon(contract.effective_from)
    moments = [at for example in contract.examples for at in (example.at, *(act.at for act in example.did))]
    inside = [at for at in moments if first <= at <= last]
    begin, end = min(inside, default=first), max(inside, default=first)
    near = calendars_between(contract, begin, min(last, end + _NEAR))
    return near, calendars_between(contract, first, last)


def _result(example: Example, calendars: Calendars, table: ScoreTable) -> ExampleResult:
    outcome = outcome_of(example, calendars, table)
    found = tuple(differences(calendars.contract, example, outcome))
    return ExampleResult(example=example, outcome=outcome, differences=found)


def _failures(results: Iterable[ExampleResult]) -> Iterator[Problem]:
    for position, result in enumerate(results):
        for difference in result.differences:
            path: Path = ("examples", position, "expect", difference.key)
            yield Problem(
                code="example_fails",
                path=path,
                message=worded("{name}: {words}.", name=result.name, words=difference.words),
            )
