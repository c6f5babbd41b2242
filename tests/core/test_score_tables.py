"""The tables of docs/algorithms/scoring.md, row by row."""

from __future__ import annotations

import dataclasses
import re
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import yaml
from tests.support.tables import PAGES, Row, table_of

from handfast.condition import Condition, ValueType, evaluate, names_in, parse, trace, values_of
from handfast.contract.load import load
from handfast.contract.model import Contract
from handfast.errors import ScoreForgotten
from handfast.instant import DAY, NEVER
from handfast.problem import Problems
from handfast.score import ScoreState, ScoreTable, compile_table, explain, fit_of, points, score_at
from handfast.score.bar import needed, ranges
from handfast.score.columns import arrange, attribute_columns, first_passing, leads_of
from handfast.score.kernel import HUGE, limited

PAGE = PAGES / "scoring.md"

NOW = 20_000 * DAY


SIGNALS = table_of(PAGE, "signal", having="on", count=5)
WORTH = table_of(PAGE, "signal", having="age", count=14)
COUNTED = table_of(PAGE, "signal", having="count", count=8)
KEPT = table_of(PAGE, "signal", having="answer", count=8)


def _contract() -> Contract:
    """A contract with the signals of the page."""
    signals = {}
    for row in SIGNALS:
        keys = ("on", "when", "points", "most_recent", "expires", "fades")
        signals[row["signal"]] = {key: yaml.safe_load(row[key]) for key in keys if row[key]}
    fit = {"industry": {"when": {"industry": "software"}, "points": 25}}
    fit["size"] = {"when": {"employees": {"at_least": 50}}, "points": 20}
    document = {
        "handfast": 1,
        "contract": "page",
        "version": 1,
        "effective_from": "2027-01-01T00:00:00Z",
        "parties": {side: {"name": side, "email": f"{side}@acme.example"} for side in ("marketing", "sales")},
        "score": {"fit": {"at_most": 30, "signals": fit}, "behaviour": {"at_most": 80, "signals": signals}},
        "definitions": {"mql": {"when": {"total": {"at_least": 40}}}},
        "routing": {"rules": [{"to": "inbound"}]},
    }
    loaded = load(yaml.safe_dump(document, sort_keys=False))
    assert loaded.contract is not None, loaded.problems
    return loaded.contract


CONTRACT = _contract()
TABLE = compile_table(CONTRACT)
PLACE = {term.name: place for place, term in enumerate(TABLE.behaviour)}


def _condition(text: str) -> Condition:
    scores = dict.fromkeys(("fit", "behaviour", "total"), ValueType.NUMBER)
    names: dict[str, Any] = {**CONTRACT.attributes, **scores, "page": ValueType.TEXT}
    problems = Problems()
    found = parse(yaml.safe_load(text), (), names, CONTRACT.lists, problems)
    assert found is not None, list(problems)
    return found


def _hundredths(text: str) -> int:
    return int(Decimal(text) * 100)


def _instants(signal: str, instants: list[int]) -> list[list[int]]:
    return [instants if place == PLACE[signal] else [] for place in range(len(PLACE))]


def _value(signal: str, instants: list[int]) -> int:
    """The score of one signal now, from the facts; the kept state must agree."""
    state = ScoreState(TABLE)
    for instant in instants:
        state.add([PLACE[signal]], instant)
    found = score_at(TABLE, 0, _instants(signal, instants), NOW).behaviour
    assert state.behaviour(NOW) == found
    return found


@pytest.mark.parametrize("row", table_of(PAGE, "condition", having="holds", count=16), ids=lambda row: row["condition"])
def test_conditions_hold_where_the_page_says(row: Row) -> None:
    condition = _condition(row["condition"])
    (name,) = names_in(condition)
    raw = {} if row["of"] == "unknown" else {name: row["of"].strip('"')}
    kind = CONTRACT.attributes[name].type if name in CONTRACT.attributes else ValueType.TEXT
    values = values_of(raw, {name: kind})
    assert evaluate(condition, values) is trace(condition, values).holds is (row["holds"] == "yes")


@pytest.mark.parametrize("row", WORTH, ids=lambda row: f"{row['signal']} {row['age']}")
def test_an_activity_is_worth_what_the_page_says(row: Row) -> None:
    age = re.fullmatch(r"(\d+) days( less 1 µs)?", row["age"])
    assert age is not None
    instant = NOW - int(age[1]) * DAY + (1 if age[2] else 0)
    assert points(_value(row["signal"], [instant])) == Decimal(row["worth"])


@pytest.mark.parametrize("row", COUNTED, ids=lambda row: f"{row['signal']} {row['ages in days, in order of arrival']}")
def test_a_signal_counts_what_the_page_says(row: Row) -> None:
    ages = row["ages in days, in order of arrival"]
    instants = [NOW - int(age) * DAY for age in ages.split(", ") if age]
    arrived = [instant for instant in instants if instant <= NOW]
    assert points(_value(row["signal"], arrived)) == Decimal(row["worth"])
    lines = explain(TABLE, {}, _instants(row["signal"], instants), NOW).lines
    (line,) = [line for line in lines if line.clause.endswith(f".{row['signal']}")]
    assert (line.count, line.value) == (int(row["count"]), _hundredths(row["worth"]))


@pytest.mark.parametrize("row", table_of(PAGE, "sum", having="group", count=4), ids=str)
def test_a_group_is_held_within_its_limits(row: Row) -> None:
    low = _hundredths(row["at_least"]) if row["at_least"] else -HUGE
    high = _hundredths(row["at_most"]) if row["at_most"] else HUGE
    assert limited(_hundredths(row["sum"]), low, high) == _hundredths(row["group"])


def test_the_explanation_is_that_of_the_page() -> None:
    ages = [NOW - days * DAY for days in (0, 14, 20, 28)]
    instants = [ages if name in ("pricing", "any_page") else [] for name in PLACE]
    found = explain(TABLE, {"industry": "software", "employees": 200}, instants, NOW)
    told = table_of(PAGE, "clause", having="raw", count=8)
    shown = [(line.clause, str(line.count), str(points(line.raw)), str(points(line.value))) for line in found.lines]
    assert shown == [(row["clause"], row["count"], row["raw"], row["value"]) for row in told]
    assert sum(Decimal(row["value"]) for row in told) == points(found.scored.total)


@pytest.mark.parametrize("row", KEPT, ids=lambda row: f"{row['signal']} {row['happened on day']} {row['asked on day']}")
def test_the_kept_state_answers_or_refuses_as_the_page_says(row: Row) -> None:
    state = ScoreState(TABLE)
    for day in row["happened on day"].split(", "):
        state.add([PLACE[row["signal"]]], int(day) * DAY)
    at = int(row["asked on day"]) * DAY
    if row["answer"] == "refused":
        with pytest.raises(ScoreForgotten):
            state.behaviour(at)
    else:
        assert points(state.behaviour(at)) == Decimal(row["answer"])


@pytest.mark.parametrize(
    "row", table_of(PAGE, "bar", having="fit", count=5), ids=lambda row: f"{row['bar']} {row['fit']}"
)
def test_a_bar_becomes_the_ranges_of_the_page(row: Row) -> None:
    limits = (-HUGE, 8000)
    found = ranges(_condition(row["bar"]), {}, _hundredths(row["fit"]), limits)
    told = ", ".join(f"{_shown(low)} to {_shown(high)}" for low, high in found)
    assert (told or "nowhere") == row["holds where behaviour is"]
    least = needed(found, limits)
    assert ("none will do" if least == HUGE else _shown(least)) == row["least sum needed"]


def _shown(value: int) -> str:
    return "anything" if value == -HUGE else str(points(value))


WALK = "lead's fit"
PASSES = "first passes a bar of total 40 on day"


@pytest.mark.parametrize("fast", [False, True], ids=["plain", "compiled"])
@pytest.mark.parametrize(
    "row", table_of(PAGE, WALK, having=PASSES, count=8), ids=lambda row: f"{row[WALK]} {row['did, on day']}"
)
def test_the_walk_finds_the_day_of_the_page(row: Row, fast: bool) -> None:
    table = _with_fit(int(row[WALK]))
    did = [(name, int(day)) for name, day in re.findall(r"(\w+) (\d+)", row["did, on day"])]
    paths = ["/careers", "/pricing"]
    kinds = ["page_viewed", "webinar_attended"]
    rows = SimpleNamespace(
        lead=np.zeros(len(did), dtype=np.int32),
        at=np.array([day * DAY for _, day in did], dtype=np.int64),
        kind=_coded([int(name == "webinar") for name, _ in did], kinds),
        properties={"path": _coded([int(name == "pricing") for name, _ in did], paths)},
    )
    known = attribute_columns(table, {"industry": _coded([0], ["software"])})
    leads = leads_of(table, _condition("{total: {at_least: 40}}"), known, 1, fast=fast)
    assert leads.fit.tolist() == [int(row[WALK]) * 100]
    history = arrange(table, rows, 1, needs=leads.needs, fast=fast)
    expected = NEVER if row[PASSES] == "never" else int(row[PASSES]) * DAY
    assert first_passing(table, leads, history, fast=fast).tolist() == [expected]


def _coded(codes: list[int], words: list[str]) -> Any:
    return SimpleNamespace(codes=np.array(codes, dtype=np.int32), words=tuple(words))


def _with_fit(fit: int) -> ScoreTable:
    """The signals of the page that the walk uses, and one fit signal that gives these points."""
    (term, *_), (pricing, webinar, careers, *_) = TABLE.fit, TABLE.behaviour

    changed = dataclasses.replace(term, points=fit)
    table = ScoreTable(
        fit=(changed,),
        fit_limits=(-HUGE, HUGE),
        behaviour=(pricing, webinar, careers),
        behaviour_limits=TABLE.behaviour_limits,
        attributes=TABLE.attributes,
        properties=TABLE.properties,
    )
    assert fit_of(table, {"industry": "software"}) == fit * 100
    return table
