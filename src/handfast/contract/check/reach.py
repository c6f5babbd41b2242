"""What conditions can be, worked out without any lead: which of them no lead, or every lead, satisfies.

Everything here is an over-approximation (``domain``), so that "impossible" is certain while "possible" may be
optimistic: a contract is never refused for something that could happen after all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import reduce

from handfast.condition import All, AnyOf, Condition, NoneOf, Test
from handfast.contract.check.domain import WORDS, Domain, joined, narrowed

SCORES = ("fit", "behaviour", "total")


@dataclass(frozen=True, slots=True)
class Box:
    """What a lead may still be: a domain per name, and the word tests that were already answered."""

    domains: Mapping[str, Domain]
    answered: Mapping[Test, bool] = field(default_factory=dict)

    def with_domain(self, name: str, domain: Domain) -> Box:
        """The same box with one domain exchanged."""
        return replace(self, domains={**self.domains, name: domain})


Settle = Callable[[Box], Box | None]
"""What else follows from a box (the score from the attributes, say); None when it cannot be."""


def as_is(box: Box) -> Box | None:
    """The settling of a box from which nothing else follows."""
    return box


def assumed(box: Box, condition: Condition, settle: Settle = as_is, *, truth: bool = True) -> Box | None:
    """The part of a box in which a condition holds, or does not; None when there is no such part.

    Alternatives are settled one by one, before they are joined; the whole is for the caller to settle.
    """
    if isinstance(condition, Test):
        return _assumed_test(box, condition, truth=truth)
    wanted = truth is not isinstance(condition, NoneOf)
    if isinstance(condition, AnyOf) is truth:
        return _assumed_some(box, condition.parts, settle, truth=wanted)
    return _assumed_each(box, condition.parts, settle, truth=wanted)


_ROUNDS = 5


def _assumed_each(box: Box, parts: tuple[Condition, ...], settle: Settle, *, truth: bool) -> Box | None:
    """Every part in turn, again as long as one takes something away: the order in which they are written is nothing."""
    for _ in range(_ROUNDS):
        before = box
        for part in parts:
            left = assumed(box, part, settle, truth=truth)
            if left is None:
                return None
            box = left
        if len(parts) == 1 or box == before:
            break
    return box


def _assumed_some(box: Box, parts: Iterable[Condition], settle: Settle, *, truth: bool) -> Box | None:
    narrowed_ones = (assumed(box, part, settle, truth=truth) for part in parts)
    left = [found for one in narrowed_ones if one is not None and (found := settle(one)) is not None]
    return reduce(_joined_boxes, left) if left else None


def _joined_boxes(one: Box, other: Box) -> Box:
    domains = {
        name: domain if domain is other.domains[name] else joined(domain, other.domains[name])
        for name, domain in one.domains.items()
    }
    answered = {test: truth for test, truth in one.answered.items() if other.answered.get(test) is truth}
    return Box(domains, answered)


def _assumed_test(box: Box, test: Test, *, truth: bool) -> Box | None:
    if box.answered.get(test, truth) is not truth:
        return None
    domain = narrowed(box.domains.get(test.name, Domain()), test, truth=truth)
    if domain.empty:
        return None
    left = box.with_domain(test.name, domain)
    if test.operator in WORDS:
        left = replace(left, answered={**left.answered, test: truth})
    return left


def without_scores(condition: Condition, *, truth: bool = True) -> Condition:
    """What a condition asks of a lead beside its score: every test of a score is taken to come out as wanted."""
    if isinstance(condition, Test):
        return condition if condition.name not in SCORES else All(()) if truth else AnyOf(())
    wanted = truth is not isinstance(condition, NoneOf)
    return type(condition)(tuple(without_scores(part, truth=wanted) for part in condition.parts))
