"""The span a calendar was compiled for, and the words for questions that leave it."""

from __future__ import annotations

from dataclasses import dataclass

from handfast.errors import NeverOpens, OutsideCalendar
from handfast.instant import Instant, format_instant


@dataclass(frozen=True, slots=True)
class Cover:
    """A calendar knows ``first`` ≤ t ≤ ``last``; ``opens`` says whether any of it is working time."""

    first: Instant
    last: Instant
    opens: bool

    def outside(self, instant: Instant) -> OutsideCalendar:
        """The refusal of an instant that the calendar does not know."""
        return OutsideCalendar(f"{_shown(instant)} lies outside the calendar, which {self}")

    def no_more(self, start: Instant) -> OutsideCalendar | NeverOpens:
        """The refusal of a question whose answer would need more working time than there is after ``start``."""
        if not self.opens:
            return NeverOpens(f"the calendar has no working time; it {self}")
        return OutsideCalendar(f"counted from {_shown(start)} the answer lies past the calendar, which {self}")

    def __str__(self) -> str:
        """``covers … to …``, for the middle of a sentence."""
        return f"covers {_shown(self.first)} to {_shown(self.last)}"


def _shown(instant: Instant) -> str:
    """The instant as people write it; as a number where no year of ours holds it."""
    try:
        return format_instant(instant)
    except OverflowError:
        return f"{instant} µs"
