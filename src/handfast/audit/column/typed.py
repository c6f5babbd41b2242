"""A table's rows into one typed column per role."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from handfast.audit.column.dates import DateColumn
from handfast.audit.column.identity import normal_email, normal_id
from handfast.audit.column.vocabulary import Empties, KeyColumn, Keys, ManyKeyColumn, WordColumn
from handfast.audit.file.record import Batch, Refusal
from handfast.audit.mapping import FileMapping
from handfast.audit.meaning import subject
from handfast.audit.roles import NEEDED, Kind, Role, RoleType, role_of

Column = WordColumn | KeyColumn | ManyKeyColumn | DateColumn

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
    Kind.USERS: "user",
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
        self, mapping: FileMapping, name: str, header: tuple[str, ...], spaces: KeySpaces, empties: Empties
    ) -> None:
        self.table = TypedTable(mapping, name, {}, {})
        self._places: list[tuple[int, Column]] = []
        self._empties = empties
        by_role: dict[str, int] = {}
        for place, head in enumerate(header):
            for name_ in mapping.columns.get(head, ()):
                role = role_of(mapping.kind, name_)
                if role is not None and name_ not in by_role:
                    by_role[name_] = place
                    column = _column(role, mapping.kind, spaces, empties)
                    self._places.append((place, column))
                    self.table.columns[name_] = column
                    self.table.headers[name_] = head
        self._needed = [
            [(by_role[name_], role_of(mapping.kind, name_)) for name_ in group if name_ in by_role]
            for group in NEEDED[mapping.kind]
        ]

    def fill(self, batch: Batch) -> Iterable[Refusal]:
        """Append a batch; returns what was refused, in file order."""
        refused = list(batch.refused)
        if batch.rows:
            refused += self._drop(batch)
        if batch.rows:
            columns = list(zip(*batch.rows, strict=True))
            for place, column in self._places:
                column.extend(columns[place])
            self.table.lines.extend(batch.lines)
        self.table.refused += len(refused)
        self.table.stray += batch.stray
        return sorted(refused, key=lambda refusal: refusal.line)

    def _drop(self, batch: Batch) -> list[Refusal]:
        """Take rows out that lack what is needed."""
        reasons: dict[int, str] = {}
        columns = list(zip(*batch.rows, strict=True))
        for group in self._needed:
            for row in self._lacking(group, columns, len(batch.rows)):
                names = " or ".join(role.name for _, role in group if role)
                reasons.setdefault(row, f"no {names} that can be read")
        if not reasons:
            return []
        dropped = [Refusal(batch.lines[row], reason, batch.texts[row]) for row, reason in reasons.items()]
        kept = [row for row in range(len(batch.rows)) if row not in reasons]
        batch.rows = [batch.rows[row] for row in kept]
        batch.lines = [batch.lines[row] for row in kept]
        batch.texts = [batch.texts[row] for row in kept]
        return dropped

    def _lacking(self, group: list[tuple[int, Role | None]], columns: list[tuple[str, ...]], count: int) -> list[int]:
        """Rows in which no column of the group says anything."""
        lacking = list(range(count)) if group else []
        for place, role in group:
            says, column = _reader(role, self._empties), columns[place]
            lacking = [row for row in lacking if not says(column[row])]
        return lacking


def _column(role: Role, kind: Kind, spaces: KeySpaces, empties: Empties) -> Column:
    if role.type is RoleType.INSTANT:
        return DateColumn(empties)
    if role.type is RoleType.EMAIL:
        return KeyColumn(spaces.of("email"), normal_email, empties)
    if role.type in {RoleType.KEY, RoleType.KEYS}:
        space = spaces.of(_space(role.name, kind))
        make: Callable[..., Column] = KeyColumn if role.type is RoleType.KEY else ManyKeyColumn
        return make(space, normal_id, empties)
    return WordColumn(empties, subject if role.name == "subject" else None)


def _space(role: str, kind: Kind) -> str:
    if role == "id":
        return _OWN_SPACE.get(kind, str(kind))
    return SPACES.get(role) or role.removesuffix("_id").removesuffix("_ids")


def _reader(role: Role | None, empties: Empties) -> Callable[[str], bool]:
    """Whether a text says anything in a role."""
    if role is not None and role.type is RoleType.INSTANT:
        probe = DateColumn(empties)
        return lambda text: not empties[text] and probe.reads(text)
    if role is not None and role.type is RoleType.EMAIL:
        return lambda text: bool(normal_email(text))
    return lambda text: not empties[text]
