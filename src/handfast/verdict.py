"""A judgement that is kept: nothing is asked again while nothing has changed that could change an answer.

What a lead is and what it asked for change seldom; its behaviour changes with every activity, and by fading. But a
judgement changes with behaviour only where behaviour passes a number that some condition compares it with.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from handfast.condition import Test, Values, tests_in
from handfast.contract.model import Contract
from handfast.instant import Instant
from handfast.qualify import Asked, Judgement, LeadThen, judged
from handfast.score import Scored
from handfast.score.bar import edges_of
from handfast.score.kernel import FULL, HUGE


class Edges(NamedTuple):
    """The scores, in hundredths and ascending, from which on some clause may answer differently than just below."""

    behaviour: tuple[int, ...]
    total: tuple[int, ...]

    @classmethod
    def of(cls, contract: Contract) -> Edges:
        """The edges of everything that a judgement asks."""
        found: dict[str, set[int]] = {"behaviour": set(), "total": set()}
        if contract.score.warm is not None:
            found["total"].add(contract.score.warm * FULL)
        for test in _asked_in(contract):
            if test.name in found:
                found[test.name] |= edges_of(test)
        return cls(tuple(sorted(found["behaviour"])), tuple(sorted(found["total"])))

    def around(self, scored: Scored) -> tuple[int, int]:
        """The behaviour from which, and up to before which, every answer stays, for this fit."""
        low, high = _between(self.behaviour, scored.behaviour)
        least, most = _between(self.total, scored.total)
        return max(low, least - scored.fit), min(high, most - scored.fit)


def _asked_in(contract: Contract) -> Iterator[Test]:
    """Every test of a judgement; no property of a hand-raise bears the name of a score."""
    mql, icp = contract.definitions.mql, contract.definitions.icp
    yield from tests_in(mql.when)
    for each in mql.unless.values():
        yield from tests_in(each.when)
    if icp is not None:
        yield from tests_in(icp.when)
    if mql.hand_raise is not None and mql.hand_raise.when is not None:
        yield from tests_in(mql.hand_raise.when)


def _between(edges: tuple[int, ...], score: int) -> tuple[int, int]:
    place = bisect_right(edges, score)
    return edges[place - 1] if place else -HUGE, edges[place] if place < len(edges) else HUGE


class Verdict(NamedTuple):
    """A judgement, what it was made from, and the behaviour, from ``low`` and before ``high``, for which it stands."""

    judgement: Judgement
    values: Values
    known_since: Mapping[str, Instant]
    asked: tuple[Asked, ...]
    low: int
    high: int

    @classmethod
    def on(cls, contract: Contract, edges: Edges, lead: LeadThen) -> Verdict:
        """The verdict on a lead as it is."""
        low, high = edges.around(lead.score)
        return cls(judged(contract, lead), lead.attributes, lead.known_since, lead.asked, low, high)

    def stands(self, values: Values, known_since: Mapping[str, Instant], asked: tuple[Asked, ...], at: int) -> bool:
        """Whether judging again would say the same: nothing was learned or asked, and behaviour is still within.

        ``values`` are made anew whenever an attribute changes or another version governs, and the fit with them.
        """
        return (
            self.low <= at < self.high
            and self.values is values
            and self.known_since is known_since
            and self.asked == asked
        )
