"""The plan: the revenue target walked backwards, what was measured, when leads must come, what a point is worth."""

from __future__ import annotations

from handfast.plan.capacity import Roster
from handfast.plan.evidence import Evidence, Lengths, Load, Measured, measured
from handfast.plan.make import plan
from handfast.plan.value import Outlook, Plan

__all__ = ["Evidence", "Lengths", "Load", "Measured", "Outlook", "Plan", "Roster", "measured", "plan"]
