"""Telephone numbers, postcodes and names of companies in one spelling."""

from __future__ import annotations

import pytest

from handfast.identity import normal_company, normal_phone, normal_postcode, same_phone


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("+49 (0)30 1234567", "030/123 45 67", True),
        ("0049 30 1234567", "+49-30-1234567", True),
        ("(415) 555-0134 ext. 12", "+1 415 555 0134", True),
        ("415.555.0134 x12", "4155550134", True),
        ("030 1234567", "030 1234568", False),
        ("12", "12", False),
        ("", "", False),
    ],
)
def test_a_number_is_the_same_with_and_without_its_country(one: str, other: str, same: bool) -> None:
    assert same_phone(normal_phone(one), normal_phone(other)) is same
    assert same_phone(normal_phone(other), normal_phone(one)) is same


@pytest.mark.parametrize(
    ("raw", "plain"),
    [("D-10115", "10115"), ("94105-1234", "94105"), ("SW1A 1AA", "sw1a1aa"), ("1010 AB", "1010ab"), ("", "")],
)
def test_a_postcode_is_its_letters_and_digits(raw: str, plain: str) -> None:
    assert normal_postcode(raw) == plain


@pytest.mark.parametrize(
    ("raw", "plain"),
    [("Acme, Inc.", "acme"), ("ACME GmbH & Co. KG", "acme"), ("Ａcme", "acme"), ("GmbH", "gmbh"), ("  ", "")],
)
def test_a_company_is_its_name_without_its_form(raw: str, plain: str) -> None:
    assert normal_company(raw) == plain
