"""Typed columns to arrays, once a whole export is read: here the order of days and months is decided, and said."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from handfast.audit.column.amounts import DecimalMark, decide_mark, hundredths, read_number
from handfast.audit.column.dates import DateColumn, DateOrder
from handfast.audit.column.typed import TypedTable
from handfast.audit.column.vocabulary import KeyColumn, ManyKeyColumn, WordColumn, fold
from handfast.audit.meaning import MEANINGS
from handfast.audit.normal import yes_or_no
from handfast.audit.roles import Kind
from handfast.instant import NEVER
from handfast.measure.columns import Coded, Codes, Instants

T = TypeVar("T", bound=np.generic)


@dataclass(slots=True)
class Finished:
    """A table whose columns can be asked for by role. Deleted records are left out of every answer."""

    table: TypedTable
    zone: str
    orders: Mapping[str, DateOrder] = field(default_factory=dict)  # role → order of its dates
    kept: NDArray[np.bool_] | None = None  # None: all
    explained: dict[str, Callable[[str], str]] = field(default_factory=dict)  # role → meaning that other tables give

    def __post_init__(self) -> None:
        """Leave deleted records out."""
        if self.has("deleted"):
            self.kept = self.flags("deleted") != 1

    @property
    def name(self) -> str:
        """The file."""
        return self.table.name

    def __len__(self) -> int:
        """Rows that are kept."""
        return len(self.table) if self.kept is None else int(self.kept.sum())

    def names(self, words: Sequence[str], keys: Codes, rows: NDArray[np.integer[Any]]) -> list[str]:
        """The ids of some rows; those without one go by file and line."""
        chosen = keys[rows]
        if (chosen >= 0).all():
            return [words[code] for code in chosen.tolist()]
        lines = self._rows(np.array(self.table.lines, dtype=np.int64))[rows].tolist()
        return [
            words[code] if code >= 0 else f"{self.name}:{line}"
            for code, line in zip(chosen.tolist(), lines, strict=True)
        ]

    def has(self, role: str) -> bool:
        """Whether a column or a constant says it."""
        return role in self.table.columns or role in self.table.mapping.constants

    def dates(self) -> dict[str, DateColumn]:
        """Columns of instants, by role."""
        return _dates(self.table)

    def roles(self) -> list[str]:
        """Everything that is said, constants included."""
        return [*self.table.columns, *(role for role in self.table.mapping.constants if role not in self.table.columns)]

    def words(self, role: str, meaning: Callable[[str], str] | None = None) -> Coded:
        """A column of words. The mapping's ``values`` come before ``meaning``."""
        column = self.table.columns.get(role)
        if not isinstance(column, WordColumn):
            return self._constant(role, meaning)
        coded = column.coded(self.meaning(role, meaning))
        return Coded(codes=self._rows(coded.codes), words=coded.words)

    @property
    def kind(self) -> Kind:
        """What its rows are."""
        return self.table.mapping.kind

    @property
    def guessed(self) -> bool:
        """Whether words that the mapping does not explain may be guessed."""
        return self.table.mapping.guessed

    def meaning(self, role: str, otherwise: Callable[[str], str] | None = None) -> Callable[[str], str]:
        """What a word of a column means: by the mapping's ``values``, else ``otherwise``, else by what is known."""
        known = (
            otherwise or self.explained.get(role) or (MEANINGS.get((self.kind, role)) if self.guessed else None) or str
        )
        table = self.table.mapping.values.get(role)
        if not table:
            return known
        folded = {fold(word): said for word, said in table.items()}
        return lambda raw: folded[fold(raw)] if fold(raw) in folded else known(raw)

    def _constant(self, role: str, meaning: Callable[[str], str] | None) -> Coded:
        raw = self.table.mapping.constants.get(role, "")
        word = self.meaning(role, meaning)(raw) if raw else ""
        return Coded(codes=np.full(len(self), 0 if word else -1, dtype=np.int32), words=(word,) if word else ())

    def instants(self, role: str) -> Instants:
        """A column of instants, NEVER where there is none."""
        column = self.table.columns.get(role)
        if not isinstance(column, DateColumn):
            return np.full(len(self), NEVER, dtype=np.int64)
        return self._rows(column.instants(self.orders.get(role, DateOrder.DMY), self.zone))

    def flags(self, role: str) -> NDArray[np.int8]:
        """1 yes, 0 no, -1 unknown."""
        coded = self.words(role, _flag)
        table = np.array([1 if word == "yes" else 0 if word == "no" else -1 for word in coded.words] + [-1], np.int8)
        return table[coded.codes]

    def keys(self, role: str) -> Codes:
        """Codes in the role's name space, -1 where there is none."""
        column = self.table.columns.get(role)
        if not isinstance(column, KeyColumn):
            return np.full(len(self), -1, dtype=np.int32)
        return self._rows(column.codes())

    def pairs(self, role: str) -> tuple[Codes, Codes]:
        """Rows (as they are kept) and the codes they name, for a column of several ids."""
        column = self.table.columns.get(role)
        if not isinstance(column, ManyKeyColumn):
            return np.zeros(0, np.int32), np.zeros(0, np.int32)
        rows, codes = column.pairs()
        if self.kept is None:
            return rows, codes
        place = (np.cumsum(self.kept) - 1).astype(np.int32)
        kept = self.kept[rows]
        return place[rows[kept]], codes[kept]

    def money(self, role: str) -> NDArray[np.int64]:
        """Hundredths, 0 where unknown."""
        return self._numbers(role, lambda text, mark: hundredths(read_number(text, mark)), 0).astype(np.int64)

    def counts(self, role: str) -> NDArray[np.int32]:
        """Whole numbers, -1 where unknown."""
        return self._numbers(role, lambda text, mark: _whole(read_number(text, mark)), -1).astype(np.int32)

    def mark(self, role: str) -> DecimalMark:
        """The decimal mark of a column."""
        decided = self.table.mapping.decimals
        column = self.table.columns.get(role)
        if decided is DecimalMark.AUTO and isinstance(column, WordColumn):
            return decide_mark(column.spellings())[0]
        return DecimalMark.COMMA if decided is DecimalMark.COMMA else DecimalMark.POINT

    def _numbers(self, role: str, read: Callable[[str, DecimalMark], int], missing: int) -> NDArray[np.int64]:
        mark = self.mark(role)
        coded = self.words(role)
        table = np.array([*(read(word, mark) for word in coded.words), missing], dtype=np.int64)
        return table[coded.codes]

    def _rows(self, values: NDArray[T]) -> NDArray[T]:
        return values if self.kept is None else values[self.kept]


def _flag(text: str) -> str:
    said = yes_or_no(text)
    return "" if said is None else "yes" if said else "no"


def _whole(number: Decimal | None) -> int:
    return -1 if number is None else int(number)


def finish(tables: Sequence[TypedTable], zone: str, say: Callable[[str], None]) -> list[Finished]:
    """Decide every column's order of day and month: by itself, else by its file, else by the others, else by zone."""
    everywhere = _sum(column for table in tables for column in _dates(table).values())
    return [_finished(table, table.mapping.zone or zone, everywhere, say) for table in tables]


def _dates(table: TypedTable) -> dict[str, DateColumn]:
    return {role: column for role, column in table.columns.items() if isinstance(column, DateColumn)}


def _sum(columns: Iterable[DateColumn]) -> tuple[int, int, int]:
    found = [column.evidence for column in columns]
    return sum(day for day, _, _ in found), sum(month for _, month, _ in found), sum(both for _, _, both in found)


def _finished(table: TypedTable, zone: str, everywhere: tuple[int, int, int], say: Callable[[str], None]) -> Finished:
    columns = _dates(table)
    here = _sum(columns.values())
    orders: dict[str, DateOrder] = {}
    for role, column in columns.items():
        order, reason = _order(table, column.evidence, here, everywhere, zone)
        orders[role] = order
        if reason and column.evidence[2]:
            header = table.headers[role]
            say(f"{table.name}: dates in “{header}” were read {_named(order)}, {reason}.")
        if column.unread_rows:
            examples = ", ".join(f"“{text}”" for text in list(column.unread)[:2])
            count = column.unread_rows
            say(f"{table.name}: {count:,} values of “{table.headers[role]}” are no dates ({examples}) and left out.")
    return Finished(table, zone, orders)


def _order(
    table: TypedTable,
    own: tuple[int, int, int],
    here: tuple[int, int, int],
    everywhere: tuple[int, int, int],
    zone: str,
) -> tuple[DateOrder, str]:
    """The order, and why where the column itself did not prove it."""
    if table.mapping.dates is not DateOrder.AUTO:
        return table.mapping.dates, ""
    if own[0] and own[1]:
        order = DateOrder.MDY if own[1] > own[0] else DateOrder.DMY
        return (
            order,
            f"as {max(own[:2]):,} of its dates prove; {min(own[:2]):,} prove the other order and were read so",
        )
    for evidence, reason in (
        (own, ""),
        (here, ""),
        (everywhere, "as the other files are"),
    ):
        if evidence[0] != evidence[1]:
            return (DateOrder.MDY if evidence[1] > evidence[0] else DateOrder.DMY), reason
    order = DateOrder.MDY if zone.startswith(("America/", "US/")) and zone != "America/Sao_Paulo" else DateOrder.DMY
    return order, f"an assumption after the zone {zone}, as no date proves an order"


def _named(order: DateOrder) -> str:
    return "month first" if order is DateOrder.MDY else "day first"


def date_order(finished: Finished) -> str:
    """For the report: the order met in a file; ``iso`` where every date says it itself, empty without dates."""
    columns = _dates(finished.table)
    filled = {role: column for role, column in columns.items() if column.filled}
    found = {finished.orders[role] for role, column in filled.items() if any(column.evidence)}
    if found:
        return "/".join(sorted(found))
    return "iso" if filled else ""


def date_only(finished: Finished) -> set[str]:
    """Roles of instants whose every value is a date without a time of day."""
    return {role for role, column in _dates(finished.table).items() if column.filled and not column.timed}
