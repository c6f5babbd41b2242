"""The frame of every page in Chromium: where one is, the foot, and rows that are cards on a telephone."""

from __future__ import annotations

import pytest
from tests.support import service
from tests.support.browsing import DESK, PHONE, Opened, wide
from tests.support.service import Crew

from handfast_server.accounts.models import User
from handfast_server.decide import terms as versions

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

_INSIDE = """row => { const room = row.getBoundingClientRect();
const here = row.querySelector("[aria-current]").getBoundingClientRect();
return [here.left - room.left, room.right - here.right]; }"""
_BESIDE = """cell => { const words = document.createRange();
const label = parseFloat(getComputedStyle(cell, "::before").width);
words.selectNodeContents(cell);
return words.getBoundingClientRect().left - cell.getBoundingClientRect().left - label; }"""


def test_the_place_one_is_in_can_be_seen_on_a_telephone(opened: Opened, people: dict[str, User]) -> None:
    with opened("/status", people["priya"], viewport=PHONE) as page:
        row = page.get_by_role("navigation", name="Pages")
        assert row.evaluate("row => row.scrollWidth > row.clientWidth"), "every place fits: this shows nothing"
        assert min(row.evaluate(_INSIDE)) > -1, "all of it but what rounding cuts off"


def test_the_foot_of_a_short_page_is_at_the_foot(opened: Opened, people: dict[str, User]) -> None:
    with opened("/account/", people["priya"], viewport=DESK) as page:
        foot = page.get_by_role("contentinfo").bounding_box()
        assert foot is not None
        assert foot["y"] + foot["height"] == pytest.approx(DESK["height"], abs=1)


def test_a_row_is_a_card_on_a_telephone_and_its_cells_have_their_heads_beside_them(
    opened: Opened, people: dict[str, User]
) -> None:
    service.sign()
    Crew(versions.current().versions[0].contract).join()
    with opened("/team", people["omar"], viewport=PHONE) as page:
        cells = page.locator(".stack tbody td[data-label]:not(:empty)")
        assert cells.count() > 0
        assert all(room > 0 for room in cells.evaluate_all(f"cells => cells.map({_BESIDE})"))
        assert not wide(page)
