"""Many rows in one statement: a tenth of the cost of making a model of each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

import orjson
from django.db import connection, models

from handfast_server.decide.sql import many, run

_FEW = 3
"""Up to so many rows PostgreSQL is told one by one; more go as one document, at a fifth of the cost."""


def put(model: type[models.Model], columns: tuple[str, ...], rows: Sequence[Any], *, by: tuple[str, ...] = ()) -> None:
    """Insert rows, or replace those that are there. ``by``: the columns that are unique; the key when not given.

    Of several rows with one key the last stays.
    """
    if len(rows) <= _FEW or connection.vendor == "sqlite":
        many(_statement(model, columns, by, "update"), rows)
        return
    places = [columns.index(name) for name in by or (_key(model),)]
    last = {tuple(row[place] for place in places): row for row in rows}
    run(_from_document(model, columns, by, "update"), [_document(last.values())])


def add(model: type[models.Model], columns: tuple[str, ...], rows: Sequence[Any], *, anew: bool = False) -> None:
    """Insert rows; one that is there already stays as it is, or is an IntegrityError when all have to be ``anew``."""
    conflict = "error" if anew else "nothing"
    if len(rows) <= _FEW or connection.vendor == "sqlite":
        many(_statement(model, columns, (), conflict), rows)
        return
    run(_from_document(model, columns, (), conflict), [_document(rows)])


def change(model: type[models.Model], columns: tuple[str, ...], rows: Sequence[Any]) -> None:
    """Change rows that are there; the first column is their key."""
    if len(rows) <= _FEW or connection.vendor == "sqlite":
        many(_update(model, columns), [(*row[1:], row[0]) for row in rows])
        return
    run(_update_from_document(model, columns), [_document(rows)])


def _document(rows: Iterable[Any]) -> str:
    return orjson.dumps(list(rows), default=str).decode()


def _key(model: type[models.Model]) -> str:
    name: str = model._meta.pk.name  # noqa: SLF001 # as below
    return name


@cache
def _statement(model: type[models.Model], columns: tuple[str, ...], by: tuple[str, ...], conflict: str) -> str:
    meta = model._meta  # noqa: SLF001 # Django's documented way to a model's columns
    named = {field.name: f'"{field.column}"' for field in meta.concrete_fields}  # some are words of SQL, as "end" is
    names = [named[column] for column in columns]
    key = [named[column] for column in by or (meta.pk.name,)]
    row = ", ".join("%s" for _ in names)
    insert = f"INSERT INTO {meta.db_table} ({', '.join(names)}) VALUES ({row})"  # noqa: S608 # names of our own models
    return insert + _on_conflict(names, key, conflict)


def _on_conflict(names: list[str], key: list[str], conflict: str) -> str:
    if conflict == "error":
        return ""
    if conflict == "nothing":
        return " ON CONFLICT DO NOTHING"
    rest = ", ".join(f"{name} = excluded.{name}" for name in names if name not in key)
    return f" ON CONFLICT ({', '.join(key)}) DO UPDATE SET {rest}"


@cache
def _from_document(model: type[models.Model], columns: tuple[str, ...], by: tuple[str, ...], conflict: str) -> str:
    table, names, values = _typed(model, columns)
    key = [names[columns.index(name)] for name in by or (_key(model),)] if conflict == "update" else []
    insert = f"INSERT INTO {table} ({', '.join(names)}) SELECT {', '.join(values)} {_ROWS}"  # as above
    return insert + _on_conflict(names, key, conflict)


_ROWS = "FROM jsonb_array_elements(%s::jsonb) AS told (r)"


def _typed(model: type[models.Model], columns: tuple[str, ...]) -> tuple[str, list[str], list[str]]:
    """Table, names of columns, and each value of a row of a document as the type of its column."""
    meta = model._meta  # noqa: SLF001 # Django's documented way to a model's columns
    found = {field.name: field for field in meta.concrete_fields}
    names = [f'"{found[name].column}"' for name in columns]
    kinds = [_cast(found[name]) for name in columns]
    return meta.db_table, names, [f"(r->>{place})::{kind}" for place, kind in enumerate(kinds)]


def _cast(field: Any) -> str:
    kind: str = field.rel_db_type(connection) if field.is_relation else field.db_type(connection)
    return kind.partition(" CHECK")[0]


@cache
def _update(model: type[models.Model], columns: tuple[str, ...]) -> str:
    table, names, _ = _typed(model, columns)
    told = ", ".join(f"{name} = %s" for name in names[1:])
    return f"UPDATE {table} SET {told} WHERE {names[0]} = %s"  # noqa: S608 # names of our own models


@cache
def _update_from_document(model: type[models.Model], columns: tuple[str, ...]) -> str:
    table, names, values = _typed(model, columns)
    told = ", ".join(f"{name} = {value}" for name, value in zip(names[1:], values[1:], strict=True))
    return f"UPDATE {table} SET {told} {_ROWS} WHERE {table}.{names[0]} = {values[0]}"  # noqa: S608 # as above
