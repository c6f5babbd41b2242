"""The report of two real exports says what their keepers say of them: the README beside the data has the figures.

Neither export is part of this repository; the tests skip, naming what is missing, where they are not to be had.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from tests.support.olist import WON_BY_ORIGIN
from tests.support.page import Node, parsed

from handfast.cli.app import app
from handfast.instant import DAY


@dataclass(frozen=True)
class Report:
    """A report as data and as a page."""

    data: dict[str, Any]
    page: Node

    def measure(self, name: str) -> dict[str, Any]:
        (found,) = [one for one in self.data["measures"] if one["name"] == name]
        measure: dict[str, Any] = found
        return measure

    def shares(self, name: str, by: str) -> dict[str | None, tuple[int, int]]:
        """Numerator and denominator of each part of a measure."""
        parts = {one["word"]: one["figure"] for one in self.measure(name)["splits"][by]}
        return {word: (one["numerator"]["count"], one["denominator"]["count"]) for word, one in parts.items()}

    def card(self, name: str) -> Node:
        (found,) = [one for one in self.page.all("article", "card") if one.attributes["data-measure"] == name]
        return found


def report(root: Path, data: Path, mapping: str, place: Path) -> Report:
    if not data.is_dir():
        pytest.skip(f"the folder {data.name} is missing beside the other real data")
    mapped = str(root / "examples" / "mappings" / mapping)
    written = ["--report", str(place / "r.json"), "--report", str(place / "r.html"), "--refused", str(place / "no.csv")]
    done = CliRunner().invoke(app, ["audit", str(data), "--mapping", mapped, "--zone", "UTC", "--quiet", *written])
    assert (done.exit_code, done.output) == (0, "")
    page = parsed((place / "r.html").read_text(encoding="utf-8"))
    return Report(json.loads((place / "r.json").read_text(encoding="utf-8")), page)


@pytest.fixture(scope="module")
def olist(root: Path, real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Report:
    return report(root, real_data / "olist", "olist.yaml", tmp_path_factory.mktemp("olist"))


def test_olist_leads_by_month_and_won_by_origin(olist: Report) -> None:
    assert olist.data["leads"] == 8000
    months = {one["word"]: one["figure"]["count"] for one in olist.measure("delivered")["trend"]}
    assert list(months) == [f"2017-{month:02}" for month in range(6, 13)] + [
        f"2018-{month:02}" for month in range(1, 6)
    ]
    assert list(months.values()) == [4, 239, 386, 312, 416, 445, 200, 1141, 1028, 1174, 1352, 1303]
    won = olist.measure("mql_to_won")["figure"]
    assert (won["numerator"]["count"], won["denominator"]["count"], won["value"]) == (842, 8000, 0.10525)
    assert olist.shares("mql_to_won", "source") == WON_BY_ORIGIN


def test_olist_days_to_won(olist: Report) -> None:
    figure = olist.measure("length_lead_to_won")["figure"]
    assert round(figure["quantiles"]["median"]["value"] / DAY, 3) == 14.651
    assert round(figure["quantiles"]["p90"]["value"] / DAY, 3) == 162.589
    assert figure["negative"]["count"] == 1
    assert [(one["label"], one["count"]) for one in figure["within"]] == [
        ("30 days", 547), ("60 days", 644), ("90 days", 691),
    ]  # fmt: skip


def test_the_page_of_olist_shows_the_same(olist: Report) -> None:
    won, length = olist.card("mql_to_won"), olist.card("length_lead_to_won")
    assert (won.one("data").attributes["value"], won.one("data").text) == ("0.10525", "10.5\N{NO-BREAK SPACE}%")
    assert won.one("p", "detail").text.startswith("842 of 8,000")
    assert round(float(length.one("data").attributes["value"]) / DAY, 3) == 14.651
    assert "163\N{NO-BREAK SPACE}days" in length.one("p", "detail").text
    assert olist.card("delivered").one("data").attributes["value"] == "8000"


@pytest.fixture(scope="module")
def incidents(root: Path, real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Report:
    folder = real_data / "uci_incident_log"
    return report(root, folder, "incident_event_log.yaml", tmp_path_factory.mktemp("incidents"))


def test_incidents_in_time_by_their_own_flag_and_their_own_count_of_hand_offs(incidents: Report) -> None:
    assert incidents.data["leads"] == 24_918
    (file,) = incidents.data["export"]["files"]
    assert (file["rows"], file["refused"]) == (141_712, 0)
    flag = incidents.measure("stated_in_time")["figure"]
    assert (round(flag["value"] * 100, 2), flag["denominator"]["count"]) == (63.42, 24_918)
    parts = incidents.shares("stated_in_time", "stated_hand_offs")
    shares = {word: round(top / bottom * 100, 2) for word, (top, bottom) in parts.items()}
    assert shares == {"0": 78.39, "1": 57.07, "2": 39.86, "3": 32.90, "4": 25.18, "5+": 14.25}
    assert sum(bottom for word, (_top, bottom) in parts.items() if word != "0") == 11_369


def test_the_page_of_incidents_shows_the_same(incidents: Report) -> None:
    card = incidents.card("stated_in_time")
    assert card.one("p", "detail").text.startswith("15,803 of 24,918")
    assert round(float(card.one("data").attributes["value"]) * 100, 2) == 63.42
