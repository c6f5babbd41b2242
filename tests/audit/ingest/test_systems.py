"""Each system's headers, as its screens and as connectors print them, tell the same story."""

from __future__ import annotations

import pytest

from handfast.audit import Export, read_export, read_mapping, write_mapping

from .conftest import FIXTURES, activities, assignments, deals, stages, touches, words

ZONES = {
    "hubspot/screen": "Europe/Berlin",
    "hubspot/connector": "UTC",
    "salesforce/api": "UTC",
    "salesforce/report": "America/New_York",
    "salesforce/connector": "UTC",
    "marketo/list": "Europe/Berlin",
    "marketo/api": "UTC",
    "marketo/connector": "UTC",
}


def read(folder: str) -> Export:
    return read_export([FIXTURES / folder], zone=ZONES[folder])


@pytest.mark.parametrize("folder", ["hubspot/screen", "hubspot/connector"])
def test_hubspot_contacts(folder: str) -> None:
    export = read(folder)
    assert export.key == ["101", "102", "103", "104", "105"]
    told = stages(export)
    assert told["inquiry"] == [
        "2026-03-02 09:15", "2026-03-03 08:00", "2026-03-03 09:30", "2026-03-04 07:00", "2026-03-05 15:45",
    ]  # fmt: skip
    assert told["mql"] == ["2026-03-02 09:20", "2026-03-03 11:00", "2026-03-03 09:31", "2026-03-04 08:00", ""]
    assert told["sql"] == ["2026-03-06 08:00", "", "", "", ""]
    assert told["opportunity"] == ["2026-03-09 10:00", "2026-03-12 10:00", "", "", ""]
    assert told["won"] == ["2026-03-20 15:30", "", "", "", ""]
    assert "withdrawn" not in told
    assert told["rejected"] == ["", "", "yes", "", ""]  # Cleo was never met
    assert [bool(said) for said in told["disqualified"]] == [False, False, False, True, False]  # Dan was
    assert words(export.reason) == ["", "", "Not a fit", "No budget", ""]
    assert words(export.attributes["country"]) == ["DE", "AT", "FR", "GB", "DE"]
    assert words(export.attributes["employees"]) == ["125", "75", "", "1200", "33"]
    assert words(export.attributes["industry"])[::2] == ["software", "education", "construction"]
    assert "first_name" not in export.attributes


@pytest.mark.parametrize(("folder", "lena", "sam"), [
    ("hubspot/screen", "Lena Vogt", "Sam Oduya"), ("hubspot/connector", "Lena Vogt", "Sam Oduya"),
])  # fmt: skip
def test_hubspot_touches_and_deals(folder: str, lena: str, sam: str) -> None:
    export = read(folder)
    assert touches(export) == [
        ("101", "2026-03-02 09:40", lena, True, True),
        ("101", "2026-03-02 09:45", lena, True, False),
        ("101", "2026-03-06 08:00", lena, True, True),
        ("102", "2026-03-03 08:01", sam, False, False),  # sent by a sequence
        ("102", "2026-03-03 13:20", sam, True, False),
        ("104", "2026-03-05 09:00", lena, True, True),  # Dan called, and Lena answered
    ]
    assert deals(export) == [
        ("901", "101", "2026-03-09 10:00", "2026-03-20 15:30", 1, 2_400_050),
        ("902", "102", "2026-03-12 10:00", "", -1, 900_000),  # 106 is a second record of 102
    ]
    assert words(export.deals.owner) == [lena, sam]
    said = "\n".join(export.assumed)
    assert "2 mails, messages or unanswered calls that came in" in said
    assert "1 tasks or meetings not completed" in said or "2 tasks or meetings not completed" in said


def test_hubspot_forms_are_counted_once_though_two_tables_remember_them() -> None:
    forms = [("101", "2026-03-02 09:15", "form_submitted"), ("105", "2026-03-05 15:45", "form_submitted")]
    assert activities(read("hubspot/screen")) == forms
    connector = read("hubspot/connector")
    assert [told for told in activities(connector) if told[2] == "form_submitted"] == forms
    # A click that the mail system itself calls a bot's is left out, and so is what was merely sent.
    assert [told[1:] for told in activities(connector) if told[2] != "form_submitted"] == [
        ("2026-03-01 08:00", "email_opened"),
        ("2026-03-01 09:00", "email_clicked"),
    ]
    assert words(connector.activities.properties["page"])[:2] == ["/demo", "/newsletter"]


def test_hubspot_history_says_when() -> None:
    export = read("hubspot/connector")
    assert stages(export)["accepted"] == ["yes", "", "", "2026-03-05 09:30", ""]
    assert stages(export)["disqualified"][3] == "2026-03-06 09:00"
    assert ("102", "2026-03-03 11:30", "Sam Oduya") in assignments(export)


@pytest.mark.parametrize("folder", ["salesforce/api", "salesforce/report", "salesforce/connector"])
def test_salesforce_leads(folder: str) -> None:
    export = read(folder)
    assert export.key == [f"00Q5e00000Aa0{number}x" for number in range(1, 6)]
    told = stages(export)
    inquiry = ["2026-03-02 14:15", "2026-03-03 09:00", "2026-03-03 10:30", "2026-03-04 08:00", "2026-03-05 16:45"]
    assert told["inquiry"] == inquiry
    assert told["mql"] == inquiry  # nothing says when they were delivered, and that is said
    assert any("their creation was taken for it" in sentence for sentence in export.assumed)
    assert bool(told["sql"][0])
    assert {"sql_at", "deals.closed_at"} <= export.date_only
    assert words(export.source) == ["Web", "Partner Referral", "Web", "Trade Show", "Web"]
    assert words(export.owner) == ["Lena Vogt", "Sam Oduya", "Sam Oduya", "Lena Vogt", "Lena Vogt"]
    assert words(export.attributes["employees"])[3] == "1200"
    assert [file.duplicates for file in export.files if "lead" in file.name.lower() and "istory" not in file.name] == [
        1
    ]
    assert [deal[0:2] for deal in deals(export)] == [
        ("0065e00000Oo01x", export.key[0]),
        ("0065e00000Oo02x", export.key[0]),
    ]
    assert [deal[4:] for deal in deals(export)] == [(1, 2_400_050), (-1, 500_000)]


@pytest.mark.parametrize("folder", ["salesforce/api", "salesforce/report", "salesforce/connector"])
def test_salesforce_tasks(folder: str) -> None:
    told = [touch[1:] for touch in touches(read(folder)) if touch[0] < "00Q5e00000Aa04x"]
    assert told[0] == ("2026-03-02 15:00", "Lena Vogt", True, True)
    # Entered on the very day that its bare date names: the hour of entry counts.
    assert ("2026-03-03 13:20", "Sam Oduya", True, False) in told
    # Entered the day before: only the date counts, in the zone of the export.
    assert any(touch[0].startswith("2026-03-05") and touch[1] == "Sam Oduya" for touch in told)
    machine = [touch for touch in touches(read(folder)) if not touch[3]]
    assert [(touch[0], touch[1]) for touch in machine] == [("00Q5e00000Aa05x", "2026-03-05 16:46")]


def test_salesforce_histories_events_and_people() -> None:
    export = read("salesforce/api")
    told = stages(export)
    assert told["accepted"] == ["", "2026-03-03 13:21", "", "2026-03-05 09:35", ""]
    assert told["rejected"] == ["", "", "2026-03-03 11:00", "", ""]
    assert told["disqualified"] == ["", "", "", "2026-03-06 10:00", ""]
    assert told["won"][0] == "2026-03-20 15:30"  # the history knows the hour, the deal only the day
    key = export.key
    assert assignments(export)[:3] == [
        (key[0], "2026-03-02 14:15", "Lena Vogt"),
        (key[1], "2026-03-03 09:00", "Inbound queue"),
        (key[1], "2026-03-03 12:00", "Sam Oduya"),  # written twice by Salesforce: by name and by id
    ]
    assert (key[0], "2026-03-11 10:00", "Lena Vogt", True, False) in touches(export)  # logged on the contact
    assert (key[3], "2026-03-05 09:00", "Lena Vogt", True, True) in touches(export)  # a meeting
    assert words(export.attributes["company_domain"])[0] == "nordsoft.example"
    assert words(export.attributes["revenue"])[0] == "31000000"
    assert "gone@gone.example" not in str(export.attributes)
    assert len(export) == 5  # the other contact of the account is nobody's lead


def test_salesforce_reports_end_in_a_footer_that_is_refused_and_nothing_else() -> None:
    (leads,) = [file for file in read("salesforce/report").files if file.name == "leads.csv"]
    assert (leads.rows, leads.used, leads.refused, leads.date_order) == (9, 6, 3, "mdy")


@pytest.mark.parametrize("folder", ["marketo/list", "marketo/api", "marketo/connector"])
def test_marketo_leads(folder: str) -> None:
    export = read(folder)
    assert export.key == ["301", "302", "303"]
    told = stages(export)
    assert told["inquiry"][:2] == ["2026-02-28 09:15", "2026-03-03 08:00"]
    assert told["mql"] == ["2026-03-02 09:20", "2026-03-03 11:00", ""]
    assert told["accepted"] == ["2026-03-02 10:00", "", ""]
    assert bool(told["rejected"][1])
    assert words(export.source) == ["Webinar", "Webinar", "Web"]
    assert words(export.attributes["country"]) == ["DE", "AT", "DE"]
    assert words(export.attributes["industry"]) == ["software", "financial_services", "construction"]


def test_marketo_activities() -> None:
    export = read("marketo/api")
    assert activities(export) == [
        ("301", "2026-02-28 09:14", "page_viewed"),
        ("301", "2026-02-28 09:15", "form_submitted"),
        ("301", "2026-03-01 06:00", "email_opened"),
        ("303", "2026-03-13 15:45", "unsubscribed"),
    ]
    assert words(export.activities.properties["form"])[1] == "Demo"
    assert words(export.activities.properties["path"])[0] == "/pricing"
    assert stages(export)["rejected"] == ["", "2026-03-04 08:00", ""]  # a change of a data value
    connector = read("marketo/connector")
    assert stages(connector)["rejected"] == ["", "2026-03-04 08:00", ""]
    assert activities(connector) == [("301", "2026-03-01 06:00", "email_opened")]  # the other opening was a bot's


@pytest.mark.parametrize("folder", ZONES)
def test_the_saved_mapping_reads_the_same_export(folder: str) -> None:
    first = read(folder)
    assert first.mapping is not None
    saved = read_mapping(write_mapping(first.mapping, first.files))
    assert saved.problems == ()
    assert saved.mapping == first.mapping
    second = read_export([FIXTURES / folder], zone="Asia/Tokyo", mapping=saved.mapping)
    assert second.mapping == first.mapping
    assert second.key == first.key
    for stage, at in first.stage_at.items():
        assert (second.stage_at[stage] == at).all()
        assert (second.reached[stage] == first.reached[stage]).all()
    assert touches(second) == touches(first)
    assert activities(second) == activities(first)
    assert deals(second) == deals(first)
    assert assignments(second) == assignments(first)
    for name, coded in first.attributes.items():
        assert words(second.attributes[name]) == words(coded)
    for mine, theirs in zip(second.files, first.files, strict=True):
        assert (mine.name, mine.recognised_as, mine.columns) == (theirs.name, theirs.recognised_as, theirs.columns)
        assert (mine.rows, mine.used, mine.refused, mine.duplicates) == (
            theirs.rows, theirs.used, theirs.refused, theirs.duplicates,
        )  # fmt: skip
        assert mine.date_order == theirs.date_order
