"""Absences: a month of them, one by form, a calendar file with what it would change."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from handfast.facts import AbsenceCancelled, AbsenceSet
from handfast.zones import known_zone
from handfast_server.access import Principal, allowed
from handfast_server.decide import team as teams
from handfast_server.intake import ical
from handfast_server.intake.refused import ItemRefused
from handfast_server.now import now
from handfast_server.pages.may import may
from handfast_server.pages.rosters.month import grid, month_of, there, within
from handfast_server.pages.rosters.promises import Due, promises
from handfast_server.pages.rosters.read import OFFERED, at
from handfast_server.pages.rosters.stands import pool_lines
from handfast_server.pages.rosters.telling import refusal, tell
from handfast_server.rosters.access import check_rep
from handfast_server.rosters.actions import FileRead, do_put_file, read_file, zone_now
from handfast_server.rosters.models import Absence
from handfast_server.rosters.queries import pools_now, reps_now

SHOWN = 200
"""Absences of a month on a page."""


@require_safe
@may("absences")
def absences(request: HttpRequest, who: Principal) -> HttpResponse:
    """A month."""
    return _month(request, who)


def _month(request: HttpRequest, who: Principal, *, status: int = 200, **told: Any) -> HttpResponse:
    at_, zone = now(), zone_now(now())
    month, pool = month_of(request.GET.get("month", ""), zone, at_), request.GET.get("pool", "")
    reps = _reps_of(pool)
    found = [each for each in within(month) if not pool or each.rep in reps]
    rows, shown = grid(month, found, at_), found[:SHOWN]
    due, theirs = promises(who, shown), _theirs(who, {each.rep for each in shown})
    values = {
        "month": month,
        "contract_zone": zone,
        "pool": pool,
        "pools": [line.name for line in pool_lines()],
        "grid": rows[:SHOWN],
        "there": there(month, rows, reps),
        "crew": len(reps),
        "list": [{"row": each, "due": due.get(each.id, Due()), "may": each.rep in theirs} for each in shown],
        "more": len(found) - len(shown),
        "may_write": allowed(who, "team.write"),
        "offered": _offered(),
        "key": uuid.uuid4().hex,
        **at("absences"),
        **told,
    }
    return render(request, "pages/rosters/absences.html", values, status=status)


def _reps_of(pool: str) -> set[str]:
    """Who takes part in a pool, or in any."""
    return {
        each.rep for one in pools_now() if pool in {"", one.name} for each in one.members if each.here and each.active
    }


def _offered() -> list[str]:
    return [rep.name for rep in reps_now() if rep.active][:OFFERED]


def _theirs(who: Principal, reps: set[str]) -> set[str]:
    """Those whose absences one may change."""
    return {rep for rep in reps if _may_change(who, rep)} if allowed(who, "team.write") else set()


def _may_change(who: Principal, rep: str) -> bool:
    try:
        check_rep(who, rep)
    except ItemRefused:
        return False
    return True


@require_POST
@may("absences_add")
def add(request: HttpRequest, who: Principal) -> HttpResponse:
    """Somebody is away: whole days of the contract's zone, or from and until an hour."""
    given = {name: request.POST.get(name, "").strip() for name in ("rep", "first", "last", "from", "until")}
    name = f"page:{request.POST.get('key', '')[:100] or uuid.uuid4().hex}"
    try:
        _check_known(given["rep"])
        starts, ends = _span(given)
        tell(request, who, {"type": "absence", "absence": name, "rep": given["rep"], "starts": starts, "ends": ends})
    except ItemRefused as refused:
        return _month(request, who, status=422, wrong_add=refusal(refused), given=given)
    _say_due(request, who, name)
    return redirect(f"{reverse('absences')}?month={given['first'][:7]}")


def _check_known(rep: str) -> None:
    """Raises ItemRefused for a name that is probably mistyped: an absence of nobody helps nobody."""
    if rep not in {each.name for each in reps_now()}:
        raise ItemRefused("unknown_rep", _("Nobody in the rosters is called that."), "rep")


def _span(given: dict[str, str]) -> tuple[str, str]:
    """From when until when, as instants are written. Raises ItemRefused."""
    zone = ZoneInfo(zone_now(now()))
    try:
        first, last = dt.date.fromisoformat(given["first"]), dt.date.fromisoformat(given["last"] or given["first"])
        since = dt.time.fromisoformat(given["from"]) if given["from"] else dt.time()
        until = dt.datetime.combine(last, dt.time.fromisoformat(given["until"]), zone) if given["until"] else None
        ends = until or dt.datetime.combine(last + dt.timedelta(days=1), dt.time(), zone)
        return dt.datetime.combine(first, since, zone).isoformat(), ends.isoformat()
    except (ValueError, OverflowError):
        raise ItemRefused("bad_instant", "no date", "first") from None


def _say_due(request: HttpRequest, who: Principal, name: str) -> None:
    """What the absence means for what the rep has on their hands."""
    row = Absence.objects.filter(pk=name, gone=False).first()
    if row is None:  # the form of an absence that was taken off meanwhile
        messages.info(request, _("This absence is off already."))
        return
    messages.success(request, _("The absence is noted."))
    due = promises(who, [row])[name].total
    if due:
        told = ngettext("%(n)s promise of theirs is due in it.", "%(n)s promises of theirs are due in it.", due)
        messages.warning(request, told % {"n": due})


@require_POST
@may("absences_cancel")
def cancel(request: HttpRequest, who: Principal) -> HttpResponse:
    """An absence was wrong, or is off."""
    row = Absence.objects.filter(pk=request.POST.get("absence", "")[:200], gone=False).first()
    if row is None:
        messages.info(request, _("This absence is off already."))
        return redirect("absences")
    try:
        tell(request, who, {"type": "absence_cancelled", "absence": row.pk, "rep": row.rep})
    except ItemRefused as refused:
        return _month(request, who, status=422, wrong=refusal(refused))
    messages.success(request, _("%(rep)s is there again: the absence is off.") % {"rep": row.rep})
    month = request.POST.get("month", "")
    return redirect(f"{reverse('absences')}?month={month}" if month[:4].isdigit() else "absences")


@require_http_methods(["GET", "HEAD", "POST"])
@may("absences_file")
def file(request: HttpRequest, who: Principal) -> HttpResponse:
    """Choose a rep's calendar file; then what it would change."""
    if request.method != "POST":
        return _file(request)
    given = request.FILES.get("file")
    if given is None or given.size is None or given.size > ical.LONGEST:
        return _file(request, status=422, wrong_file=_("Choose a file of at most 2 MB."))
    return _previewed(request, who, given.read().decode("utf-8", "replace"))


@require_POST
@may("absences_file_apply")
def apply(request: HttpRequest, who: Principal) -> HttpResponse:
    """Let the file's absences take the place of those of the rep's earlier file."""
    text = request.POST.get("text", "")
    try:
        done = do_put_file(_read(request, who, text))
    except ItemRefused:
        return _previewed(request, who, text)
    messages.success(
        request, ngettext("%(n)s absence changed.", "%(n)s absences changed.", len(done)) % {"n": len(done)}
    )
    return redirect("absences")


def _read(request: HttpRequest, who: Principal, text: str) -> FileRead:
    rep, zone = request.POST.get("rep", "").strip(), request.POST.get("zone", "")
    _check_known(rep)
    return read_file(who, rep, text.encode(), zone if known_zone(zone) else "")


def _previewed(request: HttpRequest, who: Principal, text: str) -> HttpResponse:
    try:
        read = _read(request, who, text)
    except ItemRefused as refused:
        return _file(request, status=422, wrong_file=refusal(refused))
    known = teams.read().absences
    told = read.facts(known.values(), now())
    new = [fact for fact in told if isinstance(fact, AbsenceSet)]
    off = [known[fact.absence] for fact in told if isinstance(fact, AbsenceCancelled)]
    values: dict[str, Any] = {
        "preview": read,
        "new": new[:SHOWN],
        "off": off[:SHOWN],
        "counts": {"new": len(new), "off": len(off), "same": len(read.found) - len(new)},
        "text": text,
    }
    return _file(request, **values)


def _file(request: HttpRequest, *, status: int = 200, **told: Any) -> HttpResponse:
    zone = zone_now(now())
    values = {
        "rep": request.POST.get("rep", request.GET.get("rep", "")),
        "chosen_zone": request.POST.get("zone", zone),
        "zones": sorted(name for name in available_timezones() if known_zone(name)),
        "offered": _offered(),
        **at("absences"),
        **told,
    }
    return render(request, "pages/rosters/absences_file.html", values, status=status)
