"""Showing again who one is: asked for by what gives somebody rights, as by signing (``accounts.again``)."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from handfast_server.accounts.again import check_shown
from handfast_server.refused import Refused

View = Callable[..., HttpResponseBase]


def has_shown(request: HttpRequest) -> bool:
    """Whether they have just shown who they are."""
    try:
        check_shown(request)
    except Refused:
        return False
    return True


def show_at(request: HttpRequest, back: str) -> str:
    """Where somebody shows who they are, and comes back from; who has no password or code here signs in again."""
    ways = get_adapter(request).get_reauthentication_methods(request.user)
    return f"{reverse('account_reauthenticate') if ways else reverse('account_logout')}?{urlencode({'next': back})}"


def after_showing(back: str, *names: str) -> Callable[[View], View]:
    """The view is for who has just shown who they are; others do so first, and come back to a page by its name.

    ``names`` are the parts of the address that this page has as well. A form that takes long to fill in keeps what
    was typed: its view asks ``has_shown`` itself.
    """

    def decorated(view: View) -> View:
        @wraps(view)
        def checked(request: HttpRequest, *given: Any, **named: Any) -> HttpResponseBase:
            if has_shown(request):
                return view(request, *given, **named)
            messages.info(request, _("Nothing was changed yet: show who you are, then do it once more."))
            return redirect(show_at(request, reverse(back, kwargs={name: named[name] for name in names})))

        return checked

    return decorated
