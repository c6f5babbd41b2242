"""Decisions from a message: a signed link for one person and one turn, to a page that asks before anything happens.

The name of the link becomes the name of the fact, which is unique: the link decides once.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import NamedTuple

from django.conf import settings
from django.core import signing
from django.http import Http404

from handfast.contract.model import Contract, Verb
from handfast.contract.terms import DispositionKind
from handfast.instant import DAY, Instant, Span
from handfast_server.accounts.models import User
from handfast_server.delivery.lease import Leased

LASTS: Span = 7 * DAY
VERBS = ("accept", "return", "reject")
_SALT = "handfast.decision"


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """What a link may do: one verb, on one turn of one cycle, as one person."""

    verb: str
    user: int
    lead: str
    cycle: str
    message: str
    until: Instant

    @property
    def fact(self) -> str:
        """How the names of its decision begin; a refused one, as for a reason that is missing, may be made again."""
        parts = f"{self.message}\n{self.user}\n{self.verb}"
        return "link:" + hashlib.blake2b(parts.encode(), digest_size=16).hexdigest() + ":"


def offered(message: Leased, user: User | None) -> list[tuple[str, str]]:
    """A link for each verb; it lasts a week from the message, however often that is sent."""
    if user is None:
        return []
    until = message.created_at + LASTS
    made = [
        Link(verb=verb, user=user.pk, lead=message.lead, cycle=message.cycle, message=message.id, until=until)
        for verb in VERBS
    ]
    return [(link.verb, f"{settings.BASE_URL}/decide/{written(link)}") for link in made]


def written(link: Link) -> str:
    """A link as it stands in an address."""
    values = [link.verb, link.user, link.lead, link.cycle, link.message, link.until]
    return signing.dumps(values, salt=_SALT)


def read(token: str) -> Link:
    """The link of an address. Raises Http404 when it is not one of ours."""
    try:
        verb, user, lead, cycle, message, until = signing.loads(token, salt=_SALT)
    except (signing.BadSignature, ValueError) as wrong:
        raise Http404 from wrong
    return Link(verb=verb, user=user, lead=lead, cycle=cycle, message=message, until=until)


class Choice(NamedTuple):
    """A reason that can be given now; ``dated`` asks for a date to come back on."""

    name: str
    title: str
    dated: bool


def choices_of(contract: Contract, verb: str) -> list[Choice]:
    """The reasons for a verb, in the contract's order."""
    return [_choice(contract, name, title) for name, title in reasons_of(contract, verb)]


def _choice(contract: Contract, name: str, title: str) -> Choice:
    then = contract.reasons[name].then
    return Choice(name, title, then is not None and then.kind is DispositionKind.RECYCLE_ON_DATE)


def reasons_of(contract: Contract, verb: str) -> list[tuple[str, str]]:
    """Names and titles of the reasons for a verb, in the contract's order."""
    fitting = {Verb.RETURN} if verb == Verb.RETURN else {verb, Verb.EITHER}
    return [(name, each.title or name) for name, each in contract.reasons.items() if each.verb in fitting]
