"""What a reader has to say aloud: guesses that later figures rest on, and what keeps a file from being used."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from handfast.audit.column.dates import DateColumn
from handfast.audit.column.finish import Finished
from handfast.audit.column.vocabulary import Empties
from handfast.audit.export import SourceFile
from handfast.audit.mapping import ExportMapping
from handfast.audit.recognise import SURE
from handfast.audit.roles import NEEDED, TELLING, Kind, RoleType, role_of
from handfast.audit.stage import Stage
from handfast.audit.systems import KnownTable, header_key
from handfast.errors import ExportRefused
from handfast.identity import normal_email

MOST_LISTED = 6
"""Names in one sentence."""

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


def unfit(mapping: ExportMapping, names: Sequence[str]) -> Iterator[str]:
    """A sentence for every entry of a mapping that fits none of the files.

    Raises ExportRefused when there are entries and none of them fits: the mapping is of another export.
    """
    lost = mapping.unfit(names)
    if lost and len(lost) == len(mapping.files):
        raise ExportRefused(
            f"No entry of the mapping fits a file of this export. Entries: {_listed(lost)}; files: {_listed(names)}."
        )
    for name in lost:
        yield f"The mapping's entry {name} fits no file of this export."


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - MOST_LISTED:,} more" if len(names) > MOST_LISTED else ""
    return ", ".join(names[:MOST_LISTED]) + more


def lacking(header: Sequence[str], known: Sequence[KnownTable]) -> str:
    """What a table that fits nothing has, and what it would need for the kind it comes nearest to.

    Empty when fewer than two of its columns are known.
    """
    found: tuple[int, dict[str, str], list[tuple[str, ...]]] = (1, {}, [])
    keys = {header_key(name): name for name in reversed(header)}
    for table in known:
        has = {role: keys[hit] for role, names in table.columns.items() if (hit := _first(names, keys))}
        missing = [
            group
            for group in (*NEEDED[table.kind], *TELLING.get(table.kind, ()))
            if not {*has, *table.constants} & set(group)
        ]
        telling = table.kind is Kind.LEADS and any(role in STAGES or role.endswith("_at") for role in has)
        score = len(set(has.values())) + telling
        if missing and score > found[0] and not table.without & keys.keys():
            found = score, has, missing
    score, has, missing = found
    if not missing or len(has) < 2:
        return ""
    columns = ", ".join(f"“{name}” ({role})" for role, name in list(has.items())[:MOST_LISTED])
    needed = " and ".join(f"a column for {_either(group)}" for group in missing)
    return f"of its columns {columns} are known, but it lacks {needed}"


def _first(names: Sequence[str], keys: Mapping[str, str]) -> str:
    return next((name for name in names if name in keys), "")


def _either(roles: Sequence[str]) -> str:
    return " or ".join(roles[:MOST_LISTED])


def headless(header: Sequence[str], sample: Sequence[Sequence[str]], empties: Empties) -> tuple[str, bool]:
    """A header cell that is a value, and whether that surely means that the first row is no header.

    An address always does. A date does where the values below it are dates; over numbers it may be a month's column.
    """
    dates = DateColumn(empties)
    doubtful = ""
    for place, cell in enumerate(header):
        if normal_email(cell):
            return cell, True
        if not cell.isdigit() and dates.reads(cell):
            below = [row[place] for row in sample if not empties[row[place]]]
            if not below or sum(map(dates.reads, below)) * 2 >= len(below):
                return cell, True
            doubtful = doubtful or cell
    return doubtful, False


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
