"""Django's own engine, but texts that are a key, or have an index, have one index and not two."""

from __future__ import annotations

from typing import Any

from django.db.backends.postgresql import base, schema

_BY_BEGINNING = frozenset((("facts_fact", "name"),))
"""Columns of long tables that are asked by how a text begins (``facts.queries``): they have the index for that."""


class Schema(schema.DatabaseSchemaEditor):
    """Django makes a second index of each such text, for questions by its beginning; each row is written to all."""

    def _create_like_index_sql(self, model: Any, field: Any) -> Any:
        asked = (model._meta.db_table, field.column) in _BY_BEGINNING  # noqa: SLF001 # Django's documented way to a table
        return super()._create_like_index_sql(model, field) if asked else None  # type: ignore[misc] # no stub has it


class DatabaseWrapper(base.DatabaseWrapper):
    """Which class makes tables."""

    SchemaEditorClass = Schema
