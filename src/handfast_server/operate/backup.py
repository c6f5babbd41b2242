"""Everything of an installation in one file, as it was at one instant, while the service goes on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import connection, models, transaction
from django.db.migrations.recorder import MigrationRecorder

import handfast
from handfast_server.now import now
from handfast_server.operate import archive
from handfast_server.operate.archive import Manifest, columns_of

_BLOCK = 5000


def backup(path: Path) -> Manifest:
    """Write the file; what is in it. Sessions are left out: who restores a backup signs in again."""
    with archive.writing(path) as whole, _one_instant():
        at = now()
        migrations = tuple(sorted(MigrationRecorder(connection).applied_migrations()))
        for model in tables():
            rows = model._base_manager.order_by("pk").values_list(*columns_of(model))  # noqa: SLF001 # rows, as they are
            whole.add(model, rows.iterator(_BLOCK))
        manifest = Manifest(
            format=archive.FORMAT,
            handfast=handfast.__version__,
            made_at=at,
            database=connection.vendor,
            key=archive.key_mark(),
            migrations=migrations,
            tables=tuple(whole.tables),
        )
        whole.end(manifest)
    return manifest


def tables() -> list[type[models.Model]]:
    """Every model with rows of its own, in the order of their names."""
    found = apps.get_models(include_auto_created=True)
    kept = [
        model
        for model in found
        if model._meta.managed and not model._meta.proxy and not issubclass(model, Session)  # noqa: SLF001
    ]
    return sorted(kept, key=lambda model: model._meta.label_lower)  # noqa: SLF001


@contextmanager
def _one_instant() -> Iterator[None]:
    """Read everything as it is now; writers neither wait nor are waited for."""
    if connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield
        return
    # Django would begin with the write lock; in WAL a reader that begins without it sees one state until it ends.
    with connection.cursor() as cursor:
        cursor.execute("BEGIN DEFERRED")
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")
