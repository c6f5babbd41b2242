"""What the whole-contract checks call impossible never happens, whatever the contract and whoever the lead."""

from __future__ import annotations

import json
import random
from decimal import Decimal
from fractions import Fraction
from itertools import product
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.support.examples import examples

from handfast.condition import Value, ValueType, names_in, parse, values_of
from handfast.contract import load
from handfast.contract.check.domain import Domain, domain_of
from handfast.contract.check.limits import Limits
from handfast.contract.check.ranges import Range, added
from handfast.contract.check.reach import Box, assumed
from handfast.contract.check.whole import conditions_of
from handfast.contract.model import Attribute, Contract
from handfast.problem import Problems
from handfast.score import Scored, compile_table, fit_of, points, score_at

WORDS = ["oil", "gas", "oil and gas"]
NUMBERS = [0, 1, 2, 5]
PRODUCTS = ["core", "edge"]
COUNTRIES = ["DE", "FR"]


def operators(values: list[Any]) -> st.SearchStrategy[dict[str, Any]]:
    one, several = st.sampled_from(values), st.lists(st.sampled_from(values), min_size=1, max_size=2, unique=True)
    return st.one_of(
        st.fixed_dictionaries({"is": one}),
        st.fixed_dictionaries({"is_not": one}),
        st.fixed_dictionaries({"in": several}),
        st.fixed_dictionaries({"not_in": several}),
        st.fixed_dictionaries({"known": st.booleans()}),
    )


def comparisons(values: list[int]) -> st.SearchStrategy[dict[str, Any]]:
    one = st.sampled_from(values)
    return st.one_of(
        *(st.fixed_dictionaries({word: one}) for word in ("at_least", "at_most", "above", "below")),
        st.tuples(one, one).map(sorted).map(lambda ends: {"between": ends}),
    )


WORDY = st.one_of(
    *(st.fixed_dictionaries({word: st.sampled_from(WORDS)}) for word in ("has_word", "contains", "starts_with")),
    st.fixed_dictionaries({"has_any_word": st.lists(st.sampled_from(WORDS), min_size=1, max_size=2, unique=True)}),
    st.just({"in_list": "fuels"}),
)
NAMED = st.one_of(
    st.fixed_dictionaries({"industry": operators(WORDS) | WORDY}),
    st.fixed_dictionaries({"machines": operators(NUMBERS) | comparisons(NUMBERS)}),
    st.fixed_dictionaries({"product": operators(PRODUCTS)}),
    st.fixed_dictionaries({"customer": st.booleans().map(lambda flag: {"is": flag})}),
    st.fixed_dictionaries({"country": operators(COUNTRIES)}),
)
SCORED = st.sampled_from(["fit", "behaviour", "total"]).flatmap(
    lambda name: st.fixed_dictionaries({name: comparisons([-30, -5, 0, 5, 10, 25]) | operators([0, 10])})
)


def trees(leaves: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    return st.recursive(
        leaves,
        lambda inner: st.sampled_from(["all", "any", "none"]).flatmap(
            lambda word: st.fixed_dictionaries({word: st.lists(inner, min_size=1, max_size=3)})
        ),
        max_leaves=5,
    )


POINTS = st.sampled_from([-20, -5, 0, 5, 10])
FIT = st.lists(st.fixed_dictionaries({"when": trees(NAMED), "points": POINTS}), max_size=4)
PAGES = st.fixed_dictionaries({"path": operators(["/a", "/b"])})
BEHAVIOUR = st.lists(
    st.fixed_dictionaries({"on": st.just("page_viewed"), "when": trees(PAGES), "points": POINTS})
    | st.fixed_dictionaries({"on": st.just("page_viewed"), "points": POINTS, "most_recent": st.integers(1, 3)}),
    max_size=2,
)
LIMITS = st.fixed_dictionaries(
    {}, optional={"at_most": st.sampled_from([0, 15]), "at_least": st.sampled_from([-10, 0])}
)
LEAD = st.fixed_dictionaries(
    {},
    optional={
        "industry": st.sampled_from([*WORDS, "oilgas", "water"]),
        "machines": st.sampled_from([*NUMBERS, 3, 100, -1]),
        "product": st.sampled_from(PRODUCTS),
        "customer": st.booleans(),
        "country": st.sampled_from([*COUNTRIES, "JP"]),
    },
)
ACTS = st.lists(st.sampled_from(["/a", "/b", "/c", None]), max_size=6)


ATTRIBUTES = {
    "industry": Attribute(name="industry", type=ValueType.TEXT),
    "machines": Attribute(name="machines", type=ValueType.NUMBER),
    "product": Attribute(name="product", type=ValueType.CHOICE, one_of=("Core", "Edge")),
    "customer": Attribute(name="customer", type=ValueType.BOOLEAN),
    "country": Attribute(name="country", type=ValueType.COUNTRY),
}
EVERYBODY: list[dict[str, Value | None]] = [
    dict(zip(ATTRIBUTES, values, strict=True))
    for values in product(
        ["oil", "gas", "oil and gas", "oilgas", "water", None],
        [-1, 0, Decimal("0.5"), 1, Decimal("1.5"), 2, 3, 5, 100, None],
        ["core", "edge", None],
        [True, False],
        ["de", None],
    )
]
"""One lead of each kind that the drawn conditions can tell apart, and more."""


@given(raw=st.lists(trees(NAMED), min_size=1, max_size=4).map(lambda parts: {"all": parts}))
@settings(max_examples=examples(100))
def test_nobody_satisfies_a_condition_that_is_called_impossible(raw: dict[str, Any]) -> None:
    problems = Problems()
    condition = parse(raw, (), ATTRIBUTES, {"fuels": frozenset({"oil", "gas"})}, problems)
    assume(condition is not None)
    assert condition is not None
    box = Box({name: domain_of(attribute) for name, attribute in ATTRIBUTES.items()})
    for truth in (True, False):
        left = assumed(box, condition, truth=truth)
        satisfying = [values for values in EVERYBODY if condition.holds(values) is truth]
        assert left is not None or not satisfying
        for values in satisfying:
            assert left is not None
            assert all(allows(domain, values[name]) for name, domain in left.domains.items())


PLAIN = st.one_of(
    st.fixed_dictionaries({"machines": operators(NUMBERS) | comparisons(NUMBERS)}),
    st.fixed_dictionaries({"product": operators(PRODUCTS)}),
    st.fixed_dictionaries({"industry": operators(WORDS) | st.just({"in_list": "fuels"})}),
)


@given(raw=st.lists(PLAIN, min_size=1, max_size=5).map(lambda parts: {"all": parts}))
@settings(max_examples=examples(300))
def test_of_several_tests_that_must_all_hold_nothing_impossible_is_missed(raw: dict[str, Any]) -> None:
    condition = parse(raw, (), ATTRIBUTES, {"fuels": frozenset({"oil", "gas"})}, Problems())
    assume(condition is not None)
    assert condition is not None
    box = Box({name: domain_of(attribute) for name, attribute in ATTRIBUTES.items()})
    left = assumed(box, condition)
    assert (left is not None) is any(condition.holds(values) for values in EVERYBODY)


def shuffled(raw: Any, rng: random.Random) -> Any:
    """The same condition, written in another order."""
    if isinstance(raw, dict):
        return {key: shuffled(raw[key], rng) for key in rng.sample(list(raw), len(raw))}
    if isinstance(raw, list) and isinstance(raw[0], dict):
        return [shuffled(each, rng) for each in rng.sample(raw, len(raw))]
    return raw


ASKED = trees(
    st.lists(NAMED, min_size=1, max_size=3).map(lambda parts: {"all": parts})
    | st.dictionaries(
        st.sampled_from(["is", "starts_with", "has_word", "contains"]), st.sampled_from(WORDS), min_size=2
    ).map(lambda asked: {"industry": asked})
)


@given(raw=st.lists(ASKED, min_size=2, max_size=4), rng=st.randoms(use_true_random=False))
@settings(max_examples=examples(100))
def test_the_order_in_which_tests_are_written_decides_nothing(raw: list[dict[str, Any]], rng: random.Random) -> None:
    lists = {"fuels": frozenset({"oil", "gas"})}
    condition = parse({"all": raw}, (), ATTRIBUTES, lists, Problems())
    again = parse({"all": shuffled(raw, rng)}, (), ATTRIBUTES, lists, Problems())
    assume(condition is not None)
    assert condition is not None
    assert again is not None
    box = Box({name: domain_of(attribute) for name, attribute in ATTRIBUTES.items()})
    for truth in (True, False):
        assert (assumed(box, condition, truth=truth) is None) is (assumed(box, again, truth=truth) is None)


def allows(domain: Domain, value: Value | None) -> bool:
    """Whether a domain has a value."""
    if value is None:
        return domain.unknown
    if domain.values is not None:
        return value in domain.values
    if value in domain.excluded:
        return False
    point = (Fraction(value), 0) if not isinstance(value, str) else None
    return point is None or (
        (domain.low is None or domain.low <= point) and (domain.high is None or point <= domain.high)
    )


def named(signals: list[dict[str, Any]]) -> dict[str, Any]:
    return {f"s{place}": signal for place, signal in enumerate(signals)}


def contract_with(score: dict[str, Any], bar: dict[str, Any], raised: dict[str, Any], out: dict[str, Any]) -> Contract:
    """A contract of these parts; what the loader refuses is no contract."""
    document = {
        "handfast": 1,
        "contract": "drawn",
        "version": 1,
        "effective_from": "2027-01-01T00:00:00Z",
        "parties": {
            "marketing": {"name": "Dana", "email": "dana@acme.example"},
            "sales": {"name": "Omar", "email": "omar@acme.example"},
        },
        "attributes": {"machines": "number", "product": {"one_of": ["Core", "Edge"]}},
        "lists": {"fuels": ["oil", "gas"]},
        "score": score,
        "definitions": {
            "mql": {
                "when": bar,
                "hand_raise": {"on": "form_submitted", "when": raised},
                "unless": {"out": {"when": out}},
            }
        },
        "routing": {"to": "inbound"},
    }
    found = load(json.dumps(document)).contract
    assume(found is not None)
    assert found is not None
    return found


def scored(contract: Contract, attributes: dict[str, Value | None], acts: list[str | None]) -> Scored:
    table = compile_table(contract)
    instants: list[list[int]] = [[] for _ in table.behaviour]
    for at, path in enumerate(acts):
        for signal in table.matching("page_viewed", {"path": path}):
            instants[signal].append(at)
    return score_at(table, fit_of(table, attributes), instants, len(acts))


def within(value: int, found: Range) -> bool:
    low, high = found
    exact = points(value)
    return (low is None or low <= exact) and (high is None or exact <= high)


SCORES = st.fixed_dictionaries(
    {
        "fit": st.builds(lambda signals, limits: {"signals": named(signals), **limits}, FIT, LIMITS),
        "behaviour": st.builds(lambda signals, limits: {"signals": named(signals), **limits}, BEHAVIOUR, LIMITS),
    }
)


@given(
    score=SCORES,
    bar=trees(NAMED | SCORED),
    raised=trees(NAMED | st.just({"form": {"is": "demo"}}) | SCORED),
    out=trees(NAMED | SCORED),
    leads=st.lists(st.tuples(LEAD, ACTS), min_size=5, max_size=12),
)
@settings(max_examples=examples(50))
def test_no_lead_does_what_is_called_impossible(
    score: dict[str, Any],
    bar: dict[str, Any],
    raised: dict[str, Any],
    out: dict[str, Any],
    leads: list[tuple[dict[str, Any], list[str | None]]],
) -> None:
    contract = contract_with(score, bar, raised, out)
    limits = Limits(contract)
    asked = limits.with_properties("form_submitted")
    conditions = [condition for condition in conditions_of(contract) if "path" not in names_in(condition)]
    can = [limits.holds(condition, asked) is not None for condition in conditions]
    must = [limits.holds(condition, asked, truth=False) is None for condition in conditions]
    for given_attributes, acts in leads:
        attributes = values_of(given_attributes, contract.attributes)
        found = scored(contract, attributes, acts)
        assert within(found.fit, limits.fit(limits.anyone))
        assert within(found.behaviour, limits.behaviour)
        assert within(found.total, added((limits.fit(limits.anyone), limits.behaviour)))
        for form in ("demo", None):
            values = {**attributes, **found.values(), "form": form}
            for condition, possible, certain in zip(conditions, can, must, strict=True):
                holds = condition.holds(values)
                assert possible or not holds, (condition, values)
                assert not certain or holds, (condition, values)
