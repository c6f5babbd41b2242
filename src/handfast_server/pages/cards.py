"""The cards of the inbox: rows as the interface lists them, with what a person reads at a glance beside."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import QuerySet

from handfast.contract.model import Contract, Verb
from handfast.cycle.life import CycleState
from handfast.cycle.values import ClockState
from handfast.engine.terms import Version
from handfast.instant import Instant
from handfast_server.access import Principal, access_owned
from handfast_server.decide import terms as versions
from handfast_server.delivery.links import choices_of
from handfast_server.handoffs import queries
from handfast_server.handoffs.models import Clock, Cycle
from handfast_server.handoffs.why import own_words, reasons_for
from handfast_server.leads.models import Lead as LeadRow
from handfast_server.now import now

SHOWN = 50
"""Cards of an inbox; whoever has more answers the most urgent first."""


def waiting(who: Principal) -> QuerySet[Cycle]:
    """What waits for somebody's own decision."""
    return access_owned(who).filter(state=CycleState.WAITING)


def cards_of(who: Principal) -> list[dict[str, Any]]:
    """The most urgent first."""
    at = now()
    late, rows = queries.oldest_owed(waiting(who)), queries.shown(_first(who))
    rows = sorted(rows, key=lambda row: late.get(row["id"], (queries.NO_DUE, ""))[0])
    leads = LeadRow.objects.in_bulk([row["lead_id"] for row in rows])
    halves = halves_of(rows)
    words = own_words({row["lead_id"]: row["raised_at"] for row in rows if row["raised_at"] is not None})
    return [
        {
            **row,
            "half_at": halves.get(row["id"]),
            **counted_down(late.get(row["id"])),
            "title": leads[row["lead_id"]].title,
            "words": words.get(row["lead_id"], ""),
            "reasons": reasons_for(leads[row["lead_id"]], row["version"], at),
            **_choices(row["version"]),
        }
        for row in rows
    ]


def _first(who: Principal) -> list[str]:
    """The ids of the most urgent: what is late already, then whatever is due next."""
    rows = queries.keys(queries.by_due(waiting(who)), "due")
    late = list(rows.filter(pk__in=queries.broken(waiting(who)).values("pk")).order_by("due", "pk")[:SHOWN])
    known = {row["pk"] for row in late}
    soon = [row for row in rows.order_by("due", "pk")[:SHOWN] if row["pk"] not in known]
    return [row["pk"] for row in (*late, *soon)[:SHOWN]]


def counted_down(late: tuple[Instant, str] | None) -> dict[str, Any]:
    """What a card counts down to: a promise that is broken before any that still runs."""
    return {} if late is None else {"due_at": late[0], "due_clock": late[1], "half_at": late[0]}


def halves_of(rows: Iterable[Mapping[str, Any]]) -> dict[str, Instant]:
    """When half of the working time of each row's next promise is over."""
    due = {(row["id"], row["due_at"]): row["version"] for row in rows if row["due_at"] is not None}
    clocks = Clock.objects.filter(cycle__in=[cycle for cycle, _ in due], state=ClockState.RUNNING, due_at__isnull=False)
    found: dict[str, Instant] = {}
    for cycle, name, started, due_at in clocks.values_list("cycle_id", "calendar", "started_at", "due_at"):
        number = due.get((cycle, due_at))
        if number is not None and due_at is not None:
            found[cycle] = _share(versions.current().of(number), name, started, due_at)
    return found


def _share(version: Version, calendar: str, started: Instant, due: Instant) -> Instant:
    return version.calendars[calendar].share(started, due, 50)


def _choices(number: int | None) -> dict[str, Any]:
    """The reasons that the contract of a cycle knows for declining it, as links in messages offer them."""
    if number is None:
        return {"rejections": [], "returns": []}
    contract: Contract = versions.current().of(number).contract
    rejections, returns = choices_of(contract, Verb.REJECT), choices_of(contract, Verb.RETURN)
    return {"rejections": rejections, "returns": returns, "dated": [each for each in rejections if each.dated]}
