"""A contract with three pools, its calendars, and a team that is told things."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from handfast import facts, route
from handfast.clock import Calendars, calendars_between
from handfast.contract import load
from handfast.contract.model import Contract
from handfast.facts import TeamFact
from handfast.instant import DAY, Instant, parse_instant

TEXT = """\
handfast: 1
contract: routed
version: 1
effective_from: 2027-01-01T00:00:00Z
zone: Europe/Berlin
parties:
  marketing: {name: Dana Reyes, email: dana@acme.example}
  sales: {name: Omar Haddad, email: omar@acme.example}
calendars:
  default: emea
  emea: {zone: Europe/Berlin, hours: {mon-fri: ["09:00-17:00"]}}
  us: {zone: America/New_York, hours: {mon-fri: ["09:00-17:00"]}}
score: {fit: {signals: {industry: {when: {industry: software}, points: 60}}}}
definitions: {mql: {when: {total: {at_least: 60}}}}
routing:
  owner_first: true
  rules:
    - {when: {employees: {above: 1000}}, to: enterprise}
    - {when: {country: DE}, to: dach}
    - {to: inbound}
pools:
  enterprise: {calendar: us, nobody: {hold: 30 business minutes, then: dach}, count_all: true}
  dach: {nobody: {hold: 1 business hour, then: inbound}}
  inbound: {nobody: {then: manager}}
"""

MONDAY = parse_instant("2027-01-11T10:00:00+01:00")
"""Berlin works, New York sleeps."""


@dataclass
class Desk:
    """A team that is told things one after the other, with the ledger that this writes."""

    contract: Contract
    calendars: Calendars
    team: route.Team = field(default_factory=route.Team)
    now: Instant = MONDAY
    ledger: list[route.Entry] = field(default_factory=list)
    gone: list[route.Gone] = field(default_factory=list)
    given: Counter[str] = field(default_factory=Counter)
    facts: int = 0

    def tell(self, kind: type[TeamFact], **values: Any) -> route.Told:
        self.facts += 1
        self.pass_to(self.now)
        fact = kind(id=str(self.facts), happened_at=self.now, recorded_at=self.now, **values)
        return self._take(route.told(self.team, fact))

    def pass_to(self, now: Instant) -> route.Told:
        self.now = now
        return self._take(route.until(self.team, now))

    def _take(self, told: route.Told) -> route.Told:
        self.team = told.team
        self.ledger += told.entries
        self.gone += told.gone
        return told

    def join(self, pool: str, rep: str, weight: int = 1, **values: Any) -> route.Told:
        return self.tell(facts.MemberSet, pool=pool, rep=rep, weight=weight, **values)

    def choose(self, pool: str = "inbound", **values: Any) -> route.Choice:
        if "values" not in values:
            values["pool"] = pool
        return route.choose(self.team, self.contract, self.calendars, now=self.now, **values)

    def take(self, choice: route.Choice, cycle: str = "c") -> route.Choice:
        self.team, entries = route.assigned(self.team, choice, cycle=cycle)
        self.ledger += entries
        assert choice.rep is not None
        self.given[choice.rep] += 1
        return choice

    def lead(self, pool: str = "inbound", **values: Any) -> route.Choice:
        return self.take(self.choose(pool, **values))

    def leads(self, count: int, pool: str = "inbound") -> list[str | None]:
        return [self.lead(pool).rep for _ in range(count)]

    def close(self, rep: str, pool: str | None = "inbound") -> None:
        self.team = route.released(self.team, rep, pool)

    def credit(self, rep: str, pool: str | None = "inbound", before: tuple[str, ...] = ()) -> None:
        self.team, entries = route.credited(self.team, rep, pool, cycle="c", at=self.now, before=before)
        self.ledger += entries

    def place(self, **values: Any) -> route.Placed:
        return route.place(self.team, self.contract, self.calendars, route.Handoff(**values), now=self.now)

    def level(self, rep: str, pool: str = "inbound") -> Fraction:
        return self.team.rosters[pool].members[rep].level

    def balances(self, pool: str = "inbound") -> dict[str, Fraction]:
        return {name: member.balance for name, member in self.team.rosters[pool].members.items()}

    def booked(self, pool: str = "inbound") -> dict[str, Fraction]:
        """The balances that the lines of the ledger add up to."""
        sums = dict.fromkeys(self.team.rosters[pool].members, Fraction(0))
        for entry in self.ledger:
            if entry.pool == pool:
                sums[entry.rep] += entry.amount
        return sums


def contract_of(text: str) -> Contract:
    loaded = load(text)
    assert loaded.contract is not None, loaded.problems
    return loaded.contract


def desk_of(text: str = TEXT) -> Desk:
    """A desk under a contract of its own."""
    contract = contract_of(text)
    return Desk(contract, calendars_between(contract, MONDAY - 30 * DAY, MONDAY + 400 * DAY))


def lines(entries: Iterable[route.Entry]) -> list[tuple[str, str, Any]]:
    """What stands in a ledger: (rep, kind, amount)."""
    return [(entry.rep, entry.kind.value, entry.amount) for entry in entries]
