"""The demonstration while an installation has nothing of its own yet: begun by one press, seen coming, taken away."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from handfast_server.access import Principal
from handfast_server.demo import beside
from handfast_server.demo.beside import Stands, State
from handfast_server.pages.may import may
from handfast_server.pages.start.steps import is_set_up
from handfast_server.pages.through import LOOKS

_TO_SEE = frozenset((State.STARTING, State.READY))
_STEPS = {
    "Making up a year": gettext_noop("Making up a year: leads, calls, answers, and what became of them"),
    "Writing it": gettext_noop("Writing it down"),
    "Telling what happened today": gettext_noop("Telling what happened today"),
    "Measuring it": gettext_noop("Measuring it"),
}


@require_safe
@may("start_demo")
def show(request: HttpRequest, _who: Principal) -> HttpResponse:
    """How it stands."""
    stands = beside.stands()
    return render(
        request, "pages/start/demonstration.html", {**_told(stands), "looks": bool(request.session.get(LOOKS))}
    )


@require_POST
@may("start_demo_begin")
def begin(request: HttpRequest, _who: Principal) -> HttpResponse:
    """Start it and look at it as soon as it is there; look again at one that runs."""
    if request.POST.get("do") != "begin":
        return redirect("start_demo")
    running = beside.stands().state in _TO_SEE
    if settings.DEMO or (is_set_up() and not running):
        raise Http404
    if not running:
        beside.begin()
    request.session[LOOKS] = True
    return redirect(_first()) if beside.stands().state is State.READY else redirect("start_demo")


@require_safe
@may("start_demo_progress")
def progress(request: HttpRequest, _who: Principal) -> HttpResponse:
    """How far it is, as a part that asks for itself; when it is there, the page goes to it."""
    stands = beside.stands()
    answer = render(request, "pages/start/demonstration_progress.html", _told(stands))
    if _looks(request, stands):
        answer["HX-Redirect"] = _first()
    return answer


@csrf_exempt  # pressed on pages of the demonstration, whose tokens are its own; who sent the form is asked below
@require_http_methods(["GET", "HEAD", "POST"])
@may("start_demo_leave")
def leave(request: HttpRequest, _who: Principal) -> HttpResponse:
    """Back to one's own by a press; the demonstration goes on for a while. Led here, only from one that is over."""
    if request.method == "POST" and not _from_here(request):
        raise PermissionDenied
    if request.method == "POST" or beside.stands().state not in _TO_SEE:
        request.session.pop(LOOKS, None)
    return redirect("start_demo")


@require_POST
@may("start_demo_end")
def end(request: HttpRequest, _who: Principal) -> HttpResponse:
    """Take it away."""
    request.session.pop(LOOKS, None)
    beside.end()
    messages.success(request, _("The demonstration is gone. What you give now is your own."))
    return redirect("start")


def _from_here(request: HttpRequest) -> bool:
    """Whether a page at our own address sent a form: browsers say where from."""
    own = f"{request.scheme}://{request.get_host()}"
    return request.headers.get("Origin", "") in {own, *settings.CSRF_TRUSTED_ORIGINS}


def _first() -> str:
    """Where a look round begins."""
    return f"{reverse('demo')}?{urlencode({'as': 'revops'})}"


def _looks(request: HttpRequest, stands: Stands) -> bool:
    return stands.state is State.READY and bool(request.session.get(LOOKS))


def _told(stands: Stands) -> dict[str, Any]:
    step = _(_STEPS[stands.step]) if stands.step else ""
    leads = settings.DEMO_LEADS
    return {"demonstration": stands, "step": step, "first": _first(), "leads": leads, "here": "start_demo"}
