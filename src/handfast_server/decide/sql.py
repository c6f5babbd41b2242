"""Statements straight to the driver: what Django's cursors do around each costs more than the statement.

They go through the connection that Django keeps, within its transactions, and raise its errors. Statements are written
with ``%s`` and are the same text each time, so that both drivers keep them prepared.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper

Row = tuple[Any, ...]


def fetch(statement: str, values: Sequence[Any] = ()) -> list[Row]:
    """The rows that a question gives."""
    kept, raw = _connection()
    with kept.wrap_database_errors:
        if kept.vendor == "sqlite":
            return list(raw.execute(_marked(statement), values))
        with _cursor(raw) as cursor:
            return list(cursor.execute(statement, values))


def run(statement: str, values: Sequence[Any] = ()) -> None:
    """Do one thing."""
    many(statement, [values])


def many(statement: str, rows: Sequence[Sequence[Any]]) -> None:
    """Do the same with each row."""
    if not rows:
        return
    kept, raw = _connection()
    with kept.wrap_database_errors:
        if kept.vendor == "sqlite":
            raw.executemany(_marked(statement), rows)
            return
        with _cursor(raw) as cursor:
            cursor.executemany(statement, rows)


@contextmanager
def together() -> Iterator[None]:
    """What is written within goes to PostgreSQL in one go, and is waited for at the end. Nothing is read within."""
    kept, raw = _connection()
    if kept.vendor == "sqlite":
        yield
        return
    with kept.wrap_database_errors, raw.pipeline():
        yield


def _connection() -> tuple[BaseDatabaseWrapper, Any]:
    """Django's connection of this thread, and the driver's; each name of the usual proxy would look for it again."""
    kept = connections[DEFAULT_DB_ALIAS]
    kept.ensure_connection()
    return kept, kept.connection


def _cursor(raw: Any) -> Any:
    from psycopg import Cursor  # noqa: PLC0415 # only where PostgreSQL is

    return Cursor(raw)  # binds on the server, where Django's own puts values into the text


@cache
def _marked(statement: str) -> str:
    return statement.replace("%s", "?")
