"""People: who can sign in, as what; somebody's roles, second factor and sessions; sending away and letting back in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from handfast_server.access import Principal
from handfast_server.accounts import actions
from handfast_server.accounts.invitations import unanswered_invitations
from handfast_server.accounts.models import User
from handfast_server.api.people import PersonChange
from handfast_server.pages.admin.filled import filled, refused_at
from handfast_server.pages.admin.frame import asked, row_of, shown
from handfast_server.pages.admin.people_forms import Person
from handfast_server.pages.admin.words import refused_words
from handfast_server.pages.may import may
from handfast_server.pages.oneself import after_showing, has_shown, show_at
from handfast_server.refused import Refused
from handfast_server.rosters.models import Rep

SHOWN = 50


@require_safe
@may("people")
def people(request: HttpRequest, who: Principal) -> HttpResponse:
    """Everybody, by name or address; who is gone stands apart."""
    wanted, after = asked(request, "q"), asked(request, "after")
    found = User.objects.order_by("email")
    if wanted:
        found = found.filter(Q(email__icontains=wanted) | Q(name__icontains=wanted) | Q(rep__icontains=wanted))
    total = found.count()
    rows = list(found.filter(email__gt=after)[: SHOWN + 1])
    more = len(rows) > SHOWN
    rows = rows[:SHOWN]
    _with_codes(rows)
    values = {
        "people": rows,
        "q": wanted,
        "after": after,
        "next": rows[-1].email if more else "",
        "total": total,
        "invitations": unanswered_invitations()[:SHOWN],
        "at": timezone.now(),
    }
    return shown(request, who, "people", "people", values)


def _with_codes(rows: list[User]) -> None:
    """Who of them has a second factor."""
    having = set(Authenticator.objects.filter(user__in=rows).values_list("user_id", flat=True))
    for row in rows:
        row.has_code = row.pk in having  # type: ignore[attr-defined] # for the page


@require_http_methods(["GET", "HEAD", "POST"])
@may("person")
def person(request: HttpRequest, who: Principal, user: int) -> HttpResponse:
    """Somebody, and their form."""
    row = row_of(User.objects.all(), user)
    first = {"name": row.name, "roles": row.roles, "rep": row.rep, "needs_code": row.needs_code}
    if request.method != "POST":
        return _page(request, who, row, Person(initial=first))
    form = Person(request.POST)
    if not has_shown(request):
        return _page(request, who, row, form, status=409, unshown=True)
    change = filled(form, PersonChange)
    if change is None:
        return _page(request, who, row, form, status=422)
    try:
        actions.do_change_user(row.pk, **change.model_dump(exclude={"active"}))
    except Refused as refused:
        refused_at(form, refused)
        return _page(request, who, row, form, status=refused.status)
    messages.success(request, _("Saved."))
    return redirect("person", user=row.pk)


@require_POST
@may("person_away")
def away(request: HttpRequest, who: Principal, user: int) -> HttpResponse:
    """Send somebody away: they are signed out everywhere, and do not come in again. What they did stays theirs."""
    said = _("Sent away, and signed out everywhere.")
    return _done(request, who, user, lambda row: actions.do_change_user(row.pk, active=False), said)


@require_POST
@may("person_back")
@after_showing("person", "user")
def back(request: HttpRequest, who: Principal, user: int) -> HttpResponse:
    """Let somebody in again, with the roles that they had."""
    said = _("Let in again.")
    return _done(request, who, user, lambda row: actions.do_change_user(row.pk, active=True), said)


@require_POST
@may("person_sessions")
def end_sessions(request: HttpRequest, _who: Principal, user: int) -> HttpResponse:
    """Sign somebody out everywhere; of one's own sessions this one goes on."""
    row = row_of(User.objects.all(), user)
    count = actions.do_end_sessions(row.pk, keep=request.session.session_key or "")
    messages.success(request, ngettext("%(n)s session ended.", "%(n)s sessions ended.", count) % {"n": count})
    return redirect("person", user=row.pk)


@require_POST
@may("person_unlock")
def unlock(request: HttpRequest, who: Principal, user: int) -> HttpResponse:
    """Let somebody who guessed too often try again."""
    said = _("Unlocked: they can try again at once.")
    return _done(request, who, user, lambda row: actions.do_unlock(request, row.pk), said)


@require_POST
@may("person_codes")
@after_showing("person", "user")
def end_codes(request: HttpRequest, who: Principal, user: int) -> HttpResponse:
    """Take away a second factor."""
    said = _("The second factor is gone. They sign in by their password until they set up another.")
    return _done(request, who, user, lambda row: actions.do_end_codes(row.pk), said)


def _done(request: HttpRequest, who: Principal, user: int, work: Callable[[User], object], said: str) -> HttpResponse:
    row = row_of(User.objects.all(), user)
    try:
        work(row)
    except Refused as refused:
        first = {"name": row.name, "roles": row.roles, "rep": row.rep, "needs_code": row.needs_code}
        return _page(request, who, row, Person(initial=first), status=refused.status, wrong=refused_words(refused))
    messages.success(request, said)
    return redirect("person", user=row.pk)


def _page(
    request: HttpRequest, who: Principal, row: User, form: Person, *, status: int = 200, **told: Any
) -> HttpResponse:
    values = {
        "person": row,
        "form": form,
        "codes": Authenticator.objects.filter(user=row, type=Authenticator.Type.TOTP).exists(),
        "sessions": UserSession.objects.filter(user=row).aggregate(n=Count("pk"))["n"],
        "unknown_rep": bool(row.rep) and not Rep.objects.filter(name=row.rep).exists(),
        "shown": has_shown(request),
        "show": show_at(request, request.path),
        **told,
    }
    return shown(request, who, "people", "person", values, status=status)
