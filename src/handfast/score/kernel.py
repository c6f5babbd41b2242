"""The arithmetic of the score, in the subset of Python that numba compiles. Everything else calls these functions.

Plain Python runs them as they stand; ``handfast.score.compiled`` hands the same functions to numba. They stay in one
file because numba's cache notices a change only in the file of the function it compiled.

Instants and ages are microseconds, points whole numbers, sums hundredths of points. ``Signals`` carries a contract's
behaviour signals as integer columns, so that one compilation serves every contract.
"""

from __future__ import annotations

from typing import Any, NamedTuple

HUGE = 2**62
"""Later, longer and more than anything that occurs; sums and differences of two still fit 64 bits."""

FULL = 100  # per cent


# All that is known of the signals, and of one lead while its rows are walked, lies on one desk, a list or an array of
# integers. (On several arrays the compiled loops would be three times slower: each would be counted as in use at each
# call.) First how many signals the lead has touched, then which, by their drawers, then a drawer a signal:
COUNT = 0  # matching activities so far
NEXT = 1  # the place in the ring of the next one
POINTS = 2
KEEP = 3  # how many of the latest count; 0: all
GONE = 4  # age from which on nothing is left; HUGE: never
PERCENT = 5  # lost at each step of fading
EVERY = 6  # length of a step; HUGE: no fading
RING = 7  # the latest instants, KEEP of them


class Rows(NamedTuple):
    """Activities in order of (lead, time). Lead i has the rows from ``starts[i]`` up to ``starts[i + 1]``."""

    starts: Any
    at: Any
    pattern: Any  # which signals the activity matches, as a position in Patterns


class Patterns(NamedTuple):
    """Pattern p stands for the signals in ``drawer[start[p]:start[p + 1]]``, worth at most ``gain[p]`` together."""

    start: Any
    drawer: Any
    gain: Any


class Bars(NamedTuple):
    """What behaviour each kind of lead needs: bar b holds where low <= limited behaviour <= high for one of its parts.

    ``low[start[b]:start[b + 1]]`` ascend; ``needed[b]`` is the least raw sum that can hold, HUGE if none can.
    """

    start: Any
    low: Any
    high: Any
    needed: Any


def weights(instants: Any, at: int, gone: int, percent: int, every: int) -> int:
    """The sum of the weights, in per cent, of some instants as of ``at``; none of them is later.

    An activity weighs 100 % less ``percent`` for each full ``every`` of its age, and nothing from age ``gone`` on
    (semantics.md, Score).
    """
    total = 0
    for instant in instants:
        age = at - instant
        if age < every:  # division is the slowest thing here
            total += FULL if age < gone else 0
        elif age < gone:
            total += FULL - percent * (age // every)
    return total


def weights_until(instants: Any, at: int, gone: int, percent: int, every: int) -> tuple[int, int]:
    """``weights``, and the first instant after ``at`` at which they are others; HUGE when they stay for ever."""
    total, until = 0, HUGE
    whole = min(every, gone)
    for instant in instants:
        age = at - instant
        if age < whole:
            total += FULL
            change = instant + whole
        elif age < gone:
            steps = age // every
            total += FULL - percent * steps
            change = instant + min((steps + 1) * every, gone)
        else:
            continue
        until = min(until, change)
    return total, until


def limited(value: int, low: int, high: int) -> int:
    """A sum held within a group's ``at_least`` and ``at_most``."""
    return low if value < low else min(value, high)


def seen(desk: Any, drawer: int) -> int:
    """Count one matching activity; returns how many those are now."""
    count: int = desk[drawer + COUNT]
    if count == 0:
        desk[0] += 1
        desk[desk[0]] = drawer
    desk[drawer + COUNT] = count + 1
    return count + 1


def note(desk: Any, drawer: int, at: int) -> None:
    """Remember one matching activity, which is not before any other."""
    seen(desk, drawer)
    keep = desk[drawer + KEEP]
    if keep > 0:
        spot = desk[drawer + NEXT]
        desk[drawer + RING + spot] = at
        desk[drawer + NEXT] = 0 if spot + 1 == keep else spot + 1


def value_of(desk: Any, drawer: int, at: int) -> int:
    """What one signal contributes as of ``at``, in hundredths."""
    weight, keep = desk[drawer + COUNT] * FULL, desk[drawer + KEEP]
    if keep > 0:
        kept = desk[drawer + RING : drawer + RING + min(desk[drawer + COUNT], keep)]
        weight = weights(kept, at, desk[drawer + GONE], desk[drawer + PERCENT], desk[drawer + EVERY])
    value: int = desk[drawer + POINTS] * weight
    return value


def raw_and_hope(desk: Any, at: int) -> tuple[int, int]:
    """The raw behaviour as of ``at``, and its positive part, which bounds it until the next activity."""
    raw = 0
    hope = 0
    for place in range(1, desk[0] + 1):
        value = value_of(desk, desk[place], at)
        raw += value
        hope += max(value, 0)
    return raw, hope


def forget(desk: Any) -> None:
    """Make ready for the next lead."""
    for place in range(1, desk[0] + 1):
        desk[desk[place] + COUNT] = 0
        desk[desk[place] + NEXT] = 0
    desk[0] = 0


def holds(start: Any, low: Any, high: Any, bar: int, behaviour: int) -> bool:
    """Whether a bar holds at this limited behaviour."""
    part, end = start[bar], start[bar + 1]
    while part < end and high[part] < behaviour:
        part += 1
    return bool(part < end and low[part] <= behaviour)


def join(codes: Any, found: int, column: Any, classes: Any) -> None:
    """Refine a grouping of rows by one more column, whose codes fall into ``found`` classes; code -1 has the last."""
    for row in range(len(codes)):
        codes[row] = codes[row] * found + classes[column[row]]


def a_row_of_each(codes: Any, rows: Any) -> None:
    """Write a row of each group into ``rows``; groups that do not occur stay as they are."""
    for row in range(len(codes)):
        rows[codes[row]] = row


def tally(lead: Any, at: Any, group: Any, gain: Any, never: int, sums: Any) -> None:
    """Add up for each lead, at twice its position in ``sums``, its rows, and after that the most they can be worth.

    Rows without a lead (negative) or an instant (``never``) are nobody's. ``gain`` is by group.
    """
    for row in range(len(lead)):
        if lead[row] >= 0 and at[row] != never:
            sums[2 * lead[row]] += 1
            sums[2 * lead[row] + 1] += gain[group[row]]


def place(lead: Any, at: Any, group: Any, pattern: Any, never: int, free: Any, rows: Rows) -> None:
    """Put each row at the next free place of its lead, in the order given; leads without one (-1) are left out.

    ``pattern`` is by group.
    """
    ats, codes = rows.at, rows.pattern
    for row in range(len(lead)):
        if lead[row] >= 0 and at[row] != never and free[lead[row]] >= 0:
            spot = free[lead[row]]
            ats[spot] = at[row]
            codes[spot] = pattern[group[row]]
            free[lead[row]] = spot + 1


def put_in_time_order(rows: Rows, unsorted: Any) -> None:
    """Sort the rows of each lead by time, rows of one instant staying as they are.

    A log is nearly in order, so rows move by insertion. A lead that would need more than eight moves a row is given
    up and marked in ``unsorted``.
    """
    starts, ats, codes = rows.starts, rows.at, rows.pattern
    for lead in range(len(starts) - 1):
        begin, end = starts[lead], starts[lead + 1]
        moves = 8 * (end - begin)
        for row in range(begin + 1, end):
            at, pattern, spot = ats[row], codes[row], row
            while spot > begin and ats[spot - 1] > at and moves > 0:
                ats[spot] = ats[spot - 1]
                codes[spot] = codes[spot - 1]
                spot -= 1
                moves -= 1
            ats[spot] = at
            codes[spot] = pattern
        unsorted[lead] = end > begin and moves == 0


def first_passing(
    desk: Any, patterns: Patterns, rows: Rows, bars: Bars, bar_of: Any, limits: tuple[int, int], first: Any
) -> None:
    """Write into ``first``, by lead, the first instant of an activity at which its bar holds; others stay as they are.

    ``bar_of`` is a bar by lead, ``limits`` the lowest and highest behaviour. All activities of one instant count
    before it is judged.
    """
    starts, ats, codes = rows.starts, rows.at, rows.pattern
    begins, drawers, gains = patterns.start, patterns.drawer, patterns.gain
    parts, lows, highs, least = bars.start, bars.low, bars.high, bars.needed
    low, high = limits
    for lead in range(len(bar_of)):
        bar, row, end = bar_of[lead], starts[lead], starts[lead + 1]
        needed = least[bar]
        hope = 0  # no less than the raw sum now, whatever faded, expired or fell out: positive parts only
        while row < end and needed < HUGE:
            now = ats[row]
            while row < end and ats[row] == now:
                pattern = codes[row]
                for place in range(begins[pattern], begins[pattern + 1]):
                    note(desk, drawers[place], now)
                hope += gains[pattern]
                row += 1
            if hope >= needed:
                raw, hope = raw_and_hope(desk, now)
                if raw >= needed and holds(parts, lows, highs, bar, limited(raw, low, high)):
                    first[lead] = now
                    break
        forget(desk)


def behaviour_at(desk: Any, patterns: Patterns, rows: Rows, when: Any, limits: tuple[int, int], behaviour: Any) -> None:
    """Write into ``behaviour`` the limited behaviour of each lead as of its own instant ``when[lead]``.

    The latest count, so rows are walked backwards and nothing but counts need be remembered.
    """
    starts, ats, codes = rows.starts, rows.at, rows.pattern
    begins, drawers = patterns.start, patterns.drawer
    low, high = limits
    for lead in range(len(when)):
        begin, end, now = starts[lead], starts[lead + 1], when[lead]
        while end > begin and ats[end - 1] > now:
            end -= 1
        raw = 0
        for row in range(end - 1, begin - 1, -1):
            pattern = codes[row]
            for place in range(begins[pattern], begins[pattern + 1]):
                drawer = drawers[place]
                if seen(desk, drawer) <= desk[drawer + KEEP] or desk[drawer + KEEP] == 0:
                    gone, percent, every = desk[drawer + GONE], desk[drawer + PERCENT], desk[drawer + EVERY]
                    raw += desk[drawer + POINTS] * weights(ats[row : row + 1], now, gone, percent, every)
        behaviour[lead] = limited(raw, low, high)
        forget(desk)


INNER = (weights, limited, seen, note, value_of, raw_and_hope, forget, holds)
"""What the loops call, and numba has to know before it compiles them."""

INNER_OPTIONS = {"inline": "always", "error_model": "numpy"}
LOOP_OPTIONS = {"nogil": True, "error_model": "numpy"}
"""How numba compiles; here, because numba takes what it kept for good as long as this file is the same."""
