"""PostgreSQL is started anew under a service that is at work: nothing is lost, and the processes go on."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from tests.support import postgres
from tests.support.crash import Told, free_port, senders
from tests.support.nursery import Born, Clock, Nursery
from tests.support.program import get, handfast, until

from handfast.instant import parse_instant

pytestmark = pytest.mark.django_db  # the template of ``home`` is made for tests that say so

MONDAY = parse_instant("2026-11-23T10:00:00+01:00")

TIMES, MOST = 3, 20
"""How often it is started anew: at least, and at most until somebody is refused meanwhile."""


@pytest.fixture
def cluster() -> Iterator[postgres.Cluster]:
    """A server of this test's own, on whichever the others run."""
    made = postgres.start()
    yield made
    made.stop()


def test_a_database_that_goes_and_comes_back_costs_nobody_a_lead(
    home: Mapping[str, str], cluster: postgres.Cluster, tmp_path: Path
) -> None:
    settings = {**home, "DATABASE_URL": cluster.url("postgres"), "HANDFAST_LOG_LEVEL": "warning"}
    assert handfast(settings, "migrate").returncode == 0
    clock, port = Clock(tmp_path / "clock", MONDAY - time.time_ns() // 1000), free_port()
    with Nursery(settings, tmp_path, tmp_path / "clock") as nursery:
        token = nursery.script("crash_seed")["token"]
        web, work = nursery.start("web", "web", "--port", str(port)), nursery.start("work", "work")
        until(lambda: get(f"http://127.0.0.1:{port}/readyz")[0] == 200, "ready")
        told = _while_it_comes_and_goes(cluster, port, token, (web, work))
        until(lambda: get(f"http://127.0.0.1:{port}/readyz")[0] == 200, "ready again")
        assert not web.gone.is_set(), web.logged[-3000:]
        assert not work.gone.is_set(), work.logged[-3000:]
        clock.on(3 * 3600 * 1_000_000)
        for each in (web, work):
            nursery.kill(each)
        found = nursery.script("crash_look")
    assert told.again, "somebody was refused while it was away"
    assert not told.strange
    stored, leads = Counter(found["facts"]), Counter(found["leads"])
    assert set(told.facts) <= set(stored)
    assert set(told.leads) <= set(leads)
    assert max([*stored.values(), *leads.values()]) == 1
    assert found["conservation"][1:] == [0, True]
    assert not found["broken"]
    assert not found["differences"]
    assert not found["problems"]


def _while_it_comes_and_goes(cluster: postgres.Cluster, port: int, token: str, programs: tuple[Born, ...]) -> Told:
    answered = Counter[str]()

    def more() -> None:
        enough = answered["answers"] + 20
        until(lambda: answered["answers"] >= enough, "twenty more answers")

    with senders(2, [port], token, rest=0.05, heard=lambda: answered.update(("answers",))) as clients:
        more()
        for times in range(MOST):
            if times >= TIMES and any(client.told.again for client in clients):
                break  # until then every request may have come while it was there
            cluster.again()
            more()
        assert not any(each.gone.is_set() for each in programs), [each.logged[-2000:] for each in programs]
    return Told.of(client.told for client in clients)
