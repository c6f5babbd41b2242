"""Handing the machine over: whoever is signed in is signed out, and the next one signs in where they are to sign."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from handfast_server.access import Principal
from handfast_server.pages.may import may


@require_POST
@may("start_hand_over")
def hand_over(request: HttpRequest, _who: Principal) -> HttpResponse:
    """To the sign-in page, and from there to where they were asked to."""
    then = request.POST.get("next", "")
    if not then:
        return redirect("home")
    safe = then.startswith("/") and url_has_allowed_host_and_scheme(then, allowed_hosts=None)
    name = request.POST.get("name", "")[:200]
    logout(request)
    messages.info(request, _("Now it is %(name)s's turn: sign in with your own e-mail and password.") % {"name": name})
    return redirect(f"{reverse('account_login')}?{urlencode({'next': then if safe else reverse('home')})}")
