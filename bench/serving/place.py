"""The service in a process of its own, once on SQLite and once on PostgreSQL: what the scripts about it share.

A script names its work: ``on_both("Sweep", figures)``. That starts the script again with a database of its own for each
of the two; there it stands up the service, does the work and hands its figures over.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from timing import Figure, report

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))  # the launcher of PostgreSQL is the tests'

REPS = 20


OUTSIDE = "PostgreSQL's own processes are not in the CPU time; its wall time has them."


def on_both(title: str, work: Callable[[], Sequence[Figure]], *, notes: Sequence[str] = ()) -> None:
    """Report what ``work`` measures of the service on SQLite and on PostgreSQL."""
    if within():
        stand_up()
        hand_over(work())
        return
    report(title, both(sys.argv[0]), notes=[OUTSIDE, *notes])


def both(script: str) -> list[Figure]:
    """The figures of a script on SQLite and on PostgreSQL."""
    from tests.support import postgres

    with tempfile.TemporaryDirectory(prefix="handfast-bench-") as home:
        found = _figures(script, home, {})
    cluster = postgres.start()
    try:
        with tempfile.TemporaryDirectory(prefix="handfast-bench-") as home:
            found += _figures(script, home, {"DATABASE_URL": cluster.url("postgres")})
    finally:
        cluster.stop()
    return found


def within() -> bool:
    """Whether this is the process with a database of its own."""
    return "HANDFAST_BENCH" in os.environ


def timed(
    label: str,
    work: Callable[[], Any],
    *,
    units: int = 1,
    reach: str = "",
    before: Callable[[], Any] = lambda: None,
    waits: bool = False,
) -> Figure:
    """Medians of five runs after one that is not counted; ``before`` prepares each, and is not timed."""
    runs = []
    for _ in range(6):
        before()
        cpu, wall = time.process_time(), time.perf_counter()
        work()
        runs.append(((time.process_time() - cpu) * 1e3 / units, (time.perf_counter() - wall) * 1e3 / units))
    cpus, walls = zip(*runs[1:], strict=True)
    return Figure(label, units, cpus, walls, reach, waits=waits)


def ninety_fifth(label: str, work: Callable[[], Any], *, times: int = 30, reach: str = "") -> Figure:
    """Of five rounds the time within which nineteen in twenty of their questions were answered, and their mean CPU."""
    work()
    cpus, walls = [], []
    for _ in range(5):
        cpu, waits = time.process_time(), []
        for _ in range(times):
            at = time.perf_counter()
            work()
            waits.append((time.perf_counter() - at) * 1e3)
        cpus.append((time.process_time() - cpu) * 1e3 / times)
        walls.append(statistics.quantiles(waits, n=20)[18])
    return Figure(f"{label}, 95 %", times, tuple(cpus), tuple(walls), reach, waits=True)


def _figures(script: str, home: str, more: dict[str, str]) -> list[Figure]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("HANDFAST_", "DATABASE_URL"))}
    own = {"HANDFAST_HOME": home, "HANDFAST_BENCH": "1", "HANDFAST_LOG_LEVEL": "error", "HANDFAST_SECRET_KEY": "bench"}
    environment = {**kept, **own, "DJANGO_SETTINGS_MODULE": "handfast_server.settings", **more}
    done = subprocess.run([sys.executable, script], env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return [_figure(each) for each in json.loads(done.stdout.splitlines()[-1])]


def _figure(told: dict[str, Any]) -> Figure:
    return Figure(**{**told, "cpu_ms": tuple(told["cpu_ms"]), "wall_ms": tuple(told["wall_ms"])})


def hand_over(figures: Sequence[Figure]) -> None:
    """Give the figures to whoever started this process, named by its database."""
    from django.db import connection

    name = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[connection.vendor]
    print(json.dumps([asdict(each) | {"label": f"{name}: {each.label}"} for each in figures]))


def stand_up() -> None:
    """A migrated database with the demonstration's contract in force and a team of twenty."""
    import django

    django.setup()
    from django.core.management import call_command

    from handfast.facts import MemberSet, PoolManagerSet, RepSet
    from handfast_server.decide.session import tell_all
    from handfast_server.decide.terms import current
    from handfast_server.demo.texts import moved_texts, sign_all, write_versions
    from handfast_server.now import now
    from handfast_server.operate.memory import settle
    from handfast_server.worker.run import run

    call_command("migrate", verbosity=0)
    at = now()
    texts = moved_texts(at, 3000)
    write_versions(sign_all(texts), texts)
    run(once=True)
    stamp: Any = {"happened_at": at, "recorded_at": at}
    reps = [f"rep{number}" for number in range(REPS)]
    facts = [RepSet(id=f"{rep} joins", rep=rep, **stamp) for rep in (*reps, "boss")]
    pools = [
        MemberSet(id=f"{rep} in {pool}", rep=rep, pool=pool, **stamp)
        for pool in current().versions[-1].contract.pools
        for rep in reps
    ]
    managers = [
        PoolManagerSet(id=f"boss of {pool}", rep="boss", pool=pool, **stamp)
        for pool in current().versions[-1].contract.pools
    ]
    tell_all([*facts, *pools, *managers])
    settle()  # as the programs of the service do


def arrive(count: int) -> None:
    """So many leads ask for a demo, and are handed over with their clocks running."""
    from handfast.facts import ActivityHappened, Fact, LeadCreated
    from handfast_server.decide.session import Session, decide
    from handfast_server.leads.models import Lead
    from handfast_server.now import now

    known: Any = {"industry": "software", "employees": 200, "country": "DE", "title": "Head of Sales"}
    names = [uuid.uuid4().hex for _ in range(count)]
    stamp: Any = {"happened_at": now(), "recorded_at": now()}
    facts: list[Fact] = []
    for name in names:
        facts.append(LeadCreated(id=f"{name} came", lead=name, attributes=known, **stamp))
        form = {"form": "demo"}
        facts.append(ActivityHappened(id=f"{name} asked", lead=name, kind="form_submitted", properties=form, **stamp))

    def work(session: Session) -> None:
        Lead.objects.bulk_create([Lead(id=name, created_at=now()) for name in names])
        session.lock(facts)
        for fact in facts:
            session.tell(fact)

    decide(work)
