"""How far the score of a contract can go at all, and from that what its conditions can be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

from handfast.condition import Condition, names_in, tests_in
from handfast.contract.check.reach import SCORES, Box, Domain, assumed, domain_of, number, regions
from handfast.contract.model import Attribute, BehaviourGroup, BehaviourSignal, Contract, FitGroup, FitSignal

Range = tuple[Fraction | None, Fraction | None]
"""Lowest and highest value, both inclusive; None where there is no end."""

_ENOUGH = 4_000
"""Tests × signals up to which the analysis is made; beyond it a condition is taken to be possible."""


@dataclass(frozen=True)
class Limits:
    """What can be under one contract. Certain when it says no, optimistic when it says yes."""

    contract: Contract

    @cached_property
    def everything(self) -> Box:
        """Any lead at all."""
        return Box({name: domain_of(attribute) for name, attribute in self.contract.attributes.items()})

    @cached_property
    def anyone(self) -> Box:
        """Any lead at all, with every score that it can have."""
        scores = dict.fromkeys(SCORES, Domain(unknown=False))
        scores["behaviour"] = _as_domain(self.behaviour)
        box = replace(self.everything, domains={**self.everything.domains, **scores})
        return self.settled(box) or box

    @cached_property
    def behaviour(self) -> Range:
        """The lowest and highest behaviour score."""
        group = self.contract.score.behaviour
        return _limited(_sum(self._behaviour_of(signal) for signal in group.signals.values()), group)

    @property
    def total(self) -> Range:
        """The lowest and highest total that anyone can have."""
        return _range(self.anyone.domains["total"])

    def fit(self, box: Box) -> Range:
        """The lowest and highest fit of the leads in a box."""
        group = self.contract.score.fit
        return _limited(_sum(_fit_parts(group.signals, box)), group)

    def holds(self, condition: Condition, within: Box | None = None, *, truth: bool = True) -> Box | None:
        """The leads for whom a condition on attributes and scores holds (or not); None when there are none."""
        box = self.anyone if within is None else within
        if sum(1 for _ in tests_in(condition)) * (1 + len(self.contract.score.fit.signals)) > _ENOUGH:
            return box
        return assumed(box, condition, self.settled, truth=truth)

    def with_properties(self, activity: str) -> Box:
        """Any lead doing one kind of activity: its properties hide attributes of the same name."""
        known = self.contract.activities.get(activity)
        properties: Mapping[str, Attribute] = known.properties if known else {}
        domains = {name: domain_of(each) for name, each in properties.items()}
        return replace(self.anyone, domains={**self.anyone.domains, **domains})

    def settled(self, box: Box) -> Box | None:
        """What the attributes of a box leave of its scores; None when they leave nothing."""
        domains = dict(box.domains)
        if "fit" not in domains:
            return box
        domains["fit"] = _meet(domains["fit"], self.fit(box))
        fit, behaviour = _range(domains["fit"]), _range(domains["behaviour"])
        domains["total"] = _meet(domains["total"], (_add(fit[0], behaviour[0]), _add(fit[1], behaviour[1])))
        total = _range(domains["total"])
        domains["fit"] = _meet(domains["fit"], _minus(total, behaviour))
        domains["behaviour"] = _meet(domains["behaviour"], _minus(total, fit))
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
        return signal.when is None or assumed(box, signal.when, self.settled) is not None


def _fit_parts(signals: Mapping[str, FitSignal], box: Box) -> Iterator[Range]:
    """Ranges that add up to the fit: signals reading the same single attribute are judged together."""
    by_name: dict[str, list[FitSignal]] = {}
    for signal in signals.values():
        names = names_in(signal.when)
        if len(names) == 1:
            by_name.setdefault(next(iter(names)), []).append(signal)
        else:
            yield _points([signal], box)
    for name, alike in by_name.items():
        asked = [test for signal in alike for test in tests_in(signal.when)]
        parts = [_points(alike, box.with_domain(name, part)) for part in regions(_domain(box, name), asked)]
        yield _hull(parts)


def _domain(box: Box, name: str) -> Domain:
    return box.domains.get(name, Domain())


def _points(signals: Iterable[FitSignal], box: Box) -> Range:
    """The lowest and highest sum of signals, each of which may, must or cannot hold in a box."""
    low = high = 0
    for signal in signals:
        can = assumed(box, signal.when, _as_is) is not None
        must = can and assumed(box, signal.when, _as_is, truth=False) is None
        low += signal.points if must or (can and signal.points < 0) else 0
        high += signal.points if must or (can and signal.points > 0) else 0
    return Fraction(low), Fraction(high)


def _as_is(box: Box) -> Box:
    return box


def _hull(parts: list[Range]) -> Range:
    lows = [low for low, _ in parts if low is not None]
    highs = [high for _, high in parts if high is not None]
    return min(lows, default=Fraction(0)), max(highs, default=Fraction(0))


def _sum(parts: Iterable[Range]) -> Range:
    low: Fraction | None = Fraction(0)
    high: Fraction | None = Fraction(0)
    for part in parts:
        low, high = _add(low, part[0]), _add(high, part[1])
    return low, high


def _add(one: Fraction | None, other: Fraction | None) -> Fraction | None:
    return None if one is None or other is None else one + other


def _minus(whole: Range, part: Range) -> Range:
    """What is left for one summand when the sum and the other summand are known."""
    low = None if whole[0] is None or part[1] is None else whole[0] - part[1]
    high = None if whole[1] is None or part[0] is None else whole[1] - part[0]
    return low, high


def _limited(found: Range, group: FitGroup | BehaviourGroup) -> Range:
    low, high = found
    if group.at_least is not None:
        floor = Fraction(group.at_least)
        low, high = max(low, floor) if low is not None else floor, max(high, floor) if high is not None else None
    if group.at_most is not None:
        roof = Fraction(group.at_most)
        low, high = min(low, roof) if low is not None else None, min(high, roof) if high is not None else roof
    return low, high


def _as_domain(found: Range) -> Domain:
    low, high = found
    return Domain(low=None if low is None else (low, 0), high=None if high is None else (high, 0), unknown=False)


def _range(domain: Domain) -> Range:
    """The bounds of a score, an open end taken as closed."""
    if domain.values is not None:
        numbers = [Fraction(value) for value in domain.values if not isinstance(value, str)]
        return min(numbers, default=None), max(numbers, default=None)
    return (domain.low[0] if domain.low else None), (domain.high[0] if domain.high else None)


def _meet(domain: Domain, found: Range) -> Domain:
    """The part of a score's domain that lies in a range."""
    limits = _as_domain(found)
    if domain.values is not None:
        low, high = found
        kept = frozenset(
            value
            for value in domain.values
            if not isinstance(value, str)
            and (low is None or low <= number(value))
            and (high is None or number(value) <= high)
        )
        return replace(domain, values=kept)
    lows = [end for end in (domain.low, limits.low) if end is not None]
    highs = [end for end in (domain.high, limits.high) if end is not None]
    return replace(domain, low=max(lows, default=None), high=min(highs, default=None))
