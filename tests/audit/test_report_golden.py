"""The JSON output of one small audit, kept in tests/golden: names, kinds and exact figures.

What is kept is what programs rely on: every name and the kind of its value everywhere, and the figures of each measure.
After a change that is meant, HANDFAST_GOLDEN=write makes the file anew; its difference belongs into the commit.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from tests.support.audits import Group, agreement_of, audit_of, cycles

from handfast.audit.report import render_json


@pytest.fixture(scope="module")
def output() -> dict[str, Any]:
    groups = [
        Group(count=36, accepted=True, opportunity=True, won=True, weeks=12),
        Group(count=40, source="paid_search", owner="sam", rejected="too_small"),
        Group(count=24, source="paid_search", owner="sam", waited=None),
        Group(count=20, delivered=False),
    ]
    columns = cycles(groups, {"sql": "The export never says that a lead was qualified by sales."})
    found: dict[str, Any] = json.loads(
        json.dumps(render_json(audit_of(columns, agreement=agreement_of(60, 40, 5, 15))))
    )
    return found


def shape(value: object) -> object:
    """The names of an object, the shapes of its values; of a list the shape of all its items together."""
    if isinstance(value, dict):
        return {name: shape(one) for name, one in value.items()}
    if isinstance(value, list):
        return [merged([shape(one) for one in value])] if value else []
    return {str: "text", bool: "yes or no", int: "number", float: "number", type(None): "none"}[type(value)]


def merged(shapes: list[object]) -> object:
    """One shape for all: the names of any, and every kind that is found under a name."""
    if all(isinstance(one, dict) for one in shapes):
        names = dict.fromkeys(name for one in shapes if isinstance(one, dict) for name in one)
        return {name: merged([one[name] for one in shapes if isinstance(one, dict) and name in one]) for name in names}
    if all(isinstance(one, list) for one in shapes):
        items = [item for one in shapes if isinstance(one, list) for item in one]
        return [merged(items)] if items else []
    kinds = dict.fromkeys(json.dumps(one, sort_keys=True) if not isinstance(one, str) else one for one in shapes)
    return " or ".join(sorted(kinds))


def bare(figure: object) -> object:
    """A figure without the names of its records: those are tested elsewhere."""
    if isinstance(figure, dict):
        return {name: bare(one) for name, one in figure.items() if name not in {"records", "within"}}
    return [bare(one) for one in figure] if isinstance(figure, list) else figure


def kept(output: dict[str, Any]) -> dict[str, Any]:
    """What the golden file holds."""
    measures = output["measures"]
    whole = output | {"measures": [one | {"figure": None, "splits": None, "trend": None} for one in measures]}
    return {
        "shape": shape(whole),
        "figures": {one["name"]: bare(one["figure"]) for one in measures},
        "splits": {one["name"]: {by: len(parts) for by, parts in one["splits"].items()} for one in measures},
        "leaks": [{key: one[key] for key in ("code", "cost", "headline", "numbers")} for one in output["leaks"]],
        "strengths": [
            {key: one[key] for key in ("code", "cost", "headline", "numbers")} for one in output["strengths"]
        ],
    }


def test_the_output_is_that_of_the_golden_file(output: dict[str, Any], root: Path) -> None:
    golden = root / "tests" / "golden" / "audit-output.json"
    found = kept(output)
    if os.environ.get("HANDFAST_GOLDEN") == "write":
        golden.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    assert found == json.loads(golden.read_text(encoding="utf-8"))


def test_the_output_says_its_format(output: dict[str, Any]) -> None:
    assert output["handfast_audit"] == 1


def test_every_leak_says_what_to_do(output: dict[str, Any]) -> None:
    assert output["leaks"]
    assert all(one["next_step"] for one in output["leaks"])


def test_shapes_of_unlike_items_are_told() -> None:
    assert shape([1, None, "a"]) == ["none or number or text"]
    assert shape([{"a": 1}, {"b": [True]}]) == [{"a": "number", "b": ["yes or no"]}]
