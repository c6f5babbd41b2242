"""The same table in any dialect is the same export; damage refuses the damaged rows and no others."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import io
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.examples import examples

from handfast.audit import Export, read_export

from .conftest import stages, words

HEADER = ("Lead ID", "Email", "Created Date", "MQL Date", "Lead Source", "Company", "Lead Status", "Notes")
ENCODINGS = {
    "utf-8": b"",
    "utf-8-sig": b"",
    "utf-16": b"",  # with a mark, of this machine's order
    "utf-16-le": b"",  # without a mark
    "utf-16-be": b"",
    "cp1252": b"",
}
DATES = {
    "iso": "%Y-%m-%d %H:%M:%S",
    "iso T": "%Y-%m-%dT%H:%M:%S",
    "iso Z": "%Y-%m-%dT%H:%M:%S.000Z",
    "iso offset": "%Y-%m-%dT%H:%M:%S+0000",
    "dmy": "%d/%m/%Y %H:%M:%S",
    "dmy dots": "%d.%m.%Y %H:%M:%S",
    "mdy": "%m/%d/%Y %I:%M:%S %p",
    "mdy comma": "%m/%d/%Y, %I:%M:%S %p",
    "two digits": "%d/%m/%y %H:%M:%S",
    "named": "%d %b %Y %H:%M:%S",
    "american": "%B %d, %Y %I:%M:%S %p",
}


def at(*parts: int) -> dt.datetime:
    return dt.datetime(*parts, tzinfo=dt.UTC)  # type: ignore[misc, arg-type] # year, month, day, hour, minute


@dataclass(frozen=True)
class Dialect:
    encoding: str = "utf-8"
    delimiter: str = ","
    dates: str = "iso"
    quoting: int = csv.QUOTE_MINIMAL
    end: str = "\n"
    packed: bool = False


@dataclass(frozen=True)
class Lead:
    created: dt.datetime
    mql: dt.datetime | None
    source: str
    company: str
    status: str
    note: str


TEXT = st.text(alphabet="abZ ,;\t|\"\n'äé€-", max_size=6)
MOMENT = st.integers(0, 280_000_000).map(lambda seconds: at(2019, 1, 1) + dt.timedelta(seconds=seconds))
LEAD = st.builds(
    Lead,
    MOMENT,
    st.none() | MOMENT,
    st.sampled_from(["Web", "Trade Show", "web", "Select", ""]),
    TEXT,
    st.sampled_from(["Open", "Closed - Not Converted", "Working"]),
    TEXT,
)
# One date that only one order can read: without it no order is proved, and a table may be read another way.
PROOF = Lead(at(2026, 3, 25, 9), at(2026, 3, 26, 9), "Web", "Proof", "Open", "")
TABLE = st.lists(LEAD, max_size=8).map(lambda leads: [PROOF, *leads])
DIALECT = st.builds(
    Dialect,
    st.sampled_from(sorted(ENCODINGS)),
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from(sorted(DATES)),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    st.sampled_from(["\n", "\r\n"]),
    st.booleans(),
)


def rows(leads: list[Lead], dates: str) -> list[list[str]]:
    def said(moment: dt.datetime | None) -> str:
        return moment.strftime(DATES[dates]) if moment else ""

    return [
        [str(number), f"p{number}@acme.example", said(lead.created), said(lead.mql), *texts(lead)]
        for number, lead in enumerate(leads, start=1)
    ]


def texts(lead: Lead) -> list[str]:
    return [lead.source, lead.company, lead.status, lead.note]


def lines(table: list[list[str]], dialect: Dialect) -> list[str]:
    """Each record as it stands in the file, the header first."""
    written = []
    for row in [list(HEADER), *table]:
        buffer = io.StringIO()
        quoting: Any = dialect.quoting
        csv.writer(buffer, delimiter=dialect.delimiter, quoting=quoting, lineterminator="\n").writerow(row)
        written.append(buffer.getvalue()[:-1])
    return written


def read(records: list[str], dialect: Dialect) -> tuple[Export, list[list[str]]]:
    """The export of some records, and what was refused."""
    content = (dialect.end.join(records) + dialect.end).encode(dialect.encoding, "surrogateescape")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / ("leads.csv.gz" if dialect.packed else "leads.csv")
        path.write_bytes(gzip.compress(content, 1) if dialect.packed else content)
        refused = Path(folder) / "refused.csv"
        export = read_export([path], zone="UTC", refused_to=refused)
        if not refused.exists():
            return export, []
        with refused.open(encoding="utf-8-sig", newline="") as file:
            return export, list(csv.reader(file))[1:]


def told(export: Export) -> dict[str, object]:
    """Everything a table of leads can say."""
    return {
        "key": export.key,
        **stages(export),
        "source": words(export.source),
        "company": words(export.attributes["company"]),
        "only": export.date_only,
    }


@settings(max_examples=examples(60))
@given(TABLE, DIALECT)
def test_any_dialect_is_the_same_export(leads: list[Lead], dialect: Dialect) -> None:
    plain, _ = read(lines(rows(leads, "iso"), Dialect()), Dialect())
    other, refused = read(lines(rows(leads, dialect.dates), dialect), dialect)
    assert refused == []
    assert told(other) == told(plain)
    assert len(other) == len(leads)


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("dates", DATES)
def test_every_charset_with_every_way_to_write_dates(encoding: str, dates: str) -> None:
    leads = [PROOF, Lead(at(2026, 4, 3, 17, 5), None, "Trade Show", "Müller & Söhne", "Open", "a\nb")]
    dialect = Dialect(encoding=encoding, dates=dates, delimiter=";")
    export, refused = read(lines(rows(leads, dates), dialect), dialect)
    assert refused == []
    assert stages(export)["inquiry"] == ["2026-03-25 09:00", "2026-04-03 17:05"]
    assert words(export.attributes["company"]) == ["Proof", "Müller & Söhne"]


SIMPLE = st.builds(
    Lead,
    MOMENT,
    st.none() | MOMENT,
    st.sampled_from(["Web", "Trade Show"]),
    st.text(alphabet='abZ ,\n"é', max_size=6),
    st.sampled_from(["Open", "Working"]),
    st.text(alphabet="abc ", max_size=6),
)


def damaged(record: str, kind: str, place: int) -> str:
    """A record with one fault."""
    if kind == "cut":
        return ",".join(record.split(",")[: 1 + place % 4])
    if kind == "more":
        return record + ",x,y"
    if kind == "zero":
        return record + "\0"
    fields = record.split(",")  # open a quote in a field that has none
    fields[2] = f'"{fields[2]}'
    return ",".join(fields)


@settings(max_examples=examples(80))
@given(
    st.lists(SIMPLE, min_size=1, max_size=8),
    st.dictionaries(
        st.integers(0, 7), st.tuples(st.sampled_from(["cut", "more", "zero", "quote"]), st.integers(0, 7)), max_size=3
    ),
)
def test_damage_refuses_exactly_the_damaged_rows(leads: list[Lead], faults: dict[int, tuple[str, int]]) -> None:
    # Damaged rows hold no line ends of their own, so that "the row" is one line of the file.
    whole = [
        PROOF,
        *(
            lead if n not in faults else Lead(lead.created, None, "Web", "x", "Open", "y")
            for n, lead in enumerate(leads)
        ),
    ]
    records = lines(rows(whole, "iso"), Dialect())
    bad = {n + 2: damaged(records[n + 2], *fault) for n, fault in faults.items() if n < len(leads)}
    export, refused = read([bad.get(n, record) for n, record in enumerate(records)], Dialect())
    good, _ = read([record for n, record in enumerate(records) if n not in bad], Dialect())
    assert told(export) == told(good)
    starts = [1 + sum(1 + record.count("\n") for record in records[:n]) for n in range(len(records))]
    assert sorted(int(line) for _, line, _, _ in refused) == sorted(starts[n] for n in bad)
    assert export.files[0].refused == len(bad)
    assert export.files[0].used == len(records) - 1 - len(bad)
