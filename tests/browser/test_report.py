from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from tests.support.audits import Group, agreement_of, audit_of, cycles, lively

from handfast.audit.report import render_html

pytestmark = pytest.mark.browser

ONE_OF_EACH = ".finding:first-child details, .card:nth-child(2) details, .folded, figure > details"
DESK, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
NAMES = ("full", "empty", "few", "hostile")

HOSTILE = (
    "<script>document.title='owned'</script>",
    '"><img src=x onerror="document.title=\'owned\'">',
    "</style><script>document.title='owned'</script>",
    "<svg onload=document.title='owned'>",
    "javascript:document.title='owned'//" + "A" * 300,
    "<iframe srcdoc=\"<script>parent.document.title='owned'</script>\">",
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A full, an empty, an almost empty and a hostile report, as files."""
    found = tmp_path_factory.mktemp("reports")
    audits = {
        "full": audit_of(lively(count=4_100), agreement=agreement_of(690, 410, 120, 2_880)),
        "empty": audit_of(cycles([])),
        "few": audit_of(
            cycles([Group(count=4, waited=None, owner=""), Group(count=3, accepted=True)], {"reason": "No reasons."})
        ),
        "hostile": audit_of(lively(3, 1_500, sources=HOSTILE, owners=("<b>L</b>", "'); --", "\u202e62", "ü" * 120))),
    }
    for name, audit in audits.items():
        (found / f"{name}.html").write_text(render_html(audit), encoding="utf-8")
    return found


class Watched:
    """What a page asked for and complained about while it was open."""

    def __init__(self, page: Page) -> None:
        self.requests: list[str] = []
        self.messages: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("console", lambda message: self.messages.append(message.text))
        page.on("pageerror", lambda error: self.messages.append(str(error)))


Open = Callable[..., Any]


@pytest.fixture
def opened(browser: Browser, folder: Path) -> Open:
    """Opens a report in a context of its own: ``with opened("full", DESK) as (page, watched):``."""

    @contextmanager
    def opener(name: str, viewport: dict[str, int], **settings: Any) -> Iterator[tuple[Page, Watched]]:
        context = browser.new_context(viewport=viewport, **settings)  # type: ignore[arg-type]  # a size
        page = context.new_page()
        watched = Watched(page)
        page.goto((folder / f"{name}.html").as_uri())
        yield page, watched
        context.close()

    return opener


@pytest.mark.parametrize("name", NAMES)
def test_a_report_asks_for_nothing_and_complains_of_nothing(opened: Open, folder: Path, name: str) -> None:
    with opened(name, DESK) as (page, watched):
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        page.mouse.wheel(0, 20_000)
        assert watched.requests == [(folder / f"{name}.html").as_uri()]
        assert watched.messages == []


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_nothing_has_to_be_scrolled_sideways(opened: Open, name: str, viewport: dict[str, int]) -> None:
    with opened(name, viewport) as (page, _):
        for fold in (False, True):
            page.evaluate("fold => document.querySelectorAll('details').forEach(one => one.open = fold)", fold)
            assert page.evaluate("document.documentElement.scrollWidth") == viewport["width"]


@pytest.mark.parametrize(
    ("name", "scheme"), [("full", "light"), ("full", "dark"), ("hostile", "light"), ("empty", "dark")]
)
def test_axe_finds_nothing(opened: Open, name: str, scheme: str) -> None:
    with opened(name, DESK, color_scheme=scheme) as (page, _):
        # one fold of each kind: they are made alike, and axe looks at every element that shows
        page.evaluate("fold => document.querySelectorAll(fold).forEach(one => one.open = true)", ONE_OF_EACH)
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()


def test_axe_finds_nothing_on_a_phone(opened: Open) -> None:
    with opened("full", PHONE) as (page, _):
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()


def test_hostile_names_run_nothing(opened: Open) -> None:
    with opened("hostile", DESK) as (page, watched):
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        for head in page.locator("table.sortable button").all():
            head.click()
        assert page.title() == "Handoff audit: acme-demo"
        assert page.locator("img, iframe, main script").count() == 0
        assert page.locator("tbody th", has_text="onerror").count() > 0
        assert watched.messages == []


def column(page: Page, table: str, place: int) -> list[str]:
    """The texts of a column of a table, from above."""
    return page.locator(f"{table} tbody tr > :nth-child({place})").all_inner_texts()


def numbers(texts: list[str]) -> list[float]:
    return [float(text.replace("\u00a0%", "").replace(",", "").lstrip("<>")) for text in texts]


TABLE = "#table-by_source table"


def test_a_table_is_sorted_by_mouse(opened: Open) -> None:
    with opened("full", DESK) as (page, _):
        head = page.locator(f"{TABLE} thead th", has_text="Never touched")
        place = 1 + page.locator(f"{TABLE} thead th").all_inner_texts().index(head.inner_text())
        before = column(page, TABLE, place)
        head.get_by_role("button").click()
        assert head.get_attribute("aria-sort") == "descending"
        down = numbers(column(page, TABLE, place))
        assert down == sorted(down, reverse=True)
        head.get_by_role("button").click()
        assert head.get_attribute("aria-sort") == "ascending"
        up = numbers(column(page, TABLE, place))
        assert up == sorted(up)
        assert sorted(numbers(before)) == up


def test_a_table_is_sorted_by_keyboard_and_by_one_column_at_a_time(opened: Open) -> None:
    with opened("full", DESK) as (page, _):
        heads = page.locator(f"{TABLE} thead th")
        heads.nth(1).get_by_role("button").focus()
        page.keyboard.press("Enter")
        assert heads.nth(1).get_attribute("aria-sort") == "descending"
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("Space")
        assert [heads.nth(place).get_attribute("aria-sort") for place in (0, 1)] == ["ascending", None]
        names = column(page, TABLE, 1)
        assert names == sorted(names, key=str.casefold)


def test_what_is_not_known_stands_last_either_way(opened: Open) -> None:
    table = "#table-by_owner table"
    with opened("full", DESK) as (page, _):
        heads = page.locator(f"{table} thead th")
        place = 1 + [text.strip() for text in heads.all_inner_texts()].index("Median wait")
        for _turn in range(2):
            heads.nth(place - 1).get_by_role("button").click()
            assert column(page, table, 1)[-1] == "no owner"
            assert column(page, table, place)[-1] == "\u2014"


def test_everything_is_there_without_javascript(opened: Open) -> None:
    with opened("full", DESK) as (page, _), opened("full", DESK, java_script_enabled=False) as (plain, watched):
        assert plain.locator("body").inner_text() == page.locator("body").inner_text()
        assert plain.locator("thead button").count() == 0
        assert plain.locator("figure svg").count() > 5
        plain.locator("#measure-follow_up_compliance summary").click()
        assert plain.locator("#measure-follow_up_compliance .formula").is_visible()
        assert watched.messages == []


def test_the_records_of_a_finding_open_by_keyboard(opened: Open) -> None:
    with opened("full", DESK) as (page, _):
        names = page.locator("#finding-never_touched .names")
        assert not names.is_visible()
        page.locator("#finding-never_touched summary").focus()
        page.keyboard.press("Enter")
        assert names.is_visible()
        assert names.locator("> code").count() == 20
        assert "--records" in names.inner_text()


def test_the_contents_lead_to_their_sections(opened: Open) -> None:
    with opened("full", DESK) as (page, _):
        page.get_by_role("navigation").get_by_role("link", name="Trend").click()
        assert page.locator("#trend h2").is_visible()
        assert page.evaluate("Math.abs(document.getElementById('trend').getBoundingClientRect().top) < 60")


def test_dark_is_dark_and_paper_is_white(opened: Open) -> None:
    ground = "getComputedStyle(document.body).backgroundColor"
    with opened("full", DESK, color_scheme="dark") as (page, _):
        dark = page.evaluate(ground)
        page.emulate_media(media="print", color_scheme="dark")
        assert page.evaluate(ground) == "rgb(255, 255, 255)" != dark
        assert not page.get_by_role("navigation").is_visible()


def test_a_report_prints_on_a_dozen_pages(opened: Open) -> None:
    with opened("full", DESK) as (page, _):
        printed = page.pdf(prefer_css_page_size=True)
        assert printed.startswith(b"%PDF")
        assert 4 <= printed.count(b"/Type /Page\n") <= 12
