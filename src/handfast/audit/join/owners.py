"""Owners by name, whatever a table calls them."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from handfast.audit.column.finish import Finished
from handfast.audit.roles import Kind
from handfast.identity import normal_id

Naming = Callable[[str], str]


def naming(tables: Iterable[Finished]) -> Naming:
    """A look-up of owners' ids in the tables of users; what it does not find stays as it is."""
    names: dict[str, str] = {}
    for table in tables:
        if table.kind is Kind.USERS:
            names |= _names(table)
    return lambda raw: names.get(normal_id(raw), raw)


def _names(table: Finished) -> dict[str, str]:
    columns = [table.words(role) for role in ("id", "name", "first_name", "last_name", "email")]
    found = {}
    for row in range(len(table)):
        key, name, first, last, email = (
            column.words[code] if (code := int(column.codes[row])) >= 0 else "" for column in columns
        )
        shown = name or f"{first} {last}".strip() or email
        if key and shown:
            found[normal_id(key)] = shown
    return found
