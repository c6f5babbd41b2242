"""The arithmetic of the score, in the subset of Python that numba compiles. Everything else calls these functions.

Plain Python runs them as they stand; ``handfast.score.compiled`` hands the same functions to numba. They stay in one
file because numba's cache notices a change only in the file of the function it compiled.

Instants and ages are microseconds, points whole numbers, sums hundredths of points. ``Signals`` carries a contract's
behaviour signals as integer columns, so that one compilation serves every contract.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

HUGE = 2**62
"""Later, longer and more than anything that occurs; sums and differences of two still fit 64 bits."""

FULL = 100  # per cent


# Of each behaviour signal, this many integers stand one after another in ``terms``:
WIDTH = 6
POINTS = 0
KEEP = 1  # how many of the latest count; 0: all
GONE = 2  # age from which on nothing is left; HUGE: never
PERCENT = 3  # lost at each step of fading
EVERY = 4  # length of a step; HUGE: no fading
SLOT = 5  # where, in a lead's memory, its count stands; the place of its next instant and its instants follow


class Rows(NamedTuple):
    """Activities in order of (lead, time). Lead i has the rows from ``starts[i]`` up to ``starts[i + 1]``."""

    starts: Any
    at: Any
    pattern: Any  # which signals the activity matches, as a position in Patterns


class Patterns(NamedTuple):
    """Pattern p stands for the signals ``signal[start[p]:start[p + 1]]``, worth at most ``gain[p]`` together."""

    start: Any
    signal: Any
    gain: Any


class Bars(NamedTuple):
    """What behaviour each kind of lead needs: bar b holds where low <= limited behaviour <= high for one of its parts.

    ``low[start[b]:start[b + 1]]`` ascend; ``needed[b]`` is the least raw sum that can hold, HUGE if none can.
    """

    start: Any
    low: Any
    high: Any
    needed: Any


def weights(instants: Sequence[int], begin: int, end: int, at: int, gone: int, percent: int, every: int) -> int:
    """The sum of the weights, in per cent, of ``instants[begin:end]`` as of ``at``; none of them is later.

    An activity weighs 100 % less ``percent`` for each full ``every`` of its age, and nothing from age ``gone`` on
    (semantics.md, Score).
    """
    total = 0
    for place in range(begin, end):
        age = at - instants[place]
        if age < every:  # division is the slowest thing here
            total += FULL if age < gone else 0
        elif age < gone:
            total += FULL - percent * (age // every)
    return total


def limited(value: int, low: int, high: int) -> int:
    """A sum held within a group's ``at_least`` and ``at_most``."""
    return low if value < low else min(value, high)


def note(terms: Any, memory: Any, touched: Any, many: int, signal: int, at: int) -> int:
    """Remember an activity, not before any other, that matches a signal; returns how many signals are touched now."""
    term = signal * WIDTH
    slot = terms[term + SLOT]
    if memory[slot] == 0:
        memory[slot + 1] = 0
        touched[many] = term
        many += 1
    memory[slot] += 1
    keep = terms[term + KEEP]
    if keep > 0:
        spot = memory[slot + 1]
        memory[slot + 2 + spot] = at
        memory[slot + 1] = 0 if spot + 1 == keep else spot + 1
    return many


def value_of(terms: Any, memory: Any, term: int, at: int) -> int:
    """What one signal, by the position of its term, contributes as of ``at``, in hundredths."""
    slot = terms[term + SLOT]
    weight, keep = memory[slot] * FULL, terms[term + KEEP]
    if keep > 0:
        end = slot + 2 + min(memory[slot], keep)
        weight = weights(memory, slot + 2, end, at, terms[term + GONE], terms[term + PERCENT], terms[term + EVERY])
    value: int = terms[term + POINTS] * weight
    return value


def holds(start: Any, low: Any, high: Any, bar: int, behaviour: int) -> bool:
    """Whether a bar holds at this limited behaviour."""
    part, end = start[bar], start[bar + 1]
    while part < end and high[part] < behaviour:
        part += 1
    return bool(part < end and low[part] <= behaviour)


def tally(lead: Any, at: Any, pattern: Any, gain: Any, never: int, count: Any, hope: Any) -> None:
    """Count the rows of each lead into ``count``, and the most that they can be worth together into ``hope``.

    Rows without a lead (negative) or an instant (``never``) are nobody's.
    """
    for row in range(len(lead)):
        if lead[row] >= 0 and at[row] != never:
            count[lead[row]] += 1
            hope[lead[row]] += gain[pattern[row]]


def place(lead: Any, at: Any, pattern: Any, never: int, free: Any, rows: Rows) -> None:
    """Put each row at the next free place of its lead, in the order given; leads without one (-1) are left out."""
    for row in range(len(lead)):
        if lead[row] >= 0 and at[row] != never and free[lead[row]] >= 0:
            spot = free[lead[row]]
            rows.at[spot] = at[row]
            rows.pattern[spot] = pattern[row]
            free[lead[row]] = spot + 1


def put_in_time_order(rows: Rows, unsorted: Any) -> None:
    """Sort the rows of each lead by time, rows of one instant staying as they are.

    A log is nearly in order, so rows move by insertion. A lead that would need more than eight moves a row is given
    up and marked in ``unsorted``.
    """
    for lead in range(len(rows.starts) - 1):
        begin, end = rows.starts[lead], rows.starts[lead + 1]
        moves = 8 * (end - begin)
        for row in range(begin + 1, end):
            at, pattern, spot = rows.at[row], rows.pattern[row], row
            while spot > begin and rows.at[spot - 1] > at and moves > 0:
                rows.at[spot], rows.pattern[spot] = rows.at[spot - 1], rows.pattern[spot - 1]
                spot -= 1
                moves -= 1
            rows.at[spot], rows.pattern[spot] = at, pattern
        unsorted[lead] = end > begin and moves == 0


def first_passing(
    terms: Any, patterns: Patterns, rows: Rows, bars: Bars, bar_of: Any, limits: Any, memory: Any, first: Any
) -> None:
    """Write into ``first``, by lead, the first instant of an activity at which its bar holds; others stay as they are.

    ``bar_of`` is a bar by lead, ``limits`` the lowest and highest behaviour, ``memory`` zeros, and after them as many
    places as there are signals. All activities of one instant count before it is judged.
    """
    # Taken out of their tuples once: compiled code is three times slower when it takes them out at each use.
    starts, ats, codes = rows.starts, rows.at, rows.pattern
    begins, matched, gains = patterns.start, patterns.signal, patterns.gain
    parts, lows, highs = bars.start, bars.low, bars.high
    low, high = limits
    places = len(memory) - len(terms) // WIDTH
    touched = memory[places:]
    for lead in range(len(bar_of)):
        bar, row, end = bar_of[lead], starts[lead], starts[lead + 1]
        needed = bars.needed[bar]
        many = 0
        hope = 0  # no less than the raw sum now, whatever faded, expired or fell out: positive parts only
        while row < end and needed < HUGE:
            now = ats[row]
            while row < end and ats[row] == now:
                for place in range(begins[codes[row]], begins[codes[row] + 1]):
                    many = note(terms, memory, touched, many, matched[place], now)
                hope += gains[codes[row]]
                row += 1
            if hope >= needed:
                raw, hope = raw_and_hope(terms, memory, touched, many, now)
                if raw >= needed and holds(parts, lows, highs, bar, limited(raw, low, high)):
                    first[lead] = now
                    break
        forget(terms, memory, touched, many)


def raw_and_hope(terms: Any, memory: Any, touched: Any, many: int, at: int) -> tuple[int, int]:
    """The raw behaviour as of ``at``, and its positive part, which bounds it until the next activity."""
    raw = 0
    hope = 0
    for place in range(many):
        value = value_of(terms, memory, touched[place], at)
        raw += value
        hope += max(value, 0)
    return raw, hope


def forget(terms: Any, memory: Any, touched: Any, many: int) -> None:
    """Make ready for the next lead."""
    for place in range(many):
        memory[terms[touched[place] + SLOT]] = 0


def behaviour_at(
    terms: Any, patterns: Patterns, rows: Rows, when: Any, limits: Any, memory: Any, behaviour: Any
) -> None:
    """Write into ``behaviour`` the limited behaviour of each lead as of its own instant ``when[lead]``.

    The latest count, so rows are walked backwards. ``memory`` is a zero a signal.
    """
    starts, ats, codes = rows.starts, rows.at, rows.pattern
    begins, matched = patterns.start, patterns.signal
    low, high = limits
    for lead in range(len(when)):
        begin, end, now = starts[lead], starts[lead + 1], when[lead]
        while end > begin and ats[end - 1] > now:
            end -= 1
        raw = 0
        for row in range(end - 1, begin - 1, -1):
            for place in range(begins[codes[row]], begins[codes[row] + 1]):
                signal = matched[place]
                term = signal * WIDTH
                memory[signal] += 1
                if memory[signal] <= terms[term + KEEP] or terms[term + KEEP] == 0:
                    shape = (terms[term + GONE], terms[term + PERCENT], terms[term + EVERY])
                    raw += terms[term + POINTS] * weights(ats, row, row + 1, now, *shape)
        behaviour[lead] = limited(raw, low, high)
        for signal in range(len(memory)):
            memory[signal] = 0
