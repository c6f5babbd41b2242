"""What a file is and what its columns say, judged by header and content; every guess with its reason."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from handfast.audit.column.amounts import read_number
from handfast.audit.column.dates import DateColumn
from handfast.audit.column.vocabulary import Empties, fold
from handfast.audit.export import Guess
from handfast.audit.file.parquet import ParquetTable
from handfast.audit.file.table import Table
from handfast.audit.hints import stage_of_header
from handfast.audit.mapping import FileMapping
from handfast.audit.normal import table as words_of
from handfast.audit.normal import yes_or_no
from handfast.audit.roles import NEEDED, TELLING, Kind, RoleType, role_of
from handfast.audit.systems import KnownTable, header_key, known_tables
from handfast.identity import normal_email

LEAST = 4.0  # below this nothing speaks for a table but chance
SURE = 0.95  # the header is the system's own
CONTENT_AGREES = 0.99
EMPTY = 0.8  # the header is known, the sample holds nothing to check it by
BY_WORDS = 0.7  # words in the header and the values agree
BY_CONTENT = 0.6  # the values alone
SALESFORCE_ID = re.compile(r"[A-Za-z0-9]{15}(?:[A-Z0-5]{3})?")


@dataclass(frozen=True, slots=True)
class Recognised:
    """What one file was taken for, with a guess a column."""

    mapping: FileMapping
    confidence: float
    reason: str
    guesses: tuple[Guess, ...]


@dataclass(frozen=True, slots=True)
class _Sample:
    """A table's headers, their keys, and the first values under each."""

    headers: tuple[str, ...]
    keys: tuple[str, ...]
    rows: Sequence[Sequence[str]]
    file: str
    empties: Empties

    def filled(self, place: int) -> list[str]:
        """The values of a column that say something."""
        return [row[place] for row in self.rows if not self.empties[row[place]]]


def recognise(table: Table | ParquetTable, empties: Empties) -> Recognised | None:
    """The known table that fits best, with content asked where headers say nothing; None when nothing fits."""
    keys = tuple(header_key(header) for header in table.header)
    sample = _Sample(table.header, keys, table.sample, table.source.name.rpartition("/")[2], empties)
    scored = [(_score(known, sample), known) for known in known_tables()]
    score, known = max(scored, key=lambda pair: pair[0])
    if score >= LEAST:
        return _applied(known, sample)
    return _by_content_alone(sample)


def _score(known: KnownTable, sample: _Sample) -> float:
    """How much speaks for a table; 0 when it cannot be it."""
    present = set(sample.keys)
    marked = len(known.marks & present)
    if known.without & present or not _has_needed(known, present) or (known.kind is Kind.IGNORE and not marked):
        return 0.0
    roles = sum(any(key in present for key in names) for names in known.columns.values())
    named = any(word in sample.file.casefold() for word in known.file)
    fit = _ids_fit(known, sample)
    return 0.0 if fit < 0 else roles + 3 * marked + 4 * named + 6 * fit


def _has_needed(known: KnownTable, present: set[str]) -> bool:
    groups = (*NEEDED[known.kind], *TELLING.get(known.kind, ()))
    constant = set(known.constants)
    return all(
        any(role in constant or any(key in present for key in known.columns.get(role, ())) for role in group)
        for group in groups
    )


def _ids_fit(known: KnownTable, sample: _Sample) -> int:
    """1 when the ids in the table begin as this one's do, -1 when they are of another of its tables, else 0."""
    place = next((sample.keys.index(key) for key in ("id", *known.columns.get("id", ())) if key in sample.keys), None)
    ids = sample.filled(place)[:50] if place is not None and known.ids else []
    if not _begin(ids, ("0",)):
        return 0
    return 1 if _begin(ids, known.ids) else -1


def _begin(ids: Sequence[str], prefixes: tuple[str, ...]) -> bool:
    return bool(ids) and all(SALESFORCE_ID.fullmatch(key.strip()) and key.strip().startswith(prefixes) for key in ids)


class _Guesses:
    """A guess a column; a role is given once."""

    def __init__(self, sample: _Sample) -> None:
        self.sample = sample
        self.of = {header: Guess(header, "", 0.0, "nothing that an audit reads") for header in sample.headers}

    def taken(self, role: str) -> bool:
        """Whether a column has the role."""
        return any(guess.role == role for guess in self.of.values())

    def free(self) -> list[int]:
        """Places of columns without a role."""
        return [place for place, header in enumerate(self.sample.headers) if not self.of[header].role]

    def put(self, place: int, role: str, confidence: float, reason: str) -> None:
        """Note a guess; an empty role says why a column was not taken."""
        header = self.sample.headers[place]
        if not self.of[header].role:
            self.of[header] = Guess(header, role, round(confidence, 2), reason)

    def columns(self) -> dict[str, tuple[str, ...]]:
        """Header → roles."""
        return {guess.header: (guess.role,) for guess in self.of.values() if guess.role}


def _applied(known: KnownTable, sample: _Sample) -> Recognised:
    guesses = _Guesses(sample)
    for role, names in known.columns.items():
        for key in names:
            if key in sample.keys and _check(guesses, sample.keys.index(key), role, known):
                break
    if known.kind is Kind.LEADS:
        _by_words(guesses)
        _by_content(guesses)
    return _recognised(known, guesses)


def _recognised(known: KnownTable, guesses: _Guesses) -> Recognised:
    columns = {
        header: (*roles, *(more for role in roles for more in known.also.get(role, ())))
        for header, roles in guesses.columns().items()
    }
    mapping = FileMapping(
        file=guesses.sample.file,
        kind=known.kind,
        title=known.title,
        columns=columns,
        values={role: dict(words) for role, words in known.values.items()},
        constants=dict(known.constants),
        delivered_on_inquiry=known.delivered_on_inquiry,
        guessed=True,
    )
    marked = len(known.marks & set(guesses.sample.keys))
    confidence = min(0.99, 0.5 + 0.1 * marked + 0.03 * len(columns))
    reason = f"{len(columns)} of {len(guesses.sample.headers)} columns are those of {known.title}"
    return Recognised(mapping, round(confidence, 2), reason, tuple(guesses.of.values()))


def _check(guesses: _Guesses, place: int, role: str, known: KnownTable) -> bool:
    """Hold the guess that a header suggests against the values below it; True when it stands."""
    if guesses.of[guesses.sample.headers[place]].role:
        return False
    filled = guesses.sample.filled(place)
    if not filled:
        guesses.put(place, role, EMPTY, f"a header of {known.title}; no values to check it by")
        return True
    share = fits(role, known.kind, filled, guesses.sample.empties)
    if share < 0.5:
        guesses.put(place, "", 1 - share, f"the header says {role}, {1 - share:.0%} of the values do not")
        return False
    confidence = SURE + (CONTENT_AGREES - SURE) * share
    guesses.put(place, role, confidence, f"a header of {known.title}; {share:.0%} of the values fit")
    return True


def _number(text: str) -> bool:
    return read_number(text) is not None


_FITS: Mapping[RoleType, Callable[[str], bool]] = MappingProxyType(
    {
        RoleType.EMAIL: lambda text: bool(normal_email(text)),
        RoleType.YES_NO: lambda text: yes_or_no(text) is not None,
        RoleType.NUMBER: _number,
        RoleType.MONEY: _number,
        RoleType.KEY: lambda text: len(text) <= 80 and "\n" not in text,
    }
)


def fits(role: str, kind: Kind, texts: Sequence[str], empties: Empties) -> float:
    """The share of texts that can be read in a role; 0 for a role that the kind does not know."""
    found = role_of(kind, role)
    if found is None or not texts:
        return 0.0
    if found.type is RoleType.INSTANT:
        return _share(DateColumn(empties).reads, texts)
    test = _FITS.get(found.type)
    return _share(test, texts) if test else 1.0


def _share(test: Callable[[str], bool], texts: Sequence[str]) -> float:
    return sum(map(test, texts)) / len(texts)


def _by_words(guesses: _Guesses) -> None:
    """Dates of stages under headers of the company's own: ``Date of SAL``, ``MQL Timestamp``."""
    dates = DateColumn(guesses.sample.empties)
    for place in guesses.free():
        role = stage_of_header(guesses.sample.headers[place])
        filled = guesses.sample.filled(place)
        if not role or guesses.taken(role) or not filled or all(text.isdigit() for text in filled):
            continue
        share = _share(dates.reads, filled)
        if share >= 0.8:
            guesses.put(place, role, BY_WORDS, f"a word in the header; {share:.0%} of the values are dates")


def _known_stage(text: str) -> bool:
    plain = fold(text).replace("_", "").replace(" ", "")
    return plain in {
        "mql",
        "sql",
        "sal",
        "marketingqualifiedlead",
        "salesqualifiedlead",
        "salesacceptedlead",
        "opportunity",
    }


_CONTENT: tuple[tuple[str, Callable[[str], bool], float, str], ...] = (
    ("email", lambda text: bool(normal_email(text)), 0.8, "e-mail addresses"),
    ("country", lambda text: len(text) > 2 and fold(text) in words_of("countries"), 0.9, "names of countries"),
    ("stage", _known_stage, 0.3, "stages of a funnel"),
)


def _by_content(guesses: _Guesses) -> None:
    """Columns whose values speak, whatever stands above them."""
    for role, test, least, what in _CONTENT:
        if guesses.taken(role):
            continue
        shares = [(_share(test, filled), place) for place in guesses.free() if (filled := guesses.sample.filled(place))]
        share, place = max(shares, default=(0.0, 0))
        if share >= least:
            guesses.put(place, role, BY_CONTENT, f"{share:.0%} of the values are {what}")
    if not guesses.taken("id"):
        _id_by_content(guesses)


def _id_by_content(guesses: _Guesses) -> None:
    """Ids of Salesforce leads, or a column whose every value is another and whose header says id or number."""
    for place in guesses.free():
        filled = guesses.sample.filled(place)
        if _begin(filled, ("00Q",)):
            guesses.put(place, "id", 0.9, "every value is the id of a Salesforce lead")
            return
    for place in guesses.free():
        filled = guesses.sample.filled(place)
        named = re.search(r"(?:^|[\s_-])(?:id|nr|no|number|key|guid)\.?$", guesses.sample.headers[place], re.IGNORECASE)
        if named and filled and len(set(filled)) == len(filled) == len(guesses.sample.rows):
            guesses.put(place, "id", BY_CONTENT, "every value is another, and the header says that it is an id")
            return


def _by_content_alone(sample: _Sample) -> Recognised | None:
    """A table whose headers say nothing, but which holds addresses or lead ids, and a date."""
    guesses = _Guesses(sample)
    _by_content(guesses)
    sure = {guess.role for guess in guesses.of.values() if guess.confidence >= BY_CONTENT}
    if "email" not in sure and not any(
        guess.role == "id" and guess.confidence > BY_CONTENT for guess in guesses.of.values()
    ):
        return None
    _by_words(guesses)
    if not _has_milestone(guesses.columns().values()):
        _first_date(guesses)
    if not _has_milestone(guesses.columns().values()):
        return None
    known = KnownTable("a table of leads, by its content", "", Kind.LEADS, (), frozenset(), frozenset(), {}, {}, {})
    return _recognised(known, guesses)


def _has_milestone(columns: Iterable[tuple[str, ...]]) -> bool:
    return any(role == "stage" or role.endswith("_at") for roles in columns for role in roles)


def _first_date(guesses: _Guesses) -> None:
    """The first column of dates is taken for when a lead began."""
    dates = DateColumn(guesses.sample.empties)
    for place in guesses.free():
        filled = guesses.sample.filled(place)
        if filled and not all(text.isdigit() for text in filled) and _share(dates.reads, filled) >= 0.8:
            guesses.put(place, "inquiry_at", 0.5, "the first column of dates")
            return
