"""What states, sides and changes of the contract are called where people read them."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from handfast.contract.model import PartyName
from handfast_server.accounts.models import ApiToken, User
from handfast_server.contracts.models import Draft

_STATES = {
    Draft.State.EDITING.value: gettext_noop("Being written"),
    Draft.State.PROPOSED.value: gettext_noop("Waits for signatures"),
    Draft.State.SIGNED.value: gettext_noop("Signed"),
    Draft.State.OVERTAKEN.value: gettext_noop("Superseded"),
    Draft.State.DROPPED.value: gettext_noop("Withdrawn"),
}

_LOOKS = {Draft.State.PROPOSED.value: "soon", Draft.State.SIGNED.value: "good"}

_PARTIES = {PartyName.MARKETING.value: gettext_noop("Marketing"), PartyName.SALES.value: gettext_noop("Sales")}


def state_label(state: str) -> str:
    """What the state of a draft is called."""
    return _(_STATES[state])


def state_look(state: str) -> str:
    """Its colour: something is to be done, or it is done."""
    return _LOOKS.get(state, "")


def party_label(party: str) -> str:
    """What a side is called."""
    return _(_PARTIES[party])


def names_of(makers: Iterable[str]) -> dict[str, str]:
    """Who is meant by ``user:7`` and ``token:3``."""
    ids = {maker: maker.partition(":") for maker in makers}
    users = User.objects.in_bulk([int(key) for kind, _colon, key in ids.values() if kind == "user" and key.isdigit()])
    tokens = ApiToken.objects.in_bulk([int(key) for kind, _, key in ids.values() if kind == "token" and key.isdigit()])
    found: dict[str, str] = {f"user:{key}": str(user) for key, user in users.items()}
    found |= {f"token:{key}": token.name for key, token in tokens.items()}
    return found
