"""What a reader has to say aloud: guesses that later figures rest on, and what keeps a file from being used."""

from __future__ import annotations

from collections.abc import Iterator

from handfast.audit.column.dates import DateColumn
from handfast.audit.column.finish import Finished
from handfast.audit.export import SourceFile, Stage
from handfast.audit.recognise import SURE
from handfast.audit.roles import RoleType, role_of

STAGES = frozenset({"stage", "status", "state", *Stage})
"""Roles that say a stage without an instant."""


def unsure(file: SourceFile, table: Finished) -> Iterator[str]:
    """A sentence for every column taken for an instant or a stage on less than the system's own header."""
    for guess in file.guesses:
        roles = [role for role in guess.role.split(", ") if _counts(table, role)]
        if roles and guess.confidence < SURE:
            meaning = " and ".join(title for role in roles if (title := _title(table, role)))
            yield (
                f"{file.name}: “{guess.header}” was read as {' and '.join(roles)}, {meaning} ({guess.reason}); "
                "a mapping file can say otherwise."
            )


def _counts(table: Finished, role: str) -> bool:
    """Whether a role is of a stage or an instant, and its column says anything."""
    found = role_of(table.kind, role)
    if found is None or not (found.type is RoleType.INSTANT or role in STAGES):
        return False
    column = table.table.columns.get(role)
    return bool(column.filled) if isinstance(column, DateColumn) else column is not None


def _title(table: Finished, role: str) -> str:
    found = role_of(table.kind, role)
    return found.title if found else ""
