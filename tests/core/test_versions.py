from __future__ import annotations

import dataclasses
import datetime as dt
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from handfast.contract.model import Contract, Party, PartyName
from handfast.contract.seal import seal
from handfast.contract.sign import SETTLING, Signature, Signed, Succession, appoint, conclude, propose, with_signature
from handfast.contract.terms import Per, PerPeriod
from handfast.contract.versions import History, Part, append, history, owed, parts, period_around, start_of_day
from handfast.errors import OutsideCalendar, SealBroken, SignatureRefused
from handfast.instant import DAY, HOUR, Instant, parse_instant

MORNING = parse_instant("2026-12-01T09:00:00+01:00")


def signed(contract: Contract, base: Signed | None, at: Instant, **changes: Any) -> Signed:
    """A version signed by everybody who must, an hour after each other."""
    sealed = seal(dataclasses.replace(contract, **changes))
    draft = propose(sealed, base, at=at)
    for place, (name, role) in enumerate((("Dana", PartyName.MARKETING), ("Omar", PartyName.SALES))):
        email = f"{name.lower()}@acme.example"
        signature = Signature(name=name, email=email, role=role, at=at + place * HOUR, digest=sealed.digest)
        draft = with_signature(draft, signature)
    return conclude(draft)


@pytest.fixture(scope="module")
def seventh(acme: Contract) -> Signed:
    return signed(acme, None, MORNING)


@pytest.fixture(scope="module")
def eighth(acme: Contract, seventh: Signed) -> Signed:
    """Amended in the middle of a month."""
    effective = parse_instant("2027-02-15T00:00:00+01:00")
    more = dataclasses.replace(acme.marketing, mql=PerPeriod(Decimal(118), Per.MONTH))
    return signed(acme, seventh, MORNING + 30 * DAY, version=8, effective_from=effective, marketing=more)


@pytest.fixture(scope="module")
def both(seventh: Signed, eighth: Signed) -> History:
    return history([seventh, eighth])


def version(found: Signed | None) -> int | None:
    return None if found is None else found.sealed.contract.version


@pytest.mark.parametrize(
    ("at", "governs"),
    [
        ("2026-12-31T23:59:59+01:00", None),
        ("2027-01-01T00:00:00+01:00", 7),
        ("2027-02-14T23:59:59+01:00", 7),
        ("2027-02-15T00:00:00+01:00", 8),
        ("2030-01-01T00:00:00+01:00", 8),
    ],
)
def test_a_version_governs_until_the_next_one_does(both: History, at: str, governs: int | None) -> None:
    assert version(both.governing(parse_instant(at))) == governs


def test_nothing_governs_before_anything_is_signed() -> None:
    assert History().governing(MORNING) is None


def refusal(found: History, further: Signed) -> str:
    with pytest.raises(SignatureRefused) as refused:
        append(found, further)
    return str(refused.value)


def test_version_9_cannot_come_before_version_8(acme: Contract, seventh: Signed, eighth: Signed) -> None:
    ninth = signed(acme, eighth, MORNING + 40 * DAY, version=9, effective_from=eighth.in_force_from)
    assert refusal(History((seventh,)), ninth) == "Version 9 cannot follow version 7: the next is 8."
    assert version(history([seventh, eighth, ninth]).governing(eighth.in_force_from)) == 9


def test_of_two_drafts_signed_at_once_the_first_recorded_stands(acme: Contract, seventh: Signed, both: History) -> None:
    other = signed(acme, seventh, MORNING + 30 * DAY, version=8, currency="USD")
    digest = both.versions[1].sealed.digest
    assert refusal(both, other) == (
        f"Another text of version 8 was signed on 31 December 2026, 10:00 (Europe/Berlin) (digest {digest[:12]}…); "
        f"this one ({other.sealed.digest[:12]}…) must become version 9."
    )


def test_a_version_is_recorded_once(both: History, eighth: Signed) -> None:
    assert refusal(both, eighth) == "Version 8 is signed already."


def test_a_version_older_than_the_first_is_refused(acme: Contract, both: History) -> None:
    assert (
        refusal(both, signed(acme, None, MORNING, version=6))
        == "Version 6 is older than the first version signed here."
    )


def test_a_text_changed_by_a_byte_is_found(seventh: Signed) -> None:
    content = seventh.sealed.content.replace(b'"amount":"90"', b'"amount":"91"')
    assert content != seventh.sealed.content
    with pytest.raises(SealBroken, match="The sealed contract was changed"):
        history([dataclasses.replace(seventh, sealed=dataclasses.replace(seventh.sealed, content=content))])


def test_values_that_are_not_those_of_the_bytes_are_found(acme: Contract, seventh: Signed) -> None:
    sealed = dataclasses.replace(seventh.sealed, contract=dataclasses.replace(acme, currency="USD"))
    with pytest.raises(SealBroken, match="Version 7 is not what its sealed bytes say"):
        history([dataclasses.replace(seventh, sealed=sealed)])


def test_a_missing_signature_is_found(seventh: Signed) -> None:
    with pytest.raises(SignatureRefused, match="Version 7 is not signed by Omar Haddad"):
        history([dataclasses.replace(seventh, signatures=seventh.signatures[:1])])


def test_a_version_recorded_in_force_too_early_is_found(seventh: Signed) -> None:
    early = dataclasses.replace(seventh, in_force_from=seventh.in_force_from - DAY)
    assert refusal(History(), early) == (
        "Version 7 is recorded in force from 31 December 2026, 00:00 (Europe/Berlin); "
        "by its text and signatures it is 1 January 2027, 00:00 (Europe/Berlin)."
    )


def test_a_last_signature_settles_within_a_minute(acme: Contract) -> None:
    late = signed(acme, None, acme.effective_from + DAY)
    settled = dataclasses.replace(late, in_force_from=late.in_force_from + SETTLING)
    assert history([settled]).versions == (settled,)
    later = dataclasses.replace(late, in_force_from=late.in_force_from + SETTLING + 1)
    assert "is recorded in force from" in refusal(History(), later)


def test_successions_are_proved_too(seventh: Signed) -> None:
    succession = Succession(
        version=7, party=PartyName.SALES, replaces="omar@acme.example", name="Lena", email="lena@acme.example",
        appointed_by="dana@acme.example", admin="priya@acme.example", at=MORNING + DAY, why="Omar left.",
    )  # fmt: skip
    succeeded = appoint(seventh, succession)
    assert history([succeeded]).versions == (succeeded,)
    forged = dataclasses.replace(seventh, successions=(dataclasses.replace(succession, admin="dana@acme.example"),))
    assert "An appointment needs an admin" in refusal(History(), forged)


# Days.


def test_each_version_has_its_days(both: History) -> None:
    assert parts(both, dt.date(2026, 12, 30), dt.date(2027, 3, 1)) == (
        Part(7, dt.date(2027, 1, 1), dt.date(2027, 2, 15)),
        Part(8, dt.date(2027, 2, 15), dt.date(2027, 3, 1)),
    )
    assert [part.days for part in parts(both, dt.date(2027, 2, 1), dt.date(2027, 3, 1))] == [14, 14]
    assert parts(both, dt.date(2026, 12, 1), dt.date(2027, 1, 1)) == ()


def test_a_day_belongs_to_the_version_in_force_when_it_began(acme: Contract, seventh: Signed) -> None:
    noon = parse_instant("2027-02-15T12:00:00+01:00")
    later = signed(acme, seventh, MORNING + 30 * DAY, version=8, effective_from=noon)
    assert parts(history([seventh, later]), dt.date(2027, 2, 14), dt.date(2027, 2, 17)) == (
        Part(7, dt.date(2027, 2, 14), dt.date(2027, 2, 16)),
        Part(8, dt.date(2027, 2, 16), dt.date(2027, 2, 17)),
    )


def mql(contract: Contract) -> PerPeriod | None:
    return contract.marketing.mql


def test_an_amendment_in_the_middle_of_a_month_counts_by_days(both: History) -> None:
    assert owed(both, mql, dt.date(2027, 1, 1), dt.date(2027, 2, 1)) == 90
    assert owed(both, mql, dt.date(2027, 2, 1), dt.date(2027, 3, 1)) == 90 * Fraction(14, 28) + 118 * Fraction(14, 28)
    assert owed(both, mql, dt.date(2027, 3, 1), dt.date(2027, 4, 1)) == 118


def test_the_promise_of_a_longer_period_counts_by_its_days(both: History) -> None:
    assert owed(both, mql, dt.date(2027, 1, 1), dt.date(2027, 4, 1)) == 90 + 104 + 118

    def pipeline(contract: Contract) -> PerPeriod | None:
        return contract.marketing.sourced_pipeline

    assert owed(both, pipeline, dt.date(2027, 1, 1), dt.date(2027, 4, 1)) == 1_400_000
    assert owed(both, pipeline, dt.date(2027, 1, 1), dt.date(2027, 2, 1)) == Fraction(1_400_000) * 31 / 90


def test_nothing_is_owed_where_nothing_is_promised(both: History) -> None:
    assert owed(both, lambda _: None, dt.date(2027, 1, 1), dt.date(2027, 2, 1)) is None
    assert owed(both, mql, dt.date(2026, 1, 1), dt.date(2026, 2, 1)) is None


@pytest.mark.parametrize(
    ("date", "per", "starts", "first", "last"),
    [
        ("2027-02-15", Per.MONTH, 4, "2027-02-01", "2027-03-01"),
        ("2027-12-31", Per.MONTH, 1, "2027-12-01", "2028-01-01"),
        ("2027-02-15", Per.QUARTER, 1, "2027-01-01", "2027-04-01"),
        ("2027-02-15", Per.QUARTER, 2, "2027-02-01", "2027-05-01"),
        ("2027-01-31", Per.QUARTER, 2, "2026-11-01", "2027-02-01"),
        ("2027-02-15", Per.YEAR, 4, "2026-04-01", "2027-04-01"),
        ("2027-04-01", Per.YEAR, 4, "2027-04-01", "2028-04-01"),
        ("2027-12-31", Per.YEAR, 1, "2027-01-01", "2028-01-01"),
    ],
)
def test_periods_follow_the_fiscal_year(date: str, per: Per, starts: int, first: str, last: str) -> None:
    found = period_around(dt.date.fromisoformat(date), per, starts)
    assert found == (dt.date.fromisoformat(first), dt.date.fromisoformat(last))


@pytest.mark.parametrize(
    ("zone", "date", "begins"),
    [
        ("Europe/Berlin", "2027-03-28", "2027-03-28T00:00:00+01:00"),
        ("Europe/Berlin", "2027-03-29", "2027-03-29T00:00:00+02:00"),
        ("Europe/Berlin", "2027-10-31", "2027-10-31T00:00:00+02:00"),
        ("Europe/Berlin", "2027-11-01", "2027-11-01T00:00:00+01:00"),
        ("UTC", "2027-11-01", "2027-11-01T00:00:00Z"),
        ("Asia/Beirut", "2027-03-28", "2027-03-28T01:00:00+03:00"),  # midnight does not exist
        ("America/Havana", "2027-11-07", "2027-11-07T00:00:00-04:00"),  # midnight twice: the first
        ("Asia/Beirut", "2027-10-31", "2027-10-31T00:00:00+02:00"),  # the clock goes back at midnight
        ("Australia/Lord_Howe", "2027-04-04", "2027-04-04T00:00:00+11:00"),
    ],
)
def test_a_day_begins_where_its_zone_says(acme: Contract, zone: str, date: str, begins: str) -> None:
    sealed = seal(dataclasses.replace(acme, zone=zone))
    assert start_of_day(dt.date.fromisoformat(date), sealed) == parse_instant(begins)


def test_days_beyond_the_seal_are_refused(both: History) -> None:
    with pytest.raises(OutsideCalendar, match="1 March 2037 lies after the end of version 8's seal"):
        parts(both, dt.date(2037, 3, 1), dt.date(2037, 3, 2))


def test_a_change_of_zone_leaves_no_day_out_and_gives_none_twice(acme: Contract, seventh: Signed) -> None:
    effective = parse_instant("2027-02-15T00:00:00+01:00")
    honolulu = signed(acme, seventh, MORNING + 30 * DAY, version=8, effective_from=effective, zone="Pacific/Honolulu")
    found = parts(history([seventh, honolulu]), dt.date(2027, 2, 1), dt.date(2027, 3, 1))
    assert found == (
        Part(7, dt.date(2027, 2, 1), dt.date(2027, 2, 15)),
        Part(8, dt.date(2027, 2, 15), dt.date(2027, 3, 1)),
    )


def test_parties_may_change_with_a_version(acme: Contract, seventh: Signed) -> None:
    lena = Party(name="Lena Brandt", email="lena@acme.example", deputies=("omar@acme.example",))
    changed = signed(acme, seventh, MORNING + DAY, version=8, parties={**acme.parties, PartyName.SALES: lena})
    assert len(history([seventh, changed]).versions) == 2
