"""Every event that leaves the service, as a table: its name, when it happens, and what its data hold.

``docs/reference/events.md`` is made from this table. Data hold ids, names of the team and words of the contract; who
the lead is stands in none of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from handfast.cycle.life import CycleEvent
from handfast.engine.effects import BreachChange, ClockChange


class EventKind(NamedTuple):
    """``noisy``: sent only to endpoints that name it."""

    says: str
    data: tuple[str, ...] = ()
    noisy: bool = False


_MOVED = ("event", "before", "after", "by", "reason", "happened_at")
_CLOCK = ("clock", "clock_id", "rep", "due_at", "started_at", "stopped_at", "breached_at")
_BREACH = ("clock", "clock_id", "rep", "breached_at", "proposed", "cause", "excused", "in_time", "by")

MOVED: Mapping[CycleEvent, str] = {
    CycleEvent.OPENED: "cycle.opened",
    CycleEvent.QUALIFIED: "lead.qualified",
    CycleEvent.ACCEPTED: "lead.accepted",
    CycleEvent.RETURNED: "lead.returned",
    CycleEvent.REJECTED: "lead.rejected",
    CycleEvent.CONTESTED: "lead.contested",
    CycleEvent.UPHELD: "contest.upheld",
    CycleEvent.LAPSED: "contest.lapsed",
    CycleEvent.OVERTURNED: "contest.overturned",
    CycleEvent.SALES_QUALIFIED: "lead.sql",
    CycleEvent.OPPORTUNITY_OPENED: "lead.opportunity",
    CycleEvent.DISQUALIFIED: "lead.disqualified",
    CycleEvent.WON: "lead.won",
    CycleEvent.LOST: "lead.lost",
    CycleEvent.WITHDRAWN: "lead.withdrawn",
}
"""The event of each row of the first table of the life of a cycle."""

_MOVED_SAYS: Mapping[CycleEvent, str] = {
    CycleEvent.OPENED: "A cycle opened: the lead came, acted again or was put on an import list.",
    CycleEvent.QUALIFIED: "The bar was met or a hand raised, and the lead was delivered to sales.",
    CycleEvent.ACCEPTED: "Its owner or a manager accepted it, or had a two-way contact.",
    CycleEvent.RETURNED: "Its owner returned it, and it was routed again.",
    CycleEvent.REJECTED: "Sales rejected it before any contact.",
    CycleEvent.CONTESTED: "Sales rejected it by a definition that the data contradict; marketing is asked.",
    CycleEvent.UPHELD: "Marketing agreed with a contested rejection.",
    CycleEvent.LAPSED: "Nobody of marketing answered a contested rejection in time; it stands.",
    CycleEvent.OVERTURNED: "Marketing overturned a contested rejection; the lead went back to sales.",
    CycleEvent.SALES_QUALIFIED: "Its owner qualified it, with the evidence that the contract asks for.",
    CycleEvent.OPPORTUNITY_OPENED: "An opportunity was opened.",
    CycleEvent.DISQUALIFIED: "Its owner disqualified it after acceptance.",
    CycleEvent.WON: "The deal was won.",
    CycleEvent.LOST: "The deal was lost.",
    CycleEvent.WITHDRAWN: "It ended by neither side: an opt-out, a merge, an erasure, an administrator.",
}

_CLOCK_SAYS: Mapping[ClockChange, str] = {
    ClockChange.STARTED: "A clock started.",
    ClockChange.STOPPED: "What a clock waited for happened in time.",
    ClockChange.BREACHED: "A clock ran out; the event's instant is when it was due.",
    ClockChange.ANSWERED_LATE: "What a clock waited for happened after it had run out.",
    ClockChange.SUSPENDED: "A clock stands still while a rejection is contested.",
    ClockChange.RESUMED: "A clock runs again.",
    ClockChange.PAUSED: "A clock stands still until a date that the prospect asked for.",
    ClockChange.TIGHTENED: "The lead raised a hand again, and the due became earlier.",
    ClockChange.CANCELLED: "What a clock waited for is waited for no longer.",
    ClockChange.MISSED: "A first touch never came, on a lead that was disqualified.",
}

_BREACH_SAYS: Mapping[BreachChange, str] = {
    BreachChange.PROPOSED: "A cause of a breach is proposed, from facts.",
    BreachChange.CAUSE_SET: "A manager set the cause of a breach.",
    BreachChange.EXCUSED: "A manager excused a breach.",
    BreachChange.IN_TIME: "What was promised had happened in time, and was recorded late.",
}

EVENTS: Mapping[str, EventKind] = {
    "lead.created": EventKind("A lead was told of for the first time.", ("source",)),
    "lead.band_changed": EventKind("The score crossed an edge of a band.", ("before", "after")),
    "lead.rescored": EventKind("The score is another, in hundredths of points.", ("fit", "behaviour"), noisy=True),
    "lead.held_by_disqualifier": EventKind("The bar is met, and a disqualifier keeps it out.", ("disqualifiers",)),
    "lead.merged": EventKind("Another lead is the same human, and became part of this one.", ("absorbed",)),
    "lead.erased": EventKind("Everything personal about the lead was erased; erase it on your side, too."),
    **{MOVED[event]: EventKind(says, _MOVED) for event, says in _MOVED_SAYS.items()},
    "lead.assigned": EventKind("The first owner's turn began.", ("rep", "pool", "way", "assignment")),
    "lead.reassigned": EventKind("Another owner's turn began.", ("rep", "pool", "way", "assignment")),
    "lead.unassigned": EventKind("An owner's turn is over.", ("rep", "assignment", "end")),
    "lead.held": EventKind("Nobody is eligible; the handoff waits.", ("pool", "hold", "due_at")),
    "lead.hold_ended": EventKind("A handoff waits no longer.", ("hold",)),
    **{f"clock.{change.value}": EventKind(says, _CLOCK) for change, says in _CLOCK_SAYS.items()},
    "clock.step": EventKind(
        "A clock reached one of its escalation steps, that many per cent of its time.",
        ("clock", "clock_id", "percent", "re_route"),
    ),
    **{f"breach.{change.value}": EventKind(says, _BREACH) for change, says in _BREACH_SAYS.items()},
    "alert": EventKind("Somebody has to know of something that is no escalation.", ("to", "what")),
    "deal.changed": EventKind("Something was told of a deal.", ("deal", "what")),
    "elsewhere.changed": EventKind("A handoff of another system changed.", ("handoff", "stage", "owner")),
    "audience.entered": EventKind("The lead came into an audience.", ("audience",)),
    "audience.left": EventKind("The lead went out of an audience.", ("audience",)),
    "rep.left": EventKind("A rep is gone, or away; what waits for them is routed again.", ("rep", "absent")),
    "contract.in_force": EventKind("A version of the contract took force.", ("version",)),
    "contract.signature_asked": EventKind("A draft waits for somebody's signature.", ("draft", "version", "digest")),
    "contract.commented": EventKind(
        "Somebody was named in a comment on a clause, or wrote the draft that it is of.",
        ("comment", "draft", "version", "clause"),
    ),
    "contract.signed": EventKind("Both sides signed a version.", ("version", "digest", "in_force_from")),
    "contract.overtaken": EventKind(
        "Another draft was signed first; to who wrote and signed it.", ("draft", "version")
    ),
    "account.invited": EventKind("Somebody is asked to join; to the address that was invited.", ()),
    "endpoint.test": EventKind("An administrator tries an endpoint.", ()),
    "endpoint.disabled": EventKind("An endpoint failed for days and gets nothing any more; to administrators.", ()),
    "digest": EventKind("What somebody has on their hands today; to themselves.", ()),
}
"""Every name that a message can have."""

PERSONAL = (
    "contract.signature_asked",
    "contract.commented",
    "contract.signed",
    "contract.overtaken",
    "account.invited",
    "endpoint.test",
    "endpoint.disabled",
    "digest",
)
"""Events that no filter of an endpoint chooses."""


def wanted(event: str, asked: Iterable[str]) -> bool:
    """Whether a filter of names and beginnings lets an event through; an empty one all that is not noisy."""
    asked = tuple(asked)
    if not asked:
        return not EVENTS[event].noisy
    return any(event == name or (name.endswith(".") and event.startswith(name)) for name in asked)


def known_filter(name: str) -> bool:
    """Whether some event has this name or this beginning."""
    return any(event not in PERSONAL and (event == name or wanted(event, [name])) for event in EVENTS)
