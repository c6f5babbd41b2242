"""Changes of the rosters by form: members of a pool, who manages it, caps of a rep."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from handfast_server.access import Principal
from handfast_server.intake.refused import ItemRefused
from handfast_server.pages.may import may
from handfast_server.pages.rosters.read import known_pool, known_rep, show_all, show_pool, show_rep, was
from handfast_server.pages.rosters.telling import Raw, item, number, numbers, refusal, tell
from handfast_server.rosters.queries import reps_now


class Row(NamedTuple):
    """A member as it stands in the form; ``was`` is what the form showed."""

    rep: str
    was: str
    weight: str
    open_cap: str
    day_cap: str
    calendar: str
    out: bool

    @property
    def given(self) -> str:
        """What the form says now."""
        return "|".join(text.strip() for text in (self.weight, self.open_cap, self.day_cap, self.calendar))


@require_POST
@may("rosters_members")
def members(request: HttpRequest, who: Principal, pool: str) -> HttpResponse:
    """Weights, caps and hours of members, and who leaves the pool; what nobody changed is not told again."""
    stands = {each.rep: was(each) for each in known_pool(pool).members if each.here}
    rows, wrong, told = _rows(request), dict[str, str](), list[Raw]()
    for row in rows:
        if not (row.out or row.given != row.was):
            continue
        if stands.get(row.rep) != row.was:
            wrong[row.rep] = _("Somebody changed this member meanwhile: look again.")
            continue
        raw = _removed(pool, row.rep) if row.out else _member(pool, row)
        try:
            item(who, raw, "asked")
        except ItemRefused as refused:
            wrong[row.rep] = refusal(refused)
        told.append(raw)
    if wrong:
        typed = {row.rep: row for row in rows}
        return show_pool(request, who, pool, status=422, typed=typed, wrong_rep=wrong, wrong=_("Nothing was saved."))
    return _told(request, who, pool, told)


def _told(request: HttpRequest, who: Principal, pool: str, told: list[Raw]) -> HttpResponse:
    try:
        tell(request, who, *told)
    except ItemRefused as refused:
        return show_pool(request, who, pool, status=409, wrong=refusal(refused))
    said = ngettext("%(n)s member was changed.", "%(n)s members were changed.", len(told)) % {"n": len(told)}
    messages.success(request, said if told else _("Nothing was changed."))
    return redirect("rosters_pool", pool=pool)


def _rows(request: HttpRequest) -> list[Row]:
    columns = [request.POST.getlist(name) for name in ("rep", "was", "weight", "open_cap", "day_cap", "calendar")]
    out = set(request.POST.getlist("out"))
    return [
        Row(rep, was, weight, open_cap, day_cap, calendar, rep in out)
        for rep, was, weight, open_cap, day_cap, calendar in zip(*columns, strict=False)
    ]


def _member(pool: str, row: Row) -> Raw:
    given = numbers((row.weight, row.open_cap, row.day_cap))
    return {"type": "member", "pool": pool, "rep": row.rep, "calendar": row.calendar, **given}


def _removed(pool: str, rep: str) -> Raw:
    return {"type": "member_removed", "pool": pool, "rep": rep}


@require_POST
@may("rosters_join")
def join(request: HttpRequest, who: Principal, pool: str) -> HttpResponse:
    """Somebody joins a pool."""
    stand, given = known_pool(pool), request.POST
    rep, weight = given.get("rep", "").strip(), given.get("weight", "1")
    if any(each.rep == rep and each.here for each in stand.members):
        told = _("%(rep)s is in this pool already.") % {"rep": rep}
        return show_pool(request, who, pool, status=422, wrong_join=told, joining=rep)
    try:
        tell(request, who, {"type": "member", "pool": pool, "rep": rep, "weight": number(weight)})
    except ItemRefused as refused:
        return show_pool(request, who, pool, status=422, wrong_join=refusal(refused), joining=rep)
    messages.success(request, _("%(rep)s is in %(pool)s now.") % {"rep": rep, "pool": pool})
    return redirect("rosters_rep", rep=rep) if given.get("from") == "rep" else redirect("rosters_pool", pool=pool)


@require_POST
@may("rosters_manager")
def manager(request: HttpRequest, who: Principal, pool: str) -> HttpResponse:
    """Who manages a pool."""
    known_pool(pool)
    rep = request.POST.get("rep", "").strip()
    try:
        tell(request, who, {"type": "manager", "pool": pool, "rep": rep})
    except ItemRefused as refused:
        return show_pool(request, who, pool, status=422, wrong_manager=refusal(refused), managing=rep)
    messages.success(request, _("%(rep)s manages %(pool)s now.") % {"rep": rep, "pool": pool})
    return redirect("rosters_pool", pool=pool)


@require_POST
@may("rosters_add")
def add(request: HttpRequest, who: Principal) -> HttpResponse:
    """Somebody new, who can own leads from now on."""
    name = request.POST.get("rep", "").strip()
    if any(rep.name == name for rep in reps_now()):
        told = _("%(rep)s is in the rosters already.") % {"rep": name}
        return show_all(request, who, status=422, wrong_add=told, adding=name)
    try:
        tell(request, who, {"type": "rep", "rep": name})
    except ItemRefused as refused:
        return show_all(request, who, status=422, wrong_add=refusal(refused), adding=name)
    messages.success(request, _("%(rep)s is in the rosters: let them join a pool.") % {"rep": name})
    return redirect("rosters_rep", rep=name)


@require_POST
@may("rosters_caps")
def caps(request: HttpRequest, who: Principal, rep: str) -> HttpResponse:
    """Caps over all pools."""
    stand = known_rep(rep)
    told = {name: number(request.POST.get(name, "")) for name in ("open_cap", "day_cap")}
    return said(request, who, rep, {"active": stand.active, **told}, _("Saved."))


def said(request: HttpRequest, who: Principal, rep: str, told: dict[str, Any], done: str) -> HttpResponse:
    """Tell it of a rep, and show them."""
    try:
        tell(request, who, {"type": "rep", "rep": rep, **told})
    except ItemRefused as refused:
        return show_rep(request, who, rep, status=422, wrong=refusal(refused), typed=told)
    messages.success(request, done)
    return redirect("rosters_rep", rep=rep)
