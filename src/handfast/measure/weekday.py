"""The day of the week of instants, for numbers that are told apart by it: Mondays are not as Thursdays are."""

from __future__ import annotations

import numpy as np

from handfast.instant import DAY, NEVER
from handfast.measure.coded import Coded
from handfast.measure.columns import Instants
from handfast.measure.period import local

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

_FIRST = 3
"""1 January 1970, from which instants count, was a Thursday."""


def weekdays(at: Instants, zone: str) -> Coded:
    """The day of each instant as a calendar of the zone has it, Monday first; NEVER is on no day."""
    here = local(at, zone)
    codes = np.where(here == NEVER, -1, (np.where(here == NEVER, 0, here) // DAY + _FIRST) % 7)
    return Coded(codes=codes.astype(np.int32), words=WEEKDAYS if len(at) else ())
