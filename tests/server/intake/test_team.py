"""The team by program: reps, pools, absences one by one and from a calendar file."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.support.service import Crew, Hands

from handfast.instant import DAY, HOUR, format_instant, parse_instant
from handfast_server.api.fields import written
from handfast_server.decide import team as teams
from handfast_server.facts.models import Fact
from handfast_server.intake.ical import absences
from handfast_server.intake.refused import ItemRefused
from handfast_server.rosters.models import Turn

pytestmark = pytest.mark.django_db


def put(client: Client, path: str, body: object) -> Any:
    made = client.post(f"/api/team/{path}", body, content_type="application/json")
    assert made.status_code == 200, made.content
    return made.json()


def shown(client: Client) -> Any:
    return client.get("/api/team").json()


def test_who_is_in_which_pool_is_told_and_shown(clients: dict[str, Client], team: Crew) -> None:
    client, pool = clients["sales_leader"], team.pools[0]
    put(client, "reps", {"rep": "zoe", "day_cap": 3})
    put(client, "members", {"rep": "zoe", "pool": pool, "weight": 2})
    put(client, "managers", {"rep": "zoe", "pool": pool})
    told = {each["pool"]: each for each in shown(client)["pools"]}[pool]
    assert told["manager"] == "zoe"
    assert {each["rep"]: each["weight"] for each in told["members"]}["zoe"] == 2
    assert put(client, "members/removed", {"rep": "zoe", "pool": pool})["status"] == "accepted"
    assert "zoe" not in {each["rep"] for each in shown(client)["pools"][0]["members"]}
    put(client, "reps", {"rep": "zoe", "active": False})
    assert not {each["rep"]: each["active"] for each in shown(client)["reps"]}["zoe"]


def test_an_absence_begins_moves_and_is_cancelled(clients: dict[str, Client], team: Crew, clock: Hands) -> None:
    client, at = clients["manager"], clock.move(0)
    away = {"absence": "a1", "rep": "lena", "starts": format_instant(at + DAY), "ends": format_instant(at + 2 * DAY)}
    put(client, "absences", away)
    put(client, "absences", {**away, "ends": format_instant(at + 3 * DAY)})
    [known] = shown(client)["absences"]
    assert known == {**away, "starts": written(at + DAY), "ends": written(at + 3 * DAY)}
    wrong = client.post("/api/team/absences", {**away, "ends": away["starts"]}, content_type="application/json")
    assert (wrong.status_code, wrong.json()["path"]) == (422, "ends")
    put(client, "absences/cancelled", {"absence": "a1", "rep": "lena"})
    assert shown(client)["absences"] == []


def test_whoever_looks_at_the_team_holds_no_lock_and_writes_nothing(clients: dict[str, Client], team: Crew) -> None:
    before, viewer = Turn.objects.values().get(), clients["viewer"]
    with CaptureQueriesContext(connection) as told:
        assert shown(viewer)["reps"]
    asked = [query["sql"] for query in told.captured_queries]
    assert Turn.objects.values().get() == before
    assert not [sql for sql in asked if "FOR UPDATE" in sql or sql.startswith(("UPDATE", "INSERT", "DELETE"))]


def calendar(*events: str) -> bytes:
    body = "".join(f"BEGIN:VEVENT\r\n{event}\r\nEND:VEVENT\r\n" for event in events)
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//\r\n{body}END:VCALENDAR\r\n".encode()


WEEK = "UID:week\r\nDTSTART;VALUE=DATE:20261207\r\nDTEND;VALUE=DATE:20261212"
DENTIST = "UID:dentist\r\nDTSTART;TZID=America/New_York:20261201T090000\r\nDURATION:PT2H"
FRIDAYS = "UID:fridays\r\nDTSTART;TZID=Europe/Berlin:20261106T130000\r\nDTEND;TZID=Europe/Berlin:20261106T173000\r\n"
FRIDAYS += "RRULE:FREQ=WEEKLY;COUNT=6\r\nEXDATE;TZID=Europe/Berlin:20261127T130000"
FREE = "UID:free\r\nTRANSP:TRANSPARENT\r\nDTSTART:20261202T090000Z\r\nDTEND:20261202T100000Z"
OVER = "UID:over\r\nDTSTART:20261002T090000Z\r\nDTEND:20261002T100000Z"


def test_a_calendar_file_says_when_a_rep_is_away(clock: Hands) -> None:
    found = absences(calendar(WEEK, DENTIST, FRIDAYS, FREE, OVER), rep="lena", zone="Europe/Berlin", now=clock.move(0))
    assert [(format_instant(each.starts), each.ends - each.starts) for each in found] == [
        ("2026-12-01T14:00:00+00:00", 2 * HOUR),
        ("2026-12-04T12:00:00+00:00", 4 * HOUR + HOUR // 2),
        ("2026-12-06T23:00:00+00:00", 5 * DAY),
        ("2026-12-11T12:00:00+00:00", 4 * HOUR + HOUR // 2),
    ]


def test_whole_days_are_whole_when_clocks_change(clock: Hands) -> None:
    days = "UID:spring\r\nDTSTART;VALUE=DATE:20270328\r\nDTEND;VALUE=DATE:20270329"
    [found] = absences(calendar(days), rep="lena", zone="Europe/Berlin", now=clock.move(0))
    assert found.starts == parse_instant("2027-03-28T00:00:00+01:00")
    assert found.ends == parse_instant("2027-03-29T00:00:00+02:00")


def test_a_later_file_takes_the_place_of_an_earlier_one(clients: dict[str, Client], team: Crew, clock: Hands) -> None:
    client = clients["manager"]
    at = clock.move(0)
    own = {"absence": "own", "rep": "lena", "starts": format_instant(at + DAY), "ends": format_instant(at + 2 * DAY)}
    put(client, "absences", own)

    def send(*events: str) -> Any:
        answer = client.put("/api/team/reps/lena/calendar", calendar(*events), content_type="text/calendar")
        assert answer.status_code == 200, answer.content
        return answer.json()

    assert send(WEEK, DENTIST) == {"absences": 2, "changed": 2}
    told = Fact.objects.filter(kind="AbsenceSet").count()
    assert send(WEEK, DENTIST) == {"absences": 2, "changed": 0}
    assert Fact.objects.filter(kind="AbsenceSet").count() == told
    clock.move(HOUR)
    assert send(WEEK) == {"absences": 1, "changed": 1}
    assert {each["absence"] == "own" for each in shown(client)["absences"]} == {True, False}
    assert len(shown(client)["absences"]) == 2
    clock.move(HOUR)
    assert send(WEEK, DENTIST) == {"absences": 2, "changed": 1}
    assert len(shown(client)["absences"]) == 3
    assert teams.known().reps["lena"].present


@pytest.mark.parametrize(
    "text", [b"", b"hello", b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:never\r\nEND:VEVENT\r\n", b"\xff\xfe"]
)
def test_what_is_no_calendar_is_refused(clients: dict[str, Client], team: Crew, text: bytes) -> None:
    sent = clients["manager"].put("/api/team/reps/lena/calendar", text, content_type="text/calendar")
    assert (sent.status_code, sent.json()["code"]) == (422, "not_a_calendar")


def test_endless_files_are_refused(clock: Hands) -> None:
    every = "UID:x\r\nDTSTART:20261123T090000Z\r\nDTEND:20261123T090100Z\r\nRRULE:FREQ=MINUTELY"
    with pytest.raises(ItemRefused, match="at most"):
        absences(calendar(every, every.replace("UID:x", "UID:y")), rep="l", zone="UTC", now=clock.move(0))
    with pytest.raises(ItemRefused, match="at most"):
        absences(b" " * 2_000_001, rep="l", zone="UTC", now=clock.move(0))
