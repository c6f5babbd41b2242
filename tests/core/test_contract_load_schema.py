"""The published JSON Schema accepts what the loader accepts, and most of what it refuses for its shape."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from handfast.condition import Operator
from handfast.contract import load
from handfast.contract.builtin import ACTIVITIES, ATTRIBUTES
from handfast.contract.schema import DIALECT, json_schema
from handfast.contract.text import Nothing, Table, read, values
from handfast.problem import Problems

HERE = Path(__file__).parents[1]
BAD = sorted((HERE / "bad_contracts").glob("*.yaml"))

SHAPELESS = """
attribution_eligible_twice calendar_exception_night_overlaps calendar_exception_overlaps_night
calendar_exceptions_overlap clock_step_to_twice deputy_twice example_value_too_long
list_entry_twice sql_needs_twice zone_misspelt_with_offset
activity_property_built_in activity_property_reserved attribute_built_in attribute_reserved attribute_two_types
attribute_word_twice attribution_unknown_activity calendar_day_twice calendar_default_missing calendar_default_unknown
calendar_hours_empty_span calendar_hours_overlap calendar_nights_overlap calendar_sunday_night_overlaps
calendar_unknown_part calendar_unknown_zone clock_as_itself clock_as_ring clock_as_unknown
clock_re_route_when_accepted clock_starts_changed clock_step_idle clock_step_to_unknown clock_step_twice
clock_stops_changed clock_within_too_long commitment_at_most_below commitment_icp_missing effective_in_clock_change
effective_no_such_day effective_other_offset effective_year_9999 example_expects_disqualifier example_expects_pool
example_unknown_activity example_unknown_attribute example_unknown_country example_unknown_property
example_wrong_choice example_wrong_date example_wrong_value group_limits_reversed list_shipped mql_asks_for_band
mql_hand_raise_property mql_reviewed_on_long_ago mql_reviewed_on_no_such_day mql_unknown_activity plan_stage_twice
pool_called_manager pool_then_unknown pool_unknown_calendar reason_clause_of_sql reason_clause_signal_unknown
reason_clause_unknown reason_clause_without_kind reason_needs_on_reject reason_then_hours revenue_deal_above_target
review_month_twice review_rhythm routing_early_catch_all routing_no_catch_all routing_unknown_band
routing_unknown_pool signal_asks_for_score signal_attribute_in_behaviour signal_unknown_activity
signal_unknown_attribute signal_unknown_country signal_unknown_list signal_unknown_property signal_wrong_operand
signal_wrong_operator_for_type sql_needs_unknown target_not_of_this_plan target_unknown text_duplicate_key
text_duplicate_key_deep text_merge_key text_number_as_key text_tag zone_abbreviation zone_city_only zone_unknown
""".split()
"""Mistakes that only ``handfast check`` sees: of names, of clauses that contradict each other, of the text itself."""


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    return json_schema()


@pytest.fixture(scope="module")
def validator(schema: dict[str, Any]) -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(schema)


def plain(value: object) -> object:
    """As an editor's YAML reader would hand it to a validator."""
    if isinstance(value, dict):
        return {key: plain(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [plain(entry) for entry in value]
    return float(value) if isinstance(value, Decimal) else None if isinstance(value, Nothing) else value


def document(text: bytes) -> object | None:
    found = read(text, Problems())
    return plain(values(found.root)) if found.whole and isinstance(found.root, Table) else None


def test_it_is_a_schema_of_the_dialect_it_names(schema: dict[str, Any]) -> None:
    assert next(iter(schema)) == "$schema"
    assert schema["$schema"] == DIALECT
    jsonschema.Draft202012Validator.check_schema(schema)


def test_the_package_carries_it(schema: dict[str, Any]) -> None:
    carried = resources.files("handfast.contract").joinpath("data", "contract.schema.json").read_text(encoding="utf-8")
    assert json.loads(carried) == schema


@pytest.mark.parametrize(
    "path", [HERE / "golden/acme-inbound.yaml", *sorted((HERE.parent / "examples").glob("*.yaml"))]
)
def test_good_contracts_pass(path: Path, validator: jsonschema.Draft202012Validator) -> None:
    text = path.read_bytes()
    assert load(text).contract is not None
    assert [error.message for error in validator.iter_errors(document(text))] == []


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_bad_shapes_fail(path: Path, validator: jsonschema.Draft202012Validator) -> None:
    found = document(path.read_bytes())
    if found is not None:
        assert validator.is_valid(found) == (path.stem in SHAPELESS)


def test_most_mistakes_are_seen_by_an_editor() -> None:
    assert len(SHAPELESS) < len(BAD) * 0.36


@pytest.mark.parametrize(
    "written",
    [
        "zone: Europe/Berlin",
        "clocks: {decision: {within: {otherwise: 1 hour}}}",
        "attributes: {a: text, b: {one_of: [x]}, c: {type: date}}",
        "calendars: {default: a, a: {hours: {mon-fri: 09:00-17:00, sat: closed}}, b: {holidays: US}}",
        "revenue: {target: 0.5, period: 2027-Q1}",
        "recycle: {cool_off: 0 days}",
        "score: {fit: {signals: {a: {when: {all: [{country: {known: true}}, {none: [{title: VP}]}]}, points: -5}}}}",
        "reviews: {quarterly: {held: first wed of jan apr jul oct 14:00}}",
        "targets: {mql_to_sal: 7.5%, cycle_length: 60 days}",
        "reasons: {a: {verb: return, credit: true}, b: {verb: disqualify}}",
    ],
)
def test_schema_and_loader_agree_on_what_is_right(written: str, validator: jsonschema.Draft202012Validator) -> None:
    base = (HERE / "bad_contracts" / "zone_unknown.yaml").read_text(encoding="utf-8").rpartition("zone:")[0]
    assert load(base + written + "\n").contract is not None, load(base + written + "\n").problems
    assert validator.is_valid(document(f"{base}{written}\n".encode()))


PHRASES = {
    "clocks: {{decision: {{within: {0}}}}}": [
        "1 business day",
        "4 hours",
        "as first_touch",
        "2days",
        "3 business weeks",
    ],
    "currency: {0}": ["EUR", "eur"],
    "calendars: {{a: {{hours: {{mon: [{0}]}}}}}}": [
        "09:00-17:00",
        "9:00 - 17:00",
        "22:00-06:00",
        "9-17",
        "09:00-24:00",
    ],
    "calendars: {{a: {{hours: {{{0}: closed, tue: 09:00-17:00}}}}}}": ["mon", "wed-fri", "monday"],
    "calendars: {{a: {{holidays: {0}, hours: {{mon: 09:00-17:00}}}}}}": ["DE", "DE-BE", "de"],
    "reviews: {{weekly: {{held: {0}}}}}": ["mon 10:00", "mon 9:00", "mon 24:00"],
    "recycle: {{cool_off: {0}}}": ["0 days", "30 days", "30 business days"],
    "commitments: {{sales: {{worked: {0}}}}}": ["90%", "90 %", "100.5%"],
    "commitments: {{marketing: {{sourced_pipeline: {0}}}}}": ["1400000 per quarter", "5.25 per year", "5 per week"],
    "reasons: {{a: {{verb: disqualify, then: {0}}}}}": ["close", "recycle after 9 days", "recycle after 9 hours"],
    "attributes: {{{0}: text}}": ["size", "the size"],
}
LOOSE: list[Callable[[str], str]] = [
    str, lambda text: " " + text, lambda text: text + " ", lambda text: text.replace(" ", "  "),
    lambda text: text.replace("-", "\u2013"), lambda text: text.replace(" ", "\u00a0"), str.upper,
]  # fmt: skip
SENSE = {"recycle after 9 hours"}  # a whole number of days is no matter of shape


@pytest.mark.parametrize(("where", "phrase"), [(where, each) for where, some in PHRASES.items() for each in some])
def test_schema_and_loader_agree_on_how_a_phrase_is_written(
    where: str, phrase: str, validator: jsonschema.Draft202012Validator
) -> None:
    base = (HERE / "bad_contracts" / "zone_unknown.yaml").read_text(encoding="utf-8").rpartition("zone:")[0]
    for loosen in LOOSE:
        text = f"{base}{where.format(json.dumps(loosen(phrase), ensure_ascii=False))}\n"
        if phrase not in SENSE:
            assert validator.is_valid(document(text.encode())) is (load(text).contract is not None), text


def test_editors_can_offer_every_built_in_word(schema: dict[str, Any]) -> None:
    asked = schema["$defs"]["Asked"]["anyOf"][1]["properties"]
    assert set(asked) == set(Operator)
    assert set(ATTRIBUTES) <= set(schema["$defs"]["Condition"]["properties"])
    assert set(schema["$defs"]["BehaviourSignal"]["properties"]["on"]["examples"]) == set(ACTIVITIES)


def test_every_key_says_what_it_means(schema: dict[str, Any]) -> None:
    silent = [
        f"{name}.{key}"
        for name, part in [("top", schema), *schema["$defs"].items()]
        for option in [part, *part.get("anyOf", [])]
        for key, below in option.get("properties", {}).items()
        if "description" not in {**schema["$defs"].get(below.get("$ref", "").rpartition("/")[2], {}), **below}
        and name != "Asked"
    ]
    assert silent == []


def test_it_shows_no_inner_defaults(schema: dict[str, Any]) -> None:
    assert schema["properties"]["zone"]["default"] == "UTC"
    assert "default" not in schema["properties"]["contract"]
    assert '"null"' not in json.dumps(schema)
