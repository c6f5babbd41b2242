"""Which account a company is, and why it and not another."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.examples import examples

from handfast.match import (
    Account,
    AccountBy,
    AccountMatch,
    Accounts,
    Agrees,
    Described,
    Tie,
    close,
    joins,
)
from handfast.route import Opportunity

FREE = frozenset({"gmail.com", "web.example"})


def account(id_: str, name: str, *domains: str, **values: Any) -> Account:
    described = Described(
        name=name, domains=domains, phones=values.pop("phones", ()), postcodes=values.pop("postcodes", ())
    )
    return Account(id=id_, described=described, **values)


def known(*accounts: Account) -> Accounts:
    index = Accounts(FREE)
    for each in accounts:
        index.put(each)
    return index


def asked(name: str, *domains: str, phone: str = "", postcode: str = "") -> Described:
    return Described(name=name, domains=domains, phones=(phone,), postcodes=(postcode,))


def shown(match: AccountMatch) -> tuple[str, AccountBy, tuple[Agrees, ...]] | None:
    return None if match.account is None else (match.account.id, match.found[0].by, match.found[0].agrees)


INDEX = known(
    account("acme", "Acme Robotics GmbH", "acme.example", phones=("+49 (0)30 1234567",), postcodes=("D-10115",)),
    account("beta", "Beta", "web.example", postcodes=("94105-1234",)),
)


@pytest.mark.parametrize(
    ("described", "found"),
    [
        (asked("ACME robotics"), ("acme", AccountBy.EXACT_NAME, ())),
        (asked("Acme Robotics, Inc.", "Acme.example"), ("acme", AccountBy.EXACT_NAME, (Agrees.DOMAIN,))),
        (asked("Acme"), None),
        (asked("Acme", "lee@acme.example"), ("acme", AccountBy.CLOSE_NAME, (Agrees.DOMAIN,))),
        (asked("Acme", "https://www.acme.example/de"), ("acme", AccountBy.CLOSE_NAME, (Agrees.DOMAIN,))),
        (asked("Acme Robotisc", phone="030 1234567"), ("acme", AccountBy.CLOSE_NAME, (Agrees.PHONE,))),
        (asked("Acme Robotisc", phone="040 1234567"), None),
        (asked("AcmeRobotics", postcode="10115"), ("acme", AccountBy.CLOSE_NAME, (Agrees.POSTCODE,))),
        (asked("Acme Robotics Europe", postcode="10117"), None),
        (asked("Other", "acme.example"), None),
        (asked("", "acme.example"), None),
        (asked("Beta Labs", "beta@web.example"), None),
        (asked("Beta Labs", postcode="94105"), ("beta", AccountBy.CLOSE_NAME, (Agrees.POSTCODE,))),
        (asked("n/a", "acme.example"), None),
        (asked("Acme Robotics", phone="123"), ("acme", AccountBy.EXACT_NAME, ())),
    ],
)
def test_the_name_or_a_close_one_and_something_that_agrees(described: Described, found: object) -> None:
    assert shown(INDEX.match(described)) == found


def test_the_domain_alone_is_a_fallback_that_has_to_be_named() -> None:
    described = asked("Other", "acme.example")
    match = INDEX.match(described, by_domain_alone=True)
    assert shown(match) == ("acme", AccountBy.DOMAIN_ALONE, (Agrees.DOMAIN,))
    assert match.why == "acme: same domain, nothing else."
    assert shown(INDEX.match(asked("Other", "x@web.example"), by_domain_alone=True)) is None
    assert shown(INDEX.match(asked("Acme", "acme.example"), by_domain_alone=True)) is not None


def test_names_that_name_nobody_join_nobody() -> None:
    index = known(account("a", "Self-employed"), account("b", "N/A"), account("c", ""))
    for name in ("self employed", "n/a", ""):
        assert index.match(asked(name)).account is None


@pytest.mark.parametrize(
    ("first", "second", "tie"),
    [
        (account("b", "Acme", "acme.example"), account("a", "Acme"), Tie.SAME_DOMAIN),
        (account("b", "Acme", customer=True), account("a", "Acme"), Tie.CUSTOMER),
        (account("b", "Acme", owner_active=True), account("a", "Acme"), Tie.ACTIVE_OWNER),
        (account("b", "Acme", created_at=1), account("a", "Acme", created_at=2), Tie.OLDEST),
        (account("a", "Acme"), account("b", "Acme"), Tie.FIRST_ID),
        (account("b", "Acme"), account("a", "Acme Labs", "acme.example", customer=True), Tie.STRONGER),
    ],
)
def test_of_two_accounts_the_first_difference_decides(first: Account, second: Account, tie: Tie) -> None:
    for order in ((first, second), (second, first)):
        match = known(*order).match(asked("Acme", "acme.example"))
        assert [(found.account.id, found.lost_by) for found in match.found] == [(first.id, None), (second.id, tie)]


def test_a_match_tells_why_it_and_not_the_other() -> None:
    index = known(account("a1", "Acme", "acme.example"), account("a2", "Acme"), account("a3", "Acmee", "acme.example"))
    assert index.match(asked("Acme", "acme.example")).why == (
        "a1: exact name, same domain. a2 (exact name) is behind: another domain. "
        "a3 (close name, same domain) is behind: the match is weaker."
    )
    assert index.match(asked("Nobody")).why == (
        "No account has this name, or a close one with the same domain, telephone or postcode."
    )


def test_an_account_that_is_put_again_is_what_it_was_put_as_last() -> None:
    index = known(account("a", "Acme"), account("a", "Beta"))
    index.drop("never")
    assert index.match(asked("Acme")).account is None
    assert shown(index.match(asked("Beta"))) == ("a", AccountBy.EXACT_NAME, ())
    index.drop("a")
    assert index.match(asked("Beta")).account is None


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [
        ("acme", "acme robotics", True),
        ("acme", "acmeistics", False),
        ("data dog", "datadog", True),
        ("siemens", "simens", True),
        ("siemens", "seimens", True),
        ("siemens", "siemans", True),
        ("siemens", "simans", False),
        ("volkswagen", "volkswaegn", True),
        ("volkswagen", "volkwaagen", True),
        ("volkswagen", "vlkwaagen", False),
        ("ibm", "ibs", False),
        ("ibm", "ibm germany", False),
        ("acme", "", False),
        ("bosch", "bosch", True),
    ],
)
def test_how_close_names_may_be(one: str, other: str, near: bool) -> None:
    assert close(one, other) is near
    assert close(other, one) is near


@given(st.text("abcd ", max_size=14).map(str.strip), st.text("abcd ", max_size=14).map(str.strip))
@settings(max_examples=examples(200))
def test_closeness_is_mutual_and_every_long_name_is_close_to_itself(one: str, other: str) -> None:
    assert close(one, other) == close(other, one)
    assert close(one, one) == (len(one) >= 4)


NAMES = st.sampled_from(["Acme", "Acme GmbH", "Acmee", "Acme Labs", "Beta", ""])
DOMAINS = st.sampled_from(["acme.example", "beta.example", "gmail.com"])
RECORDS = st.builds(
    lambda name, domains, customer, owner, at: (name, tuple(domains), customer, owner, at),
    NAMES,
    st.lists(DOMAINS, max_size=2),
    st.booleans(),
    st.booleans(),
    st.integers(0, 2),
)


@given(st.lists(RECORDS, max_size=8), NAMES, DOMAINS, st.randoms())
@settings(max_examples=examples(150))
def test_the_order_in_which_accounts_became_known_changes_nothing(
    records: list[Any], name: str, domain: str, chance: Any
) -> None:
    accounts = [
        account(str(number), name_, *domains, customer=customer, owner_active=owner, created_at=at)
        for number, (name_, domains, customer, owner, at) in enumerate(records)
    ]
    shuffled = chance.sample(accounts, len(accounts))
    one, other = (known(*order).match(asked(name, domain)) for order in (accounts, shuffled))
    assert one == other
    assert len({found.account.id for found in one.found}) == len(one.found)


def test_another_person_at_an_account_joins_its_latest_open_opportunity() -> None:
    deals = [
        Opportunity(id="d1", lead="nora", account="a", owner="lena", opened_at=1),
        Opportunity(id="d2", lead="nora", account="a", owner="sam", opened_at=2),
        Opportunity(id="d3", lead="nora", account="b", owner="tom", opened_at=3),
    ]
    found = joins("a", deals)
    assert found is not None
    assert (found.id, found.owner) == ("d2", "sam")
    assert joins("c", deals) is None
    assert joins(None, deals) is None
    assert joins(None, [Opportunity(id="d4", lead="nora", account=None, owner="tom", opened_at=4)]) is None
