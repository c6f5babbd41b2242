"""Ranges of points: sums, differences, limits, and what they leave of a domain."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction

from handfast.contract.check.domain import Domain, number
from handfast.contract.model import BehaviourGroup, FitGroup

Range = tuple[Fraction | None, Fraction | None]
"""Lowest and highest value, both inclusive; None where there is no end."""


def added(parts: Iterable[Range]) -> Range:
    """The range of a sum."""
    low: Fraction | None = Fraction(0)
    high: Fraction | None = Fraction(0)
    for part in parts:
        low, high = _sum(low, part[0]), _sum(high, part[1])
    return low, high


def rest(whole: Range, part: Range) -> Range:
    """What is left for one summand when the sum and the other summand are known."""
    low = None if whole[0] is None or part[1] is None else whole[0] - part[1]
    high = None if whole[1] is None or part[0] is None else whole[1] - part[0]
    return low, high


def _sum(one: Fraction | None, other: Fraction | None) -> Fraction | None:
    return None if one is None or other is None else one + other


def limited(found: Range, group: FitGroup | BehaviourGroup) -> Range:
    """A range held within the limits of a group."""
    low, high = found
    if group.at_least is not None:
        floor = Fraction(group.at_least)
        low, high = max(low, floor) if low is not None else floor, max(high, floor) if high is not None else None
    if group.at_most is not None:
        roof = Fraction(group.at_most)
        low, high = min(low, roof) if low is not None else None, min(high, roof) if high is not None else roof
    return low, high


def as_domain(found: Range) -> Domain:
    """The scores in a range; a score is never unknown."""
    low, high = found
    return Domain(low=None if low is None else (low, 0), high=None if high is None else (high, 0), unknown=False)


def range_of(domain: Domain) -> Range:
    """The bounds of a score, an open end taken as closed."""
    if domain.values is not None:
        numbers = [number(value) for value in domain.values]
        return min(numbers, default=None), max(numbers, default=None)
    return (domain.low[0] if domain.low else None), (domain.high[0] if domain.high else None)


def meet(domain: Domain, found: Range) -> Domain:
    """The part of a score's domain that lies in a range."""
    low, high = found
    if domain.values is not None:
        kept = (
            value
            for value in domain.values
            if (low is None or low <= number(value)) and (high is None or number(value) <= high)
        )
        return replace(domain, values=frozenset(kept))
    limits = as_domain(found)
    lows = [end for end in (domain.low, limits.low) if end is not None]
    highs = [end for end in (domain.high, limits.high) if end is not None]
    return replace(domain, low=max(lows, default=None), high=min(highs, default=None))
