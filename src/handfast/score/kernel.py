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


class Signals(NamedTuple):
    """Behaviour signals as columns, one entry a signal: lists in plain Python, int64 arrays when compiled."""

    points: Any
    most_recent: Any  # how many count; 0: all
    gone: Any  # age from which on nothing is left; HUGE: never
    percent: Any  # lost at each step of fading
    every: Any  # length of a step; HUGE: no fading
    slot: Any  # where the signal's instants begin in a lead's ring


class Rows(NamedTuple):
    """Activities in order of (lead, time). Lead i has the rows from ``starts[i]`` up to ``starts[i + 1]``."""

    starts: Any
    at: Any
    pattern: Any  # which signals the activity matches, as a position in Patterns


class Patterns(NamedTuple):
    """Pattern p stands for the signals ``signal[start[p]:start[p + 1]]``."""

    start: Any
    signal: Any


class Bars(NamedTuple):
    """What behaviour each kind of lead needs: bar b holds where low <= limited behaviour <= high for one of its parts.

    ``low[start[b]:start[b + 1]]`` ascend; ``needed[b]`` is the least raw sum that can hold, HUGE if none can.
    """

    start: Any
    low: Any
    high: Any
    needed: Any


class Memory(NamedTuple):
    """What is remembered of one lead while its rows are walked."""

    seen: Any  # matching activities so far, by signal
    ring: Any  # the latest instants of each signal, from its slot on
    touched: Any  # signals seen at least once, in order of first sight


def weights(instants: Sequence[int], begin: int, end: int, at: int, gone: int, percent: int, every: int) -> int:
    """The sum of the weights, in per cent, of ``instants[begin:end]`` as of ``at``; none of them is later.

    An activity weighs 100 % less ``percent`` for each full ``every`` of its age, and nothing from age ``gone`` on
    (semantics.md, Score).
    """
    total = 0
    for place in range(begin, end):
        age = at - instants[place]
        if age < gone:
            total += FULL - percent * (age // every)
    return total


def limited(value: int, low: int, high: int) -> int:
    """A sum held within a group's ``at_least`` and ``at_most``."""
    return low if value < low else min(value, high)


def note(signals: Signals, memory: Memory, signal: int, at: int, touched: int) -> int:
    """Remember one matching activity, later than those before; returns how many signals were touched."""
    before = memory.seen[signal]
    if before == 0:
        memory.touched[touched] = signal
        touched += 1
    keep = signals.most_recent[signal]
    if keep > 0:
        memory.ring[signals.slot[signal] + before % keep] = at
    memory.seen[signal] = before + 1
    return touched


def value_of(signals: Signals, memory: Memory, signal: int, at: int) -> int:
    """What one signal contributes as of ``at``, in hundredths."""
    keep = signals.most_recent[signal]
    count = memory.seen[signal]
    value: int = signals.points[signal] * FULL * count
    if keep > 0:
        begin = signals.slot[signal]
        end = begin + min(count, keep)
        gone, percent, every = signals.gone[signal], signals.percent[signal], signals.every[signal]
        value = signals.points[signal] * weights(memory.ring, begin, end, at, gone, percent, every)
    return value


def holds(bars: Bars, bar: int, behaviour: int) -> bool:
    """Whether a bar holds at this limited behaviour."""
    part, end = bars.start[bar], bars.start[bar + 1]
    while part < end and bars.high[part] < behaviour:
        part += 1
    return bool(part < end and bars.low[part] <= behaviour)


def first_passing(
    signals: Signals, patterns: Patterns, rows: Rows, bars: Bars, bar_of: Any, group: Any, memory: Memory, first: Any
) -> None:
    """Write into ``first``, by lead, the first instant of an activity at which its bar holds; others stay as they are.

    ``bar_of`` is a bar by lead, ``group`` the limits (low, high) of behaviour. All activities of one instant count
    before it is judged.
    """
    low, high = group
    for lead in range(len(bar_of)):
        bar = bar_of[lead]
        needed = bars.needed[bar]
        row, end = rows.starts[lead], rows.starts[lead + 1]
        if needed == HUGE or row == end:
            continue
        touched = 0
        hope = 0  # no less than the raw sum now, whatever faded, expired or fell out: positive parts only
        while row < end:
            now = rows.at[row]
            while row < end and rows.at[row] == now:
                pattern = rows.pattern[row]
                for place in range(patterns.start[pattern], patterns.start[pattern + 1]):
                    signal = patterns.signal[place]
                    touched = note(signals, memory, signal, now, touched)
                    hope += max(signals.points[signal], 0) * FULL
                row += 1
            if hope >= needed:
                raw, hope = raw_and_hope(signals, memory, touched, now)
                if raw >= needed and holds(bars, bar, limited(raw, low, high)):
                    first[lead] = now
                    break
        forget(memory, touched)


def raw_and_hope(signals: Signals, memory: Memory, touched: int, at: int) -> tuple[int, int]:
    """The raw behaviour as of ``at``, and its positive part, which bounds it until the next activity."""
    raw = 0
    hope = 0
    for place in range(touched):
        value = value_of(signals, memory, memory.touched[place], at)
        raw += value
        hope += max(value, 0)
    return raw, hope


def forget(memory: Memory, touched: int) -> None:
    """Make ready for the next lead."""
    for place in range(touched):
        memory.seen[memory.touched[place]] = 0


def behaviour_at(
    signals: Signals, patterns: Patterns, rows: Rows, when: Any, group: Any, memory: Memory, behaviour: Any
) -> None:
    """Write into ``behaviour`` the limited behaviour of each lead as of its own instant ``when[lead]``."""
    low, high = group
    for lead in range(len(when)):
        row, end = rows.starts[lead], rows.starts[lead + 1]
        touched = 0
        while row < end and rows.at[row] <= when[lead]:
            pattern = rows.pattern[row]
            for place in range(patterns.start[pattern], patterns.start[pattern + 1]):
                touched = note(signals, memory, patterns.signal[place], rows.at[row], touched)
            row += 1
        raw, _ = raw_and_hope(signals, memory, touched, when[lead])
        behaviour[lead] = limited(raw, low, high)
        forget(memory, touched)
