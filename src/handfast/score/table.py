"""A contract's score terms as integer tables: what every scorer reads instead of the contract."""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from handfast.condition import Condition, Values, ValueType, plain, tests_in
from handfast.contract.model import BehaviourSignal, Contract, FitSignal
from handfast.instant import SECOND
from handfast.score.kernel import FULL, HUGE, RING

LARGEST_POINTS = 1_000_000
"""Of one signal or limit: a thousand million activities of it still fit 64 bits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FitTerm:
    """A fit signal."""

    name: str
    title: str
    when: Condition
    points: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BehaviourTerm:
    """A behaviour signal. ``gone``, ``percent`` and ``every`` are GONE, PERCENT and EVERY of the kernel."""

    name: str
    title: str
    on: str
    when: Condition | None
    points: int
    most_recent: int  # 0: all
    gone: int
    percent: int
    every: int


@dataclass(frozen=True, kw_only=True)
class ScoreTable:
    """Everything a score depends on besides facts. Limits in hundredths of points.

    ``properties[activity][name]`` is the type of a property of an activity that a signal listens to, ``attributes``
    the types of a lead's attributes.
    """

    fit: tuple[FitTerm, ...]
    fit_limits: tuple[int, int]
    behaviour: tuple[BehaviourTerm, ...]
    behaviour_limits: tuple[int, int]
    attributes: Mapping[str, ValueType]
    properties: Mapping[str, Mapping[str, ValueType]]

    @cached_property
    def terms(self) -> tuple[tuple[int, int, int, int, int], ...]:
        """Points, how many count (0: all), gone, percent and every of each behaviour signal."""
        return tuple((term.points, term.most_recent, term.gone, term.percent, term.every) for term in self.behaviour)

    @cached_property
    def fingerprint(self) -> bytes:
        """Eight bytes that differ between tables whose behaviour signals differ, by name, condition, terms or order.

        A state kept under one table means nothing under another. Titles are left out: they count nothing.
        """
        told = [
            (term.name, term.on, _told(term.when), *terms)
            for term, terms in zip(self.behaviour, self.terms, strict=True)
        ]
        return hashlib.blake2b(json.dumps(told, default=repr).encode(), digest_size=8).digest()

    @cached_property
    def desk(self) -> tuple[int, ...]:
        """The behaviour signals as the kernel reads them, with nothing seen yet."""
        drawers = [0] * (1 + len(self.behaviour))
        for term in self.terms:
            _, most_recent, *_ = term
            drawers += [0, 0, *term] + [0] * most_recent
        return tuple(drawers)

    @cached_property
    def drawers(self) -> tuple[int, ...]:
        """Where on the desk each signal has its drawer."""
        sizes = (RING + term.most_recent for term in self.behaviour)
        return tuple(itertools.accumulate(sizes, initial=1 + len(self.behaviour)))[: len(self.behaviour)]

    @cached_property
    def by_activity(self) -> Mapping[str, tuple[tuple[int, Callable[[Values], bool]], ...]]:
        """For each activity that scores: the signals that listen to it, by position, and whether each holds."""
        found: dict[str, tuple[tuple[int, Callable[[Values], bool]], ...]] = {}
        for place, term in enumerate(self.behaviour):
            holds = _always if term.when is None else term.when.holds
            found[term.on] = (*found.get(term.on, ()), (place, holds))
        return found

    def matching(self, activity: str, properties: Values) -> tuple[int, ...]:
        """The behaviour signals, by position, that an activity with these typed properties matches."""
        listening = self.by_activity.get(activity, ())
        return tuple([place for place, holds in listening if holds(properties)])

    def matching_fit(self, attributes: Values) -> tuple[int, ...]:
        """The fit signals, by position, that these typed attributes match."""
        return tuple(place for place, term in enumerate(self.fit) if term.when.holds(attributes))


def _always(_: Values) -> bool:
    return True


def compile_table(contract: Contract) -> ScoreTable:
    """The score terms of a contract as tables.

    Raises ValueError for terms that no loaded contract has: a fading or expiring signal without ``most_recent``,
    whose state would have no bound; points beyond ``LARGEST_POINTS``; a step of fading under a second; a lower limit
    above the upper one.
    """
    fit, behaviour = contract.score.fit, contract.score.behaviour
    listened = {signal.on for signal in behaviour.signals.values()}
    return ScoreTable(
        fit=tuple(_fit_term(signal) for signal in fit.signals.values()),
        fit_limits=_limits(fit.at_least, fit.at_most),
        behaviour=tuple(_behaviour_term(signal) for signal in behaviour.signals.values()),
        behaviour_limits=_limits(behaviour.at_least, behaviour.at_most),
        attributes={name: attribute.type for name, attribute in contract.attributes.items()},
        properties={
            name: {key: kind.type for key, kind in activity.properties.items()}
            for name, activity in contract.activities.items()
            if name in listened
        },
    )


def _fit_term(signal: FitSignal) -> FitTerm:
    return FitTerm(name=signal.name, title=signal.title, when=signal.when, points=_bounded(signal.points))


def _behaviour_term(signal: BehaviourSignal) -> BehaviourTerm:
    fades = signal.fades if signal.fades is not None and signal.fades.percent > 0 else None
    if signal.most_recent is None and (signal.expires is not None or fades is not None):
        raise ValueError(f"{signal.name}: fades or expires without most_recent")
    if fades is not None and fades.every < SECOND:
        raise ValueError(f"{signal.name}: fades more often than once a second")
    # After ceil(100 / p) steps nothing is left: the same as expiring then.
    faded = HUGE if fades is None else fades.every * -(-FULL // fades.percent)
    return BehaviourTerm(
        name=signal.name,
        title=signal.title,
        on=signal.on,
        when=signal.when,
        points=_bounded(signal.points),
        most_recent=signal.most_recent or 0,
        gone=min(faded, HUGE if signal.expires is None else signal.expires),
        percent=0 if fades is None else fades.percent,
        every=HUGE if fades is None else fades.every,
    )


def _told(when: Condition | None) -> object:
    """A condition as data, with the content of each list, which its name alone does not tell."""
    if when is None:
        return None
    lists = (test.operand for test in tests_in(when) if isinstance(test.operand, frozenset))
    return [plain(when), *(sorted(content) for content in lists)]


def _limits(at_least: int | None, at_most: int | None) -> tuple[int, int]:
    low = -HUGE if at_least is None else _bounded(at_least) * FULL
    high = HUGE if at_most is None else _bounded(at_most) * FULL
    if low > high:
        raise ValueError(f"at_least {at_least} is above at_most {at_most}")
    return low, high


def _bounded(points: int) -> int:
    if abs(points) > LARGEST_POINTS:
        raise ValueError(f"{points} points are beyond {LARGEST_POINTS}")
    return points
