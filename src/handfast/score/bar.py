"""The MQL bar as ranges of behaviour: a lead's attributes and fit are settled first, behaviour is what remains."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from typing import cast

from handfast.condition import Condition, Operator, Test, Value, Values, tests_in
from handfast.score.kernel import FULL, HUGE
from handfast.score.scoring import Scored

Ranges = tuple[tuple[int, int], ...]
"""Ascending (lowest, highest) limited behaviour, in hundredths, at which a condition holds; never adjacent."""


def ranges(condition: Condition, attributes: Values, fit: int, limits: tuple[int, int]) -> Ranges:
    """Where a condition holds, as a function of behaviour alone, for a lead with these attributes and this fit.

    ``fit`` and ``limits`` in hundredths. A condition changes its answer only at the operands of its tests on
    ``behaviour`` and ``total``, so it is evaluated once between each two of them.
    """
    low, high = limits
    edges = sorted({low, *(edge for edge in _edges(condition, fit) if low < edge <= high)})
    found: list[tuple[int, int]] = []
    for begin, end in zip(edges, [*(edge - 1 for edge in edges[1:]), high], strict=True):
        if not condition.holds({**attributes, **_scores(fit, begin)}):
            continue
        if found and found[-1][1] == begin - 1:
            begin = found.pop()[0]  # noqa: PLW2901 one range with its neighbour
        found.append((begin, end))
    return tuple(found)


def needed(found: Ranges, limits: tuple[int, int]) -> int:
    """The least raw sum of behaviour that can hold; ``HUGE`` when none can, ``-HUGE`` when the lower limit does."""
    if not found:
        return HUGE
    return -HUGE if found[0][0] <= limits[0] else found[0][0]


def _scores(fit: int, behaviour: int) -> Mapping[str, Value]:
    return cast("Mapping[str, Value]", Scored(fit, behaviour).values())


def _edges(condition: Condition, fit: int) -> set[int]:
    """Every behaviour, in hundredths, from which on some test may answer differently than just below."""
    shifts = {"behaviour": 0, "total": fit}
    tests = (test for test in tests_in(condition) if test.name in shifts)
    return {edge - shifts[test.name] for test in tests for edge in edges_of(test)}


def edges_of(test: Test) -> set[int]:
    """Every score, in hundredths, from which on a test of it may answer differently than just below."""
    return {edge for operand in _numbers(test) for edge in (ceil(operand), floor(operand) + 1)}


def _numbers(test: Test) -> tuple[Fraction, ...]:
    """The numbers a test compares with, in hundredths; fractions, because a product of decimals may be rounded."""
    if test.operator is Operator.KNOWN:
        return ()
    operand = test.operand if isinstance(test.operand, tuple) else (test.operand,)
    return tuple(Fraction(cast("int | Decimal", value)) * FULL for value in operand)
