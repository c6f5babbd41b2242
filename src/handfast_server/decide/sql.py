"""Statements straight to the driver: what Django's cursors do around each costs more than the statement.

They go through the connection that Django keeps, within its transactions, and raise its errors. Statements are written
with ``%s`` and are the same text each time, so that both drivers keep them prepared (``config``: from the fifth time).
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import orjson
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper

Row = tuple[Any, ...]

logging.getLogger("psycopg").setLevel(logging.ERROR)
"""Its warnings quote the database's words for an error, and those hold values."""


def fetch(statement: str, values: Sequence[Any] = ()) -> list[Row]:
    """The rows that a question gives."""
    kept, raw = _connection()
    with kept.wrap_database_errors:
        if kept.vendor == "sqlite":
            return list(raw.execute(_marked(statement), values))
        with _cursor(raw) as cursor:
            return list(cursor.execute(statement, values))


def fetch_among(asked: str, names: Iterable[str], values: Sequence[Any] = ()) -> list[Row]:
    """The rows of a question in which ``AMONG`` stands for being one of ``names``; its other values come after them."""
    wanted = list(names)
    if not wanted:
        return []
    if connections[DEFAULT_DB_ALIAS].vendor == "postgresql":
        return fetch(asked.replace("AMONG", "= ANY(%s)"), [wanted, *values])
    return fetch(asked.replace("AMONG", IN_DOCUMENT), [orjson.dumps(wanted).decode(), *values])


IN_DOCUMENT = "IN (SELECT value FROM json_each(%s))"
"""SQLite has no arrays; with a place for each name the statement would be another text each time."""


@contextmanager
def together() -> Iterator[None]:
    """On PostgreSQL what is written within is sent without waiting for answers: one journey for all.

    What goes wrong is raised at the latest at the end; whatever is asked within waits for its answer.
    """
    kept, raw = _connection()
    if kept.vendor == "sqlite":
        yield
        return
    with kept.wrap_database_errors, raw.pipeline():
        yield


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


def _connection() -> tuple[BaseDatabaseWrapper, Any]:
    """Django's connection of this thread, and the driver's; each name of the usual proxy would look for it again."""
    kept = connections[DEFAULT_DB_ALIAS]
    if kept.connection is None:
        kept.ensure_connection()
    return kept, kept.connection


def _cursor(raw: Any) -> Any:
    from psycopg import Cursor  # noqa: PLC0415 # only where PostgreSQL is

    return Cursor(raw)  # binds on the server, where Django's own puts values into the text


@lru_cache(maxsize=128)
def _marked(statement: str) -> str:
    return statement.replace("%s", "?")
