"""Routing: one decision and its consequences, in pools of growing size; facts about the team; owners of accounts.

    python bench/route.py [--json]

Members have weights from 1 to 5 and hours by the pool's calendar; every tenth is at a cap, every twentieth on leave.
The rules of the contract are asked, the record is kept, the ledger written.
"""

from __future__ import annotations

from collections.abc import Callable

from timing import race, ratio, report

from handfast import facts, route
from handfast.clock import Calendars, calendars_between
from handfast.condition import Values
from handfast.contract import load
from handfast.contract.model import Contract
from handfast.instant import DAY, HOUR, Instant, parse_instant

NOW = parse_instant("2027-01-11T10:00:00+01:00")
TEXT = """\
handfast: 1
contract: routed
version: 1
effective_from: 2027-01-01T00:00:00Z
zone: Europe/Berlin
parties:
  marketing: {name: Dana Reyes, email: dana@acme.example}
  sales: {name: Omar Haddad, email: omar@acme.example}
score: {fit: {signals: {industry: {when: {industry: software}, points: 60}}}}
definitions: {mql: {when: {total: {at_least: 60}}}}
routing:
  rules:
    - {when: {employees: {above: 1000}}, to: enterprise}
    - {when: {country: {in: [DE, AT, CH]}}, to: dach}
    - {to: inbound}
pools: {enterprise: {}, dach: {}, inbound: {}}
"""
VALUES: Values = {"employees": 40, "country": "us", "band": "engage"}
LEADS = 200


def team_of(members: int) -> route.Team:
    """A pool that has worked for a while."""
    team = route.Team()
    for number in range(members):
        name = f"rep{number}"
        cap = 0 if number % 10 == 9 else None
        team = told(team, facts.MemberSet, pool="inbound", rep=name, weight=1 + number % 5, open_cap=cap)
        if number % 20 == 10:
            team = told(team, facts.AbsenceSet, absence=name, rep=name, starts=NOW - DAY, ends=NOW + 9 * DAY)
    return team


def told(team: route.Team, kind: Callable[..., facts.TeamFact], **values: str | int | Instant | None) -> route.Team:
    return route.told(team, kind(id="f", happened_at=NOW, recorded_at=NOW, **values)).team


def leads(contract: Contract, calendars: Calendars, team: route.Team) -> Callable[[], object]:
    """So many leads, one after the other, by the lowest level."""

    def work() -> None:
        now = team
        for number in range(LEADS):
            found = route.place(
                now, contract, calendars, route.Handoff(values=VALUES), now=NOW + number * HOUR // LEADS
            )
            if not isinstance(found.outcome, route.Choice):
                raise SystemExit("somebody can take it")
            now, _ = route.assigned(now, found.outcome, cycle=str(number))

    return work


def owners(accounts: int) -> Callable[[], object]:
    """So many accounts that get an owner."""

    def work() -> None:
        team = route.Team()
        for number in range(accounts):
            team = told(team, facts.AccountOwnerSet, account=f"account{number}", owner="rep0")

    return work


def main() -> None:
    contract = load(TEXT).contract
    if contract is None:
        raise SystemExit("the contract is good")
    calendars = calendars_between(contract, NOW - 30 * DAY, NOW + 30 * DAY)
    sizes = (25, 50, 100, 200, 400)
    works = {f"a lead into a pool of {size}": leads(contract, calendars, team_of(size)) for size in sizes}
    figures = race(works, units=LEADS, reach={"a lead into a pool of 200": "≤ 0.6 (of which routing is a part)"})
    ratios = [
        ratio(twice, once, label=f"{2 * size} ÷ {size} reps", reach="≤ 2.2")
        for size, once, twice in zip(sizes, figures, figures[1:], strict=False)
    ]
    few, many = race({f"{count} accounts get an owner": owners(count) for count in (2000, 4000)})
    ratios.append(ratio(many, few, label="4000 ÷ 2000 accounts", reach="≤ 2.2"))
    report("Routing", [*figures, few, many], ratios=ratios, notes=["A unit is one lead; of accounts, all of them."])


if __name__ == "__main__":
    main()
