"""Which lead a record is of: its id in its system, else its address."""

from __future__ import annotations

import pytest

from handfast.match import LeadBy, match_lead

BY_ID = {("crm", "123"): "ann", ("forms", "x9"): "bob"}
BY_EMAIL = {"ann.lee@gmail.com": "ann", "bob@acme.example": "bob"}


@pytest.mark.parametrize(
    ("ids", "email", "lead", "by"),
    [
        ({"crm": "123.0"}, "", "ann", LeadBy.SYSTEM_ID),
        ({"forms": "123"}, "", None, None),
        ({}, "Bob+demo@ACME.example", "bob", LeadBy.EMAIL),
        ({"crm": "999"}, "bob@acme.example", "bob", LeadBy.EMAIL),
        ({}, "b.ob@acme.example", None, None),
        ({}, "no address", None, None),
        ({"forms": "x9", "crm": "123"}, "", "ann", LeadBy.SYSTEM_ID),
    ],
)
def test_the_same_id_in_its_system_else_the_same_address(
    ids: dict[str, str], email: str, lead: str | None, by: LeadBy | None
) -> None:
    found = match_lead(ids, email, by_id=BY_ID, by_email=BY_EMAIL)
    assert (found.lead, found.by, found.also) == (lead, by, None)


def test_dots_count_for_nothing_where_the_provider_ignores_them() -> None:
    by_email = {"annlee@gmail.com": "ann"}
    found = match_lead({}, "Ann.Lee+x@googlemail.com", by_id={}, by_email=by_email)
    assert (found.lead, found.key) == ("ann", "annlee@gmail.com")
    assert found.why == "The same e-mail address: annlee@gmail.com."


def test_an_id_and_an_address_that_disagree_are_two_records_of_one_human_perhaps() -> None:
    found = match_lead({"crm": "123"}, "bob@acme.example", by_id=BY_ID, by_email=BY_EMAIL)
    assert (found.lead, found.also) == ("ann", "bob")
    assert found.why == ("The same id in its system: crm 123. The address alone would name bob: they may be one human.")


def test_nobody_is_nobody() -> None:
    found = match_lead({}, "", by_id=BY_ID, by_email={"": "never"})
    assert found.lead is None
    assert found.why == "No lead has this id or this address."
