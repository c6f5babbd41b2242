"""The stages that an export can state, whatever its system calls them."""

from __future__ import annotations

from enum import StrEnum


class Stage(StrEnum):
    """A stage that an export states for a lead, with an instant or by its present status."""

    INQUIRY = "inquiry"  # the lead was created or first acted
    MQL = "mql"  # delivered to sales
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    SQL = "sql"
    OPPORTUNITY = "opportunity"
    WON = "won"
    LOST = "lost"
    DISQUALIFIED = "disqualified"
    WITHDRAWN = "withdrawn"
