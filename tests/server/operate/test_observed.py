"""What can be seen of the service: ids on every request, logs without personal data, health, status, metrics."""

from __future__ import annotations

import io
import json
import logging
import os
import re
import shutil
import socket
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import resolve
from django.utils.log import log_response
from tests.support.service import Crew

from handfast.instant import format_instant
from handfast_server.accounts.models import Role, User
from handfast_server.accounts.tokens import make_token
from handfast_server.contracts.models import Version
from handfast_server.delivery.models import Message
from handfast_server.leads.models import Lead
from handfast_server.now import now
from handfast_server.observe import metrics
from handfast_server.observe.decided import decision_id
from handfast_server.observe.log import get_logger
from handfast_server.worker.models import Problem

pytestmark = pytest.mark.django_db

Logged = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def logged() -> Iterator[Logged]:
    """What is logged from here on, as documents."""
    handler = next(each for each in logging.getLogger("handfast").handlers)
    assert isinstance(handler, logging.StreamHandler)
    told = io.StringIO()
    before = handler.setStream(told)
    yield lambda: [json.loads(line) for line in told.getvalue().splitlines()]
    if before is not None:
        handler.setStream(before)


def test_a_request_has_an_id_that_is_answered_and_logged(client: Client, logged: Logged) -> None:
    answer = client.get("/healthz", headers={"X-Request-ID": "given-by-the-proxy"})
    assert answer["X-Request-ID"] == "given-by-the-proxy"
    shown = client.get("/status", headers={"X-Request-ID": "not a word\nat all"})
    assert re.fullmatch(r"[0-9a-f]{24}", shown["X-Request-ID"])
    [line] = logged()
    assert line["request_id"] == shown["X-Request-ID"]
    assert (line["method"], line["route"], line["status"]) == ("GET", "status", 200)


def test_an_address_that_names_somebody_is_not_logged(client: Client, logged: Logged) -> None:
    client.get("/leads/anna.schmidt@buyer.example?email=anna.schmidt@buyer.example")
    client.get("/nobody/anna.schmidt@buyer.example")
    assert [line["route"] for line in logged()] == ["leads/<str:lead>", "unknown"]
    assert "anna" not in json.dumps(logged())


def test_a_request_that_failed_is_named_by_its_pattern(logged: Logged) -> None:
    asked = RequestFactory().get("/leads/anna.schmidt@buyer.example")
    asked.resolver_match = resolve("/leads/anna.schmidt@buyer.example")
    log_response("%s: %s", "Service Unavailable", asked.path, request=asked, response=HttpResponse(status=503))
    [line] = logged()
    assert (line["event"], line["status"], line["route"]) == ("request_failed", 503, "leads/<str:lead>")
    assert "anna" not in json.dumps(line)


def _fail() -> None:
    raise IntegrityError("DETAIL: Key (email)=(anna.schmidt@buyer.example) already exists.")


def test_what_fails_is_logged_by_kind_and_place_without_what_it_says(logged: Logged) -> None:
    try:
        _fail()
    except IntegrityError:
        get_logger("web").exception("not_kept", lead="L1")
        logging.getLogger("django.request").exception("Internal Server Error: %s", "/leads/anna")
    ours, theirs = logged()
    assert ours["exception"] == theirs["exception"] == "IntegrityError"
    assert "test_observed.py" in str(ours["at"])
    assert theirs["event"] == "Internal Server Error: %s"
    assert "anna" not in json.dumps([ours, theirs])


def test_an_address_that_slips_into_a_line_is_cut(logged: Logged) -> None:
    get_logger("web").info("sent", to="anna@buyer.example, or <omar@acme.example>")
    assert logged()[0]["to"] == "[address] or <[address]>"


def test_a_decision_is_logged_once_it_is_committed_by_ids_alone(
    lead: Callable[..., str], logged: Logged, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        name = lead()
    told = [line for line in logged() if line["event"] == "decided"]
    [qualified] = [line for line in told if "qualified" in str(line["what"])]
    assert qualified["lead"] == name
    assert qualified["cycle"] == f"{name}/1"
    assert qualified["decision"] == decision_id(f"{name}:asked")
    assert {"assigned", "clock_started"} <= set(qualified["what"])
    assert "buyer.example" not in json.dumps(told)


def test_whoever_asks_is_told_whether_all_is_well_and_administrators_what_waits(
    clients: dict[str, Client], client: Client, team: Crew, lead: Callable[..., str]
) -> None:
    lead()
    assert client.get("/status").json() == {"ok": True}
    for part in ("rep", "viewer", "charlie", "marketing"):
        assert clients[part].get("/status").json() == {"ok": True}
    shown = clients["admin"].get("/status").json()
    assert shown["contract"] == 1
    assert shown["handoffs_waiting"] == 1
    assert shown["trouble"] == []
    page = clients["admin"].get("/status", headers={"Accept": "text/html"}).content.decode()
    assert "All is well" in page
    assert "Waiting for sales" in page


def test_a_token_with_the_right_scope_sees_the_status(client: Client, people: dict[str, User]) -> None:
    for scope, sees in (("read", True), ("intake", False)):
        _, text = make_token("watcher", [Role.ADMIN], [scope], people["admin"])
        shown = client.get("/status", headers={"Authorization": f"Bearer {text}"}).json()
        assert ("handfast" in shown) is sees
    assert client.get("/status", headers={"Authorization": "Bearer hf_made-up"}).json().keys() == {"ok"}


def test_what_somebody_should_look_at_is_said_in_sentences(clients: dict[str, Client], signed: object) -> None:
    at = now()
    Lead.objects.create(id="late", created_at=at, due_at=at - 120_000_000)
    values = {"event": "alert", "to": "lena", "channel": "person", "payload": "{}", "created_at": at}
    Message.objects.create(id="m1", due_at=at - 300_000_000, **values)
    Message.objects.create(id="m2", due_at=at, state=Message.State.DEAD, **values)
    Problem.objects.create(
        name="lead:late", loop="sweep", error="KeyError", place="sweep.py:1 swept", first_at=at, last_at=at, retry_at=at
    )
    shown = clients["admin"].get("/status").json()
    assert shown["ok"] is False
    assert [sentence.split(" late")[0] for sentence in shown["trouble"][:2]] == [
        "What is due is 120 s",
        "Messages are 300 s",
    ]
    assert shown["trouble"][2:] == [
        "1 message could not be sent; look at it and send it again.",
        "1 pieces of work failed and will be tried again.",
    ]
    assert shown["problems"] == ["lead:late: KeyError at sweep.py:1 swept, 1 times"]
    Version.objects.all().delete()
    assert clients["admin"].get("/status").json()["trouble"][0].startswith("No contract is in force")


def test_a_version_that_is_signed_and_settles_is_not_said_to_be_missing(
    clients: dict[str, Client], signed: object
) -> None:
    coming = now() + 10_000_000
    Version.objects.update(in_force_from=coming)
    shown = clients["admin"].get("/status").json()
    assert (shown["ok"], shown["contract"], shown["coming"], shown["trouble"]) == (True, None, 1, [])
    says = f"Version 1 is signed and takes force at {format_instant(coming)}: leads are kept until then, and nothing"
    assert shown["notes"] == [f"{says} is judged."]
    assert "takes force at" in clients["admin"].get("/status", headers={"Accept": "text/html"}).content.decode()
    Version.objects.update(in_force_from=now())
    assert clients["admin"].get("/status").json()["notes"] == []


def test_it_is_not_ready_while_migrations_are_missing(client: Client) -> None:
    assert client.get("/readyz").status_code == 200
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'worker'")
    refused = client.get("/readyz")
    assert refused.status_code == 503
    assert "handfast migrate" in refused.content.decode()


def test_metrics_are_for_this_machine_or_for_who_has_the_token(
    client: Client, clients: dict[str, Client], settings: Any
) -> None:
    client.get("/healthz")
    told = client.get("/metrics").content.decode()
    assert 'handfast_requests_total{method="GET",route="healthz",status="200"}' in told
    assert "handfast_lag_seconds 0.0" in told
    assert client.get("/metrics", REMOTE_ADDR="192.0.2.7").status_code == 403
    assert client.get("/metrics", headers={"X-Forwarded-For": "192.0.2.7"}).status_code == 403
    assert clients["admin"].get("/metrics", REMOTE_ADDR="192.0.2.7").status_code == 200
    settings.METRICS_TOKEN = "only-the-scraper"  # noqa: S105 # a test's own
    assert client.get("/metrics").status_code == 403
    assert client.get("/metrics", headers={"Authorization": "Bearer only-the-scraper"}).status_code == 200
    assert client.get("/metrics", headers={"Authorization": "Bearer only-the-scrapeR"}).status_code == 403


def counted_elsewhere(folder: Path, route: str) -> None:
    """What a container counts whose process has the same number as this one."""
    folder.mkdir()
    # Imported before ``metrics`` names the folder, the library would count in memory.
    made: Any = import_module("prometheus_client.mmap_dict").MmapedDict
    file = made(str(folder / f"counter_{os.getpid()}.db"))
    names = json.dumps(["handfast_requests", "handfast_requests_total", {"route": route}, "Requests answered"])
    file.write_value(names, 3.0, 0.0)
    file.close()


def test_containers_that_share_a_home_count_beside_each_other(client: Client) -> None:
    """Each of their processes is the first of its container: a file is told apart by its folder."""
    client.get("/healthz")
    other, gone = metrics.ALL / "another", metrics.ALL / "long-gone"
    try:
        counted_elsewhere(other, "elsewhere")
        counted_elsewhere(gone, "long-gone")
        for file in (*gone.iterdir(), gone):
            os.utime(file, (0, 0))
        metrics.tidy()
        told = client.get("/metrics").content.decode()
        assert 'handfast_requests_total{route="elsewhere"} 3.0' in told
        assert 'route="healthz"' in told
        assert metrics.FOLDER.name == socket.gethostname()
        assert not gone.exists()
    finally:
        shutil.rmtree(other)


def test_only_reading_is_answered(client: Client) -> None:
    for address in ("/healthz", "/readyz", "/status", "/metrics"):
        assert client.post(address).status_code == 405


def test_what_a_process_counts_in_has_its_place_on_the_disk() -> None:
    for kind in ("counter", "histogram"):
        stat = (metrics.FOLDER / f"{kind}_{os.getpid()}.db").stat()
        assert stat.st_blocks * 512 >= stat.st_size > 0, "a hole in it would be death on a full disk"
