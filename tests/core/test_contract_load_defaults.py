"""What is assumed where a contract is silent is what the table says, and what the specification says."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.support.contracts import SMALL

from handfast.contract import load
from handfast.contract.builtin import CLOCK_EDGES, WAITING_CLOCKS
from handfast.contract.defaults import ANY, DEFAULTS, Default, fill
from handfast.contract.document import Document
from handfast.contract.model import ClockName, Contract, Nobody, ShareBy, SourcedBy, Step, Verb
from handfast.contract.reference import flow
from handfast.contract.text import NOTHING, Table, read, values
from handfast.problem import Problems

# Sections that mean something by being absent, written with no more than they need.
OPTIONAL = """\
revenue: {target: 2000000, period: 2027}
calendars: {office: {}}
score: {fit: {signals: {right_size: {when: {employees: {above: 50}}, points: 1}}}}
"""


@pytest.fixture(scope="module")
def silent() -> Contract:
    loaded = load(SMALL)
    assert not loaded.problems
    assert loaded.contract is not None
    return loaded.contract


def raw(text: str) -> dict[str, Any]:
    root = read(text, Problems()).root
    assert isinstance(root, Table)
    return values(root)


def test_a_silent_contract_is_what_the_specification_says(silent: Contract) -> None:
    assert (silent.zone, silent.default_calendar) == ("UTC", "standard")
    standard = silent.calendars["standard"]
    assert (standard.zone, standard.holidays, dict(standard.exceptions)) == ("UTC", "", {})
    assert standard.hours == (*[((540, 1020),)] * 5, (), ())
    assert {name: str(clock.within) for name, clock in silent.clocks.items()} == {
        ClockName.FIRST_TOUCH: "4 business hours",
        ClockName.RESPONSE: "4 business hours",
        ClockName.DECISION: "1 business day",
        ClockName.WORKING: "15 business days",
        ClockName.CONTEST: "2 business days",
    }
    assert list(silent.pools) == ["inbound"]
    assert str(silent.recycle.cool_off) == "30 days"
    assert silent.recycle.fresh_evidence


def test_the_clocks_escalate_as_in_the_example_of_the_specification(silent: Contract, acme: Contract) -> None:
    for name in ClockName:
        assert silent.clocks[name].escalate == acme.clocks[name].escalate
        assert (silent.clocks[name].starts, silent.clocks[name].stops) == CLOCK_EDGES[name]
    assert {name for name in ClockName if any(step.re_route for step in silent.clocks[name].escalate)} < WAITING_CLOCKS


def test_the_starting_reasons_have_a_word_for_each_way_out(silent: Contract) -> None:
    verbs = {reason.verb for reason in silent.reasons.values()}
    assert verbs == set(Verb)
    assert all((reason.then is None) == (reason.verb is Verb.RETURN) for reason in silent.reasons.values())


def test_the_rest_of_a_silent_contract(silent: Contract) -> None:
    pool = silent.pools["inbound"]
    assert (pool.calendar, pool.share, pool.count_all) == ("standard", ShareBy.BY_WEIGHT, False)
    assert pool.nobody == Nobody(hold=None, then="manager")
    assert (silent.fiscal_year_starts, silent.currency, silent.stages) == (
        1,
        "USD",
        ("mql", "sal", "opportunity", "won"),
    )
    assert silent.attribution.sourced is SourcedBy.FIRST_ACTIVITY
    assert str(silent.attribution.influence_window) == "180 days"
    assert set(silent.attribution.eligible) < set(silent.activities)
    assert list(silent.reviews) == ["weekly", "monthly", "quarterly"]
    assert silent.routing.owner_first
    assert silent.definitions.icp is None
    assert silent.revenue is None
    assert silent.marketing.mql is None
    assert not silent.score.fit.signals
    assert silent.score.warm is None


def test_a_default_calendar_follows_the_zone_of_the_contract() -> None:
    loaded = load(SMALL + "zone: America/New_York\n")
    assert loaded.contract is not None
    assert loaded.contract.calendars["standard"].zone == "America/New_York"


def test_the_only_calendar_is_the_default_one_and_takes_the_zone_of_the_contract() -> None:
    loaded = load(SMALL + "zone: Asia/Tokyo\ncalendars: {tokyo: {}}\n")
    assert loaded.contract is not None
    assert loaded.contract.default_calendar == loaded.contract.pools["inbound"].calendar == "tokyo"
    assert loaded.contract.calendars["tokyo"].zone == "Asia/Tokyo"
    assert loaded.contract.calendars["tokyo"].hours[0] == ((540, 1020),)


def test_a_response_clock_that_is_not_written_follows_first_touch() -> None:
    loaded = load(SMALL + "clocks: {first_touch: {within: {hand_raise: 5 minutes, otherwise: 2 hours}}}\n")
    assert loaded.contract is not None
    response = loaded.contract.clocks[ClockName.RESPONSE]
    assert (str(response.within_hand_raise), str(response.within)) == ("5 minutes", "2 hours")


def test_a_clock_keeps_its_escalation_unless_one_is_written() -> None:
    loaded = load(SMALL + "clocks: {decision: {within: 3 hours}, contest: {escalate: []}}\n")
    assert loaded.contract is not None
    assert loaded.contract.clocks[ClockName.DECISION].escalate == (Step(at=100, to=("manager",), re_route=True),)
    assert loaded.contract.clocks[ClockName.CONTEST].escalate == ()


@pytest.mark.parametrize("text", [SMALL, SMALL + OPTIONAL])
def test_writing_every_default_out_changes_nothing(text: str) -> None:
    written = raw(text)
    fill(written)
    assert written != raw(text)
    assert load(json.dumps(written)).contract == load(text).contract


@pytest.mark.parametrize(
    "default", [default for default in DEFAULTS if default.value is not None], ids=lambda d: d.dotted
)
def test_each_default_alone_may_be_written_out(default: Default) -> None:
    """As YAML, the way the reference page shows it."""
    text = SMALL.replace("  mql:", "  icp: {when: {country: DE}}\n  mql:") + OPTIONAL + "pools: {inbound: {}}\n"
    written = raw(text)
    tables = [written]
    for part in default.path[:-1]:
        below = [list(table.values()) if part == ANY else [table.setdefault(part, {})] for table in tables]
        tables = [table for each in below for table in each]
    assert tables
    for table in tables:
        table.setdefault(default.path[-1], default.value)
    assert load(flow(written)).contract == load(text).contract


def test_every_default_is_a_key_of_the_file() -> None:
    known = {".".join(path) for path in _keys(Document.model_json_schema(), Document.model_json_schema(), ())}
    assert {".".join(default.path) for default in DEFAULTS} - known <= {"calendars.standard"}


def test_filling_in_leaves_what_is_no_mapping_to_the_shape() -> None:
    written: dict[str, Any] = {"clocks": 3, "pools": {"a": 1}, "score": NOTHING}
    fill(written)
    assert (written["clocks"], written["pools"], written["score"]) == (3, {"a": 1}, NOTHING)


def test_what_is_filled_in_is_never_shared() -> None:
    one: dict[str, Any] = {}
    other: dict[str, Any] = {}
    fill(one)
    fill(other)
    one["reasons"]["misrouted"]["credit"] = False
    assert other["reasons"]["misrouted"]["credit"] is True


def _keys(schema: Any, part: Any, path: tuple[str, ...]) -> list[tuple[str, ...]]:
    if "$ref" in part:
        part = schema["$defs"][part["$ref"].rpartition("/")[2]]
    found = [path]
    for option in part.get("anyOf", []):
        found += _keys(schema, option, path)
    for key, below in part.get("properties", {}).items():
        found += _keys(schema, below, (*path, key))
        found += [(*path, ANY, *rest[len(path) + 1 :]) for rest in _keys(schema, below, (*path, key))]
    entries = [*part.get("patternProperties", {}).values(), part.get("additionalProperties")]
    for below in entries:
        if isinstance(below, dict):
            found += _keys(schema, below, (*path, ANY))
    return found
