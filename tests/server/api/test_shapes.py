"""Whatever is asked in whatever way, the answer has one shape: what a schema cannot say is tried here by hand."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from tests.support.asking import get, post, program

from handfast_server.accounts.models import Invitation, Role
from handfast_server.chunked import whole
from handfast_server.leads.models import Lead
from handfast_server.protection import LARGEST_BODY

pytestmark = pytest.mark.django_db

LEADS = "/api/intake/leads"
JSON = "application/json"


@pytest.fixture
def crm() -> Client:
    return program(Role.ADMIN)


def _is_told(answer: Any, status: int, code: str) -> None:
    said = answer.json()
    assert (answer.status_code, said["code"]) == (status, code), said
    assert sorted(said) == ["code", "message", "path", "request_id"]
    assert said["message"] != ""
    assert said["request_id"] == answer["X-Request-Id"] != ""


def test_a_key_is_refused_where_none_is_kept(crm: Client) -> None:
    """Who sends one relies on it: of two invitations with one key there would be two."""
    body, key = {"email": "new@acme.example", "roles": ["viewer"]}, {"Idempotency-Key": "i1"}
    _is_told(crm.post("/api/people/invitations", body, content_type=JSON, headers=key), 422, "key_not_taken")
    assert not Invitation.objects.exists()
    assert crm.post("/api/people/invitations", body, content_type=JSON).status_code == 201
    assert crm.get("/api/people/me", headers=key).status_code == 200


@pytest.mark.parametrize("path", ["/api/people/1", "/api/delivery/endpoints/ep_1"])
def test_what_cannot_be_changed_is_not_passed_over(crm: Client, path: str) -> None:
    _is_told(crm.patch(path, {"email": "other@acme.example"}, content_type=JSON), 422, "malformed")


@pytest.mark.parametrize(
    ("path", "body", "place"),
    [
        ("/handoffs/{lead}/accept", {"happend_at": "2026-11-20T09:00:00Z"}, "happend_at"),
        ("/handoffs/{lead}/reject", {"reason": "bad_timing", "revisit": "2027-03-01"}, "revisit"),
        ("/handoffs/{lead}/deals", {"deal": "d1", "pipeline": "new"}, "pipeline"),
        ("/handoffs/reroute", {"rep": "lena", "to": "sam"}, "to"),
        ("/contract/check", {"text": "handfast: 1", "today": "2026-11-22"}, "today"),
        ("/people/invitations", {"email": "new@acme.example", "roles": ["viewer"], "role": "admin"}, "role"),
        ("/delivery/channels", {"name": "Sales", "address": "json://example.com", "lead": "x"}, "lead"),
        ("/leads/{lead}/merge", {"absorbed": "y", "into": "x"}, "into"),
        ("/intake/leads", {"email": "ann@buyer.example", "attributes": {}, "phone": "1"}, "phone"),
    ],
)
def test_a_name_that_nobody_knows_is_refused_with_its_place(
    crm: Client, lead: Callable[..., str], path: str, body: dict[str, Any], place: str
) -> None:
    path = path.format(lead=lead())
    answer = crm.post(f"/api{path}", body, content_type=JSON)
    _is_told(answer, 422, "malformed")
    assert answer.json()["path"] == place, answer.json()


@pytest.mark.parametrize("path", ["/api/", "/api/nothing", "/api/people/me/", "/api//people/me", "/api/docs/"])
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_an_address_that_is_none_is_not_found(crm: Client, path: str, method: str) -> None:
    _is_told(crm.generic(method, path), 404, "not_found")


@pytest.mark.parametrize("method", ["DELETE", "PATCH", "TRACE", "BREW"])
def test_another_method_is_told_which_there_are(crm: Client, method: str) -> None:
    answer = crm.generic(method, "/api/people/me")
    _is_told(answer, 405, "method_not_allowed")
    assert answer["Allow"] == "GET, HEAD, OPTIONS"


def test_every_address_says_what_can_be_done_there_and_answers_without_a_body(crm: Client) -> None:
    for path, methods in (("/api/people/me", "GET, HEAD, OPTIONS"), (LEADS, "OPTIONS, POST")):
        answer = Client().options(path)
        assert (answer.status_code, answer["Allow"], answer.content) == (204, methods, b"")
    head, read = crm.head("/api/people/me"), crm.get("/api/people/me")
    assert (head.status_code, head["Content-Length"], head.content) == (200, str(len(read.content)), b"")
    assert Client().head("/api/people/me").status_code == 401
    assert crm.head(LEADS).status_code == 405


@pytest.mark.parametrize(
    "body",
    [
        b'{"email":',
        b'{"email": "\xff@buyer.example"}',
        b'{"email": "a\x00@buyer.example"}',
        '{"email": "ann@buyer.example"}'.encode("utf-16"),
        b'{"email": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"email": "ann@buyer.example", "attributes": {"employees": ' + b"9" * 5_000 + b"}}",
    ],
    ids=["cut", "bytes", "zero", "utf-16", "deep", "long number"],
)
def test_what_is_no_json_in_utf_8_is_malformed(crm: Client, body: bytes) -> None:
    _is_told(crm.post(LEADS, body, content_type=JSON), 400, "malformed")
    assert not Lead.objects.exists()


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "application/xml", "nonsense"])
def test_another_type_than_json_is_told_so(crm: Client, kind: str) -> None:
    answer = crm.post(LEADS, b'{"email": "ann@buyer.example"}', content_type=kind)
    _is_told(answer, 415, "not_json")
    assert answer.json()["path"] == "Content-Type"


@pytest.mark.parametrize("kind", ["application/json", "application/json; charset=utf-8", "application/ld+json", ""])
def test_json_by_any_name_is_read_with_a_mark_before_it_or_without(signed: object, crm: Client, kind: str) -> None:
    for body in (b'{"email": "ann@buyer.example"}', b'\xef\xbb\xbf{"email": "ann@buyer.example"}'):
        assert crm.generic("POST", LEADS, body, content_type=kind).status_code == 200


def test_of_a_name_that_is_there_twice_the_last_counts(signed: object, crm: Client) -> None:
    crm.post(LEADS, b'{"email": "ann@buyer.example", "email": "bob@buyer.example"}', content_type=JSON)
    assert Lead.objects.get().email == "bob@buyer.example"


def test_a_body_that_is_too_long_is_refused_by_its_length_alone(crm: Client) -> None:
    _is_told(crm.post(LEADS, b"{}", content_type=JSON, CONTENT_LENGTH=str(LARGEST_BODY + 1)), 413, "too_large")


@pytest.mark.parametrize("longer", [0, 100])
def test_a_body_in_chunks_has_a_length_once_it_is_read(longer: int) -> None:
    body = b" " * longer * 2**20 or b"{}"
    given = _given({"HTTP_TRANSFER_ENCODING": "Chunked", "wsgi.input": io.BytesIO(body)})
    told = int(given["CONTENT_LENGTH"])
    assert told == min(len(body), LARGEST_BODY + 1)
    assert given["wsgi.input"].read() == body[:told]


def test_a_body_of_known_length_is_left_alone() -> None:
    for sent in ({"CONTENT_LENGTH": "2", "HTTP_TRANSFER_ENCODING": "chunked"}, {"CONTENT_LENGTH": ""}):
        assert _given({**sent, "wsgi.input": "untouched"}) == {**sent, "wsgi.input": "untouched"}


def _given(environ: dict[str, Any]) -> dict[str, Any]:
    """What the application gets."""
    seen: dict[str, Any] = {}

    def application(given: dict[str, Any], _start: object) -> list[bytes]:
        seen.update(given)
        return []

    whole(application)(environ, None)
    return seen


def test_a_token_that_is_worth_nothing_is_not_taken_for_a_page_without_its_token() -> None:
    strict = Client(enforce_csrf_checks=True)
    for headers in ({"Authorization": "Bearer hf_gone"}, {"Authorization": "Basic eDp5"}, {}):
        answer = post(strict, "/handoffs/nobody/accept", {}, **headers)
        assert (answer.status, answer.code) == (401, "not_signed_in")


def test_who_sends_a_token_is_that_token_alone(clients: dict[str, Client]) -> None:
    assert get(clients["admin"], "/people/me").status == 200
    assert get(clients["admin"], "/people/me", Authorization="Bearer hf_gone").status == 401
