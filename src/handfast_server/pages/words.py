"""What the values of the core are called where people read them."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from handfast.cycle.life import CycleEvent, CycleState
from handfast.cycle.values import ClockState
from handfast.engine.effects import ClockChange
from handfast.facts import BreachCause
from handfast_server.accounts.models import Role
from handfast_server.handoffs.told import Decided

_ROLES = {
    Role.ADMIN.value: gettext_noop("Administrator"),
    Role.MARKETING.value: gettext_noop("Marketing"),
    Role.MARKETING_LEADER.value: gettext_noop("Marketing leader"),
    Role.SALES_LEADER.value: gettext_noop("Sales leader"),
    Role.MANAGER.value: gettext_noop("Manager"),
    Role.REP.value: gettext_noop("Rep"),
    Role.VIEWER.value: gettext_noop("Viewer"),
}

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


def state_words(state: str) -> str:
    """What a state of a cycle is called."""
    return _(_STATES[state]) if state in _STATES else state


def told_words(name: str, done: Decided) -> str:
    """What came of a decision, in a sentence."""
    words = {"name": name, "owner": done.owner}
    if done.repeat:
        return _("That was done already: %(name)s.") % words
    if done.state in _TOLD and (done.state not in _MOVED_TO or _MOVED_TO[done.state] in done.changes):
        return _(_TOLD[done.state]) % words
    if any(change.startswith(("assigned", "held", "returned")) for change in done.changes):
        return _("Returned: %(name)s is routed again.") % words
    return _("Noted: %(name)s.") % words


_TOLD = {
    CycleState.ACCEPTED.value: gettext_noop("Accepted: %(name)s. It is yours now."),
    CycleState.CONTESTED.value: gettext_noop(
        "Rejected, and contested: the data say otherwise. Marketing decides about %(name)s."
    ),
    CycleState.REJECTED.value: gettext_noop("Rejected: %(name)s."),
    CycleState.SQL.value: gettext_noop("Sales-qualified: %(name)s."),
    CycleState.DISQUALIFIED.value: gettext_noop("Disqualified: %(name)s."),
}

_MOVED_TO = {
    CycleState.ACCEPTED.value: CycleEvent.ACCEPTED.value,
    CycleState.SQL.value: CycleEvent.SALES_QUALIFIED.value,
}
"""In these a lead may stay for long: what else is told of it then is only noted."""


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


_CHANGES = {
    ClockChange.STARTED.value: gettext_noop("started"),
    ClockChange.TIGHTENED.value: gettext_noop("due sooner"),
    ClockChange.SUSPENDED.value: gettext_noop("stands still"),
    ClockChange.PAUSED.value: gettext_noop("paused"),
    ClockChange.RESUMED.value: gettext_noop("goes on"),
    ClockChange.STOPPED.value: gettext_noop("kept in time"),
    ClockChange.BREACHED.value: gettext_noop("broken"),
    ClockChange.ANSWERED_LATE.value: gettext_noop("kept, too late"),
    ClockChange.CANCELLED.value: gettext_noop("called off"),
    ClockChange.MISSED.value: gettext_noop("never kept"),
}


def change_words(change: str) -> str:
    """What happened to a clock."""
    return _(_CHANGES[change]) if change in _CHANGES else change.replace("_", " ")


_CLOCK_STATES = {
    ClockState.RUNNING.value: gettext_noop("runs"),
    ClockState.PAUSED.value: gettext_noop("paused"),
    ClockState.SUSPENDED.value: gettext_noop("stands still"),
    ClockState.STOPPED.value: gettext_noop("kept in time"),
    ClockState.BREACHED.value: gettext_noop("broken"),
    ClockState.ANSWERED_LATE.value: gettext_noop("kept, too late"),
    ClockState.CANCELLED.value: gettext_noop("called off"),
    ClockState.MISSED.value: gettext_noop("never kept"),
}


def clock_state_words(state: str) -> str:
    """How a clock stands."""
    return _(_CLOCK_STATES[state]) if state in _CLOCK_STATES else state.replace("_", " ")


_MESSAGES = {
    "ready": gettext_noop("to be sent"),
    "sent": gettext_noop("sent"),
    "late": gettext_noop("too late to be sent"),
    "skipped": gettext_noop("not wanted"),
    "dead": gettext_noop("given up"),
}


def message_words(state: str) -> str:
    """What became of a message."""
    return _(_MESSAGES[state]) if state in _MESSAGES else state


_ENDS = {
    "address_refused": gettext_noop("its address is not allowed"),
    "channel_gone": gettext_noop("the channel is gone"),
    "endpoint_gone": gettext_noop("the other system wants nothing more"),
    "erased": gettext_noop("it was about somebody who was forgotten"),
    "muted": gettext_noop("they do not want to be told of this"),
    "no_way_to_them": gettext_noop("there is no way to them"),
    "nobody_of_that_name": gettext_noop("nobody has that name"),
    "nothing_to_say": gettext_noop("there is nothing to say any more"),
    "over": gettext_noop("it is over by now"),
    "past_its_cutoff": gettext_noop("too late to be of use"),
    "quiet_hours": gettext_noop("quiet hours"),
    "refused": gettext_noop("the other side refused it"),
    "secret_lost": gettext_noop("its secret cannot be read any more"),
    "timeout": gettext_noop("no answer in time"),
}


def end_words(error: str) -> str:
    """Why a message was not sent; what another system answered is said as it is."""
    return _(_ENDS[error]) if error in _ENDS else error


_CAUSES = {
    BreachCause.REP_IDLE.value: gettext_noop("The rep was idle"),
    BreachCause.NO_CAPACITY.value: gettext_noop("No capacity"),
    BreachCause.ABSENCE.value: gettext_noop("Absence"),
    BreachCause.ROUTING.value: gettext_noop("Routing"),
    BreachCause.DATA.value: gettext_noop("Data"),
    BreachCause.OUT_OF_HOURS.value: gettext_noop("Out of hours"),
    BreachCause.OTHER.value: gettext_noop("Something else"),
}


def cause_words(cause: str) -> str:
    """What the cause of a breach is called."""
    return _(_CAUSES[cause]) if cause in _CAUSES else cause.replace("_", " ")
