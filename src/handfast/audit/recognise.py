"""What a file is and what its columns say, judged by header and content; every guess with its reason."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from handfast.audit.column.amounts import read_number
from handfast.audit.column.dates import DateColumn
from handfast.audit.column.identity import normal_email
from handfast.audit.column.vocabulary import Empties
from handfast.audit.export import Guess
from handfast.audit.file.table import Table
from handfast.audit.mapping import FileMapping
from handfast.audit.normal import yes_or_no
from handfast.audit.roles import NEEDED, Kind, RoleType, role_of
from handfast.audit.systems import KnownTable, header_key, known_tables

SURE = 0.95  # the header is the system's own
CONTENT_AGREES = 0.99
EMPTY = 0.8  # the header is known, the sample holds nothing to check it by
SALESFORCE_ID = re.compile(r"[A-Za-z0-9]{15}(?:[A-Z0-5]{3})?")


@dataclass(frozen=True, slots=True)
class Recognised:
    """What one file was taken for, with a guess a column."""

    mapping: FileMapping
    confidence: float
    reason: str
    guesses: tuple[Guess, ...]


def recognise(table: Table, empties: Empties) -> Recognised | None:
    """The known table that fits best, or None when none does."""
    keys = [header_key(header) for header in table.header]
    best: tuple[float, KnownTable] | None = None
    for known in known_tables():
        score = _score(known, keys, table)
        if score > 0 and (best is None or score > best[0]):
            best = (score, known)
    return _applied(best[1], keys, table, empties) if best else None


def _score(known: KnownTable, keys: Sequence[str], table: Table) -> float:
    """How much speaks for a table; 0 when it cannot be it."""
    present = set(keys)
    if known.without & present or not _has_needed(known, present):
        return 0.0
    roles = sum(any(key in present for key in names) for names in known.columns.values())
    name = table.source.name.rpartition("/")[2].casefold()
    named = any(word in name for word in known.file)
    return roles + 3 * len(known.marks & present) + 4 * named + 6 * _ids_fit(known, keys, table)


def _has_needed(known: KnownTable, present: set[str]) -> bool:
    return all(
        any(key in present for role in group for key in known.columns.get(role, ()))
        for group in NEEDED[known.kind]
    )


def _ids_fit(known: KnownTable, keys: Sequence[str], table: Table) -> bool:
    """Whether the ids in the table begin as this system's do."""
    place = next((keys.index(key) for key in known.columns.get("id", ()) if key in keys), None)
    if place is None or not known.ids:
        return False
    ids = [row[place] for row in table.sample[:50] if row[place]]
    return bool(ids) and all(SALESFORCE_ID.fullmatch(key) and key.startswith(known.ids) for key in ids)


def _applied(known: KnownTable, keys: Sequence[str], table: Table, empties: Empties) -> Recognised:
    guesses = {header: Guess(header, "", 0.0, "nothing an audit reads") for header in table.header}
    for role, names in known.columns.items():
        for name in names:
            if name not in keys:
                continue
            place = keys.index(name)
            header = table.header[place]
            guess = _checked(header, role, known, [row[place] for row in table.sample], empties)
            if guess.role and not guesses[header].role:
                guesses[header] = guess
                break
            if not guesses[header].role:
                guesses[header] = guess
    columns = {guess.header: (guess.role,) for guess in guesses.values() if guess.role}
    mapping = FileMapping(
        file=table.source.name.rpartition("/")[2],
        kind=known.kind,
        title=known.title,
        columns=columns,
        values={role: dict(words) for role, words in known.values.items()},
        constants=dict(known.constants),
    )
    marked = len(known.marks & set(keys))
    confidence = min(0.99, 0.5 + 0.1 * marked + 0.03 * len(columns))
    reason = f"{len(columns)} of its columns are those of {known.title}"
    return Recognised(mapping, confidence, reason, tuple(guesses.values()))


def _checked(header: str, role: str, known: KnownTable, texts: Sequence[str], empties: Empties) -> Guess:
    """The guess that the header suggests, held against the values below it."""
    filled = [text for text in texts if not empties[text]]
    if not filled:
        return Guess(header, role, EMPTY, f"a header of {known.title}; no values to check it by")
    share = fits(role, known.kind, filled, empties)
    if share < 0.5:
        return Guess(header, "", share, f"the header says {role}, {1 - share:.0%} of the values do not")
    confidence = SURE + (CONTENT_AGREES - SURE) * share
    return Guess(header, role, confidence, f"a header of {known.title}; {share:.0%} of the values fit")


def fits(role: str, kind: Kind, texts: Sequence[str], empties: Empties) -> float:
    """The share of texts that can be read in a role."""
    found = role_of(kind, role)
    if found is None:
        return 0.0
    if found.type is RoleType.INSTANT:
        column = DateColumn(empties)
        return sum(map(column.reads, texts)) / len(texts)
    tests = {
        RoleType.EMAIL: lambda text: bool(normal_email(text)),
        RoleType.YES_NO: lambda text: yes_or_no(text) is not None,
        RoleType.NUMBER: lambda text: read_number(text) is not None,
        RoleType.MONEY: lambda text: read_number(text) is not None,
        RoleType.KEY: lambda text: len(text) <= 80 and "\n" not in text,  # noqa: PLR2004
    }
    test = tests.get(found.type)
    return sum(map(test, texts)) / len(texts) if test else 1.0
