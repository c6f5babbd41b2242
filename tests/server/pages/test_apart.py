"""Words that run from right to left, or say that they do, turn nothing that stands around them."""

from __future__ import annotations

from handfast_server.apart import apart
from handfast_server.delivery.digest import name_of
from handfast_server.leads.models import Lead


def test_what_turns_is_kept_apart_and_everything_else_is_as_it_was() -> None:
    for plain in ("", "Greta Adler", "Straße 12 – „Müller“", "株式会社", "🏳️"):
        assert apart(plain) == plain
    for turned in ("\u202eeman", "שלום", "شركة", "a\u2067b"):
        assert apart(turned) == f"\u2068{turned}\u2069"
    assert apart("a\u2069 \u202eb") == "\u2068a \u202eb\u2069", "nobody ends our mark"


def test_a_company_that_turns_leaves_the_name_as_it_is() -> None:
    assert name_of(Lead(id="1", name="Ann Lee", company="\u202eemca")) == "Ann Lee (\u2068\u202eemca\u2069)"
    assert name_of(Lead(id="1", name="Ann Lee", company="Acme")) == "Ann Lee (Acme)"
