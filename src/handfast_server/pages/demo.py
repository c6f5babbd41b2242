"""The switch of the demonstration: one press, and a visitor is one of four made-up people.

It exists where ``serve --demo`` runs, and where the database is that of the demonstration; everywhere else there is
nothing at these addresses.
"""

from __future__ import annotations

import datetime as dt
from functools import wraps

from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from handfast_server.accounts.models import User
from handfast_server.contracts.models import Version
from handfast_server.demo.cast import CAST, NAME, Member
from handfast_server.pages.demo_guide import SEEN, guides, seen_by
from handfast_server.pages.may import View

_BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
_YEAR = dt.timedelta(days=365)


def is_demo() -> bool:
    """Whether everybody here is made up: asked of the setting, and of the rows themselves."""
    return bool(settings.DEMO) and Version.objects.filter(number=1, text__contains=f"\ncontract: {NAME}\n").exists()


def only_in_demo(view: View) -> View:
    """Nothing is there anywhere else."""

    @wraps(view)
    def checked(request: HttpRequest, **values: str) -> HttpResponseBase:
        if not is_demo():
            raise Http404
        return view(request, **values)

    return checked


@only_in_demo
@never_cache
@require_safe
def demo(request: HttpRequest) -> HttpResponse:
    """Who there is, and what each should look at. With ``?as=`` the page presses that one's button by itself."""
    wanted = request.GET.get("as", "")
    return render(request, "pages/demo/page.html", {"guides": guides(), "wanted": wanted})


@only_in_demo
@require_POST
def switch(request: HttpRequest) -> HttpResponse:
    """Be somebody else, and land where they work."""
    member = next((each for each in CAST if each.key == request.POST.get("part")), None)
    if member is None:
        raise Http404
    user = _account(member)
    user.language = translation.get_language_from_request(request)  # whoever looks reads in their own
    user.save(update_fields=["language"])
    login(request, user, backend=_BACKEND)
    return redirect(member.lands)


def _account(member: Member) -> User:
    found = User.objects.filter(email=member.email, is_active=True).first()
    if found is None:  # deactivated by a visitor
        raise Http404
    return found


@only_in_demo
@require_POST
def seen(request: HttpRequest) -> HttpResponse:
    """The panel of somebody is not shown again in this browser."""
    known = {each.key for each in CAST}
    part = request.POST.get("part", "")
    kept = (seen_by(request) | {part}) & known
    answer = redirect(next((each.lands for each in CAST if each.key == part), "home"))
    secure = settings.SESSION_COOKIE_SECURE
    answer.set_cookie(SEEN, ".".join(sorted(kept)), max_age=_YEAR, samesite="Lax", httponly=True, secure=secure)
    return answer
