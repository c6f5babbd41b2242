"""A file of facts told to a world again, so that somebody can ask it why."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from handfast.engine import Step, Terms, World
from handfast.errors import FactsRefused, HandfastError
from handfast.facts import ContractInForce, Fact, MemberSet, PoolManagerSet
from handfast.history.file import Told
from handfast.instant import Instant
from handfast.problem import Mark, Problem

BY_ITSELF = 0
"""The line of what no line says: the engine looked at its clocks, or a version took force."""


class Happened(NamedTuple):
    """One step, and what it answers. ``fact`` is None for what followed by itself, at ``at``."""

    at: Instant
    fact: Fact | None
    line: int
    step: Step


Watcher = Callable[[Happened], object]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Replayed:
    """The world after a file of facts, as of ``at``."""

    world: World
    at: Instant
    facts: int  # told; those recorded later than ``at`` are not among them


def replay(
    told: Iterable[Told],
    terms: Terms,
    *,
    until: Instant | None = None,
    ticking: bool = True,
    watch: Watcher = lambda _happened: None,
    file: str = "",
) -> Replayed:
    """Tell a world the facts that were recorded up to ``until``, or all of them; ``watch`` is handed every step.

    ``ticking``: what is due happens when it is due, as if the engine had never slept. Without it the engine looks only
    where the file says so (its ticks are facts); after the last of them, up to ``until``, it never sleeps either.
    Versions take force at their instants, whether or not the file says so.

    Raises FactsRefused for what fits neither the contract nor its calendars, with its line, and as ``read_facts``.
    """
    going = _Going(terms, watch, file)
    at: Instant | None = None
    for fact, line in told:
        if until is not None and fact.recorded_at > until:
            continue
        _check_fits(fact, terms, file, line)
        going.pass_to(fact.recorded_at, line, ticking=ticking)
        going.tell(fact, line)
        at = fact.recorded_at
    end = until if until is not None else at
    if end is None:
        raise HandfastError(f"{file or 'The file'} holds no facts, so there is nothing to tell of.")
    going.pass_to(end + 1, BY_ITSELF, ticking=ticking or until is not None)
    return Replayed(world=going.world, at=end, facts=going.facts)


class _Going:
    """A replay under way."""

    def __init__(self, terms: Terms, watch: Watcher, file: str) -> None:
        self.world = World(terms)
        self.facts = 0
        self._watch = watch
        self._file = file
        self._coming = sorted(terms.versions, key=lambda version: version.since)

    def pass_to(self, now: Instant, line: int, *, ticking: bool) -> None:
        """Let everything happen that was due before ``now``, in its order; a due at ``now`` waits for what comes."""
        while ticking and (due := self.world.next_due()) is not None and due < now:
            self._govern(due)
            for step in self._guarded(self.world.tick, due, line):
                self._watch(Happened(due, None, BY_ITSELF, step))
        self._govern(now)

    def _govern(self, now: Instant) -> None:
        while self._coming and self._coming[0].since <= now:
            version = self._coming.pop(0)
            fact = ContractInForce(
                id=f"version:{version.number}",
                happened_at=version.since,
                recorded_at=version.since,
                digest=version.digest,
                version=version.number,
            )
            for step in self.world.told(fact):
                self._watch(Happened(version.since, None, BY_ITSELF, step))

    def tell(self, fact: Fact, line: int) -> None:
        """One fact of the file."""
        first, *followed = self._guarded(self.world.told, fact, line)
        self._watch(Happened(fact.recorded_at, fact, line, first))
        for step in followed:
            self._watch(Happened(fact.recorded_at, None, BY_ITSELF, step))
        self.facts += 1

    def _guarded(self, act: Callable[..., list[Step]], what: object, line: int) -> list[Step]:
        """The steps; what no calendar of the contract covers is refused with the line that it came from."""
        try:
            return act(what)
        except HandfastError as error:
            raise _refused("outside_contract", f"{error}", self._file, line) from error


def _check_fits(fact: Fact, terms: Terms, file: str, line: int) -> None:
    """Refuse what names something that no version of the contract has."""
    for message in _misfits(fact, terms):
        raise _refused("not_in_contract", message, file, line)


def _misfits(fact: Fact, terms: Terms) -> Iterator[str]:
    contracts = [version.contract for version in terms.versions]
    if isinstance(fact, ContractInForce):
        numbers = [contract.version for contract in contracts]
        if fact.version not in numbers:
            given = ", ".join(map(str, numbers))
            yield f"Version {fact.version} takes force, and was not given: there is {given}. Name its file as well."
    if isinstance(fact, MemberSet | PoolManagerSet):
        pools = sorted({pool for contract in contracts for pool in contract.pools})
        if fact.pool not in pools:
            yield f"The contract has no pool {fact.pool}. It has {', '.join(pools)}."
    if isinstance(fact, MemberSet) and fact.calendar:
        known = sorted({name for contract in contracts for name in contract.calendars})
        if fact.calendar not in known:
            yield f"The contract has no calendar {fact.calendar}. It has {', '.join(known)}."


def _refused(code: str, message: str, file: str, line: int) -> FactsRefused:
    mark = Mark(line, 1) if line else None
    return FactsRefused([Problem(code=code, path=(), message=message, file=file, mark=mark)])
