"""How pages look and read: the switch of light and dark, which anybody has, and somebody's language and zone."""

from __future__ import annotations

import datetime as dt
from typing import cast
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from handfast.zones import known_zone
from handfast_server.accounts.models import User
from handfast_server.pages.context import LOOK, LOOKS

_YEAR = dt.timedelta(days=365)


@require_POST
def look(request: HttpRequest) -> HttpResponse:
    """Keep the choice in a cookie, and go back to where it was made."""
    back = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts=None) and back.startswith("/")
    answer = redirect(back if safe else "home")
    chosen = request.POST.get("look", "")
    if chosen in LOOKS:
        secure = settings.SESSION_COOKIE_SECURE
        answer.set_cookie(LOOK, chosen, max_age=_YEAR, samesite="Lax", httponly=True, secure=secure)
    else:
        answer.delete_cookie(LOOK, samesite="Lax")
    return answer


def _zones() -> list[tuple[str, str]]:
    return [(name, name.replace("_", " ")) for name in sorted(available_timezones()) if known_zone(name)]


class ReadingForm(forms.Form):
    """In which language, and by which clocks."""

    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=settings.LANGUAGES)
    zone = forms.ChoiceField(label=gettext_lazy("Time zone"), choices=_zones)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def account(request: HttpRequest) -> HttpResponse:
    """One's own account, whatever one may do here; language and zone are changed on it."""
    user = cast("User", request.user)
    given = request.POST if request.method == "POST" else None
    form = ReadingForm(given, initial={"language": user.language, "zone": user.zone})
    if form.is_valid():
        User.objects.filter(pk=user.pk).update(**form.cleaned_data)
        with translation.override(form.cleaned_data["language"]):
            messages.success(request, _("Saved."))
        return redirect("account_home")
    return render(request, "accounts/home.html", {"reading": form})
