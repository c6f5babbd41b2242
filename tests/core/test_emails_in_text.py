"""Addresses are found in a text however they stand in it, and no text is slow to look through."""

from __future__ import annotations

import pytest

from handfast.identity import emails_in


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("nobody", set()),
        ("Call Ann+x@B.example. Or <bob@b.example>;", {"ann@b.example", "bob@b.example"}),
        ('{"e":"A.n.n@googlemail.com"}', {"ann@gmail.com"}),
        ("mailto:'ann+y@b.example'?subject=50%", {"ann@b.example"}),
        ("https://a.example/?e=ann%2Bx%40b.example&f=1", {"ann@b.example"}),
        ("o'hara+x@b.example", {"o'hara@b.example"}),
        ("x@y and @ and a@", set()),
        ("a" * 400 + "@b.example", set()),
    ],
)
def test_addresses_in_a_text(text: str, found: set[str]) -> None:
    assert emails_in(text) == found


def test_a_long_run_of_letters_is_passed_over() -> None:
    assert emails_in("a" * 1_000_000 + "@ " + "@" * 1_000_000) == set()
