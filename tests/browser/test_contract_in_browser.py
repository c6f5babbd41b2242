"""The contract in Chromium: a first one from nothing to in force, problems while somebody types, no scripts."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect
from tests.support import service
from tests.support.browsing import Opened

from handfast.contract.model import PartyName
from handfast.simulate import demo_texts
from handfast_server.access import of_user
from handfast_server.accounts.models import User
from handfast_server.contracts.actions import do_propose, do_sign, do_write
from handfast_server.contracts.models import Draft, Version

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PASSWORD = "a good word"  # noqa: S105 # of nobody
SECOND = re.sub(r"(?m)^effective_from:.*$", "effective_from: 2030-01-01T00:00:00+01:00", demo_texts()[1])


def test_problems_are_said_while_somebody_types_and_lead_to_their_place(
    opened: Opened, people: dict[str, User]
) -> None:
    service.sign()
    row = do_write(of_user(people["dana"]), SECOND)
    with opened(f"/contract/drafts/{row.pk}", people["dana"]) as page:
        text = page.locator("#text")
        expect(page.locator("#checked")).to_contain_text("Sound")
        broken = SECOND.replace("zone: Europe/Berlin", "zone: Europe/Berln", 1)
        text.fill(broken)
        text.press("End")
        expect(page.locator(".problems li")).to_contain_text("Did you mean Europe/Berlin?")
        at = broken[: broken.index("Europe/Berln")].count("\n") + 1
        expect(page.locator("[data-gutter] .late")).to_have_text(str(at))
        expect(page.locator("[data-unsaved]")).to_be_visible()
        page.locator(".problems a").click()
        expect(text).to_be_focused()
        chosen = text.evaluate("each => each.value.slice(each.selectionStart, each.selectionEnd)")
        assert chosen.startswith("Europe/Berln")
        page.keyboard.type("Europe/Berlin")
        page.keyboard.press("Escape")
        expect(page.locator("#checked")).to_contain_text("Sound")
        expect(page.locator("[data-gutter] .late")).to_have_count(0)
        expect(page.locator("#checked")).to_contain_text("Against version 1")
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.locator(".note.good")).to_contain_text("Saved")
    assert Draft.objects.get().text == SECOND


def test_from_nothing_to_signed_by_both_leaders_without_scripts(opened: Opened, people: dict[str, User]) -> None:
    with opened("/contract", people["priya"], java_script_enabled=False) as page:
        page.get_by_role("link", name="Begin with a starting contract").click()
        page.get_by_text("Inbound with regions").click()
        for party, name in (("marketing", "Dana"), ("sales", "Omar")):
            page.locator(f"#id_{party}_name").fill(name)
            page.locator(f"#id_{party}_email").fill(f"{name.lower()}@acme.example")
        page.get_by_role("button", name="Write the draft").click()
        assert "Sound" in page.locator("#checked").inner_text()
        page.get_by_role("button", name="Save and ask for signatures").click()
        assert "Waits for signatures" in page.locator(".heading").first.inner_text()
    for name in ("dana", "omar"):
        with opened(f"/contract/drafts/{Draft.objects.get().pk}", people[name], java_script_enabled=False) as page:
            page.get_by_role("button", name="Show that it is you").click()
            page.get_by_label("Password").fill(PASSWORD)
            page.get_by_role("button", name="Confirm").click()
            page.get_by_role("button", name="Sign for").click()
            assert page.locator(".note.good").is_visible()
    version = Version.objects.get()
    assert [each["email"] for each in version.signatures] == ["dana@acme.example", "omar@acme.example"]


def test_a_sentence_leads_to_its_line_and_back_by_keyboard(opened: Opened, people: dict[str, User]) -> None:
    priya = of_user(people["priya"])
    row = do_propose(priya, do_write(priya, demo_texts()[0]).pk)
    for party, name in ((PartyName.MARKETING, "dana"), (PartyName.SALES, "omar")):
        User.objects.filter(pk=people[name].pk).update(
            email=service.signed_version().sealed.contract.parties[party].email
        )
        do_sign(row.pk, User.objects.get(pk=people[name].pk), party, row.digest)
    with opened("/contract", people["priya"]) as page:
        clause = page.locator("[id='clause-clocks.first_touch.within'] a.clause")
        clause.focus()
        page.keyboard.press("Enter")
        line = page.locator(".text :target")
        expect(line).to_be_visible()
        expect(line).to_contain_text("within")
        line.locator("a").focus()
        page.keyboard.press("Enter")
        expect(page.locator(".english :target")).to_be_visible()
