"""What is kept of one lead to score it live: a few instants a signal, brought up to date by one activity at a time."""

from __future__ import annotations

import struct
from bisect import insort
from collections.abc import Iterable

from handfast.errors import ScoreForgotten
from handfast.instant import Instant
from handfast.score.kernel import FULL, limited, weights
from handfast.score.scoring import Scored, counted
from handfast.score.table import ScoreTable

_FORMAT = 1


class ScoreState:
    """The behaviour of one lead under one table.

    For each signal seen: how many activities matched, and the latest ``most_recent`` + 1 of their instants by time,
    whatever the order in which they became known. The one more shows what was dropped, so that a score as of an
    earlier instant is either exact or refused. The same activity twice is two: facts are made unique before.
    """

    __slots__ = ("_table", "kept", "seen")

    def __init__(self, table: ScoreTable) -> None:
        """A lead that has done nothing yet."""
        self._table = table
        self.seen: dict[int, int] = {}  # matching activities, by signal
        self.kept: dict[int, list[Instant]] = {}  # the latest, ascending, by signal

    def add(self, signals: Iterable[int], at: Instant) -> None:
        """Take in one activity that happened at ``at`` and matches these signals (``ScoreTable.matching``)."""
        for signal in signals:
            kept = self.kept.setdefault(signal, [])
            self.seen[signal] = self.seen.get(signal, 0) + 1
            insort(kept, at)
            if len(kept) > self._table.behaviour[signal].most_recent + 1:
                del kept[0]

    def behaviour(self, at: Instant) -> int:
        """The behaviour score as of ``at``, in hundredths, held within the group's limits.

        Equal to ``score_at`` over all activities. Raises ScoreForgotten when ``at`` is so much before the latest
        activities that older ones, no longer kept, would count.
        """
        raw, terms = 0, self._table.terms
        for signal, kept in self.kept.items():
            points, most_recent, gone, percent, every = terms[signal]
            if most_recent and kept[-1] <= at:  # as a rule; `signal` would say the same, at twice the cost
                raw += points * weights(kept[-most_recent:], at, gone, percent, every)
            else:
                raw += self.signal(signal, at)[1]
        return limited(raw, *self._table.behaviour_limits)

    def score(self, fit: int, at: Instant) -> Scored:
        """The score as of ``at``, with the fit score known then, in hundredths. Raises as ``behaviour`` does."""
        return Scored(fit, self.behaviour(at))

    def signal(self, signal: int, at: Instant) -> tuple[int, int]:
        """How many activities matched one signal up to ``at``, and what it contributes. Raises as ``behaviour``."""
        term = self._table.behaviour[signal]
        kept, seen = self.kept.get(signal, []), self.seen.get(signal, 0)
        begin, end = counted(kept, term.most_recent, at)
        later = len(kept) - end
        if later and seen > len(kept) and not self._is_known(signal, begin, end, at):
            raise ScoreForgotten(f"{term.name}: activities that counted at that instant are no longer kept")
        if not term.most_recent:
            return seen - later, term.points * FULL * (seen - later)
        return seen - later, term.points * weights(kept[begin:end], at, term.gone, term.percent, term.every)

    def _is_known(self, signal: int, begin: int, end: int, at: Instant) -> bool:
        """Whether what was dropped cannot matter: enough is left, or even the oldest kept weighs nothing."""
        term = self._table.behaviour[signal]
        return end > 0 and (0 < term.most_recent <= end - begin or at - self.kept[signal][0] >= term.gone)

    def __bytes__(self) -> bytes:
        """The state as bytes, for a row of a table: 4 bytes, 12 a signal seen, 8 an instant kept; little-endian."""
        heads: list[int] = []
        longs: list[int] = []
        for signal, kept in self.kept.items():
            heads += (signal, len(kept))
            longs += (self.seen[signal], *kept)
        return struct.pack(f"<BBH{len(heads)}H{len(longs)}q", _FORMAT, len(self.kept), self._signals, *heads, *longs)

    @classmethod
    def from_bytes(cls, table: ScoreTable, data: bytes) -> ScoreState:
        """The state that ``bytes`` made, under the same table.

        Raises ValueError when the bytes are not one or belong to a table with other signals.
        """
        state = cls(table)
        try:
            state._read(data)
        except (struct.error, IndexError) as broken:
            raise ValueError("not a score state") from broken
        return state

    @property
    def _signals(self) -> int:
        return len(self._table.behaviour)

    def _read(self, data: bytes) -> None:
        form, many, signals = struct.unpack_from("<BBH", data)
        if (form, signals) != (_FORMAT, self._signals):
            raise ValueError("a score state of another format or of another contract")
        heads = struct.unpack_from(f"<{2 * many}H", data, 4)
        longs = struct.unpack(f"<{many + sum(heads[1::2])}q", data[4 + 4 * many :])
        place, terms = 0, self._table.terms
        for signal, length in zip(heads[::2], heads[1::2], strict=True):
            if not 0 < length <= min(longs[place], terms[signal][1] + 1):
                raise ValueError("a score state of another contract")
            self.seen[signal], self.kept[signal] = longs[place], list(longs[place + 1 : place + 1 + length])
            place += 1 + length
