"""Every row of the two tables of semantics.md through the interface, by who may and by each who may not."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from tests.support.asking import Answer, get, owner_of, post, program, say, state_of
from tests.support.service import Crew, Hands, named, take_in

from handfast.facts import ActivityHappened
from handfast.instant import DAY, HOUR, format_instant
from handfast_server.accounts.models import Role
from handfast_server.facts.models import Fact
from handfast_server.handoffs import many
from handfast_server.handoffs.models import Assignment, Breach, Clock, Cycle, Deal
from handfast_server.now import now

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

Clients = dict[str, Client]
Leads = Callable[..., str]

NOTE = {"note": "Checked."}
ACCEPTED, SQL = ("accept",), ("accept", "qualify")
EVIDENCE: dict[str, Any] = {"evidence": {}}


@pytest.fixture
def hers(lead: Leads) -> str:
    """A lead that waits with Lena."""
    name = lead()
    assert owner_of(name) == "lena"
    return name


def brought(clients: Clients, lead: str, *verbs: str) -> str:
    """A lead after Lena decided so."""
    bodies: dict[str, dict[str, Any]] = {"qualify": EVIDENCE, "deals": {"deal": "D-1"}, "reject": REJECT}
    for verb in verbs:
        answer = say(clients["rep"], lead, verb, **bodies.get(verb, {}))
        assert answer.status == 200, answer
    return lead


RETURN, REJECT = {"reason": "misrouted"}, {"reason": "wrong_industry", "note": "They sell shoes."}
JUNK, DEAD = {"reason": "junk_contact"}, {"reason": "no_budget"}

# what happened before, verb, body, what it becomes, who may; who may not and with what code
ROWS: list[tuple[tuple[str, ...], str, dict[str, Any], str, set[str], dict[str, str]]] = [
    ((), "accept", {}, "accepted", {"rep", "manager"}, {"admin": "not_the_owner", "sales_leader": "not_the_owner"}),
    ((), "return", RETURN, "waiting", {"rep"}, {"manager": "not_the_owner", "admin": "not_the_owner"}),
    ((), "reject", JUNK, "rejected", {"rep"}, {"manager": "not_the_owner", "admin": "not_the_owner"}),
    ((), "reject", REJECT, "contested", {"rep"}, {"manager": "not_the_owner"}),
    (("reject",), "uphold", NOTE, "rejected", {"marketing", "marketing_leader", "admin"}, {}),
    (("reject",), "overturn", NOTE, "waiting", {"marketing", "marketing_leader", "admin"}, {}),
    (ACCEPTED, "qualify", EVIDENCE, "sql", {"rep"}, {"manager": "not_the_owner", "admin": "not_the_owner"}),
    ((), "deals", {"deal": "D-1"}, "opportunity", {"rep", "manager", "admin", "sales_leader"}, {}),
    (ACCEPTED, "deals", {"deal": "D-1"}, "opportunity", {"rep", "manager", "admin", "sales_leader"}, {}),
    (SQL, "deals", {"deal": "D-1"}, "opportunity", {"rep", "manager", "admin", "sales_leader"}, {}),
    (ACCEPTED, "disqualify", DEAD, "disqualified", {"rep"}, {"manager": "not_the_owner"}),
    (SQL, "disqualify", DEAD, "disqualified", {"rep"}, {"admin": "not_the_owner"}),
    (("deals",), "deals/D-1/win", {"amount": "24000", "currency": "EUR"}, "won", {"rep", "manager", "admin"}, {}),
    (("deals",), "deals/D-1/lose", {"why": "price"}, "lost", {"rep", "manager", "admin"}, {}),
    ((), "withdraw", NOTE, "withdrawn", {"admin"}, {}),
    (("reject",), "withdraw", NOTE, "withdrawn", {"admin"}, {}),
    (ACCEPTED, "withdraw", NOTE, "withdrawn", {"admin"}, {}),
    (SQL, "withdraw", NOTE, "withdrawn", {"admin"}, {}),
    (("deals",), "withdraw", NOTE, "withdrawn", {"admin"}, {}),
    ((), "reassign", {"to": "sam"}, "waiting", {"manager", "admin", "sales_leader"}, {}),
    (ACCEPTED, "reassign", {"to": "sam"}, "accepted", {"manager", "admin", "sales_leader"}, {}),
    (SQL, "reassign", {"to": "sam"}, "sql", {"manager", "admin", "sales_leader"}, {}),
    (("deals",), "reassign", {"to": "sam"}, "opportunity", {"manager", "admin", "sales_leader"}, {}),
    ((), "reassign", {}, "waiting", {"manager", "admin", "sales_leader"}, {}),
]
_TABLE = [pytest.param(*row, id=f"{'-'.join(row[0]) or 'waiting'}-{row[1].replace('/', '-')}-{row[3]}") for row in ROWS]

# Who is let through by the table of permissions, and refused by the core; everybody else is stopped by the table.
_SALES = {"rep", "manager", "sales_leader", "admin"}
_OF_VERB = {
    "uphold": {"admin", "marketing", "marketing_leader"},
    "overturn": {"admin", "marketing", "marketing_leader"},
    "withdraw": {"admin"},
    "reassign": {"manager", "sales_leader", "admin"},
}


@pytest.mark.parametrize(("before", "verb", "body", "after", "who_may", "_codes"), _TABLE)
def test_who_may_brings_it_about(
    clients: Clients,
    hers: str,
    lead: Leads,
    before: tuple[str, ...],
    verb: str,
    body: dict[str, Any],
    after: str,
    who_may: set[str],
    _codes: dict[str, str],
) -> None:
    some = sorted(who_may)
    leads = [hers, *(given_to_lena(clients, lead) for _ in some[1:])]
    for who, name in zip(some, leads, strict=True):
        brought(clients, name, *before)
        answer = say(clients[who], name, verb, **body)
        assert (answer.status, answer.body.get("state")) == (200, after), (who, answer)
        assert state_of(name) == after
        assert answer.body["changes"]


def given_to_lena(clients: Clients, lead: Leads) -> str:
    name = lead()
    if owner_of(name) != "lena":
        assert say(clients["manager"], name, "reassign", to="lena").status == 200
    return name


@pytest.mark.parametrize(("before", "verb", "body", "after", "who_may", "codes"), _TABLE)
def test_who_may_not_is_told_why_and_nothing_changes(
    clients: Clients,
    hers: str,
    before: tuple[str, ...],
    verb: str,
    body: dict[str, Any],
    after: str,
    who_may: set[str],
    codes: dict[str, str],
) -> None:
    brought(clients, hers, *before)
    stood = state_of(hers), owner_of(hers)
    for who, code in codes.items():
        answer = say(clients[who], hers, verb, **body)
        assert (answer.status, answer.code) == (409, code), (who, answer)
        assert "Ask" in answer.body["message"]
        assert answer.body["request_id"]
    let_in = _OF_VERB.get(verb, _SALES)
    for who in sorted(set(clients) - let_in - {"sam"}):
        answer = say(clients[who], hers, verb, **body)
        assert (answer.status, answer.code) == (403, "not_allowed"), (who, answer)
    stranger = say(clients["sam"], hers, verb, **body)
    assert (stranger.status, stranger.code) == ((404, "not_found") if "rep" in let_in else (403, "not_allowed"))
    assert (state_of(hers), owner_of(hers)) == stood


@pytest.mark.parametrize(
    ("before", "verb", "body", "code"),
    [
        (ACCEPTED, "accept", {}, "not_in_this_state"),
        (ACCEPTED, "return", RETURN, "not_in_this_state"),
        (ACCEPTED, "reject", JUNK, "not_in_this_state"),
        ((), "qualify", EVIDENCE, "not_in_this_state"),
        ((), "disqualify", DEAD, "not_in_this_state"),
        ((), "return", {"reason": "nonsense"}, "reason_unknown"),
        ((), "return", JUNK, "reason_not_for_this"),
        ((), "reject", RETURN, "reason_not_for_this"),
        (ACCEPTED, "disqualify", {"reason": "unreachable"}, "needs_not_met"),
        ((), "deals/D-9/amend", {"amount": 5}, "deal_unknown"),
        ((), "deals/D-9/reopen", {}, "deal_unknown"),
    ],
)
def test_what_the_table_or_the_contract_has_no_row_for_is_refused(
    clients: Clients, hers: str, before: tuple[str, ...], verb: str, body: dict[str, Any], code: str
) -> None:
    brought(clients, hers, *before)
    answer = say(clients["rep"], hers, verb, **body)
    assert (answer.status, answer.code) == (409, code)
    assert Fact.objects.filter(lead=hers, refused=code).count() == 1


def test_an_ended_cycle_never_changes(clients: Clients, hers: str) -> None:
    say(clients["rep"], hers, "reject", **JUNK)
    assert say(clients["rep"], hers, "accept").code == "no_open_cycle"


def test_a_rejection_after_a_contact_is_refused(clients: Clients, hers: str) -> None:
    assert say(clients["rep"], hers, "touches", kind="attempt").body["state"] == "waiting"
    assert say(clients["rep"], hers, "touches", kind="contact").body["state"] == "accepted"


def test_a_date_that_was_given_is_kept_in_the_contracts_zone(clients: Clients, hers: str) -> None:
    answer = say(clients["rep"], hers, "reject", reason="bad_timing", revisit_on="2027-03-01")
    assert answer.status == 200
    assert format_instant(Cycle.objects.get(lead=hers).revisit_at or 0, "Europe/Berlin") == "2027-03-01T00:00:00+01:00"


def test_a_definitional_rejection_that_the_data_agree_with_is_final(clients: Clients, lead: Leads) -> None:
    name = lead(employees=20)  # fit 40: too small, and it asked
    assert owner_of(name) == "lena"
    answer = say(clients["rep"], name, "reject", reason="too_small")
    assert (answer.body["state"], answer.body["reason"]) == ("rejected", "too_small")


@pytest.mark.parametrize("verb", ["uphold", "overturn", "withdraw"])
def test_a_note_says_something(clients: Clients, hers: str, verb: str) -> None:
    if verb != "withdraw":
        brought(clients, hers, "reject")
    assert say(clients["admin"], hers, verb, note=" ").code == "note_missing"


def test_an_overturned_contest_is_routed_again_and_the_first_touch_runs_on(clients: Clients, hers: str) -> None:
    brought(clients, hers, "reject")
    assert Clock.objects.get(cycle__lead=hers, name="first_touch").state == "suspended"
    answer = say(clients["marketing"], hers, "overturn", **NOTE)
    assert answer.body["owner"] == "sam"
    assert Clock.objects.get(cycle__lead=hers, name="first_touch").state == "running"


def test_who_had_it_is_told_who_has_it_now(clients: Clients, hers: str) -> None:
    say(clients["manager"], hers, "reassign", to="sam")
    answer = say(clients["rep"], hers, "accept")
    assert (answer.status, answer.code) == (409, "not_the_owner")
    assert "sam" in answer.body["message"]


def test_a_clock_is_paused_once_and_resumed(clients: Clients, hers: str, clock: Hands) -> None:
    until = format_instant(now() + 3 * DAY)
    body = {"clock": "first_touch", "until": until}
    assert say(clients["rep"], hers, "pause", **body, note=" ").code == "note_missing"
    late = {**body, "until": format_instant(now() + 31 * DAY), **NOTE}
    assert say(clients["rep"], hers, "pause", **late).code == "pause_too_long"
    past = {**body, "until": format_instant(now() - DAY), **NOTE}
    assert say(clients["rep"], hers, "pause", **past).code == "date_past"
    assert say(clients["rep"], hers, "pause", **{**body, "clock": "working"}, **NOTE).code == "clock_unknown"
    assert say(clients["sam"], hers, "pause", **body, **NOTE).status == 404
    assert say(clients["marketing"], hers, "pause", **body, **NOTE).status == 403
    assert say(clients["rep"], hers, "pause", **body, **NOTE).body["changes"] == ["first touch paused"]
    assert Clock.objects.get(cycle__lead=hers, name="first_touch").due_at is None
    assert say(clients["manager"], hers, "resume", clock="first_touch").body["changes"] == ["first touch resumed"]
    assert say(clients["rep"], hers, "resume", clock="first_touch").code == "clock_not_paused"
    assert say(clients["rep"], hers, "pause", **body, **NOTE).code == "paused_before"


def test_a_touch_in_time_that_is_recorded_late_lets_the_lead_be_given_back(
    clients: Clients, hers: str, clock: Hands
) -> None:
    called = format_instant(now() + HOUR)
    clock.move(8 * HOUR)  # the first touch was due after four
    assert say(clients["manager"], hers, "give-back", to="lena").code == "owned_already"
    assert say(clients["manager"], hers, "reassign", to="sam").status == 200
    assert say(clients["manager"], hers, "give-back", to="lena").code == "not_in_time"
    touch = say(clients["rep"], hers, "touches", kind="attempt", happened_at=called)
    assert touch.status == 200
    assert say(clients["rep"], hers, "give-back", to="lena").status == 403
    assert say(clients["manager"], hers, "give-back", to="nobody").code == "no_such_rep"
    assert say(clients["manager"], hers, "give-back", to="lena").body["owner"] == "lena"
    assert Assignment.objects.get(cycle__lead=hers, ended_at=None).way == "given_back"


def test_a_breach_has_a_cause_and_may_be_excused(clients: Clients, hers: str, clock: Hands) -> None:
    clock.move(8 * HOUR)
    say(clients["rep"], hers, "touches", kind="attempt")
    judged = {"breach": "first_touch", "cause": "data"}
    assert say(clients["rep"], hers, "cause", **judged).status == 403
    assert say(clients["manager"], hers, "cause", **judged).body["changes"] == ["breach cause set"]
    assert say(clients["manager"], hers, "excuse", breach="first_touch", why=" ").code == "note_missing"
    assert say(clients["manager"], hers, "excuse", breach="working", why="Storm.").code == "breach_unknown"
    assert say(clients["sales_leader"], hers, "excuse", breach="first_touch", why="Storm.").status == 200
    assert say(clients["manager"], hers, "cause", breach="first_touch", cause="fate").status == 422
    found = Breach.objects.get(cycle__lead=hers, name="first_touch")
    assert (found.cause, found.excused) == ("data", "Storm.")


def test_a_deal_may_be_amended_and_opened_again_and_the_cycle_stays(clients: Clients, hers: str) -> None:
    rep = clients["rep"]
    say(rep, hers, "deals", deal="D-1", amount="100.50", currency="EUR")
    assert say(rep, hers, "deals/D-1/amend", amount=200).body["changes"] == ["deal amended"]
    assert say(rep, hers, "deals/D-1/win").body["state"] == "won"
    assert say(rep, hers, "deals/D-1/reopen").body["state"] == "won"
    deal = Deal.objects.get(lead=hers)
    assert (deal.state, deal.amount, deal.currency) == ("open", Decimal(200), "EUR")


@pytest.mark.parametrize(
    ("verb", "body", "path"),
    [
        ("reject", {}, "reason"),
        ("reject", {"reason": "no_budget", "revisit_on": "1815-06-18"}, "revisit_on"),
        ("reject", {"reason": "a\x00b"}, "reason"),
        ("accept", {"happened_at": "2026-11-23T10:00:00"}, "happened_at"),
        ("accept", {"happened_at": 5}, "happened_at"),
        ("touches", {"kind": "stare"}, "kind"),
        ("deals", {"deal": "D-1", "amount": "-1"}, "amount"),
        ("deals", {"deal": "D-1", "currency": "euro"}, "currency"),
    ],
)
def test_what_is_malformed_is_refused_with_its_place(
    clients: Clients, hers: str, verb: str, body: dict[str, Any], path: str
) -> None:
    answer = say(clients["rep"], hers, verb, **body)
    assert (answer.status, answer.code) == (422, "malformed")
    assert path in answer.body["path"]


# happened_at


def test_what_reps_report_of_themselves_goes_back_a_day(clients: Clients, hers: str, clock: Hands) -> None:
    clock.move(30 * HOUR)
    long_ago = format_instant(now() - 25 * HOUR)
    assert say(clients["rep"], hers, "accept", happened_at=long_ago).code == "too_long_ago"
    assert (
        say(program(Role.REP, Role.MANAGER, Role.ADMIN), hers, "accept", happened_at=long_ago, by="lena").status == 200
    )


def test_what_people_tell_of_deals_goes_back_a_day(clients: Clients, hers: str, clock: Hands) -> None:
    began = format_instant(now())
    assert say(clients["rep"], hers, "deals", deal="D-1", amount="1").status == 200
    clock.move(3 * DAY)
    verbs = {
        "deals": {"deal": "D-2"},
        "deals/D-1/amend": {"amount": "2"},
        "deals/D-1/win": {},
        "deals/D-1/lose": {},
        "deals/D-1/reopen": {},
    }
    for verb, body in verbs.items():
        assert say(clients["rep"], hers, verb, happened_at=began, **body).code == "too_long_ago", verb
    by_system = say(program(Role.REP, Role.MANAGER, Role.ADMIN), hers, "deals/D-1/win", happened_at=began, by="lena")
    assert by_system.body["state"] == "won"


def test_what_has_not_happened_yet_happened_now(clients: Clients, hers: str) -> None:
    answer = say(clients["rep"], hers, "accept", happened_at=format_instant(now() + DAY))
    assert answer.body["happened_at"] == answer.body["recorded_at"]


# who speaks


def test_people_decide_as_themselves(clients: Clients, hers: str) -> None:
    answer = say(clients["manager"], hers, "accept", by="lena")
    assert (answer.status, answer.code) == (403, "not_yourself")
    assert say(clients["rep"], hers, "accept", by="lena").status == 200


def test_a_program_says_for_whom_it_speaks_and_the_core_judges_them(clients: Clients, hers: str) -> None:
    crm = program(Role.ADMIN)
    assert say(crm, hers, "accept").code == "speaker_missing"
    assert say(crm, hers, "accept", by="sam").code == "not_the_owner"
    assert say(crm, hers, "accept", by="lena").status == 200
    assert say(program(Role.ADMIN, scopes=("read",)), hers, "withdraw", by="priya@acme.example", **NOTE).status == 403


def test_sales_does_not_settle_its_own_contest_by_a_program(clients: Clients, hers: str) -> None:
    brought(clients, hers, "reject")
    assert say(program(Role.MARKETING), hers, "uphold", by="lena", **NOTE).code == "not_marketing"


def test_what_was_decided_about_another_cycle_is_not_decided_about_this_one(clients: Clients, hers: str) -> None:
    answer = say(clients["rep"], hers, "accept", cycle=f"{hers}/2")
    assert (answer.status, answer.code) == (409, "another_cycle")
    assert say(clients["rep"], hers, "accept", cycle=f"{hers}/1").status == 200
    assert say(clients["rep"], hers, "disqualify", cycle=f"{hers}/1", **DEAD).status == 200
    assert say(clients["rep"], hers, "disqualify", cycle=f"{hers}/1", **DEAD).code == "another_cycle"


def test_nobody_is_signed_in(hers: str) -> None:
    answer = say(Client(), hers, "accept")
    assert (answer.status, answer.code) == (401, "not_signed_in")


# the same request twice


def keyed(client: Client, lead: str, verb: str, key: str, **body: Any) -> Answer:
    return post(client, f"/handoffs/{lead}/{verb}", body, **{"Idempotency-Key": key})


def test_a_key_makes_a_repeat_harmless(clients: Clients, hers: str) -> None:
    first = keyed(clients["rep"], hers, "return", "k1", **RETURN)
    again = keyed(clients["rep"], hers, "return", "k1", **RETURN)
    assert (first.body["repeat"], again.body["repeat"]) == (False, True)
    assert first.body["fact"] == again.body["fact"]
    assert Assignment.objects.filter(cycle__lead=hers).count() == 2


def test_a_key_belongs_to_one_request_and_one_caller(clients: Clients, hers: str) -> None:
    keyed(clients["rep"], hers, "accept", "k1")
    other = keyed(clients["rep"], hers, "disqualify", "k1", **DEAD)
    assert (other.status, other.code, other.body["path"]) == (422, "key_used_before", "Idempotency-Key")
    assert keyed(clients["admin"], hers, "withdraw", "k1", **NOTE).status == 200


def test_a_refusal_is_repeated_as_one(clients: Clients, hers: str) -> None:
    brought(clients, hers, "accept")
    for _ in range(2):
        assert keyed(clients["rep"], hers, "return", "k1", **RETURN).code == "not_in_this_state"
    assert Fact.objects.filter(lead=hers, kind="Returned").count() == 1


def test_a_repeat_with_a_date_is_known_again(clients: Clients, hers: str) -> None:
    body = {"reason": "bad_timing", "revisit_on": "2027-03-01"}
    keyed(clients["rep"], hers, "reject", "k1", **body)
    assert keyed(clients["rep"], hers, "reject", "k1", **body).body["repeat"] is True


# many at once


def test_a_manager_moves_many(clients: Clients, lead: Leads, team: Crew) -> None:
    names = [given_to_lena(clients, lead) for _ in range(4)]
    say(clients["rep"], names[0], "accept")
    assert post(clients["rep"], "/handoffs/reroute", {"rep": "lena"}).status == 403
    answer = post(clients["manager"], "/handoffs/reroute", {"rep": "lena", "leads": [*names[1:3], "nobody"]})
    told = {item["lead"]: (item["status"], item["code"]) for item in answer.body["items"]}
    assert told == {names[1]: ("accepted", ""), names[2]: ("accepted", ""), "nobody": ("refused", "not_theirs")}
    assert [owner_of(name) for name in names[1:3]] == ["mia", "mia"]  # sam had both before lena
    rest = post(clients["manager"], "/handoffs/reroute", {"rep": "lena", "pool": "home"})
    assert [item["lead"] for item in rest.body["items"]] == [names[3]]
    assert Assignment.objects.filter(end="bulk").count() == 3


def test_moving_many_can_be_sent_again(clients: Clients, hers: str) -> None:
    body, key = {"rep": "lena", "leads": [hers]}, {"Idempotency-Key": "all-1"}
    first = post(clients["manager"], "/handoffs/reroute", body, **key)
    again = post(clients["manager"], "/handoffs/reroute", body, **key)
    assert [each.body["items"][0]["status"] for each in (first, again)] == ["accepted", "repeat"]
    other = post(clients["manager"], "/handoffs/reroute", {**body, "rep": "sam"}, **key)
    assert other.body["items"][0]["code"] == "key_used_before"


def known_before(lead: Leads) -> str:
    """A lead that asked for a demo in another system's time: marketing may release it."""
    name = lead(asks=False)
    take_in([named(ActivityHappened, lead=name, kind="form_submitted", properties={"form": "demo"}, loaded=True)])
    assert state_of(name) == "open"
    return name


def test_marketing_releases_who_would_qualify(clients: Clients, lead: Leads) -> None:
    good, cold = known_before(lead), lead(asks=False)
    assert post(clients["rep"], "/handoffs/release", {"leads": [good]}).status == 403
    answer = post(clients["marketing"], "/handoffs/release", {"leads": [good, cold, "nobody"]})
    told = {item["lead"]: (item["status"], item["code"]) for item in answer.body["items"]}
    assert told == {
        good: ("accepted", ""),
        cold: ("refused", "does_not_qualify"),
        "nobody": ("refused", "not_found"),
    }
    assert state_of(good) == "waiting"


def test_releases_are_throttled(clients: Clients, lead: Leads, clock: Hands, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(many, "RELEASES_AN_HOUR", 2)
    names = [known_before(lead) for _ in range(4)]
    answer = post(clients["marketing"], "/handoffs/release", {"leads": names[:3]})
    assert [item["status"] for item in answer.body["items"]] == ["accepted", "accepted", "refused"]
    assert answer.body["items"][2]["code"] == "too_many_released"
    clock.move(2 * HOUR)
    assert (
        post(clients["marketing"], "/handoffs/release", {"leads": names[2:]}).body["items"][1]["status"] == "accepted"
    )


def test_a_merged_lead_is_decided_about_under_its_old_name(clients: Clients, hers: str, lead: Leads) -> None:
    from handfast.facts import LeadsMerged

    survivor = hers
    gone = lead(asks=False)
    take_in([named(LeadsMerged, lead=survivor, absorbed=gone)])
    assert say(clients["rep"], gone, "accept").body["lead"] == survivor


def test_the_whole_list_of_verbs_is_published() -> None:
    described = get(Client(), "/openapi.json").body["paths"]
    verbs = {path.rsplit("/", 1)[1] for path in described if path.startswith("/api/handoffs/")}
    assert verbs >= {row[1].rsplit("/", 1)[-1] for row in ROWS} | {"pause", "resume", "cause", "excuse", "give-back"}
