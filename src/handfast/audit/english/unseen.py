"""What an export would have to hold for a measure that it does not allow, said in columns people can go and add."""

from __future__ import annotations

REMEDIES = {
    "inquiry": "a column with the date the lead was created or first acted (Create Date, CreatedDate, createdAt)",
    "raised": "the activities that qualified leads, with their instants (form submissions, page views)",
    "qualified": "a column with the date the lead became an MQL, or the attributes and activities that the contract's "
    "definition reads",
    "delivery": "the date a lead was delivered to sales, beside the date it came in",
    "accepted": "a column with the date sales accepted the lead, or the history of its status",
    "rejected": "a status or stage that says sales declined the lead, with its date or its history",
    "sql": "a column with the date the lead became an SQL",
    "opportunity": "a column with the date an opportunity was opened, or the table of deals",
    "won": "the closing date of won deals, or the table of deals",
    "lost": "the closing date of lost deals, or the table of deals",
    "first_touch": "a column with the first outreach by sales, or the table of calls, e-mails and meetings",
    "first_touch_due": "the date the lead became an MQL, from which the first touch is due",
    "decision_due": "the date the lead became an MQL, from which the decision is due",
    "working_due": "a column with the date sales accepted the lead",
    "reason": "a column with the reason a lead was declined (Unqualified Reason, Closed Lost Reason)",
    "icp": "the attributes that the definition of the ideal customer reads (industry, employees, title)",
    "definition": "a definition of the ideal customer in the contract (definitions.icp)",
    "turns": "the history of the owner or of the group",
    "stated_in_time": "the system's own flag for a kept SLA",
    "stated_reassignments": "the system's own count of reassignments",
    "opportunities": "the table of deals, with the lead or company each belongs to",
    "amount": "the amount of each deal",
    "activities": "what leads did, with their instants (form submissions, webinars)",
    "touches": "the table of calls, e-mails and meetings, with their instants",
    "contact": "the outcome of calls, e-mails and meetings, which tells a conversation from an attempt",
    "clocks": "the SLA records of the system, with due and completion",
    "contested": "the rejections that marketing contested",
    "recycled": "every pass of a lead through the funnel as a row of its own",
    "roster": "who works leads, with daily caps",
    "spend": "what was spent, by day and source",
    "signals": "which signals of the score counted when each lead was delivered",
    "calendars": "working hours in the contract",
}
"""Column that a measure needs → what to add to the export."""

RARE = frozenset(
    {
        *("stated_in_time", "stated_reassignments", "clocks", "contested", "recycled"),
        *("roster", "spend", "touches", "contact", "activities", "signals"),
    }
)
"""What few systems carry at all: its absence is no gap of the export."""

_TIME = "an instant for every one of them, with its time of day (a date column, or the history of the stage)"
OTHERWISE = {
    "follow_up_compliance": _TIME,
    "follow_up_excused_counted": _TIME,
    "touched_late": _TIME,
    "never_touched": _TIME,
    "speed_to_first_touch": _TIME,
    "speed_to_first_touch_working": _TIME,
    "speed_from_raise": _TIME,
    "time_to_decision": _TIME,
    "cycle_length_all": _TIME,
    "in_time_by_hand_offs": _TIME,
    "decision_compliance": _TIME,
    "working_compliance": _TIME,
}
"""Measure → what to add where no column is missing but what the columns hold is too coarse."""


def told_by(by: str) -> str:
    """Everything told apart by a word."""
    return f"everything by {by}"


def narrow(by: str) -> str:
    """Why nothing is told by a word."""
    return f"The export names the {by} mostly of leads that went on, so telling by it would only tell those apart."


def everybody(by: str) -> str:
    """What would help."""
    return f"the {by} of every lead, whatever became of it"
