"""What is asked every few seconds is answered from an index, on twenty thousand leads, on both databases."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.support.asking import get
from tests.support.service import Crew, Hands

from handfast.instant import HOUR
from handfast_server.decide.locked import leads_due
from handfast_server.facts.models import Fact
from handfast_server.facts.queries import named_from
from handfast_server.handoffs.models import Clock, Cycle, LedgerEntry
from handfast_server.invariants.check import booked
from handfast_server.leads.models import Lead
from handfast_server.now import now

pytestmark = pytest.mark.django_db

LEADS, OWNERS, EACH = 20_000, 20, 50
"""One thousand open handoffs, fifty of them with each rep; all others are history."""

_GOES_THROUGH_ALL = re.compile(
    r"Seq Scan on (?:handoffs_cycle|handoffs_clock|leads_lead|facts_fact)\b"
    r"|SCAN (?:handoffs_cycle|handoffs_clock|leads_lead|facts_fact)(?! USING)"
)


@pytest.fixture
def full(clock: Hands, team: Crew) -> None:
    """Rows as the engine would have written them, as far as lists and sweeps read them."""
    at = now()
    names = [f"l{number:05}" for number in range(LEADS)]
    due = [at + (number % 900) * HOUR if number < OWNERS * EACH else None for number in range(LEADS)]
    Lead.objects.bulk_create(
        [Lead(id=name, created_at=at, told_at=at, due_at=when) for name, when in zip(names, due, strict=True)],
        batch_size=2_000,
    )
    Cycle.objects.bulk_create(
        [_cycle(number, name, at) for number, name in enumerate(names)],
        batch_size=1_000,
    )
    Clock.objects.bulk_create(
        [
            Clock(
                id=f"{name}/1/c1",
                cycle_id=f"{name}/1",
                name="first_touch",
                state="running" if number < OWNERS * EACH else "stopped",
                calendar="office",
                started_at=at,
                due_at=at + (number % 900) * HOUR,
            )
            for number, name in enumerate(names)
        ],
        batch_size=1_000,
    )
    Fact.objects.bulk_create(
        [
            Fact(name=f"site:{name}", kind="LeadCreated", lead=name, happened_at=at, recorded_at=at, line="{}")
            for name in names[: LEADS // 4]
        ],
        batch_size=1_000,
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _cycle(number: int, lead: str, at: int) -> Cycle:
    is_open = number < OWNERS * EACH
    owner = ("lena" if number < EACH else f"rep{number // EACH}") if is_open else ""
    return Cycle(
        id=f"{lead}/1",
        lead_id=lead,
        state="waiting" if is_open else "won",
        version=1,
        inquiry_at=at - number,
        qualified_at=at - number,
        pool="home",
        owner=owner,
        ended_at=None if is_open else at - number,
        changed_at=at - number,
    )


_EXPLAIN = {"sqlite": "EXPLAIN QUERY PLAN ", "postgresql": "EXPLAIN "}


def plans(work: Callable[[], object]) -> Iterator[tuple[str, str]]:
    """The plan of every statement that reads."""
    with CaptureQueriesContext(connection) as told:
        work()
    for query in told.captured_queries:
        if query["sql"].lstrip().upper().startswith("SELECT"):
            with connection.cursor() as cursor:
                cursor.execute(_EXPLAIN[connection.vendor] + query["sql"])
                yield query["sql"], "\n".join(" ".join(map(str, row)) for row in cursor.fetchall())


_LISTS = (
    ("rep", "/cycles?owner=me&open=true&sort=due"),
    ("rep", "/cycles?owner=me&open=true"),
    ("admin", "/cycles?open=true"),
    ("admin", "/cycles"),
    ("admin", "/cycles?state=waiting&sort=qualified"),
    ("admin", "/cycles/contests"),
    ("admin", "/cycles/held"),
    ("admin", "/leads"),
)


def test_what_is_asked_every_few_seconds_is_answered_from_an_index(
    full: None, clients: dict[str, Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One test: making the rows takes longer than everything that is asked of them."""
    for who, path in _LISTS:
        _check_list(clients[who], path)
    _check_pool(clients["manager"])
    _check_poll(clients["rep"])
    _check_sweep(monkeypatch)
    _check_link()
    _check_ledger()
    through_all = list(plans(lambda: list(Cycle.objects.filter(reason="nothing").values_list("pk"))))
    assert any(_GOES_THROUGH_ALL.search(plan) for _, plan in through_all), "the check notices what it is for"


_GOES_THROUGH_CYCLES = re.compile(r"Seq Scan on handoffs_cycle\b|SCAN handoffs_cycle(?! USING)")
"""Of a thousand rows among twenty thousand leads PostgreSQL rightly reads the leads as a whole."""


def _check_pool(client: Client) -> None:
    path = "/cycles?pool=home&open=true&sort=due"
    for sql, plan in plans(lambda: get(client, path)):
        assert not _GOES_THROUGH_CYCLES.search(plan), f"{sql}\n{plan}"


def _check_list(client: Client, path: str) -> None:
    found = list(plans(lambda: get(client, path)))
    assert any("handoffs_cycle" in sql or "leads_lead" in sql for sql, _ in found)
    for sql, plan in found:
        assert not _GOES_THROUGH_ALL.search(plan), f"{path}\n{sql}\n{plan}"


def _check_poll(client: Client) -> None:
    """A poll with nothing new reads no clock."""
    path = "/api/cycles?owner=me&open=true&sort=due"
    tag = client.get(path)["ETag"]
    with CaptureQueriesContext(connection) as told:
        assert client.get(path, headers={"If-None-Match": tag}).status_code == 304
    asked = [query["sql"] for query in told.captured_queries]
    assert len(asked) <= 4, asked  # session, user, what is managed, stand
    assert not any("handoffs_clock" in sql for sql in asked)


def _check_link() -> None:
    """Whether a link of a message was used is asked at every click, among all facts."""
    Fact.objects.create(name="link:00ff:0", kind="Accepted", happened_at=1, recorded_at=1, line="{}")
    found = list(plans(lambda: [named_from(f"link:{each}:").filter(refused="").exists() for each in ("00ff", "00")]))
    assert len(found) == 2
    for sql, plan in found:
        assert not _GOES_THROUGH_FACTS.search(plan), f"{sql}\n{plan}"
    assert [named_from(f"link:{each}:").count() for each in ("00ff", "00", "00fe", "00fg")] == [1, 0, 0, 0]


_GOES_THROUGH_FACTS = re.compile(r"Seq Scan on facts_fact\b|SCAN facts_fact\b")


def _check_ledger() -> None:
    """Every minute: what comes back is a row for each member, and the few entries that no column holds."""
    values = {"pool": "home", "rep": "lena", "kind": "assign", "numerator": 1, "denominator": 1, "at": 0}
    LedgerEntry.objects.bulk_create(LedgerEntry(id=f"e{place}", sequence=place, **values) for place in range(5_000))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    (sql, plan), (_, few) = plans(booked)
    assert "GROUP BY" in sql
    assert re.search(r"Aggregate|GROUP BY|USING (?:COVERING )?INDEX", plan), plan
    assert "ledger_in_words" in few


def _check_sweep(monkeypatch: pytest.MonkeyPatch) -> None:
    found: list[str] = []

    def explained(statement: str, values: list[int]) -> list[object]:
        with connection.cursor() as cursor:
            cursor.execute(_EXPLAIN[connection.vendor] + statement, values)
            found.append("\n".join(" ".join(map(str, row)) for row in cursor.fetchall()))
        return []

    monkeypatch.setattr("handfast_server.decide.locked.fetch", explained)
    assert leads_due(now() + HOUR, 100) == []
    assert "lead_due" in found[0]
