"""What allauth asks us: who may come in, and how secrets of second factors are kept."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import ratelimit
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest

from handfast_server.accounts.actions import language_here, zone_for
from handfast_server.accounts.invitations import accept_for, check_rep_free, invitation_over, open_invitation_of
from handfast_server.accounts.models import Invitation, User
from handfast_server.decide.transaction import writing
from handfast_server.observe.log import get_logger
from handfast_server.refused import Refused
from handfast_server.secrets import decrypt, encrypt

log = get_logger("accounts")


class People(DefaultAccountAdapter):  # type: ignore[misc] # allauth has no types
    """Nobody signs up by themselves: people are invited."""

    def is_open_for_signup(self, _request: HttpRequest) -> bool:
        """Never."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send it; where that fails it is logged, and whoever asked learns nothing of it, nor of who has an account."""
        try:
            super().send_mail(template_prefix, email, context)
        except OSError as failed:  # smtplib's own are of this kind
            log.warning("mail_failed", mail=template_prefix, error=type(failed).__name__)

    def forget_guesses(self, user: User) -> None:
        """Wrong passwords and codes of somebody are forgotten; those of other addresses on the net stay counted."""
        login = self._get_login_attempts_cache_key(self.request, email=user.email)
        for key in (login, f"mfa-auth-user-{user.pk}"):
            ratelimit.clear(self.request, action="login_failed", key=key)


class Company(DefaultSocialAccountAdapter):  # type: ignore[misc] # allauth has no types
    """The company's own sign-in lets in whom we know, and whom somebody invited, by an address that it verified."""

    def is_open_for_signup(self, _request: HttpRequest, sociallogin: Any) -> bool:
        """For who is invited."""
        return open_invitation_of(_verified(sociallogin)) is not None

    def save_user(self, request: HttpRequest, sociallogin: Any, form: Any = None) -> User:
        """The new user has what the invitation says."""
        invitation = open_invitation_of(_verified(sociallogin))
        user: User = sociallogin.user
        with writing():
            if invitation is not None:
                _check_free(request, invitation)
                user.email, user.name = invitation.email, invitation.name
                user.rep, user.roles = invitation.rep, invitation.roles
                user.zone, user.language = zone_for(""), language_here()
            made: User = super().save_user(request, sociallogin, form)
            if invitation is not None:
                accept_for(invitation, made)
        return made

    def populate_user(self, request: HttpRequest, sociallogin: Any, data: dict[str, Any]) -> User:
        """Name and address as the company says them."""
        user: User = super().populate_user(request, sociallogin, data)
        user.name = str(data.get("name") or "")[:200]
        return user


class Codes(DefaultMFAAdapter):  # type: ignore[misc] # allauth has no types
    """Secrets of authenticators are encrypted at rest."""

    def encrypt(self, text: str) -> str:
        """For the row."""
        return encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        """From the row."""
        return decrypt(encrypted_text)


def _check_free(request: HttpRequest, invitation: Invitation) -> None:
    """Raises ImmediateHttpResponse, the page that says why, where somebody else has the rep's name by now."""
    try:
        check_rep_free(invitation.rep)
    except Refused as refused:
        raise ImmediateHttpResponse(invitation_over(request, refused.code)) from refused


def _verified(sociallogin: Any) -> list[str]:
    return [address.email.lower() for address in sociallogin.email_addresses if address.verified]
