"""Which rows somebody sees."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.support.service import Crew, named

from handfast.facts import Accepted, AdminWithdrew, MemberRemoved, PoolManagerSet, Reassigned
from handfast_server.access import (
    Principal,
    access_activities,
    access_assignments,
    access_breaches,
    access_clocks,
    access_cycles,
    access_deals,
    access_leads,
    access_owned,
    access_transitions,
    of_user,
    pools_managed,
)
from handfast_server.accounts.models import User
from handfast_server.decide.session import tell
from handfast_server.handoffs.models import Cycle

EVERY = (
    access_activities,
    access_assignments,
    access_breaches,
    access_clocks,
    access_cycles,
    access_deals,
    access_leads,
    access_transitions,
)


def _seen(user: User) -> set[str]:
    return set(access_leads(of_user(user)).values_list("pk", flat=True))


def _owner(lead: str) -> str:
    return Cycle.objects.get(lead=lead).owner


def test_a_rep_sees_their_own_and_nobody_elses(lead: Callable[..., str], people: dict[str, User]) -> None:
    leads = [lead() for _ in range(4)]
    owners = {each: _owner(each) for each in leads}
    assert set(owners.values()) == {"lena", "sam"}
    for part, rep in (("rep", "lena"), ("sam", "sam")):
        assert _seen(people[part]) == {each for each, owner in owners.items() if owner == rep}


@pytest.mark.parametrize("part", ["admin", "marketing", "marketing_leader", "sales_leader", "viewer"])
def test_others_see_all(part: str, lead: Callable[..., str], people: dict[str, User]) -> None:
    assert {lead(), lead(asks=False)} == _seen(people[part])


def test_who_has_no_role_sees_nothing(lead: Callable[..., str], people: dict[str, User]) -> None:
    lead()
    assert all(not access(of_user(people["charlie"])).exists() for access in EVERY)


def test_a_manager_sees_the_pools_they_manage(lead: Callable[..., str], team: Crew, people: dict[str, User]) -> None:
    one = lead()
    assert _seen(people["manager"]) == {one}
    assert pools_managed(of_user(people["manager"])) == set(team.pools)
    for pool in team.pools:
        tell(named(PoolManagerSet, pool=pool, rep="lena"))
    assert _seen(people["manager"]) == set()


def test_a_manager_who_is_nobody_in_the_rosters_sees_nothing(lead: Callable[..., str]) -> None:
    lead()
    nobody = Principal(id="user:1", name="x", roles=frozenset(("manager", "rep")))
    assert all(not access(nobody).exists() for access in EVERY)


def test_what_is_taken_from_a_rep_they_no_longer_see_and_what_ended_with_them_they_do(
    lead: Callable[..., str], people: dict[str, User], team: Crew
) -> None:
    moved, ended = lead(), lead()
    for each in (moved, ended):
        tell(named(Reassigned, lead=each, by="mia", to="lena"))
    assert _seen(people["rep"]) == {moved, ended}
    tell(named(Reassigned, lead=moved, by="mia", to="sam"))
    assert tell(named(AdminWithdrew, lead=ended, by="priya", note="A test.")).step.refused is None
    assert _owner(ended) == ""
    assert _seen(people["rep"]) == {ended}
    assert _seen(people["sam"]) == {moved}


def test_what_hangs_on_a_cycle_is_seen_with_it(lead: Callable[..., str], people: dict[str, User]) -> None:
    one = lead()
    tell(named(Reassigned, lead=one, by="mia", to="lena"))
    tell(named(Accepted, lead=one, by="lena"))
    lena, sam = of_user(people["rep"]), of_user(people["sam"])
    for access in (access_activities, access_assignments, access_clocks, access_cycles, access_transitions):
        assert access(lena).exists(), access
        assert not access(sam).exists(), access


def test_a_held_handoff_is_its_managers(lead: Callable[..., str], team: Crew, people: dict[str, User]) -> None:
    for pool in team.pools:
        for rep in team.reps:
            tell(named(MemberRemoved, pool=pool, rep=rep))
    held = lead()
    assert _owner(held) in {"", "mia"}
    assert _seen(people["manager"]) == {held}


def test_what_somebody_owns_is_a_part_of_what_they_see(lead: Callable[..., str], people: dict[str, User]) -> None:
    for to in ("lena", "sam", "mia", "lena"):
        tell(named(Reassigned, lead=lead(), by="mia", to=to))
    nobody = Principal(id="user:1", name="lena", roles=frozenset(), rep="lena")
    by_name = Principal(id="user:2", name="lena", roles=frozenset(("rep",)))
    for who in (*map(of_user, people.values()), nobody, by_name):
        seen = access_cycles(who).filter(owner=who.name)
        assert set(access_owned(who)) == set(seen), who
    assert access_owned(of_user(people["rep"])).count() == 2
