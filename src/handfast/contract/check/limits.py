"""How far the score of a contract can go at all, and from that what its conditions can be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction
from functools import cached_property

from handfast.condition import Condition, Test, names_in, tests_in
from handfast.contract.check.domain import Domain, domain_of, regions
from handfast.contract.check.ranges import Range, added, as_domain, limited, meet, range_of, rest
from handfast.contract.check.reach import SCORES, Box, assumed
from handfast.contract.model import Attribute, BehaviourSignal, Contract, FitGroup, FitSignal

_ENOUGH = 20_000
"""Steps of analysis in one check, well under a second; conditions that would need more are taken to be possible."""


_MOST_TOGETHER = 5_000
"""Steps up to which signals on one attribute are judged together; beyond, each by itself, which allows more."""


class Limits:
    """What can be under one contract. Certain when it says no, optimistic when it says yes."""

    def __init__(self, contract: Contract, *, steps: int = _ENOUGH) -> None:
        """Nothing is worked out before it is asked; ``steps`` is how much may be worked out in all."""
        self.contract = contract
        self._fit = FitRange(contract.score.fit)
        self._left = steps

    @cached_property
    def everything(self) -> Box:
        """Any lead at all."""
        return Box({name: domain_of(attribute) for name, attribute in self.contract.attributes.items()})

    @cached_property
    def anyone(self) -> Box:
        """Any lead at all, with scores that settling will narrow."""
        scores = dict.fromkeys(SCORES, Domain(unknown=False))
        scores["behaviour"] = as_domain(self.behaviour)
        return replace(self.everything, domains={**self.everything.domains, **scores})

    @cached_property
    def behaviour(self) -> Range:
        """The lowest and highest behaviour score."""
        group = self.contract.score.behaviour
        return limited(added(self._behaviour_of(signal) for signal in group.signals.values()), group)

    def fit(self, box: Box) -> Range:
        """The lowest and highest fit of the leads in a box."""
        return self._fit.of(box)

    def holds(self, condition: Condition, within: Box | None = None, *, truth: bool = True) -> Box | None:
        """The leads for whom a condition on attributes and scores holds (or not); None when there are none."""
        box = self.anyone if within is None else within
        tests = list(tests_in(condition))
        scored = any(test.name in SCORES for test in tests)
        self._left -= len(tests) * (1 + self._fit.cost if scored else 1)
        if self._left < 0:
            return box
        if not scored:
            return assumed(box, condition, truth=truth)
        left = assumed(box, condition, self.settled, truth=truth)
        return None if left is None else self.settled(left)

    def with_properties(self, activity: str) -> Box:
        """Any lead doing one kind of activity: its properties hide attributes of the same name."""
        known = self.contract.activities.get(activity)
        properties: Mapping[str, Attribute] = known.properties if known else {}
        domains = {name: domain_of(each) for name, each in properties.items()}
        return replace(self.anyone, domains={**self.anyone.domains, **domains})

    def settled(self, box: Box) -> Box | None:
        """What the attributes of a box leave of its scores; None when they leave nothing."""
        domains = dict(box.domains)
        domains["fit"] = meet(domains["fit"], self.fit(box))
        fit, behaviour = range_of(domains["fit"]), range_of(domains["behaviour"])
        domains["total"] = meet(domains["total"], added((fit, behaviour)))
        total = range_of(domains["total"])
        domains["fit"] = meet(domains["fit"], rest(total, behaviour))
        domains["behaviour"] = meet(domains["behaviour"], rest(total, fit))
        return replace(box, domains=domains) if all(domains[name].some for name in SCORES) else None

    def _behaviour_of(self, signal: BehaviourSignal) -> Range:
        nothing = Fraction(0)
        if signal.when is not None and not self.can_match(signal):
            return nothing, nothing
        most = None if signal.most_recent is None else Fraction(signal.points * signal.most_recent)
        return (nothing, most) if signal.points > 0 else (most, nothing)

    def can_match(self, signal: BehaviourSignal) -> bool:
        """Whether any activity at all can match a behaviour signal."""
        known = self.contract.activities.get(signal.on)
        properties: Mapping[str, Attribute] = known.properties if known else {}
        box = Box({name: domain_of(each) for name, each in {**self.contract.attributes, **properties}.items()})
        return signal.when is None or assumed(box, signal.when) is not None


class FitRange:
    """The lowest and highest fit of the leads in a box; what was worked out for a domain is kept."""

    def __init__(self, group: FitGroup) -> None:
        """Signals that read the same single attribute are judged together: a company has one size."""
        self._group = group
        self._single: dict[str, list[FitSignal]] = {}
        self._mixed: list[FitSignal] = []
        self._known: dict[object, Range] = {}
        for signal in group.signals.values():
            names = names_in(signal.when)
            if len(names) == 1:
                self._single.setdefault(next(iter(names)), []).append(signal)
            else:
                self._mixed.append(signal)
        for name in [name for name, alike in self._single.items() if _cost(alike) > _MOST_TOGETHER]:
            self._mixed += self._single.pop(name)

    @cached_property
    def cost(self) -> int:
        """Steps that one box may take, roughly."""
        return sum(map(_cost, self._single.values())) + len(_tests(self._mixed))

    def of(self, box: Box) -> Range:
        """The range for a box, held within the limits of the group."""
        parts = [self._of_single(name, box) for name in self._single]
        parts += (self._of_mixed(signal, box) for signal in self._mixed)
        return limited(added(parts), self._group)

    def _of_single(self, name: str, box: Box) -> Range:
        key = (name, *_seen({name}, box))
        if key not in self._known:
            alike, domain = self._single[name], box.domains.get(name, Domain())
            parts = [_points(alike, box.with_domain(name, part)) for part in regions(domain, _tests(alike))]
            self._known[key] = min(low for low, _ in parts), max(high for _, high in parts)
        return self._known[key]

    def _of_mixed(self, signal: FitSignal, box: Box) -> Range:
        key = (signal.name, *_seen(names_in(signal.when), box))
        if key not in self._known:
            self._known[key] = _points([signal], box)
        return self._known[key]


def _seen(names: Iterable[str], box: Box) -> tuple[object, ...]:
    """All that a box says about some names."""
    wanted = sorted(names)
    answered = frozenset((test, truth) for test, truth in box.answered.items() if test.name in wanted)
    return (*(box.domains.get(name) for name in wanted), answered)


def _tests(signals: Iterable[FitSignal]) -> list[Test]:
    return [test for signal in signals for test in tests_in(signal.when)]


def _cost(alike: Iterable[FitSignal]) -> int:
    """Steps to judge signals together: each test is asked in each region, and a region lies between two literals."""
    tests = _tests(alike)
    return len(tests) * (len(tests) + sum(len(test.operand) for test in tests if isinstance(test.operand, tuple)))


def _points(signals: Iterable[FitSignal], box: Box) -> tuple[Fraction, Fraction]:
    """The lowest and highest sum of signals, each of which may, must or cannot hold in a box."""
    low = high = 0
    for signal in signals:
        can = assumed(box, signal.when) is not None
        must = can and assumed(box, signal.when, truth=False) is None
        low += signal.points if must or (can and signal.points < 0) else 0
        high += signal.points if must or (can and signal.points > 0) else 0
    return Fraction(low), Fraction(high)
