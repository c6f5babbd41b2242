"""Texts to typed columns: dates, amounts, ids, addresses, words, and common spellings."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from handfast.audit.column import dates as dates_module
from handfast.audit.column import days as days_module
from handfast.audit.column.amounts import DecimalMark, decide_mark, hundredths, read_number
from handfast.audit.column.dates import DateColumn, DateOrder, to_utc
from handfast.audit.column.iso import read_iso
from handfast.audit.column.vocabulary import Empties, KeyColumn, Keys, ManyKeyColumn, Spelling, WordColumn, fold
from handfast.audit.normal import consent, country, employees, industry, table, yes_or_no, yes_word
from handfast.identity import domain_of, normal_domain, normal_email, normal_id, plain_emails, plain_ids
from handfast.instant import NEVER, from_datetime

from .conftest import Reads, stages, when, words

# Local times, as hypothesis draws them.
FIRST, LAST = dt.datetime.fromisoformat("1900-01-01"), dt.datetime.fromisoformat("2200-12-31")


def column(*texts: str, order: DateOrder = DateOrder.DMY, zone: str = "UTC") -> list[str]:
    dates = DateColumn(Empties())
    dates.append(dates.read(texts), None)
    return [when(int(at)) for at in dates.instants(order, zone)]


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-03-05", "2026-03-05 00:00"),
        ("2026/03/05", "2026-03-05 00:00"),
        ("20260305", "2026-03-05 00:00"),
        ("2026-03-05 14:30", "2026-03-05 14:30"),
        ("2026-03-05T14:30:00", "2026-03-05 14:30"),
        ("2026-03-05t14:30:00Z", "2026-03-05 14:30"),
        ("2026-03-05T14:30:00.123456789Z", "2026-03-05 14:30"),
        ("2026-03-05T14:30:00+02:00", "2026-03-05 12:30"),
        ("2026-03-05T14:30:00-0530", "2026-03-05 20:00"),
        ("2026-03-05 14:30:00 +02", "2026-03-05 12:30"),
        ("2026-03-05 14:30:00 UTC", "2026-03-05 14:30"),
        ("2026-03-05 14:30 Europe/Berlin", "2026-03-05 13:30"),
        ("5/3/2026 9:05", "2026-03-05 09:05"),
        ("05.03.2026 09:05", "2026-03-05 09:05"),
        ("5-3-26", "2026-03-05 00:00"),
        ("5/3/71", "1971-03-05 00:00"),
        ("5/3/69", "2069-03-05 00:00"),
        ("3/25/2026 12:00 AM", "2026-03-25 00:00"),
        ("3/25/2026, 12:30 pm", "2026-03-25 12:30"),
        ("3/25/2026 1:05:09 p.m.", "2026-03-25 13:05"),
        ("3/25/2026 1:05\u202fPM", "2026-03-25 13:05"),
        ("2026-03-05 24:00", "2026-03-06 00:00"),
        ("1772721000", "2026-03-05 14:30"),
        ("1772721000000", "2026-03-05 14:30"),
        ("1772721000000000", "2026-03-05 14:30"),
        ("1772721000000.0", "2026-03-05 14:30"),
        ("5 Mar 2026", "2026-03-05 00:00"),
        ("05-Mar-26", "2026-03-05 00:00"),
        ("Mar 5, 2026 2:30 PM", "2026-03-05 14:30"),
        ("March 5, 2026 at 2:30 PM", "2026-03-05 14:30"),
        ("Thursday, March 5, 2026", "2026-03-05 00:00"),
        ("5. März 2026 um 14:30 Uhr", "2026-03-05 14:30"),
        ("  2026-03-05 14:30  ", "2026-03-05 14:30"),
        ("2024-02-29", "2024-02-29 00:00"),
    ],
)
def test_ways_to_write_an_instant(text: str, instant: str) -> None:
    assert column(text) == [instant]
    assert column("", text, "?") == ["", instant, ""]


@pytest.mark.parametrize(
    "text",
    [
        "soon",
        "31/02/2026",
        "2026-13-01",
        "2026-02-29",
        "0001-01-01",
        "2026-03-05 25:00",
        "2026-03-05 24:01",
        "13/13/2026",
        "2026-03-05 13:05 PM",
        "2026-03-05 10:61",
        "99999999999999999",
        "9999999999999999",
        "5 Foo 2026",
        "2026-03-05 10:00 Mars/Base",
        "5 Mar 2026 whenever",
        "2026-03-05 lunch",
        "1.234,50",
        "12",
        "20261340",
    ],
)
def test_what_is_no_instant(text: str) -> None:
    dates = DateColumn(Empties())
    dates.append(dates.read([text, "2026-03-05 10:00"]), None)
    assert [when(int(at)) for at in dates.instants(DateOrder.DMY, "UTC")] == ["", "2026-03-05 10:00"]
    assert dates.unread == {text: 1}
    assert not dates.reads(text)


@given(
    st.lists(st.datetimes(FIRST, LAST), max_size=9),
    st.sampled_from(
        [
            "%Y-%m-%d",
            "%Y-%m-%d %H:%M",
            "%Y-%m-%dT%H:%M:%S",
            "%Y-%m-%d %H:%M:%S.%f",
            "%Y-%m-%dT%H:%M:%S.%fZ",
            "%Y-%m-%dT%H:%M:%S+0530",
        ]
    ),
)
def test_the_fast_way_reads_what_the_slow_way_reads(moments: list[dt.datetime], form: str) -> None:
    texts = [f"{moment:%Y}".rjust(4, "0") + moment.strftime(form)[4:] for moment in moments] + [""]
    fast = read_iso(texts)
    slow = DateColumn(Empties())
    triples = [slow._read_cell(text) for text in texts]
    if not moments:
        assert fast is None
        return
    assert fast is not None
    assert fast[0].tolist() == [value for value, _, _ in triples]
    assert fast[1].tolist() == [state for _, _, state in triples]


@pytest.mark.parametrize(
    "texts",
    [
        ["2026-03-05", "5.3.2026"],
        ["2026-03-05", "2026-13-05"],
        ["2026-03-05", "2026-02-30"],
        ["2026-03-05 10:00", "2026-03-05 10:60"],
        ["2026-03-05T10:00:00Z", "2026-03-05T10:00:00+"],
        ["2026-03-05 10:00:00+99:00"],
        ["2026-03-05é"],
        ["2026-03-05x10:00"],
        ["1899-03-05"],
        ["2026-03-05 10:00:00 Z"],
        ["2026-03-05T10:00:00Z", "2026-03-05 10:00:00Z"],
        ["x" * 40],
    ],
)
def test_the_fast_way_gives_up_on_anything_else(texts: list[str]) -> None:
    found = read_iso(texts)
    assert found is None or texts == ["2026-03-05 10:00:00+99:00"]


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata"])
def test_local_times_are_those_of_the_standard_library(zone: str) -> None:
    start = dt.datetime(2025, 1, 1)  # noqa: DTZ001 local times are what is being read
    moments = [start + dt.timedelta(minutes=17 * step) for step in range(62_000)]
    naive = np.array([from_datetime(moment.replace(tzinfo=dt.UTC)) for moment in moments], dtype=np.int64)
    expected = [from_datetime(moment.replace(tzinfo=ZoneInfo(zone))) for moment in moments]
    assert to_utc(naive, zone).tolist() == expected


def test_both_edges_of_summer_time() -> None:
    assert column("2026-03-29 02:30", zone="Europe/Berlin") == ["2026-03-29 01:30"]  # skipped: half an hour after
    assert column("2026-10-25 02:30", zone="Europe/Berlin") == ["2026-10-25 00:30"]  # repeated: the first pass
    assert to_utc(np.zeros(0, np.int64), "UTC").tolist() == []


def test_order_of_day_and_month_is_one_for_a_column() -> None:
    texts = ("03/04/2026", "25/04/2026", "2026-01-02", "05/05/2026")
    assert column(*texts) == ["2026-04-03 00:00", "2026-04-25 00:00", "2026-01-02 00:00", "2026-05-05 00:00"]
    assert column(*texts, order=DateOrder.MDY)[0] == "2026-03-04 00:00"
    dates = DateColumn(Empties())
    dates.append(dates.read(texts), None)
    assert dates.evidence == (1, 0, 1)


def test_a_time_with_an_offset_moves_with_the_order() -> None:
    assert column("03/04/2026 10:00 +01:00", order=DateOrder.MDY) == ["2026-03-04 09:00"]


DATED = "Lead ID,Email,Created Date,MQL Date\n"


def _dated(created: list[str], mql: str = "") -> str:
    return DATED + "".join(f"{n},p{n}@x.example,{text},{mql}\n" for n, text in enumerate(created))


def test_the_column_proves_its_order(reads: Reads) -> None:
    us = reads("leads.csv", _dated(["03/04/2026", "03/25/2026"]))
    eu = reads("leads.csv", _dated(["03/04/2026", "25/03/2026"]))
    assert stages(us)["inquiry"] == ["2026-03-04 00:00", "2026-03-25 00:00"]
    assert stages(eu)["inquiry"] == ["2026-04-03 00:00", "2026-03-25 00:00"]
    assert (us.files[0].date_order, eu.files[0].date_order) == ("mdy", "dmy")
    assert not any("dates in" in said for said in us.assumed + eu.assumed)


def test_a_column_without_proof_follows_its_file(reads: Reads) -> None:
    export = reads("leads.csv", _dated(["03/25/2026"], "03/04/2026"))
    assert stages(export)["mql"] == ["2026-03-04 00:00"]


def test_a_file_without_proof_follows_the_others(reads: Reads) -> None:
    reads("more.csv", "Lead ID,Email,Created Date\n9,z@x.example,12/31/2026\n")
    export = reads("leads.csv", _dated(["03/04/2026"]), folder=True)
    assert "2026-03-04 00:00" in stages(export)["inquiry"]
    assert any("month first, as the other files are" in said for said in export.assumed)


@pytest.mark.parametrize(
    ("zone", "instant"),
    [
        ("Europe/London", "2026-04-02 23:00"),
        ("America/New_York", "2026-03-04 05:00"),
        ("America/Sao_Paulo", "2026-04-03 03:00"),
    ],
)
def test_nothing_proves_an_order_then_the_zone_does_and_it_is_said(reads: Reads, zone: str, instant: str) -> None:
    export = reads("leads.csv", _dated(["03/04/2026"]), zone=zone)
    assert stages(export)["inquiry"] == [instant]
    assert any(f"an assumption after the zone {zone}" in said for said in export.assumed)


def test_a_mixed_column_is_read_by_its_majority_and_that_is_said(reads: Reads) -> None:
    export = reads("leads.csv", _dated(["25/03/2026", "26/03/2026", "03/27/2026", "03/04/2026"]))
    assert stages(export)["inquiry"] == ["2026-03-25 00:00", "2026-03-26 00:00", "2026-03-27 00:00", "2026-04-03 00:00"]
    assert any("as 2 of its dates prove; 1 prove the other order and were read so" in said for said in export.assumed)


def test_a_mapping_fixes_the_order_and_the_zone(reads: Reads) -> None:
    rules = """
handfast_mapping: 1
zone: Asia/Tokyo
files:
  - file: leads.csv
    kind: leads
    dates: mdy
    columns: {Lead ID: id, Created Date: inquiry_at}
"""
    assert stages(reads("leads.csv", _dated(["03/04/2026"]), rules=rules))["inquiry"] == ["2026-03-03 15:00"]


def test_values_that_are_no_dates_are_left_out_and_counted(reads: Reads) -> None:
    export = reads(
        "leads.csv",
        _dated(["2026-03-25", "2026-03-26"], "next week"),
        zone="UTC",
        rules="""
handfast_mapping: 1
files:
  - {file: leads.csv, kind: leads, columns: {Lead ID: id, Created Date: inquiry_at, MQL Date: mql_at}}
""",
    )
    assert "mql" not in stages(export)
    assert any("2 values of “MQL Date” are no dates (“next week”)" in said for said in export.assumed)


def test_columns_remember_no_more_than_they_must(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (dates_module, days_module):
        monkeypatch.setattr(module, "MOST_REMEMBERED", 10)
    texts = [f"{1 + day % 28}.3.{2000 + day} 10:{day % 60:02}" for day in range(50)]
    dates = DateColumn(Empties())
    for start in range(0, 50, 7):
        dates.append(dates.read(texts[start : start + 7]), None)
    assert [when(int(at)) for at in dates.instants(DateOrder.DMY, "UTC")] == [column(text)[0] for text in texts]


# Amounts.


@pytest.mark.parametrize(
    ("text", "mark", "number"),
    [
        ("1234.50", DecimalMark.POINT, "1234.50"),
        ("$1,234.50", DecimalMark.POINT, "1234.50"),
        ("1.234,50 €", DecimalMark.COMMA, "1234.50"),
        ("1 234,50", DecimalMark.COMMA, "1234.50"),
        ("CHF 1'234.50", DecimalMark.POINT, "1234.50"),
        ("-12", DecimalMark.POINT, "-12"),
        ("(12.5)", DecimalMark.POINT, "-12.5"),
        ("-$12", DecimalMark.POINT, "-12"),
        ("2.5k", DecimalMark.POINT, "2500"),
        ("1,2 Mio. €", DecimalMark.COMMA, "1200000"),
        ("3 bn", DecimalMark.POINT, "3000000000"),
        ("1.5e3", DecimalMark.POINT, "1500"),
        ("12.", DecimalMark.POINT, "12"),
    ],
)
def test_numbers(text: str, mark: DecimalMark, number: str) -> None:
    assert read_number(text, mark) == Decimal(number)


@pytest.mark.parametrize("text", ["", "n/a", "abc", "1.2.3", "12345678901234567"])
def test_no_numbers(text: str) -> None:
    assert read_number(text) is None


@pytest.mark.parametrize(
    ("texts", "mark", "proved"),
    [
        (["1,234.50"], DecimalMark.POINT, True),
        (["1.234,50"], DecimalMark.COMMA, True),
        (["1,234"], DecimalMark.POINT, False),
        (["1,234", "12,5"], DecimalMark.COMMA, True),
        (["1,234,567"], DecimalMark.POINT, True),
        (["1.234.567"], DecimalMark.COMMA, True),
        (["12.5", "12"], DecimalMark.POINT, True),
        ([], DecimalMark.POINT, False),
    ],
)
def test_decimal_mark_by_the_whole_column(texts: list[str], mark: DecimalMark, proved: bool) -> None:
    assert decide_mark(texts) == (mark, proved)


def test_money_is_exact() -> None:
    assert hundredths(Decimal("0.29")) == 29
    assert hundredths(Decimal("2400000.505")) == 240_000_050
    assert hundredths(None) == 0


# Ids and addresses.


@pytest.mark.parametrize(
    ("raw", "key"),
    [(" 123 ", "123"), ("123.0", "123"), ("x.0", "x.0"), ('"123"', "123"), ("00Q5e00000Aa01xEAA", None)],
)
def test_ids(raw: str, key: str | None) -> None:
    assert normal_id(raw) == (key or raw)


def test_salesforce_ids_of_both_lengths_are_one(reads: Reads) -> None:
    export = reads("leads.csv", "Id,Email,CreatedDate\n0035e00000Cc01xQAB,a@x.example,2026-03-25\n")
    assert len(export) == 1
    assert normal_id("001D000000IqhSLIAZ") == "001D000000IqhSL"  # the pair that Salesforce's own help gives
    assert normal_id("001D000000IqhSLAAA") == "001D000000IqhSLAAA"  # a checksum that is none


@pytest.mark.parametrize(
    ("raw", "address"),
    [
        ("Ada.Adler+news@GMail.com", "adaadler@gmail.com"),
        ("a.b@googlemail.com", "ab@gmail.com"),
        ("Ada.Adler+x@acme.example", "ada.adler@acme.example"),
        ("<ada@acme.example>; b@acme.example", "ada@acme.example"),
        ("+tag@acme.example", "+tag@acme.example"),
        ("mailto:ada@acme", ""),
        ("none", ""),
    ],
)
def test_addresses(raw: str, address: str) -> None:
    assert normal_email(raw) == address


def test_domains() -> None:
    assert domain_of("a@b.example") == "b.example"
    assert normal_domain("https://www.Acme.example:80/de?x#y") == "acme.example"
    assert normal_domain("ada@acme.example") == "acme.example"
    assert normal_domain("not a domain.") == normal_domain("acme") == ""


def test_keys_are_shared_between_columns() -> None:
    keys = Keys()
    spelled = Spelling(normal_id, plain_ids)
    one, other = KeyColumn(keys, spelled, Empties()), ManyKeyColumn(keys, spelled, Empties())
    one.append(one.read(["1", " 2", "", "2"]), None)
    other.append(other.read(["2;3", "", "[1, 4]", "?"]), np.array([0, 2, 3]))
    assert one.codes().tolist() == [0, 1, -1, 1]
    rows, codes = other.pairs()
    assert (rows.tolist(), codes.tolist()) == ([0, 0, 1, 1], [1, 2, 0, 3])
    assert (keys.words(), len(keys), len(one), len(other)) == (["1", "2", "3", "4"], 4, 4, 3)


@given(
    st.lists(
        st.text(alphabet="aB1.+-@ ;é", max_size=9) | st.sampled_from(["a@b.cd", "a.b@gmail.com", "A@b.cd", "12", "n/a"])
    )
)
def test_ids_and_addresses_are_the_same_one_by_one_and_many_at_once(texts: list[str]) -> None:
    for spelled in (Spelling(normal_id, plain_ids), Spelling(normal_email, plain_emails)):
        keys = Keys()
        column_ = KeyColumn(keys, spelled, Empties())
        for start in range(0, len(texts), 3):
            column_.append(column_.read(texts[start : start + 3] * 2), None)
        told = [keys.words()[code] if code >= 0 else "" for code in column_.codes()]
        expected = ["" if Empties()[text] else spelled.normal(text) for text in texts]
        assert told == [key for start in range(0, len(texts), 3) for key in expected[start : start + 3] * 2]


def test_addresses_that_must_be_looked_at_closely() -> None:
    assert plain_emails(["ada@acme.example", "b-c_d.e1@x.y.example"])
    for text in (
        "Ada@acme.example",
        "a+b@acme.example",
        "a.b@gmail.com",
        "a@googlemail.com",
        "é@acme.example",
        "x",
        "",
    ):
        assert not plain_emails(["ada@acme.example", text])


# Words.


def test_words_differ_by_more_than_case() -> None:
    column_ = WordColumn(Empties())
    column_.append(
        column_.read(["google", "Google", "Google", " GOOGLE ", "bing", "Select", "- None -", "", "n/a"]), None
    )
    coded = column_.coded()
    assert words(coded) == ["Google"] * 4 + ["bing"] + [""] * 4
    assert column_.spellings()[0] == "google"
    assert column_.counted()["Google"] == 2


def test_empty_words_of_the_exports_own() -> None:
    empties = Empties(["Keine Angabe", "2000"])
    assert [empties[text] for text in ("keine  ANGABE", "2000", "2001", "Web", "x" * 50)] == [
        True,
        True,
        False,
        False,
        False,
    ]


def test_empty_columns() -> None:
    column_ = WordColumn(Empties())
    assert (words(column_.coded()), column_.counted(), len(column_)) == ([], {}, 0)


# Common spellings.


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Germany", "DE"),
        ("deutschland", "DE"),
        ("de", "DE"),
        ("DEU", "DE"),
        ("U.S.A.", "US"),
        ("England", "GB"),
        ("Norway", "NO"),
        ("NO", "NO"),
        ("Namibia", "NA"),
        ("Côte d'Ivoire", "CI"),
        ("Atlantis", "Atlantis"),
    ],
)
def test_countries(text: str, code: str) -> None:
    assert country(text) == code


def test_every_country_has_one_meaning() -> None:
    codes = set(table("countries").values())
    assert len(codes) == 250
    assert all(table("countries")[fold(code)] == code for code in codes)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("COMPUTER_SOFTWARE", "software"),
        ("Computer Software", "software"),
        ("Hospital & Health Care", "healthcare"),
        ("Financial Services", "financial_services"),
        ("fintech", "fintech"),
        ("Basket weaving", "Basket weaving"),
        ("Food and Beverage", "food_and_beverage"),
        ("Health Wellness and Fitness", "healthcare"),
    ],
)
def test_industries(text: str, word: str) -> None:
    assert industry(text) == word


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("51-200", "125"),
        ("51 – 200 employees", "125"),
        ("10,001+", "10001"),
        ("1,200", "1200"),
        ("250", "250"),
        ("60-80", "70"),
        ("many", ""),
        ("75.0", "75"),
        ("1.200", "1200"),
        ("1000", "1000"),
        ("fewer than 10", "5"),
    ],
)
def test_employees(text: str, number: str) -> None:
    assert employees(text) == number


def test_yes_no_and_consent() -> None:
    assert [yes_or_no(text) for text in ("TRUE", "ja", "0", "nein", "perhaps")] == [True, True, False, False, None]
    assert [yes_word(text) for text in ("yes", "no", "?")] == ["true", "false", ""]
    assert [consent(text) for text in ("Opted out", "true", "legitimate interest", "hm")] == [
        "denied",
        "granted",
        "granted",
        "unknown",
    ]


def test_never_is_never() -> None:
    assert when(NEVER) == ""
