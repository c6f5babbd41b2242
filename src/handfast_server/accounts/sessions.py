"""Where one is signed in: each session by its browser, ended one by one or all but this."""

from __future__ import annotations

from typing import NamedTuple, cast

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from handfast_server.access import of_user
from handfast_server.accounts.actions import do_end_sessions, sessions_of
from handfast_server.accounts.models import User
from handfast_server.audit.acting import acting


class Place(NamedTuple):
    """A session as it is shown; ``here`` is the one that asks."""

    row: UserSession
    browser: str
    here: bool


@require_safe
@never_cache
@login_required
def sessions(request: HttpRequest) -> HttpResponse:
    """The list, this one first."""
    key = request.session.session_key
    if not UserSession.objects.filter(session_key=key).exists():
        UserSession.objects.create_from_request(request)
    rows = sessions_of(cast("User", request.user))
    places = [Place(row, browser_of(row.user_agent), row.session_key == key) for row in rows]
    places.sort(key=lambda each: not each.here)
    others = sum(not each.here for each in places)
    return render(request, "accounts/sessions.html", {"sessions": places, "others": others})


@require_POST
@never_cache
@login_required
def end(request: HttpRequest) -> HttpResponse:
    """End one, by its number, or all others; somebody else's are not there."""
    user, given = cast("User", request.user), request.POST.get("session", "")
    only = int(given) if given.isdecimal() and len(given) < 10 else None
    if given and only is None:
        return redirect("account_sessions")
    with acting(of_user(user).id):
        count = do_end_sessions(user.pk, keep=request.session.session_key or "", only=only)
    if count:
        said = ngettext("%(n)s session ended.", "%(n)s sessions ended.", count) % {"n": count}
        messages.success(request, said)
    else:
        messages.warning(request, _("Nothing to end: it was over already, or it is the one that you are in."))
    return redirect("account_sessions")


def browser_of(agent: str) -> str:
    """Browser and system by what a browser says of itself; what it says where neither is known."""
    browser = next((name for sign, name in _BROWSERS if sign in agent), "")
    system = next((name for sign, name in _SYSTEMS if sign in agent), "")
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or agent[:80] or _("An unknown browser")


_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
"""In this order: most of them name the others as well."""

_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)
