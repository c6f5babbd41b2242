"""One transaction that writes: on SQLite one writer at a time, in turn, over all threads and processes."""

from __future__ import annotations

import fcntl
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from django.db import IntegrityError, OperationalError, connection, transaction

T = TypeVar("T")

_ATTEMPTS = 5
_AGAIN = frozenset(("40001", "40P01", "23505"))
"""PostgreSQL's codes for a conflict, a deadlock, and a row that somebody else was first to write: start over."""

_threads = threading.Lock()


def in_transaction(work: Callable[[], T]) -> T:
    """What ``work`` gives, after everything that it wrote is committed; it is called again when it lost to another."""
    for attempt in range(_ATTEMPTS):
        try:
            with writing():
                return work()
        except (OperationalError, IntegrityError) as broken:
            if _code(broken) not in _AGAIN or attempt == _ATTEMPTS - 1:
                raise
    raise AssertionError("unreachable")


@contextmanager
def writing() -> Iterator[None]:
    """A transaction that holds the write lock of SQLite's file; SQLite itself would let writers poll for it."""
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        with transaction.atomic():
            yield
        return
    with _threads, _file_lock(connection.settings_dict["NAME"]), transaction.atomic():
        yield


@contextmanager
def reading() -> Iterator[None]:
    """Everything within is read as of one instant, while others write."""
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield
    else:
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")  # Django's own would wait for the writers, and hold them up
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")


@contextmanager
def _file_lock(database: Any) -> Iterator[None]:
    handle = os.open(
        Path(f"{database}.lock") if "memory" not in str(database) else os.devnull, os.O_RDWR | os.O_CREAT, 0o600
    )
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _code(broken: BaseException) -> str:
    return str(getattr(broken.__cause__, "sqlstate", ""))
