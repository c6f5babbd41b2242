"""Drafts written in Chromium: what may stand at the cursor, a place that is not lost, and what is said of clauses."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect
from tests.support.browsing import PHONE, Opened, found

from handfast.simulate import demo_texts
from handfast_server.access import of_user
from handfast_server.accounts.models import User
from handfast_server.contracts.actions import do_write
from handfast_server.contracts.models import Comment

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CLAUSE = "clocks.first_touch.within"
SECOND = demo_texts()[1]


def test_the_editor_offers_what_may_stand_at_the_cursor(opened: Opened, leaders: dict[str, User]) -> None:
    row = do_write(of_user(leaders["dana"]), "handfast: 1\n")
    with opened(f"/contract/drafts/{row.pk}", leaders["dana"]) as page:
        text, offers = page.locator("#text"), page.get_by_role("listbox")
        text.focus()
        page.keyboard.press("Control+End")
        page.keyboard.type("zo")
        expect(offers.get_by_role("option")).to_have_text(re.compile("^zone"))
        assert found(page) == ""
        page.keyboard.press("Enter")
        expect(text).to_have_value("handfast: 1\nzone: ")
        page.keyboard.type("Berl")
        page.keyboard.press("Tab")
        expect(text).to_have_value("handfast: 1\nzone: Europe/Berlin")
        expect(offers).to_be_hidden()
        page.keyboard.type("\npools: {dach: {}, inbound: {}}\nrouting:\n  rules:\n    - {when: {emplo")
        page.keyboard.press("Enter")
        page.keyboard.type("{abo")
        page.keyboard.press("Enter")
        page.keyboard.type("1000}}, to: ")
        page.keyboard.press("Control+ ")
        expect(offers.get_by_role("option")).to_have_text(["dach", "inbound"])
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        expect(text).to_have_value(re.compile(r"when: \{employees: \{above: 1000\}\}, to: inbound$"))
        page.keyboard.type("}\nclocks:\n  decision:\n    wi")
        page.keyboard.press("Escape")
        expect(offers).to_be_hidden()
        expect(page.locator("#checked .problems")).to_be_visible()


def test_who_types_loses_neither_place_nor_words_when_the_check_answers(
    opened: Opened, leaders: dict[str, User]
) -> None:
    row = do_write(of_user(leaders["dana"]), SECOND)
    with opened(f"/contract/drafts/{row.pk}", leaders["dana"]) as page:
        text = page.locator("#text")
        text.evaluate(
            "each => { each.focus(); const at = each.value.indexOf('Europe/Berlin'); each.setSelectionRange(at, at); }"
        )
        scrolled = text.evaluate("each => each.scrollTop")
        for part, told in (("zz", "problem"), ("zz", "problem")):
            page.keyboard.type(part)
            with page.expect_response(re.compile("/contract/check")):
                pass
            expect(page.locator("#checked .stand")).to_contain_text(told)
            expect(text).to_be_focused()
        assert "zone: zzzzEurope/Berlin" in text.input_value()
        assert text.evaluate("each => each.selectionStart") == SECOND.index("Europe/Berlin") + 4
        assert text.evaluate("each => each.scrollTop") == scrolled


def test_a_clause_is_talked_about_without_scripts(opened: Opened, leaders: dict[str, User]) -> None:
    with opened(f"/contract?clause={CLAUSE}#asked", leaders["dana"], java_script_enabled=False) as page:
        asked = page.locator("#asked")
        asked.get_by_label("Your comment").fill("@omar could you live with one hour?")
        asked.get_by_role("button", name="Comment").click()
        assert "could you live" in page.locator("#asked .talk").inner_text()
        assert page.locator(".text .talked").inner_text() == "1 comment"
    with opened("/contract", leaders["omar"], viewport=PHONE) as page:
        page.locator(".english .talked").click()
        expect(page.locator("#asked")).to_contain_text("Dana")
        page.get_by_role("button", name="Settle").first.click()
        expect(page.locator("#asked")).to_contain_text("settled by Omar")
    assert Comment.objects.get().settled_at is not None
