"""People made, changed, sent away; the last administrator stays."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

from handfast.errors import SealBroken
from handfast.zones import known_zone
from handfast_server.accounts.invitations import check_rep_free
from handfast_server.accounts.models import Role, User
from handfast_server.audit.record import record
from handfast_server.decide.terms import governing
from handfast_server.decide.transaction import in_transaction, writing
from handfast_server.now import now
from handfast_server.refused import Refused


def make_user(
    email: str, password: str | None, *, name: str, roles: Sequence[str], rep: str = "", zone: str = ""
) -> User:
    """Somebody whose address an administrator, or who started the service, vouches for.

    ``zone``: that of their browser, where it said one. They can change it, and the language, on their own page.
    """
    reads = {"zone": zone_for(zone), "language": language_here()}
    user = User.objects.create_user(email, password, name=name, roles=[*map(str, roles)], rep=rep, **reads)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    record("accounts.made", f"user:{user.pk}", details={"roles": user.roles}, who=f"user:{user.pk}")
    return user


def zone_for(told: str) -> str:
    """What the browser said, else that of the contract, which the team works by."""
    if known_zone(told):
        return told
    try:
        version = governing(now())
    except SealBroken:  # nobody is kept out by that
        return "UTC"
    return "UTC" if version is None else version.contract.zone


def language_here() -> str:
    """That in which the page was read on which they were made."""
    spoken = (get_language() or "").partition("-")[0]
    return spoken if spoken in dict(settings.LANGUAGES) else "en"


def do_change_user(
    user_id: int,
    *,
    name: str | None = None,
    rep: str | None = None,
    roles: Sequence[Role] | None = None,
    active: bool | None = None,
    needs_code: bool | None = None,
) -> User:
    """Change what is given. Who is sent away is signed out everywhere. Raises Refused."""

    def work() -> User:
        everybody = {user.pk: user for user in User.objects.select_for_update().order_by("pk")}
        user = everybody.get(user_id)
        if user is None:
            raise User.DoesNotExist
        if rep:
            check_rep_free(rep, besides=user)
        before = _told(user)
        user.name = user.name if name is None else name
        user.rep = user.rep if rep is None else rep
        user.roles = user.roles if roles is None else sorted({role.value for role in roles})
        user.is_active = user.is_active if active is None else active
        user.needs_code = user.needs_code if needs_code is None else needs_code
        if not any(each.is_active and each.has_role(Role.ADMIN) for each in everybody.values()):
            raise Refused("last_admin", "Somebody has to administer: make another administrator first.")
        user.save()
        if not user.is_active:
            _end_sessions(user)
        record("accounts.changed", f"user:{user.pk}", details={"before": before, "after": _told(user)})
        return user

    return in_transaction(work)


def do_end_sessions(user_id: int, *, keep: str = "", only: int | None = None) -> int:
    """Sign somebody out, everywhere or of one session; how many ended. ``keep`` is the key of one that goes on."""

    def work() -> int:
        user = User.objects.get(pk=user_id)
        count = _end_sessions(user, keep, only)
        record("accounts.sessions_ended", f"user:{user.pk}", details={"count": count})
        return count

    return in_transaction(work)


def do_end_codes(user_id: int) -> User:
    """Take away somebody's second factor, such as a lost telephone: they sign in without, and set up another."""

    def work() -> User:
        user = User.objects.get(pk=user_id)
        count, _each = Authenticator.objects.filter(user=user).delete()
        record("accounts.codes_ended", f"user:{user.pk}", details={"count": count})
        return user

    return in_transaction(work)


def do_unlock(request: HttpRequest, user_id: int) -> User:
    """Let somebody who guessed too often try again at once; what was guessed from one machine stays counted."""
    user = User.objects.get(pk=user_id)
    get_adapter(request).forget_guesses(user)
    with writing():
        record("accounts.unlocked", f"user:{user.pk}")
    return user


def sessions_of(user: User) -> list[UserSession]:
    """Where somebody is signed in, the latest first; what is over is dropped."""
    return sorted(UserSession.objects.purge_and_list(user), key=lambda each: each.created_at, reverse=True)


def _told(user: User) -> dict[str, Any]:
    return {"rep": user.rep, "roles": user.roles, "active": user.is_active, "needs_code": user.needs_code}


def _end_sessions(user: User, keep: str = "", only: int | None = None) -> int:
    found = UserSession.objects.filter(user=user).exclude(session_key=keep)
    ended = list(found if only is None else found.filter(pk=only))
    for session in ended:
        session.end()
    return len(ended)
