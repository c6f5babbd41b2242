"""Rosters: pools and reps changed by form as through the interface; who leaves; refusals in place."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import translation
from tests.support.page import Node, parsed
from tests.support.service import Crew, Hands, named

from handfast.facts import Accepted, MemberRemoved, MemberSet, PoolManagerSet, Reassigned, RepSet
from handfast_server.accounts.models import User
from handfast_server.decide.session import tell, tell_all
from handfast_server.handoffs.models import Cycle
from handfast_server.pages.rosters.stands import Load
from handfast_server.pages.templatetags.rosters import level
from handfast_server.rosters.queries import MemberStand, pools_now, reps_now
from handfast_server.worker.team import leave

Leads = Callable[..., str]
KEY = "k" * 32


def main(client: Client, address: str) -> Node:
    text = client.get(address).content.decode()
    return parsed(text[text.index("<main") : text.index("</main>") + 7])


def member(pool: str, rep: str) -> MemberStand | None:
    stand = next(each for each in pools_now() if each.name == pool)
    return next((each for each in stand.members if each.rep == rep and each.here), None)


def form(client: Client, pool: str) -> dict[str, list[str]]:
    """What the form of the members holds, as a browser would send it."""
    table = main(client, f"/rosters/pools/{pool}").one("tbody")
    sent: dict[str, list[str]] = {"key": [KEY]}
    for row in table.all("tr"):
        for each in row.all("input"):
            if each.attributes.get("type") != "checkbox":
                sent.setdefault(each.attributes["name"], []).append(each.attributes.get("value", ""))
        sent.setdefault("calendar", []).append("")
    return sent


@pytest.fixture
def max_(team: Crew) -> Client:
    """Max, who manages the first pool alone; Kim is in it, and Lena only in the others."""
    own = team.pools[0]
    user = User.objects.create_user("max@acme.example", None, name="Max", rep="max", roles=["manager"])
    tell_all([
        named(RepSet, rep="kim"),
        named(MemberSet, pool=own, rep="kim"),
        named(PoolManagerSet, pool=own, rep="max"),
        named(MemberRemoved, pool=own, rep="lena"),
    ])  # fmt: skip
    client = Client()
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


def test_members_are_changed_in_one_form_and_only_what_was_changed(team: Crew, clients: dict[str, Client]) -> None:
    mia, pool = clients["manager"], team.pools[0]
    sent = form(mia, pool)
    assert sent["rep"] == ["lena", "sam"]
    sent |= {"weight": ["3", "1"], "open_cap": ["12", ""], "day_cap": ["", ""]}
    assert mia.post(f"/rosters/pools/{pool}/members", sent).status_code == 302
    lena, sam = member(pool, "lena"), member(pool, "sam")
    assert lena is not None
    assert (lena.weight, lena.open_cap, lena.day_cap) == (3, 12, None)
    assert sam is not None
    assert sam.weight == 1
    assert "1 member was changed" in mia.get(f"/rosters/pools/{pool}").content.decode()
    again = form(mia, pool) | {"key": ["z" * 32], "out": ["sam"]}
    assert mia.post(f"/rosters/pools/{pool}/members", again).status_code == 302
    assert member(pool, "sam") is None


def test_what_is_wrong_stands_at_its_member_and_nothing_is_saved(team: Crew, clients: dict[str, Client]) -> None:
    mia, pool = clients["manager"], team.pools[0]
    sent = form(mia, pool) | {"weight": ["many", "2"]}
    answer = mia.post(f"/rosters/pools/{pool}/members", sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "A weight is a whole number" in page
    assert 'value="many"' in page
    sam = member(pool, "sam")
    assert sam is not None
    assert sam.weight == 1


def test_what_somebody_else_changed_meanwhile_is_not_written_over(team: Crew, clients: dict[str, Client]) -> None:
    mia, pool = clients["manager"], team.pools[0]
    sent = form(mia, pool) | {"weight": ["2", "1"]}
    tell(named(MemberSet, pool=pool, rep="lena", weight=5))
    answer = mia.post(f"/rosters/pools/{pool}/members", sent)
    assert answer.status_code == 422
    assert "changed this member meanwhile" in answer.content.decode()
    lena = member(pool, "lena")
    assert lena is not None
    assert lena.weight == 5


def test_a_manager_is_offered_and_allowed_their_own_pool_alone(max_: Client, team: Crew) -> None:
    own, other = team.pools[:2]
    assert list(main(max_, f"/rosters/pools/{own}").all("form"))
    assert not list(main(max_, f"/rosters/pools/{other}").all("form"))
    assert max_.post(f"/rosters/pools/{other}/join", {"key": KEY, "rep": "kim"}).status_code == 422
    refused = max_.post(f"/rosters/pools/{own}/join", {"key": "l" * 32, "rep": "lena"})
    assert refused.status_code == 422
    assert "a sales leader or an administrator" in refused.content.decode()
    assert member(own, "lena") is None
    assert max_.post(f"/rosters/pools/{own}/join", {"key": "m" * 32, "rep": "new"}).status_code == 302
    assert member(own, "new") is not None
    assert max_.post(f"/rosters/pools/{own}/manager", {"key": KEY, "rep": "max"}).status_code == 403
    assert max_.post("/rosters/reps/lena/caps", {"key": KEY, "open_cap": "1"}).status_code == 422
    assert max_.post("/rosters/reps/kim/caps", {"key": "n" * 32, "open_cap": "7"}).status_code == 302
    assert {rep.name: rep.open_cap for rep in reps_now()}["kim"] == 7
    assert "lena" in max_.get("/rosters/reps/lena/leave").content.decode()
    assert "a sales leader or an administrator" in max_.get("/rosters/reps/lena/leave").content.decode()


def test_a_leader_appoints_a_manager_and_everybody_may_look(team: Crew, clients: dict[str, Client]) -> None:
    pool = team.pools[0]
    assert clients["sales_leader"].post(f"/rosters/pools/{pool}/manager", {"rep": "sam", "key": KEY}).status_code == 302
    assert next(each for each in pools_now() if each.name == pool).manager == "sam"
    for part in ("viewer", "rep", "marketing"):
        assert not list(main(clients[part], f"/rosters/pools/{pool}").all("form")), part
        assert clients[part].post(f"/rosters/pools/{pool}/join", {"rep": "x"}).status_code == 403, part


def test_names_are_whatever_another_system_calls_them(team: Crew, clients: dict[str, Client]) -> None:
    strange = ["a/b", "x\ny", "<script>alert(1)</script>", "Ω" * 200, "=1+1", "..", "ليلى"]
    for place, name in enumerate(strange):
        tell(named(MemberSet, pool=team.pools[0], rep=name))
        page = clients["admin"].get(reverse("rosters_rep", kwargs={"rep": name}))
        assert page.status_code == 200, place
        assert "<script>alert" not in page.content.decode()
    assert clients["admin"].get("/rosters").status_code == 200
    assert clients["admin"].get("/team").status_code == 200
    assert clients["admin"].get(reverse("team_rep", kwargs={"rep": "a/b"})).status_code == 200
    assert "'=1+1" in clients["viewer"].get("/rosters/rosters.csv").content.decode()


def test_somebody_new_is_added_once(team: Crew, clients: dict[str, Client]) -> None:
    assert clients["manager"].post("/rosters/reps", {"rep": "zoe", "key": KEY}).status_code == 302
    assert "zoe" in {rep.name for rep in reps_now()}
    assert clients["manager"].post("/rosters/reps", {"rep": " ", "key": "o" * 32}).status_code == 422


def test_adding_a_known_name_changes_nothing_of_theirs(team: Crew, clients: dict[str, Client]) -> None:
    tell(named(RepSet, rep="lena", active=False, open_cap=3))
    answer = clients["manager"].post("/rosters/reps", {"rep": "lena", "key": KEY})
    assert answer.status_code == 422
    assert "in the rosters already" in answer.content.decode()
    lena = next(rep for rep in reps_now() if rep.name == "lena")
    assert (lena.active, lena.open_cap) == (False, 3)


def test_who_leaves_is_shown_what_becomes_of_what_they_hold_first(
    team: Crew, lead: Leads, clients: dict[str, Client], clock: Hands
) -> None:
    waits, worked = lead(), lead()
    for name in (waits, worked):
        tell(named(Reassigned, lead=name, by="mia", to="lena"))
    tell(named(Accepted, lead=worked, by="lena"))
    tell(named(RepSet, rep="lena", open_cap=9))
    shown = main(clients["manager"], "/rosters/reps/lena/leave").text
    assert "1 handoff waits with them" in shown
    assert "1 lead is taken on" in shown
    assert next(rep for rep in reps_now() if rep.name == "lena").active
    assert clients["manager"].post("/rosters/reps/lena/leave", {"key": KEY, "to": "sam"}).status_code == 302
    while leave():
        pass
    lena = next(rep for rep in reps_now() if rep.name == "lena")
    assert (lena.active, lena.open_cap) == (False, 9)
    assert {Cycle.objects.get(lead=name).owner for name in (waits, worked)} == {"sam"}
    assert clients["manager"].post("/rosters/reps/lena/back", {"key": KEY + "b"}).status_code == 302
    assert next(rep for rep in reps_now() if rep.name == "lena").active


def test_what_was_left_without_a_new_owner_is_given_on_later(
    team: Crew, lead: Leads, clients: dict[str, Client]
) -> None:
    name = lead()
    tell(named(Reassigned, lead=name, by="mia", to="lena"))
    tell(named(Accepted, lead=name, by="lena"))
    clients["manager"].post("/rosters/reps/lena/leave", {"key": KEY})
    while leave():
        pass
    assert Cycle.objects.get(lead=name).owner == "lena"
    assert "1 lead taken on has no new owner" in main(clients["manager"], "/rosters/reps/lena").text
    assert clients["rep"].post("/rosters/reps/lena/hand-on", {"to": "sam", "key": KEY}).status_code == 403
    clients["manager"].post("/rosters/reps/lena/hand-on", {"to": "sam", "key": "p" * 32})
    assert Cycle.objects.get(lead=name).owner == "sam"


def test_who_leaves_alone_is_a_warning(team: Crew, clients: dict[str, Client]) -> None:
    tell(named(RepSet, rep="sam", active=False))
    shown = main(clients["manager"], "/rosters/reps/lena/leave").text
    assert "Nobody else can be given leads" in shown
    assert "A pool loses its manager" in main(clients["admin"], "/rosters/reps/mia/leave").text


def test_before_anything_is_signed_the_pages_say_what_comes_next(clients: dict[str, Client]) -> None:
    shown = main(clients["admin"], "/rosters").text
    assert "There is no pool yet" in shown
    assert "Nobody is in the rosters" in shown
    assert "Nobody is away in this month" in main(clients["admin"], "/absences").text
    assert clients["admin"].get("/rosters/pools/none").status_code == 404
    assert clients["admin"].get("/rosters/reps/none").status_code == 404


@pytest.mark.parametrize(
    ("has", "cap", "state"),
    [(3, None, ""), (9, 12, ""), (10, 12, "soon"), (12, 12, "late"), (5, 4, "late"), (0, 0, "late")],
)
def test_a_load_is_told_by_its_share_of_the_cap(has: int, cap: int | None, state: str) -> None:
    assert Load(has, cap, 0, None).state == state
    assert Load(0, None, has, cap).day_state == state


def test_a_level_is_written_as_the_reader_writes_numbers() -> None:
    assert [level(exact) for exact in ("2", "7/2", "-1/3")] == ["2", "3.50", "-0.33"]
    with translation.override("de"):
        assert level("7/2") == "3,50"
