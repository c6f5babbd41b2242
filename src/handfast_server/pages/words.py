"""What the values of the core are called where people read them."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from handfast.cycle.life import CycleEvent, CycleState
from handfast_server.accounts.models import Role
from handfast_server.handoffs.told import Decided

_ROLES = {
    Role.ADMIN.value: gettext_noop("Administrator"),
    Role.MARKETING.value: gettext_noop("Marketing"),
    Role.MARKETING_LEADER.value: gettext_noop("Leads marketing"),
    Role.SALES_LEADER.value: gettext_noop("Leads sales"),
    Role.MANAGER.value: gettext_noop("Manager"),
    Role.REP.value: gettext_noop("Rep"),
    Role.VIEWER.value: gettext_noop("Viewer"),
}

_BANDS = {"nurture": gettext_noop("Nurture"), "warm": gettext_noop("Warm"), "engage": gettext_noop("Engage")}

_STATES = {
    CycleState.OPEN.value: gettext_noop("Open"),
    CycleState.WAITING.value: gettext_noop("Waiting"),
    CycleState.CONTESTED.value: gettext_noop("Contested"),
    CycleState.ACCEPTED.value: gettext_noop("Accepted"),
    CycleState.SQL.value: gettext_noop("Sales-qualified"),
    CycleState.OPPORTUNITY.value: gettext_noop("Opportunity"),
    CycleState.WON.value: gettext_noop("Won"),
    CycleState.LOST.value: gettext_noop("Lost"),
    CycleState.REJECTED.value: gettext_noop("Rejected"),
    CycleState.DISQUALIFIED.value: gettext_noop("Disqualified"),
    CycleState.WITHDRAWN.value: gettext_noop("Withdrawn"),
}


def role_words(role: str) -> str:
    """What a role is called."""
    return _(_ROLES[role]) if role in _ROLES else role


def band_words(band: str) -> str:
    """What a band is called."""
    return _(_BANDS[band]) if band in _BANDS else band


def state_words(state: str) -> str:
    """What a state of a cycle is called."""
    return _(_STATES[state]) if state in _STATES else state


def told_words(name: str, done: Decided) -> str:
    """What came of a decision, in a sentence."""
    words = {"name": name, "owner": done.owner}
    if done.repeat:
        return _("That was done already: %(name)s.") % words
    if done.state == CycleState.ACCEPTED.value:
        return _("Accepted: %(name)s. It is yours now.") % words
    if done.state == CycleState.CONTESTED.value:
        return _("Rejected, and contested: the data say otherwise. Marketing decides about %(name)s.") % words
    if done.state == CycleState.REJECTED.value:
        return _("Rejected: %(name)s.") % words
    if any(change.startswith(("assigned", "held", "returned")) for change in done.changes):
        return _("Returned: %(name)s is routed again.") % words
    return _("Noted: %(name)s.") % words


_EVENTS = {
    CycleEvent.OPENED.value: gettext_noop("Comes in"),
    CycleEvent.QUALIFIED.value: gettext_noop("Qualifies"),
    CycleEvent.ACCEPTED.value: gettext_noop("Accepted"),
    CycleEvent.RETURNED.value: gettext_noop("Returned"),
    CycleEvent.REJECTED.value: gettext_noop("Rejected"),
    CycleEvent.CONTESTED.value: gettext_noop("Contested"),
    CycleEvent.UPHELD.value: gettext_noop("Rejection upheld"),
    CycleEvent.LAPSED.value: gettext_noop("Contest lapsed"),
    CycleEvent.OVERTURNED.value: gettext_noop("Rejection overturned"),
    CycleEvent.SALES_QUALIFIED.value: gettext_noop("Sales-qualified"),
    CycleEvent.OPPORTUNITY_OPENED.value: gettext_noop("Opportunity opened"),
    CycleEvent.DISQUALIFIED.value: gettext_noop("Disqualified"),
    CycleEvent.WON.value: gettext_noop("Won"),
    CycleEvent.LOST.value: gettext_noop("Lost"),
    CycleEvent.WITHDRAWN.value: gettext_noop("Withdrawn"),
}


def event_words(event: str) -> str:
    """What an event of a cycle is called."""
    return _(_EVENTS[event]) if event in _EVENTS else event.replace("_", " ").capitalize()
