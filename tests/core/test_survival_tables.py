"""The tables of docs/algorithms/survival.md, row by row."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from handfast.stats import Incidence, Survival, incidence, survival, wilson

PAGE = Path(__file__).resolve().parents[2] / "docs/algorithms/survival.md"
Row = dict[str, str]


def table(*heads: str, count: int) -> list[Row]:
    """The rows of the one table with these heads; how many is said here, so that none is lost."""
    found = list(rows(heads))
    assert len(found) == count
    return found


def rows(heads: tuple[str, ...]) -> Iterator[Row]:
    header: list[str] = []
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")] if line.startswith("|") else []
        if not cells or not header:
            header = cells
        elif tuple(header) == heads and not cells[0].startswith("---"):
            yield dict(zip(header, cells, strict=True))


CURVE = table("spans", "at", "at risk", "ended", "still waiting", count=7)
SHARES = table("spans", "median", "P90", "within 2", "because", count=6)
WILSON = table("top", "bottom", "low", "high", count=5)
WAYS = table("deals", "by", "won by then", "still open", count=5)
CHANCES = table("deals", "age", "within", "chance", count=5)


def curve_of(text: str) -> Survival:
    spans = [int(word.rstrip("+")) for word in text.split()]
    return survival(np.array(spans, np.int64), np.array([not word.endswith("+") for word in text.split()]))


def incidence_of(text: str) -> Incidence:
    found = [re.fullmatch(r"(\d+)([wl+])", word) for word in text.split()]
    pairs = [(int(one[1]), one[2]) for one in found if one]
    spans = np.array([span for span, _ in pairs], np.int64)
    return incidence(spans, np.array([way == "w" for _, way in pairs]), np.array([way != "+" for _, way in pairs]))


def close(value: float | None, text: str) -> bool:
    if text == "none" or value is None:
        return (text == "none") == (value is None)
    return abs(value - float(Fraction(text))) < 1e-12


@pytest.mark.parametrize("row", CURVE, ids=lambda row: f"{row['spans']} at {row['at']}")
def test_the_curve(row: Row) -> None:
    curve = curve_of(row["spans"])
    place = list(curve.time).index(int(row["at"]))
    assert (curve.at_risk[place], curve.ended[place]) == (int(row["at risk"]), int(row["ended"]))
    assert close(float(curve.surviving[place]), row["still waiting"])


@pytest.mark.parametrize("row", SHARES, ids=lambda row: row["because"])
def test_medians_and_shares(row: Row) -> None:
    curve = curve_of(row["spans"])
    assert close(curve.quantile(0.5)[0], row["median"])
    assert close(curve.quantile(0.9)[0], row["P90"])
    within = curve.ended_by(2)
    assert close(None if within is None else within[0], row["within 2"])


@pytest.mark.parametrize("row", WILSON, ids=lambda row: f"{row['top']} of {row['bottom']}")
def test_wilson(row: Row) -> None:
    assert wilson(int(row["top"]), int(row["bottom"])) == pytest.approx(
        (float(row["low"]), float(row["high"])), abs=5e-5
    )


@pytest.mark.parametrize("row", WAYS, ids=lambda row: f"{row['deals']} by {row['by']}")
def test_two_ways_to_end(row: Row) -> None:
    found, by = incidence_of(row["deals"]), np.array([int(row["by"])])
    assert close(float(found.by(by)[0]), row["won by then"])
    assert close(float(found.waiting(by)[0]), row["still open"])


@pytest.mark.parametrize("row", CHANCES, ids=lambda row: f"{row['deals']} from {row['age']}")
def test_the_chance_of_a_deal_of_an_age(row: Row) -> None:
    found = incidence_of(row["deals"]).chance(np.array([int(row["age"])]), 0, int(row["within"]))
    assert close(float(found[0]), row["chance"])


def test_a_long_curve_has_the_limits_of_a_short_one() -> None:
    """Limits of a long curve are looked for by strides: the crossings are those of every single step."""
    rng = np.random.default_rng(5)
    spans = rng.integers(1, 10**9, 30_000)
    curve = survival(spans, rng.random(30_000) < 0.6)
    for at in (0.01, 0.5, 0.9, 0.95, 0.999):
        for limit, found in zip((curve.low, curve.high), curve.quantile(at)[1:], strict=True):
            reached = np.flatnonzero(limit <= 1 - at + 1e-12)
            assert found == (int(curve.time[reached[0]]) if len(reached) else None)


def test_incidence_equals_lifelines() -> None:
    lifelines = pytest.importorskip("lifelines")
    rng = np.random.default_rng(3)
    spans = np.arange(1, 201) + rng.permutation(200) % 3 * 500  # no ties: lifelines would jitter them
    ways = rng.integers(0, 3, 200)
    theirs = lifelines.AalenJohansenFitter(calculate_variance=False).fit(spans, ways, event_of_interest=1)
    mine = incidence(spans, ways == 1, ways > 0)
    last = theirs.cumulative_density_.iloc[-1, 0]
    assert mine.share[-1] == pytest.approx(last, abs=1e-9)
    at = np.array([50, 100, 150])
    assert mine.by(at) == pytest.approx(theirs.predict(at).to_numpy(), abs=1e-9)
