"""The database brought to this version, by one process at a time."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from handfast.errors import HandfastError
from handfast_server.observe.status import newer_says, unapplied, unknown

_LOCK = 0x48414E44
"""The number of PostgreSQL's advisory lock: HAND."""


class NewerDatabase(HandfastError):
    """The database was written by a version after this one."""

    code = "newer_database"


def migrate() -> list[str]:
    """Apply what is missing; gives what was applied. Others who migrate wait, and find nothing to do.

    Raises NewerDatabase.
    """
    with _alone():
        newer = unknown()
        if newer:
            raise NewerDatabase(f"Nothing was changed: {newer_says(newer)}.")
        missing = unapplied()
        if missing:
            call_command("migrate", verbosity=0, interactive=False)
        return missing


@contextmanager
def _alone() -> Iterator[None]:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
            try:
                yield
            finally:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])
        return
    with (Path(settings.HOME) / "migrate.lock").open("w", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
