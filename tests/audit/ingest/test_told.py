"""What a reading must not keep to itself: doubtful guesses, mappings that fit nothing, files given twice."""

from __future__ import annotations


import pytest

from handfast.audit import Export
from handfast.audit.hints import stage_of_header
from handfast.instant import NEVER

from .conftest import Reads, stages

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
        "contacts.csv: “Date of SAL” was read as accepted_at, when sales took it on "
        "(a word in the header; 100% of the values are dates); a mapping file can say otherwise."
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
