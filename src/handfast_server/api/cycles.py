"""Handoffs and other cycles to read: the inbox, contests that are open, leads that a disqualifier holds back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from handfast.cycle.life import CycleState
from handfast_server.access import access_cycles
from handfast_server.api.auth import caller, may
from handfast_server.api.fields import LeadId, MomentIn, MomentOut, Name
from handfast_server.api.paging import Order, Page, Paging, not_modified, page_of, question, unchanged
from handfast_server.handoffs import queries
from handfast_server.handoffs.models import Cycle
from handfast_server.handoffs.story import reason_of

router = Router(tags=["cycles"])


class Score(Schema):
    """In hundredths of a point, when something about the lead last changed."""

    fit: int
    behaviour: int


class LeadShort(Schema):
    """Who it is."""

    id: str
    name: str
    company: str
    email: str
    score: Score


class CycleRow(Schema):
    """One cycle: where it stands, with whom, since when, and what is due next."""

    id: str
    lead: LeadShort
    state: CycleState
    version: int | None
    owner: str
    pool: str
    hold_pool: str
    hold_since: MomentOut | None
    held_by: list[str]
    hand_raised: bool
    recycled: bool
    reason: str
    source: str
    campaign: str
    band: str
    due_clock: str
    due_at: MomentOut | None
    inquiry_at: MomentOut
    raised_at: MomentOut | None
    qualified_at: MomentOut | None
    accepted_at: MomentOut | None
    contested_at: MomentOut | None
    sql_at: MomentOut | None
    opportunity_at: MomentOut | None
    ended_at: MomentOut | None
    first_touch_at: MomentOut | None
    contact_at: MomentOut | None
    revisit_at: MomentOut | None
    changed_at: MomentOut


class Cycles(Schema):
    """A page of cycles, and the cursor to the next; empty at the end."""

    items: list[CycleRow]
    next: str


class Contest(CycleRow):
    """A contested rejection: who rejected, naming which clause."""

    rejected_by: str
    reason_title: str
    clause: str
    fact: str


class Contests(Schema):
    """A page of contests, and the cursor to the next; empty at the end."""

    items: list[Contest]
    next: str


class CycleFilter(Schema):
    """Which cycles; every filter narrows."""

    owner: Name = Field(default="", description="A rep by the name in the roster; `me` for yourself.")
    pool: Name = ""
    state: list[CycleState] = Field(default=[], max_length=20, description="One or more.")
    open: bool = Field(default=False, description="Only cycles that have not ended.")
    lead: LeadId | None = None
    source: Name = ""
    hand_raised: bool | None = None
    due_before: MomentIn | None = Field(default=None, description="Only with a running clock that is due before this.")
    overdue: bool = Field(default=False, description="Only with a broken promise that is still not kept.")
    held: bool = Field(default=False, description="Only handoffs that wait for somebody to become eligible.")
    sort: Literal["changed", "due", "qualified"] = "changed"


_ORDERS = {
    "changed": Order("changed_at", down=True),
    "due": Order("due"),
    "qualified": Order("qualified_at"),
}


@router.get("", response={200: Cycles, 304: None})
@may("leads.read")
def list_cycles(
    request: HttpRequest, response: HttpResponse, filters: Query[CycleFilter], paging: Query[Paging]
) -> Any:
    """Cycles that you see, `changed` last first, or the soonest `due` first, or the longest `qualified` first.

    The inbox of a rep is `?owner=me&open=true&sort=due`. Ask again with the `ETag` of the answer as `If-None-Match`:
    304 when nothing is new.
    """
    rows = _filtered(access_cycles(caller(request)), filters, caller(request).name)
    if filters.sort == "due" and unchanged(request, response, queries.stand_of(rows)):
        return not_modified(response)
    page = _page(request, rows, _ORDERS[filters.sort], paging)
    if filters.sort != "due" and unchanged(request, response, page):
        return not_modified(response)
    return {"items": queries.shown(row["pk"] for row in page.rows), "next": page.next}


def _filtered(rows: QuerySet[Cycle], filters: CycleFilter, me: str) -> QuerySet[Cycle]:
    equal = {"pool": filters.pool, "lead": filters.lead, "source": filters.source}
    rows = rows.filter(**{name: value for name, value in equal.items() if value})
    if filters.owner:
        rows = rows.filter(owner=me if filters.owner == "me" else filters.owner)
    if filters.state:
        rows = rows.filter(state__in=filters.state)
    if filters.open:
        rows = rows.filter(ended_at__isnull=True)  # as the indexes of open cycles say it
    if filters.hand_raised is not None:
        rows = rows.filter(hand_raised=filters.hand_raised)
    if filters.due_before is not None:
        rows = queries.running(rows, due_before=filters.due_before)
    if filters.overdue:
        rows = queries.broken(rows)
    return rows.exclude(hold_pool="") if filters.held else rows


def _page(request: HttpRequest, rows: QuerySet[Cycle], order: Order, paging: Paging) -> Page:
    if order.column == "due":
        rows = queries.by_due(rows)
    if order.column == "qualified_at":
        rows = rows.filter(qualified_at__isnull=False)
    return page_of(queries.keys(rows, order.column), order, paging, question(request))


@router.get("/contests", response={200: Contests, 304: None})
@may("leads.read")
def list_contests(request: HttpRequest, response: HttpResponse, paging: Query[Paging]) -> Any:
    """Contested rejections for marketing to settle, the longest first, with the clause that the data contradict."""
    page = _page(request, queries.contested(access_cycles(caller(request))), _ORDERS["qualified"], paging)
    if unchanged(request, response, page):
        return not_modified(response)
    return {"items": contests_of(row["pk"] for row in page.rows), "next": page.next}


def contests_of(names: Iterable[str]) -> list[dict[str, Any]]:
    """Contested cycles by their ids, in this order, with who rejected and the clause that they named."""
    rows = queries.shown(names)
    who = queries.contesting(row["id"] for row in rows)
    return [_contest(row, *who.get(row["id"], ("", ""))) for row in rows]


def _contest(row: dict[str, Any], by: str, fact: str) -> dict[str, Any]:
    reason = reason_of(row["version"], row["reason"])
    return {**row, "rejected_by": by, "fact": fact, "reason_title": reason["title"], "clause": reason["clause"]}


@router.get("/held", response={200: Cycles, 304: None})
@may("leads.read")
def list_held(request: HttpRequest, response: HttpResponse, paging: Query[Paging]) -> Any:
    """Leads that meet the bar, or asked, and that only a disqualifier keeps with marketing."""
    page = _page(request, queries.held_back(access_cycles(caller(request))), _ORDERS["changed"], paging)
    if unchanged(request, response, page):
        return not_modified(response)
    return {"items": queries.shown(row["pk"] for row in page.rows), "next": page.next}
