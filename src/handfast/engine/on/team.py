"""Facts about the team, and versions taking force."""

from __future__ import annotations

from collections.abc import Iterable

from handfast import route
from handfast.engine.effects import RepLeft
from handfast.engine.turn import Turn
from handfast.facts import ContractInForce, TeamFact, TeamTick
from handfast.route.told import Gone, Told


def told(turn: Turn, fact: TeamFact) -> None:
    """What a fact makes of the team; what it means for leads is an effect that names the rep."""
    take(turn, route.told(turn.team, fact))


def ticked(_turn: Turn, _fact: TeamTick) -> None:
    """Absences that begin or end; the step has done them before it comes here."""


def governed(turn: Turn, fact: ContractInForce) -> None:
    """A version takes force: pools may share otherwise; nothing is judged again by itself."""
    take(turn, route.governed(turn.team, turn.terms.of(fact.version).contract, turn.now))


def take(turn: Turn, after: Told) -> None:
    """The team as it is now, its ledger entries, and who is gone."""
    turn.team = after.team
    turn.book(after.entries)
    _gone(turn, after.gone)


def _gone(turn: Turn, gone: Iterable[Gone]) -> None:
    for each in gone:
        turn.tell(RepLeft, f"{turn.fact.id}:{each.rep}:gone:{each.at}", at=each.at, rep=each.rep, absent=each.absent)
