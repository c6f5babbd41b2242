"""Boards over the newest snapshot: kept by what was asked, and made anew when there is a newer generation.

A board that took long to make is handed out as it was while a newer one is made beside it; its instant is shown with
it, so nobody takes it for newer than it is.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from django.db import connection

from handfast.calendar import Calendar
from handfast.contract.versions import History, history
from handfast.engine.terms import Version
from handfast.errors import HandfastError
from handfast.instant import MINUTE, Instant
from handfast.measure import Board, Period, board
from handfast.measure.columns import CycleColumns
from handfast.measure.question import Stream
from handfast.measure.weekday import weekdays
from handfast_server.contracts.models import Version as VersionRow
from handfast_server.decide.terms import governing, signed_of
from handfast_server.now import now
from handfast_server.scoreboard import spend, store
from handfast_server.scoreboard.access import Scope, within
from handfast_server.scoreboard.snapshot import Snapshot
from handfast_server.scoreboard.store import Current

QUICK = 0.1
"""Seconds: what takes no longer is always made anew."""
OLDEST = 2 * MINUTE
"""An older board is not handed out, however long a new one takes."""
_MOST = 48
_PATIENCE = 20  # a board is made anew after so many times as long as it took


class NoSnapshot(HandfastError):
    """Nothing can be measured yet."""

    code = "no_snapshot"


class Asked(NamedTuple):
    """What a board is of."""

    period: Period | None = None
    stream: Stream = Stream.BOTH
    as_of: Instant | None = None  # None: as of the snapshot
    scope: Scope | None = None


@dataclass(slots=True, kw_only=True, eq=False)
class Shown:
    """A board, and the generation of the snapshot that it is of. ``texts`` keeps answers that were written of it."""

    board: Board
    version: Version
    snapshot: Snapshot
    generation: int
    texts: dict[object, bytes] = field(default_factory=dict)

    @property
    def age(self) -> int:
        """How old what it shows is, in microseconds."""
        return max(0, now() - self.snapshot.at)


class _Held(NamedTuple):
    current: Current
    snapshot: Snapshot
    columns: CycleColumns


class _Made(NamedTuple):
    shown: Shown
    took: float  # seconds
    at: float


_snapshots = threading.Lock()
_boards = threading.Lock()
_held: _Held | None = None
_made: OrderedDict[Asked, _Made] = OrderedDict()
_making: set[Asked] = set()


def forget() -> None:
    """Know nothing: for tests and after a restore."""
    global _held  # noqa: PLW0603 # one value a process, replaced whole
    with _snapshots, _boards:
        _held = None
        _made.clear()


def snapshot() -> tuple[Current, Snapshot, CycleColumns]:
    """The newest snapshot. Raises NoSnapshot before there is one."""
    global _held  # noqa: PLW0603 # the same
    with _snapshots:
        for _ in range(5):  # files that are replaced while they are read are looked for anew
            current = store.read_current()
            if current is None:
                raise NoSnapshot(
                    "Nothing is measured yet: a worker makes the first snapshot, once a contract is signed."
                )
            if _held is not None and _held.current == current:
                return _held
            try:
                fresh = _taken_up(_held, current)
            except FileNotFoundError:
                continue
            _held = _Held(current, fresh, _with_more(fresh.columns(), current))
            return _held
    raise NoSnapshot("The snapshot is being replaced; ask again.")


def _with_more(columns: CycleColumns, current: Current) -> CycleColumns:
    """With the days on which leads were handed over; and with what was spent: it is short, and of no lead."""
    version = governing(current.at)
    if version is None:
        return columns
    contract = version.contract
    apart = replace(columns, extra={**columns.extra, "weekday": weekdays(columns.qualified_at, contract.zone)})
    if not current.spend:
        return apart
    return replace(apart, spend=spend.spend_of(contract.currency, contract.zone, current.spend))


def _taken_up(held: _Held | None, current: Current) -> Snapshot:
    if (
        held is None
        or held.current.base != current.base
        or held.current.parts != current.parts[: len(held.current.parts)]
    ):
        return store.load(current)
    return store.taking_in(held.snapshot, current.parts[len(held.current.parts) :], current.at)


def shown(asked: Asked) -> Shown:
    """The board of what is asked."""
    with _boards:
        made = _made.get(asked)
        if made is not None:
            _made.move_to_end(asked)
    if made is None or made.took <= QUICK or made.shown.age > OLDEST:
        return _renewed(asked, made)
    if time.monotonic() - made.at > _PATIENCE * made.took:
        _beside(asked)
    return made.shown


def _renewed(asked: Asked, made: _Made | None) -> Shown:
    began = time.perf_counter()
    current, taken, columns = snapshot()
    if made is not None and made.shown.generation == current.generation:
        return made.shown
    found = _board(asked, current, taken, columns)
    with _boards:
        _made[asked] = _Made(found, time.perf_counter() - began, time.monotonic())
        _made.move_to_end(asked)
        while len(_made) > _MOST:
            _made.popitem(last=False)
    return found


def _board(asked: Asked, current: Current, taken: Snapshot, columns: CycleColumns) -> Shown:
    as_of = taken.at if asked.as_of is None else asked.as_of
    version = version_at(as_of)
    seen = within(columns, asked.scope)
    made = board(seen, version.contract, asked.period, as_of, calendars=calendars_of(version), stream=asked.stream)
    return Shown(board=made, version=version, snapshot=taken, generation=current.generation)


def version_at(at: Instant) -> Version:
    """The version that measures are asked under. Raises NoSnapshot before the first is signed."""
    found = governing(at)
    if found is None:
        raise NoSnapshot("Nothing is measured before a contract is signed.")
    return found


def calendars_of(version: Version) -> Mapping[str, Calendar]:
    """The calendars of a version by their names."""
    return {name: version.calendars[name] for name in version.contract.calendars}


def _beside(asked: Asked) -> None:
    """Make a board anew in a thread of its own, one at a time for what is asked."""
    with _boards:
        if asked in _making:
            return
        _making.add(asked)
    threading.Thread(target=_guarded, args=(lambda: _renewed(asked, _made.get(asked)), asked), daemon=True).start()


def _guarded(work: Callable[[], object], asked: Asked) -> None:
    try:
        work()
    finally:
        _making.discard(asked)
        connection.close()


def signed_history() -> History:
    """The signed versions, each proved from its bytes."""
    return history(signed_of(row) for row in VersionRow.objects.order_by("number"))
