"""A person forgotten: no table knows them any more, and everything counted of them still is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.db import models
from django.test import Client
from tests.support.service import GOOD, named, take_in

from handfast.facts import (
    ActivityHappened,
    AttributesChanged,
    LeadCreated,
    LeadsMerged,
    Reassigned,
    TouchKind,
    TouchMade,
)
from handfast_server.access import of_user
from handfast_server.accounts.models import User
from handfast_server.audit.models import Entry
from handfast_server.audit.seals import faults, try_seal
from handfast_server.bridge.lead import read_lead
from handfast_server.contracts.comments import do_comment
from handfast_server.contracts.drafts import do_write
from handfast_server.contracts.models import Version
from handfast_server.decide.session import tell
from handfast_server.decide.terms import current
from handfast_server.facts.models import Fact
from handfast_server.handoffs.models import Cycle, Explanation, LedgerEntry, Transition
from handfast_server.leads.actions import do_erase, do_hand_out
from handfast_server.leads.models import Key, Lead

NEEDLES = ("jane", "roe", "+49 30 123456", "roe-bakery", "my secret wish")


@pytest.fixture
def jane(lead: Callable[..., str]) -> str:
    """Somebody of whom much is known, under two leads that were merged, by facts named after her address."""
    for name, email in (("jane1", "Jane.Roe@roe-bakery.example"), ("jane2", "jane@home.example")):
        known = {**GOOD, "email": email, "name": "Jane Roe", "phone": "+49 30 123456", "company": "Roe-Bakery"}
        take_in(
            [
                named(LeadCreated, f"crm:{email}", lead=name, attributes=known),
                named(AttributesChanged, lead=name, attributes={"title": "Head of my secret wish"}),
                named(
                    ActivityHappened,
                    f"web:{email}:1",
                    lead=name,
                    kind="form_submitted",
                    properties={"form": "demo", "message": "my secret wish"},
                ),
            ]
        )
        Lead.objects.filter(pk=name).update(email=email, name="Jane Roe", phone="+49 30 123456", company="Roe-Bakery")
        Key.objects.create(kind="email", value=email.lower(), lead_id=name)
    tell(named(Reassigned, lead="jane1", by="mia", to="lena", note="Jane Roe asked for Lena"))
    tell(named(TouchMade, lead="jane1", by="lena", kind=TouchKind.ATTEMPT))
    tell(named(LeadsMerged, lead="jane1", absorbed="jane2"))
    return "jane1"


def _everything() -> str:
    """Every text of every row of every table of ours."""
    found: list[str] = []
    for model in apps.get_models():
        if model.__module__.startswith("handfast_server.") and model._meta.app_label != "accounts":
            names = [field.attname for field in model._meta.concrete_fields if isinstance(field, _TEXTS)]
            found += [f"{model.__name__}: {row}" for row in model._default_manager.values_list(*names)] if names else []
    return "\n".join(found).casefold()


_TEXTS = (models.CharField, models.TextField, models.JSONField)


def _counted() -> dict[str, Any]:
    return {
        "cycles": Counter(Cycle.objects.values_list("state", flat=True)),
        "transitions": Counter(Transition.objects.values_list("event", flat=True)),
        "ledger": sorted(LedgerEntry.objects.values_list("pool", "rep", "kind", "numerator")),
        "facts": Counter(Fact.objects.values_list("kind", flat=True)),
    }


def test_nothing_in_any_table_tells_of_them_and_what_was_counted_still_is(
    jane: str, clients: dict[str, Client]
) -> None:
    before, knew = _counted(), _everything()
    assert all(needle in knew for needle in NEEDLES)
    assert clients["manager"].post(f"/api/leads/{jane}/erase").status_code == 403
    answer = clients["admin"].post(f"/api/leads/{jane}/erase")
    assert (answer.status_code, answer.json()) == (200, {"lead": jane})
    rest = _everything()
    assert [line for line in rest.splitlines() if any(needle in _without_ids(line) for needle in NEEDLES)] == []
    after = _counted()
    assert after["ledger"] == before["ledger"]
    assert sum(after["cycles"].values()) == sum(before["cycles"].values())
    assert after["facts"] == before["facts"] + Counter({"LeadErased": 1})
    assert not Explanation.objects.exists()
    assert not Key.objects.exists()
    assert list(Lead.objects.order_by("pk").values_list("erased", flat=True)) == [True, True]


def _without_ids(line: str) -> str:
    """The leads of this test are called after her, so that it can be read; real ids are drawn at random."""
    return line.replace("jane1", "").replace("jane2", "")


def test_what_the_contract_was_asked_of_them_stays_so_that_replay_routes_as_before(jane: str) -> None:
    do_erase(jane)
    line = Fact.objects.get(lead=jane, kind="LeadCreated").line
    assert '"employees":200' in line
    assert '"country":"DE"' in line
    assert '"form":"demo"' in Fact.objects.get(lead=jane, kind="ActivityHappened").line


def test_the_engine_reads_them_as_erased(jane: str) -> None:
    do_erase(jane)
    for row in Lead.objects.all():
        lead = read_lead(row.state, current(), ())  # type: ignore[arg-type] # no activities are asked for
        assert (lead.erased, dict(lead.known)) == (True, {})
    refused = tell(named(AttributesChanged, lead=jane, attributes={"title": "x"})).step.refused
    assert refused is not None
    assert refused.code == "erased"


def test_the_audit_log_is_whole_and_says_that_it_was_done(jane: str) -> None:
    try_seal()
    do_erase(jane)
    try_seal()
    assert list(faults()) == []
    assert Entry.objects.filter(lead=jane, forgotten=False).count() == 0
    assert Entry.objects.get(what="leads.erased").about == f"lead:{jane}"


def test_done_again_and_under_the_other_name_it_is_the_same(jane: str) -> None:
    assert do_erase("jane2") == jane
    facts = Fact.objects.count()
    assert do_erase(jane) == jane
    assert Fact.objects.count() == facts


def test_everything_known_is_handed_out_in_one_document(jane: str, clients: dict[str, Client]) -> None:
    assert clients["marketing"].get("/api/leads/jane2/personal-data").status_code == 403
    told = clients["admin"].get("/api/leads/jane2/personal-data").json()
    assert told["lead"] == jane
    assert {row["email"] for row in told["leads"]} == {"Jane.Roe@roe-bakery.example", "jane@home.example"}
    assert "my secret wish" in str(told["facts"])
    assert told["cycles"]
    assert told["transitions"]
    assert Entry.objects.filter(what="leads.handed_out").exists()
    do_erase(jane)
    assert "secret" not in str(do_hand_out(jane))


def test_nobody_is_erased_who_is_not_there(clients: dict[str, Client]) -> None:
    assert clients["admin"].post("/api/leads/nobody/erase").status_code == 404


def test_what_was_said_of_a_clause_loses_their_address_and_nothing_else(jane: str, people: dict[str, User]) -> None:
    who, version = of_user(people["marketing"]), Version.objects.get()
    text = "See JANE.ROE@roe-bakery.example, jane+fair@home.example and omar@acme.example: two hours."
    comment = do_comment(who, version, "clocks.first_touch", text).comment
    other = do_comment(who, version, "clocks.first_touch", "Jane@other.example").comment
    draft = do_write(who, version.text, "as jane@home.example asked")
    assert [each["text"] for each in do_hand_out(jane)["comments"]] == [text]
    do_erase(jane)
    for row in (comment, other, draft):
        row.refresh_from_db()
    assert comment.text == "See (erased), (erased) and omar@acme.example: two hours."
    assert (other.text, draft.note) == ("Jane@other.example", "as (erased) asked")


@pytest.mark.parametrize("trace", ["", "[[1,2,3]]", '[["choice",[1]]]', '[{"topic":"choice","asked":"Who gets it?"}]'])
def test_an_explanation_that_cannot_be_read_keeps_back_nothing_else(
    trace: str, jane: str, clients: dict[str, Client]
) -> None:
    row = Explanation.objects.filter(lead=jane).first()
    assert row is not None
    Explanation.objects.filter(pk=row.pk).update(trace=trace)
    answer = clients["admin"].get(f"/api/leads/{jane}/story")
    assert answer.status_code == 200
    told = {each["fact"]: each["trace"] for each in answer.json()["explanations"]}
    assert told.pop(row.pk) == []
    assert any(told.values())
    assert do_hand_out(jane)["explanations"]
    do_erase(jane)
    assert not Explanation.objects.exists()
