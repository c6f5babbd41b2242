"""Absences: a month of them, by form and from calendar files, and what they mean for what is due."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.support.page import Node, parsed
from tests.support.service import Crew, Hands, named

from handfast.facts import AbsenceSet, MemberRemoved, PoolManagerSet, Reassigned
from handfast.instant import DAY, HOUR, parse_instant
from handfast_server.accounts.models import User
from handfast_server.decide.session import tell, tell_all
from handfast_server.rosters.models import Absence

Leads = Callable[..., str]
KEY = "k" * 32
ICS = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//test//
BEGIN:VEVENT
UID:one
DTSTART;VALUE=DATE:20261201
DTEND;VALUE=DATE:20261205
SUMMARY:Skiing
END:VEVENT
END:VCALENDAR
"""


def main(client: Client, address: str = "/absences") -> Node:
    text = client.get(address).content.decode()
    return parsed(text[text.index("<main") : text.index("</main>") + 7])


def spans() -> list[tuple[str, int, int]]:
    rows = Absence.objects.filter(gone=False).order_by("starts_at")
    return list(rows.values_list("rep", "starts_at", "ends_at"))


def added(client: Client, **given: str) -> int:
    return client.post("/absences/add", {"key": KEY, "rep": "lena", **given}).status_code


def uploaded(text: str = ICS, **given: str) -> dict[str, object]:
    return {"rep": "lena", "file": SimpleUploadedFile("away.ics", text.encode(), "text/calendar"), **given}


def test_whole_days_are_days_of_the_contract(team: Crew, clients: dict[str, Client], clock: Hands) -> None:
    assert added(clients["manager"], first="2026-12-21", last="2026-12-23") == 302
    begin, end = (parse_instant(f"2026-12-{day}T00:00:00+01:00") for day in (21, 24))
    assert spans() == [("lena", begin, end)]
    assert added(clients["manager"], first="2026-12-21", last="2026-12-23") == 302  # the same form, sent again
    assert len(spans()) == 1
    shown = main(clients["rep"], "/absences?month=2026-12")
    row = shown.one("tbody").one("tr")
    assert [place for place, day in enumerate(row.all("td"), 1) if day.text == "away"] == [21, 22, 23]
    there = [cell.text for cell in shown.one("tfoot").all("td")]
    assert (there[19], there[20]) == ("2", "1")
    assert "Nobody is away" in main(clients["rep"], "/absences?month=2027-01").text
    assert "Nobody is away" in main(clients["rep"], "/absences?month=<b>&pool=nowhere").text


def test_a_part_of_a_day_and_what_is_no_day(team: Crew, clients: dict[str, Client], clock: Hands) -> None:
    mia = clients["manager"]
    assert added(mia, first="2026-11-24", **{"from": "12:00", "until": "17:00"}) == 302
    begin, end = (parse_instant(f"2026-11-24T{hour}:00:00+01:00") for hour in (12, 17))
    assert spans() == [("lena", begin, end)]
    assert "away for a part" in main(mia).text
    for wrong in ({"first": "soon"}, {"first": "2026-12-02", "last": "2026-12-01"}, {"first": "9999-12-31"}):
        answer = mia.post("/absences/add", {"key": "w" * 32, "rep": "lena", **wrong})
        assert answer.status_code == 422, wrong
        assert f'value="{wrong["first"]}"' in answer.content.decode()
    nobody = mia.post("/absences/add", {"key": "n" * 32, "rep": "lean", "first": "2026-12-01"})
    assert "Nobody in the rosters is called that" in nobody.content.decode()
    assert len(spans()) == 1


def test_what_is_due_meanwhile_is_said(team: Crew, lead: Leads, clients: dict[str, Client], clock: Hands) -> None:
    tell(named(Reassigned, lead=lead(), by="mia", to="lena"))
    answer = clients["manager"].post("/absences/add", {"key": KEY, "rep": "lena", "first": "2026-11-24"}, follow=True)
    assert "promises of theirs are due in it" not in answer.content.decode()
    later = {"key": "d" * 32, "rep": "lena", "first": "2026-11-23", "from": "11:00", "until": "18:00"}
    answer = clients["manager"].post("/absences/add", later, follow=True)
    assert "due in it" in answer.content.decode()
    due = [badge.text for badge in list(main(clients["manager"]).all("tbody"))[1].all("span", "soon")]
    assert len(due) == 1
    assert int(due[0]) > 0


def test_an_absence_is_taken_off(team: Crew, clients: dict[str, Client], clock: Hands) -> None:
    tell(named(AbsenceSet, absence="a1", rep="lena", starts=clock.move(HOUR) + DAY, ends=clock.move(HOUR) + 2 * DAY))
    assert clients["rep"].post("/absences/cancel", {"absence": "a1"}).status_code == 403
    assert "Remove" not in main(clients["viewer"]).text
    off = {"absence": "a1", "month": "2026-11"}
    assert clients["manager"].post("/absences/cancel", off).headers["Location"] == "/absences?month=2026-11"
    assert spans() == []
    assert clients["manager"].post("/absences/cancel", off).status_code == 302
    assert added(clients["manager"], first="2026-12-21") == 302
    clients["manager"].post("/absences/cancel", {"absence": f"page:{KEY}"})
    again = clients["manager"].post("/absences/add", {"key": KEY, "rep": "lena", "first": "2026-12-21"}, follow=True)
    assert "This absence is off already" in again.content.decode()
    assert spans() == []


def test_a_calendar_file_is_looked_at_first_and_takes_the_place_of_the_last(
    team: Crew, clients: dict[str, Client], clock: Hands
) -> None:
    mia = clients["manager"]
    shown = mia.post("/absences/file", uploaded(zone="Europe/Berlin")).content.decode()
    assert "1 new or at other times, 0 off" in shown
    assert "Tue 1 Dec" in shown
    assert spans() == []
    told = {"rep": "lena", "zone": "Europe/Berlin", "text": ICS}
    assert mia.post("/absences/file/apply", told).status_code == 302
    assert [rep for rep, _, _ in spans()] == ["lena"]
    same = mia.post("/absences/file", uploaded(zone="Europe/Berlin")).content.decode()
    assert "The file changes nothing" in same
    newer = ICS.replace("UID:one", "UID:two").replace("20261201", "20261203")
    assert "1 new or at other times, 1 off" in mia.post("/absences/file", uploaded(newer)).content.decode()
    assert mia.post("/absences/file/apply", told | {"text": newer}).status_code == 302
    assert len(spans()) == 1


@pytest.mark.parametrize(
    "text", ["", "no calendar", "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:yes\nEND:VEVENT\nEND:VCALENDAR"]
)
def test_what_is_no_calendar_says_so(team: Crew, clients: dict[str, Client], text: str) -> None:
    answer = clients["manager"].post("/absences/file", uploaded(text))
    assert answer.status_code == 422
    assert "This is no calendar file" in answer.content.decode() or "at most 2 MB" in answer.content.decode()
    assert clients["manager"].post("/absences/file/apply", {"rep": "lena", "text": text}).status_code == 422
    assert clients["manager"].post("/absences/file", {"rep": "lena"}).status_code == 422


def test_a_manager_notes_absences_of_their_own_alone(
    team: Crew, people: dict[str, User], clients: dict[str, Client], clock: Hands
) -> None:
    tell_all([
        *(named(MemberRemoved, pool=pool, rep="lena") for pool in team.pools[1:]),
        named(PoolManagerSet, pool=team.pools[0], rep="sam"),
    ])  # fmt: skip
    answer = clients["manager"].post("/absences/add", {"key": KEY, "rep": "lena", "first": "2026-12-01"})
    assert answer.status_code == 422
    assert "Somebody else manages this pool" in answer.content.decode()
    assert clients["manager"].post("/absences/file", uploaded()).status_code == 422
    told = clients["manager"].post("/absences/file/apply", {"rep": "lena", "text": ICS})
    assert (told.status_code, spans()) == (422, [])
    tell(named(AbsenceSet, absence="a1", rep="lena", starts=clock.move(HOUR), ends=clock.move(HOUR) + DAY))
    assert clients["manager"].post("/absences/cancel", {"absence": "a1"}).status_code == 422
    assert len(spans()) == 1
