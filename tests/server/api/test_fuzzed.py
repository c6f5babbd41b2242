"""Requests that nobody would write, made from the description: no answer is a crash, none is other than described."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from tests.support.asking import program, say, token_of
from tests.support.examples import examples

from handfast_server.accounts.models import Role
from handfast_server.api.app import api
from handfast_server.wsgi import application

pytestmark = pytest.mark.django_db

_CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


def _topics() -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for path, methods in api.get_openapi_schema(path_prefix="/api/")["paths"].items():
        for method, each in methods.items():
            found.setdefault(each.get("tags", ["other"])[0], []).append((path, method))
    return found


@contextmanager
def _connection_kept() -> Iterator[None]:
    """As Django's own test client sees to, while it asks: the connection of the test stays open."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)


@cache
def _schema() -> Any:
    return schemathesis.openapi.from_wsgi("/api/openapi.json", application)


@pytest.mark.parametrize("topic", sorted(_topics()))
def test_no_request_is_answered_other_than_described(lead: Callable[..., str], topic: str) -> None:
    name = lead()
    say(program(Role.ADMIN), name, "deals", deal="D-1", by="lena")
    token = {"Authorization": f"Bearer {token_of(*Role)}"}
    known = {"lead": name, "deal": "D-1", "pool": "home", "number": 1}
    with _connection_kept():
        for path, method in _topics()[topic]:
            _asked(path, method, token, known)


def _asked(path: str, method: str, token: dict[str, str], known: dict[str, Any]) -> None:
    @settings(
        max_examples=examples(2),
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=_schema()[path][method.upper()].as_strategy(generation_mode=GenerationMode.POSITIVE))
    def asked(case: Any) -> None:
        there = case.path_parameters or {}
        case.path_parameters = {**there, **{key: value for key, value in known.items() if key in there}}
        case.call_and_validate(headers=token, checks=_CHECKS)

    asked()
