"""A handoff of another system as the contract would have seen it: judged, with a virtual clock."""

from __future__ import annotations

from dataclasses import dataclass

from handfast.changed import changed
from handfast.clock import Started, started
from handfast.contract.model import ClockName
from handfast.cycle.elsewhere import Elsewhere, first_touch
from handfast.cycle.log import Log
from handfast.cycle.values import Lead
from handfast.engine.judge import counted, then
from handfast.engine.terms import Terms, Version
from handfast.errors import NeverOpens, OutsideCalendar
from handfast.instant import Instant
from handfast.qualify import LeadThen, judged, values_for_routing
from handfast.route.rules import pool_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Virtual:
    """What a version makes of a handoff that was made without it, of what is known now to have happened by then.

    ``before_first``: it is older than version 1, and judged under that. ``clock``: a virtual first touch; None
    where the calendars do not reach back so far.
    """

    lead: str
    handoff: str
    qualified_at: Instant
    version: int
    before_first: bool
    meets: bool  # the bar, or a hand raised, and no disqualifier
    pool: str
    clock: Started | None
    first_touch_at: Instant | None

    @property
    def due_at(self) -> Instant | None:
        """When it would have been due."""
        return None if self.clock is None else self.clock.due_at

    @property
    def record(self) -> str:
        """The handoff's name in a list of records."""
        return f"{self.lead}:{self.handoff}"


def virtual(lead: Lead, handoff: Elsewhere, terms: Terms) -> Virtual | None:
    """Judge a handoff; None when that system never gave it to sales, or no version was ever signed."""
    at = handoff.qualified_at
    if at is None or not terms.versions:
        return None
    governing = terms.in_force(at)
    version = governing or terms.versions[0]
    seen = lead_at(lead, version, at)
    judgement = judged(version.contract, seen)
    pool = pool_of(version.contract, values_for_routing(seen, judgement))
    return Virtual(
        lead=lead.id,
        handoff=handoff.id,
        qualified_at=at,
        version=version.number,
        before_first=governing is None,
        meets=judgement.qualified,
        pool=pool,
        clock=_clock(version, at, pool, hand_raised=judgement.hand_raised),
        first_touch_at=first_touch(lead.touches, at, handoff.ended_at),
    )


def lead_at(lead: Lead, version: Version, at: Instant) -> LeadThen:
    """A lead at an instant, also in loaded history. Attributes are those known now: none is dated before its import."""
    acts = Log(act for act in lead.acts if act.happened_at <= at)
    then_ = changed(lead, acts=acts, fresh_from=None)
    return then(then_, counted(then_, version), at, loaded=True)


def _clock(version: Version, at: Instant, pool: str, *, hand_raised: bool) -> Started | None:
    terms = version.contract.clocks[ClockName.FIRST_TOUCH]
    try:
        return started(terms, at, version.calendars, pool=pool, hand_raised=hand_raised)
    except (NeverOpens, OutsideCalendar):
        return None
