"""Every rule finds what breaks it, and nothing where nothing is broken."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import partial
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.support.service import Crew, Hands, named

from handfast.facts import Accepted, Rejected
from handfast.instant import DAY, HOUR, MINUTE
from handfast_server.audit.models import Entry
from handfast_server.audit.record import record
from handfast_server.audit.seals import stretch, try_seal
from handfast_server.contracts.models import Version
from handfast_server.decide.session import tell
from handfast_server.delivery.models import Message
from handfast_server.handoffs.models import Assignment, Breach, Clock, ClockTransition, Cycle, LedgerEntry, Transition
from handfast_server.invariants import check as check_module
from handfast_server.invariants.check import booked, check, conservation, look
from handfast_server.invariants.models import Checked
from handfast_server.leads.models import Lead
from handfast_server.observe.status import status
from handfast_server.rosters.models import Freed, Leaving, Member
from handfast_server.worker.models import Progress
from handfast_server.worker.run import run

pytestmark = pytest.mark.django_db


def broken() -> set[str]:
    return {each.rule for each in check() if each.broken}


@pytest.fixture
def lived(clock: Hands, lead: Callable[..., str], team: Crew) -> list[str]:
    """Three leads: one waits, one is accepted, one was rejected; a decision was late."""
    names = [lead() for _ in range(3)]
    owners = {row.lead_id: row.owner for row in Cycle.objects.all()}
    tell(named(Accepted, lead=names[1], by=owners[names[1]]))
    tell(named(Rejected, lead=names[2], by=owners[names[2]], reason="junk_contact"))
    clock.move(5 * DAY)
    run(once=True)
    return names


def test_nothing_is_broken_where_the_service_did_it(lived: list[str]) -> None:
    assert broken() == set()
    assert Breach.objects.exists()
    counted = conservation()
    assert (counted.delivered, counted.waiting, counted.accepted, counted.rejected) == (3, 1, 1, 1)
    assert counted.holds


Break = Callable[[list[str]], object]

BREAKS: list[tuple[str, Break]] = [
    ("waiting_with_somebody", lambda leads: Assignment.objects.filter(cycle__lead=leads[0]).delete()),
    (
        "waiting_with_a_decision_clock",
        lambda leads: Clock.objects.filter(cycle__lead=leads[0], name="decision").delete(),
    ),
    ("owner_is_the_assigned", lambda leads: Cycle.objects.filter(lead=leads[0]).update(owner="somebody")),
    ("clocks_are_swept", lambda leads: Clock.objects.filter(cycle__lead=leads[0]).update(state="running", due_at=1)),
    ("ended_with_no_clock", lambda leads: Clock.objects.filter(cycle__lead=leads[2]).update(state="paused")),
    ("breaches_have_transitions", lambda _: ClockTransition.objects.filter(change="breached").delete()),
    ("breached_clocks_have_breaches", lambda _: Breach.objects.all().delete()),
    ("states_are_reached", lambda leads: Transition.objects.filter(cycle__lead=leads[1], after="accepted").delete()),
    ("assigned_is_booked", lambda _: LedgerEntry.objects.filter(kind="assign", sequence=1).delete()),
    ("ledgers_have_no_gap", lambda _: LedgerEntry.objects.filter(sequence=1).delete()),
    ("versions_are_there", lambda leads: Cycle.objects.filter(lead=leads[0]).update(version=9)),
    ("conservation", lambda leads: Cycle.objects.filter(lead=leads[0]).update(state="open")),
    ("balances_add_up", lambda _: LedgerEntry.objects.filter(kind="assign").update(numerator=7)),
    ("digests_verify", lambda _: Version.objects.update(content=b"another text")),
    ("leaving_is_done", lambda _: Leaving.objects.create(id="x", rep="lena", absent=True, at=0)),
    ("freed_is_offered", lambda _: Freed.objects.create(pool="home", at=0)),
]


@pytest.mark.parametrize(("rule", "how"), BREAKS, ids=[rule for rule, _ in BREAKS])
def test_each_rule_finds_what_breaks_it(rule: str, how: Break, lived: list[str]) -> None:
    how(lived)
    assert rule in broken()


def test_an_entry_of_the_audit_log_that_was_changed_is_found_sealed_or_not(lived: list[str]) -> None:
    record("tests.done", "thing:1")
    assert "audit_log_is_whole" not in broken()
    Entry.objects.filter(what="tests.done").update(who="somebody")
    assert [each.examples for each in check() if each.rule == "audit_log_is_whole"] == [("unsealed",)]
    try_seal()
    assert [each.examples for each in check() if each.rule == "audit_log_is_whole"] == [("seal:2",)]


def test_the_log_is_gone_through_in_parts_and_what_one_part_hid_stands_until_it_is_looked_at_again(
    lived: list[str], clock: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(12):
        record("tests.done", "thing:1")
    while try_seal(2):
        pass
    monkeypatch.setattr(check_module, "stretch", partial(stretch, limit=4))
    first = Entry.objects.filter(seal=2).first()
    assert first is not None
    Entry.objects.filter(pk=first.pk).update(who="somebody")
    places, kept = [], []
    for _ in range(6):
        clock.move(MINUTE)
        look()
        places.append(Progress.objects.get(loop="audit_log_is_whole").place)
        kept.append(Checked.objects.get(rule="audit_log_is_whole").examples)
    assert places == ["1", "3", "5", "", "1", "3"]
    assert kept == ["", "seal:2", "seal:2", "seal:2", "seal:2", "seal:2"]
    Entry.objects.filter(pk=first.pk).update(who=first.who)
    for _ in places:
        clock.move(MINUTE)
        look()
    assert Checked.objects.get(rule="audit_log_is_whole").broken == 0


def test_a_message_that_stays_leased_is_found(lived: list[str]) -> None:
    values = {"event": "x", "to": "x", "channel": "mail", "payload": "{}", "created_at": 0, "due_at": 0}
    Message.objects.create(id="m", leased_until=1, **values)
    assert "messages_move_on" in broken()


def test_an_explanation_that_adds_up_to_something_else_is_found(lived: list[str], clock: Hands) -> None:
    row = Lead.objects.get(pk=lived[0])
    assert '"fit":6000' in row.state
    Lead.objects.filter(pk=lived[0]).update(state=row.state.replace('"fit":6000', '"fit":5900'))
    assert "explanations_add_up" in broken()


def test_a_row_that_cannot_be_read_is_found_and_hides_no_other_rule(lived: list[str]) -> None:
    assert broken() == set()
    Lead.objects.filter(pk=lived[0]).update(state='{"id": 1, "no such field": 2}')
    member = Member.objects.get(pool="home", rep="lena")
    Member.objects.filter(pk=member.pk).update(value=member.value.replace('"balance":"', '"balance":"1'))
    assert broken() >= {"leads_can_be_read", "balances_add_up"}


def test_what_was_found_in_another_part_of_the_leads_stands_until_its_turn_comes(
    lived: list[str], clock: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(check_module, "SAMPLE", 1)
    first = min(lived)
    state = Lead.objects.get(pk=first).state
    Lead.objects.filter(pk=first).update(state="no text of ours")
    for _ in range(5):
        clock.move(MINUTE)
        look()
        assert Checked.objects.get(rule="leads_can_be_read").examples == first
    Lead.objects.filter(pk=first).update(state=state)
    for _ in range(5):
        clock.move(MINUTE)
        look()
    assert Checked.objects.get(rule="leads_can_be_read").broken == 0


def test_a_balance_that_was_changed_is_found(lived: list[str]) -> None:
    member = Member.objects.get(pool="home", rep="lena")
    Member.objects.filter(pk=member.pk).update(value=member.value.replace('"balance":"', '"balance":"1'))
    assert "balances_add_up" in broken()


def test_the_database_adds_up_the_ledger_and_exactly(db: None) -> None:
    """Numerators whose sum no column holds, and denominators that no float adds up."""
    numerators = (2**63 - 1, 2**63 - 2, 1 - 2**63, 7, -(2**33) - 1, 2**62, 2**62 + 1)
    parts = [(numerator, denominator) for numerator in numerators for denominator in (1, 3, 700)]
    values = {"pool": "home", "rep": "lena", "kind": "assign", "at": 0}
    LedgerEntry.objects.bulk_create(
        LedgerEntry(id=str(place), sequence=place, numerator=part[0], denominator=part[1], **values)
        for place, part in enumerate(parts)
    )
    with CaptureQueriesContext(connection) as told:
        assert booked() == {("home", "lena"): sum(Fraction(*part) for part in parts)}
    added, in_words = (query["sql"] for query in told.captured_queries)
    assert "GROUP BY" in added
    assert "NOT (exact = '')" in in_words


def test_the_worker_keeps_what_it_found_and_since_when(lived: list[str], clock: Hands) -> None:
    first = clock.move(HOUR)
    Freed.objects.create(pool="home", at=0)
    look()
    assert Checked.objects.get(rule="freed_is_offered").since == first
    clock.move(MINUTE)
    look()
    assert Checked.objects.get(rule="freed_is_offered").since == first
    Freed.objects.all().delete()
    clock.move(MINUTE)
    look()
    assert Checked.objects.get(rule="freed_is_offered").since is None
    assert not Checked.objects.filter(broken__gt=0).exists()


def test_the_status_says_what_is_broken(lived: list[str], clock: Hands) -> None:
    Cycle.objects.filter(lead=lived[0]).update(owner="somebody")
    clock.move(MINUTE)
    look()
    assert [each for each in status().broken if "The owner that lists show" in each and "1 rows" in each]


def test_the_page_of_promises_names_every_promise(lived: list[str], root: Path) -> None:
    page = (root / "docs/operations/promises.md").read_text(encoding="utf-8")
    table = page.partition("<!-- promises -->")[2].partition("\n## ")[0]
    rows = [f"| {each.says} | `{each.rule}` |" for each in check()]
    assert [line for line in table.splitlines() if line.endswith("` |")] == rows
