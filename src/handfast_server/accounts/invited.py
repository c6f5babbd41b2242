"""An invitation on its way by mail: written with it, and worth nothing as soon as it is accepted or taken back."""

from __future__ import annotations

import orjson
from django.conf import settings
from django.utils.translation import get_language

from handfast_server import secrets
from handfast_server.accounts.models import Invitation
from handfast_server.delivery.models import Message
from handfast_server.delivery.outbox import MAIL, message_id
from handfast_server.now import now

EVENT = "account.invited"


def is_mailed() -> bool:
    """Whether invitations go by mail here."""
    return bool(settings.MAIL_URL)


def tell_invited(invitation: Invitation, token: str) -> None:
    """One message to the address that was invited, in the language of who invites; its token stands there encrypted."""
    if not is_mailed():
        return
    at = now()
    said = {"invitation": invitation.pk, "token": secrets.encrypt(token), "language": get_language()}
    Message.objects.create(
        id=message_id(f"invitation:{invitation.pk}", EVENT, MAIL, invitation.email),
        event=EVENT,
        to=invitation.email,
        channel=MAIL,
        payload=orjson.dumps(said).decode(),
        created_at=at,
        due_at=at,
    )
