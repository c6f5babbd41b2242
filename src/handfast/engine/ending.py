"""The ends of a cycle, and what follows: clocks cancelled, cooling off, what evidence is fresh."""

from __future__ import annotations

from handfast.clock import due_at
from handfast.contract.model import Reason
from handfast.contract.terms import DispositionKind
from handfast.cycle.life import CycleEvent
from handfast.cycle.values import AssignmentEnd
from handfast.engine import clocks, handing, judge
from handfast.engine.terms import Version
from handfast.engine.turn import Declined, Turn
from handfast.instant import DAY, Instant
from handfast.qualify import CONSENT, judged


def end(
    turn: Turn,
    event: CycleEvent,
    *,
    at: Instant,
    happened_at: Instant | None = None,
    by: str = "",
    reason: str = "",
    because: AssignmentEnd = AssignmentEnd.CYCLE_ENDED,
) -> None:
    """End the open cycle at ``at``, and not before it began, if it happened before that (``happened_at``: ``at``).

    Whatever ends a cycle cancels its running clocks; the lead begins to cool off.
    """
    turn.possible(event)
    raw = at if happened_at is None else happened_at
    at = max(at, turn.cycle.qualified_at or turn.cycle.inquiry_at)
    version = turn.governing
    handing.end_assignment(turn, because)
    handing.end_hold(turn)
    clocks.cancel(turn)
    if event is CycleEvent.WITHDRAWN:
        turn.put(reason=None, revisit_at=None, recycled=False)  # what sales said in a contest is not how it ended
    turn.move(event, at=raw, by=by, reason=reason, ended_at=at)
    cycle, lead = turn.cycle, turn.lead
    until = max(cooled(version, at), cycle.revisit_at or at)
    turn.know(
        cycle=None,
        ended=(*lead.ended, cycle),
        cool_until=max(until, lead.cool_until or until),
        fresh_from=max(at, lead.fresh_from or at),
        standing=None,
    )


def cooled(version: Version | None, at: Instant) -> Instant:
    """When the cooling off is over of a cycle that ended; at once before any version."""
    if version is None:
        return at
    contract = version.contract
    return due_at(contract.recycle.cool_off, at, version.calendars[contract.default_calendar])


def dispose(turn: Turn, reason: Reason, *, at: Instant, revisit_on: Instant | None) -> None:
    """Note the disposition of a reason: when the lead may come back. Dates are at 00:00 in the contract's zone.

    Raises Declined for a reason whose date is missing or past.
    """
    turn.put(reason=reason.name)
    disposition, version = reason.then, turn.version
    if disposition is None or disposition.kind is DispositionKind.CLOSE:
        return
    after = disposition.after
    when = _date_given(turn, reason, revisit_on) if after is None else at + after.amount
    turn.put(revisit_at=version.midnight(version.date_of(when)), recycled=True)


def _date_given(turn: Turn, reason: Reason, revisit_on: Instant | None) -> Instant:
    if revisit_on is None:
        raise Declined(
            "date_missing",
            f"The reason {reason.name} recycles on a date given, and none was given: "
            "say on which date the lead should come back.",
        )
    if revisit_on <= turn.now - DAY:
        raise Declined(
            "date_past",
            f"The date on which the lead should come back lies in the past: {reason.name} needs a later one.",
        )
    return revisit_on


def opted_out(turn: Turn) -> bool:
    """End the open cycle when contact is denied, unless a hand-raise is not older than the denial."""
    lead = turn.lead
    found = judge.governed(turn)
    if lead.cycle is None or found is None or found[0].values.get(CONSENT) != "denied":
        return False
    standing, version = found
    raised = judged(version.contract, judge.then(turn.lead, standing, turn.now, loaded=True)).raised
    if raised is not None and raised.happened_at >= lead.known_since.get(CONSENT, turn.now):
        return False
    end(turn, CycleEvent.WITHDRAWN, at=turn.happened_at, reason="opted_out")
    return True
