"""Segments of accounts where nobody names one: by how many people they employ."""

from __future__ import annotations

_SIZES = ((50, "under 50 people"), (250, "50 to 249 people"), (1000, "250 to 999 people"))

SIZES = (*(word for _, word in _SIZES), "1,000 people or more")
"""The words, smallest first."""

EDGES = tuple(below for below, _ in _SIZES)
"""Where one size ends and the next begins, smallest first."""


def size_of(employees: object) -> str:
    """The word for a number of people, also one written as text; empty where it is no number."""
    try:
        count = float(str(employees))
    except ValueError:
        return ""
    return next((word for below, word in _SIZES if count < below), SIZES[-1])
