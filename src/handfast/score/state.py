"""What is kept of one lead to score it live: a few instants a signal, brought up to date by one activity at a time."""

from __future__ import annotations

import struct
from bisect import insort
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from handfast.errors import ScoreForgotten
from handfast.instant import Instant
from handfast.score.kernel import FULL, HUGE, limited, weights, weights_until
from handfast.score.scoring import Scored, counted
from handfast.score.table import ScoreTable

_FORMAT = 2
_HEAD = struct.Struct("<BHH8s")  # format, signals seen, signals of the table, the table's fingerprint


class _Share(NamedTuple):
    """What one signal contributes from ``since`` until before ``until``."""

    since: Instant
    until: Instant
    value: int


_UNKNOWN = _Share(-HUGE, -HUGE, 0)


class ScoreState:
    """The behaviour of one lead under one table.

    For each signal: how many activities matched, and the latest ``most_recent`` + 1 of their instants by time, whatever
    the order in which they became known. The one more shows what was dropped, so that a score as of an earlier instant
    is either exact or refused. The same activity twice is two: facts are made unique before.
    """

    __slots__ = ("_dropped", "_kept", "_latest", "_limited", "_seen", "_table", "_unlimited")

    def __init__(self, table: ScoreTable) -> None:
        """A lead that has done nothing yet."""
        self._table = table
        self._seen: dict[int, int] = {}  # matching activities, by signal
        self._kept: dict[int, list[Instant]] = {}  # those that count now, ascending, by signal
        self._dropped: dict[int, Instant] = {}  # the latest that is no longer kept, by signal
        self._latest: Instant = -HUGE
        self._unlimited = 0  # what signals without most_recent contribute, in hundredths
        self._limited: dict[int, _Share] = {}  # what the others contribute, by signal

    def add(self, signals: Iterable[int], at: Instant) -> None:
        """Take in one activity that happened at ``at`` and matches these signals (``ScoreTable.matching``)."""
        terms, dropped = self._table.terms, self._dropped
        for signal in signals:
            if signal not in self._kept:
                self._begin(signal)
            kept = self._kept[signal] = [*self._kept[signal]]  # a copy of this state may share the old one
            self._seen[signal] += 1
            insort(kept, at)
            if len(kept) > terms[signal][1]:
                oldest = kept.pop(0)
                if oldest > dropped.get(signal, -HUGE):
                    dropped[signal] = oldest
            if terms[signal][1]:
                self._limited[signal] = _UNKNOWN
            else:
                self._unlimited += terms[signal][0] * FULL
        self._latest = max(self._latest, at)

    def _begin(self, signal: int) -> None:
        self._seen[signal] = 0
        self._kept[signal] = []
        if self._table.terms[signal][1]:
            self._limited[signal] = _UNKNOWN

    def copy(self) -> ScoreState:
        """The same, to add to while this one stays what it is."""
        other = ScoreState(self._table)
        other._seen = self._seen.copy()
        other._kept = self._kept.copy()  # the lists in it are replaced, never changed
        other._dropped = self._dropped.copy()
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
            raw = sum(self.signal(signal, at)[1] for signal in self._seen)
        else:
            raw = self._unlimited
            for signal, (since, until, value) in self._limited.items():
                raw += value if since <= at < until else self._weigh(signal, at)
        return limited(raw, *self._table.behaviour_limits)

    def _weigh(self, signal: int, at: Instant) -> int:
        """Count one signal anew, and how long that stands: weights change in steps, mostly days apart."""
        points, _, gone, percent, every = self._table.terms[signal]
        weight, until = weights_until(self._kept[signal], at, gone, percent, every)
        self._limited[signal] = _Share(at, until, points * weight)
        return points * weight

    def score(self, fit: int, at: Instant) -> Scored:
        """The score as of ``at``, with the fit score known then, in hundredths. Raises as ``behaviour`` does."""
        return Scored(fit, self.behaviour(at))

    def signal(self, signal: int, at: Instant) -> tuple[int, int]:
        """How many activities matched one signal up to ``at``, and what it contributes. Raises as ``behaviour``."""
        points, most_recent, gone, percent, every = self._table.terms[signal]
        stored, seen = self.stored(signal), self._seen.get(signal, 0)
        begin, end = counted(stored, most_recent, at)
        later = len(stored) - end
        if later and seen > len(stored) and not self._is_known(signal, stored[begin:end], at):
            name = self._table.behaviour[signal].name
            raise ScoreForgotten(f"{name}: activities that counted at that instant are no longer kept")
        weight = weights(stored[begin:end], at, gone, percent, every) if most_recent else (seen - later) * FULL
        return seen - later, points * weight

    def stored(self, signal: int) -> list[Instant]:
        """The instants kept of one signal, ascending: those that count and, before them, the latest that does not."""
        dropped = [self._dropped[signal]] if signal in self._dropped else []
        return dropped + self._kept.get(signal, [])

    def _is_known(self, signal: int, before: Sequence[Instant], at: Instant) -> bool:
        """Whether what was dropped cannot matter: enough is left ``before``, or the oldest stored weighs nothing."""
        _, most_recent, gone, *_ = self._table.terms[signal]
        return bool(before) and (0 < most_recent <= len(before) or at - self._dropped[signal] >= gone)

    def __eq__(self, other: object) -> bool:
        """Whether both have seen the same, under tables with the same signals."""
        return isinstance(other, ScoreState) and bytes(self) == bytes(other)

    __hash__ = None  # type: ignore[assignment] # it changes

    def __bytes__(self) -> bytes:
        """The state as bytes, for a row of a table: 13 bytes, 12 a signal seen, 8 an instant stored; little-endian."""
        heads: list[int] = []
        longs: list[int] = []
        for signal, seen in self._seen.items():
            stored = self.stored(signal)
            heads += (signal, len(stored))
            longs += (seen, *stored)
        head = _HEAD.pack(_FORMAT, len(self._seen), len(self._table.terms), self._table.fingerprint)
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
        if signal in self._seen or not 0 < len(stored) <= min(seen, most_recent + 1):
            raise ValueError("a score state of another contract")
        self._begin(signal)
        self._seen[signal] = seen
        self._kept[signal] += stored[-most_recent:] if most_recent else ()
        if len(stored) > most_recent:
            self._dropped[signal] = stored[0]
        if not most_recent:
            self._unlimited += points * FULL * seen
        self._latest = max(self._latest, stored[-1])
