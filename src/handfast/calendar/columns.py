"""The compiled columns of a calendar, and its questions asked of whole columns at once.

The twins of ``Calendar``'s scalar questions, over int64 microseconds. Every answer equals the scalar one; a row
with NEVER gives NEVER. Rows are taken in blocks that stay in the processor's cache.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from handfast.calendar.cover import Cover
from handfast.calendar.lookup import Lookup
from handfast.calendar.offsets import Column, Offsets
from handfast.instant import NEVER, Span

_BLOCK = 1 << 15


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """Compiled working time. Every interval table begins with an empty interval before all time."""

    cover: Cover
    opens: Column  # of the disjoint intervals, ascending
    closes: Column  # of the disjoint intervals
    worked: Column  # working time before each interval, then in all: one more than intervals
    base: Column  # worked − opens: add an instant within an interval to get the working time before it
    at_open: Lookup  # of opens, closes and worked without their first entry
    at_close: Lookup
    at_worked: Lookup
    at_span: Lookup  # of the openings of the spans as written, which may touch and overlap
    span_day: Column  # the working day, counted from 0, on which each span begins
    midnight: Column  # of each working day: its local midnight read as if it were UTC
    day_close: Column  # of each working day: the end of its last span
    zone: Offsets

    def next_open(self, instants: Column) -> Column:
        """Each instant itself during working time, else the next opening."""
        return _by_block(self._next_open, instants)

    def between(self, starts: Column, ends: Column) -> Column:
        """Signed working time of each pair."""
        return _by_block(self._between, starts, ends)

    def add(self, starts: Column, spans: Column | Span) -> Column:
        """The instant at which each span of working time has passed."""
        return _by_block(self._add, starts, spans)

    def add_days(self, starts: Column, days: Column | int) -> Column:
        """The same local time so many working days on."""
        return _by_block(self._add_days, starts, days)

    def _next_open(self, instants: Column) -> Column:
        self._known(instants)
        at = self.at_close.find(instants) + 1
        self._enough(at < len(self.closes), instants)
        return self._within(np.maximum(instants, self.opens[at]), instants)

    def _between(self, starts: Column, ends: Column) -> Column:
        return self._before(ends) - self._before(starts)

    def _add(self, starts: Column, spans: Column) -> Column:
        if (spans < 0).any():
            raise ValueError("a span of working time is not negative")
        before = self._before(starts)
        self._enough(spans <= self.worked[-1] - before, starts)
        target = before + spans
        due = target - self.base[self.at_worked.find(target - 1)]
        nothing = spans == 0
        if nothing.any():
            due[nothing] = self._next_open(starts[nothing])
        return self._within(due, starts)

    def _add_days(self, starts: Column, days: Column) -> Column:
        if (days < 0).any():
            raise ValueError("a number of working days is not negative")
        begin = self._next_open(starts)
        today = self.span_day[self.at_span.find(begin) - 1]
        self._enough(days < len(self.midnight) - today, starts)
        then = today + days
        since_midnight = self.zone.reading(begin) - self.midnight[today]
        same_time = self.zone.edge(self.midnight[then] + since_midnight)
        due = np.minimum(same_time, self.day_close[then])
        due = np.maximum(due, self.opens[self.at_close.find(due - 1) + 1])
        return self._within(np.where(days == 0, begin, due), starts)

    def _before(self, instants: Column) -> Column:
        """Working time before each instant, counted from the first opening."""
        self._known(instants)
        at = self.at_open.find(instants)
        worked: Column = np.minimum(instants + self.base.take(at), self.worked.take(at + 1))
        return worked

    def _known(self, instants: Column) -> None:
        """Refuse the first instant that lies outside the calendar."""
        if len(instants) and (instants.min() < self.cover.first or instants.max() > self.cover.last):
            known = (instants >= self.cover.first) & (instants <= self.cover.last)
            raise self.cover.outside(int(instants[~known][0]))

    def _within(self, answers: Column, starts: Column) -> Column:
        """The answers, unless one lies past the calendar."""
        self._enough(answers <= self.cover.last, starts)
        return answers

    def _enough(self, answered: npt.NDArray[np.bool_], starts: Column) -> None:
        """Refuse the first row without an answer."""
        if not answered.all():
            raise self.cover.no_more(int(starts[~answered][0]))


def _by_block(work: Callable[..., Column], *given: Column | int) -> Column:
    """One answer a row: rows with NEVER are left as they are, the rest is worked out a block at a time."""
    columns = np.broadcast_arrays(*(_as_column(each) for each in given))
    answers = np.full(len(columns[0]), NEVER, dtype=np.int64)
    for start in range(0, len(answers), _BLOCK):
        block = [column[start : start + _BLOCK] for column in columns]
        stated = np.logical_and.reduce([column != NEVER for column in block])
        if stated.all():
            answers[start : start + _BLOCK] = work(*block)
        else:
            answers[start : start + _BLOCK][stated] = work(*(column[stated] for column in block))
    return answers


def _as_column(given: Column | int) -> Column:
    """A column of int64; raises TypeError for numbers that are not whole."""
    return np.atleast_1d(np.asarray(given)).astype(np.int64, casting="safe", copy=False)
