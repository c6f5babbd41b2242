"""Conditions: what each operator means, and what is said about a condition that is written wrongly."""

from __future__ import annotations

import copy
import pickle
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from handfast.condition import (
    All,
    AnyOf,
    Condition,
    NoneOf,
    Operator,
    Test,
    ValueType,
    evaluate,
    names_in,
    parse,
    plain,
    trace,
    values_of,
)
from handfast.problem import Problems

NAMES: dict[str, Any] = {
    "industry": ValueType.TEXT,
    "title": ValueType.TEXT,
    "path": ValueType.TEXT,
    "email_domain": ValueType.TEXT,
    "employees": ValueType.NUMBER,
    "revenue": ValueType.MONEY,
    "customer": ValueType.BOOLEAN,
    "wants_by": ValueType.DATE,
    "country": ValueType.COUNTRY,
    "interest": SimpleNamespace(type=ValueType.CHOICE, one_of=("Core", "Edge")),
    "fit": ValueType.NUMBER,
}
LISTS = {"competitors": frozenset({"rival.example", "other.example"}), "free_mail": frozenset({"mail.example"})}


def read(raw: object) -> Condition:
    problems = Problems()
    condition = parse(raw, ("when",), NAMES, LISTS, problems)
    assert not problems, [str(problem) for problem in problems]
    assert condition is not None
    return condition


def holds(raw: object, **given: object) -> bool:
    return evaluate(read(raw), values_of(given, NAMES))


MEANINGS = [
    # condition, value of the one name it reads, whether it holds
    ({"industry": "Software"}, "software", True),
    ({"industry": "software"}, "  SOFTWARE ", True),
    ({"industry": "software"}, "hardware", False),
    ({"industry": "software"}, None, False),
    ({"industry": "Straße"}, "STRASSE", True),
    ({"industry": "ﬁntech"}, "Fintech", True),
    ({"industry": "real estate"}, "Real \u00a0 Estate", True),
    ({"industry": {"is_not": "software"}}, "hardware", True),
    ({"industry": {"is_not": "software"}}, "Software", False),
    ({"industry": {"is_not": "software"}}, None, True),
    ({"industry": {"in": ["software", "fintech"]}}, "FinTech", True),
    ({"industry": {"in": ["software", "fintech"]}}, "retail", False),
    ({"industry": {"in": ["software", "fintech"]}}, None, False),
    ({"industry": {"not_in": ["software", "fintech"]}}, "retail", True),
    ({"industry": {"not_in": ["software", "fintech"]}}, "FinTech", False),
    ({"industry": {"not_in": ["software", "fintech"]}}, None, True),
    ({"email_domain": {"in_list": "competitors"}}, "Rival.example", True),
    ({"email_domain": {"in_list": "competitors"}}, "sub.rival.example", False),
    ({"email_domain": {"in_list": "competitors"}}, None, False),
    ({"employees": {"at_least": 50}}, 50, True),
    ({"employees": {"at_least": 50}}, 49, False),
    ({"employees": {"at_least": 50}}, None, False),
    ({"employees": {"at_most": 50}}, 50, True),
    ({"employees": {"at_most": 50}}, 51, False),
    ({"employees": {"at_most": 50}}, None, False),
    ({"employees": {"above": 50}}, 51, True),
    ({"employees": {"above": 50}}, 50, False),
    ({"employees": {"above": 50}}, None, False),
    ({"employees": {"below": 50}}, 49, True),
    ({"employees": {"below": 50}}, 50, False),
    ({"employees": {"below": 50}}, None, False),
    ({"employees": {"between": [50, 1000]}}, 50, True),
    ({"employees": {"between": [50, 1000]}}, 1000, True),
    ({"employees": {"between": [50, 1000]}}, 1001, False),
    ({"employees": {"between": [50, 1000]}}, 49, False),
    ({"employees": {"between": [50, 1000]}}, None, False),
    ({"employees": {"between": [50, 50]}}, 50, True),
    ({"employees": 200}, "200", True),
    ({"employees": 200}, "two hundred", False),
    ({"revenue": {"at_least": Decimal("0.3")}}, Decimal("0.1") + Decimal("0.2"), True),
    ({"revenue": {"at_least": 0.3}}, 0.3, True),
    ({"customer": True}, True, True),
    ({"customer": True}, "False", False),
    ({"customer": False}, None, False),
    ({"customer": {"is_not": True}}, None, True),
    ({"wants_by": {"below": "2027-01-01"}}, "2026-12-31", True),
    ({"wants_by": {"between": ["2027-01-01", "2027-03-31"]}}, "2027-03-31", True),
    ({"wants_by": "2027-01-01"}, "2027-01-02", False),
    ({"country": "DE"}, "de", True),
    ({"country": {"in": ["DE", "AT", "CH"]}}, "CH", True),
    ({"interest": "core"}, "CORE", True),
    ({"title": {"has_word": "VP"}}, "VP of Sales", True),
    ({"title": {"has_word": "VP"}}, "SVP/VP, Sales", True),
    ({"title": {"has_word": "VP"}}, "MVP", False),
    ({"title": {"has_word": "VP"}}, "VP2 and mvp", False),
    ({"title": {"has_word": "VP"}}, None, False),
    ({"title": {"has_word": "vice president"}}, "Senior Vice  President EMEA", True),
    ({"title": {"has_word": "c++"}}, "Lead C++ developer", True),
    ({"title": {"has_word": "chef"}}, "Küchenchef", False),
    ({"title": {"has_word": "директор"}}, "Генеральный директор", True),
    ({"title": {"has_word": "директор"}}, "директора", False),
    ({"title": {"has_word": "部長"}}, "営業部長", True),
    ({"title": {"has_word": "हिन"}}, "हिन्दी", False),
    ({"title": {"has_word": "न्दी"}}, "हिन्दी", False),
    ({"title": {"has_any_word": ["VP", "Head", "Chief"]}}, "Head of IT", True),
    ({"title": {"has_any_word": ["VP", "Head", "Chief"]}}, "Figurehead", False),
    ({"title": {"has_any_word": ["VP", "Head", "Chief"]}}, None, False),
    ({"path": {"starts_with": "/pricing"}}, "/Pricing/teams", True),
    ({"path": {"starts_with": "/pricing"}}, "/en/pricing", False),
    ({"path": {"starts_with": "/pricing"}}, None, False),
    ({"path": {"ends_with": ".pdf"}}, "/whitepaper.PDF", True),
    ({"path": {"ends_with": ".pdf"}}, "/whitepaper.pdf?x", False),
    ({"path": {"ends_with": ".pdf"}}, None, False),
    ({"path": {"contains": "pricing"}}, "/en/pricing/teams", True),
    ({"path": {"contains": "pricing"}}, "/en/price", False),
    ({"path": {"contains": "pricing"}}, None, False),
    ({"industry": {"known": True}}, "x", True),
    ({"industry": {"known": True}}, "   ", False),
    ({"industry": {"known": False}}, None, True),
    ({"industry": {"known": False}}, "x", False),
    ({"none": [{"industry": "software"}]}, None, True),
    ({"none": [{"industry": "software"}]}, "software", False),
    ({"none": [{"industry": {"is_not": "software"}}]}, None, False),
    ({"any": [{"industry": "software"}, {"industry": {"known": False}}]}, None, True),
    ({"any": [{"industry": "software"}, {"industry": "fintech"}]}, "retail", False),
    ({"all": [{"industry": {"contains": "soft"}}, {"industry": {"contains": "ware"}}]}, "software", True),
    ({"industry": {"contains": "soft", "ends_with": "ware"}}, "softwares", False),
]


@pytest.mark.parametrize(("raw", "found", "expected"), MEANINGS, ids=[f"{raw}-{found}" for raw, found, _ in MEANINGS])
def test_each_operator_means_what_the_contract_says(raw: object, found: object, expected: bool) -> None:
    condition = read(raw)
    (name,) = names_in(condition)
    values = values_of({name: found}, NAMES)
    assert evaluate(condition, values) is expected
    assert trace(condition, values).holds is expected
    if found is None:
        assert evaluate(condition, {}) is expected  # absent and None are the same


def test_several_keys_mean_all() -> None:
    raw = {"industry": "software", "employees": {"at_least": 50, "below": 1000}}
    assert read(raw) == All(
        (
            Test("industry", Operator.IS, "software"),
            Test("employees", Operator.AT_LEAST, 50),
            Test("employees", Operator.BELOW, 1000),
        )
    )
    assert holds(raw, industry="Software", employees=999)
    assert not holds(raw, industry="Software", employees=1000)
    assert not holds(raw, employees=999)


def test_groups_nest() -> None:
    raw = {"any": [{"country": "DE"}, {"none": [{"country": "US"}, {"customer": True}]}], "fit": {"at_least": 20}}
    assert read(raw) == All(
        (
            AnyOf(
                (
                    Test("country", Operator.IS, "de"),
                    NoneOf((Test("country", Operator.IS, "us"), Test("customer", Operator.IS, operand=True))),
                )
            ),
            Test("fit", Operator.AT_LEAST, 20),
        )
    )
    assert holds(raw, country="FR", fit=20)
    assert not holds(raw, country="US", fit=20)


def test_a_list_is_kept_by_name_and_by_content() -> None:
    condition = read({"email_domain": {"in_list": "competitors"}})
    assert condition == Test("email_domain", Operator.IN_LIST, LISTS["competitors"], "competitors")


def test_a_trace_says_what_was_found_everywhere() -> None:
    condition = read({"none": [{"industry": "software"}, {"all": [{"country": "DE"}, {"fit": {"above": 3}}]}]})
    found = trace(condition, values_of({"industry": "Software", "fit": 4}, NAMES))
    assert (found.kind, found.holds) == ("none", False)
    industry, group = found.parts
    assert (industry.kind, industry.name, industry.operator, industry.operand, industry.found, industry.holds) == (
        "test", "industry", Operator.IS, "software", "software", True,
    )  # fmt: skip
    assert (group.kind, group.holds, [(part.found, part.holds) for part in group.parts]) == (
        "all", False, [(None, False), (4, True)],
    )  # fmt: skip


def test_empty_groups_made_by_hand_behave_as_logic_says() -> None:
    assert evaluate(All(()), {})
    assert not evaluate(AnyOf(()), {})
    assert evaluate(NoneOf(()), {})


def test_a_condition_can_be_copied_pickled_and_hashed_after_use() -> None:
    condition = read(
        {"industry": {"in": ["a", "b"]}, "any": [{"employees": 3}, {"email_domain": {"in_list": "free_mail"}}]}
    )
    assert not evaluate(condition, {})
    for twin in (copy.deepcopy(condition), pickle.loads(pickle.dumps(condition))):  # noqa: S301 our own bytes
        assert twin == condition
        assert hash(twin) == hash(condition)
        assert not evaluate(twin, {})


def test_plain_data_reads_back() -> None:
    raw = {
        "any": [{"country": {"in": ["de", "at"]}}, {"employees": {"between": [1, 5]}}],
        "none": [{"email_domain": {"in_list": "free_mail"}}],
        "title": {"has_any_word": ["vp", "head"], "known": True},
    }
    assert read(plain(read(raw))) == read(raw)


MISTAKES: list[tuple[object, str, str, str, str]] = [
    # condition, dotted path, code, part of the message, nearest
    (3, "when", "wrong_condition", "not 3", ""),
    (None, "when", "wrong_condition", "not nothing", ""),
    ([{"country": "DE"}], "when", "wrong_condition", "not a list", ""),
    ({}, "when", "empty_condition", "empty", ""),
    ({"industy": "x"}, "when.industy", "unknown_name", "called 'industy'", "industry"),
    ({"al": [{"country": "DE"}]}, "when.al", "unknown_name", "called 'al'", "all"),
    ({7: "x"}, "when.7", "unknown_name", "called 7", ""),
    ({None: "x"}, "when.None", "unknown_name", "called nothing", "none"),
    ({"band": "warm"}, "when.band", "name_not_here", "'band' cannot be used", ""),
    ({"industry": {}}, "when.industry", "empty_condition", "Nothing is asked", ""),
    ({"industry": {"iss": "x"}}, "when.industry.iss", "unknown_operator", "'iss' is not an operator", "is"),
    ({"industry": {2: "x"}}, "when.industry.2", "unknown_operator", "2 is not an operator", ""),
    ({"industry": {"at_least": 3}}, "when.industry.at_least", "unknown_operator", "of type text", ""),
    ({"employees": {"contains": "5"}}, "when.employees.contains", "unknown_operator", "of type number", ""),
    ({"industry": ["a"]}, "when.industry", "list_without_operator", "needs an operator", ""),
    ({"industry": None}, "when.industry", "wrong_operand", "with nothing", ""),
    ({"industry": {"is": " "}}, "when.industry.is", "wrong_operand", "with ' '", ""),
    ({"industry": {"is": 2027}}, "when.industry.is", "wrong_operand", "with 2027", ""),
    ({"industry": {"is": "x" * 99}}, "when.industry.is", "", "", ""),
    ({"customer": "yes"}, "when.customer", "wrong_operand", "with 'yes'", ""),
    ({"employees": "50"}, "when.employees", "wrong_operand", "with '50'", ""),
    ({"employees": True}, "when.employees", "wrong_operand", "with true", ""),
    ({"employees": float("nan")}, "when.employees", "wrong_operand", "with nan", ""),
    ({"employees": float("inf")}, "when.employees", "wrong_operand", "with inf", ""),
    ({"employees": Decimal("1e99")}, "when.employees", "wrong_operand", "with 1E+99", ""),
    ({"employees": 10**5000}, "when.employees", "wrong_operand", "with a very large number", ""),
    ({"wants_by": "2027-02-30"}, "when.wants_by", "wrong_operand", "with '2027-02-30'", ""),
    ({"wants_by": "20270201"}, "when.wants_by", "wrong_operand", "with '20270201'", ""),
    ({"wants_by": {"is": {"a": 1}}}, "when.wants_by.is", "wrong_operand", "with a mapping", ""),
    ({"wants_by": {"is": [1]}}, "when.wants_by.is", "wrong_operand", "with a list", ""),
    ({"country": "UK"}, "when.country", "unknown_country", "'UK'", "GB"),
    ({"country": {"in": ["DE", "Germany"]}}, "when.country.in[1]", "unknown_country", "'Germany'", ""),
    ({"interest": "Edgy"}, "when.interest", "unknown_choice", "not a value of 'interest'", "Edge"),
    ({"industry": {"in": "software"}}, "when.industry.in", "wrong_operand", "A list is needed", ""),
    ({"industry": {"in": []}}, "when.industry.in", "empty_list", "The list is empty", ""),
    ({"industry": {"in": ["google", 1]}}, "when.industry.in[1]", "wrong_operand", "with 1", ""),
    ({"industry": {"in": ["google", "Google"]}}, "when.industry.in[1]", "repeated_value", "the same as 'google'", ""),
    ({"employees": {"between": [5, 1]}}, "when.employees.between", "range_reversed", "between 5 and 1", ""),
    ({"employees": {"between": 5}}, "when.employees.between", "wrong_operand", "two values", ""),
    ({"employees": {"between": [1, 2, 3]}}, "when.employees.between", "wrong_operand", "two values", ""),
    ({"employees": {"between": [1, "2"]}}, "when.employees.between[1]", "wrong_operand", "with '2'", ""),
    ({"email_domain": {"in_list": "fre_mail"}}, "when.email_domain.in_list", "unknown_list", "'fre_mail'", "free_mail"),
    ({"email_domain": {"in_list": ["a"]}}, "when.email_domain.in_list", "unknown_list", "a list", ""),
    ({"industry": {"known": "yes"}}, "when.industry.known", "wrong_operand", "true or false", ""),
    ({"any": []}, "when.any", "wrong_group", "an empty list", ""),
    ({"any": {"country": "DE"}}, "when.any", "wrong_group", "not a mapping", ""),
    ({"any": [{"country": "DE"}, 5]}, "when.any[1]", "wrong_condition", "not 5", ""),
    ({"all": [{"none": [{"countri": 1}]}]}, "when.all[0].none[0].countri", "unknown_name", "'countri'", "country"),
]  # fmt: skip


@pytest.mark.parametrize(("raw", "path", "code", "words", "near"), MISTAKES, ids=[f"{m[1]}-{m[2]}" for m in MISTAKES])
def test_each_mistake_is_placed_and_named(raw: object, path: str, code: str, words: str, near: str) -> None:
    problems = Problems()
    condition = parse(raw, ("when",), NAMES, LISTS, problems)
    if not code:
        assert not problems
        return
    assert condition is None
    (problem,) = problems
    assert (problem.dotted, problem.code, problem.nearest) == (path, code, near)
    assert words in problem.message
    assert code == "repeated_value" or problem.allowed


def test_all_mistakes_come_at_once() -> None:
    problems = Problems()
    raw = {"industri": "x", "employees": {"above": "5", "belo": 3}, "any": [{"country": "UK"}, {}]}
    assert parse(raw, ("when",), NAMES, LISTS, problems) is None
    assert [problem.dotted for problem in problems] == [
        "when.industri", "when.employees.above", "when.employees.belo", "when.any[0].country", "when.any[1]",
    ]  # fmt: skip


def test_earlier_problems_of_the_document_do_not_spoil_a_good_condition() -> None:
    problems = Problems()
    problems.add("something", ("else",), "Wrong elsewhere.")
    assert parse({"country": "DE"}, ("when",), NAMES, LISTS, problems) is not None
