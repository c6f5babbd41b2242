"""History and shadow mode in Chromium, without scripts as well: given, corrected, taken in; compared on a telephone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import FilePayload, Page, expect
from tests.support import service
from tests.support.browsing import DESK, PHONE, found, wide
from tests.support.service import Crew, named

from handfast.facts import Stage, StageStamped
from handfast_server.accounts.models import User
from handfast_server.decide import terms as versions
from handfast_server.decide.session import tell
from handfast_server.intake.loops import LOOPS
from handfast_server.leads.models import Lead
from handfast_server.shadow.mode import Mode, do_set_mode
from handfast_server.worker.run import run

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

HEAD = "Record ID,Email,First Name,Company Name,Country/Region,Create Date,Became a Marketing Qualified Lead Date\n"
ROWS = (
    "1,pia@buyer.example,<script>alert(1)</script>,Buyer,Germany,2026-10-01 09:00,2026-10-01 10:00\n"
    "2,omar@buyer.example,محمد بن عبد الرحمن,=SUM(A1),Germany,2026-10-02 09:00,2026-10-02 10:00\n"
    f"3,lang@buyer.example,{'Donaudampfschifffahrtsgesellschaft' * 3},Buyer,Germany,2026-10-03 09:00,\n"
)
FILE: FilePayload = {"name": "contacts.csv", "mimeType": "text/csv", "buffer": (HEAD + ROWS).encode()}


@pytest.fixture
def priya() -> User:
    """An administrator, where a contract is in force and there is a team."""
    service.sign()
    Crew(versions.current().versions[0].contract).join()
    return User.objects.create_user("priya@acme.example", "a good word", name="Priya", roles=["admin"])


def looked_at(page: Page) -> None:
    assert (page.url, found(page)) == (page.url, "")
    assert not wide(page), page.url


def work() -> None:
    run(once=True, which=[loop for loop in LOOPS if loop.name == "intake.uploads"])


def test_files_are_given_corrected_and_taken_in_without_scripts(visit: Callable[..., Page], priya: User) -> None:
    page = visit("/import", priya, java_script_enabled=False)
    page.get_by_label("Files of an export").set_input_files(FILE)
    page.get_by_role("button", name="Look at it").click()
    row = page.locator("tbody tr", has_text="pia@buyer.example")
    assert "Buyer" in row.inner_text()
    page.get_by_label("Company Name", exact=True).select_option("campaign")
    page.get_by_role("button", name="Read it so").click()
    assert "Buyer" not in page.locator("tbody tr", has_text="pia@buyer.example").inner_text()
    page.get_by_role("button", name="Take it in").click()
    assert "0 of 3 rows" in page.locator("#progress").inner_text()
    work()
    page.get_by_role("link", name="Look again").click()
    assert "Done" in page.locator("#progress .big").inner_text()
    assert Lead.objects.filter(company="").count() == 3


@pytest.mark.parametrize(("scheme", "viewport"), [("light", DESK), ("dark", PHONE)], ids=["desk", "phone"])
def test_each_state_of_an_import_is_looked_at(
    visit: Callable[..., Page], priya: User, scheme: str, viewport: dict[str, int]
) -> None:
    page = visit("/import", priya, bears="status of 422", color_scheme=scheme, viewport=viewport)
    looked_at(page)
    page.get_by_label("Files of an export").set_input_files(
        {"name": "a.csv", "mimeType": "text/csv", "buffer": b"\x00\x01\x02"}
    )
    page.get_by_role("button", name="Look at it").click()
    expect(page.get_by_role("alert").filter(has_text="cannot be read")).to_be_visible()
    looked_at(page)
    page.goto(page.url)
    page.get_by_label("Files of an export").set_input_files(FILE)
    page.get_by_role("button", name="Look at it").click()
    expect(page.locator(".ready .big")).to_contain_text("3 people")
    looked_at(page)
    page.get_by_role("button", name="Take it in").click()
    looked_at(page)
    page.get_by_role("button", name="Stop").click()
    looked_at(page)
    page.get_by_role("button", name="Go on").click()
    work()
    expect(page.locator("#progress .big")).to_contain_text("Done")
    looked_at(page)


@pytest.mark.parametrize(("scheme", "viewport"), [("light", DESK), ("dark", PHONE)], ids=["desk", "phone"])
def test_shadow_mode_is_compared_and_ended(
    visit: Callable[..., Page], priya: User, scheme: str, viewport: dict[str, int]
) -> None:
    page = visit("/mode", priya, color_scheme=scheme, viewport=viewport)
    looked_at(page)
    do_set_mode(Mode.SHADOW, "begin")
    lead = service.new_lead()
    tell(named(StageStamped, lead=lead, handoff="h1", stage=Stage.QUALIFIED, owner="lena"))
    page.reload()
    for summary in page.locator(".found summary").all():
        summary.click()
    looked_at(page)
    page.get_by_role("button", name="See what would be taken over").click()
    expect(page.locator(".plan")).to_contain_text("lena")
    looked_at(page)
    page.get_by_role("button", name="Go live so").click()
    expect(page.locator(".heading .badge")).to_have_text("Live")
