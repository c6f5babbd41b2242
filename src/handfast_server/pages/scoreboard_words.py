"""What measures, promises and their parts are called where people read them; the core says it in English."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from handfast.facts import BreachCause
from handfast.measure.value import Definition

TITLES = (
    gettext_noop("Delivered to sales"),
    gettext_noop("Delivered and an ideal customer"),
    gettext_noop("Lead to MQL"),
    gettext_noop("Speed to first touch"),
    gettext_noop("Speed to first touch, working time"),
    gettext_noop("Speed to first touch, from the act that qualified"),
    gettext_noop("Speed to first touch, from the act that qualified, working time"),
    gettext_noop("Time to a decision"),
    gettext_noop("Follow-up compliance"),
    gettext_noop("Follow-up compliance, nothing excused"),
    gettext_noop("Touched, but late"),
    gettext_noop("Never touched"),
    gettext_noop("Worked"),
    gettext_noop("Decided in time"),
    gettext_noop("Concluded in time"),
    gettext_noop("Kept trying"),
    gettext_noop("SLA breaches"),
    gettext_noop("Breached of due"),
    gettext_noop("Excused breaches"),
    gettext_noop("How late"),
    gettext_noop("Reached, by speed"),
    gettext_noop("Accepted, by speed"),
    gettext_noop("Qualified by sales, by speed"),
    gettext_noop("Lead acceptance rate"),
    gettext_noop("Accepted of all delivered"),
    gettext_noop("Undecided past due"),
    gettext_noop("Declined by sales"),
    gettext_noop("Declined with a reason"),
    gettext_noop("Reasons by source"),
    gettext_noop("Reasons by campaign"),
    gettext_noop("Reasons by pool"),
    gettext_noop("Reasons by owner"),
    gettext_noop("Reasons by clause of the contract"),
    gettext_noop("Rejections contested"),
    gettext_noop("Contests overturned"),
    gettext_noop("Accepted, by signal"),
    gettext_noop("Qualified by sales, by signal"),
    gettext_noop("Recycled and back"),
    gettext_noop("Recycled and won"),
    gettext_noop("MQL to SAL"),
    gettext_noop("SAL to SQL"),
    gettext_noop("SQL to opportunity"),
    gettext_noop("opportunity to won"),
    gettext_noop("MQL to SQL"),
    gettext_noop("MQL to opportunity"),
    gettext_noop("MQL to won"),
    gettext_noop("SAL to opportunity"),
    gettext_noop("Pipeline sourced by marketing"),
    gettext_noop("Pipeline sourced by marketing, in money"),
    gettext_noop("Pipeline created"),
    gettext_noop("Pipeline created by marketing"),
    gettext_noop("Open pipeline"),
    gettext_noop("Open pipeline from marketing"),
    gettext_noop("Revenue won"),
    gettext_noop("Revenue won from marketing"),
    gettext_noop("Revenue influenced by marketing"),
    gettext_noop("Multi-touch revenue, first"),
    gettext_noop("Multi-touch revenue, last"),
    gettext_noop("Multi-touch revenue, linear"),
    gettext_noop("Multi-touch revenue, u shaped"),
    gettext_noop("Multi-touch revenue, w shaped"),
    gettext_noop("Multi-touch revenue, decay"),
    gettext_noop("The number"),
    gettext_noop("Sales velocity"),
    gettext_noop("Cost per lead"),
    gettext_noop("Cost per MQL"),
    gettext_noop("Cost per SAL"),
    gettext_noop("Cost per SQL"),
    gettext_noop("Cost per deal won"),
    gettext_noop("Cycle length, won"),
    gettext_noop("Cycle length, all"),
    gettext_noop("From first contact to won"),
    gettext_noop("From SQL to won"),
    gettext_noop("From opportunity to won"),
    gettext_noop("Cycle length, closed"),
    gettext_noop("From SQL to won or lost"),
    gettext_noop("From opportunity to won or lost"),
    gettext_noop("Handoffs per rep and working day"),
    gettext_noop("Open handoffs"),
    gettext_noop("Open handoffs overdue"),
    gettext_noop("Changed hands"),
    gettext_noop("Touched in time, by hand-offs"),
    gettext_noop("In time, as the source states"),
    gettext_noop("Hand-offs counted alike"),
    gettext_noop("The source's flag against the first touch clock"),
    gettext_noop("The source's flag against the decision clock"),
    gettext_noop("The source's flag against the working clock"),
    gettext_noop("Conservation"),
)
"""The titles of the catalogue; a test compares. A contract's own stages are called as the contract calls them."""

_PROMISES = {
    "mql": gettext_noop("Leads delivered"),
    "at_most": gettext_noop("No more leads than"),
    "sourced_pipeline": gettext_noop("Pipeline from marketing"),
    "first_touch": gettext_noop("First touch in time"),
    "worked": gettext_noop("Every lead worked"),
    "attempts": gettext_noop("Kept trying to reach them"),
}

_FLAGS = {
    "behind": (gettext_noop("Behind"), "late"),
    "on_pace": (gettext_noop("On pace"), "good"),
    "ahead": (gettext_noop("Ahead"), "good"),
    "over": (gettext_noop("Over the most"), "soon"),
    "none": (gettext_noop("Nothing due yet"), ""),
}

_GROUPS = {
    "waiting": gettext_noop("on a clock"),
    "contested": gettext_noop("contested"),
    "accepted": gettext_noop("accepted"),
    "rejected": gettext_noop("rejected"),
    "withdrawn": gettext_noop("withdrawn"),
}

_SPLITS = {
    "source": gettext_noop("Source"),
    "campaign": gettext_noop("Campaign"),
    "owner": gettext_noop("Owner"),
    "pool": gettext_noop("Pool"),
    "band": gettext_noop("Band"),
    "segment": gettext_noop("Account segment"),
    "version": gettext_noop("Contract version"),
    "weekday": gettext_noop("Weekday"),
    "clause": gettext_noop("Clause"),
    "reason": gettext_noop("Reason"),
    "clock": gettext_noop("Clock"),
    "cause": gettext_noop("Cause"),
    "month": gettext_noop("Month"),
    "hand_offs": gettext_noop("Hand-offs"),
    "speed_band": gettext_noop("Speed"),
}

_CAUSES = {
    BreachCause.REP_IDLE.value: gettext_noop("Rep idle"),
    BreachCause.NO_CAPACITY.value: gettext_noop("No capacity"),
    BreachCause.ABSENCE.value: gettext_noop("Absence"),
    BreachCause.ROUTING.value: gettext_noop("Routing"),
    BreachCause.DATA.value: gettext_noop("Data"),
    BreachCause.OUT_OF_HOURS.value: gettext_noop("Out of hours"),
    BreachCause.OTHER.value: gettext_noop("Other"),
}

_STAGES = {
    "lead": gettext_noop("Leads"),
    "inquiry": gettext_noop("Inquiries"),
    "mql": gettext_noop("Delivered (MQL)"),
    "sal": gettext_noop("Accepted (SAL)"),
    "sql": gettext_noop("Qualified (SQL)"),
    "opportunity": gettext_noop("Opportunity"),
    "won": gettext_noop("Won"),
    "sale": gettext_noop("Won"),
}

_PARTS = {
    "records": gettext_noop("Records"),
    "numerator": gettext_noop("Numerator"),
    "denominator": gettext_noop("Denominator"),
    "still open": gettext_noop("Still open"),
    "watched": gettext_noop("Watched"),
    "ended": gettext_noop("Ended"),
    "negative": gettext_noop("Ended before they began"),
    "delivered": gettext_noop("Delivered"),
    "waiting": gettext_noop("On a clock"),
    "contested": gettext_noop("Contested"),
    "accepted": gettext_noop("Accepted"),
    "rejected": gettext_noop("Rejected"),
    "withdrawn": gettext_noop("Withdrawn"),
    "in none": gettext_noop("In no group"),
    "in several": gettext_noop("In several groups"),
}


def title_words(definition: Definition) -> str:
    """What a measure is called."""
    return _(definition.title)


def promise_words(name: str) -> str:
    """What a commitment is called."""
    return _(_PROMISES[name]) if name in _PROMISES else name


def flag_words(flag: str) -> tuple[str, str]:
    """Where a commitment stands against its line, and the state that is."""
    label, state = _FLAGS[flag]
    return _(label), state


def group_words(group: str) -> str:
    """What a group of the conservation line is called within it."""
    return _(_GROUPS[group])


def split_words(name: str) -> str:
    """What tells records apart."""
    return _(_SPLITS[name]) if name in _SPLITS else name.replace("_", " ").capitalize()


def cause_words(cause: str) -> str:
    """What a cause of a breach is called."""
    return _(_CAUSES[cause]) if cause in _CAUSES else cause


def stage_words(stage: str) -> str:
    """What a stage of the funnel is called."""
    return _(_STAGES[stage]) if stage in _STAGES else stage


def part_words(part: str) -> str:
    """What a part of a figure is called."""
    if part in _PARTS:
        return _(_PARTS[part])
    return _("Within %(span)s") % {"span": part.removeprefix("within ")} if part.startswith("within ") else part
