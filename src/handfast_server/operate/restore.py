"""A backup read into a database: brought to the migrations of the backup, filled, and brought to this version."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, models
from django.db.migrations.executor import MigrationExecutor

from handfast_server.decide.transaction import writing
from handfast_server.operate import archive
from handfast_server.operate.archive import ArchiveRefused, Manifest, Reader, Table, columns_of
from handfast_server.operate.backup import tables
from handfast_server.operate.presence import alone
from handfast_server.rosters.models import new_life
from handfast_server.scoreboard import views
from handfast_server.scoreboard.store import forget as forget_snapshot

_BLOCK = 5000
_OF_DJANGO = frozenset(("auth", "contenttypes"))
"""Filled by migrations themselves: their rows make no installation."""


class NotEmpty(ArchiveRefused):
    """A database that holds something."""

    code = "not_empty"


def restore(path: Path, *, replace: bool = False) -> Manifest:
    """Read a backup; what was in it. Raises ArchiveRefused, ServiceRunning, and NotEmpty unless told to ``replace``.

    Rows are written in one transaction: they are all there afterwards, or none.
    """
    with archive.reading(path) as whole, alone():
        whole.check()
        executor = MigrationExecutor(connection)
        targets = _targets(executor, whole.manifest)
        if not replace and (held := _held(executor)):
            raise NotEmpty(
                f"The database holds {held} already. Restore into an empty one, or use --replace to lose what is there."
            )
        if replace:
            _empty_sessions(executor)
        views.drop(connection.alias)  # the last command makes them again
        executor.migrate(targets)
        state = MigrationExecutor(connection).loader.project_state(targets).apps
        with writing():
            _fill(whole, state)
            _live_anew(state)
        call_command("migrate", verbosity=0, interactive=False)
        forget_snapshot()  # it is of what was here before
        return whole.manifest


def _targets(executor: MigrationExecutor, manifest: Manifest) -> list[tuple[str, str]]:
    """The last migration of each app that the backup knows."""
    graph, known = executor.loader.graph, set(manifest.migrations)
    newer = sorted(f"{app}.{name}" for app, name in known if (app, name) not in graph.nodes)
    if newer:
        raise ArchiveRefused(
            f"The backup was made by Handfast {manifest.handfast}, which knows migrations that this version does not "
            f"({newer[0]}). Restore it with that version."
        )
    return [
        node
        for node in sorted(known)
        if not any(child.key in known and child.key[0] == node[0] for child in graph.node_map[node].children)
    ]


def _held(executor: MigrationExecutor) -> str:
    """What is in the way."""
    if not executor.loader.applied_migrations:
        return ""
    there = set(connection.introspection.table_names())
    for model in tables():
        meta = model._meta  # noqa: SLF001 # Django's documented way to a model's table
        if meta.db_table in there and meta.app_label not in _OF_DJANGO and model._base_manager.exists():  # noqa: SLF001
            return f"rows in {meta.db_table}"
    return ""


def _empty_sessions(executor: MigrationExecutor) -> None:
    """Nobody stays signed in to what is replaced."""
    if ("sessions", "0001_initial") in executor.loader.applied_migrations:
        Session.objects.all().delete()


def _fill(whole: Reader, state: Any) -> None:
    found = [(table, state.get_model(table.app, table.model)) for table in whole.manifest.tables]
    with connection.cursor() as cursor:
        for _, model in reversed(found):
            cursor.execute(f"DELETE FROM {_name(model._meta.db_table)}")  # noqa: S608, SLF001 # names of our own models
        for table, model in found:
            if set(table.columns) != set(columns_of(model)):
                raise ArchiveRefused(f"{table.file} has other columns than its migrations say.")
            _write(cursor, whole, table, model)
        for statement in connection.ops.sequence_reset_sql(no_style(), [model for _, model in found]):
            cursor.execute(statement)


def _live_anew(state: Any) -> None:
    """What processes and files keep of the database as it was counts no more."""
    turn = state.get_model("rosters", "turn")
    if any(field.name == "life" for field in turn._meta.fields):  # noqa: SLF001 # as above
        turn.objects.update(life=new_life())


def _write(cursor: Any, whole: Reader, table: Table, model: type[models.Model]) -> None:
    by_name = {field.attname: field for field in model._meta.concrete_fields}  # noqa: SLF001 # as above
    fields: list[Any] = [by_name[name] for name in table.columns]
    columns = ", ".join(_name(field.column) for field in fields)
    prepared = [(place, field.get_db_prep_save) for place, field in enumerate(fields) if not _is_plain(field)]
    rows = (_prepared(row, prepared) for row in whole.rows(table, model))
    target = _name(model._meta.db_table)  # noqa: SLF001 # as above
    if connection.vendor == "postgresql":
        with cursor.copy(f"COPY {target} ({columns}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        return
    places = ", ".join("%s" for _ in fields)
    statement = f"INSERT INTO {target} ({columns}) VALUES ({places})"  # noqa: S608 # names of our own models
    for block in _blocks(rows):
        cursor.executemany(statement, block)


def _is_plain(field: Any) -> bool:
    """Whether values of a field go to the database as they are."""
    target = field.target_field if field.is_relation else field
    return isinstance(target, (models.CharField, models.TextField, models.IntegerField))


def _prepared(row: list[Any], prepared: list[tuple[int, Any]]) -> list[Any]:
    for place, prepare in prepared:
        row[place] = prepare(row[place], connection)
    return row


def _blocks(rows: Iterator[Sequence[Any]]) -> Iterator[list[Sequence[Any]]]:
    while block := list(islice(rows, _BLOCK)):
        yield block


def _name(name: str) -> str:
    return connection.ops.quote_name(name)
