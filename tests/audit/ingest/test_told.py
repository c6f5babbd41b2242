"""What a reading must not keep to itself: doubtful guesses, mappings that fit nothing, files given twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from handfast.audit import Export, read_export
from handfast.audit.file.source import find_sources
from handfast.audit.hints import stage_of_header
from handfast.errors import ExportRefused, HandfastError
from handfast.instant import NEVER

from .conftest import Reads, mapping, stages

LEADS = "Lead ID,Email,Created Date,MQL Date\n1,a@x.example,2026-03-25,2026-03-26\n2,b@x.example,2026-04-01,\n"


def said(export: Export, word: str) -> list[str]:
    return [sentence for sentence in export.assumed if word in sentence]


# Headers of the company's own.


@pytest.mark.parametrize(
    "header",
    [
        "First Touch Converting Date",
        "Date of First Touch",
        "First Activity Date",
        "Customer Satisfaction Survey Date",
        "Customer Birthday",
        "Rejected Marketing Email Date",
        "Rejected Date",
        "Privacy Policy Accepted Date",
        "Accepted Date",
        "Terms accepted by lead",
        "SQL Consent Accepted",
        "First Response Survey",
        "Opportunity Close Date",
        "Next Opportunity Review",
        "Prize Won Date",
        "Marketing Email Created",
        "Webinar Registration Date",
        "Last MQL Update",
    ],
)
def test_headers_that_name_no_stage_for_sure(header: str) -> None:
    assert stage_of_header(header) == ""


@pytest.mark.parametrize(
    ("header", "role"),
    [
        ("Date of SAL (custom)", "accepted_at"),
        ("Sales Accepted Date", "accepted_at"),
        ("Lead accepted on", "accepted_at"),
        ("MQL accepted date", "accepted_at"),
        ("Accepted by Sales", "accepted_at"),
        ("MQL rejected on", "rejected_at"),
        ("Rejected by SDR date", "rejected_at"),
        ("Lead Rejection Timestamp", "rejected_at"),
        ("Disqualified Timestamp", "disqualified_at"),
        ("MQL_Timestamp__c", "mql_at"),
        ("Marketing Qualified Lead Date", "mql_at"),
        ("SalesQualifiedDate", "sql_at"),
        ("Opp Created", "opportunity_at"),
        ("Became an Opportunity", "opportunity_at"),
        ("Opportunity Date", "opportunity_at"),
        ("Customer since", "won_at"),
        ("Date became a customer", "won_at"),
        ("Closed-Won Date", "won_at"),
        ("Won on", "won_at"),
        ("First sales touch", "first_touch_at"),
        ("First Call Date", "first_touch_at"),
        ("First response at", "first_touch_at"),
        ("First touch by SDR", "first_touch_at"),
        ("Record created", "inquiry_at"),
    ],
)
def test_headers_that_name_a_stage(header: str, role: str) -> None:
    assert stage_of_header(header) == role


def test_custom_dates_of_a_recognised_export_become_no_stages(reads: Reads) -> None:
    header = "First Touch Converting Date,Customer Satisfaction Survey Date,Rejected Marketing Email Date"
    text = f"Record ID,Email,Lifecycle Stage,Create Date,{header},Privacy Policy Accepted Date\n"
    export = reads("contacts.csv", text + "1,a@x.example,lead,2026-03-25" + ",2026-03-26" * 4 + "\n")
    assert stages(export) == {"inquiry": ["2026-03-25 00:00"]}
    assert export.first_touch_at.tolist() == [NEVER]
    assert len(export.files[0].unused) == 4
    assert not said(export, "was read as")


def test_a_stage_by_words_alone_is_said(reads: Reads) -> None:
    text = "Record ID,Email,Lifecycle Stage,Create Date,Date of SAL\n1,a@x.example,lead,2026-03-25,2026-03-26\n"
    assert said(reads("contacts.csv", text), "“Date of SAL”") == [
        (
            "contacts.csv: “Date of SAL” was read as accepted_at, when sales took it on "
            "(a word in the header; 100% of the values are dates); a mapping file can say otherwise."
        )
    ]


def test_stages_and_dates_by_content_alone_are_said(reads: Reads) -> None:
    text = "Kennung,Anschrift,Wann,Etappe\nK-1,a@x.example,25.03.2026 10:00,MQL\nK-2,b@x.example,26.03.2026 11:00,SQL\n"
    assert len(said(reads("liste.csv", text), "“Etappe” was read as stage")) == 1
    dated = reads("liste.csv", text.replace("Etappe", "Notiz").replace("MQL", "x").replace("SQL", "y"))
    assert len(said(dated, "“Wann” was read as inquiry_at")) == 1


def test_what_the_systems_own_headers_or_a_mapping_say_is_not_said_again(reads: Reads) -> None:
    text = "Lead ID,Email,Created Date,MQL Date,SQL Date\n1,a@x.example,2026-03-25,2026-03-26,\n"
    export = reads("leads.csv", text)  # a known header over an empty column says nothing either
    assert not said(export, "was read as")
    assert export.mapping is not None


# Mappings that fit nothing.

RULES = """
handfast_mapping: 1
files:
  - {file: leads.csv, kind: leads, columns: {Lead ID: id, Created Date: inquiry_at}}
"""


def test_an_entry_that_fits_no_file_is_said(reads: Reads) -> None:
    export = reads("leads.csv", LEADS, rules=RULES + "  - {file: other.csv, kind: ignore}\n")
    assert export.assumed == ["The mapping's entry other.csv fits no file of this export."]


def test_a_mapping_of_another_export_is_refused(reads: Reads) -> None:
    with pytest.raises(ExportRefused) as refused:
        reads("leads.csv", LEADS, rules=RULES.replace("leads.csv", "other.csv"))
    assert str(refused.value) == (
        "No entry of the mapping fits a file of this export. Entries: other.csv; files: leads.csv."
    )


def test_an_entry_that_an_earlier_one_forestalls_still_fits(reads: Reads) -> None:
    assert reads("leads.csv", LEADS, rules=RULES + "  - {file: '*.csv', kind: ignore}\n").assumed == []


# The file of refused rows.

FORMER = b"\xef\xbb\xbffile,line,reason,row\r\nold.csv,2,x,y\r\n"


def test_refused_rows_of_a_former_run_do_not_stay(reads: Reads, tmp_path: Path) -> None:
    target = tmp_path / "kept" / "refused.csv"
    target.parent.mkdir()
    target.write_bytes(FORMER)
    assert reads("leads.csv", LEADS, refused_to=target).refused_path == ""
    assert not target.exists()


@pytest.mark.parametrize("content", [b"name,phone\nx,1\n", b"\xff\xfe\x00\x81", b""])
def test_a_file_that_is_no_file_of_refused_rows_stays(reads: Reads, tmp_path: Path, content: bytes) -> None:
    target = tmp_path / "kept" / "refused.csv"
    target.parent.mkdir()
    target.write_bytes(content)
    reads("leads.csv", LEADS, refused_to=target)
    assert target.read_bytes() == content


def test_refused_rows_that_can_go_nowhere(reads: Reads, tmp_path: Path) -> None:
    missing = tmp_path / "missing" / "refused.csv"
    with pytest.raises(HandfastError, match=r"Refused rows cannot be written to .*: there is no folder .*missing"):
        reads("leads.csv", LEADS, refused_to=missing)
    with pytest.raises(HandfastError, match="it is a folder"):
        reads("leads.csv", LEADS, refused_to=tmp_path)


@pytest.mark.parametrize("refusing", ["rb", "w"])
def test_refused_rows_that_cannot_be_written(
    reads: Reads, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refusing: str
) -> None:
    target = tmp_path / "refused.csv"
    opened = Path.open

    def denied(path: Path, mode: str = "r", **more: object) -> object:
        if path == target and mode == refusing:
            raise PermissionError(13, "Permission denied")
        return opened(path, mode, **more)  # type: ignore[call-overload] # as it was called

    monkeypatch.setattr(Path, "open", denied)
    with pytest.raises(HandfastError, match=r"refused\.csv: Permission denied\."):
        reads("leads.csv", LEADS + "3\n", refused_to=target)


def test_refused_rows_of_a_former_run_are_no_part_of_the_export(reads: Reads, tmp_path: Path) -> None:
    (tmp_path / "refused.csv").write_bytes(FORMER)
    export = reads("leads.csv", LEADS, refused_to=tmp_path / "refused.csv", folder=True)
    assert export.assumed == reads("leads.csv", LEADS).assumed


# Tables that fall short.


@pytest.mark.parametrize(
    ("text", "words_"),
    [
        (
            "Created,Stage\n2026-03-25,MQL\n",
            (
                "of its columns “Created” (inquiry_at), “Stage” (stage) are known, "
                "but it lacks a column for id or email; "
                "give it a mapping"
            ),
        ),
        ("Lead ID,Company\n1,Acme\n", "are known, but it lacks a column for email or stage or status"),
    ],
)
def test_a_table_that_nearly_is_one_is_told_what_it_lacks(reads: Reads, text: str, words_: str) -> None:
    with pytest.raises(ExportRefused) as refused:
        reads("x.csv", text)
    assert words_ in str(refused.value)


@pytest.mark.parametrize(
    "first", ["1,a@x.example,Web,x", "1,Anna,2026-03-25,x", "1,Anna,25.03.2026 10:00,x", "1,Anna,Mar 25 2026,x"]
)
def test_a_file_without_a_row_of_names_is_refused(reads: Reads, first: str) -> None:
    with pytest.raises(ExportRefused, match=r"its first row holds values .* and no column names"):
        reads("leads.csv", f"{first}\n{first}\n")


def test_a_date_above_numbers_may_be_a_name(reads: Reads) -> None:
    export = reads("leads.csv", "Lead ID,Email,Created Date,2026-01-31\n1,a@x.example,2026-03-25,7\n")
    assert export.assumed[0] == "leads.csv: its first row was taken for column names, though “2026-01-31” is one."
    assert len(export) == 1


def test_a_mapping_may_name_such_columns(reads: Reads) -> None:
    rules = RULES.replace("Lead ID: id", "a@x.example: id").replace("Created Date", "2026-03-25")
    assert len(reads("leads.csv", "a@x.example,2026-03-25\nb@x.example,2026-03-26\n", rules=rules)) == 1


# Files given twice.


def test_a_file_named_twice_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "base.csv").write_text(LEADS)
    monkeypatch.chdir(tmp_path)
    export = read_export(["base.csv", Path("base.csv"), tmp_path, Path("..") / tmp_path.name / "base.csv"], zone="UTC")
    assert [(file.name, file.rows, file.duplicates) for file in export.files] == [("base.csv", 2, 0)]
    assert export.assumed[0] == "base.csv is named 4 times and was read once."


def test_names_are_as_long_as_it_takes_to_tell_them_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for folder in ("one/new", "two/new"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "leads.csv").write_text(LEADS)
    monkeypatch.chdir(tmp_path / "one" / "new")
    names = [source.name for source in find_sources(["leads.csv", tmp_path / "two" / "new"])]
    assert names == ["one/new/leads.csv", "two/new/leads.csv"]
    (tmp_path / "two" / "leads.csv").write_text(LEADS)
    assert [source.name for source in find_sources(["leads.csv", tmp_path / "two"])] == [
        "new/leads.csv",
        "two/leads.csv",
    ]


def test_a_mapping_that_fits_nothing_at_all_is_no_mapping() -> None:
    assert mapping(RULES).unfit(["leads.csv"]) == []
    assert mapping(RULES).unfit([]) == ["leads.csv"]
