"""What can be read: the inbox, contests, stories with why, breaches, deals, pools; by whom, in pages, and cheaply."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from tests.support.asking import Answer, get, owner_of, post, program, say
from tests.support.service import Crew, Hands, named, take_in

from handfast.facts import ActivityHappened, AttributesChanged, LeadCreated
from handfast.instant import DAY, HOUR, SECOND, format_instant, parse_instant
from handfast_server.accounts.models import Role
from handfast_server.handoffs.models import Cycle
from handfast_server.now import now

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

Clients = dict[str, Client]
Leads = Callable[..., str]


def ids(answer: Answer) -> list[str]:
    assert answer.status == 200, answer
    return [item["lead"]["id"] for item in answer.body["items"]]


def everything(client: Client, path: str) -> list[dict[str, Any]]:
    """All pages of a list."""
    items, cursor, sign = [], "", "&" if "?" in path else "?"
    while True:
        answer = get(client, f"{path}{sign}cursor={cursor}")
        assert answer.status == 200, answer
        items += answer.body["items"]
        cursor = answer.body["next"]
        if not cursor:
            return items


# the inbox


def test_an_inbox_has_what_is_due_first(clients: Clients, lead: Leads, clock: Hands) -> None:
    first = lead()
    clock.move(HOUR)
    later = [lead() for _ in range(3)]
    mine = [name for name in (first, *later) if owner_of(name) == "lena"]
    inbox = get(clients["rep"], "/cycles?owner=me&open=true&sort=due")
    assert ids(inbox)[0] == first
    assert sorted(ids(inbox)) == sorted(mine)
    row = inbox.body["items"][0]
    assert (row["state"], row["owner"], row["due_clock"]) == ("waiting", "lena", "first_touch")
    assert parse_instant(row["due_at"]) == Cycle.objects.get(lead=first).qualified_at + 4 * HOUR  # type: ignore[operator]
    assert row["lead"]["score"] == {"fit": 6000, "behaviour": 3000}


@pytest.mark.parametrize("sort", ["changed", "due", "qualified"])
def test_nothing_new_is_not_sent_again(clients: Clients, lead: Leads, sort: str) -> None:
    names = [lead() for _ in range(2)]
    path = f"/api/cycles?owner=me&open=true&sort={sort}"
    first = clients["rep"].get(path)
    again = clients["rep"].get(path, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    mine = next(name for name in names if owner_of(name) == "lena")
    take_in([named(AttributesChanged, lead=mine, attributes={"title": "Director"})])
    after_a_fact = clients["rep"].get(path, headers={"If-None-Match": first["ETag"]})
    assert after_a_fact.status_code == 200
    say(clients["rep"], mine, "accept")
    after = clients["rep"].get(path, headers={"If-None-Match": after_a_fact["ETag"]})
    assert after.status_code == 200
    say(clients["manager"], mine, "reassign", to="sam")
    gone = clients["rep"].get(path, headers={"If-None-Match": after["ETag"]})
    assert gone.status_code == 200


def test_nothing_new_of_a_page_that_others_follow_is_not_sent_again(
    clients: Clients, lead: Leads, clock: Hands
) -> None:
    for _ in range(2):
        lead()
    path = "/api/cycles?limit=1"
    first = clients["admin"].get(path)
    assert first.json()["next"]
    clock.move(3 * SECOND)  # a cursor is dated
    assert clients["admin"].get(path, headers={"If-None-Match": first["ETag"]}).status_code == 304


def test_a_tag_is_of_one_question_and_one_caller(clients: Clients, lead: Leads) -> None:
    lead()
    tag = clients["admin"].get("/api/cycles")["ETag"]
    assert clients["admin"].get("/api/cycles?open=true", headers={"If-None-Match": tag}).status_code == 200
    assert clients["viewer"].get("/api/cycles", headers={"If-None-Match": tag}).status_code == 200


def test_filters_narrow(clients: Clients, lead: Leads, clock: Hands) -> None:
    home, abroad, cold = lead(), lead(country="US"), lead(asks=False, source="paid")
    admin = clients["admin"]
    assert set(ids(get(admin, "/cycles"))) == {home, abroad, cold}
    assert ids(get(admin, "/cycles?pool=abroad")) == [abroad]
    assert ids(get(admin, "/cycles?state=open")) == [cold]
    assert set(ids(get(admin, "/cycles?state=open&state=waiting"))) == {home, abroad, cold}
    assert ids(get(admin, "/cycles?source=paid")) == [cold]
    assert ids(get(admin, f"/cycles?lead={home}")) == [home]
    assert set(ids(get(admin, "/cycles?hand_raised=true"))) == {home, abroad}
    assert ids(get(admin, "/cycles?sort=qualified")) == [home, abroad]
    soon = format_instant(now() + 5 * HOUR).replace("+", "%2B")
    assert set(ids(get(admin, f"/cycles?due_before={soon}"))) == {home, abroad}
    assert ids(get(admin, "/cycles?overdue=true")) == []
    clock.move(8 * HOUR)
    say(
        admin, home, "touches", kind="attempt"
    )  # what somebody who is not of sales does changes nothing, but time is told
    assert ids(get(admin, "/cycles?overdue=true")) == [home]
    say(clients["rep" if owner_of(home) == "lena" else "sam"], home, "reject", reason="junk_contact")
    assert set(ids(get(admin, "/cycles?open=true"))) == {abroad, cold}


def test_a_handoff_that_nobody_can_take_is_found_by_the_pool_that_holds_it(
    clients: Clients, team: Crew, lead: Leads
) -> None:
    from handfast.facts import RepSet

    take_in([named(RepSet, rep=rep, active=False) for rep in (*team.reps, team.manager)])
    name = lead()
    row = get(clients["admin"], "/cycles?held=true").body["items"][0]
    assert (row["lead"]["id"], row["owner"], row["hold_pool"]) == (name, "", "home")


# who sees what


def test_everybody_sees_what_is_theirs(clients: Clients, lead: Leads) -> None:
    names = [lead() for _ in range(2)]
    seen = {part: set(ids(get(client, "/cycles"))) for part, client in clients.items() if part != "charlie"}
    hers = {name for name in names if owner_of(name) == "lena"}
    assert seen["rep"] == hers
    assert seen["sam"] == set(names) - hers
    for part in ("admin", "marketing", "marketing_leader", "sales_leader", "manager", "viewer"):
        assert seen[part] == set(names), part
    assert get(clients["charlie"], "/cycles").status == 403
    other = next(iter(set(names) - hers))
    for path in ("", "/story", "/facts", "/activities", "/cycles/1"):
        answer = get(clients["rep"], f"/leads/{other}{path}")
        assert (answer.status, answer.code) == (404, "not_found"), path
        assert get(clients["manager"], f"/leads/{other}{path}").status == 200


# pages


def test_pages_hold_every_row_once_whatever_comes_meanwhile(clients: Clients, lead: Leads, clock: Hands) -> None:
    names = [lead() for _ in range(5)]
    page = get(clients["admin"], "/cycles?limit=2")
    newcomer = lead()
    rest = []
    while page.body["next"]:
        rest += ids(page)
        page = get(clients["admin"], f"/cycles?limit=2&cursor={page.body['next']}")
    assert [*rest, *ids(page)] == names[::-1]
    assert newcomer not in rest


@pytest.mark.parametrize(
    "path",
    [
        "/cycles?limit=1&sort=due",
        "/cycles?limit=1&sort=qualified",
        "/leads?limit=1",
        "/deals?limit=1",
        "/breaches?limit=1",
        "/pools/home/ledger?limit=1",
    ],
)
def test_every_list_has_pages(clients: Clients, lead: Leads, clock: Hands, path: str) -> None:
    names = [lead() for _ in range(3)]
    for name in names:
        say(clients["admin"], name, "deals", deal=f"D-{name}")
    waiting = [lead() for _ in range(3)]
    clock.move(8 * HOUR)
    for name in waiting:
        say(clients["admin"], name, "touches", kind="attempt")
    found = everything(clients["admin"], path)
    keys = [str(each.get("id") or each.get("clock")) for each in found]
    assert len(keys) == len(set(keys)) >= 3


@pytest.mark.parametrize("path", ["/facts?limit=1", "/activities?limit=1"])
def test_the_past_of_a_lead_has_pages(clients: Clients, lead: Leads, path: str) -> None:
    name = lead()
    take_in([named(ActivityHappened, lead=name, kind="page_viewed", properties={"path": "/pricing"}) for _ in range(3)])
    found = everything(clients["admin"], f"/leads/{name}{path}")
    assert len(found) == (5 if "facts" in path else 4)


@pytest.mark.parametrize("cursor", ["nonsense", "WzEsMiwzXQ:1u7Jrn:abcdef", "a.b"])
def test_a_cursor_of_somebodys_making_is_refused(clients: Clients, lead: Leads, cursor: str) -> None:
    answer = get(clients["admin"], f"/cycles?cursor={cursor}")
    assert (answer.status, answer.code, answer.body["path"]) == (422, "cursor_unknown", "cursor")


def test_a_cursor_of_another_question_is_refused(clients: Clients, lead: Leads) -> None:
    for _ in range(3):
        lead()
    cursor = get(clients["admin"], "/cycles?limit=1").body["next"]
    assert get(clients["admin"], f"/cycles?limit=1&open=true&cursor={cursor}").code == "cursor_unknown"
    assert get(clients["admin"], f"/cycles?limit=2&cursor={cursor}").status == 200


@pytest.mark.parametrize("query", ["limit=0", "limit=201", "sort=colour", "state=asleep", "due_before=tomorrow"])
def test_what_cannot_be_asked_is_refused(clients: Clients, query: str) -> None:
    answer = get(clients["admin"], f"/cycles?{query}")
    assert (answer.status, answer.code) == (422, "malformed")
    assert query.split("=", maxsplit=1)[0] in answer.body["path"]


# why


def test_a_story_says_why(clients: Clients, lead: Leads) -> None:
    name = lead()
    say(clients["manager"], name, "accept")
    story = get(clients["manager"], f"/leads/{name}/story").body
    assert story["lead"]["id"] == name
    assert story["known"]["industry"] == "software"
    score = story["score"]
    assert (score["found"], score["clause"]) == ("90", "score")
    assert sum(int(line["found"]) for line in score["parts"]) == 90
    assert {line["clause"] for line in score["parts"]} >= {"score.fit.signals.target_industry"}
    assert story["judgement"]["clause"] == "definitions.mql"
    cycle = story["cycles"][0]
    assert [each["event"] for each in cycle["transitions"]] == ["opened", "qualified", "accepted"]
    why = {each["name"]: each["why"] for each in cycle["clocks"]}
    assert (why["first_touch"]["clause"], why["first_touch"]["values"]["calendar"]) == ("clocks.first_touch", "office")
    choice = next(node for each in story["explanations"] for node in each["trace"] if node["topic"] == "choice")
    found = {part["asked"]: part["found"] for part in choice["parts"] if part["topic"] == "candidate"}
    assert sorted(found) == ["lena", "sam"]
    assert found[owner_of(name)] == "chosen"
    assert len(cycle["assignments"]) == 1
    one = get(clients["manager"], f"/leads/{name}/cycles/1").body
    assert one == cycle
    assert get(clients["manager"], f"/leads/{name}/cycles/2").status == 404


def test_a_score_is_told_as_it_is_now(clients: Clients, lead: Leads, clock: Hands) -> None:
    name = lead(asks=False)
    take_in([named(ActivityHappened, lead=name, kind="page_viewed", properties={"path": "/pricing"})])
    assert get(clients["admin"], f"/leads/{name}/story").body["score"]["found"] == "72"
    clock.move(15 * DAY)  # a session is over by then
    assert get(program(Role.VIEWER), f"/leads/{name}/story").body["score"]["found"] == "69"


def test_a_lead_is_found_by_what_names_it(clients: Clients, lead: Leads) -> None:
    from handfast_server.leads.models import Key

    name = lead()
    lead()
    Key.objects.create(kind="email", value="sue@buyer.example", lead_id=name)
    Key.objects.create(kind="hubspot", value="77", lead_id=name)
    for query in ("email=Sue@Buyer.example", "key_kind=hubspot&key=77"):
        found = get(clients["admin"], f"/leads?{query}").body["items"]
        assert [each["id"] for each in found] == [name]
    assert get(clients["admin"], "/leads?email=nobody").body["items"] == []
    assert get(clients["admin"], f"/leads/{name}").body["id"] == name
    assert len(get(clients["admin"], "/leads?band=engage").body["items"]) == 2
    assert get(clients["admin"], "/leads?account=none").body["items"] == []


# contests, held, releasable


def test_a_contest_names_who_rejected_and_the_clause(clients: Clients, lead: Leads) -> None:
    name = lead()
    say(clients["rep"], name, "reject", reason="wrong_industry")
    contest = get(clients["marketing"], "/cycles/contests").body["items"][0]
    assert (contest["lead"]["id"], contest["rejected_by"]) == (name, "lena")
    assert (contest["clause"], contest["reason_title"]) == ("score.fit.signals.target_industry", "Wrong industry")
    assert contest["due_clock"] == "contest"


def test_who_is_held_back_is_listed_with_what_holds_them(clients: Clients, team: Crew) -> None:
    from tests.support.service import came

    take_in(came("held1", customer=True))
    row = get(clients["marketing"], "/cycles/held").body["items"][0]
    assert (row["lead"]["id"], row["held_by"]) == ("held1", ["customer"])


def test_leads_that_would_qualify_are_listed_until_they_are_released(clients: Clients, lead: Leads) -> None:
    cold, good = lead(asks=False), lead(asks=False)
    take_in([named(ActivityHappened, lead=good, kind="form_submitted", properties={"form": "demo"}, loaded=True)])
    assert get(clients["rep"], "/leads/releasable").status == 403
    found = everything(clients["marketing"], "/leads/releasable?limit=1")
    assert found == [{"lead": good, "hand_raised": True, "bar": True}]
    assert post(clients["marketing"], "/handoffs/release", {"leads": [good]}).status == 200
    assert everything(clients["marketing"], "/leads/releasable?limit=1") == []
    assert cold


# breaches, deals, pools


def test_breaches_are_found_by_rep_clock_cause_and_excuse(clients: Clients, lead: Leads, clock: Hands) -> None:
    name = lead()
    clock.move(8 * HOUR)
    say(clients["rep"], name, "touches", kind="attempt")
    admin = clients["admin"]
    breach = get(admin, "/breaches?clock=first_touch").body["items"][0]
    assert (breach["lead"], breach["name"], breach["rep"], breach["cause"]) == (name, "first_touch", "lena", "")
    path = f"/breaches?rep=lena&pool=home&clock=first_touch&excused=false&cause={breach['proposed']}"
    assert len(get(admin, path).body["items"]) == 1
    assert get(admin, "/breaches?cause=data").body["items"] == []
    say(clients["manager"], name, "cause", breach=breach["clock"], cause="data")
    say(clients["manager"], name, "excuse", breach=breach["clock"], why="Storm.")
    assert get(admin, "/breaches?cause=data&excused=true").body["items"][0]["excused"] == "Storm."
    assert get(admin, f"/breaches?clock=first_touch&cause={breach['proposed']}").body["items"] == []
    until = breach["at"]
    assert get(admin, f"/breaches?clock=first_touch&until={until}").body["items"] == []
    assert len(get(admin, f"/breaches?clock=first_touch&since={until}").body["items"]) == 1
    assert get(clients["sam"], "/breaches").body["items"] == []


def test_deals_are_read_with_exact_amounts(clients: Clients, lead: Leads) -> None:
    name = lead()
    say(clients["admin"], name, "deals", deal="D-1", amount="24000.50", currency="EUR")
    say(clients["admin"], name, "deals", deal="D-2", amount=300)
    found = {
        each["id"]: each["amount"] for each in get(clients["admin"], f"/deals?lead={name}&state=open").body["items"]
    }
    assert found == {"D-1": "24000.5", "D-2": "300"}
    assert len(get(clients["admin"], "/deals?deal=D-1").body["items"]) == 1
    assert get(clients["admin"], "/deals?state=won").body["items"] == []
    story = get(clients["admin"], f"/leads/{name}/story").body
    assert {each["id"] for each in story["deals"]} == {"D-1", "D-2"}


def test_pools_show_levels_and_the_ledger_adds_up(clients: Clients, lead: Leads) -> None:
    for _ in range(3):
        lead()
    home = next(pool for pool in get(clients["rep"], "/pools").body if pool["name"] == "home")
    assert (home["manager"], home["waiting"], home["held"]) == ("mia", 3, 0)
    levels = {each["rep"]: each["level"] for each in home["members"]}
    assert sorted(levels.values()) == ["1", "2"]
    ledger = get(clients["rep"], "/pools/home/ledger").body["items"]
    assert [each["sequence"] for each in ledger] == [3, 2, 1]
    for rep, level in levels.items():
        assert sum(int(each["amount"]) for each in ledger if each["rep"] == rep) == int(level)
    tag = clients["rep"].get("/api/pools")["ETag"]
    assert clients["rep"].get("/api/pools", headers={"If-None-Match": tag}).status_code == 304
    assert get(clients["rep"], "/pools/nowhere/ledger").status == 404


def test_a_lead_of_which_nothing_was_decided_has_a_story_too(clients: Clients) -> None:
    take_in([named(LeadCreated, lead="early", attributes={})])
    story = get(clients["admin"], "/leads/early/story").body
    assert (story["score"], story["judgement"]) == (None, None)
