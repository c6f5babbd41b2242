"""Whether somebody has just shown who they are: what signing asks for, beyond being signed in."""

from __future__ import annotations

import time

from allauth.account.authentication import get_authentication_records
from django.http import HttpRequest

from handfast_server.accounts.models import User
from handfast_server.refused import Refused

WITHIN = 5 * 60
"""Seconds."""

_WAYS = frozenset(("password", "mfa", "socialaccount"))


def check_shown(request: HttpRequest) -> User:
    """Who asks, if they gave a password, a code or a sign-in elsewhere within five minutes. Raises Refused.

    A token is nobody: a program can not consent. allauth's own question says yes to whoever has neither password
    nor code; here they sign in again.
    """
    user = request.user
    if not isinstance(user, User) or not user.is_active:
        raise Refused("only_people", "This takes a person who is signed in; a token can not do it.", status=403)
    shown = [each["at"] for each in get_authentication_records(request, user) if each.get("method") in _WAYS]
    if not shown or not 0 <= time.time() - max(shown) < WITHIN:
        raise Refused(
            "show_who_you_are",
            "Enter your password or a code again at /account/reauthenticate/, then repeat this within five minutes.",
            status=403,
        )
    return user
