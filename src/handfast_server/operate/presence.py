"""A process of the service shows that it runs, so that nobody replaces the database under it.

On SQLite each holds a shared lock on a file beside the database, on PostgreSQL a shared advisory lock on a connection
of its own, which it takes again when the server was away. Whoever replaces the database holds the same lock alone: they
are refused while anybody runs, and whoever starts meanwhile waits. The locks end with the process, however it ends.
"""

from __future__ import annotations

import fcntl
import os
import signal
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from django.db import connection

from handfast.errors import HandfastError
from handfast_server.observe.log import get_logger

log = get_logger("operate")

_LOCK = 0x48414E45
"""The number of PostgreSQL's advisory lock: HAND and one more, next to that of migrations."""

_EVERY = 5.0
"""Seconds between two looks whether the connection still holds."""

_AGAIN = 1.0

WAITING = "The database is being replaced: waiting until that is over."


class ServiceRunning(HandfastError):
    """Somebody would replace the database of a service that runs."""

    code = "service_running"


@contextmanager
def present(say: Callable[[str], object] = log.warning) -> Iterator[None]:
    """Show that this process works on the database, from when nobody replaces it until the end."""
    held = hold(say)
    try:
        yield
    finally:
        held.end()


@contextmanager
def alone() -> Iterator[None]:
    """Nobody works on the database until the end. Raises ServiceRunning."""
    taken = _file(fcntl.LOCK_EX) if connection.vendor == "sqlite" else _asked(connection, "pg_try_advisory_lock")
    if taken is False:
        raise ServiceRunning(
            "The service is running on this database: end handfast serve, web, work and import first, on every machine."
        )
    try:
        yield
    finally:
        if connection.vendor == "sqlite":
            os.close(taken)
        else:
            _asked(connection, "pg_advisory_unlock")


def hold(say: Callable[[str], object] = log.warning) -> Held:
    """Show it until ``end`` is called, or the process ends."""
    return _HeldFile(say) if connection.vendor == "sqlite" else _HeldLock(say)


class Held(ABC):
    """What shows that a process runs."""

    @abstractmethod
    def end(self) -> None:
        """Show it no longer."""

    def _wait(self, taken: Callable[[], Any], say: Callable[[str], object]) -> Any:
        found, pause = taken(), threading.Event()
        if found is False:
            say(WAITING)
        while found is False:
            pause.wait(_AGAIN)
            found = taken()
        return found


class _HeldFile(Held):
    def __init__(self, say: Callable[[str], object]) -> None:
        self._handle: int = self._wait(lambda: _file(fcntl.LOCK_SH), say)

    def end(self) -> None:
        os.close(self._handle)


class _HeldLock(Held):
    """The shared lock of PostgreSQL, and a thread that takes it again after the server was away."""

    def __init__(self, say: Callable[[str], object]) -> None:
        self._over = threading.Event()
        self._connection = _own_connection()
        self._wait(lambda: _asked(self._connection, _SHARED), say)
        self._thread = threading.Thread(target=self._keep, daemon=True, name="presence")
        self._thread.start()

    def end(self) -> None:
        self._over.set()
        self._thread.join(_AGAIN)
        with suppress(_error()):  # the server is away: so is the lock
            _asked(self._connection, "pg_advisory_unlock_shared")  # a server takes its time to see a connection end
        self._connection.close()

    def _keep(self) -> None:
        while not self._over.wait(_EVERY):
            try:
                self._connection.execute("SELECT 1")
            except _error():
                self._again()

    def _again(self) -> None:
        while not self._over.wait(_AGAIN):
            try:
                self._connection = _own_connection()
                mine = _asked(self._connection, _SHARED)
            except Exception:  # noqa: BLE001, S112 # the server is away still; whoever asks it something says so
                continue
            if not mine:  # somebody replaces the database: this process begins anew once that is over
                log.error("database_replaced")
                os.kill(os.getpid(), signal.SIGTERM)
            return


_SHARED = "pg_try_advisory_lock_shared"


def _error() -> type[Exception]:
    """What the driver raises."""
    database: Any = connection
    broken: type[Exception] = database.Database.Error
    return broken


def _own_connection() -> Any:
    made = connection.get_new_connection(connection.get_connection_params())
    made.autocommit = True
    return made


def _asked(where: Any, function: str) -> bool:
    with where.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s)", [_LOCK])
        return bool(cursor.fetchone()[0])


def _file(kind: int) -> Any:
    """The handle of the locked file, or False where somebody else has it."""
    name = str(connection.settings_dict["NAME"])
    handle = os.open(os.devnull if "memory" in name else Path(f"{name}.running"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        return False
    return handle
