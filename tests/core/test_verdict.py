"""A verdict stands exactly as long as judging again says the same, and no longer than what it was made from."""

from __future__ import annotations

import itertools
from functools import cache

import pytest

from handfast.contract import load
from handfast.contract.model import Contract
from handfast.qualify import Asked, LeadThen, judged
from handfast.score import Scored
from handfast.verdict import Edges, Verdict

HEAD = """\
handfast: 1
contract: judged
version: 1
effective_from: 2027-01-01T00:00:00Z
parties:
  marketing: {name: Dana Reyes, email: dana@acme.example}
  sales: {name: Omar Haddad, email: omar@acme.example}
score:
  fit: {signals: {industry: {when: {industry: software}, points: 20}}}
  behaviour: {signals: {pricing: {on: page_viewed, points: 20, most_recent: 3, fades: 25% every 14 days}}}
"""
EVERY_KIND = """\
  bands: {warm: 40}
definitions:
  icp: {when: {behaviour: {between: [12.5, 30]}}}
  mql:
    when: {any: [{total: {above: 70}}, {behaviour: {is: 33.33}}], fit: {at_least: 20}}
    hand_raise: {on: form_submitted, when: {form: demo, behaviour: {at_most: 25.005}}}
    unless:
      low: {when: {behaviour: {below: -10}}}
      odd: {when: {total: {not_in: [21, 35, 90]}, industry: {known: true}, behaviour: {known: false}}}
routing: {to: inbound}
"""
PLAIN = """\
definitions: {mql: {when: {total: {at_least: 70}}}}
routing: {to: inbound}
"""
SWEPT = [
    *range(-3000, 8000, 7),
    *(each + by for each in (-1000, 500, 700, 1250, 2500, 3000, 3333, 5000) for by in (-1, 0, 1)),
]


@cache
def contract_of(text: str) -> Contract:
    loaded = load(HEAD + text)
    assert loaded.contract is not None, loaded.problems
    return loaded.contract


def lead(behaviour: int, *asked: Asked, fit: int = 2000) -> LeadThen:
    return LeadThen(attributes={"industry": "software"}, score=Scored(fit, behaviour), asked=asked, known_since={})


@pytest.mark.parametrize("fit", [0, 2000])
@pytest.mark.parametrize(
    ("text", "asked"),
    [
        (EVERY_KIND, ()),
        (EVERY_KIND, (Asked(happened_at=1, properties={"form": "demo"}),)),
        (PLAIN, ()),
    ],
)
def test_while_it_stands_judging_again_says_the_same(text: str, asked: tuple[Asked, ...], fit: int) -> None:
    contract = contract_of(text)
    edges, found = Edges.of(contract), {each: judged(contract, lead(each, *asked, fit=fit)) for each in SWEPT}
    said = {Verdict.on(contract, edges, lead(each, *asked, fit=fit))[4:]: each for each in SWEPT}
    assert len(said) > 1, "it never comes to an end"
    for (low, high), at in said.items():
        within = {each for each in SWEPT if low <= each < high}
        assert at in within
        assert all(found[each] == found[at] for each in within)


def test_every_score_belongs_to_one_verdict() -> None:
    contract = contract_of(EVERY_KIND)
    ranges = sorted({Edges.of(contract).around(Scored(2000, each)) for each in range(-4000, 12000)})
    assert all(before[1] == after[0] for before, after in itertools.pairwise(ranges))


def test_it_falls_with_anything_that_it_was_made_from() -> None:
    contract, then = contract_of(PLAIN), lead(100)
    verdict = Verdict.on(contract, Edges.of(contract), then)
    values, since = then.attributes, then.known_since
    assert verdict.stands(values, since, (), 100)
    assert not verdict.stands(dict(values), since, (), 100)
    assert not verdict.stands(values, dict(since), (), 100)
    assert not verdict.stands(values, since, (Asked(happened_at=1, properties={}),), 100)
    assert not verdict.stands(values, since, (), 5000)
