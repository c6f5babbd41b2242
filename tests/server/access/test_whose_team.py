"""A manager changes their own team, whichever door they take, and names nobody to manage, least of all themselves."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from tests.support.service import Crew, named

from handfast.facts import MemberRemoved, MemberSet, PoolManagerSet, RepSet
from handfast_server.accounts.models import User
from handfast_server.decide.session import tell_all

pytestmark = pytest.mark.django_db

AWAY = {"starts": "2099-01-01T00:00:00Z", "ends": "2099-01-02T00:00:00Z"}


@pytest.fixture
def outsider(team: Crew) -> Client:
    """Max, a manager whom the rosters name for no pool."""
    user = User.objects.create_user("max@acme.example", None, name="Max", rep="max", roles=["manager"])
    return _browser(user)


def _browser(user: User) -> Client:
    client = Client()
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


def changes(pool: str) -> list[tuple[str, str, dict[str, Any]]]:
    """Everything that can be told of a team: its address, its type in a batch, and what is told."""
    return [
        ("reps", "rep", {"rep": "lena", "open_cap": 1}),
        ("members", "member", {"pool": pool, "rep": "max"}),
        ("members/removed", "member_removed", {"pool": pool, "rep": "lena"}),
        ("managers", "manager", {"pool": pool, "rep": "max"}),
        ("absences", "absence", {"absence": "a1", "rep": "lena", **AWAY}),
        ("absences/cancelled", "absence_cancelled", {"absence": "a1", "rep": "lena"}),
        ("owners", "account_owner", {"account": "acc1", "owner": "lena"}),
    ]


def told(client: Client, path: str, body: dict[str, Any]) -> int:
    return client.post(f"/api/team/{path}", body, content_type="application/json").status_code


def test_a_manager_of_nothing_changes_nothing_and_sees_nothing(
    outsider: Client, team: Crew, clients: dict[str, Client]
) -> None:
    before = clients["viewer"].get("/api/team").json()
    for path, kind, body in changes(team.pools[0]):
        assert told(outsider, path, body) == 403, path
        batch = outsider.post("/api/intake/batch", {"items": [{"type": kind, **body}]}, content_type="application/json")
        assert batch.json()["items"][0]["code"] in {"not_your_pool", "not_allowed"}, kind
    assert outsider.put("/api/team/reps/lena/calendar", b"", content_type="text/calendar").status_code == 403
    assert clients["viewer"].get("/api/team").json() == before
    assert outsider.get("/api/leads").json()["items"] == []


def test_a_manager_changes_their_own_pool_and_who_is_in_it(team: Crew, clients: dict[str, Client]) -> None:
    mia, pool = clients["manager"], team.pools[0]
    for path, _, body in changes(pool):
        assert told(mia, path, body) == (403 if path == "managers" else 200), path
    assert told(mia, "reps", {"rep": "zoe"}) == 200  # somebody new


def test_a_manager_leaves_the_pools_of_another_alone(outsider: Client, team: Crew) -> None:
    own, other = team.pools[:2]
    tell_all([
        named(RepSet, rep="kim"),
        named(MemberSet, pool=own, rep="kim"),
        named(PoolManagerSet, pool=own, rep="max"),
    ])  # fmt: skip
    assert told(outsider, "members", {"pool": own, "rep": "max", "weight": 2}) == 200
    assert told(outsider, "members", {"pool": other, "rep": "max"}) == 403
    assert told(outsider, "absences", {"absence": "k", "rep": "kim", **AWAY}) == 200
    assert told(outsider, "reps", {"rep": "mia", "active": False}) == 403
    assert told(outsider, "managers", {"pool": other, "rep": "max"}) == 403


def test_an_absence_of_another_is_not_taken_over(outsider: Client, team: Crew, clients: dict[str, Client]) -> None:
    tell_all([
        named(RepSet, rep="kim"),
        named(MemberSet, pool=team.pools[0], rep="kim"),
        named(PoolManagerSet, pool=team.pools[0], rep="max"),
    ])  # fmt: skip
    assert told(clients["sales_leader"], "absences", {"absence": "m", "rep": "mia", **AWAY}) == 200
    assert told(outsider, "absences/cancelled", {"absence": "m", "rep": "kim"}) == 403


def test_nobody_takes_a_rep_out_of_another_team(outsider: Client, team: Crew, clients: dict[str, Client]) -> None:
    own, other = team.pools[:2]
    tell_all([
        *(named(MemberRemoved, pool=pool, rep="sam") for pool in team.pools),
        named(MemberRemoved, pool=own, rep="lena"),
        named(PoolManagerSet, pool=own, rep="max"),
    ])  # fmt: skip
    for rep in ("lena", "mia"):  # who is in another's pool, and who manages one
        assert told(outsider, "members", {"pool": own, "rep": rep}) == 403, rep
    for rep in ("sam", "new", "max"):  # who is in none, nobody's yet, oneself
        assert told(outsider, "members", {"pool": own, "rep": rep}) == 200, rep
    assert told(clients["sales_leader"], "members", {"pool": own, "rep": "lena"}) == 200
    refused = outsider.post("/api/team/reps", {"rep": "lena", "active": False}, content_type="application/json")
    assert refused.json()["code"] == "not_your_pool"
    assert other in refused.json()["message"]
    assert told(outsider, "members", {"pool": own, "rep": "lena", "weight": 3}) == 200
    assert told(outsider, "absences", {"absence": "ill", "rep": "lena", **AWAY}) == 200
    assert told(outsider, "reps", {"rep": "sam", "open_cap": 5}) == 200


@pytest.mark.parametrize("part", ["admin", "sales_leader"])
def test_who_leads_names_managers(part: str, team: Crew, clients: dict[str, Client]) -> None:
    assert told(clients[part], "managers", {"pool": team.pools[0], "rep": "max"}) == 200
