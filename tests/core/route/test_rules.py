"""Which pool: the first rule that matches, and what those before it found."""

from __future__ import annotations

from dataclasses import replace

import pytest

from handfast.contract import load
from handfast.contract.model import Contract, Routing
from handfast.route import pool_of, routed

TEXT = """\
handfast: 1
contract: routed
version: 1
effective_from: 2027-01-01T00:00:00Z
parties:
  marketing: {name: Dana Reyes, email: dana@acme.example}
  sales: {name: Omar Haddad, email: omar@acme.example}
score: {fit: {signals: {industry: {when: {industry: software}, points: 60}}}}
definitions: {mql: {when: {total: {at_least: 60}}}}
routing:
  rules:
    - {when: {employees: {above: 1000}}, to: enterprise}
    - {when: {country: {in: [DE, AT]}}, to: dach}
    - {when: {band: nurture}, to: triage}
    - {to: inbound}
pools: {enterprise: {}, dach: {}, triage: {}, inbound: {}}
"""


@pytest.fixture
def contract() -> Contract:
    loaded = load(TEXT)
    assert loaded.contract is not None, loaded.problems
    return loaded.contract


@pytest.mark.parametrize(
    ("values", "pool"),
    [
        ({"employees": 1001, "country": "de", "band": "engage"}, "enterprise"),
        ({"employees": 1000, "country": "de", "band": "engage"}, "dach"),
        ({"employees": None, "country": "at", "band": "nurture"}, "dach"),
        ({"band": "nurture"}, "triage"),
        ({"band": "engage"}, "inbound"),
        ({}, "inbound"),
    ],
)
def test_the_first_rule_that_matches_names_the_pool(
    contract: Contract, values: dict[str, int | str | None], pool: str
) -> None:
    assert pool_of(contract, values) == pool
    assert routed(contract, values).pool == pool


def test_the_trace_tells_every_rule_up_to_the_one_that_matched(contract: Contract) -> None:
    found = routed(contract, {"employees": 40, "country": "at"})
    assert found.rule == 1
    assert [(each.position, each.to, each.matched) for each in found.tried] == [
        (0, "enterprise", False),
        (1, "dach", True),
    ]
    assert found.tried[0].why is not None
    assert found.tried[0].why.found == 40


def test_the_catch_all_has_no_condition_to_tell(contract: Contract) -> None:
    found = routed(contract, {"band": "engage"})
    assert found.rule == 3
    assert found.tried[-1].why is None


def test_rules_that_nobody_could_load_are_refused(contract: Contract) -> None:
    open_ended = replace(contract, routing=Routing(owner_first=True, rules=contract.routing.rules[:2]))
    with pytest.raises(ValueError, match="no rule matches"):
        pool_of(open_ended, {})
    with pytest.raises(ValueError, match="no rule matches"):
        routed(open_ended, {})
