"""The audit log: written with what it tells of, sealed afterwards, and whole although somebody was forgotten."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connection, transaction
from django.test import Client
from tests.support.service import named

from handfast.facts import Accepted, Reassigned
from handfast_server.audit.acting import acting
from handfast_server.audit.forget import forget
from handfast_server.audit.loops import LOOPS
from handfast_server.audit.models import Entry, Seal
from handfast_server.audit.record import record
from handfast_server.audit.seals import faults, try_seal
from handfast_server.decide.session import tell
from handfast_server.intake.models import SetAside
from handfast_server.now import now


def test_what_is_rolled_back_was_never_done(db: None) -> None:
    with transaction.atomic():
        record("tests.done", "thing:1")
        transaction.set_rollback(True)
    assert not Entry.objects.exists()


def test_decisions_are_entries_by_who_made_them_and_what_leads_do_is_not(lead: Callable[..., str]) -> None:
    one = lead()
    Entry.objects.all().delete()
    with acting("user:7"):
        tell(named(Reassigned, lead=one, by="mia", to="lena"))
    tell(named(Accepted, lead=one, by="lena"))
    assert list(Entry.objects.order_by("id").values_list("who", "what", "about")) == [
        ("user:7", "facts.Reassigned", f"lead:{one}"),
        ("lena", "facts.Accepted", f"lead:{one}"),
    ]


def test_an_entry_names_the_request_that_made_it(clients: dict[str, Client]) -> None:
    body = {"email": "new@acme.example", "roles": ["viewer"]}
    answer = clients["admin"].post("/api/people/invitations", body, content_type="application/json")
    entry = Entry.objects.get(what="accounts.invited")
    assert entry.request_id == answer.headers["X-Request-ID"] != ""
    assert entry.who.startswith("user:")
    shown = clients["admin"].get(f"/api/audit/entries?who={entry.who}&limit=1").json()
    assert shown["items"][0]["what"] == "accounts.invited"


def test_whoever_changes_a_source_or_an_account_is_named(clients: dict[str, Client]) -> None:
    admin, json = clients["admin"], "application/json"
    admin.put("/api/sources/site", {"kind": "tracking"}, content_type=json)
    admin.post("/api/sources/site/key")
    aside = SetAside.objects.create(name="site:1", source="site", at=1, code="malformed", message="", body='"{}"')
    admin.post(f"/api/sources/set-aside/{aside.pk}/again")
    assert admin.delete(f"/api/sources/set-aside/{aside.pk}").status_code == 204
    assert admin.delete(f"/api/sources/set-aside/{aside.pk}").status_code == 204
    assert admin.put("/api/intake/accounts/a1", {"name": "Buyer"}, content_type=json).status_code == 204
    found = Entry.objects.filter(who__startswith="user:").order_by("id").values_list("what", "about")
    assert [each for each in found if not each[0].startswith("facts.")] == [
        ("sources.stated", "source:site"),
        ("sources.key_renewed", "source:site"),
        ("sources.told_again", f"set_aside:{aside.pk}"),
        ("sources.dropped", f"set_aside:{aside.pk}"),
        ("accounts.stated", "account:a1"),
    ]


def _sealed(count: int = 5, each: int = 2) -> None:
    for place in range(count):
        record("tests.done", f"thing:{place}", lead="L1" if place == 1 else "", details={"note": "Jane"})
    while try_seal(each):
        pass


def test_everything_is_sealed_once_in_batches(db: None) -> None:
    _sealed()
    assert list(Seal.objects.order_by("number").values_list("number", "count")) == [(1, 2), (2, 2), (3, 1)]
    assert not Entry.objects.filter(seal__isnull=True).exists()
    assert try_seal() == 0
    assert list(faults()) == []
    record("tests.done", "thing:9")
    assert LOOPS[0].work() is False
    assert Seal.objects.count() == 4


def test_forgetting_somebody_leaves_the_chain_whole_and_tells_nothing(db: None) -> None:
    _sealed()
    forget(["L1"])
    assert list(faults()) == []
    entry = Entry.objects.get(lead="L1")
    assert (entry.details, entry.salt, entry.forgotten) == ("", "", True)
    assert Entry.objects.filter(details__contains="Jane").count() == 4


def _drop_second() -> None:
    Entry.objects.filter(seal=2).delete()
    Seal.objects.filter(number=2).delete()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda: Entry.objects.filter(about="thing:2").update(who="somebody else"), "is not what was written"),
        (lambda: Entry.objects.filter(about="thing:2").update(commitment="0" * 64), "does not fit its entries"),
        (lambda: Entry.objects.filter(about="thing:2").delete(), "1 are there"),
        (lambda: Seal.objects.filter(number=2).update(before=""), "does not follow the seal before it"),
        (lambda: Seal.objects.filter(number=1).update(at=1), "Seal 1 of the audit log does not fit"),
        (_drop_second, "Seal 2 of the audit log is missing"),
    ],
)
def test_whatever_is_changed_afterwards_is_found(
    change: Callable[[], object], said: str, clients: dict[str, Client]
) -> None:
    _sealed()
    change()
    assert any(said in fault for fault in faults())
    shown = clients["admin"].get("/api/audit/chain").json()
    assert (shown["whole"], shown["seals"]) == (False, 3)


def test_an_entry_that_is_not_sealed_yet_is_held_against_its_commitment_too(db: None) -> None:
    record("tests.done", "thing:1")
    assert list(faults()) == []
    Entry.objects.update(at=now() + 1)
    assert any("is not what was written" in fault for fault in faults())


@pytest.mark.django_db(transaction=True)
def test_two_workers_seal_every_entry_once() -> None:
    for place in range(40):
        record("tests.done", f"thing:{place}")
    start = threading.Barrier(2)

    def work() -> None:
        start.wait()
        for _ in range(30):  # enough for one alone, and who loses a turn loses it to one that the other won
            try_seal(3)
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    sealed = Entry.objects.filter(seal__isnull=False)
    assert sealed.filter(what="tests.done").count() == 40
    # Not only of these: whoever is still answered in a thread of this process is entered as well.
    assert sum(Seal.objects.values_list("count", flat=True)) == sealed.count()
    assert list(faults()) == []
