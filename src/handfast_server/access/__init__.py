"""Who may do what: one table, asked by every address of the service; and which rows they see."""

from handfast_server.access.objects import (
    access_activities,
    access_assignments,
    access_breaches,
    access_clocks,
    access_cycles,
    access_deals,
    access_leads,
    access_owned,
    access_transitions,
    pools_managed,
    sees_all,
)
from handfast_server.access.principal import Principal, of_user
from handfast_server.access.table import ACTIONS, PAGES, Action, Scope, allowed

__all__ = [
    "ACTIONS",
    "PAGES",
    "Action",
    "Principal",
    "Scope",
    "access_activities",
    "access_assignments",
    "access_breaches",
    "access_clocks",
    "access_cycles",
    "access_deals",
    "access_leads",
    "access_owned",
    "access_transitions",
    "allowed",
    "of_user",
    "pools_managed",
    "sees_all",
]
