"""Judge and send nothing, compare with what really happened, then take over what is open there."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import orjson
import pytest
from django.test import Client
from tests.support.asking import get, owner_of, post, program, state_of
from tests.support.service import Crew, Hands, came, named, sign, take_in

from handfast.facts import Stage, StageStamped
from handfast.instant import DAY, HOUR, MINUTE, parse_instant
from handfast_server.accounts.models import Role
from handfast_server.contracts.models import Version
from handfast_server.decide import team as teams
from handfast_server.decide.replay import verify
from handfast_server.delivery import targets
from handfast_server.delivery.models import Endpoint, Message
from handfast_server.handoffs.models import Assignment, Clock, Cycle, LedgerEntry
from handfast_server.leads.models import Lead
from handfast_server.secrets import encrypt
from handfast_server.shadow import cutover
from handfast_server.worker.models import Problem
from handfast_server.worker.run import run

pytestmark = pytest.mark.django_db(transaction=True)


def stamped(lead: str, stage: Stage, owner: str = "lena", handoff: str = "h1") -> None:
    take_in([named(StageStamped, lead=lead, handoff=handoff, stage=stage, owner=owner)])


def set_mode(client: Client, mode: str) -> None:
    assert post(client, "/shadow/mode", {"mode": mode}).body["mode"] == mode


@pytest.fixture
def admin(clients: dict[str, Client]) -> Client:
    return clients["admin"]


def told(lead: str, *, asks: bool = True) -> str:
    take_in(came(lead, asks=asks))
    return lead


def test_in_shadow_mode_leads_are_judged_and_nothing_is_assigned_promised_or_sent(
    clock: Hands, team: Crew, admin: Client
) -> None:
    Endpoint.objects.create(id="e", url="https://crm.example/hook", secret=encrypt("whsec_YQ=="), made_at=0)
    set_mode(admin, "shadow")
    targets.forget()
    clock.move(MINUTE)
    told("ann")
    clock.move(MINUTE)
    told("bea")
    clock.move(10 * DAY)
    run(once=True)
    assert state_of("ann") == "open"
    assert not Assignment.objects.exists()
    assert not Clock.objects.exists()
    assert not Message.objects.exclude(event="digest").exists(), list(Message.objects.values())
    assert not LedgerEntry.objects.exists()
    found = get(admin, "/shadow/comparison").body
    assert found["numbers"]["judged"]["count"] == 2
    assert {rep: each["count"] for rep, each in found["routed"].items()} == {"lena": 1, "sam": 1}
    assert not verify().differences


def test_what_was_judged_is_compared_with_what_the_other_system_did(clock: Hands, team: Crew, admin: Client) -> None:
    set_mode(admin, "shadow")
    clock.move(MINUTE)
    for lead in ("both", "here"):
        told(lead)
    told("there", asks=False)
    clock.move(HOUR)
    for lead in ("both", "there"):
        stamped(lead, Stage.QUALIFIED)
    clock.move(HOUR)
    numbers = get(admin, "/shadow/comparison").body["numbers"]
    assert {name: numbers[name]["count"] for name in ("judged", "delivered", "kept", "new", "lost")} == {
        "judged": 2,
        "delivered": 2,
        "kept": 1,
        "new": 1,
        "lost": 1,
    }
    assert numbers["lost"]["records"] == ["there:h1"]
    report = admin.get("/api/shadow/report").content.decode()
    assert "| judged | 2 |" in report
    assert "there:h1" in report


def test_a_comparison_needs_a_beginning(clock: Hands, team: Crew, admin: Client) -> None:
    assert get(admin, "/shadow").body == {"mode": "live", "since": None, "open_elsewhere": 0}
    assert get(admin, "/shadow/comparison").code == "no_shadow"
    query = "since=2026-11-23T12:00:00Z&until=2026-11-23T11:00:00Z"
    assert get(admin, f"/shadow/comparison?{query}").code == "ends_before_start"


def test_the_cut_over_ends_shadow_mode_and_spreads_the_clocks_of_what_is_taken_over(
    clock: Hands, team: Crew, admin: Client
) -> None:
    set_mode(admin, "shadow")
    names = [told(f"old{number}", asks=False) for number in range(6)]
    for name in names:
        clock.move(MINUTE)
        stamped(name, Stage.QUALIFIED, owner="lena")
    stamped("old5", Stage.WON)
    clock.move(DAY)
    assert get(admin, "/shadow").body["open_elsewhere"] == 5
    plan = post(admin, "/shadow/cut-over", {"per_day": "2", "preview": True}).body
    assert (plan["mode"], len(plan["items"])) == ("shadow", 5)
    assert not Cycle.objects.exclude(state="open").exists()
    done = post(admin, "/shadow/cut-over", {"per_day": "2"}).body
    assert done["mode"] == "live"
    assert [each["lead"] for each in done["items"]] == names[:5], "who waits longest is first"
    assert {each["code"] for each in done["items"]} == {""}
    starts = [each["starts_at"] for each in done["items"]]
    assert starts == sorted(starts)
    assert len(set(starts)) == 5, "nobody has to call five people at once"
    assert [owner_of(name) for name in names[:5]] == ["lena"] * 5
    first = Clock.objects.filter(name="first_touch").order_by("started_at").values_list("cycle__lead", flat=True)
    assert list(first) == names[:5]
    taken = Cycle.objects.get(lead="old0", ended_at=None)
    assert taken.qualified_at is not None
    assert taken.qualified_at < clock.move(0) - DAY + MINUTE
    again = post(admin, "/shadow/cut-over", {"per_day": "2"}).body
    assert again == {"mode": "live", "items": []}
    told("new")
    assert state_of("new") == "waiting"
    run(once=True)
    assert not verify().differences


def test_only_what_is_chosen_is_taken_over_and_what_is_unknown_is_refused(
    clock: Hands, team: Crew, admin: Client
) -> None:
    for name in ("a", "b"):
        stamped(told(name, asks=False), Stage.QUALIFIED)
    body = {"per_day": "5/2", "chosen": [{"lead": "b", "handoff": "h1"}]}
    assert [each["lead"] for each in post(admin, "/shadow/cut-over", body).body["items"]] == ["b"]
    assert get(admin, "/shadow").body["open_elsewhere"] == 1
    wrong = {"per_day": "1", "chosen": [{"lead": "a", "handoff": "h9"}]}
    assert post(admin, "/shadow/cut-over", wrong).code == "unknown_handoff"
    assert post(admin, "/shadow/cut-over", {"per_day": "0"}).code == "per_day_not_positive"


def test_a_cut_over_of_many_is_told_in_parts_and_can_be_asked_for_again(
    clock: Hands, team: Crew, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cutover, "BATCH", 2)
    for number in range(5):
        stamped(told(f"p{number}", asks=False), Stage.QUALIFIED)

    class Cut(Exception):
        pass

    def cut(done: int) -> None:
        if done == 4:
            raise Cut

    with pytest.raises(Cut):
        cutover.do_cut_over(Fraction(4), "Priya", "one", each=cut)
    assert cutover.open_elsewhere() == 1
    assert [each.lead for each in cutover.do_cut_over(Fraction(4), "Priya", "two")] == ["p4"]
    assert cutover.open_elsewhere() == 0
    assert not verify().differences


def test_without_a_contract_nothing_can_be_taken_over(db: None, people: object) -> None:
    teams.forget()
    client = program(Role.ADMIN)
    assert post(client, "/shadow/cut-over", {"per_day": "1"}).code == "no_contract"


def test_the_other_system_tells_of_its_handoffs_by_the_interface(
    clock: Hands, team: Crew, lead: Callable[..., str]
) -> None:
    client = program(Role.ADMIN)
    assert post(client, "/intake/leads", {"email": "kim@buyer.example", "key": "1"}).status == 200
    stage = {"email": "kim@buyer.example", "handoff": "opp-7", "stage": "qualified", "owner": "sam", "key": "2"}
    assert post(client, "/intake/stages", stage).body["status"] == "accepted"
    assert post(client, "/intake/stages", stage).body["status"] == "repeat"
    assert get(client, "/shadow").body["open_elsewhere"] == 1


@pytest.mark.parametrize("part", ["rep", "manager", "marketing", "sales_leader", "viewer", "charlie"])
def test_only_an_administrator_changes_the_mode(clients: dict[str, Client], part: str) -> None:
    assert post(clients[part], "/shadow/mode", {"mode": "shadow"}).status == 403
    assert post(clients[part], "/shadow/cut-over", {"per_day": "1"}).status == 403


def test_what_a_process_saw_a_moment_ago_neither_silences_nor_sends(
    clock: Hands, team: Crew, admin: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(targets, "current", lambda: targets.Targets(silent=True))  # shadow mode has just ended
    told("ann")
    assert Message.objects.filter(lead="ann").exists()
    set_mode(admin, "shadow")
    clock.move(MINUTE)
    monkeypatch.setattr(targets, "current", targets.Targets)  # it has just begun
    told("bea")
    assert not Message.objects.filter(lead="bea").exists()


def test_a_lead_that_cannot_be_read_is_named_and_the_others_are_compared_and_taken_over(
    clock: Hands, team: Crew, admin: Client
) -> None:
    set_mode(admin, "shadow")
    for name in ("ann", "bea", "kim"):
        clock.move(MINUTE)
        stamped(told(name), Stage.QUALIFIED)
    state = Lead.objects.get(pk="bea").state
    Lead.objects.filter(pk="bea").update(state="no text of ours")
    clock.move(HOUR)
    numbers = get(admin, "/shadow/comparison").body["numbers"]
    assert numbers["unreadable"] == {"count": 1, "records": ["bea"]}
    assert numbers["kept"]["count"] == 2
    assert "| unreadable | 1 |" in admin.get("/api/shadow/report").content.decode()
    assert Problem.objects.get(name="row:bea").loop == "comparison"
    assert get(admin, "/shadow").body["open_elsewhere"] == 2
    plan = post(admin, "/shadow/cut-over", {"per_day": "2", "preview": True}).body["items"]
    assert [(each["lead"], each["code"]) for each in plan] == [("ann", ""), ("kim", ""), ("bea", "unreadable")]
    done = post(admin, "/shadow/cut-over", {"per_day": "2"}).body["items"]
    assert [(each["lead"], each["code"]) for each in done] == [("ann", ""), ("kim", ""), ("bea", "unreadable")]
    assert Problem.objects.get(name="row:bea").loop == "cut-over"
    [torn] = verify().differences
    assert (torn.table, torn.id, torn.column, torn.replayed) == ("leads_lead", "bea", "state", state_as_told(state))
    Lead.objects.filter(pk="bea").update(state=state)
    again = post(admin, "/shadow/cut-over", {"per_day": "2"}).body["items"]
    assert [(each["lead"], each["code"]) for each in again] == [("bea", "")]


def state_as_told(state: str) -> bytes:
    return orjson.dumps(orjson.loads(state), option=orjson.OPT_SORT_KEYS)


def test_what_is_signed_and_settles_is_not_said_to_be_missing(db: None, people: object) -> None:
    teams.forget()
    begins = parse_instant("2030-01-07T09:00:00Z")
    sign()
    Version.objects.update(in_force_from=begins)
    refused = post(program(Role.ADMIN), "/shadow/cut-over", {"per_day": "1"})
    assert (refused.code, "version 1 is from 2030-01-07T09:00:00+00:00 on" in refused.body["message"]) == (
        "no_contract",
        True,
    )
