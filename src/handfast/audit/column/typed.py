"""A table's rows into one typed column per role."""

from __future__ import annotations

import json
from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from handfast.audit.column.dates import DateColumn, DatePart
from handfast.audit.column.vocabulary import (
    CodePart,
    Empties,
    KeyColumn,
    Keys,
    ManyKeyColumn,
    ManyPart,
    Spelling,
    WordColumn,
)
from handfast.audit.file.record import Batch, Refusal
from handfast.audit.mapping import FileMapping
from handfast.audit.meaning import subject
from handfast.audit.roles import NEEDED, Kind, Role, RoleType, role_of
from handfast.identity import normal_email, normal_id, plain_emails, plain_ids

Column = WordColumn | KeyColumn | ManyKeyColumn | DateColumn
Part = CodePart | ManyPart | DatePart

SPACES = {"id": "", "contact_id": "lead", "other_ids": "lead", "lead_ids": "lead"}
"""Name spaces of ids whose role is not named after them; an ``id`` is of its table's own."""

_OWN_SPACE = {
    Kind.LEADS: "lead",
    Kind.CONTACTS: "lead",
    Kind.EVENTS: "lead",
    Kind.COMPANIES: "company",
    Kind.DEALS: "deal",
    Kind.TOUCHES: "touch",
    Kind.ACTIVITIES: "activity",
}


@dataclass(slots=True)
class KeySpaces:
    """The ids of an export, one name space a kind of record."""

    spaces: dict[str, Keys] = field(default_factory=dict)

    def of(self, name: str) -> Keys:
        """The ids of one kind of record."""
        return self.spaces.setdefault(name, Keys())


@dataclass(slots=True)
class TypedTable:
    """Everything read of one file: a column per role, all of one length, and which line each row began on."""

    mapping: FileMapping
    name: str
    columns: dict[str, Column]
    headers: dict[str, str]  # role → header
    lines: array[int] = field(default_factory=lambda: array("I"))
    refused: int = 0
    stray: int = 0

    def __len__(self) -> int:
        """Rows used."""
        return len(self.lines)


class Filler:
    """Puts batches of rows into the columns of one table; rows without what its kind needs are refused."""

    def __init__(
        self,
        mapping: FileMapping,
        name: str,
        header: tuple[str, ...],
        spaces: KeySpaces,
        empties: Empties,
        unwanted: frozenset[str] = frozenset(),
    ) -> None:
        """``unwanted``: roles whose columns are not taken up."""
        self.table = TypedTable(mapping, name, {}, {})
        self._places: list[tuple[int, Column]] = []
        for place, head in enumerate(header):
            for name_ in mapping.columns.get(head, ()):
                role = role_of(mapping.kind, name_)
                if role is not None and name_ not in self.table.columns and name_ not in unwanted:
                    column = _column(role, mapping.kind, spaces, empties)
                    self._places.append((place, column))
                    self.table.columns[name_] = column
                    self.table.headers[name_] = head
        roles = list(self.table.columns)
        self._needed = [
            [roles.index(name_) for name_ in group if name_ in self.table.columns] for group in NEEDED[mapping.kind]
        ]

    def fill(self, batch: Batch) -> Iterable[Refusal]:
        """Append a batch; returns what was refused, in file order."""
        refused = list(batch.refused)
        if batch.rows:
            cells = list(zip(*batch.rows, strict=True))
            parts = [column.read(cells[place]) for place, column in self._places]
            kept, reasons = self._kept(parts, len(batch.rows))
            refused += [Refusal(batch.lines[row], reason, batch.texts[row]) for row, reason in reasons.items()]
            for (_, column), part in zip(self._places, parts, strict=True):
                column.append(part, kept)  # type: ignore[arg-type] # each column is given the part that it read
            self.table.lines.extend(batch.lines if kept is None else [batch.lines[row] for row in kept])
        self.table.refused += len(refused)
        self.table.stray += batch.stray
        return sorted(refused, key=lambda refusal: refusal.line)

    def _kept(self, parts: Sequence[Part], count: int) -> tuple[NDArray[np.intp] | None, dict[int, str]]:
        """Positions of rows that say what their kind needs (None: all do), and why the others do not."""
        reasons: dict[int, str] = {}
        names = list(self.table.columns)
        for group in self._needed:
            if group:
                says = np.logical_or.reduce([parts[place].says for place in group])
                wanted = " or ".join(names[place] for place in group)
                for row in np.flatnonzero(~says).tolist():
                    reasons.setdefault(row, f"no {wanted} that can be read")
        return (np.setdiff1d(np.arange(count), list(reasons)) if reasons else None), reasons


_IDS = Spelling(normal_id, plain_ids)
_EMAILS = Spelling(normal_email, plain_emails)


def _column(role: Role, kind: Kind, spaces: KeySpaces, empties: Empties) -> Column:
    if role.type is RoleType.INSTANT:
        return DateColumn(empties)
    if role.type is RoleType.EMAIL:
        return KeyColumn(spaces.of("email"), _EMAILS, empties)
    if role.type in {RoleType.KEY, RoleType.KEYS} and kind not in {Kind.USERS, Kind.STAGES}:
        space = spaces.of(_space(role.name, kind))
        make: Callable[..., Column] = KeyColumn if role.type is RoleType.KEY else ManyKeyColumn
        return make(space, _IDS, empties)
    return WordColumn(empties, _THROUGH.get(role.name))


def _new_value(text: str) -> str:
    """The new value of a change, also out of the JSON in which Marketo's bulk extract wraps it."""
    if not text.startswith("{"):
        return text
    try:
        return str(json.loads(text).get("New Value", ""))
    except ValueError:
        return ""


_THROUGH: Mapping[str, Callable[[str], str]] = {"subject": subject, "new_value": _new_value}
"""Roles of which less is kept than the cell holds."""


def _space(role: str, kind: Kind) -> str:
    if role == "id":
        return _OWN_SPACE.get(kind, str(kind))
    return SPACES.get(role) or role.removesuffix("_id").removesuffix("_ids")
