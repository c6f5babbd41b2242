"""How far setting up is: everything is read from what is there, and nothing of it is kept beside."""

from __future__ import annotations

from typing import NamedTuple

from django.db.models import QuerySet
from django.utils import timezone

from handfast.contract.model import PartyName
from handfast_server.accounts.invitations import unanswered_invitations
from handfast_server.accounts.models import Invitation, Role, User
from handfast_server.contracts.models import Draft, Version
from handfast_server.intake.models import Source, Upload
from handfast_server.leads.models import Lead

LEADS = {PartyName.MARKETING: Role.MARKETING_LEADER, PartyName.SALES: Role.SALES_LEADER}
"""The role of who leads a side."""


class Leader(NamedTuple):
    """Who leads a side; ``is_here``: with an account, else an invitation is open."""

    party: PartyName
    name: str
    email: str
    is_here: bool


class Steps(NamedTuple):
    """What is done: both leaders named, something to measure or on its way, a draft, both signatures."""

    leaders: dict[PartyName, Leader]
    imports: int
    leads: int
    sources: int
    draft: Draft | None
    version: Version | None

    @property
    def has_leaders(self) -> bool:
        """Both are named."""
        return len(self.leaders) == len(PartyName)

    @property
    def has_data(self) -> bool:
        """Something is there, or comes."""
        return bool(self.imports or self.leads or self.sources)


def is_set_up() -> bool:
    """Whether both sides signed a first version."""
    return Version.objects.exists()


def open_invitations() -> QuerySet[Invitation]:
    """Those that can be accepted."""
    return unanswered_invitations().filter(expires_at__gt=timezone.now())


def steps() -> Steps:
    """As it is now."""
    found = {party: leader for party in PartyName if (leader := _leader(party)) is not None}
    waiting = Draft.objects.filter(state__in=(Draft.State.EDITING, Draft.State.PROPOSED))
    return Steps(
        leaders=found,
        imports=Upload.objects.exclude(state=Upload.State.LOOKED).count(),
        leads=Lead.objects.count(),
        sources=Source.objects.count(),
        draft=waiting.order_by("-changed_at").first(),
        version=Version.objects.order_by("number").first(),
    )


def _leader(party: PartyName) -> Leader | None:
    role = LEADS[party]
    for user in User.objects.filter(is_active=True).order_by("pk"):
        if user.has_role(role):
            return Leader(party, str(user), user.email, is_here=True)
    for invitation in open_invitations():
        if role.value in invitation.roles:
            return Leader(party, invitation.name or invitation.email, invitation.email, is_here=False)
    return None
