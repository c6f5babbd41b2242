"""Team: per rep what waits, is due and late; handoffs routed again or given to somebody; breaches judged."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from handfast.facts import BreachCause
from handfast_server.access import Principal
from handfast_server.delivery.digest import name_of
from handfast_server.handoffs import actions, many
from handfast_server.handoffs.asked import Asked
from handfast_server.handoffs.models import Breach
from handfast_server.handoffs.told import Decided
from handfast_server.leads.models import Lead
from handfast_server.pages.asking import LONGEST, asked_of, note_of
from handfast_server.pages.core_words import in_words
from handfast_server.pages.crew import SHOWN, breaches_of, crew_of, handoffs_of, stand_of, together, urgent_of
from handfast_server.pages.live import fresh, tag_of
from handfast_server.pages.may import may
from handfast_server.refused import Refused


@require_safe
@may("team")
def team(request: HttpRequest, who: Principal) -> HttpResponse:
    """The page."""
    return fresh(request, tag_of(who, stand_of(who)), partial(_team, request, who))


@require_safe
@may("team_rep")
def rep(request: HttpRequest, who: Principal, rep: str) -> HttpResponse:
    """What waits with one of them."""
    return fresh(request, tag_of(who, stand_of(who, rep)), partial(_rep, request, who, rep))


@require_POST
@may("team_reroute")
def reroute(request: HttpRequest, who: Principal, rep: str) -> HttpResponse:
    """Have those that were ticked routed again, or all of them; or give them to somebody."""
    _stand(who, rep)
    leads, to = request.POST.getlist("lead")[: many.AT_ONCE], request.POST.get("to", "")
    if not leads:
        return _rep(request, who, rep, status=422, wrong=_("Tick the handoffs first."))
    if to:
        return _given(request, who, rep, leads, to)  # also by what was dropped on somebody
    items = many.do_reroute(who, who.name, rep, leads, "", request.POST.get("key", "")[:200])
    refused = Counter(in_words(item.message) for item in items if item.status == "refused")
    return _told(request, who, rep, len(items) - refused.total(), refused)


def _given(request: HttpRequest, who: Principal, rep: str, leads: list[str], to: str) -> HttpResponse:
    """One after the other; who is refused holds up nobody."""
    refused: Counter[str] = Counter()
    for lead in leads:
        asked = asked_of(request, who, lead)
        one = Asked(lead=lead, by=asked.by, own_word=True, name=f"{asked.name}:{lead}")
        try:
            actions.do_reassign(one, to[:200], note_of(request))
        except Refused as found:
            refused[in_words(found.message)] += 1
    return _told(request, who, rep, len(leads) - refused.total(), refused)


def _told(request: HttpRequest, who: Principal, rep: str, done: int, refused: Counter[str]) -> HttpResponse:
    from_team = request.POST.get("page") == "team"
    if refused and not done:
        wrong = " ".join(refused)
        shown = partial(_team, request, who) if from_team else partial(_rep, request, who, rep)
        return shown(status=409, wrong=wrong)
    for message in refused:
        messages.warning(request, message)
    messages.success(request, ngettext("%(n)s handoff was moved.", "%(n)s handoffs were moved.", done) % {"n": done})
    return redirect("team") if from_team else redirect("team_rep", rep=rep)


@require_POST
@may("team_cause")
def cause(request: HttpRequest, who: Principal, lead: str) -> HttpResponse:
    """Confirm or change the cause of a breach."""
    chosen = request.POST.get("cause", "")
    if chosen not in set(BreachCause):
        return _team(request, who, status=422, wrong=_("Choose a cause."))
    breach = request.POST.get("breach", "")[:200]
    return _judged(request, who, lead, lambda asked: actions.do_set_cause(asked, breach, BreachCause(chosen)))


@require_POST
@may("team_excuse")
def excuse(request: HttpRequest, who: Principal, lead: str) -> HttpResponse:
    """Excuse a breach, for a reason."""
    breach, why = request.POST.get("breach", "")[:200], request.POST.get("why", "").strip()[:LONGEST]
    return _judged(request, who, lead, lambda asked: actions.do_excuse(asked, breach, why))


def _judged(request: HttpRequest, who: Principal, lead: str, work: Callable[[Asked], Decided]) -> HttpResponse:
    try:
        done = work(asked_of(request, who, lead))
    except Refused as refused:
        told = {"wrong": in_words(refused.message), "wrong_breach": request.POST.get("breach", "")}
        return _team(request, who, status=refused.status, **told)
    name = name_of(Lead.objects.filter(pk=done.lead).first())
    messages.success(request, _("Noted: %(name)s.") % {"name": name})
    return redirect("team")


def _team(request: HttpRequest, who: Principal, *, status: int = 200, **told: Any) -> HttpResponse:
    breaches = breaches_of(who)
    shown = [_broken(row) for row in breaches[:SHOWN]]
    total = len(shown) if len(shown) < SHOWN else breaches.count()
    crew = crew_of(who)
    values = {
        "crew": crew[:SHOWN],
        "more_crew": len(crew) - SHOWN,
        "together": together(crew) if len(crew) > 1 else None,
        "urgent": urgent_of(who),
        "key": uuid.uuid4().hex,
        "breaches": shown,
        "more": total - len(shown),
        "causes": list(BreachCause),
        "tab": "team",
        **told,
        "tag": told.get("tag") or tag_of(who, stand_of(who)),
    }
    return render(request, "pages/team_now.html" if "part" in told else "pages/team.html", values, status=status)


def _broken(row: Breach) -> dict[str, Any]:
    """A broken promise, and the clause that made it."""
    return {
        "row": row,
        "name": name_of(row.cycle.lead),
        "clause": f"clocks.{row.name}",
        "key": uuid.uuid4().hex,
    }


def _stand(who: Principal, rep: str) -> tuple[Any, list[Any]]:
    """Somebody of the crew, and the others. Raises Http404 for who is not in it."""
    crew = crew_of(who)
    found = next((each for each in crew if each.rep.name == rep), None)
    if found is None:
        raise Http404
    return found, [each for each in crew if each is not found and each.rep.active]


def _rep(request: HttpRequest, who: Principal, rep: str, *, status: int = 200, **told: Any) -> HttpResponse:
    stand, others = _stand(who, rep)
    values = {
        "stand": stand,
        "others": others,
        "handoffs": handoffs_of(who, rep),
        "key": uuid.uuid4().hex,
        "here": "team",
        "tab": "team",
        **told,
        "tag": told.get("tag") or tag_of(who, stand_of(who, rep)),
    }
    return render(
        request, "pages/team_rep_now.html" if "part" in told else "pages/team_rep.html", values, status=status
    )
