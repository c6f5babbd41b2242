"""A period in Chromium: closed by one leader, signed by both, read on a telephone and on paper."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest
import time_machine
from playwright.sync_api import Page, expect
from tests.support import service
from tests.support.browsing import flaws
from tests.support.scoreboard import act
from tests.support.service import Crew

from handfast.contract.model import PartyName
from handfast_server.accounts.models import User
from handfast_server.decide import terms as versions
from handfast_server.scoreboard import update
from handfast_server.scoreboard.models import Statement

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PASSWORD = "a good word"  # noqa: S105 # of nobody
ROLES = {PartyName.MARKETING: "marketing_leader", PartyName.SALES: "sales_leader"}


@pytest.fixture
def leaders() -> dict[PartyName, User]:
    """An October with leads in it, and both leaders of the contract."""
    rng = random.Random(3)
    with time_machine.travel("2026-10-12T10:00:00+02:00", tick=True):
        service.sign()
        contract = versions.current().versions[0].contract
        Crew(contract).join()
        leads = [service.new_lead(country="DE") for _ in range(8)]
        for lead in leads:
            act(rng, lead, leads)
    update.update()
    return {
        party: User.objects.create_user(who.email, PASSWORD, name=who.name, roles=[ROLES[party]])
        for party, who in contract.parties.items()
    }


@pytest.fixture
def opened(visit: Callable[..., Page]) -> Callable[[User, str], Page]:
    """``opened(user, path)``: the page, after somebody gave their password: who signs needs to have."""

    def open_(user: User, path: str) -> Page:
        page = visit(f"/account/login/?next={path}")
        page.locator("[name=login]").fill(user.email)
        page.locator("[name=password]").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        return page

    return open_


def looked_at(page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")  # colours do not glide
    assert (page.url, flaws(page)) == (page.url, "")


def test_a_period_is_closed_signed_by_both_and_printed(
    opened: Callable[[User, str], Page], leaders: dict[PartyName, User], tmp_path: Path
) -> None:
    dana = opened(leaders[PartyName.MARKETING], "/periods")
    looked_at(dana)
    dana.get_by_role("link", name="October 2026").click()
    looked_at(dana)
    dana.get_by_role("button", name="Close October 2026").click()
    looked_at(dana)
    dana.get_by_role("button", name="Sign for Marketing").click()
    expect(dana.locator(".note.good")).to_contain_text("The other side is still to sign")
    omar = opened(leaders[PartyName.SALES], "/periods/2026-10")
    omar.get_by_role("button", name="Sign for Sales").click()
    expect(omar.locator(".heading .badge")).to_have_text("Signed by both")
    looked_at(omar)
    with omar.expect_download() as kept:
        omar.get_by_role("link", name="As CSV").click()
    assert Statement.objects.get().digest in kept.value.path().read_text(encoding="utf-8")
    omar.emulate_media(media="print", color_scheme="light")
    for hidden in (".top", ".foot", "#sign", "a[href$='statement.csv']"):
        expect(omar.locator(hidden)).to_be_hidden() if omar.locator(hidden).count() else None
    expect(omar.get_by_text("sha256 over every figure")).to_be_visible()
    assert omar.pdf(path=str(tmp_path / "statement.pdf"), prefer_css_page_size=True).startswith(b"%PDF")
