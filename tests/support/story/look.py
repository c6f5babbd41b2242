"""What a world looks like, in the words of the stories."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from tests.support.story.read import CaseRefused

from handfast.contract.model import ClockName
from handfast.cycle.values import Assignment, ClockState, Cycle, Lead, RunningClock
from handfast.engine import Step, World, conservation
from handfast.engine.effects import Alerted, StepFell
from handfast.instant import Instant, format_instant, parse_instant
from handfast.score.scoring import points

NONE = "none"
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?(?:[+-]\d\d:\d\d|Z)")
CLOCKS = tuple(str(name) for name in ClockName)
INSTANTS = ("inquiry_at", "qualified_at", "raised_at", "accepted_at", "ended_at")


def spoken(value: Any, zone: str) -> Any:
    """A written expectation with its instants in the contract's zone, as those that are found are shown."""
    if isinstance(value, str):
        return TIME.sub(lambda found: format_instant(parse_instant(found.group()), zone), value)
    if isinstance(value, list):
        return [spoken(each, zone) for each in value]
    if isinstance(value, dict):
        return {key: spoken(each, zone) for key, each in value.items()}
    return value


class Look:
    """One world, after the steps that the latest line of the story brought about."""

    def __init__(self, world: World, zone: str, steps: Iterable[Step]) -> None:
        self.world, self.zone, self.steps = world, zone, tuple(steps)

    def found(self, expected: Mapping[str, Any]) -> dict[str, Any]:
        """What there is to every question that an expectation asks. Raises CaseRefused for one that nobody answers."""
        return {key: self._answer(key, asked) for key, asked in expected.items()}

    def _answer(self, key: str, asked: Any) -> Any:
        ask = OF_THE_WORLD.get(key)
        return self._lead(key, asked) if ask is None else ask(self, asked)

    def groups(self, asked: Iterable[str]) -> dict[str, int]:
        """How many cycles are in each group."""
        counted = conservation(self.world)
        return {group: getattr(counted, group) for group in asked}

    def ledger(self, asked: Mapping[str, Iterable[str]], what: str) -> dict[str, dict[str, Any]]:
        """Balance or level of every member asked for, by pool."""
        return {pool: {rep: self._member(pool, rep, what) for rep in reps} for pool, reps in asked.items()}

    def _member(self, pool: str, rep: str, what: str) -> Any:
        member = self.world.team.roster(pool).members.get(rep)
        value = 0 if member is None else getattr(member, what)
        return int(value) if value == int(value) else str(value)

    def refused(self) -> str:
        """The code of the refusal."""
        return next((step.refused.code for step in self.steps if step.refused), NONE)

    def told(self) -> list[str]:
        """Who was sent a message, and about which clock, in order."""
        said: list[str] = []
        for effect in (effect for step in self.steps for effect in step.effects):
            if isinstance(effect, StepFell):
                said += [f"{self._who(who)} of {self._clock_name(effect)}" for who in effect.told]
            elif isinstance(effect, Alerted):
                said.append(effect.to)
        return said

    def _who(self, who: str) -> str:
        parties = {each.email: str(name) for name, each in self.world.terms.versions[0].contract.parties.items()}
        return parties.get(who, who)

    def _clock_name(self, fell: StepFell) -> str:
        lead = self._of(fell.lead)
        cycles = [*lead.ended, *([lead.cycle] if lead.cycle else [])]
        return next(str(cycle.clocks[fell.clock].name) for cycle in cycles if fell.clock in cycle.clocks)

    def deal(self, name: str) -> str:
        """Where a deal stands."""
        found = [lead.deals[name] for lead in self.world.leads.values() if name in lead.deals]
        return str(found[0].state) if found else NONE

    def breach(self, lead: str, clock: str) -> str:
        """The cause of the latest breach of a clock, whether it is excused, and whether it was answered in time."""
        found = [each for each in self._of(lead).breaches.values() if each.name == clock]
        if not found:
            return NONE
        also = (", excused" if found[-1].excused else "") + (", in time" if found[-1].in_time else "")
        return f"{found[-1].cause or found[-1].proposed}{also}"

    def _of(self, name: str) -> Lead:
        lead = self.world.lead(name)
        if lead is None:
            others = ", ".join(OF_THE_WORLD)
            raise CaseRefused(f"Nobody has heard of {name}; an expectation is about a lead, or one of {others}.")
        return lead

    def _lead(self, name: str, asked: Mapping[str, Any]) -> dict[str, Any]:
        lead = self._of(name)
        if lead.latest is None:
            raise CaseRefused(f"{name} has no cycle.")
        return {key: self._of_lead(key, lead, lead.latest) for key in asked}

    def _of_lead(self, key: str, lead: Lead, cycle: Cycle) -> Any:
        if key in INSTANTS:
            return self._at(getattr(cycle, key))
        if key in CLOCKS:
            return self._clock(cycle, key)
        if key in OF_A_LEAD:
            return OF_A_LEAD[key](lead)
        if key in OF_A_CYCLE:
            return OF_A_CYCLE[key](cycle)
        if key in DATED:
            return self._at(DATED[key](lead))
        known = ", ".join((*INSTANTS, *CLOCKS, *OF_A_LEAD, *OF_A_CYCLE, *DATED))
        raise CaseRefused(f"Of a lead nobody can ask {key}; there are {known}.")

    def _at(self, instant: Instant | None) -> str:
        return NONE if instant is None else format_instant(instant, self.zone)

    def _clock(self, cycle: Cycle, name: str) -> str:
        found = [clock for clock in cycle.clocks.values() if clock.name == name]
        return self._said(found[-1]) if found else NONE

    def _said(self, clock: RunningClock) -> str:
        if clock.state not in STATES:
            return str(clock.state)
        words, instant = STATES[clock.state]
        if clock.recorded_late:
            words = "answered in time, recorded late"
        return f"{words} {self._at(instant(clock))}"


STATES: Mapping[ClockState, tuple[str, Callable[[RunningClock], Instant | None]]] = {
    ClockState.RUNNING: ("due", lambda clock: clock.due_at),
    ClockState.PAUSED: ("paused until", lambda clock: clock.paused_until),
    ClockState.STOPPED: ("stopped", lambda clock: clock.stopped_at),
    ClockState.BREACHED: ("breached", lambda clock: clock.breached_at),
    ClockState.ANSWERED_LATE: ("answered late", lambda clock: clock.stopped_at),
}
"""States of a clock that are said with an instant."""


def _latest(assignments: tuple[Assignment, ...], key: str) -> str:
    return str(getattr(assignments[-1], key) or NONE) if assignments else NONE


OF_THE_WORLD: Mapping[str, Callable[[Look, Any], Any]] = {
    "groups": lambda look, asked: look.groups(asked),
    "ledger": lambda look, asked: look.ledger(asked, "balance"),
    "levels": lambda look, asked: look.ledger(asked, "level"),
    "refused": lambda look, _: look.refused(),
    "nothing": lambda look, _: not any(step.effects for step in look.steps),
    "told": lambda look, _: look.told(),
    "deals": lambda look, asked: {name: look.deal(name) for name in asked},
    "breaches": lambda look, asked: {each: look.breach(*each.split(" ")) for each in asked},
}
OF_A_LEAD: Mapping[str, Callable[[Lead], Any]] = {
    "fit": lambda lead: points(lead.scored.fit),
    "behaviour": lambda lead: points(lead.scored.behaviour),
    "total": lambda lead: points(lead.scored.total),
    "band": lambda lead: str(lead.band),
    "would_be": lambda lead: [each.rep or f"held for {each.pool}" for each in lead.shadowed],
    "elsewhere": lambda lead: {name: str(each.stage) for name, each in lead.elsewhere.items()},
    "account": lambda lead: lead.account or NONE,
    "cycles": lambda lead: lead.cycles,
    "past": lambda lead: [str(each.state) for each in lead.ended if each is not lead.latest],
}
OF_A_CYCLE: Mapping[str, Callable[[Cycle], Any]] = {
    "state": lambda cycle: str(cycle.state),
    "reason": lambda cycle: cycle.reason or NONE,
    "version": lambda cycle: cycle.version,
    "owner": lambda cycle: NONE if cycle.owner is None else cycle.owner.rep,
    "had": lambda cycle: [each.rep for each in cycle.assignments],
    "way": lambda cycle: _latest(cycle.assignments, "way"),
    "pool": lambda cycle: _latest(cycle.assignments, "pool"),
    "held": lambda cycle: NONE if cycle.hold is None else cycle.hold.pool,
    "held_by": lambda cycle: list(cycle.held_by),
    "inferred": lambda cycle: sorted(str(stage) for stage in cycle.inferred),
    "recycled": lambda cycle: cycle.recycled,
    "on_deals": lambda cycle: list(cycle.deals),
}
DATED: Mapping[str, Callable[[Lead], Instant | None]] = {
    "cools_until": lambda lead: lead.cool_until,
    "would_be_due": lambda lead: lead.shadowed[-1].due_at if lead.shadowed else None,
    "hold_due": lambda lead: None if lead.cycle is None or lead.cycle.hold is None else lead.cycle.hold.due_at,
}
