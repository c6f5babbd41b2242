"""Facts about the team, and versions taking force."""

from __future__ import annotations

from collections.abc import Iterable

from handfast import route
from handfast.changed import changed
from handfast.engine.effects import RepLeft
from handfast.engine.turn import Declined, Turn
from handfast.facts import ContractInForce, MemberSet, ShadowSet, TeamFact, TeamTick
from handfast.route.told import Gone, Told, until


def told(turn: Turn, fact: TeamFact) -> None:
    """What a fact makes of the team; what it means for leads is an effect that names the rep."""
    if isinstance(fact, MemberSet) and fact.weight < 0:
        raise Declined("weight_negative", f"A weight is 0 (paused) or more, not {fact.weight}: {fact.rep} keeps it.")
    take(turn, route.told(turn.team, fact))
    if turn.team.shadow is not None:
        shadow = route.told(until(turn.team.shadow, turn.now).team, fact).team
        turn.team = changed(turn.team, shadow=shadow)


def shadow_set(turn: Turn, fact: ShadowSet) -> None:
    """Shadow mode begins with the team as it is, ledgers and all, or ends, and what it moved is forgotten.

    Live cycles that there are go on as they did; told again what holds already, nothing changes.
    """
    if fact.on != (turn.team.shadow is not None):
        turn.team = changed(turn.team, shadow=turn.team if fact.on else None)


def ticked(_turn: Turn, _fact: TeamTick) -> None:
    """Absences that begin or end; the step has done them before it comes here."""


def governed(turn: Turn, fact: ContractInForce) -> None:
    """A version takes force: pools may share otherwise; nothing is judged again by itself."""
    numbers = [version.number for version in turn.terms.versions]
    if fact.version not in numbers:
        known = ", ".join(map(str, numbers))
        raise Declined("unknown_version", f"Version {fact.version} takes force, and was not given; there is {known}.")
    contract = turn.terms.of(fact.version).contract
    take(turn, route.governed(turn.team, contract, turn.now))
    if turn.team.shadow is not None:
        shadow = route.governed(until(turn.team.shadow, turn.now).team, contract, turn.now).team
        turn.team = changed(turn.team, shadow=shadow)


def take(turn: Turn, after: Told) -> None:
    """The team as it is now, its ledger entries, and who is gone."""
    turn.team = after.team
    turn.book(after.entries)
    _gone(turn, after.gone)


def _gone(turn: Turn, gone: Iterable[Gone]) -> None:
    for each in gone:
        turn.tell(RepLeft, f"{turn.fact.id}:{each.rep}:gone:{each.at}", at=each.at, rep=each.rep, absent=each.absent)
