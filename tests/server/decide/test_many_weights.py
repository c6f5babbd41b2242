"""A pool whose members have had many weights: levels are fine fractions, and everything goes on as with coarse ones."""

from __future__ import annotations

import pytest
from django.test import Client
from tests.support.service import Crew, named, new_lead

from handfast.facts import MemberSet, RepSet
from handfast_server.decide import team as teams
from handfast_server.decide.replay import again, verify
from handfast_server.decide.session import tell
from handfast_server.handoffs.models import Cycle, LedgerEntry
from handfast_server.handoffs.story import story_of
from handfast_server.invariants.check import check
from handfast_server.leads.models import Lead

pytestmark = pytest.mark.django_db

WEIGHTS = (997, 991, 983, 977, 971, 967, 953, 947, 941)
"""Primes: their least common multiple has 27 digits."""


def weigh(rep: str, weight: int) -> None:
    tell(named(MemberSet, pool="home", rep=rep, weight=weight))


def test_a_pool_of_many_weights_goes_on_sharing(team: Crew, clients: dict[str, Client]) -> None:
    for rep in team.reps:
        weigh(rep, 0)
    before, leads = "", list[str]()
    for place, weight in enumerate(WEIGHTS):
        rep = f"rep{place}"
        tell(named(RepSet, rep=rep))
        weigh(rep, weight)  # at the level of who is there
        if before:
            weigh(before, 0)
        before = rep
        leads.append(new_lead())
    owners = dict(Cycle.objects.values_list("lead", "owner"))
    assert [owners[lead] for lead in leads] == [f"rep{place}" for place in range(len(WEIGHTS))]
    assert teams.stored().rosters["home"].unit > 2**64
    assert teams.stored() == again().team
    assert [each for each in check() if each.broken] == []
    assert verify().differences == ()
    long = LedgerEntry.objects.exclude(exact="").first()
    assert long is not None
    assert abs(long.numerator / long.denominator - eval_fraction(long.exact)) < 1e-6
    told = clients["admin"].get("/api/pools/home/ledger").json()["items"]
    assert long.exact in {row["amount"] for row in told}
    for lead in leads:
        explained = story_of(Lead.objects.get(pk=lead))["explanations"]
        (choice,) = [node for each in explained for node in each["trace"] if node["topic"] == "choice"]
        assert choice["found"] == owners[lead]


def eval_fraction(text: str) -> float:
    numerator, denominator = map(int, text.split("/"))
    return numerator / denominator
