"""A story told to a world, line by line, and every expectation that does not come out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from tests.support.story.accounts import accounts_of, described
from tests.support.story.look import Look, spoken
from tests.support.story.minutes import check_line
from tests.support.story.read import Case, CaseRefused
from tests.support.story.tell import Teller, team_steps
from tests.support.story.terms import terms_of, written

from handfast.engine import Step, World, conservation
from handfast.facts import ContractInForce, Fact, LeadCreated
from handfast.instant import parse_instant

MORNING = "2027-01-04T08:00:00+01:00"
"""When the team of every case is told."""


class Play:
    """One case while it is told."""

    def __init__(self, case: Case) -> None:
        self.case = case
        terms = terms_of(case)
        self.zone = terms.versions[0].contract.zone
        self.world = World(terms, keep=True)
        self.teller = Teller(self.zone, self._breach_of)
        self.accounts = accounts_of(case.accounts)
        self.steps: list[Step] = []
        self._begin()

    def _begin(self) -> None:
        at = parse_instant(MORNING)
        self.world.tell(ContractInForce(id="version-1", happened_at=at, recorded_at=at, version=1, digest="version-1"))
        for step in team_steps(self.case.team, MORNING):
            for fact in self.teller.facts(step):
                self.world.tell(fact)

    def differences(self) -> Iterator[str]:
        """Everything that is not as expected, with the line of the story after which it was asked."""
        yield from (wrong for wrong in self._arithmetic() if wrong)
        latest = MORNING
        for step in self.case.story:
            if "at" in step:
                latest = step["at"]
                self._tell(step)
            elif set(step) != {"expect"}:
                raise CaseRefused(f"A line of a story has a moment or an expectation, and one of them: {step}.")
            else:
                yield from (f"after {latest}: {wrong}" for wrong in self._compared(step["expect"]))
            yield from (f"after {latest}: {wrong}" for wrong in self._lost())

    def _arithmetic(self) -> Iterator[str]:
        calendars = written(self.case)[-1]["calendars"]
        first = written(self.case)[0]["calendars"]
        for line in self.case.worked_out:
            yield check_line(line, {**calendars, **first})

    def _breach_of(self, lead: str, clock: str) -> str:
        known = self.world.lead(lead)
        found = [each.clock for each in (known.breaches.values() if known else ()) if each.name == clock]
        return found[-1] if found else clock

    def _tell(self, step: Mapping[str, Any]) -> None:
        facts = [self._matched(fact) for fact in self.teller.facts(step)]
        if not facts:
            self.steps = self.world.tick(parse_instant(step["at"]))
        else:
            self.steps = [done for fact in facts for done in self.world.told(fact)]

    def _matched(self, fact: Fact) -> Fact:
        """A lead that arrives, with the account that the matcher finds for it, as an intake would."""
        if not isinstance(fact, LeadCreated) or fact.account is not None or not self.case.accounts:
            return fact
        found = self.accounts.match(described(fact.attributes)).account
        return replace(fact, account=None if found is None else found.id)

    def _compared(self, expected: dict[str, Any]) -> Iterator[str]:
        found = Look(self.world, self.zone, self.steps).found(expected)
        yield from _differing(spoken(expected, self.zone), found, "")

    def _lost(self) -> Iterator[str]:
        counted = conservation(self.world)
        if counted.unaccounted:
            yield f"{counted.unaccounted} delivered leads are unaccounted for: {counted}"
        yield from counted.broken


def _differing(expected: Any, found: Any, path: str) -> Iterator[str]:
    if isinstance(expected, dict) and isinstance(found, dict):
        for key, value in expected.items():
            yield from _differing(value, found.get(key), f"{path}.{key}" if path else key)
    elif expected != found:
        yield f"{path}: expected {_plain(expected)}, found {_plain(found)}"


def _plain(value: Any) -> str:
    return f"[{', '.join(map(str, value))}]" if isinstance(value, list) else str(value)
