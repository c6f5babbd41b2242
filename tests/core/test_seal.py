from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from handfast.calendar import compile_calendar
from handfast.clock import calendars_sealed
from handfast.contract.canonical import canonical_bytes, content
from handfast.contract.diff import diff_sealed
from handfast.contract.load import load
from handfast.contract.model import ClockName, Contract
from handfast.contract.seal import Almanac, Sealed, digest_of, horizon, seal, unseal, verify
from handfast.errors import SealBroken
from handfast.example.expectation import differences
from handfast.example.outcome import outcome_of
from handfast.instant import DAY, parse_instant
from handfast.score.table import compile_table

GOLDEN_DIGEST = "bfeb7feaeb5019be45c87748fac92aee78be7662c5e9b186605a1e44dc41ffaa"


def test_the_digest_is_that_of_the_bytes(acme_sealed: Sealed) -> None:
    assert acme_sealed.digest == hashlib.sha256(acme_sealed.content).hexdigest()
    assert verify(acme_sealed.content, f" {acme_sealed.digest.upper()} ")
    assert not verify(acme_sealed.content, acme_sealed.digest[:-1])


def test_the_golden_contract_seals_to_the_same_digest_whatever_its_layout(acme: Contract, acme_text: str) -> None:
    other = load("# a comment\n" + acme_text.replace("\n", "\n\n").replace(": {", ":   {   ")).contract
    assert other is not None
    assert seal(other).digest == seal(acme).digest


def test_sealing_goes_from_five_years_back_to_ten_ahead(acme_sealed: Sealed) -> None:
    assert acme_sealed.first == parse_instant("2021-12-31T23:00:00Z")
    assert acme_sealed.last == parse_instant("2036-12-31T23:00:00Z")
    berlin = acme_sealed.zones["Europe/Berlin"]
    assert berlin[0] == (acme_sealed.first, 3600)
    assert (parse_instant("2027-03-28T01:00:00Z"), 7200) in berlin
    assert len(berlin) == 1 + 2 * 15
    assert set(acme_sealed.zones) == {"Europe/Berlin", "America/New_York"}


def test_holidays_are_sealed_by_region_and_answered_by_calendar(acme: Contract, acme_sealed: Sealed) -> None:
    berlin = acme_sealed.holidays_of(acme.calendars["emea"])
    assert dt.date(2027, 3, 8) in berlin  # Women's Day, a holiday of Berlin
    assert berlin[0] == dt.date(2022, 1, 1)
    assert berlin[-1] == dt.date(2037, 1, 1)  # a day beyond the span: in the east it begins before the span ends
    us = acme_sealed.holidays_of(acme.calendars["us"])
    assert dt.date(2027, 7, 5) in us  # the Fourth falls on a Sunday
    assert us[0] == dt.date(2021, 12, 31)  # New Year kept on a Friday, hours before the span begins
    plain = dataclasses.replace(acme.calendars["us"], holidays="")
    assert acme_sealed.holidays_of(plain) == ()


@pytest.mark.parametrize(
    ("start", "first", "last"),
    [
        ("2027-01-01T00:00:00Z", "2022-01-01T00:00:00Z", "2037-01-01T00:00:00Z"),
        ("2028-02-29T12:00:00Z", "2023-02-28T12:00:00Z", "2038-02-28T12:00:00Z"),
        ("1969-12-31T23:59:59Z", "1964-12-31T23:59:59Z", "1979-12-31T23:59:59Z"),
    ],
)
def test_the_horizon_keeps_day_and_time(start: str, first: str, last: str) -> None:
    assert horizon(parse_instant(start)) == (parse_instant(first), parse_instant(last))


def test_unsealing_gives_everything_back(acme_sealed: Sealed) -> None:
    back = unseal(acme_sealed.content, acme_sealed.digest)
    assert content(back.contract) == content(acme_sealed.contract)
    for name in ("first", "last", "holidays", "zones", "content", "digest"):
        assert getattr(back, name) == getattr(acme_sealed, name), name
    assert unseal(seal(back.contract).content, acme_sealed.digest).digest == acme_sealed.digest


def test_the_bytes_alone_compile_the_calendars(acme_sealed: Sealed) -> None:
    """In a process where neither data package can be imported, and no zone file found."""
    program = """
import sys
from importlib.abc import MetaPathFinder
class Gone(MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"holidays", "tzdata", "zoneinfo._tzpath"}:
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Gone())
import zoneinfo
zoneinfo.reset_tzpath(to=())
from handfast.calendar import compile_calendar
from handfast.clock import calendars_sealed
from handfast.contract.seal import unseal
sealed = unseal(sys.stdin.buffer.read(), sys.argv[1])
for name, terms in sorted(sealed.contract.calendars.items()):
    calendar = compile_calendar(
        terms.hours, exceptions=terms.exceptions, holidays=sealed.holidays_of(terms),
        transitions=sealed.zones[terms.zone], first=sealed.first, last=sealed.last,
    )
    print(name, calendar.add(1799415000000000, 3600000000))
"""
    command = [sys.executable, "-c", program, acme_sealed.digest]
    done = subprocess.run(command, input=acme_sealed.content, capture_output=True, check=True)
    assert done.stdout.decode().split() == [
        "emea",
        _an_hour_later(acme_sealed, "emea"),
        "us",
        _an_hour_later(acme_sealed, "us"),
    ]


def _an_hour_later(sealed: Sealed, name: str) -> str:
    terms = sealed.contract.calendars[name]
    calendar = compile_calendar(
        terms.hours,
        holidays=sealed.holidays_of(terms),
        transitions=sealed.zones[terms.zone],
        first=sealed.first,
        last=sealed.last,
    )
    return str(calendar.add(parse_instant("2027-01-08T13:30:00Z"), 3_600_000_000))


@pytest.mark.parametrize("name", ["acme-inbound", "small-inbound", "enterprise-territories"])
def test_the_bytes_alone_judge_as_the_text_does(root: Path, name: str) -> None:
    """Every example of a contract holds on what its bytes give back, with the calendars that they seal."""
    contract = load((root / "examples" / f"{name}.yaml").read_bytes()).contract
    assert contract is not None
    sealed = seal(contract)
    back = unseal(sealed.content, sealed.digest)
    calendars, table = calendars_sealed(back), compile_table(back.contract)
    assert back.contract.examples
    for example in back.contract.examples:
        outcome = outcome_of(example, calendars, table)
        assert list(differences(back.contract, example, outcome)) == [], example.name


def test_a_changed_byte_is_found(acme_sealed: Sealed) -> None:
    for place in range(0, len(acme_sealed.content), 997):
        changed = bytearray(acme_sealed.content)
        changed[place] ^= 1
        with pytest.raises(SealBroken, match="The sealed contract was changed: its digest is"):
            unseal(bytes(changed), acme_sealed.digest)


@pytest.mark.parametrize(
    "content_bytes",
    [
        b"", b"null", b"[]", b"{}", b"\xff", b"{" * 100_000, b'{"handfast_seal":2}',
        b'{"handfast_seal":1,"contract":{},"holidays":{},"horizon":[0,1],"zones":{}}',
    ],
)  # fmt: skip
def test_bytes_that_are_no_sealed_contract_are_refused(content_bytes: bytes) -> None:
    with pytest.raises(SealBroken, match="These bytes are no sealed contract"):
        unseal(content_bytes, digest_of(content_bytes))


def test_bytes_of_another_format_are_refused_by_its_number() -> None:
    later = b'{"handfast_seal":2}'
    with pytest.raises(SealBroken, match=r"These bytes are no sealed contract: format 2 is not known, only 1\."):
        unseal(later, digest_of(later))


def test_bytes_in_another_form_are_refused(acme_sealed: Sealed) -> None:
    spaced = json.dumps(json.loads(acme_sealed.content)).encode()
    with pytest.raises(SealBroken, match="they are not in canonical form"):
        unseal(spaced, digest_of(spaced))


def test_bytes_from_before_a_field_existed_stay_what_they_were(acme_sealed: Sealed) -> None:
    """As if `count_all` had come to the model after signing: it takes its default, the digest is the signed one."""
    plain = json.loads(acme_sealed.content)
    for pool in plain["contract"]["pools"].values():
        del pool["count_all"]
    older = canonical_bytes(plain)
    back = unseal(older, digest_of(older))
    assert (back.content, back.digest) == (older, digest_of(older))
    assert content(back.contract) == content(acme_sealed.contract)
    assert diff_sealed(back, acme_sealed) == ()


def test_bytes_with_a_field_that_is_not_known_are_refused(acme_sealed: Sealed) -> None:
    """They are those of a later version of the product: what it means cannot be judged here."""
    plain = json.loads(acme_sealed.content)
    plain["contract"]["pools"]["dach"]["speed"] = 1
    newer = canonical_bytes(plain)
    with pytest.raises(SealBroken, match="speed"):
        unseal(newer, digest_of(newer))


def test_a_golden_seal_stays_readable(root: Path) -> None:
    """Bytes signed in 2026, by the packages of that day: whatever comes, they unseal and judge."""
    golden = (root / "tests" / "golden" / "acme-inbound.sealed.json").read_bytes()
    sealed = unseal(golden, GOLDEN_DIGEST)
    assert (sealed.contract.name, sealed.contract.version) == ("acme-inbound", 7)
    assert sealed.contract.clocks[ClockName.FIRST_TOUCH].within.text == "4 business hours"


def test_what_judging_depends_on_is_in_the_digest(acme: Contract, acme_sealed: Sealed) -> None:
    def fewer_holidays(region: str, first: int, last: int) -> tuple[tuple[dt.date, str], ...]:
        return tuple((day, name) for day, name in Almanac().holiday_dates(region, first, last) if day.month != 3)

    def no_summer_time(zone: str, first: int, last: int) -> tuple[tuple[int, int], ...]:
        return Almanac().transitions(zone, first, last)[:1]

    digests = {
        acme_sealed.digest,
        seal(acme, almanac=Almanac(holiday_dates=fewer_holidays)).digest,
        seal(acme, almanac=Almanac(transitions=no_summer_time)).digest,
        seal(dataclasses.replace(acme, lists={**acme.lists, "free_mail": frozenset({"only.example"})})).digest,
    }
    assert len(digests) == 4


def test_names_of_holidays_are_not_sealed(acme: Contract, acme_sealed: Sealed) -> None:
    def renamed(region: str, first: int, last: int) -> tuple[tuple[dt.date, str], ...]:
        return tuple((day, "holiday") for day, _ in Almanac().holiday_dates(region, first, last))

    assert seal(acme, almanac=Almanac(holiday_dates=renamed)).digest == acme_sealed.digest


def test_a_contract_without_holidays_needs_no_holidays(acme: Contract) -> None:
    calendars = {name: dataclasses.replace(terms, holidays="") for name, terms in acme.calendars.items()}

    def never(*_: Any) -> Any:
        raise AssertionError

    sealed = seal(dataclasses.replace(acme, calendars=calendars), almanac=Almanac(holiday_dates=never))
    assert sealed.holidays == {}


def test_the_bytes_can_be_read_by_any_program(acme_sealed: Sealed) -> None:
    plain = json.loads(acme_sealed.content)
    assert list(plain) == ["contract", "handfast_seal", "holidays", "horizon", "zones"]
    assert plain["handfast_seal"] == 1
    assert plain["contract"]["version"] == 7
    assert plain["horizon"] == [acme_sealed.first, acme_sealed.last]
    assert acme_sealed.last - acme_sealed.first == 5479 * DAY
    assert canonical_bytes(plain) == acme_sealed.content
