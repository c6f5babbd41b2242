"""What is kept of one lead to score it live: a few instants a signal, brought up to date by one activity at a time."""

from __future__ import annotations

import struct
from bisect import bisect_right
from collections.abc import Iterable, Sequence

from handfast.errors import ScoreForgotten
from handfast.instant import Instant
from handfast.score.kernel import FULL, HUGE, limited, weights, weights_until
from handfast.score.scoring import Scored, counted
from handfast.score.table import ScoreTable

_FORMAT = 2
_HEAD = struct.Struct("<BHH8s")  # format, signals seen, signals of the table, the table's fingerprint


_Kept = tuple[int, tuple[Instant, ...], Instant]
"""Of one signal: how many activities matched, the instants of those that count now, ascending, and the latest that is
no longer kept (-HUGE: all are). A plain tuple, and so is a share: most activities make one of each."""

Tally = tuple[tuple[int, int], ...]
"""For each signal, in the order of the table: how many activities matched, and what they are worth, in hundredths."""

_NOTHING: _Kept = (0, (), -HUGE)

_Share = tuple[Instant, Instant, int]
"""From when until before when a signal contributes how much."""

_UNKNOWN: _Share = (-HUGE, -HUGE, 0)


class ScoreState:
    """The behaviour of one lead under one table.

    For each signal: how many activities matched, and the latest ``most_recent`` + 1 of their instants by time, whatever
    the order in which they became known. The one more shows what was dropped, so that a score as of an earlier instant
    is either exact or refused. The same activity twice is two: facts are made unique before.
    """

    __slots__ = ("_kept", "_latest", "_limited", "_table", "_unlimited")

    def __init__(self, table: ScoreTable) -> None:
        """A lead that has done nothing yet."""
        self._table = table
        self._kept: dict[int, _Kept] = {}  # by signal
        self._latest: Instant = -HUGE
        self._unlimited = 0  # what signals without most_recent contribute, in hundredths
        self._limited: dict[int, _Share] = {}  # what the others contribute, by signal

    def add(self, signals: Iterable[int], at: Instant) -> None:
        """Take in one activity that happened at ``at`` and matches these signals (``ScoreTable.matching``)."""
        terms = self._table.terms
        for signal in signals:
            points, most_recent, *_ = terms[signal]
            self._kept[signal] = _with(self._kept.get(signal, _NOTHING), at, most_recent)
            if most_recent:
                self._limited[signal] = _UNKNOWN
            else:
                self._unlimited += points * FULL
        self._latest = max(self._latest, at)

    def copy(self) -> ScoreState:
        """The same, to add to while this one stays what it is."""
        other: ScoreState = ScoreState.__new__(ScoreState)
        other._table = self._table
        other._kept = self._kept.copy()
        other._latest = self._latest
        other._unlimited = self._unlimited
        other._limited = self._limited.copy()
        return other

    def behaviour(self, at: Instant) -> int:
        """The behaviour score as of ``at``, in hundredths, held within the group's limits.

        Equal to ``score_at`` over all activities. Raises ScoreForgotten when ``at`` is so much before the latest
        activities that older ones, no longer kept, would count.
        """
        if at < self._latest:
            raw = sum(self.signal(signal, at)[1] for signal in self._kept)
        else:
            raw = self._unlimited
            for signal, (since, until, value) in self._limited.items():
                raw += value if since <= at < until else self._weigh(signal, at)
        low, high = self._table.behaviour_limits
        return raw if low <= raw <= high else limited(raw, low, high)

    def _weigh(self, signal: int, at: Instant) -> int:
        """Count one signal anew, and how long that stands: weights change in steps, mostly days apart."""
        points, _, gone, percent, every = self._table.terms[signal]
        weight, until = weights_until(self._kept[signal][1], at, gone, percent, every)
        value: int = points * weight
        self._limited[signal] = (at, until, value)
        return value

    def score(self, fit: int, at: Instant) -> Scored:
        """The score as of ``at``, with the fit score known then, in hundredths. Raises as ``behaviour`` does."""
        return Scored(fit, self.behaviour(at))

    def signal(self, signal: int, at: Instant) -> tuple[int, int]:
        """How many activities matched one signal up to ``at``, and what it contributes. Raises as ``behaviour``."""
        points, most_recent, gone, percent, every = self._table.terms[signal]
        stored, seen = self.stored(signal), self._kept.get(signal, _NOTHING)[0]
        begin, end = counted(stored, most_recent, at)
        later = len(stored) - end
        if later and seen > len(stored) and not self._is_known(signal, stored[begin:end], at):
            name = self._table.behaviour[signal].name
            raise ScoreForgotten(f"{name}: activities that counted at that instant are no longer kept")
        weight = weights(stored[begin:end], at, gone, percent, every) if most_recent else (seen - later) * FULL
        return seen - later, points * weight

    def tally(self, at: Instant) -> Tally:
        """What each signal stands at, as of ``at``. Raises as ``behaviour``."""
        kept = self._kept
        return tuple([self.signal(each, at) if each in kept else (0, 0) for each in range(len(self._table.terms))])

    def stored(self, signal: int) -> list[Instant]:
        """The instants kept of one signal, ascending: those that count and, before them, the latest that does not."""
        _, kept, dropped = self._kept.get(signal, _NOTHING)
        return [*kept] if dropped == -HUGE else [dropped, *kept]

    def _is_known(self, signal: int, before: Sequence[Instant], at: Instant) -> bool:
        """Whether what was dropped cannot matter: enough is left ``before``, or the oldest stored weighs nothing."""
        _, most_recent, gone, *_ = self._table.terms[signal]
        return bool(before) and (0 < most_recent <= len(before) or at - self._kept[signal][2] >= gone)

    def __eq__(self, other: object) -> bool:
        """Whether both have seen the same, under tables with the same signals."""
        return isinstance(other, ScoreState) and bytes(self) == bytes(other)

    __hash__ = None  # type: ignore[assignment] # it changes

    def __bytes__(self) -> bytes:
        """The state as bytes, for a row of a table: 13 bytes, 12 a signal seen, 8 an instant stored; little-endian."""
        heads: list[int] = []
        longs: list[int] = []
        for signal, (seen, *_) in self._kept.items():
            stored = self.stored(signal)
            heads += (signal, len(stored))
            longs += (seen, *stored)
        head = _HEAD.pack(_FORMAT, len(self._kept), len(self._table.terms), self._table.fingerprint)
        return head + struct.pack(f"<{len(heads)}H{len(longs)}q", *heads, *longs)

    @classmethod
    def from_bytes(cls, table: ScoreTable, data: bytes) -> ScoreState:
        """The state that ``bytes`` made, under a table with the same behaviour signals in the same order.

        Raises ValueError when the bytes are not one or belong to other signals: their lead is counted from the facts.
        """
        state = cls(table)
        try:
            state._read(data)
        except (struct.error, IndexError) as broken:
            raise ValueError("not a score state") from broken
        return state

    def _read(self, data: bytes) -> None:
        form, many, signals, fingerprint = _HEAD.unpack_from(data)
        if (form, signals, fingerprint) != (_FORMAT, len(self._table.terms), self._table.fingerprint):
            raise ValueError("a score state of another format or of another contract")
        heads = struct.unpack_from(f"<{2 * many}H", data, _HEAD.size)
        longs = struct.unpack(f"<{many + sum(heads[1::2])}q", data[_HEAD.size + 4 * many :])
        place = 0
        for signal, length in zip(heads[::2], heads[1::2], strict=True):
            self._take(signal, longs[place], longs[place + 1 : place + 1 + length])
            place += 1 + length

    def _take(self, signal: int, seen: int, stored: tuple[Instant, ...]) -> None:
        points, most_recent, *_ = self._table.terms[signal]
        if signal in self._kept or not 0 < len(stored) <= min(seen, most_recent + 1):
            raise ValueError("a score state of another contract")
        kept = stored[-most_recent:] if most_recent else ()
        self._kept[signal] = seen, kept, stored[0] if len(stored) > most_recent else -HUGE
        if most_recent:
            self._limited[signal] = _UNKNOWN
        else:
            self._unlimited += points * FULL * seen
        self._latest = max(self._latest, stored[-1])


def _with(before: _Kept, at: Instant, most_recent: int) -> _Kept:
    """What is kept of a signal after one more activity, which need not be the latest."""
    seen, kept, dropped = before
    place = bisect_right(kept, at)
    kept = (*kept[:place], at, *kept[place:])
    if len(kept) > most_recent:
        dropped, kept = max(dropped, kept[0]), kept[1:]
    return seen + 1, kept, dropped
