"""Working time, exact and fast: add, between and next opening over compiled intervals.

A calendar is compiled once from plain, sealed values: weekly hours of a local day, holidays, exceptions and the
offset changes of a zone. What is left is a sorted list of disjoint intervals [open, close) in UTC and the
working time before each, so that every question is a few binary searches: thirty days apart or ten years, the
cost is the same. Worked tables: docs/algorithms/business-time.md.
"""

from handfast.calendar.compiled import Hours, compile_calendar
from handfast.calendar.working import Calendar

__all__ = ["Calendar", "Hours", "compile_calendar"]
