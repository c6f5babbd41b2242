"""The manager's side in Chromium: handoffs moved by keyboard; rosters, leave and calendar files, a rep who leaves."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect
from tests.support import service
from tests.support.browsing import PHONE, Opened, found, wide
from tests.support.service import Crew, named

from handfast.facts import Accepted, Reassigned, RepSet
from handfast_server.accounts.models import User
from handfast_server.decide import terms as versions
from handfast_server.decide.session import tell
from handfast_server.handoffs.models import Cycle
from handfast_server.rosters.models import Absence
from handfast_server.rosters.queries import pools_now, reps_now
from handfast_server.worker.team import leave

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def mia() -> User:
    """Who manages Lena and Sam."""
    service.sign()
    Crew(versions.current().versions[0].contract).join()
    return User.objects.create_user("mia@acme.example", None, name="Mia", rep="mia", roles=["manager"])


def waiting() -> str:
    """A lead that waits for Lena."""
    lead = service.new_lead()
    tell(named(Reassigned, lead=lead, by="mia", to="lena"))
    return lead


def owners(*leads: str) -> list[str]:
    return [Cycle.objects.get(lead=lead).owner for lead in leads]


def test_many_are_moved_by_keyboard_alone(opened: Opened, mia: User) -> None:
    first, second, third = waiting(), waiting(), waiting()
    with opened("/team", mia) as page:
        page.keyboard.press("j")
        page.keyboard.press("o")
        expect(page.get_by_role("heading", name="lena")).to_be_visible()
        page.keyboard.press("*")
        expect(page.locator("[data-tick]:checked")).to_have_count(3)
        page.keyboard.press("j")
        page.keyboard.press("x")
        expect(page.locator("[data-tick]:checked")).to_have_count(2)
        page.keyboard.press("m")
        page.keyboard.type("Give them to sam")
        page.keyboard.press("Tab")
        page.keyboard.type("Yours")
        page.keyboard.press("Enter")
        expect(page.locator(".note.good")).to_contain_text("2 handoffs were moved")
    assert sorted(owners(first, second, third)) == ["lena", "sam", "sam"]


def test_one_is_dragged_onto_somebody_and_a_refusal_says_why(opened: Opened, mia: User) -> None:
    first, second = waiting(), waiting()
    with opened("/team", mia, bears="status of 409") as page:
        lena, sam = (page.locator(f"tr[data-drop={rep}]") for rep in ("lena", "sam"))
        item = page.locator(f"[data-drag={first}]")
        item.drag_to(lena)  # she has it: nothing is sent
        item.drag_to(sam)
        expect(page.locator(".note.good")).to_contain_text("1 handoff was moved")
        expect(page).to_have_url(re.compile("/team$"))
        assert owners(first, second) == ["sam", "lena"]
        page.locator(f"[data-drag={second}]").hover()
        page.mouse.down()
        sam.hover()
        sam.hover()  # a drag begins with the second move
        expect(sam).to_have_class(re.compile("dropping"))
        tell(named(RepSet, rep="sam", active=False))
        page.mouse.up()
        expect(page.locator("#team .note.late")).to_contain_text("sam")
    assert owners(second) == ["lena"]


def test_what_is_new_appears_and_what_is_ticked_or_typed_stays(opened: Opened, mia: User) -> None:
    first = waiting()
    with opened("/team/lena", mia) as page:
        page.locator(f"input[value={first}]").check()
        second = waiting()
        expect(page.locator(f"input[value={second}]")).to_be_visible(timeout=15_000)
        expect(page.locator(f"input[value={first}]")).to_be_checked()
        expect(page.locator(f"input[value={second}]")).not_to_be_checked()
        page.get_by_label("Note").fill("half a sen")
        third = waiting()
        expect(page.locator("[data-fresh]")).to_be_visible(timeout=15_000)
        expect(page.get_by_label("Note")).to_have_value("half a sen")
        expect(page.locator(f"input[value={third}]")).to_have_count(0)
        page.get_by_label("Note").fill("")
        page.get_by_label("Note").blur()
        expect(page.locator(f"input[value={third}]")).to_be_visible(timeout=15_000)
        expect(page.locator(f"input[value={first}]")).to_be_checked()


def test_the_team_shows_by_itself_who_has_more(opened: Opened, mia: User) -> None:
    waiting()
    with opened("/team", mia) as page:
        row = page.get_by_role("row").filter(has=page.get_by_role("link", name="lena"))
        expect(row.locator("td").first).to_have_text("1")
        waiting()
        expect(row.locator("td").first).to_have_text("2", timeout=15_000)


def test_members_are_changed_without_scripts(opened: Opened, mia: User) -> None:
    with opened("/rosters", mia, bears="status of 422", java_script_enabled=False) as page:
        page.get_by_role("link", name="home").first.click()
        page.get_by_label("Weight of lena").fill("many")
        page.get_by_label("Most at once for sam").fill("6")
        page.get_by_role("button", name="Save the members").click()
        assert "A weight is a whole number" in page.locator(".wrong").inner_text()
        assert page.get_by_label("Weight of lena").input_value() == "many"
        page.get_by_label("Weight of lena").fill("3")
        page.get_by_role("button", name="Save the members").click()
        assert "2 members were changed" in page.locator(".note.good").inner_text()
        page.get_by_label("Rep", exact=True).fill("zoe")
        page.get_by_role("button", name="Join").click()
        assert "zoe is in home now" in page.locator(".note.good").inner_text()
    stand = next(pool for pool in pools_now() if pool.name == "home")
    assert {each.rep: (each.weight, each.open_cap) for each in stand.members} == {
        "lena": (3, None),
        "sam": (1, 6),
        "zoe": (1, None),
    }


def test_rosters_come_from_a_file_after_a_look(opened: Opened, mia: User, tmp_path: Path) -> None:
    with opened("/rosters", mia, viewport=PHONE) as page:
        with page.expect_download() as download:
            page.get_by_role("button", name="Download as CSV").click()
        text = Path(download.value.path()).read_text(encoding="utf-8")
        file = tmp_path / "rosters.csv"
        file.write_text(text.replace("home,lena,1", "home,lena,4") + "home,,1,,,,,,\n", encoding="utf-8")
        page.get_by_role("button", name="Change from a file").click()
        page.get_by_label("CSV file").set_input_files(file)
        page.get_by_role("button", name="See what it changes").click()
        expect(page.get_by_role("alert")).to_contain_text("The name of the rep is missing")
        expect(page.get_by_role("heading", name="1 change")).to_be_visible()
        assert not wide(page)
        assert found(page) == ""
        page.get_by_role("button", name="Make this change").click()
        expect(page.locator(".note.good")).to_contain_text("1 change was made")
    stand = next(pool for pool in pools_now() if pool.name == "home")
    assert {each.rep: each.weight for each in stand.members} == {"lena": 4, "sam": 1}


CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//test//
BEGIN:VEVENT
UID:one
DTSTART;VALUE=DATE:{first}
DTEND;VALUE=DATE:{last}
END:VEVENT
END:VCALENDAR
"""


def test_leave_is_noted_by_form_and_by_calendar_file_and_taken_off(opened: Opened, mia: User, tmp_path: Path) -> None:
    first = dt.datetime.now(dt.UTC).date().replace(day=1) + dt.timedelta(days=62)
    file = tmp_path / "away.ics"
    last = first + dt.timedelta(days=3)
    file.write_text(CALENDAR.format(first=f"{first:%Y%m%d}", last=f"{last:%Y%m%d}"), encoding="utf-8")
    with opened("/absences", mia) as page:
        page.get_by_label("Rep", exact=True).fill("sam")
        page.get_by_label("First day", exact=True).fill(f"{first}")
        page.get_by_role("button", name="Note it").click()
        expect(page.locator(".note.good")).to_contain_text("The absence is noted")
        expect(page.locator(".month tbody th")).to_have_text(["sam"])
        page.get_by_role("button", name="From a calendar file").click()
        page.get_by_label("Whose calendar it is").fill("lena")
        page.get_by_label("Calendar file").set_input_files(file)
        page.get_by_role("button", name="See what it changes").click()
        expect(page.get_by_text("1 new or at other times, 0 off")).to_be_visible()
        assert Absence.objects.filter(rep="lena").count() == 0
        page.get_by_role("button", name="These are lena's absences").click()
        expect(page.locator(".note.good")).to_contain_text("1 absence changed")
        page.goto(f"{page.url.split('?')[0]}?month={first:%Y-%m}")
        expect(page.locator(".month tbody th")).to_have_text(["lena", "sam"])
        page.get_by_role("button", name="Remove: sam").click()
        expect(page.locator(".month tbody th")).to_have_text(["lena"])
        page.set_viewport_size(PHONE)
        page.keyboard.press("]")
        expect(page.get_by_text("Nobody is away in this month")).to_be_visible()
    assert list(Absence.objects.filter(gone=False).values_list("rep", flat=True)) == ["lena"]


def test_who_leaves_is_looked_at_first_and_hands_everything_on(opened: Opened, mia: User) -> None:
    waits, worked = waiting(), waiting()
    tell(named(Accepted, lead=worked, by="lena"))
    with opened("/rosters/reps/lena", mia, viewport=PHONE) as page:
        page.get_by_role("button", name="Leaves the company").click()
        expect(page.get_by_role("heading", name="1 handoff waits with them")).to_be_visible()
        assert next(rep for rep in reps_now() if rep.name == "lena").active
        page.get_by_label("What they have taken on").select_option(label="goes to sam")
        page.get_by_role("button", name="lena leaves now").click()
        expect(page.get_by_text("lena has left.")).to_be_visible()
        expect(page.get_by_text("1 lead went to sam")).to_be_visible()
        while leave():
            pass
        page.get_by_role("button", name="Is back").click()
        expect(page.get_by_text("lena is back")).to_be_visible()
    assert owners(waits, worked) == ["sam", "sam"]
