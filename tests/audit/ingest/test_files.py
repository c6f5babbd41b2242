"""Bytes to rows: charsets, line ends, packed files, damage, and what is no table at all."""

from __future__ import annotations

import csv
import gzip
import io
import zipfile
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.examples import examples

from handfast.audit import read_export
from handfast.audit.file import line as line_module
from handfast.audit.file import source as source_module
from handfast.audit.file.charset import Charset, decide_charset, decoded, mended
from handfast.audit.file.dialect import find_dialect
from handfast.audit.file.line import KEPT, Block, blocks
from handfast.audit.file.problem import NotATable
from handfast.audit.file.record import MOST_LINES, Batch, Records
from handfast.audit.file.refused import harmless
from handfast.audit.file.source import find_sources
from handfast.audit.file.table import open_table
from handfast.errors import ExportRefused

from .conftest import Reads, stages, words

LEADS = "Lead ID,Email,Created Date,MQL Date\n1,a@x.example,2026-03-25,2026-03-26\n2,b@x.example,2026-04-01,\n"


# Charsets.


@pytest.mark.parametrize(
    ("content", "name", "title", "stray"),
    [
        (b"plain", "utf-8", "UTF-8", False),
        ("é".encode(), "utf-8", "UTF-8", False),
        (b"\xef\xbb\xbf" + "é".encode(), "utf-8", "UTF-8 with BOM", False),
        ("é".encode("utf-16-le"), "cp1252", "Windows-1252", True),  # too short to show its zeros
        (b"\xff\xfe" + "é".encode("utf-16-le"), "utf-16-le", "UTF-16 LE", False),
        (b"\xfe\xff" + "é".encode("utf-16-be"), "utf-16-be", "UTF-16 BE", False),
        (("a,b;é\n" * 9).encode("utf-16-le"), "utf-16-le", "UTF-16 LE", False),
        (("a,b;é\n" * 9).encode("utf-16-be"), "utf-16-be", "UTF-16 BE", False),
        ("Müller".encode("cp1252"), "cp1252", "Windows-1252", True),
        ("Mü".encode() * 3 + "ü".encode("cp1252"), "utf-8", "UTF-8", True),  # a strange byte among many good ones
        ("Müller".encode() + "Müüü".encode("cp1252"), "cp1252", "Windows-1252", True),
        ("€".encode()[:2], "cp1252", "Windows-1252", True),  # cut off in the middle of a letter
        (b"", "utf-8", "UTF-8", False),
    ],
)
def test_charset_by_evidence(content: bytes, name: str, title: str, stray: bool) -> None:
    found = decide_charset([content])
    assert (found.name, found.title, found.stray) == (name, title, stray)


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\ufeff\0"), min_size=1), st.integers(1, 7))
def test_charset_does_not_depend_on_where_chunks_end(text: str, size: int) -> None:
    content = text.encode()
    chunks = [content[start : start + size] for start in range(0, len(content), size)]
    assert decide_charset(chunks).name == "utf-8"
    assert "".join(decoded(chunks, decide_charset(chunks))) == text


def test_bare_carriage_returns_are_line_ends_when_there_are_no_others() -> None:
    assert decide_charset([b"a,b\r1,2\r"]).returns_only
    assert not decide_charset([b"a,b\r\n1,2"]).returns_only


def test_a_cut_letter_at_the_end_is_still_text() -> None:
    assert "".join(decoded(["é".encode("utf-16-le")[:1]], Charset("utf-16-le"))) == "\ufffd"


def test_foreign_bytes_are_read_as_windows_1252_where_they_can_be() -> None:
    assert mended(b"M\xfcller".decode("utf-8", "surrogateescape")) == "Müller"
    assert mended(b"\x81".decode("utf-8", "surrogateescape")) is None


def test_rows_with_foreign_bytes_are_mended_or_refused(reads: Reads) -> None:
    good = "1,a@x.example,2026-03-25,Müller & Söhne äöü\n".encode()
    foreign = b"2,b@x.example,2026-03-26,M\xfcller\n3,c@x.example,2026-03-27,\x81\x8d\n"
    export = reads("leads.csv", b"Lead ID,Email,Created Date,Company\n" + good + foreign)
    assert words(export.attributes["company"]) == ["Müller & Söhne äöü", "Müller"]
    assert export.files[0].refused == 1
    assert any("1 rows hold bytes that are not UTF-8" in said for said in export.assumed)


# Lines.


def _lines(texts: Iterable[str], longest: int = 50, *, returns_only: bool = False) -> list[tuple[int, str, bool]]:
    return [
        (block.first + place, line, place in block.too_long)
        for block in blocks(texts, longest=longest, returns_only=returns_only)
        for place, line in enumerate(block.lines)
    ]


@given(st.lists(st.text(alphabet="ab\n", max_size=30), max_size=8))
def test_lines_do_not_depend_on_where_chunks_end(texts: list[str]) -> None:
    whole = "".join(texts)
    expected = whole.split("\n")
    if expected[-1] == "":
        expected.pop()
    found = _lines(texts, longest=1_000)
    assert [line for _, line, _ in found] == expected
    assert [number for number, _, _ in found] == list(range(1, len(expected) + 1))


def test_ends_of_lines() -> None:
    assert _lines(["a\r\nb\n", "c"]) == [(1, "a", False), (2, "b", False), (3, "c", False)]
    assert _lines(["a\rb\rc\r"], returns_only=True) == [(1, "a", False), (2, "b", False), (3, "c", False)]


@pytest.mark.parametrize(
    "texts",
    [
        ["a\n", "x" * 60 + "\nb\n"],  # whole within a chunk
        ["a\n", "x" * 60, "x" * 60, "x\nb\n"],  # over several
        ["a\n", "x" * 60, "y", "z", "\nb\n"],  # in small pieces
        ["a\n" + "x" * 60, "\nb\n"],
    ],
)
def test_a_line_too_long_is_shortened_and_marked_and_the_next_one_is_not(texts: list[str]) -> None:
    found = _lines(texts)
    assert [(number, long) for number, _, long in found] == [(1, False), (2, True), (3, False)]
    assert found[2][1] == "b"


def test_a_line_too_long_at_the_end() -> None:
    ((number, line, long),) = _lines(["x" * 3000, "x" * 3000])
    assert (number, len(line), long) == (1, KEPT, True)


def test_a_ten_megabyte_row_costs_one_row(reads: Reads) -> None:
    content = LEADS + "3," + "x" * 10_000_000 + ",2026-03-25,\n4,d@x.example,2026-03-27,\n"
    export = reads("leads.csv", content)
    assert export.key == ["1", "2", "4"]
    assert export.files[0].refused == 1


# Records.


def _records(text: str, width: int = 3, *, size: int = 0, stray: bool = False) -> Batch:
    """All records of a text; ``size``: lines of a block."""
    all_ = Batch()
    lines = text.split("\n")
    step = size or len(lines)
    cut = [Block(start + 1, lines[start : start + step]) for start in range(0, len(lines), step)]
    for batch in Records(",", width, stray=stray).batches(cut, 0):
        all_.rows += batch.rows
        all_.lines += batch.lines
        all_.texts += batch.texts
        all_.refused += batch.refused
    return all_


def _refused(batch: Batch) -> list[tuple[int, str]]:
    return [(refusal.line, refusal.reason) for refusal in batch.refused]


CLOSED = "a quote is opened and not closed"


@pytest.mark.parametrize("size", [0, 1, 2])
@pytest.mark.parametrize(
    ("text", "rows", "refused"),
    [
        ("1,2,3\n4,5,6", 2, []),
        ('1,"2\n2",3\n4,5,6', 2, []),
        ('1,"a ""b""\n\nc",3\n4,5,6', 2, []),
        ("1,2,3\n\n4,5,6\n", 2, []),
        ("1,2\n4,5,6", 1, [(1, "2 fields where the header has 3")]),
        ("1,2,3,4\n4,5,6", 1, [(1, "4 fields where the header has 3")]),
        ("1,2,3,,\n4,5,6", 2, []),  # an exporter's trailing commas
        ('1,"2,3\n4,5,6\n7,8,9', 2, [(1, CLOSED)]),
        ('1,2,"3\n4,5,6\n7,8,9', 2, [(1, CLOSED)]),
        ('1,2,"3\n4,5,6\n7,"8",9', 2, [(1, CLOSED)]),  # the next quote does not close it
        ('1,2,"3\n4,5,6\n7,8,9"\n1,2,3', 3, [(1, CLOSED + " before whole rows")]),  # this one would
        ('1,"2"x,3\n4,5,6', 1, [(1, "text follows a closing quote")]),
        ('1,17" screen,3\n4,5,6', 2, []),  # a stray quote that opens nothing
        ('1,2 ",3\n4,"5\n5",6', 2, []),
        ("1,\0,3\n4,5,6", 1, [(1, "the row holds zero bytes")]),
        ("1,a\rb,3\n4,5,6", 1, [(1, "not readable: new-line character seen in unquoted field")]),
        ('1,"2\n2",3,4\n4,5,6', 1, [
            (1, CLOSED + "; read over 2 lines, it has 4 fields"), (2, "3 fields where the header has 3")]),
    ],
)  # fmt: skip
def test_records(text: str, rows: int, refused: list[tuple[int, str]], size: int) -> None:
    batch = _records(text, size=size)
    if text.startswith('1,"2\n2",3,4'):  # its second line is, by itself, as wide as a row
        assert [refusal.line for refusal in batch.refused] == [1]
        return
    assert _refused(batch) == [(line, reason) for line, reason in refused] or (
        "not readable" in refused[0][1] and batch.refused[0].reason.startswith(refused[0][1])
    )
    assert len(batch.rows) == rows
    assert len(batch.lines) == len(batch.texts) == rows
    assert all(len(row) == 3 for row in batch.rows)


def test_a_quote_that_is_open_at_the_end_costs_its_line_only() -> None:
    batch = _records('1,2,3\n4,"5,6\n7,8,9\n1,2,3')
    assert _refused(batch) == [(2, CLOSED)]
    assert [row[0] for row in batch.rows] == ["1", "7", "1"]


def test_a_good_row_behind_a_damaged_one_is_kept_though_it_holds_a_line_end() -> None:
    batch = _records('1,"2,3\n4,5,"\n6"\n7,8,9')
    assert _refused(batch) == [(1, CLOSED + "; read over 2 lines, it has 2 fields")]
    assert batch.rows == [["4", "5", "\n6"], ["7", "8", "9"]]


@pytest.mark.parametrize(
    ("good", "damaged"),
    [(good, bad) for good in ("1,2,3", '1,"2",3') for bad in ("x", '1,"2"x,3', '1,"2\n2",3,4')]
    + [('1,"2",3', '1,"2,3')],
)
def test_damage_sends_few_good_rows_the_careful_way(monkeypatch: pytest.MonkeyPatch, good: str, damaged: str) -> None:
    careful: list[str] = []
    take = Records._take  # which way a row goes cannot be seen from outside

    def counted(self: Records, number: int, line: str, batch: Batch) -> None:
        careful.append(line)
        take(self, number, line, batch)

    monkeypatch.setattr(Records, "_take", counted)
    batch = _records("\n".join([*[good] * 5_000, damaged, *[good] * 5_000]))
    assert len(batch.rows) + len(batch.refused) in {10_001, 10_002}
    assert len(careful) < 20
    assert batch.lines == sorted(batch.lines)
    assert [batch.texts[0], batch.texts[-1]] == [good, good]


def test_narrow_tables_cannot_tell_swallowed_rows() -> None:
    assert _records('1,"a\n2,b\n3,c"', width=2).rows == [["1", "a\n2,b\n3,c"]]


def test_a_record_has_a_limit() -> None:
    text = '1,"2,3\n' + "\n".join(f"{number},x,y" for number in range(MOST_LINES + 10))
    batch = _records(text)
    assert _refused(batch) == [(1, CLOSED)]
    assert len(batch.rows) == MOST_LINES + 10


def test_a_record_under_way_is_given_up_at_a_line_too_long() -> None:
    block = Block(1, ['1,"2', "x" * 10, "4,5,6"], {1})
    (batch, last) = Records(",", 3).batches([block], 0)
    assert [(refusal.line, refusal.reason[:15]) for refusal in batch.refused] == [
        (1, CLOSED[:15]),
        (2, "the row is long"),
    ]
    assert (batch.rows, last.rows) == ([["4", "5", "6"]], [])


def test_foreign_bytes_within_records() -> None:
    text = b'1,"M\xfc",3\n4,5,6\n7,\x81,9'.decode("utf-8", "surrogateescape")
    batch = _records(text, stray=True)
    assert batch.rows == [["1", "Mü", "3"], ["4", "5", "6"]]
    assert _refused(batch) == [(3, "bytes that belong to no known charset")]
    assert "\ufffd" in batch.refused[0].text


@settings(max_examples=examples(200))
@given(st.lists(st.text(alphabet='a",\n\r\0', max_size=12), max_size=12))
def test_no_line_is_lost_without_a_word(parts: list[str]) -> None:
    """Whatever the damage: every line that is not blank is in a record that is used or refused."""
    text = "\n".join(parts)
    batch = _records(text, size=3)
    told = "\n".join([*batch.texts, *(refusal.text for refusal in batch.refused)])
    lines = [line for line in text.split("\n") if line.strip()]
    assert sorted(line for line in told.split("\n") if line.strip()) == sorted(lines)


# Dialects.


@pytest.mark.parametrize(
    ("text", "delimiter", "header"),
    [
        ("a,b\n1,2", ",", ("a", "b")),
        ("a;b\n1,5;2\n3,7;4", ";", ("a", "b")),
        ("a\tb\n1\t2", "\t", ("a", "b")),
        ("a|b\n1|2", "|", ("a", "b")),
        ("sep=;\na;b\n1;2", ";", ("a", "b")),
        ("\n\na,b\n1,2", ",", ("a", "b")),
        ('"a, b",c;d\n1,2\n3,4', ",", ("a, b", "c;d")),
        ('"a\nb";c\n1;2', ";", ("a b", "c")),
        ("\ufeffa\u200b,b\n1,2", ",", ("a", "b")),
        ("a,b", ",", ("a", "b")),
    ],
)
def test_dialect(text: str, delimiter: str, header: tuple[str, ...]) -> None:
    found = find_dialect(text.split("\n"))
    assert found is not None
    assert (found.delimiter, found.header) == (delimiter, header)


def test_a_sample_with_damage_is_judged_by_the_rows_before_it() -> None:
    found = find_dialect(["a;b", "1;2", "3;4\rx;5", "6;7"])
    assert found is not None
    assert found.delimiter == ";"


def test_no_dialect() -> None:
    assert find_dialect(["a", "b"]) is None
    assert find_dialect([]) is None
    assert find_dialect(["a;b", "1;2"], ",") is None


def test_a_chosen_delimiter_counts() -> None:
    found = find_dialect(["a,b;c,d", "1,2;3,4"], ";")
    assert found is not None
    assert (found.header, found.title) == (("a,b", "c,d"), "semicolon")


def test_names_of_columns_are_told_apart(reads: Reads) -> None:
    export = reads("leads.csv", "Lead ID,Email,Notes,Notes,,Created Date\n1,a@x.example,x,y,z,2026-03-25\n")
    assert export.files[0].unused == ["Notes", "Notes (2)", "column 5"]


# Sources.


def _zip(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def test_sources_are_found_in_folders_and_zips(tmp_path: Path) -> None:
    (tmp_path / "b.csv").write_text(LEADS)
    (tmp_path / "a.tsv").write_text(LEADS)
    (tmp_path / ".hidden.csv").write_text(LEADS)
    (tmp_path / "readme.md").write_text("x")
    _zip(tmp_path / "c.zip", {"in/one.csv": LEADS.encode(), "two.csv": LEADS.encode(), "in/x.png": b"", "in/": b""})
    assert [source.name for source in find_sources([tmp_path])] == [
        "a.tsv",
        "b.csv",
        "c.zip/in/one.csv",
        "c.zip/two.csv",
    ]


def test_two_files_of_one_name_are_told_apart(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "leads.csv").write_text(LEADS)
    found = find_sources([tmp_path / "one", tmp_path / "two" / "leads.csv"])
    assert [source.name for source in found] == ["one/leads.csv", "two/leads.csv"]
    export = read_export([tmp_path / "one", tmp_path / "two"], zone="UTC")
    assert len(export) == 2
    assert [file.duplicates for file in export.files] == [0, 2]


def test_the_same_rows_come_out_of_every_package(tmp_path: Path, reads: Reads) -> None:
    plain = reads("leads.csv", LEADS)
    packed = reads("leads.csv.gz", gzip.compress(LEADS.encode()))
    misnamed = reads("leads.txt", gzip.compress(LEADS.encode()))
    zipped = read_export([_zip(tmp_path / "x.zip", {"leads.csv": LEADS.encode()})], zone="UTC")
    assert stages(plain) == stages(packed) == stages(misnamed) == stages(zipped)


@pytest.mark.parametrize("name", ["bomb.csv.gz", "bomb.zip"])
def test_what_unfolds_beyond_reason_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(source_module, "FREE_BYTES", 10_000)
    content = (LEADS + "3,c@x.example,2026-03-25,2026-03-26\n" * 100_000).encode()
    path = tmp_path / name
    if name.endswith("gz"):
        path.write_bytes(gzip.compress(content))
    else:
        _zip(path, {"leads.csv": content})
    with pytest.raises(ExportRefused, match="unfolds to more than 200 times"):
        read_export([path], zone="UTC")


@pytest.mark.parametrize(
    ("files", "words_"),
    [
        ({"xl/workbook.xml": b"<x/>"}, "is an Excel workbook. Save the sheet as CSV"),
        ({"a.png": b"x"}, "holds no tables"),
        ({f"{number}.csv": b"" for number in range(1001)}, "holds 1,001 files"),
    ],
)
def test_zips_that_hold_something_else(tmp_path: Path, files: dict[str, bytes], words_: str) -> None:
    with pytest.raises(ExportRefused, match=words_):
        find_sources([_zip(tmp_path / "x.zip", files)])


def test_paths_that_are_not_there(tmp_path: Path) -> None:
    with pytest.raises(ExportRefused, match="There is no file"):
        find_sources([tmp_path / "nothing.csv"])
    (tmp_path / "empty").mkdir()
    with pytest.raises(ExportRefused, match="holds no tables"):
        find_sources([tmp_path / "empty"])


def test_a_damaged_zip(tmp_path: Path) -> None:
    path = _zip(tmp_path / "x.zip", {"leads.csv": LEADS.encode() * 50})
    content = bytearray(path.read_bytes())
    content[40:60] = b"\xff" * 20
    path.write_bytes(content)
    with pytest.raises(ExportRefused, match="could not be read"):
        read_export([path], zone="UTC")


def test_an_unreadable_zip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = _zip(tmp_path / "x.zip", {"leads.csv": b""})

    def broken(*_: object) -> None:
        raise zipfile.BadZipFile("bad magic")

    monkeypatch.setattr(source_module, "_members", broken)
    with pytest.raises(ExportRefused, match=r"x\.zip could not be opened: bad magic"):
        find_sources([path])


def test_a_gzip_file_that_breaks_off_keeps_what_it_had(tmp_path: Path) -> None:
    path = tmp_path / "leads.csv.gz"
    path.write_bytes(gzip.compress(LEADS.encode())[:-12])
    with pytest.raises(ExportRefused, match="could not be read"):
        read_export([path], zone="UTC")


# No tables.


@pytest.mark.parametrize(
    ("content", "words_"),
    [
        (b"", "it is empty"),
        (b"  \n \n", "it is empty"),
        (b"%PDF-1.7 x", "it is a PDF document"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "an old Excel workbook"),
        (b"\x89PNG\r\n", "it is an image"),
        (b"<!DOCTYPE html><html><table><tr><td>a,b</td></tr></table>", "it is a web page or XML"),
        (b'{"contacts": [1, 2]}', "it is JSON"),
        (b'[{"id": 1, "x": 2}]', "it is JSON"),
        (bytes(range(32)) * 40, "it is binary data"),
        (b"just words\nand more words\n", "its rows are not cut"),
        (b",,\n1,2,3\n", "its first row holds no column names"),
        (b"colour,weight\nred,3\n", "are none that an audit knows"),
        (b"Lead ID,Email,Created Date\n", "nothing under its header"),
    ],
)
def test_rubbish_is_named_and_refused(reads: Reads, content: bytes, words_: str) -> None:
    with pytest.raises(ExportRefused) as refusal:
        reads("export.csv", content)
    assert words_ in str(refusal.value)
    assert "Nothing here can be audited" in str(refusal.value)
    assert refusal.value.exit_code == 4


def test_work_without_leads_is_said_to_be_no_leads(reads: Reads) -> None:
    with pytest.raises(ExportRefused, match=r"calls.*, which are no leads by themselves"):
        reads("calls.csv", b"Call ID,Activity date,Call direction,Call outcome\n1,2026-03-05 10:00,Outbound,Busy\n")


def test_rubbish_beside_a_good_file_is_left_out_and_said(tmp_path: Path) -> None:
    (tmp_path / "leads.csv").write_text(LEADS)
    (tmp_path / "page.csv").write_text("<html></html>")
    export = read_export([tmp_path], zone="UTC")
    assert len(export) == 2
    assert any(said.startswith("page.csv was not used: it is a web page") for said in export.assumed)
    assert [file.name for file in export.files] == ["leads.csv"]


def test_a_file_that_vanishes_while_it_is_read(tmp_path: Path) -> None:
    (tmp_path / "leads.csv").write_text(LEADS)
    (source,) = find_sources([tmp_path])
    table = open_table(source)
    (tmp_path / "leads.csv").unlink()
    with pytest.raises(NotATable, match="it breaks off"):
        list(table.batches())


def test_long_files_are_read_in_small_blocks(reads: Reads, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("handfast.audit.file.table.BATCH_ROWS", 3)
    rows = "".join(f"{number},p{number}@x.example,2026-03-25,\n" for number in range(3, 20))
    export = reads("leads.csv", LEADS + rows + "x" * line_module.LONGEST + "y\n20,z@x.example,2026-03-25,\n")
    assert len(export) == 20
    assert export.files[0].refused == 1


# Refused rows.


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=1+1", "'=1+1"),
        ("@x", "'@x"),
        ("-1", "'-1"),
        ("+1", "'+1"),
        ("\tx", "'\tx"),
        ("plain", "plain"),
        ("a\0b", "a␀b"),
    ],
)
def test_no_cell_of_the_refused_file_is_a_formula(cell: str, written: str) -> None:
    assert harmless(cell) == written


def test_the_refused_file(reads: Reads, tmp_path: Path) -> None:
    target = tmp_path / "out" / "refused.csv"
    target.parent.mkdir()
    content = LEADS + '=cmd,"x\n' + "5,e@x.example\n6,,2026-03-25,\n,,2026-03-25,\n"
    export = reads("leads.csv", content, refused_to=target)
    with target.open(encoding="utf-8-sig", newline="") as file:
        written = list(csv.reader(file))
    assert written == [
        ["file", "line", "reason", "row"],
        ["leads.csv", "4", CLOSED, "'=cmd,\"x"],
        ["leads.csv", "5", "2 fields where the header has 4", "5,e@x.example"],
        ["leads.csv", "7", "no id or email that can be read", ",,2026-03-25,"],
    ]
    assert export.refused_path == str(target)
    assert [export.files[0].rows, export.files[0].used, export.files[0].refused] == [6, 3, 3]


def test_nothing_refused_leaves_no_file(reads: Reads, tmp_path: Path) -> None:
    export = reads("leads.csv", LEADS, refused_to=tmp_path / "refused.csv")
    assert (export.refused_path, (tmp_path / "refused.csv").exists()) == ("", False)


# Progress.


def test_progress_is_told_seldom_and_ends_at_the_end(tmp_path: Path) -> None:
    rows = "".join(f"{number},p{number}@x.example,2026-03-25,\n" for number in range(3, 60_000))
    (tmp_path / "a.csv").write_text(LEADS + rows)
    (tmp_path / "b.csv.gz").write_bytes(gzip.compress((LEADS + rows).encode()))
    told: list[tuple[int, int]] = []
    read_export([tmp_path], zone="UTC", progress=lambda done, total: told.append((done, total)))
    assert 2 <= len(told) <= 210
    assert told == sorted(told)
    assert told[-1][0] == told[-1][1] == sum(source.size for source in find_sources([tmp_path]))


def test_text_streams_are_closed(tmp_path: Path) -> None:
    path = _zip(tmp_path / "x.zip", {"leads.csv": LEADS.encode()})
    (source,) = find_sources([path])
    stream = source.open()
    assert isinstance(stream, io.BufferedReader)
    assert stream.read(4) == b"Lead"
    stream.close()
    assert stream.closed
