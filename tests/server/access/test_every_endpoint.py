"""Every endpoint, asked by every role and by tokens of every scope: the table alone decides."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from handfast_server.access import ACTIONS, Principal, Scope, allowed
from handfast_server.accounts.models import Role, User
from handfast_server.accounts.tokens import make_token
from handfast_server.api.app import api
from handfast_server.api.guard import action_of, operations

OPEN: frozenset[str] = frozenset()
"""Endpoints that ask nobody who they are, by the name of their function."""


def _endpoints() -> Iterator[tuple[str, str, str]]:
    """Method, address with something in every place, action: as the published OpenAPI has them."""
    actions = {id_of(each): action_of(each) for each in operations(api)}
    for path, methods in api.get_openapi_schema()["paths"].items():
        for method, said in methods.items():
            address = re.sub(r"\{[^}]*\}", "1", path)
            yield method.upper(), address, actions[said["operationId"]]


def id_of(operation: Any) -> str:
    return str(operation.operation_id or api.get_openapi_operation_id(operation))


def _answer(client: Client, method: str, address: str, **headers: str) -> tuple[int, str]:
    response = client.generic(method, address, b"{}", content_type="application/json", headers=headers)
    if not response.content or not response.headers.get("Content-Type", "").startswith("application/json"):
        return response.status_code, ""
    said = response.json()
    return response.status_code, str(said.get("code", "")) if isinstance(said, dict) else ""


def test_every_endpoint_names_an_action_of_the_table() -> None:
    named = {each.view_func.__name__: action_of(each) for each in operations(api)}
    assert {name for name, action in named.items() if not action} == OPEN
    assert set(named.values()) - {""} <= ACTIONS.keys()


OF_PAGES = frozenset(("gallery.read", "history.import", "quality.read", "statements.read", "status.read"))
"""Actions that no endpoint asks for, and a page of the service does."""


def test_every_action_of_the_table_can_be_done() -> None:
    assert ACTIONS.keys() - {action_of(each) for each in operations(api)} <= OF_PAGES


@pytest.mark.parametrize("part", [*Role.values, "charlie"])
def test_a_role_may_what_the_table_says_and_nothing_else(part: str, clients: dict[str, Client]) -> None:
    roles = frozenset() if part == "charlie" else frozenset((part,))
    who = Principal(id="", name="", roles=roles)
    client = clients[part]
    client.raise_request_exception = True
    for method, address, action in _endpoints():
        status, code = _answer(client, method, address)
        refused = status == 403 and code == "not_allowed"
        assert refused is not allowed(who, action), (part, method, address, action, status, code)
        assert status != 401, (method, address)


@pytest.mark.parametrize("scope", list(Scope))
def test_a_token_may_no_more_than_its_scopes(scope: Scope, db: None) -> None:
    _, text = make_token("everything", list(Role), [scope.value], None)
    for method, address, action in _endpoints():
        if ACTIONS[action].scope is scope:
            continue
        status, code = _answer(Client(), method, address, authorization=f"Bearer {text}")
        assert (status, code) == (403, "not_allowed"), (scope, method, address, action)


def test_nobody_at_all_gets_nothing(db: None) -> None:
    for method, address, _ in _endpoints():
        assert _answer(Client(), method, address) == (401, "not_signed_in"), (method, address)


def test_who_was_sent_away_gets_nothing_although_their_session_lives(
    clients: dict[str, Client], people: dict[str, User]
) -> None:
    User.objects.filter(pk=people["admin"].pk).update(is_active=False)
    assert _answer(clients["admin"], "GET", "/api/people") == (401, "not_signed_in")


def test_a_role_that_is_dropped_is_gone_in_the_middle_of_a_session(
    clients: dict[str, Client], people: dict[str, User]
) -> None:
    assert _answer(clients["admin"], "GET", "/api/people")[0] == 200
    User.objects.filter(pk=people["admin"].pk).update(roles=[Role.VIEWER.value])
    assert _answer(clients["admin"], "GET", "/api/people") == (403, "not_allowed")


def test_a_page_that_changes_something_needs_the_token_of_its_cookie(people: dict[str, User]) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(people["admin"])
    body = {"email": "new@acme.example", "roles": ["viewer"]}
    refused = client.post("/api/people/invitations", body, content_type="application/json")
    assert (refused.status_code, refused.json()["code"]) == (403, "csrf_failed")
    client.get("/account/password/change/")
    token = client.cookies["csrftoken"].value
    made = client.post("/api/people/invitations", body, content_type="application/json", headers={"X-CSRFToken": token})
    assert made.status_code == 201
