"""What administrators read: refusals by their code, scopes, kinds of sources, states of messages."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from handfast_server.access import Scope
from handfast_server.intake.models import SourceKind
from handfast_server.refused import Refused

_REFUSED = {
    "last_admin": gettext_noop("Somebody has to administer: make another administrator first."),
    "known_already": gettext_noop("Somebody with this address is here already."),
    "rep_taken": gettext_noop("Somebody else has this name in the rosters already."),
    "used_already": gettext_noop("This invitation was accepted already."),
    "unknown_event": gettext_noop("There is no event of this name, and none begins so."),
    "events_missing": gettext_noop("A shared channel names the events that it gets."),
}


def refused_words(refused: Refused) -> str:
    """Why something cannot be done; what has no words here is said as it is told to programs."""
    return _(_REFUSED[refused.code]) if refused.code in _REFUSED else refused.message


_SCOPES = {
    Scope.READ: gettext_noop("Read leads, cycles, the team, the contract and measures"),
    Scope.INTAKE: gettext_noop("Tell of leads and what they do"),
    Scope.DECIDE: gettext_noop("Tell of outreach, deals and decisions"),
    Scope.TEAM: gettext_noop("Change pools, members and absences"),
    Scope.EXPORT: gettext_noop("Take records and audiences out"),
    Scope.ADMIN: gettext_noop("Everything else; it never signs"),
}


def scope_words(scope: Scope) -> str:
    """What a scope lets a program do."""
    return _(_SCOPES[scope])


_KINDS = {
    SourceKind.TRACKING: gettext_noop("Tracking"),
    SourceKind.FORM: gettext_noop("Form"),
    SourceKind.WEBHOOK: gettext_noop("Webhook"),
}


def kind_words(kind: str) -> str:
    """What a kind of source is called."""
    return _(_KINDS[SourceKind(kind)]) if kind in set(SourceKind) else kind


_CHANNELS = {
    "person": gettext_noop("To a person"),
    "mail": gettext_noop("E-mail"),
    "chat": gettext_noop("Chat"),
    "webhook": gettext_noop("Webhook"),
}


def channel_words(channel: str) -> str:
    """What a way of sending is called."""
    return _(_CHANNELS[channel]) if channel in _CHANNELS else channel
