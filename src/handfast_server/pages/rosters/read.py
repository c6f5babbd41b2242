"""The rosters: pools, who is in them, and everybody who can own leads."""

from __future__ import annotations

import uuid
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from handfast.cycle.life import CycleState
from handfast.route.team import Rep
from handfast_server.access import Principal, access_cycles, allowed
from handfast_server.now import now
from handfast_server.pages.may import may
from handfast_server.pages.rosters.stands import (
    calendars,
    load_of,
    pool_lines,
    pools_by_rep,
    stand_of,
    today,
)
from handfast_server.pages.rosters.telling import may_change, may_tell
from handfast_server.rosters.access import leads_teams
from handfast_server.rosters.models import Absence
from handfast_server.rosters.queries import MemberStand, PoolStand, pools_now, reps_now

SHOWN = 100
"""Rows of a page."""

OFFERED = 500
"""Names that a field proposes; whoever it is can be typed as well."""

TAKEN_ON = (CycleState.ACCEPTED, CycleState.SQL, CycleState.OPPORTUNITY)
"""What stays with whoever took it on until somebody else is named."""


def at(tab: str) -> dict[str, Any]:
    """Where a page stands: under the team in the navigation."""
    return {"here": "team", "tab": tab}


@require_safe
@may("rosters")
def rosters(request: HttpRequest, who: Principal) -> HttpResponse:
    """Pools, and everybody in them."""
    return show_all(request, who)


def show_all(request: HttpRequest, who: Principal, *, status: int = 200, **told: Any) -> HttpResponse:
    """The page."""
    asked = request.GET.get("q", "").strip()[:200]
    pools, day = pools_by_rep(pools_now()), today()
    rows = [
        {"rep": rep, "pools": pools.get(rep.name, []), "load": load_of(rep, day)}
        for rep in sorted(reps_now(), key=lambda each: each.name.casefold())
        if asked.casefold() in rep.name.casefold()
    ]
    values = {
        "pools": pool_lines(),
        "asked": asked,
        "may_add": may_tell(who, {"type": "rep", "rep": uuid.uuid4().hex}) and not told.get("only"),
        "key": uuid.uuid4().hex,
        **paged(request, rows),
        **at("rosters"),
        **told,
    }
    return render(request, "pages/rosters/all.html", values, status=status)


def paged(request: HttpRequest, rows: list[Any]) -> dict[str, Any]:
    """A page of rows, with the addresses of its neighbours."""
    page: Page[Any] = Paginator(rows, SHOWN).get_page(request.GET.get("page"))
    kept = {name: value for name, value in request.GET.items() if name != "page"}

    def address(number: int) -> str:
        return f"?{urlencode({**kept, 'page': number})}"

    return {
        "rows": list(page.object_list),
        "total": page.paginator.count,
        "first": address(1) if page.has_previous() else "",
        "next": address(page.next_page_number()) if page.has_next() else "",
    }


@require_safe
@may("rosters_pool")
def pool(request: HttpRequest, who: Principal, pool: str) -> HttpResponse:
    """One pool: its members in the order of joining."""
    return show_pool(request, who, pool)


def show_pool(request: HttpRequest, who: Principal, pool: str, *, status: int = 200, **told: Any) -> HttpResponse:
    """The page. ``typed`` is what stands in the form by rep, ``wrong_rep`` what is wrong with some of them."""
    stand, day = known_pool(pool), today()
    here = [each for each in stand.members if each.here]
    asked = request.GET.get("q", "").strip()[:200]
    typed, wrong = told.pop("typed", {}), told.pop("wrong_rep", {})
    rows = [
        {"member": each, "was": was(each), "given": typed.get(each.rep), "wrong": wrong.get(each.rep, "")}
        for each in here
        if asked.casefold() in each.rep.casefold()
    ]
    values = {
        "stand": stand,
        "here_count": len(here),
        "asked": asked,
        "may_change": may_change(who, pool),
        "may_appoint": allowed(who, "team.appoint") and leads_teams(who),
        "calendars": calendars(),
        "offered": [rep.name for rep in reps_now() if rep.active][:OFFERED],
        "key": uuid.uuid4().hex,
        "day": day,
        **paged(request, rows),
        **at("rosters"),
        **told,
    }
    return render(request, "pages/rosters/pool.html", values, status=status)


def known_pool(pool: str) -> PoolStand:
    """A pool. Raises Http404."""
    stand = stand_of(pool)
    if stand is None:
        raise Http404
    return stand


def was(member: MemberStand) -> str:
    """What a form shows of a member, so that it can be told what was changed in it, and what meanwhile."""
    values = (member.weight, member.open_cap, member.day_cap, member.calendar)
    return "|".join("" if value is None else str(value) for value in values)


@require_safe
@may("rosters_rep")
def rep(request: HttpRequest, who: Principal, rep: str) -> HttpResponse:
    """Somebody who can own leads."""
    return show_rep(request, who, rep)


def show_rep(request: HttpRequest, who: Principal, name: str, *, status: int = 200, **told: Any) -> HttpResponse:
    """The page."""
    rep, pools = known_rep(name), pools_now()
    within = [(pool, each) for pool in pools for each in pool.members if each.rep == name and each.here]
    open_to = [pool.name for pool in pool_lines() if may_change(who, pool.name)]
    joined = {pool.name for pool, _member in within}
    values = {
        "kept": 0 if rep.active else access_cycles(who).filter(owner=name, state__in=TAKEN_ON).count(),
        "may_give": allowed(who, "cycles.reassign"),
        "others": [each.name for each in reps_now() if each.active][:OFFERED],
        "rep": rep,
        "load": load_of(rep, today()),
        "within": within,
        "manages": [pool.name for pool in pools if pool.manager == name],
        "may_cap": may_tell(who, {"type": "rep", "rep": name}),
        "open_to": [pool for pool in open_to if pool not in joined],
        "absences": Absence.objects.filter(rep=name, gone=False, ends_at__gt=now()).order_by("starts_at")[:SHOWN],
        "key": uuid.uuid4().hex,
        **at("rosters"),
        **told,
    }
    return render(request, "pages/rosters/rep.html", values, status=status)


def known_rep(name: str) -> Rep:
    """Somebody of the rosters. Raises Http404."""
    found = next((each for each in reps_now() if each.name == name), None)
    if found is None:
        raise Http404
    return found
