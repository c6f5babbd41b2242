"""What one lead costs the database: what is asked is asked once, and all that is written goes in one journey."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import connection
from psycopg.pq import PipelineStatus
from tests.support.service import GOOD, Crew, Hands

from handfast_server.decide.locked import recorded
from handfast_server.decide.sql import IN_DOCUMENT, fetch
from handfast_server.handoffs.models import Cycle
from handfast_server.intake.take import take_in
from handfast_server.intake.wire import item_of, read_any
from handfast_server.leads.models import Lead

pytestmark = pytest.mark.django_db(transaction=True)  # the team is remembered after a commit

Told = list[tuple[str, bool]]
"""Each statement, and whether its answer was awaited before the next."""


@pytest.fixture
def told(clock: Hands, team: Crew, monkeypatch: pytest.MonkeyPatch) -> Iterator[Told]:
    found: Told = []
    connection.ensure_connection()
    if connection.vendor == "sqlite":
        connection.connection.set_trace_callback(lambda statement: found.append((statement, True)))
        yield found
        connection.connection.set_trace_callback(None)
        return
    for name in ("execute", "executemany"):
        _watch(name, found, monkeypatch)
    yield found


def _watch(name: str, found: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    real = getattr(psycopg.Cursor, name)

    def watched(self: Any, statement: Any, *args: Any, **values: Any) -> Any:
        found.append((str(statement), self.connection.pgconn.pipeline_status == PipelineStatus.OFF))
        return real(self, statement, *args, **values)

    monkeypatch.setattr(psycopg.Cursor, name, watched)


def arrives(key: str) -> None:
    raw = {"type": "activity", "key": key, "email": f"{key}@buyer.example", "attributes": {**GOOD}}
    asks = {"kind": "form_submitted", "properties": {"form": "demo"}}
    (outcome,) = take_in([item_of(read_any({**raw, **asks}), "crm")])
    assert outcome.status == "accepted"


def test_a_new_lead_is_five_questions_and_one_journey(told: Told) -> None:
    arrives("ann")
    statements = [each for each, _ in told]
    written = next(place for place, each in enumerate(statements) if " INTO leads_lead " in each)
    tables = [found[0] for each in statements[:written] if (found := re.findall("(?:FROM|INTO) ([a-z_]+)", each))]
    assert tables == ["facts_fact", "leads_key", "leads_key", "contracts_version", "rosters_turn"]
    assert Cycle.objects.get().owner
    assert Lead.objects.get().email == "ann@buyer.example"  # it was written after the lead's row


def test_on_postgresql_nothing_that_is_written_is_awaited_by_itself(told: Told) -> None:
    arrives("ann")
    written = [each for each, awaited in told if awaited and re.match("INSERT|UPDATE|DELETE", each)]
    alone = [each for each in written if "leads_key" not in each]
    assert (alone == []) == (connection.vendor == "postgresql")


def test_texts_have_one_index_and_names_of_facts_the_one_by_which_they_begin_too() -> None:
    if connection.vendor == "postgresql":
        twins = fetch("SELECT tablename FROM pg_indexes WHERE indexdef ~ 'pattern_ops'")
        assert twins == [("facts_fact",)]
    else:
        assert connection.vendor == "sqlite"


def test_any_number_of_names_is_asked_about_in_one_statement_and_by_an_index(told: Told) -> None:
    assert recorded(f"name{number}" for number in range(40_000)) == set()
    assert len(told) == 1
    if connection.vendor == "sqlite":  # which has no arrays; PostgreSQL asks an index for an array of any length
        asked = f"EXPLAIN QUERY PLAN SELECT name FROM facts_fact WHERE name {IN_DOCUMENT}"
        plan = [row[3] for row in fetch(asked, ['["name1"]'])]
        assert plan[0].startswith("SEARCH facts_fact USING COVERING INDEX")
