"""Each loop in a thread of its own, so that slow mail holds up no clock; a signal lets each finish what it is at.

Nothing that a loop's work raises ends its thread. Should one end all the same, the process ends: clocks that nobody
looks at would be worse than a moment without any worker, and whatever started the process starts it again.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import close_old_connections, connection

from handfast.errors import HandfastError
from handfast_server.observe.log import get_logger
from handfast_server.worker.loops import Loop, loops
from handfast_server.worker.problems import failed, worked

log = get_logger("worker")

_LONGEST = 30.0
"""Seconds between two attempts of a loop that raises, at most."""


class LoopEnded(HandfastError):
    """A loop's thread ended though nobody had asked it to."""

    code = "loop_ended"


def run(*, once: bool = False, which: Iterable[Loop] | None = None, stop: threading.Event | None = None) -> None:
    """Work until SIGTERM, SIGINT or ``stop``; with ``once`` until nothing is due.

    Raises LoopEnded, once the others have finished what they were at, when a loop's thread ended by itself.
    """
    chosen = tuple(loops() if which is None else which)
    if once:
        _once(chosen)
        return
    stop = stop or threading.Event()
    ended: list[str] = []
    with _signals(stop):
        threads = [threading.Thread(target=_watched, args=(loop, stop, ended), name=loop.name) for loop in chosen]
        for thread in threads:
            thread.start()
        stop.wait()
        for thread in threads:
            thread.join()
    if ended:
        raise LoopEnded(f"The worker's loop {ended[0]} ended by itself, and the worker with it. Start it again.")


def _watched(loop: Loop, stop: threading.Event, ended: list[str]) -> None:
    """Keep at it; where that ends unasked, the whole worker does."""
    try:
        keep_at(loop, stop)
    except BaseException as broken:  # noqa: BLE001 # whatever it is, nobody else would notice
        log.critical("loop_ended", loop=loop.name, error=type(broken).__qualname__)
    if not stop.is_set():
        ended.append(loop.name)
        stop.set()


def _once(chosen: tuple[Loop, ...]) -> None:
    """Rounds until one finds nothing: what one loop does can be what another waits for."""
    while sum(_all_of(loop) for loop in chosen):
        pass


def _all_of(loop: Loop) -> bool:
    did = False
    while _guarded(loop) is True:
        did = True
    return did


def keep_at(loop: Loop, stop: threading.Event) -> None:
    """One loop until it is to stop. What raises is noted, and tried again after a pause that grows."""
    failures = 0
    try:
        while not stop.is_set():
            more = _guarded(loop)
            failures = failures + 1 if more is None else 0
            if failures:
                close_old_connections()
                stop.wait(min(_LONGEST, loop.rest * 2**failures))
            elif loop.gentle or not more:
                stop.wait(loop.rest)
    finally:
        connection.close()


def _guarded(loop: Loop) -> bool | None:
    """Whether there may be more; None when it raised, or when it could not be noted that it works again."""
    try:
        more = loop.work()
        return more if worked(f"loop:{loop.name}") else None
    except Exception as broken:  # noqa: BLE001 # whatever it is, the other loops and the next attempt go on
        failed(f"loop:{loop.name}", loop.name, broken)
        return None


@contextmanager
def _signals(stop: threading.Event) -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def heard(*_: Any) -> None:
        stop.set()

    before = {number: signal.signal(number, heard) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
