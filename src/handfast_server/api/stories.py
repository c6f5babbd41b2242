"""Leads to read: found by what names them, and the whole story of one, with why everything was decided so."""

from __future__ import annotations

from typing import Any

import orjson
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from handfast.identity import normal_email
from handfast_server.access import access_cycles, access_leads
from handfast_server.api.auth import caller, may
from handfast_server.api.fields import LeadPath
from handfast_server.api.paging import Order, Paging, not_modified, page_of, question, unchanged
from handfast_server.api.story_shapes import (
    ActivityRows,
    CycleStory,
    FactRows,
    LeadFilter,
    LeadRow,
    LeadRows,
    Story,
)
from handfast_server.facts.models import Fact
from handfast_server.handoffs import queries
from handfast_server.handoffs.models import Assignment, Breach, Clock, ClockTransition, Cycle, Transition
from handfast_server.handoffs.story import releasable, story_of
from handfast_server.leads.models import Activity, Key, Lead

router = Router(tags=["leads"])


_LEAD = tuple("id name email company title phone account_id band fit behaviour created_at merged_into erased".split())


@router.get("", response={200: LeadRows, 304: None})
@may("leads.read")
def list_leads(request: HttpRequest, response: HttpResponse, filters: Query[LeadFilter], paging: Query[Paging]) -> Any:
    """Leads that you see, by id."""
    rows = _filtered(access_leads(caller(request)), filters)
    page = page_of(rows.values("pk", *_LEAD), Order("id"), paging, question(request))
    if unchanged(request, response, page):
        return not_modified(response)
    return {"items": [_row(row) for row in page.rows], "next": page.next}


def _filtered(rows: QuerySet[Lead], filters: LeadFilter) -> QuerySet[Lead]:
    if filters.email:
        named = Key.objects.filter(kind="email", value=normal_email(filters.email) or "").values("lead")
        rows = rows.filter(pk__in=named)
    if filters.key or filters.key_kind:
        rows = rows.filter(pk__in=Key.objects.filter(kind=filters.key_kind, value=filters.key).values("lead"))
    if filters.account:
        rows = rows.filter(account=filters.account)
    return rows.filter(band=filters.band.value) if filters.band else rows


def _row(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "account": row["account_id"], "score": {"fit": row["fit"], "behaviour": row["behaviour"]}}


@router.get("/releasable", response=dict[str, Any])
@may("cycles.release")
def list_releasable(request: HttpRequest, paging: Query[Paging]) -> Any:
    """Open leads that would qualify under the version in force: marketing may release them.

    Each page looks at so many open leads, and names those among them that would qualify; go on while there is a
    `next`, also after a page without any.
    """
    open_ = Cycle.objects.filter(state="open").values("lead")
    rows = access_leads(caller(request)).filter(pk__in=open_)
    page = page_of(rows.values("pk", "id"), Order("id"), paging, question(request))
    leads = Lead.objects.filter(pk__in=[row["pk"] for row in page.rows]).order_by("pk")
    return {"items": releasable(leads), "looked_at": len(page.rows), "next": page.next}


@router.get("/{lead}", response=LeadRow)
@may("leads.read")
def show_lead(request: HttpRequest, lead: LeadPath) -> Any:
    """One lead."""
    return _row(access_leads(caller(request)).values("pk", *_LEAD).get(pk=lead))


@router.get("/{lead}/story", response=Story)
@may("leads.read")
def show_story(request: HttpRequest, response: HttpResponse, lead: LeadPath) -> Any:
    """Everything known of a lead, and why: its score line by line, each owner and why not another, each due."""
    row = access_leads(caller(request)).get(pk=lead)
    told = story_of(row)
    cycles = Cycle.objects.filter(lead=row).order_by("-inquiry_at", "-id").values_list("pk", flat=True)
    parts = {each["id"]: each for each in told.pop("cycles")}
    return {
        "lead": _row(Lead.objects.values("pk", *_LEAD).get(pk=lead)),
        **told,
        "cycles": [{**shown, **_cycle(shown, parts.get(shown["id"], {}))} for shown in queries.shown(cycles)],
        "deals": [{**deal, "lead": lead} for deal in row.deal_set.order_by("opened_at", "pk").values(*_DEAL)],
    }


_DEAL = tuple("id cycle state opened_at amount currency".split())
_TRANSITION = tuple("id fact event before after by reason happened_at at".split())
_ASSIGNMENT = tuple("id rep pool way at ended_at end".split())
_CLOCK = tuple("id name assignment state rep calendar started_at due_at stopped_at breached_at recorded_late".split())
_BREACH = tuple("clock cycle_id name rep at proposed cause excused in_time".split())


def _cycle(row: dict[str, Any], part: dict[str, Any]) -> dict[str, Any]:
    name = row["id"]
    why = {each["id"]: each["why"] for each in part.get("clocks", ())}
    clocks = Clock.objects.filter(cycle=name).order_by("started_at", "id").values(*_CLOCK)
    return {
        "attempts": part.get("attempts", []),
        "inferred": part.get("inferred", []),
        "transitions": list(Transition.objects.filter(cycle=name).order_by("at", "id").values(*_TRANSITION)),
        "assignments": list(Assignment.objects.filter(cycle=name).order_by("at", "id").values(*_ASSIGNMENT)),
        "clocks": [{**clock, "why": why.get(clock["id"])} for clock in clocks],
        "clock_changes": list(
            ClockTransition.objects.filter(cycle=name)
            .order_by("recorded_at", "id")
            .values("id", "clock", "change", "at", "recorded_at")
        ),
        "breaches": [
            {**breach, "cycle": breach["cycle_id"], "lead": row["lead_id"]}
            for breach in Breach.objects.filter(cycle=name).order_by("at", "clock").values(*_BREACH)
        ],
    }


@router.get("/{lead}/facts", response=FactRows)
@may("leads.read")
def list_facts(request: HttpRequest, lead: LeadPath, paging: Query[Paging]) -> Any:
    """Everything that was told of a lead, in the order in which it was recorded."""
    access_leads(caller(request)).only("pk").get(pk=lead)
    rows = Fact.objects.filter(lead=lead)
    columns = ("pk", "name", "kind", "happened_at", "recorded_at", "refused", "line")
    page = page_of(rows.values(*columns), Order("recorded_at"), paging, question(request))
    return {"items": [{**row, "fact": orjson.loads(row["line"])} for row in page.rows], "next": page.next}


@router.get("/{lead}/activities", response=ActivityRows)
@may("leads.read")
def list_activities(request: HttpRequest, lead: LeadPath, paging: Query[Paging]) -> Any:
    """What a lead did, the latest told first."""
    access_leads(caller(request)).only("pk").get(pk=lead)
    columns = ("pk", "position", "happened_at", "kind", "properties", "loaded")
    rows = Activity.objects.filter(lead=lead).values(*columns)
    page = page_of(rows, Order("position", down=True), paging, question(request))
    items = [{**row, "properties": orjson.loads(row["properties"] or "{}")} for row in page.rows]
    return {"items": items, "next": page.next}


@router.get("/{lead}/cycles/{number}", response=CycleStory)
@may("leads.read")
def show_cycle(request: HttpRequest, lead: LeadPath, number: int) -> Any:
    """One cycle of a lead with everything that was decided about it."""
    found = access_cycles(caller(request)).select_related("lead").get(pk=f"{lead}/{number}")
    parts = {each["id"]: each for each in story_of(found.lead)["cycles"]}
    row = queries.shown([found.pk])[0]
    return {**row, **_cycle(row, parts.get(found.pk, {}))}
