"""Tables joined: who is one lead, whose a deal is, what counts as a touch, when stages and owners changed."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.examples import examples

from handfast.audit import Export, read_export
from handfast.audit.join.activities import path_of
from handfast.audit.join.combine import earlier_of, first_known, joined, once
from handfast.audit.join.people import MOST_SHARING, _connected
from handfast.audit.stage import Stage
from handfast.contract.load import load
from handfast.identity import normal_company
from handfast.instant import NEVER
from handfast.measure.columns import Coded

from .conftest import activities, assignments, deals, mapping, stages, touches, words

CONTACTS = "Record ID,Email,Create Date,Lifecycle Stage,Became a Marketing Qualified Lead Date,Lead Status\n"


def read(folder: Path, zone: str = "UTC", rules: str = "", **files: str) -> Export:
    """Files written and read together; the names' double underscores stand for dots."""
    for name, content in files.items():
        (folder / name.replace("__", ".")).write_text(content, encoding="utf-8")
    return read_export([folder], zone=zone, mapping=mapping(rules) if rules else None)


# People.


def test_the_same_person_twice_is_one_lead_named_by_the_earliest_record(tmp_path: Path) -> None:
    rows = (
        "1,ada@x.example,2026-03-05,lead,,\n"
        "2,Ada+News@X.example,2026-03-01,lead,2026-03-07,\n"  # the same address, earlier
        "2,other@x.example,2026-03-03,lead,2026-03-06,\n"  # the same id
        "3,ben@x.example,2026-03-02,lead,,\n"
    )
    export = read(tmp_path, contacts__csv=CONTACTS + rows)
    assert export.key == ["2", "3"]
    assert stages(export)["inquiry"] == ["2026-03-01 00:00", "2026-03-02 00:00"]
    assert stages(export)["mql"] == ["2026-03-06 00:00", ""]
    assert export.files[0].duplicates == 2


def test_merged_records_are_one_lead(tmp_path: Path) -> None:
    header = "Record ID,Email,Create Date,Lifecycle Stage,Merged object IDs\n"
    rows = "1,a@x.example,2026-03-05,lead,7;8\n8,b@x.example,2026-03-01,lead,\n9,c@x.example,2026-03-01,lead,\n"
    assert read(tmp_path, contacts__csv=header + rows).key == ["8", "9"]
    audit = "canonical_vid,contact_id,vid_to_merge,timestamp\n9,9,8,2026-03-06 10:00:00\n"
    assert read(tmp_path, contacts__csv=header + rows, merge_audit__csv=audit).key == ["8"]


def test_an_address_that_many_carry_is_a_placeholder(tmp_path: Path) -> None:
    rows = "".join(f"{n},None@None.example,2026-03-05,lead,,\n" for n in range(MOST_SHARING + 1))
    export = read(tmp_path, contacts__csv=CONTACTS + rows)
    assert len(export) == MOST_SHARING + 1
    assert any("1 e-mail addresses are carried by more than 25 records" in said for said in export.assumed)
    fewer = read(tmp_path, contacts__csv=CONTACTS + rows.split("\n", 1)[1])
    assert len(fewer) == 1


@settings(max_examples=examples(100))
@given(st.lists(st.tuples(st.integers(0, 11), st.integers(0, 9)), max_size=25))
def test_ties_are_followed_to_their_end(pairs: list[tuple[int, int]]) -> None:
    rows, nodes = (np.array([pair[side] for pair in pairs], dtype=np.int64) for side in (0, 1))
    label = _connected(12, rows, nodes, 10)
    expected = list(range(12))
    for _ in range(12):
        for row, node in pairs:
            for other, same in pairs:
                if node == same:
                    expected[row] = expected[other] = min(expected[row], expected[other])
    assert label.tolist() == expected


def test_rows_without_an_id_go_by_file_and_line(tmp_path: Path) -> None:
    assert read(tmp_path, contacts__csv=CONTACTS + ",a@x.example,2026-03-05,lead,,\n").key == ["contacts.csv:2"]


def test_contacts_alone_are_leads(tmp_path: Path) -> None:
    header = "Id,AccountId,Email,MailingCountry,LeadSource,ReportsToId\n"
    rows = "0035e00000Cc01x,0015e00000Ac01x,a@x.example,Germany,Web,\n"
    assert read(tmp_path, Contact__csv=header + rows).key == ["0035e00000Cc01x"]


# Stages.


@pytest.mark.parametrize(
    ("stage", "status", "expected"),
    [
        ("lead", "UNQUALIFIED", "rejected"),
        ("salesqualifiedlead", "UNQUALIFIED", "disqualified"),
        ("opportunity", "UNQUALIFIED", "disqualified"),
        ("customer", "UNQUALIFIED", ""),  # a customer was not turned away
        ("lead", "NEW", ""),
    ],
)
def test_declined_is_settled_by_what_else_is_known(tmp_path: Path, stage: str, status: str, expected: str) -> None:
    told = stages(read(tmp_path, contacts__csv=CONTACTS + f"1,a@x.example,2026-03-05,{stage},,{status}\n"))
    assert [name for name in ("rejected", "disqualified") if name in told] == ([expected] if expected else [])


def test_a_stated_rejection_is_not_settled_again(tmp_path: Path) -> None:
    header = CONTACTS.strip() + ",Lead rejected on,Became a Sales Qualified Lead Date\n"
    told = stages(
        read(tmp_path, contacts__csv=header + "1,a@x.example,2026-03-05,lead,,UNQUALIFIED,2026-03-07,2026-03-06\n")
    )
    assert told["rejected"] == ["2026-03-07 00:00"]
    assert "disqualified" not in told


def test_deleted_records_are_no_leads(tmp_path: Path) -> None:
    header = "_fivetran_deleted," + CONTACTS
    export = read(
        tmp_path, contacts__csv=header + "true,1,a@x.example,2026-03-05,lead,,\nfalse,2,b@x.example,2026-03-05,lead,,\n"
    )
    assert export.key == ["2"]


# Companies.


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("Acme, Inc.", "acme"),
        ("ACME GmbH", "acme"),
        ("Acme GmbH & Co. KG", "acme"),
        ("Acme-Werke AG", "acme werke"),
        ("GmbH", "gmbh"),
        ("", ""),
    ],
)
def test_company_names(raw: str, name: str) -> None:
    assert normal_company(raw) == name


COMPANIES = "Record ID,Company name,Company Domain Name,Industry,Number of Employees,Country/Region,Company owner\n"


def test_companies_fill_what_their_people_do_not_say(tmp_path: Path) -> None:
    header = "Record ID,Email,Create Date,Lifecycle Stage,Company Name,Associated Company IDs,Industry\n"
    rows = (
        "1,a@x.example,2026-03-05,lead,,501,Retail\n"  # by id; its own industry stays
        '2,b@x.example,2026-03-05,lead,"Nord, Inc.",,\n'  # by name
        "3,c@x.example,2026-03-05,lead,Unknown Ltd,,\n"
    )
    companies = (
        "501,Sud AG,sud.example,Software,51-200,Germany,Lena\n502,NORD,nord.example,Construction,30,France,Sam\n"
    )
    export = read(tmp_path, contacts__csv=header + rows, companies__csv=COMPANIES + companies)
    assert words(export.attributes["industry"]) == ["retail", "construction", ""]
    assert words(export.attributes["country"]) == ["DE", "FR", ""]
    assert words(export.attributes["company_domain"]) == ["sud.example", "nord.example", ""]


def test_a_table_of_pairs_ties_people_and_companies(tmp_path: Path) -> None:
    pairs = "contact_id,company_id,type_id,category\n1,501,1,HUBSPOT_DEFINED\n"
    export = read(
        tmp_path,
        contacts__csv=CONTACTS + "1,a@x.example,2026-03-05,lead,,\n",
        contact_company__csv=pairs,
        companies__csv=COMPANIES + "501,Sud AG,sud.example,Software,51-200,Germany,Lena\n",
    )
    assert words(export.attributes["country"]) == ["DE"]


# Deals.

DEALS = (
    "Record ID,Deal Name,Deal Stage,Amount,Create Date,Close Date,Associated Contact IDs,"
    "Associated Company IDs,Closed Lost Reason,Deal owner\n"
)
PEOPLE = CONTACTS.strip() + ",Associated Company IDs,Contact owner\n"
TWO = "1,a@x.example,2026-03-01,lead,,,501,\n2,b@x.example,2026-03-05,lead,,,501,Sam\n"


def test_deals_find_their_lead_and_mark_its_stages(tmp_path: Path) -> None:
    rows = (
        '91,One,Closed Won,"1,000.50",2026-03-07,2026-03-20,2;1,,,Lena\n'  # of two people, the first to inquire
        "92,Two,Closed Lost,5,2026-03-08,2026-03-21,2,,Price,Lena\n"
        "93,Three,Proposal,7,2026-03-09,2026-09-09,2,,,Lena\n"
        "94,Four,Proposal,7,2026-03-03,2026-09-09,,501,,Lena\n"  # by company: who had inquired by then
        "95,Five,Proposal,7,2026-02-03,2026-09-09,,501,,Lena\n"  # nobody had
        "96,Six,Proposal,7,,2026-09-09,,501,,Lena\n"  # no date: the latest
        "97,Seven,Proposal,7,2026-03-03,2026-09-09,,777,,Lena\n"
        "91,Again,Closed Lost,5,2026-03-08,2026-03-21,2,,,Lena\n"
    )
    export = read(tmp_path, contacts__csv=PEOPLE + TWO, deals__csv=DEALS + rows)
    assert [deal[:2] + deal[4:] for deal in deals(export)] == [
        ("91", "1", 1, 100_050),
        ("92", "2", 0, 500),
        ("93", "2", -1, 700),
        ("94", "1", -1, 700),
        ("95", "", -1, 700),
        ("96", "2", -1, 700),
        ("97", "", -1, 700),
    ]
    # Of an open deal the closing date is a hope, no fact.
    assert [deal[3] for deal in deals(export)] == ["2026-03-20 00:00", "2026-03-21 00:00", "", "", "", "", ""]
    told = stages(export)
    assert told["opportunity"] == ["2026-03-03 00:00", "2026-03-08 00:00"]
    assert told["won"] == ["2026-03-20 00:00", ""]
    assert "lost" not in told  # 2 has an open deal still
    assert words(export.reason) == ["", "Price"]
    assert any("Deals left out: 1 repeating the id" in said for said in export.assumed)


def test_a_lead_is_lost_with_the_last_of_its_deals(tmp_path: Path) -> None:
    rows = "91,One,Closed Lost,1,2026-03-07,2026-03-20,1,,,\n92,Two,Closed Lost,5,2026-03-08,2026-03-25,1,,,\n"
    told = stages(read(tmp_path, contacts__csv=PEOPLE + TWO, deals__csv=DEALS + rows))
    assert told["lost"] == ["2026-03-25 00:00", ""]


RULES = """
handfast_mapping: 1
files:
  - {file: leads.csv, kind: leads, columns: {id: id, email: email, at: inquiry_at, company: company}}
  - {file: deals.csv, kind: deals, columns: {COLUMNS}}
"""


@pytest.mark.parametrize(
    ("columns", "header", "row", "expected"),
    [
        ("id: id, mail: email", "id,mail", "9,B@x.example", ("9", "2", "", "", -1, 0)),
        ("lead: lead_id, won: won_at", "lead,won", "2,2026-04-01", ("deals.csv:2", "2", "", "2026-04-01 00:00", 1, 0)),
        (
            "lead: lead_id, lost: lost_at",
            "lead,lost",
            "2,2026-04-01",
            ("deals.csv:2", "2", "", "2026-04-01 00:00", 0, 0),
        ),
        ("lead: lead_id, w: won, c: closed", "lead,w,c", "2,no,yes", ("deals.csv:2", "2", "", "", 0, 0)),
        ("lead: lead_id, w: won, c: closed", "lead,w,c", "2,no,no", ("deals.csv:2", "2", "", "", -1, 0)),
        ("lead: lead_id, w: won", "lead,w", "2,yes", ("deals.csv:2", "2", "", "", 1, 0)),
        ("lead: lead_id, s: stage, c: closed", "lead,s,c", "2,won,no", ("deals.csv:2", "2", "", "", -1, 0)),
        (
            "id: id, firm: company, at: opened_at",
            "id,firm,at",
            "9,ACME Inc,2026-04-01",
            ("9", "2", "2026-04-01 00:00", "", -1, 0),
        ),
    ],
)
def test_ways_to_say_whose_a_deal_is_and_how_it_ended(
    tmp_path: Path, columns: str, header: str, row: str, expected: tuple[object, ...]
) -> None:
    leads = "id,email,at,company\n1,a@x.example,2026-03-01,\n2,b@x.example,2026-03-02,Acme\n"
    export = read(tmp_path, rules=RULES.replace("COLUMNS", columns), leads__csv=leads, deals__csv=f"{header}\n{row}\n")
    assert deals(export) == [expected]


def test_histories_give_the_hour_of_closing(tmp_path: Path) -> None:
    stage = (
        "deal_id,date_entered,source,source_id,value\n91,2026-03-20 15:30:00,x,x,Closed Won\n"
        "91,2026-03-21 15:30:00,x,x,Closed Lost\n"
    )
    rows = "91,One,Closed Won,1,2026-03-07,2026-03-20,1,,,\n92,Two,Closed Won,1,2026-03-07,,1,,,\n"
    more = (
        "92,2026-03-22 10:00:00,x,x,Closed Won\n92,2026-03-07 10:00:00,x,x,Proposal\n"
        "77,2026-03-22 10:00:00,x,x,Closed Won\n"
    )
    export = read(tmp_path, contacts__csv=PEOPLE + TWO, deals__csv=DEALS + rows, deal_stage__csv=stage + more)
    assert [deal[3] for deal in deals(export)] == ["2026-03-20 15:30", "2026-03-22 10:00"]


# Touches.

TOUCH_RULES = """
handfast_mapping: 1
files:
  - {file: leads.csv, kind: leads, columns: {id: id, at: inquiry_at}}
  - file: touches.csv
    kind: touches
    columns: {id: id, lead: lead_id, at: at, type: type, detail: type_detail, subject: subject, outcome: outcome,
              direction: direction, status: status, done: done, sequence: sequence, auto: automated, by: created_by,
              who: owner}
    values:
      type: {Task: unknown, Note: none}
      outcome: {Cancelled: none}
      status: {Cancelled: none}
"""
TOUCH_HEADER = "id,lead,at,type,detail,subject,outcome,direction,status,done,sequence,auto,by,who\n"


def _touch(**cells: str) -> str:
    row = {"id": "1", "lead": "L", "at": "2026-03-05 10:00", "type": "call", "who": "Lena"} | cells
    return ",".join(row.get(name, "") for name in TOUCH_HEADER.strip().split(","))


@pytest.mark.parametrize(
    ("cells", "human", "two_way"),
    [
        ({}, True, False),
        ({"outcome": "contact"}, True, True),
        ({"outcome": "attempt"}, True, False),
        ({"type": "meeting"}, True, True),
        ({"type": "meeting", "outcome": "attempt"}, True, False),  # nobody came
        ({"type": "email", "sequence": "Inbound"}, False, False),
        ({"type": "message", "sequence": "Inbound"}, False, False),
        ({"type": "call", "sequence": "Inbound"}, True, False),  # a cadence asks for it, a person makes it
        ({"auto": "yes"}, False, False),
        ({"by": "machine"}, False, False),
        ({"by": "human"}, True, False),
        ({"who": "Workflow bot"}, False, False),
        ({"type": "Task", "detail": "email"}, True, False),
        ({"type": "Task", "subject": "Call: Ada"}, True, False),
        ({"type": "Task", "subject": "Email: your demo"}, True, False),
        ({"type": "Task", "subject": "Meeting notes"}, True, True),
        ({"status": "done"}, True, False),
        ({"done": "yes"}, True, False),
        ({"done": "no", "status": "done"}, True, False),
        ({"direction": "in", "outcome": "contact"}, True, True),  # they called and were answered
        ({"direction": "out", "outcome": "unknown"}, True, False),
    ],
)
def test_what_is_a_touch(tmp_path: Path, cells: dict[str, str], human: bool, two_way: bool) -> None:
    leads = "id,at\nL,2026-03-01\n"
    export = read(tmp_path, rules=TOUCH_RULES, leads__csv=leads, touches__csv=TOUCH_HEADER + _touch(**cells) + "\n")
    assert [(touch[3], touch[4]) for touch in touches(export)] == [(human, two_way)]


@pytest.mark.parametrize(
    ("cells", "words_"),
    [
        ({"type": "Note"}, "notes, to-dos or entries of unknown kind"),
        ({"type": "Task"}, "notes, to-dos or entries of unknown kind"),
        ({"type": "Task", "subject": "Automatic reply: Re: demo"}, "notes, to-dos or entries of unknown kind"),
        ({"status": "open"}, "tasks or meetings not completed"),
        ({"status": "Cancelled"}, "tasks or meetings not completed"),
        ({"done": "no"}, "tasks or meetings not completed"),
        ({"type": "meeting", "outcome": "Cancelled"}, "tasks or meetings not completed"),
        ({"type": "email", "direction": "in"}, "mails, messages or unanswered calls that came in"),
        (
            {"type": "email", "direction": "in", "outcome": "contact"},
            "mails, messages or unanswered calls that came in",
        ),
        ({"direction": "in"}, "mails, messages or unanswered calls that came in"),
        ({"direction": "in", "outcome": "attempt"}, "mails, messages or unanswered calls that came in"),
        ({"lead": "X"}, "of nobody in the export"),
    ],
)
def test_what_is_no_touch_is_counted(tmp_path: Path, cells: dict[str, str], words_: str) -> None:
    leads = "id,at\nL,2026-03-01\n"
    export = read(tmp_path, rules=TOUCH_RULES, leads__csv=leads, touches__csv=TOUCH_HEADER + _touch(**cells) + "\n")
    assert touches(export) == []
    assert f"Not counted as touches: 1 {words_}." in export.assumed


def test_a_touch_is_counted_once(tmp_path: Path) -> None:
    rows = "\n".join([_touch(), _touch(), _touch(id="2"), _touch(id=""), _touch(id="")])
    export = read(
        tmp_path, rules=TOUCH_RULES, leads__csv="id,at\nL,2026-03-01\n", touches__csv=TOUCH_HEADER + rows + "\n"
    )
    assert len(touches(export)) == 4
    assert "Not counted as touches: 1 repeating the id of an earlier row." in export.assumed


def test_when_a_touch_happened(tmp_path: Path) -> None:
    rules = TOUCH_RULES.split("  - file: touches.csv", maxsplit=1)[0] + (
        "  - {file: touches.csv, kind: touches, columns: {lead: lead_id, on: at, done: completed_at,"
        " typed: logged_at, type: type}}\n"
    )
    rows = [
        "L,2026-03-05,2026-03-06 11:00,2026-03-05 09:00,call",  # completed counts
        "L,2026-03-05,,2026-03-05 09:00,call",  # entered on the day
        "L,2026-03-07,,2026-03-05 09:00,call",  # entered before the day
        "L,,,2026-03-08 09:00,call",  # no day
    ]
    text = "lead,on,done,typed,type\n" + "\n".join(rows) + "\nL,,,,call\n"
    export = read(tmp_path, rules=rules, leads__csv="id,at\nL,2026-03-01\n", touches__csv=text)
    assert [touch[1] for touch in touches(export)] == [
        "2026-03-05 09:00",
        "2026-03-06 11:00",
        "2026-03-07 00:00",
        "2026-03-08 09:00",
    ]
    assert export.files[1].refused == 1
    timed = text.replace("L,2026-03-05,,2026-03-05 09:00", "L,2026-03-05 08:00,,2026-03-05 09:00")
    exact = read(tmp_path, rules=rules, leads__csv="id,at\nL,2026-03-01\n", touches__csv=timed)
    assert "2026-03-05 08:00" in [touch[1] for touch in touches(exact)]  # a stated hour is not second-guessed


def test_touches_on_deals_belong_to_the_deals_lead(tmp_path: Path) -> None:
    calls = (
        "Record ID,Activity type,Activity date,Activity assigned to,Call outcome,"
        "Associated Contact IDs\n2001,Call,2026-03-10 10:00,Lena,Connected,\n"
    )
    pairs = "deal_id,engagement_id,engagement_type,type_id,category\n91,2001,CALL,1,HUBSPOT_DEFINED\n"
    rows = "91,One,Proposal,1,2026-03-07,2026-09-20,2,,,\n"
    export = read(
        tmp_path, contacts__csv=PEOPLE + TWO, deals__csv=DEALS + rows, calls__csv=calls, engagement_deal__csv=pairs
    )
    assert touches(export) == [("2", "2026-03-10 10:00", "Lena", True, True)]


def test_a_call_with_two_people_is_a_touch_of_each(tmp_path: Path) -> None:
    calls = (
        "Record ID,Activity type,Activity date,Activity assigned to,Call outcome,"
        "Associated Contact IDs\n7,Call,2026-03-10 10:00,Lena,Connected,1;2\n"
    )
    export = read(tmp_path, contacts__csv=PEOPLE + TWO, calls__csv=calls)
    assert [touch[0] for touch in touches(export)] == ["1", "2"]


def test_deleted_touches_are_none_though_they_name_people(tmp_path: Path) -> None:
    header = "_fivetran_deleted,Record ID,Activity type,Activity date,Call outcome,Associated Contact IDs\n"
    rows = "true,6,Call,2026-03-09 10:00,Connected,1\nfalse,7,Call,2026-03-10 10:00,Connected,2\n"
    export = read(tmp_path, contacts__csv=PEOPLE + TWO, calls__csv=header + rows)
    assert [touch[:2] for touch in touches(export)] == [("2", "2026-03-10 10:00")]


def test_a_change_whose_json_is_damaged_changes_nothing(tmp_path: Path) -> None:
    header = "marketoGUID,leadId,activityDate,activityTypeId,primaryAttributeValue,attributes\n"
    row = 'g1,301,2026-03-04T08:00:00Z,13,Lead Status,"{""New Value"": "\n'
    leads = "id,email,createdAt,leadStatus,originalSourceType\n301,a@x.example,2026-03-01T08:00:00Z,New,Web\n"
    told = stages(read(tmp_path, leads__csv=leads, activities__csv=header + row))
    assert set(told) == {"inquiry"}


# Activities.


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("https://acme.example/pricing?x=1#y", "/pricing"),
        ("acme.example/pricing", "/pricing"),
        ("/pricing", "/pricing"),
        ("https://acme.example", "/"),
        ("Demo request", ""),
        ("http://[", ""),
        ("v2.0 launch", ""),
    ],
)
def test_paths_of_addresses(url: str, path: str) -> None:
    assert path_of(url) == path


def test_activities_of_nobody_and_of_bots_are_left_out(tmp_path: Path) -> None:
    events = "id,created,email_campaign_id,type,filtered_event,recipient\n"
    rows = (
        "1,2026-03-01 08:00:00,7,OPEN,false,a@x.example\n"
        "2,2026-03-01 08:00:00,7,CLICK,true,a@x.example\n3,2026-03-01 09:00:00,7,OPEN,false,z@x.example\n"
    )
    export = read(tmp_path, contacts__csv=PEOPLE + TWO, email_event__csv=events + rows)
    assert activities(export) == [("1", "2026-03-01 08:00", "email_opened")]
    assert "email_event.csv: activities left out: 1 of nobody in the export." in export.assumed


def test_the_same_activity_twice_is_one(tmp_path: Path) -> None:
    text = "Contact ID,Activity type,Activity date,Form,Page URL\n"
    row = "1,Page view,2026-03-01 08:00,,https://acme.example/pricing\n"
    other = "1,Page view,2026-03-01 08:00,,https://acme.example/careers\n"
    assert len(activities(read(tmp_path, contacts__csv=PEOPLE + TWO, website__csv=text + row + row + other))) == 2


# Owners.


def test_an_event_log_is_one_lead_per_record(tmp_path: Path) -> None:
    rules = """
handfast_mapping: 1
empty: ["?"]
files:
  - file: log.csv
    kind: events
    columns: {nr: id, at: at, state: state, opened: inquiry_at, who: owner, group: pool, met: in_time,
              moved: reassignments}
    values: {state: {New: none, Active: accepted, Done: won}}
"""
    rows = [
        "1,2026-03-01 10:00,New,2026-03-01 09:00,?,North,true,0",
        "1,2026-03-01 12:00,Active,2026-03-01 09:00,Sam,South,true,1",
        "2,2026-03-01 10:00,New,2026-03-01 08:00,Lena,?,true,0",
        "1,2026-03-01 11:00,New,2026-03-01 09:00,Lena,North,true,0",  # out of order
        "1,2026-03-02 12:00,Done,2026-03-01 09:00,Sam,?,false,2",
        "1,2026-03-02 12:00,Done,2026-03-01 09:00,Sam,North,false,3",  # the same minute: the later row counts
        "3,soon,New,2026-03-01 08:00,Lena,North,true,0",
    ]
    export = read(tmp_path, rules=rules, log__csv="nr,at,state,opened,who,group,met,moved\n" + "\n".join(rows) + "\n")
    assert export.key == ["1", "2"]
    assert stages(export) == {
        "inquiry": ["2026-03-01 09:00", "2026-03-01 08:00"],
        "accepted": ["2026-03-01 12:00", ""],
        "won": ["2026-03-02 12:00", ""],
    }
    assert (export.stated_in_time.tolist(), export.stated_reassignments.tolist()) == ([0, 1], [3, 0])
    told = export.assignments
    assert list(zip(words(told.owner), words(told.pool), strict=True)) == [
        ("", "North"),
        ("Lena", "North"),
        ("Sam", "South"),
        ("Sam", "North"),
        ("Lena", ""),
    ]
    assert export.files[0].duplicates == 0
    assert export.files[0].refused == 1


@pytest.mark.parametrize("seed", range(5))
def test_assignments_against_a_plain_loop(tmp_path: Path, seed: int) -> None:
    draw = random.Random(seed)
    rows, expected = [], []
    for lead in range(6):
        last = ("", "")
        for minute in range(draw.randint(1, 12)):
            owner, pool = draw.choice(["", "A", "B"]), draw.choice(["", "X", "Y"])
            rows.append(f"{lead},2026-03-01 10:{minute:02},{owner},{pool}")
            now = (owner or last[0], pool or last[1])
            if now != last:
                expected.append((str(lead), f"2026-03-01 10:{minute:02}", *now))
            last = now
    shuffled = rows[:]
    draw.shuffle(shuffled)
    rules = """
handfast_mapping: 1
files:
  - {file: leads.csv, kind: leads, columns: {id: id, at: inquiry_at}}
  - {file: turns.csv, kind: assignments, columns: {lead: lead_id, at: at, who: owner, group: pool}}
"""
    leads = "id,at\n" + "".join(f"{lead},2026-03-01\n" for lead in range(6))
    # A row that names neither is refused: it is no assignment.
    named = [row for row in shuffled if not row.endswith(",,")]
    export = read(tmp_path, rules=rules, leads__csv=leads, turns__csv="lead,at,who,group\n" + "\n".join(named) + "\n")
    told = export.assignments
    found = list(
        zip(
            [export.key[n] for n in told.lead],
            [a[1] for a in assignments(export)],
            words(told.owner),
            words(told.pool),
            strict=True,
        )
    )
    assert found == expected


def test_owners_with_a_day_of_assignment(tmp_path: Path) -> None:
    rules = """
handfast_mapping: 1
files:
  - {file: leads.csv, kind: leads, columns: {id: id, at: inquiry_at, who: owner, since: assigned_at}}
"""
    export = read(
        tmp_path, rules=rules, leads__csv="id,at,who,since\n1,2026-03-01,Lena,2026-03-02\n2,2026-03-01,Sam,\n"
    )
    assert assignments(export) == [("1", "2026-03-02 00:00", "Lena")]


def test_ids_of_owners_without_names_beside_them_stay(tmp_path: Path) -> None:
    leads = "Id,Email,CreatedDate,LeadSource,IsConverted\n00Q5e00000Aa01x,a@x.example,2026-03-01,Web,false\n"
    history = (
        "Id,LeadId,Field,OldValue,NewValue,CreatedDate\n"
        "0175e00000Lh01x,00Q5e00000Aa01x,Owner,00G5e00000Qu01x,0055e00000Us02x,2026-03-03T12:00:00Z\n"
    )
    export = read(tmp_path, Lead__csv=leads, LeadHistory__csv=history)
    assert [turn[2] for turn in assignments(export)] == ["00G5e00000Qu01x", "0055e00000Us02x"]


def test_ids_of_owners_beside_their_names_go(tmp_path: Path) -> None:
    leads = "Id,Email,CreatedDate,LeadSource,IsConverted\n00Q5e00000Aa01x,a@x.example,2026-03-01,Web,false\n"
    rows = (
        "0175e00000Lh01x,00Q5e00000Aa01x,Owner,Queue,Sam,2026-03-03T12:00:00Z\n"
        "0175e00000Lh02x,00Q5e00000Aa01x,Owner,00G5e00000Qu01x,0055e00000Us02x,2026-03-03T12:00:00Z\n"
    )
    header = "Id,LeadId,Field,OldValue,NewValue,CreatedDate\n"
    export = read(tmp_path, Lead__csv=leads, LeadHistory__csv=header + rows)
    assert [turn[2] for turn in assignments(export)] == ["Queue", "Sam"]


# What the contract asks for.


def test_names_are_read_only_when_the_contract_asks(tmp_path: Path, root: Path) -> None:
    text = "Record ID,Email,First Name,Create Date,Lifecycle Stage\n1,ada@x.example,Ada,2026-03-01,lead\n"
    (tmp_path / "contacts.csv").write_text(text)
    contract = (root / "examples" / "acme-inbound.yaml").read_text()
    asking = contract.replace(
        "competitor:    {when: {email_domain: {in_list: competitors}}}",
        "competitor:    {when: {all: [{email: {known: true}}, {first_name: {known: true}}]}}",
    )
    assert asking != contract
    plain, curious = load(contract).contract, load(asking).contract
    assert plain is not None
    assert curious is not None
    assert not {"email", "first_name"} & set(read_export([tmp_path], zone="UTC", contract=plain).attributes)
    told = read_export([tmp_path], zone="UTC", contract=curious).attributes
    assert (words(told["email"]), words(told["first_name"])) == (["ada@x.example"], ["Ada"])


# Small parts.


def test_combining() -> None:
    both = joined(
        [
            Coded(codes=np.array([0, -1], np.int32), words=("Web",)),
            Coded(codes=np.array([1, 0], np.int32), words=("fair", "WEB")),
        ]
    )
    assert words(both) == ["Web", "", "Web", "fair"]
    order = np.array([2, 0, 1])
    assert first_known(np.array([5, 6, -1], np.int32), np.array([0, 0, 0], np.int32), order, 2).tolist() == [5, -1]
    assert earlier_of(np.array([5, NEVER, NEVER]), np.array([3, 4, NEVER])).tolist() == [3, 4, NEVER]
    assert once(np.array([1, 2, 1, 1]), np.array([1, 1, 1, 2])).tolist() == [0, 1, 3]
    assert once(np.zeros(0)).tolist() == []


def test_no_stage_is_inferred_from_a_later_one(tmp_path: Path) -> None:
    export = read(tmp_path, contacts__csv=CONTACTS + "1,a@x.example,2026-03-05,customer,,\n")
    assert export.reached[Stage.WON].tolist() == [True]
    assert export.reached[Stage.OPPORTUNITY].tolist() == [False]
