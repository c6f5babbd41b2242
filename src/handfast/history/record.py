"""What measures need that no lead keeps: how each cycle stood when it was delivered, touches, activities, deals."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from handfast.cycle.life import CycleEvent
from handfast.cycle.values import Deal, Lead
from handfast.engine import Terms
from handfast.engine.effects import ClockChange, ClockChanged, DealChanged, Moved
from handfast.engine.judge import counted, then, verdict_on
from handfast.facts import ActivityHappened, TouchKind, TouchMade
from handfast.history.replay import Happened
from handfast.instant import Instant
from handfast.score import signals_counted


class Delivered(NamedTuple):
    """A lead as it stood when its cycle was delivered."""

    band: str
    icp: int  # 1 met, 0 not met, -1 where the contract defines none
    signals: tuple[str, ...] = ()  # those that counted: ``fit.right_size``, ``behaviour.pricing_viewed``


class Touch(NamedTuple):
    """Outreach by a human of sales on a cycle."""

    cycle: str
    at: Instant
    contact: bool


class Activity(NamedTuple):
    """Something a lead did."""

    lead: str
    at: Instant
    kind: str
    campaign: str


class Change(NamedTuple):
    """A deal as it was from an instant on."""

    at: Instant
    deal: Deal


@dataclass(slots=True)
class Notes:
    """What measures need beside the leads themselves. Kept by a store, it may be of some leads alone."""

    delivered: dict[str, Delivered] = field(default_factory=dict)  # by cycle
    overturned: dict[str, Instant] = field(default_factory=dict)
    cancelled: dict[str, Instant] = field(default_factory=dict)  # clocks
    touches: list[Touch] = field(default_factory=list)
    activities: list[Activity] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)


@dataclass(slots=True)
class Recorder:
    """Notes what steps tell, one by one. Activities of bots, and touches that nobody counts, are left out."""

    terms: Terms
    notes: Notes = field(default_factory=Notes)

    def __call__(self, happened: Happened) -> None:
        """Take one step in."""
        lead, fact = happened.step.state.lead, happened.fact
        if lead is None:
            return
        refused = happened.step.refused is not None
        if isinstance(fact, TouchMade) and not refused:
            self._touched(lead, fact, happened)
        elif isinstance(fact, ActivityHappened) and not refused and not fact.by_bot:
            at = min(fact.happened_at, fact.recorded_at)
            campaign = fact.properties.get("campaign") or lead.known.get("campaign") or ""
            self.notes.activities.append(Activity(lead.id, at, fact.kind, str(campaign)))
        for effect in happened.step.effects:
            if isinstance(effect, Moved):
                self._moved(lead, effect)
            elif isinstance(effect, ClockChanged) and effect.change in _GIVEN_UP:
                self.notes.cancelled[effect.clock.id] = effect.at
            elif isinstance(effect, DealChanged) and effect.what != "joined":
                at = effect.at if fact is None else min(fact.happened_at, fact.recorded_at)
                self._deal(lead, effect.deal, at)

    def _touched(self, lead: Lead, fact: TouchMade, happened: Happened) -> None:
        team, cycle = happened.step.state.team, lead.latest
        sales = fact.by in team.reps or any(roster.manager == fact.by for roster in team.rosters.values())
        at = min(fact.happened_at, fact.recorded_at)
        if fact.human and sales and cycle is not None and cycle.qualified_at is not None and at >= cycle.qualified_at:
            self.notes.touches.append(Touch(cycle.id, at, fact.kind is TouchKind.CONTACT))

    def _moved(self, lead: Lead, effect: Moved) -> None:
        if effect.event is CycleEvent.OVERTURNED:
            self.notes.overturned[effect.cycle] = effect.happened_at
        if effect.event is not CycleEvent.QUALIFIED:
            return
        cycle = next((each for each in (lead.cycle, *lead.ended) if each is not None and each.id == effect.cycle), None)
        if cycle is not None and cycle.version is not None:
            version = self.terms.of(cycle.version)
            standing = lead.standing if lead.standing is not None else counted(lead, version)
            found = verdict_on(lead, version, then(lead, standing, effect.at)).judgement
            icp = -1 if found.icp is None else int(found.icp)
            counting = standing.score if standing.fresh is None else standing.fresh
            signals = signals_counted(version.table, standing.values, counting, effect.at)
            self.notes.delivered[effect.cycle] = Delivered(found.band.value, icp, signals)

    def _deal(self, lead: Lead, name: str, at: Instant) -> None:
        deal = lead.deals.get(name)
        if deal is not None:
            self.notes.changes.append(Change(at, deal))


_GIVEN_UP = frozenset((ClockChange.CANCELLED, ClockChange.MISSED))
