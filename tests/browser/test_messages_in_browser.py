"""Messages and what their links lead to, in Chromium: a mail in both looks, a decision behind a page that asks."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from django.conf import settings
from playwright.sync_api import Browser, expect
from tests.support import service
from tests.support.browsing import Opened, found, wide
from tests.support.service import Crew, named, take_in

from handfast.facts import Accepted, ActivityHappened, Reassigned
from handfast_server.accounts.models import User
from handfast_server.decide import terms as versions
from handfast_server.decide.session import tell
from handfast_server.delivery import links, mail, unsubscribe
from handfast_server.delivery.lease import Leased
from handfast_server.delivery.models import Wish
from handfast_server.handoffs.models import Cycle
from handfast_server.leads.models import Lead
from handfast_server.now import now

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LONG = "Maximiliane-Alexandra von und zu Hohenstaufen-Wittelsbach-Donnersmarckstein GmbH & Co. KGaA <b>x</b> شركة الأمل"
SIZES = ({"width": 390, "height": 844}, {"width": 700, "height": 900})


@pytest.fixture
def lena() -> User:
    service.sign()
    Crew(versions.current().versions[0].contract).join()
    return User.objects.create_user(
        "lena@acme.example", "a good word", name="Lena", rep="lena", roles=["rep"], zone="Europe/Berlin"
    )


def lead_of(name: str, company: str, message: str) -> str:
    """A lead that waits for Lena."""
    lead = service.new_lead(asks=False)
    asked = {"form": "demo", "message": message}
    take_in([named(ActivityHappened, lead=lead, kind="form_submitted", properties=asked)])
    tell(named(Reassigned, lead=lead, by="mia", to="lena"))
    Lead.objects.filter(pk=lead).update(name=name, company=company)
    return lead


@pytest.fixture
def ada(lena: User) -> str:
    return lead_of("Ada Lovelace", "Analytical Engines Ltd", "Could someone call this week?")


def message(event: str, user: User, lead: str = "", **data: Any) -> Leased:
    """A message as it is when it is sent."""
    cycle = Cycle.objects.filter(lead=lead).values_list("pk", flat=True).first() or ""
    payload = orjson.dumps({"user": user.pk, **data}).decode()
    values: dict[str, Any] = {"channel": "mail", "created_at": now(), "not_after": None, "number": 1, "until": now()}
    return Leased(id=f"{event}:{lead}", event=event, to=user.email, lead=lead, cycle=cycle, payload=payload, **values)


def links_to(lead: str, user: User) -> dict[str, str]:
    """The paths of a message about a lead, by verb."""
    offered = links.offered(message("lead.assigned", user, lead), user)
    return {verb: address.removeprefix(settings.BASE_URL) for verb, address in offered}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_mail_is_read_in_both_looks_and_sizes(browser: Browser, lena: User, ada: str, scheme: Any) -> None:
    hostile = lead_of(LONG, "شركة الأمل للتجارة", "W" * 300)
    Lead.objects.filter(pk=hostile).update(title="Head " * 40, email=f"{'a' * 60}@{'b' * 60}.example")
    told = [message("lead.assigned", lena, ada), message("lead.assigned", lena, hostile)]
    told.append(message("digest", lena, at=now()))
    made = browser.new_context(color_scheme=scheme)
    page = made.new_page()
    for each in told:
        written = mail.write(each)
        assert written is not None
        page.set_content(str(written.alternatives[0][0]))
        for size in SIZES:
            page.set_viewport_size(size)  # type: ignore[arg-type] # it is one
            assert (each.event, found(page)) == (each.event, "")
            assert not wide(page), each.event
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert paper == {"light": "rgb(251, 251, 250)", "dark": "rgb(20, 23, 27)"}[scheme]
    made.close()


def test_a_link_decides_once_without_scripts_and_by_keyboard(opened: Opened, lena: User, ada: str) -> None:
    accept = links_to(ada, lena)["accept"]
    with opened(accept, bears="status of 410", java_script_enabled=False) as page:
        expect(page.get_by_role("heading", name="Accept Ada Lovelace")).to_be_visible()
        expect(page.get_by_text("Could someone call this week?")).to_be_visible()
        assert Cycle.objects.get(lead=ada).state == "waiting"  # whoever follows links decides nothing
        page.get_by_role("button", name="Accept").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("status")).to_have_text("You accepted Ada Lovelace (Analytical Engines Ltd).")
        page.goto(page.url)
        expect(page.get_by_role("heading", name="This link was used")).to_be_visible()
        assert page.get_by_text("Ada").count() == 0
    assert Cycle.objects.get(lead=ada).state == "accepted"


def test_a_link_rejects_with_a_reason_and_its_date(opened: Opened, lena: User, ada: str) -> None:
    with opened(links_to(ada, lena)["reject"], lena, bears="status of 409", viewport=SIZES[0]) as page:
        page.get_by_label("Reason").select_option(label="Bad timing")
        page.get_by_label("Note").fill("After the fair")
        page.get_by_role("button", name="Reject").click()
        expect(page.get_by_role("alert")).to_contain_text("date")
        expect(page.get_by_label("Note")).to_have_value("After the fair")
        page.get_by_label("Come back on").fill("2027-03-01")
        page.get_by_role("button", name="Reject").click()
        expect(page.get_by_role("status")).to_contain_text("You rejected Ada Lovelace")
    assert Cycle.objects.get(lead=ada).state == "rejected"


def test_a_link_is_one_persons_and_of_one_turn(opened: Opened, lena: User, ada: str) -> None:
    sam = User.objects.create_user("sam@acme.example", "a good word", name="Sam", rep="sam", roles=["rep"])
    links_of = links_to(ada, lena)
    with opened(links_of["accept"], sam, bears="status of 403") as page:
        expect(page.get_by_role("heading", name="This link is not yours")).to_be_visible()
        assert page.get_by_role("button", name="Accept").count() == 0
    tell(named(Accepted, lead=ada, by="lena"))
    with opened(links_of["return"], bears="status of 409") as page:
        expect(page.get_by_role("heading", name="This lead has moved on")).to_be_visible()
        page.get_by_role("button", name="Open the lead").click()
        expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_a_digest_is_ended_by_its_link_without_signing_in(opened: Opened, lena: User) -> None:
    with opened(unsubscribe.link(lena).removeprefix(settings.BASE_URL), viewport=SIZES[0]) as page:
        page.get_by_role("button", name="Unsubscribe").click()
        expect(page.get_by_role("heading", name="No more daily digests")).to_be_visible()
        assert found(page) == ""
    assert not Wish.objects.get(user=lena).digest
