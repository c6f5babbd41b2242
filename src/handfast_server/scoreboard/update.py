"""Bringing the snapshot up to date: the worker's loop, and the command that makes it anew from the rows.

A part holds the leads that changed since the one before. When parts are many or large, base and parts become one base.
The snapshot is made anew when its format changes, or what the version in force says of attribution and currency.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace

from handfast.contract.model import Contract
from handfast.engine.terms import Version
from handfast.history.columns import columns_of
from handfast.instant import MINUTE, Instant
from handfast.measure.money import Rates
from handfast.route.team import Team
from handfast_server.contracts import rates
from handfast_server.decide.team import life
from handfast_server.decide.team import read as read_team
from handfast_server.decide.terms import governing
from handfast_server.now import now
from handfast_server.scoreboard import spend, store
from handfast_server.scoreboard.changed import bearing_on, changed_since, everybody, horizon
from handfast_server.scoreboard.lives import gather
from handfast_server.scoreboard.pack import Packed, pack
from handfast_server.scoreboard.snapshot import Snapshot
from handfast_server.scoreboard.store import Current
from handfast_server.worker.loops import Loop

BATCH = 2_000
MOST_PARTS = 48
STILL = MINUTE
"""A snapshot in which nothing changed is of a new generation after so long: dues pass by themselves."""


def packed_of(names: Iterable[str], version: Version, team: Team, at: Instant, known: Rates) -> Packed:
    """The frames of some leads, and of whoever shares a deal with them, with what other currencies are worth."""
    found = gather(names, team, at)
    columns = columns_of(found.lives, version.contract, known)
    return pack(columns, [lead.id for lead in found.lives.leads], found.absorbed)


def rules_of(contract: Contract) -> str:
    """A digest of what columns take from a contract, and of which life of the database they are."""
    told = (contract.currency, contract.attribution, contract.zone, life())
    return hashlib.sha256(repr(told).encode()).hexdigest()[:16]


def made(version: Version, at: Instant) -> Snapshot:
    """A snapshot of every lead, from the rows alone."""
    own = version.contract.currency
    team, known = read_team(), rates.rates_of(own, rates.last(own))
    snapshot = Snapshot(at=at).taking_in(packed_of((), version, team, at, known), at)
    for names in everybody(BATCH):
        snapshot = snapshot.taking_in(packed_of(names, version, team, at, known), at)
    return snapshot


def rebuild() -> bool:
    """Make the snapshot anew; whether that was possible: somebody signed, and nobody else is at it."""
    with store.alone() as mine:
        return mine and _rebuilt(store.read_current())


def _rebuilt(before: Current | None) -> bool:
    at, since = now(), horizon()
    version = governing(at)
    if version is None:
        return False
    generation = 1 if before is None else before.generation + 1
    newest = rates.last(version.contract.currency)
    snapshot = made(version, at)
    name = f"base-{generation:08}"
    store.write_packed(name, snapshot.packed())
    rules = rules_of(version.contract)
    current = Current(
        rules=rules, base=name, at=at, since=since, generation=generation, rates=newest, spend=spend.last()
    )
    _publish(current, sweep=True)
    return True


def _publish(current: Current, *, sweep: bool = False) -> None:
    store.write_current(current)
    if sweep:
        store.remove_others(current)


def update() -> bool:
    """Take in what changed; whether there may be more at once."""
    with store.alone() as mine:
        return mine and _updated()


def _updated() -> bool:
    current, at = store.read_current(), now()
    version = governing(at)
    if version is None:
        return False
    if current is None or current.rules != rules_of(version.contract):
        return _rebuilt(current)
    since = horizon()
    changed = changed_since(current.since)
    fresh = [name for name, told in changed.items() if current.seen.get(name) != told]
    seen = {name: told for name, told in changed.items() if told >= since}
    own = version.contract.currency
    newest = rates.last(own)
    if newest != current.rates:
        fresh = list(dict.fromkeys([*fresh, *bearing_on(rates.touched(own, current.rates))]))
    after = replace(current, at=at, since=since, seen=seen, rates=newest, spend=spend.last())
    if fresh:
        _publish(_with_part(after, fresh, version))
    elif at - current.at >= STILL or after.spend != current.spend:
        _publish(replace(after, generation=current.generation + 1))
    return False


def _with_part(current: Current, names: list[str], version: Version) -> Current:
    team, known = read_team(), rates.rates_of(version.contract.currency, current.rates)
    generation = current.generation + 1
    parts = list(current.parts)
    for begin in range(0, len(names), BATCH):
        name = f"part-{generation:08}-{begin // BATCH:04}"
        store.write_packed(name, packed_of(names[begin : begin + BATCH], version, team, current.at, known))
        parts.append(name)
    return replace(current, parts=tuple(parts), generation=generation)


def compact() -> bool:
    """Make one base of base and parts when those are many."""
    current = store.read_current()
    if current is None or len(current.parts) < MOST_PARTS:
        return False
    with store.alone() as mine:
        current = store.read_current()
        if not mine or current is None or len(current.parts) < MOST_PARTS:
            return False
        name = f"base-{current.generation:08}"
        store.write_packed(name, store.load(current).packed())
        _publish(replace(current, base=name, parts=()), sweep=True)
    return False


LOOPS = (Loop("snapshot", update, rest=5.0, gentle=True), Loop("snapshot_base", compact, rest=30.0, gentle=True))
