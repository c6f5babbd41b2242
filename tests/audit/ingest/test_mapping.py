"""The mapping file: strict, placed, written so that it reads back."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.examples import examples

from handfast.audit import ExportMapping, FileMapping, read_mapping, write_mapping
from handfast.audit.column.amounts import DecimalMark
from handfast.audit.column.dates import DateOrder
from handfast.audit.export import Guess, SourceFile
from handfast.audit.roles import Kind
from handfast.errors import ExportRefused

from .conftest import Reads, mapping, stages, words

GOOD = """\
handfast_mapping: 1
zone: Europe/Berlin
empty: [Keine Angabe]
other_files: ignore
files:
  - file: leads-*.csv
    kind: leads
    title: Our leads
    zone: Asia/Tokyo
    dates: dmy
    decimals: comma
    encoding: windows-1252
    delimiter: semicolon
    columns:
      Nr: id
      Erstellt: [inquiry_at, mql_at]
      Interesse: attributes.product_interest
    constants: {source: fair, country: NO}
    values:
      source: {fair: Fair, "1": true}
"""


def test_everything_a_mapping_can_say() -> None:
    assert mapping(GOOD) == ExportMapping(
        zone="Europe/Berlin",
        empty=("Keine Angabe",),
        only=True,
        files=(
            FileMapping(
                file="leads-*.csv",
                kind=Kind.LEADS,
                title="Our leads",
                zone="Asia/Tokyo",
                dates=DateOrder.DMY,
                decimals=DecimalMark.COMMA,
                encoding="cp1252",
                delimiter=";",
                columns={
                    "Nr": ("id",),
                    "Erstellt": ("inquiry_at", "mql_at"),
                    "Interesse": ("attributes.product_interest",),
                },
                constants={"source": "fair", "country": "NO"},
                values={"source": {"fair": "Fair", "1": "true"}},
            ),
        ),
    )
    assert mapping(write_mapping(mapping(GOOD))) == mapping(GOOD)


@pytest.mark.parametrize(
    ("old", "new", "place", "words_"),
    [
        (
            "handfast_mapping: 1",
            "handfast_mapping: 2",
            (1, 19),
            "which format the file has. Allowed: handfast_mapping: 1.",
        ),
        ("zone: Europe/Berlin", "zone: Europe/Berln", (2, 7), "is no IANA zone. Did you mean Europe/Berlin?"),
        ("zone: Europe/Berlin", "zone: 7", (2, 7), "'7' is no IANA zone."),
        ("zone: Europe", "zon: Europe", (2, 1), "'zon' is not a key here. Did you mean zone?"),
        ("empty: [Keine Angabe]", "empty: [1]", (3, 1), "A list of words is needed here."),
        ("other_files: ignore", "other_files: skip", (4, 14), "'skip' is no other_files."),
        ("  - file: leads-*.csv\n    kind", "  - kind", (6, 5), "Which file?"),
        ("kind: leads", "kind: lead", (7, 11), "'lead' is no kind. Did you mean leads?"),
        ("    kind: leads\n", "", (6, 5), "`kind` is missing."),
        ("dates: dmy", "dates: dym", (10, 12), "'dym' is no dates."),
        ("Nr: id", "Nr: idd", (15, 11), "has no role 'idd'. Did you mean id?"),
        ("Nr: id", "Nr: [email, idd]", (15, 19), "has no role 'idd'."),
        ("Nr: id", "Nr: mql_at", (14, 5), "needs a column for id or email."),
        ("attributes.product_interest", "id", (17, 18), "Two columns say id: “Nr” and “Interesse”."),
        ("{source: fair, country", "{sources: fair, country", (18, 17), "has no role 'sources'. Did you mean source?"),
        ("      source: {fair", "      sorce: {fair", (20, 7), "has no role 'sorce'."),
        ("      source: {fair", "      stage: {fair", (20, 21), "'Fair' is no meaning of a stage."),
        (
            '      source: {fair: Fair, "1": true}',
            "      source: fair",
            (20, 15),
            "Words of the export and what they mean.",
        ),
        ("    constants: {source: fair, country: NO}", "    constants: []", (18, 5), "`constants` is a mapping."),
    ],
)
def test_mistakes_have_their_place_and_their_words(old: str, new: str, place: tuple[int, int], words_: str) -> None:
    assert old in GOOD
    read = read_mapping(GOOD.replace(old, new, 1), file="rules.yaml")
    assert read.mapping is None
    told = [str(problem) for problem in read.problems]
    assert any(words_ in text for text in told), told
    (problem,) = [problem for problem in read.problems if words_ in str(problem)][:1]
    assert problem.mark is not None
    assert (problem.mark.line, problem.mark.column) == place
    assert str(problem).startswith(f"rules.yaml:{place[0]}:{place[1]}: ")


def test_all_mistakes_at_once_in_the_order_of_the_text() -> None:
    text = GOOD.replace("dmy", "dym").replace("Nr: id", "Nr: idd").replace("leads\n", "leads\n    colour: red\n", 1)
    marks = [problem.mark for problem in read_mapping(text).problems]
    assert len(marks) >= 4
    assert [mark.line for mark in marks if mark] == sorted(mark.line for mark in marks if mark)


@pytest.mark.parametrize(
    "text", ["[1, 2]", "just text", "", "a: [", "handfast_mapping: 1", "handfast_mapping: 1\nfiles: [7]"]
)
def test_what_is_no_mapping(text: str) -> None:
    read = read_mapping(text)
    assert read.mapping is None
    assert read.problems


@settings(max_examples=examples(150))
@given(st.text(alphabet="abz: \"'\\#-[]{},&*!|>%@`\n\té0.~", max_size=40))
def test_any_name_and_any_word_reads_back(text: str) -> None:
    name = " ".join(text.split()) or "x"
    entry = FileMapping(
        file=name,
        kind=Kind.LEADS,
        title=name,
        columns={name: ("id",)},
        values={"source": {name: name}},
        constants={"campaign": name},
    )
    written = write_mapping(ExportMapping(files=(entry,), empty=(name,)))
    assert mapping(written) == ExportMapping(files=(entry,), empty=(name,))


@pytest.mark.parametrize(
    "word", ["true", "null", "~", "NO", "1.50", "007", "0x1F", ".inf", "1e99999", "a #b", "-", "yes"]
)
def test_words_that_look_like_something_else_stay_words(word: str) -> None:
    entry = FileMapping(file="x", kind=Kind.LEADS, columns={word: ("id",)}, values={"source": {word: word}})
    assert mapping(write_mapping(ExportMapping(files=(entry,)))).files == (entry,)


def test_reasons_are_written_beside_the_columns() -> None:
    entry = FileMapping(file="x.csv", kind=Kind.LEADS, columns={"A": ("id",), "B": ("email", "owner")})
    file = SourceFile(
        name="export.zip/x.csv",
        recognised_as="",
        encoding="",
        delimiter="",
        rows=0,
        used=0,
        refused=0,
        duplicates=0,
        guesses=[Guess("A", "id", 0.99, "sure"), Guess("B", "email", 0.6, "by\nits values"), Guess("C", "", 0.0, "")],
    )
    written = write_mapping(ExportMapping(files=(entry,)), [file])
    assert "      A: id".ljust(52) + "  # 99% sure\n" in written
    assert "      B: [email, owner]".ljust(52) + "  # 60% sure: by its values\n" in written
    assert "      # not read: C\n" in written


def test_words_that_cannot_be_written_are_left_out() -> None:
    entry = FileMapping(file="x", kind=Kind.LEADS, columns={"A": ("id",)}, values={"source": {"a\u200bb": "x"}})
    assert "      source: {}\n" in write_mapping(ExportMapping(files=(entry,)))
    ignored = FileMapping(file="x", kind=Kind.IGNORE)
    assert mapping(write_mapping(ExportMapping(files=(ignored,)))).files == (ignored,)


# What a mapping does.

LEADS = "Nr;Erstellt;Herkunft;Umsatz;Phase\n1;03.04.2026;Messe;1.234,50;Neu\n2;04.04.2026;Web;2,5;Gewonnen\n"
RULES = """
handfast_mapping: 1
zone: UTC
other_files: ignore
files:
  - file: "*.csv"
    kind: leads
    columns: {Nr: id, Erstellt: [inquiry_at, mql_at], Herkunft: source, Umsatz: amount, Phase: stage}
    constants: {campaign: spring}
    values:
      stage: {Neu: none, gewonnen: won}
      source: {Messe: Trade Show}
"""


def test_a_mapping_reads_what_nothing_would_recognise(reads: Reads) -> None:
    export = reads("liste.csv", LEADS, rules=RULES)
    assert export.key == ["1", "2"]
    assert stages(export) == {
        "inquiry": ["2026-04-03 00:00", "2026-04-04 00:00"],
        "mql": ["2026-04-03 00:00", "2026-04-04 00:00"],
        "won": ["", "yes"],
    }
    assert words(export.source) == ["Trade Show", "Web"]
    assert words(export.campaign) == ["spring", "spring"]
    assert export.amount.tolist() == [123_450, 250]
    assert export.files[0].recognised_as == "leads by the mapping"


def test_words_without_a_meaning_mean_nothing_in_a_mapping(reads: Reads) -> None:
    export = reads("liste.csv", LEADS.replace("Gewonnen", "Customer"), rules=RULES)
    assert "won" not in stages(export)


def test_files_that_a_mapping_does_not_name(reads: Reads, tmp_path: Path) -> None:
    (tmp_path / "more.tsv").write_text("Lead ID\tEmail\tCreated Date\n9\tz@x.example\t2026-03-25\n")
    assert len(reads("liste.csv", LEADS, rules=RULES, folder=True)) == 2
    assert len(reads("liste.csv", LEADS, rules=RULES.replace("other_files: ignore", ""), folder=True)) == 3
    ignoring = RULES.replace("other_files: ignore", "") + "  - {file: more.tsv, kind: ignore}\n"
    assert len(reads("liste.csv", LEADS, rules=ignoring, folder=True)) == 2


def test_a_mapping_that_names_columns_that_are_not_there(reads: Reads) -> None:
    with pytest.raises(ExportRefused, match="names columns that it does not have: Umsatz"):
        reads("liste.csv", LEADS.replace("Umsatz", "Betrag"), rules=RULES)


def test_a_mapping_fixes_charset_delimiter_and_decimals(reads: Reads) -> None:
    rules = RULES.replace(
        "    kind: leads", "    kind: leads\n    encoding: windows-1252\n    delimiter: semicolon\n    decimals: point"
    )
    export = reads(
        "liste.csv", LEADS.replace("1.234,50", "1,234").replace("Messe", "Größe").encode("cp1252"), rules=rules
    )
    assert export.amount.tolist() == [123_400, 2_500]
    assert words(export.source)[0] == "Größe"
    assert (export.files[0].encoding, export.files[0].delimiter) == ("Windows-1252", "semicolon")


def test_the_contracts_own_attributes(reads: Reads) -> None:
    rules = RULES.replace("Herkunft: source", "Herkunft: attributes.interest")
    assert words(reads("liste.csv", LEADS, rules=rules).attributes["interest"]) == ["Messe", "Web"]


def test_the_first_entry_that_fits_counts() -> None:
    rules = ExportMapping(
        files=(FileMapping(file="a/*.csv", kind=Kind.LEADS), FileMapping(file="*.CSV", kind=Kind.DEALS))
    )
    assert [entry.kind if (entry := rules.for_file(name)) else None for name in ("a/x.csv", "b/X.csv", "b/x.tsv")] == [
        Kind.LEADS,
        Kind.DEALS,
        None,
    ]
