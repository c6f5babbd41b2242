"""A small team around the golden contract, told by the hour: what tests of the evaluator share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handfast.condition import Value
from handfast.contract.model import ClockName, Contract
from handfast.cycle.values import Cycle, RunningClock
from handfast.engine import Step, Terms, World, conservation
from handfast.engine.effects import Effect
from handfast.facts import ActivityHappened, Fact, LeadCreated, MemberSet, PoolManagerSet
from handfast.instant import Instant, parse_instant

GOOD: Mapping[str, Value] = {
    "industry": "software",
    "employees": 200,
    "country": "DE",
    "title": "Head of Sales",
    "email": "ann@buyer.example",
}
"""Fit 60 under the golden contract; pool dach."""


def at(text: str) -> Instant:
    """``11 10:00`` of January 2027 in Berlin."""
    day, _, hour = text.partition(" ")
    return parse_instant(f"2027-01-{day}T{hour}:00+01:00")


class Cast:
    """A world with Lena and Sam in dach and inbound, and Mia who manages both. ``tell`` numbers the facts."""

    def __init__(self, *contracts: Contract, reps: tuple[str, ...] = ("lena", "sam"), manager: str = "mia") -> None:
        self.world = World(Terms.of_contracts(contracts), keep=True)
        self.number = 0
        for pool in ("dach", "inbound"):
            for rep in reps:
                self.tell(MemberSet, "04 08:00", pool=pool, rep=rep)
            if manager:
                self.tell(PoolManagerSet, "04 08:00", pool=pool, rep=manager)

    def tell(self, kind: type[Fact], when: str | Instant, /, **values: Any) -> Step:
        """Tell a fact that is recorded at ``when``, and happened then unless ``happened_at`` says otherwise."""
        self.number += 1
        recorded = at(when) if isinstance(when, str) else when
        happened = values.pop("happened_at", recorded)
        happened = at(happened) if isinstance(happened, str) else happened
        id_ = values.pop("id", f"f{self.number}")
        return self.world.tell(kind(id=id_, happened_at=happened, recorded_at=recorded, **values))

    def about(self, kind: type[Fact], when: str | Instant, /, **values: Any) -> Step:
        """The same about Ann."""
        return self.tell(kind, when, **{"lead": "ann", **values})

    def delivered(self, when: str = "11 10:00", lead: str = "ann", **known: Value) -> str:
        """A lead who asks for a demo; the rep who got it."""
        self.tell(LeadCreated, when, lead=lead, attributes={**GOOD, **known})
        self.asks(when, lead=lead)
        owner = self.cycle(lead).owner
        return "" if owner is None else owner.rep

    def asks(self, when: str | Instant, lead: str = "ann", **values: Any) -> Step:
        """A demo request."""
        return self.tell(
            ActivityHappened, when, lead=lead, kind="form_submitted", properties={"form": "demo"}, **values
        )

    def looks(self, when: str | Instant, path: str = "/pricing", lead: str = "ann", **values: Any) -> Step:
        """A page viewed."""
        return self.tell(ActivityHappened, when, lead=lead, kind="page_viewed", properties={"path": path}, **values)

    def tick(self, when: str | Instant) -> list[Step]:
        """Look at the clock."""
        return self.world.tick(at(when) if isinstance(when, str) else when)

    def cycle(self, lead: str = "ann") -> Cycle:
        """The latest cycle of a lead."""
        cycle = self.world.leads[lead].latest
        assert cycle is not None
        return cycle

    def clock(self, name: ClockName, lead: str = "ann") -> RunningClock:
        """The latest clock of that name."""
        return next(clock for clock in reversed(tuple(self.cycle(lead).clocks.values())) if clock.name is name)

    def owner(self, lead: str = "ann") -> str:
        """Who has it; empty when nobody."""
        owner = self.cycle(lead).owner
        return "" if owner is None else owner.rep

    def sound(self) -> bool:
        """Whether nothing is lost, and no id was given twice."""
        ids = [(type(effect).__name__, effect.id) for effect in self.world.effects]
        counted = conservation(self.world)
        assert counted.holds, counted
        assert len(ids) == len(set(ids)), sorted(each for each in ids if ids.count(each) > 1)
        return True


def told(step: Step, kind: type[Effect]) -> list[Any]:
    """The effects of a kind that a step had."""
    return [effect for effect in step.effects if isinstance(effect, kind)]


def code(step: Step) -> str:
    """The code of a refusal; empty when nothing was refused."""
    return "" if step.refused is None else step.refused.code
