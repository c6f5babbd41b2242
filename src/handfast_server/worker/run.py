"""Each loop in a thread of its own, so that slow mail holds up no clock; a signal lets each finish what it is at."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import close_old_connections, connection

from handfast_server.worker.loops import Loop, loops
from handfast_server.worker.problems import failed, worked

_LONGEST = 30.0
"""Seconds between two attempts of a loop that raises, at most."""


def run(*, once: bool = False, which: Iterable[Loop] | None = None, stop: threading.Event | None = None) -> None:
    """Work until SIGTERM, SIGINT or ``stop``; with ``once`` until nothing is due."""
    chosen = tuple(loops() if which is None else which)
    if once:
        _once(chosen)
        return
    stop = stop or threading.Event()
    with _signals(stop):
        threads = [threading.Thread(target=keep_at, args=(loop, stop), name=loop.name) for loop in chosen]
        for thread in threads:
            thread.start()
        stop.wait()
        for thread in threads:
            thread.join()


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
    """Whether there may be more; None when it raised."""
    try:
        more = loop.work()
    except Exception as broken:  # noqa: BLE001 # whatever it is, the other loops and the next attempt go on
        failed(f"loop:{loop.name}", loop.name, broken)
        return None
    worked(f"loop:{loop.name}")
    return more


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
