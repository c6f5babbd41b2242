"""Breaches, deals and pools to read."""

from __future__ import annotations

from typing import Any, Literal

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from handfast.contract.model import ClockName
from handfast.cycle.values import DealState
from handfast.facts import BreachCause
from handfast_server.access import access_breaches, access_deals
from handfast_server.api.auth import caller, may
from handfast_server.api.fields import LeadId, MomentIn, MomentOut, Name, PoolPath
from handfast_server.api.paging import Order, Paging, not_modified, page_of, question, unchanged
from handfast_server.api.story_shapes import BreachRow, DealRow
from handfast_server.handoffs.models import Breach, LedgerEntry
from handfast_server.refused import Refused
from handfast_server.rosters.queries import pools_now

breaches = Router(tags=["breaches"])
deals = Router(tags=["deals"])
pools = Router(tags=["pools"])


class BreachFilter(Schema):
    """Which breaches; every filter narrows."""

    rep: Name = ""
    pool: Name = ""
    clock: ClockName | None = None
    cause: BreachCause | None = Field(default=None, description="As confirmed; where nobody did, as proposed.")
    excused: bool | None = None
    since: MomentIn | None = None
    until: MomentIn | None = Field(default=None, description="Before this.")


class BreachRows(Schema):
    """A page of breaches, and the cursor to the next; empty at the end."""

    items: list[BreachRow]
    next: str


_BREACH = tuple("pk clock cycle_id cycle__lead_id name rep at proposed cause excused in_time".split())


@breaches.get("", response={200: BreachRows, 304: None})
@may("leads.read")
def list_breaches(
    request: HttpRequest, response: HttpResponse, filters: Query[BreachFilter], paging: Query[Paging]
) -> Any:
    """Promises that were broken, the latest first. An excused one stays one."""
    rows = _breaches(access_breaches(caller(request)), filters)
    page = page_of(rows.values(*_BREACH), Order("at", down=True), paging, question(request))
    if unchanged(request, response, page):
        return not_modified(response)
    items = [{**row, "cycle": row["cycle_id"], "lead": row["cycle__lead_id"]} for row in page.rows]
    return {"items": items, "next": page.next}


def _breaches(rows: QuerySet[Breach], filters: BreachFilter) -> QuerySet[Breach]:
    equal = {"rep": filters.rep, "cycle__pool": filters.pool, "name": filters.clock and filters.clock.value}
    rows = rows.filter(**{name: value for name, value in equal.items() if value})
    if filters.cause is not None:
        confirmed = rows.filter(cause=filters.cause.value)
        rows = confirmed | rows.filter(cause="", proposed=filters.cause.value)
    if filters.excused is not None:
        rows = rows.exclude(excused="") if filters.excused else rows.filter(excused="")
    if filters.since is not None:
        rows = rows.filter(at__gte=filters.since)
    return rows if filters.until is None else rows.filter(at__lt=filters.until)


class DealFilter(Schema):
    """Which deals; every filter narrows."""

    state: DealState | None = None
    lead: LeadId | None = None
    deal: Name = ""


class DealRows(Schema):
    """A page of deals, and the cursor to the next; empty at the end."""

    items: list[DealRow]
    next: str


_DEAL = tuple("key id lead_id cycle state opened_at amount currency".split())


@deals.get("", response={200: DealRows, 304: None})
@may("leads.read")
def list_deals(request: HttpRequest, response: HttpResponse, filters: Query[DealFilter], paging: Query[Paging]) -> Any:
    """Deals of leads that you see, the latest opened first. A deal of two leads stands here twice."""
    equal = {"state": filters.state and filters.state.value, "lead": filters.lead, "id": filters.deal}
    rows = access_deals(caller(request)).filter(**{name: value for name, value in equal.items() if value})
    page = page_of(rows.values(*_DEAL), Order("opened_at", down=True), paging, question(request), key="key")
    if unchanged(request, response, page):
        return not_modified(response)
    return {"items": [{**row, "lead": row["lead_id"]} for row in page.rows], "next": page.next}


class MemberRow(Schema):
    """A rep in a pool: the lowest level of those who are eligible is next."""

    rep: str
    here: bool
    weight: int
    level: str = Field(..., description="Ledger balance ÷ weight, exact.", examples=["7/2"])
    balance: str
    open: int
    open_cap: int | None
    day_cap: int | None
    active: bool
    away: bool
    last: int = Field(..., description="The pool's number of the latest assignment.")
    calendar: str = Field(..., description="Hours of their own: a calendar of the contract; the pool's when empty.")


class PoolRow(Schema):
    """A pool, its manager, its members with their levels, and how many handoffs wait in it for somebody."""

    name: str
    manager: str | None
    evenly: bool
    sequence: int
    waiting: int
    held: int
    members: list[MemberRow]


@pools.get("", response={200: list[PoolRow], 304: None})
@may("team.read")
def list_pools(request: HttpRequest, response: HttpResponse) -> Any:
    """Every pool with its members, in the order in which they joined."""
    found = list(pools_now())
    if unchanged(request, response, found):
        return not_modified(response)
    return found


class LedgerRow(Schema):
    """A line of a pool's ledger; the amount is exact."""

    id: str
    sequence: int
    rep: str
    kind: Literal["assign", "credit", "calibrate"]
    amount: str
    cycle: str
    at: MomentOut


class Ledger(Schema):
    """A page of a ledger, and the cursor to the next; empty at the end."""

    items: list[LedgerRow]
    next: str


_ENTRY = tuple("id sequence rep kind numerator denominator exact cycle at".split())


@pools.get("/{pool}/ledger", response=Ledger)
@may("team.read")
def show_ledger(request: HttpRequest, pool: PoolPath, paging: Query[Paging]) -> Any:
    """The ledger of a pool, the latest line first: append-only, every number once."""
    rows = LedgerEntry.objects.filter(pool=pool)
    if not rows.exists() and not any(each.name == pool for each in pools_now()):
        raise Refused("not_found", f"There is no pool {pool}.", status=404, path="pool")
    page = page_of(rows.values("pk", *_ENTRY), Order("sequence", down=True), paging, question(request))
    return {"items": [{**row, "amount": _amount(row)} for row in page.rows], "next": page.next}


def _amount(row: dict[str, Any]) -> str:
    if row["exact"]:
        return str(row["exact"])
    return str(row["numerator"]) if row["denominator"] == 1 else f"{row['numerator']}/{row['denominator']}"
