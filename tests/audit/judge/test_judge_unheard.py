from __future__ import annotations

from collections.abc import Callable

from handfast.audit.export import Export
from handfast.audit.judge import judge
from handfast.contract.model import Contract

Make = Callable[..., Export]
FRIDAY = "2027-01-08 14:30"


def sentences(export: Export, contract: Contract) -> list[str]:
    return [one for one in judge(export, contract).assumed if one.startswith("The contract asks for")]


def test_a_word_that_no_lead_has_is_told_with_those_it_has(make_export: Make, acme: Contract) -> None:
    industries = ["Financial_Services", "software", "software", "retail", "health", None]
    export = make_export(6, stages={"mql": [FRIDAY] * 6}, attributes={"industry": industries})
    told = "The contract asks for industry fintech; no lead has it; most frequent here: "
    assert sentences(export, acme) == [told + "software, Financial_Services, retail and 1 more."]


def test_nothing_is_told_of_words_that_occur_whatever_their_case(make_export: Make, acme: Contract) -> None:
    export = make_export(
        2,
        stages={"mql": [FRIDAY] * 2},
        attributes={"industry": ["SoftWare", "FinTech"], "country": ["DE", "FR"], "employees": ["7", "8"]},
    )
    assert sentences(export, acme) == []


def test_nothing_is_told_of_an_attribute_that_is_empty_or_missing(make_export: Make, acme: Contract) -> None:
    assert sentences(make_export(1, attributes={"industry": [None]}), acme) == []
    assert sentences(make_export(1), acme) == []
