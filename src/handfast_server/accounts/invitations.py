"""Invitations: a link that is shown once to who invites, worth a week, used once."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from collections.abc import Sequence

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from handfast_server.accounts.invited import tell_invited
from handfast_server.accounts.models import Invitation, Role, User
from handfast_server.audit.record import record
from handfast_server.decide.transaction import in_transaction
from handfast_server.refused import Refused

LASTS = dt.timedelta(days=7)


def do_invite(email: str, roles: Sequence[Role], *, name: str, rep: str, by: str) -> tuple[Invitation, str]:
    """An invitation and its link, which nobody can read again. Raises Refused for who is there already.

    Where mail can be sent the link goes to its address, too.
    """
    token, email = secrets.token_urlsafe(32), email.strip().lower()

    def work() -> Invitation:
        if User.objects.filter(email=email).exists():
            raise Refused("known_already", "Somebody with this address is here already.", path="email")
        check_rep_free(rep)
        _open().filter(email=email).update(revoked_at=timezone.now())
        made = Invitation.objects.create(
            email=email,
            name=name,
            rep=rep,
            roles=sorted({role.value for role in roles}),
            digest=_digest(token),
            made_by=by,
            expires_at=timezone.now() + LASTS,
        )
        record("accounts.invited", f"invitation:{made.pk}", details={"roles": made.roles})
        tell_invited(made, token)
        return made

    return in_transaction(work), link_of(token)


def link_of(token: str) -> str:
    """Where an invitation is accepted."""
    return f"{settings.BASE_URL}/invited/{token}"


def do_revoke_invitation(invitation_id: int) -> Invitation:
    """The link is worth nothing from now on. Raises Refused when it was used."""

    def work() -> Invitation:
        found = Invitation.objects.select_for_update().get(pk=invitation_id)
        if found.used_at is not None:
            raise Refused("used_already", "This invitation was accepted already.")
        found.revoked_at = found.revoked_at or timezone.now()
        found.save()
        record("accounts.invitation_revoked", f"invitation:{found.pk}")
        return found

    return in_transaction(work)


def open_invitation(token: str) -> Invitation | None:
    """The invitation of a link; None for one that is unknown, used, revoked or over."""
    return _open().filter(digest=_digest(token)).first()


def open_invitation_of(emails: Sequence[str]) -> Invitation | None:
    """The invitation of somebody by an address that is known to be theirs."""
    return _open().filter(email__in=emails).first()


def invitation_over(request: HttpRequest, why: str = "") -> HttpResponse:
    """The page for an invitation that nobody can accept."""
    return render(request, "accounts/over.html", {"kind": "invitation", "why": why}, status=404)


def accept_for(invitation: Invitation, user: User) -> None:
    """It is used; called in the transaction that makes the user. Raises Refused for the second of two."""
    used = _open().filter(pk=invitation.pk).update(used_at=timezone.now(), used_by=user)
    if not used:
        raise Refused("used_already", "This invitation was accepted already.")
    record("accounts.accepted", f"invitation:{invitation.pk}", who=f"user:{user.pk}")


def check_rep_free(rep: str, *, besides: User | None = None) -> None:
    """Raises Refused where somebody else has this name in the rosters: what one decides is one's own."""
    others = User.objects.filter(rep=rep) if besides is None else User.objects.filter(rep=rep).exclude(pk=besides.pk)
    if rep and others.exists():
        raise Refused("rep_taken", f"Somebody else is {rep} in the rosters already.", path="rep")


def unanswered_invitations() -> QuerySet[Invitation]:
    """Those that nobody accepted or took back, also when their week is over: the latest first."""
    return Invitation.objects.filter(used_at__isnull=True, revoked_at__isnull=True).order_by("-made_at")


def _open() -> QuerySet[Invitation]:
    at = timezone.now()
    return Invitation.objects.filter(used_at__isnull=True, revoked_at__isnull=True, expires_at__gt=at)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
