from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from handfast.audit.report import chart
from handfast.instant import DAY, HOUR, MINUTE

SHARE = st.floats(0, 1, allow_nan=False)


def parsed(drawing: Markup) -> ET.Element:
    """A drawing as the XML it must be."""
    return ET.fromstring(str(drawing))  # noqa: S314  reason: our own output


def width(element: ET.Element) -> float:
    return float(element.attrib["width"].removesuffix("%"))


def of_look(drawing: Markup, look: str) -> list[ET.Element]:
    return [one for one in parsed(drawing).iter() if look in one.attrib.get("class", "").split()]


def test_text_of_an_export_is_escaped_and_clean() -> None:
    drawn = chart.tag("text", '</svg><script>alert("\u202e1")</script>', title='"><img onerror="x">', x=1.0)
    assert "<script>" not in drawn
    assert "\u202e" not in drawn
    assert parsed(drawn).text == '</svg><script>alert("1")</script>'
    assert parsed(drawn).attrib == {"title": '"><img onerror="x">', "x": "1"}


@given(st.lists(SHARE, max_size=5))
def test_a_bar_never_runs_over_its_track(shares: list[float]) -> None:
    drawn = chart.bar([chart.Part(share=share, look="part") for share in shares], "label")
    parts = of_look(drawn, "part")
    assert len(parts) == len(shares)
    assert sum(map(width, parts)) <= 100.1


def test_a_bar_is_read_aloud_and_as_long_as_its_share() -> None:
    drawn = chart.bar([chart.Part(share=0.25, look="reached"), chart.Part(share=0.5, look="open")], "a quarter")
    assert parsed(drawn).attrib["aria-label"] == "a quarter"
    assert parsed(drawn).attrib["role"] == "img"
    (reached,), (still,) = of_look(drawn, "reached"), of_look(drawn, "open")
    assert (width(reached), still.attrib["x"], width(still)) == (25, "25%", 50)


def test_a_strip_shows_value_interval_and_target() -> None:
    drawn = chart.strip(chart.Strip(value=0.27, low=0.25, high=0.3, target=0.9, look="missed"), "27 %")
    (value,) = of_look(drawn, "missed")
    assert width(value) == 27
    spread = of_look(drawn, "bracket")[0]
    assert (spread.attrib["x1"], spread.attrib["x2"]) == ("25%", "30%")
    (target,) = of_look(drawn, "target")
    assert target.attrib["x1"] == "90%"


def test_a_strip_without_interval_or_target_shows_neither() -> None:
    drawn = chart.strip(chart.Strip(value=0.27, low=None, high=None, target=None, look="plain"), "27 %")
    assert of_look(drawn, "bracket") == of_look(drawn, "target") == []


def point(value: float | None, **more: float | bool | str) -> chart.Point:
    return chart.Point(label="Mar 2026", text="27 %", value=value, **more)  # type: ignore[arg-type]  # names of fields


def test_columns_stand_on_the_axis_and_name_first_and_last() -> None:
    points = [chart.Point(label=f"M{place}", text=str(place), value=float(place)) for place in range(4)]
    drawn = chart.columns(points, "label", top=3.0, target=1.5)
    tall = [float(one.attrib["height"]) for one in of_look(drawn, "fill")]
    assert tall == [0, pytest.approx(21.33), pytest.approx(42.67), 64]
    assert [one.text for one in parsed(drawn).iter("text")] == ["M0", "M3"]
    (goal,) = of_look(drawn, "goal")
    assert float(goal.attrib["y1"]) == 32


def test_a_column_says_its_period_and_what_it_is_a_share_of() -> None:
    (title,) = parsed(chart.columns([point(0.27, of="106")], "label", top=1.0)).iter("title")
    assert title.text == "Mar 2026: 27 % of 106"


def test_a_period_without_a_figure_is_an_empty_place() -> None:
    drawn = chart.columns([point(None)], "label", top=1.0)
    assert of_look(drawn, "fill") == []
    assert len(of_look(drawn, "none")) == 1


def test_a_partial_period_is_pale_and_has_no_whisker() -> None:
    drawn = chart.columns([point(0.2, low=0.1, high=0.3), point(0.2, low=0.0, high=1.0, partial=True)], "l", top=1.0)
    assert (len(of_look(drawn, "fill")), len(of_look(drawn, "partial")), len(of_look(drawn, "whisker"))) == (1, 1, 1)


def test_a_target_above_the_chart_is_left_out() -> None:
    assert of_look(chart.columns([point(0.2)], "label", top=0.3, target=0.9), "goal") == []


def test_no_periods_draw_an_empty_chart() -> None:
    assert [one.text for one in parsed(chart.columns([], "label", top=0.0)).iter("text")] == []


def test_a_log_axis_holds_its_ends() -> None:
    places = [chart.log_place(span, MINUTE, 30 * DAY) for span in (-HOUR, 0, MINUTE, HOUR, 30 * DAY, 90 * DAY)]
    assert places[:3] == [0, 0, 0]
    assert 0.3 < places[3] < 0.5
    assert places[4:] == [1, 1]


def test_a_curve_rises_in_steps_and_ends_where_it_is_known() -> None:
    drawn = chart.curve([chart.Curve(steps=[(0, 0.1), (0.5, 0.1), (0.6, 0.4)])], [], "label")
    (line,) = of_look(drawn, "line")
    assert line.attrib["d"] == "M0 90H50H60V60"


def test_an_unknown_curve_draws_nothing() -> None:
    (line,) = of_look(chart.curve([chart.Curve(steps=[])], [], "label"), "line")
    assert line.attrib["d"] == ""


def test_labels_at_the_ends_of_an_axis_stay_inside() -> None:
    ticks = [chart.Tick(at=at, label=str(at)) for at in (0.0, 0.5, 1.0)]
    goal = chart.Tick(at=0.4, label="promised", look="goal")
    drawn = chart.curve([], [*ticks, goal], "label")
    anchors = {one.text: one.attrib.get("text-anchor") for one in parsed(drawn).iter("text")}
    assert (anchors["0.0"], anchors["0.5"], anchors["1.0"]) == ("start", "middle", "end")
    above = {one.text: float(one.attrib["y"]) for one in parsed(drawn).iter("text")}
    assert above["promised"] < 26 < above["0.5"]


@pytest.mark.parametrize(("value", "most", "tint"), [(0, 1, 0), (0.01, 1, 1), (0.5, 1, 3), (1, 1, 6), (1, 0, 0)])
def test_tints_run_from_none_to_the_darkest(value: float, most: float, tint: int) -> None:
    assert chart.shade(value, most) == tint


@given(SHARE)
def test_places_are_written_short(share: float) -> None:
    assert re.fullmatch(r"\d{1,3}(\.\d{1,2})?%", chart.percent(share))
