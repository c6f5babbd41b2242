"""The description of the interface: complete, true, and the same on every page."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pydantic import BaseModel
from tests.support.asking import get

from handfast_server.access import ACTIONS
from handfast_server.api.app import api
from handfast_server.api.docs import page, topics
from handfast_server.api.guard import action_of, operations, takes_key

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def described() -> dict[str, Any]:
    return dict(api.get_openapi_schema(path_prefix="/api/"))


def every(described: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [(path, method, each) for path, methods in described["paths"].items() for method, each in methods.items()]


def test_it_is_published_without_signing_in() -> None:
    answer = get(Client(), "/openapi.json")
    assert answer.status == 200
    assert answer.body["info"]["title"] == "Handfast"


def test_every_operation_has_a_name_of_its_own_and_says_what_it_does(described: dict[str, Any]) -> None:
    names = [each["operationId"] for _, _, each in every(described)]
    assert len(names) == len(set(names))
    for path, method, each in every(described):
        assert re.fullmatch(r"[a-z][a-z0-9_]*", each["operationId"]), (method, path)
        assert each.get("description"), (method, path)
        assert each.get("tags"), (method, path)
        assert len(each["summary"]) <= 120, (method, path)


def test_every_error_that_can_be_answered_is_described(described: dict[str, Any]) -> None:
    for path, method, each in every(described):
        codes = set(each["responses"])
        assert {"422", "429"} <= codes, (method, path)
        if method != "get":
            assert {"400", "409", "413"} <= codes, (method, path)
        for code in codes & {"401", "403", "404", "409"}:
            content = each["responses"][code]["content"]["application/json"]
            assert content["schema"] == {"$ref": "#/components/schemas/Error"}
            assert set(content["example"]) == {"code", "message", "path", "request_id"}


def _objects(schema: Any, described: dict[str, Any], seen: set[str]) -> Iterator[dict[str, Any]]:
    """Every object with named parts that a body is made of."""
    if isinstance(schema, list):
        for each in schema:
            yield from _objects(each, described, seen)
    elif isinstance(schema, dict):
        name = str(schema.get("$ref", ""))
        if name and name not in seen:
            seen.add(name)
            yield from _objects(described["components"]["schemas"][name.rpartition("/")[2]], described, seen)
        if "properties" in schema:
            yield schema
        for part in ("anyOf", "oneOf", "allOf", "items", "additionalProperties"):
            yield from _objects(schema.get(part), described, seen)
        yield from _objects(list(schema.get("properties", {}).values()), described, seen)


def test_no_body_takes_a_name_that_it_does_not_know(described: dict[str, Any]) -> None:
    """What is passed over was meant for something: a date that is misspelt would be none."""
    bodies = [(path, each["requestBody"]) for path, _, each in every(described) if "requestBody" in each]
    assert len(bodies) > 50
    for path, body in bodies:
        content = body["content"].get("application/json")
        for found in _objects(content and content["schema"], described, set()):
            assert found.get("additionalProperties") is False, (path, found.get("title"))


def _made_from(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    for each in model.__subclasses__():
        yield each
        yield from _made_from(each)


def test_a_name_in_the_description_is_one_shape(described: dict[str, Any]) -> None:
    """Of two shapes with one name one would be described as the other."""
    ours = {each for each in _made_from(BaseModel) if each.__module__.startswith("handfast_server.")}
    named = set(re.findall(r'"#/components/schemas/(\w+)"', json.dumps(described)))
    names = Counter(each.__name__ for each in ours if each.__name__ in named)
    assert [name for name, count in names.items() if count > 1] == []


def test_every_endpoint_names_an_action_of_the_table() -> None:
    open_to_all = [each.view_func.__name__ for each in operations(api) if each.auth_callbacks and not action_of(each)]
    assert open_to_all == []
    assert {action_of(each) for each in operations(api)} - {""} <= set(ACTIONS)


def test_every_reference_in_it_leads_somewhere(described: dict[str, Any]) -> None:
    known = set(described["components"]["schemas"])
    named = set(re.findall(r"#/components/schemas/([A-Za-z0-9_]+)", repr(described)))
    assert named <= known


def test_the_page_shows_every_operation(described: dict[str, Any]) -> None:
    answer = Client().get("/api/docs")
    text = answer.content.decode()
    for _, _, each in every(described):
        assert f'id="{each["operationId"]}"' in text
    assert sum(len(found) for found in topics().values()) == len(every(described))
    assert "<script" not in text


def test_the_page_names_each_operation_that_takes_a_key_and_no_other(described: dict[str, Any]) -> None:
    sentence = " ".join(page().split()).split("takes the header: ", 1)[1].split(". Every", 1)[0]
    told = {
        f"`{method.upper()} {path}`"
        for path, methods in described["paths"].items()
        for method, each in methods.items()
        if any(one["name"] == "Idempotency-Key" for one in each.get("parameters", ()))
    }
    assert set(sentence.split(", ")) == told
    assert len(told) == sum(takes_key(each) for each in operations(api)) > 20


def test_the_reference_page_is_what_the_interface_says(root: Path) -> None:
    assert (root / "docs" / "reference" / "api.md").read_text(encoding="utf-8") == page(), "run make generated"
