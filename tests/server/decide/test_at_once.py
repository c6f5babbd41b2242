"""Many at once: threads and processes decide beside each other, and nothing is lost, doubled or shared unfairly."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from django.db import connection
from tests.support.service import Crew, came, named, new_lead, take_in

from handfast.facts import AttributesChanged, LeadsMerged, MemberSet, RepSet
from handfast_server import fault
from handfast_server.decide.replay import verify
from handfast_server.decide.session import Session, decide, tell
from handfast_server.facts.models import Fact
from handfast_server.handoffs.models import Assignment, Cycle, LedgerEntry
from handfast_server.intake import take
from handfast_server.intake.wire import item_of, read_any
from handfast_server.invariants.check import check, conservation
from handfast_server.leads.models import Lead
from handfast_server.worker.run import run

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(work: Iterable[Callable[[], object]], threads: int = 8) -> None:
    """Do all of it in so many threads, and say what raised."""

    def one(each: Callable[[], object]) -> None:
        try:
            each()
        finally:
            connection.close()

    with ThreadPoolExecutor(threads) as pool:
        for done in [pool.submit(one, each) for each in work]:
            done.result()


def sound() -> None:
    assert [each for each in check() if each.broken] == []
    assert conservation().holds
    assert verify().differences == ()


def weigh(team: Crew, **weights: int) -> None:
    for rep, weight in weights.items():
        tell(named(RepSet, rep=rep))
        tell(named(MemberSet, pool="home", rep=rep, weight=weight))


def test_three_hundred_leads_at_once_are_shared_exactly_and_no_cap_is_overrun(team: Crew) -> None:
    weigh(team, lena=3, sam=2, kim=1)
    tell(named(RepSet, rep="kim", open_cap=30))
    at_once(partial(take_in, came(f"l{number}")) for number in range(300))
    assert Counter(Cycle.objects.values_list("owner", flat=True)) == {"lena": 162, "sam": 108, "kim": 30}
    assert LedgerEntry.objects.filter(kind="assign").count() == Assignment.objects.count() == 300
    assert LedgerEntry.objects.filter(pool="home").count() == max(
        LedgerEntry.objects.filter(pool="home").values_list("sequence", flat=True)
    )
    sound()


def test_one_fact_told_by_many_at_once_is_one_fact(team: Crew) -> None:
    name = new_lead(asks=False)
    fact = named(AttributesChanged, "crm:1", lead=name, attributes={"employees": 300})
    at_once([lambda: tell(fact)] * 16)
    assert Fact.objects.filter(name="crm:1").count() == 1
    sound()


def test_a_lead_that_comes_many_times_at_once_is_one_lead(team: Crew) -> None:
    at_once([lambda: take_in(came("same"))] * 16)
    assert Cycle.objects.count() == 1
    assert Fact.objects.filter(lead="same").count() == 2
    sound()


def test_merges_that_cross_each_other_leave_one_lead(team: Crew) -> None:
    pairs = [(new_lead(), new_lead()) for _ in range(5)]
    crossing = [
        named(LeadsMerged, lead=one, absorbed=other) for pair in pairs for one, other in (pair, tuple(reversed(pair)))
    ]
    at_once(partial(tell, fact) for fact in crossing)
    for pair in pairs:
        assert min(Lead.objects.get(pk=name).merged_into for name in pair) == ""
        assert max(Lead.objects.get(pk=name).merged_into for name in pair) in pair
    sound()


def test_whoever_loses_a_deadlock_starts_over(team: Crew) -> None:
    one, other = new_lead(asks=False), new_lead(asks=False)
    met, attempts = threading.Barrier(2), Counter[str]()

    def crossing(first: str, second: str) -> None:
        def work(session: Session) -> None:
            attempts[first] += 1
            session.lock_named([first])
            if connection.vendor == "postgresql" and attempts[first] == 1:
                met.wait(20)
            session.lock_named([second])
            for name in (first, second):
                session.tell(named(AttributesChanged, lead=name, attributes={"employees": 300}))

        decide(work)

    at_once([lambda: crossing(one, other), lambda: crossing(other, one)], threads=2)
    # Who has waited is not always the next to get a row: on a slow machine the loser can lose again.
    if connection.vendor == "postgresql":
        assert sum(attempts.values()) >= 3
    else:
        assert sum(attempts.values()) == 2
    assert Fact.objects.filter(kind="AttributesChanged").count() == 4
    sound()


def test_one_key_with_two_addresses_at_once_is_told_once(team: Crew, monkeypatch: pytest.MonkeyPatch) -> None:
    met, passed = threading.Barrier(2), Counter[int]()

    def point(name: str) -> None:
        if name == "intake.before_write" and connection.vendor == "postgresql":
            passed[threading.get_ident()] += 1
            if passed[threading.get_ident()] == 1:  # each has found that nobody told it
                met.wait(20)

    def told(email: str) -> None:
        item = item_of(read_any({"type": "lead", "key": "k1", "email": email}), "crm")
        statuses.extend(outcome.status for outcome in take.take_in([item]))

    statuses: list[str] = []
    monkeypatch.setattr(fault, "point", point)
    at_once([partial(told, "ann@buyer.example"), partial(told, "bob@buyer.example")], threads=2)
    assert sorted(statuses) == ["accepted", "repeat"]
    assert Lead.objects.count() == Fact.objects.filter(kind="LeadCreated").count() == 1
    sound()


def test_a_rep_who_leaves_while_leads_come_keeps_none_that_waits(team: Crew) -> None:
    def leaves() -> None:
        tell(named(RepSet, rep="lena", active=False))

    work: list[Callable[[], object]] = [partial(take_in, came(f"l{number}")) for number in range(60)]
    work.insert(30, leaves)
    at_once(work)
    run(once=True)
    assert not Cycle.objects.filter(state="waiting", owner="lena").exists()
    assert Cycle.objects.filter(state="waiting", owner="sam").count() == 60
    sound()


def test_workers_that_sweep_at_once_let_everything_happen_once(team: Crew) -> None:
    take_in([fact for number in range(200) for fact in came(f"l{number}")])
    Lead.objects.update(due_at=0)  # a hint: everybody is looked at, and nothing is due
    at_once([lambda: run(once=True)] * 4, threads=4)
    assert Fact.objects.filter(kind="Tick").count() >= 200
    sound()


_PROGRAM = """
import django; django.setup()
from tests.support.service import came, take_in
import sys
for number in range(40):
    take_in(came(f"{sys.argv[1]}-{number}"))
"""

_SET_UP = """
import django; django.setup()
from tests.support import service
from handfast_server.decide import terms
service.sign()
service.Crew(terms.current().versions[0].contract).join()
"""


def test_processes_on_one_database_share_it_as_threads_do(home: dict[str, str], root: object) -> None:
    environment = {**home, "PYTHONPATH": str(root)}

    def python(*arguments: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, *arguments], env=environment)

    assert python("-c", _SET_UP).wait(120) == 0
    worker = python("-m", "handfast", "work")
    programs = [python("-c", _PROGRAM, name) for name in ("a", "b", "c")]
    assert [program.wait(240) for program in programs] == [0, 0, 0]
    worker.terminate()
    assert worker.wait(60) == 0
    verifying = [sys.executable, "-m", "handfast", "verify", "--json"]
    told = subprocess.run(verifying, env=environment, capture_output=True, text=True, timeout=120, check=True)
    found = json.loads(told.stdout)
    assert found["differences"] == []
    assert found["leads"] == 120
