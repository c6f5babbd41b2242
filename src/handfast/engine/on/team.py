"""Facts about the team, and versions taking force."""

from __future__ import annotations

from collections.abc import Iterable

from handfast import route
from handfast.engine.effects import RepLeft
from handfast.engine.turn import Declined, Turn
from handfast.facts import ContractInForce, MemberSet, TeamFact, TeamTick
from handfast.route.told import Gone, Told


def told(turn: Turn, fact: TeamFact) -> None:
    """What a fact makes of the team; what it means for leads is an effect that names the rep."""
    if isinstance(fact, MemberSet) and fact.weight < 0:
        raise Declined("weight_negative", f"A weight is 0 (paused) or more, not {fact.weight}: {fact.rep} keeps it.")
    take(turn, route.told(turn.team, fact))


def ticked(_turn: Turn, _fact: TeamTick) -> None:
    """Absences that begin or end; the step has done them before it comes here."""


def governed(turn: Turn, fact: ContractInForce) -> None:
    """A version takes force: pools may share otherwise; nothing is judged again by itself."""
    numbers = [version.number for version in turn.terms.versions]
    if fact.version not in numbers:
        known = ", ".join(map(str, numbers))
        raise Declined("unknown_version", f"Version {fact.version} takes force, and was not given; there is {known}.")
    take(turn, route.governed(turn.team, turn.terms.of(fact.version).contract, turn.now))


def take(turn: Turn, after: Told) -> None:
    """The team as it is now, its ledger entries, and who is gone."""
    turn.team = after.team
    turn.book(after.entries)
    _gone(turn, after.gone)


def _gone(turn: Turn, gone: Iterable[Gone]) -> None:
    for each in gone:
        turn.tell(RepLeft, f"{turn.fact.id}:{each.rep}:gone:{each.at}", at=each.at, rep=each.rep, absent=each.absent)
