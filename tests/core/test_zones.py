"""Changes of clocks and holidays, against the raw zone files and against dates people know."""

from __future__ import annotations

import datetime as dt
import itertools
import struct
import subprocess
import sys
import zoneinfo
from importlib import resources
from pathlib import Path

import holidays
import pytest

from handfast import zones
from handfast.instant import DAY, HOUR, SECOND, format_instant, parse_instant

YEARS = (parse_instant("1993-01-01T00:00:00Z"), parse_instant("2037-12-31T00:00:00Z"))


def _file(name: str) -> bytes:
    return resources.files("tzdata").joinpath("zoneinfo", *name.split("/")).read_bytes()


def _raw_changes(name: str) -> list[tuple[int, int]]:
    """The offset before all changes, then each change listed in a zone file: (second, seconds east of UTC).

    RFC 9636: a header and its data in 32 bits, then both again in 64. What follows the last listed change is left
    to a rule at the end of the file, which this does not read.
    """
    data = _file(name)
    utc, std, leap, times, types, letters = struct.unpack_from(">6l", data, 20)
    second = 44 + times * 5 + types * 6 + letters + leap * 8 + std + utc
    _, _, _, times, types, _ = struct.unpack_from(">6l", data, second + 20)
    moments = struct.unpack_from(f">{times}q", data, second + 44)
    kinds = data[second + 44 + times * 8 : second + 44 + times * 9]
    offsets = [struct.unpack_from(">l", data, second + 44 + times * 9 + kind * 6)[0] for kind in range(types)]
    listed = [(-(2**62), offsets[0]), *((moment, offsets[kind]) for moment, kind in zip(moments, kinds, strict=True))]
    return [listed[0], *(new for old, new in itertools.pairwise(listed) if old[1] != new[1])]


@pytest.mark.parametrize("part", range(8))
def test_every_change_of_every_zone_file_is_found_to_the_second(part: int) -> None:
    different = {_file(name): name for name in zones.zone_names()}  # many names are one zone
    for name in sorted(different.values())[part::8]:
        raw = _raw_changes(name)
        first, last = YEARS[0], max(YEARS[0], min(YEARS[1], raw[-1][0] * SECOND))
        expected = [(max(moment * SECOND, first), offset) for moment, offset in raw if moment * SECOND <= last]
        begun = sum(moment <= first for moment, _ in expected)
        assert list(zones.transitions(name, first, last)) == expected[begun - 1 :], name


def test_no_zone_ever_kept_an_offset_for_less_than_twice_the_probe() -> None:
    for name in zones.zone_names():
        moments = [moment for moment, _ in _raw_changes(name)]
        kept = (after - before for before, after in itertools.pairwise(moments))
        assert min(kept, default=2**62) * SECOND >= 2 * zones._PROBE, name


@pytest.mark.parametrize(
    "zone", ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "America/Santiago"]
)
def test_the_rule_after_the_last_listed_change_is_followed(zone: str) -> None:
    first, last = parse_instant("2030-01-01T00:00:00Z"), parse_instant("2034-01-01T00:00:00Z")
    info = zones.zone_info(zone)
    hourly = [(moment, dt.datetime.fromtimestamp(moment // SECOND, info)) for moment in range(first, last, HOUR // 2)]
    offsets = [(moment, round((local.utcoffset() or dt.timedelta()).total_seconds())) for moment, local in hourly]
    changes = [after for before, after in itertools.pairwise(offsets) if before[1] != after[1]]
    assert list(zones.transitions(zone, first, last)) == [offsets[0], *changes]


@pytest.mark.parametrize(
    ("zone", "around", "local_after", "gained"),
    [
        ("Europe/Berlin", "2027-03-28T01:00:00Z", "2027-03-28T03:00:00+02:00", 3600),
        ("Australia/Lord_Howe", "2027-10-02T15:30:00Z", "2027-10-03T02:30:00+11:00", 1800),
        ("Australia/Lord_Howe", "2027-04-03T15:00:00Z", "2027-04-04T01:30:00+10:30", -1800),
        ("Pacific/Apia", "2011-12-30T10:00:00Z", "2011-12-31T00:00:00+14:00", 86400),
        ("Pacific/Kwajalein", "1993-08-21T12:00:00Z", "1993-08-22T00:00:00+12:00", 86400),
        ("Africa/Casablanca", "2025-02-23T02:00:00Z", "2025-02-23T02:00:00+00:00", -3600),
        ("Africa/Monrovia", "1972-01-07T00:44:30Z", "1972-01-07T00:44:30+00:00", 2670),
    ],
)
def test_changes_people_know(zone: str, around: str, local_after: str, gained: int) -> None:
    moment = parse_instant(around)
    (_, before), (at, after) = zones.transitions(zone, moment - DAY, moment + DAY)
    assert (at, after - before) == (moment, gained)
    assert format_instant(at, zone) == local_after


def test_both_ends_of_the_span_belong_to_it() -> None:
    change = parse_instant("2027-03-28T01:00:00Z")
    assert zones.transitions("Europe/Berlin", change, change) == ((change, 7200),)
    assert zones.transitions("Europe/Berlin", change - 1, change) == ((change - 1, 3600), (change, 7200))
    assert zones.transitions("Europe/Berlin", change - 1, change - 1) == ((change - 1, 3600),)
    assert zones.transitions("Europe/Berlin", change - DAY, change - 1) == ((change - DAY, 3600),)
    with pytest.raises(ValueError, match="ends before it begins"):
        zones.transitions("Europe/Berlin", change, change - 1)


def test_zones_come_from_the_package_whatever_the_machine_has(tmp_path: Path) -> None:
    lied = tmp_path / "Europe"
    lied.mkdir()
    (lied / "Berlin").write_bytes(_file("Asia/Tokyo"))
    moment = parse_instant("2027-01-01T00:00:00Z")
    before = zoneinfo.TZPATH
    zoneinfo.reset_tzpath(to=[str(tmp_path)])
    try:
        zones.zone_info.cache_clear()
        zones.transitions.cache_clear()
        assert zones.transitions("Europe/Berlin", moment, moment) == ((moment, 3600),)
    finally:
        zoneinfo.reset_tzpath(to=before)


class TestNames:
    """Names are exact; what is close is proposed."""

    @pytest.mark.parametrize("name", ["UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires", "CET"])
    def test_known_zones(self, name: str) -> None:
        assert zones.known_zone(name)
        assert zones.zone_info(name).key == name

    @pytest.mark.parametrize("name", ["europe/berlin", "Berlin", "", "../zones", "Europe/", "Mars/Olympus"])
    def test_other_zones_are_refused(self, name: str) -> None:
        assert not zones.known_zone(name)
        with pytest.raises(ValueError, match="not a zone"):
            zones.transitions(name, 0, 1)

    @pytest.mark.parametrize(
        ("name", "meant"),
        [
            ("Europe/Berln", "Europe/Berlin"),
            ("europe/berlin", "Europe/Berlin"),
            (" Berlin ", "Europe/Berlin"),
            ("new york", "America/New_York"),
            ("Mars/Olympus Mons", ""),
        ],
    )
    def test_the_nearest_zone(self, name: str, meant: str) -> None:
        assert zones.nearest_zone(name) == meant

    @pytest.mark.parametrize("name", ["US", "DE-BE", "GB-ENG", "AU-NSW", "JP", "CH-ZH", "CA-QC"])
    def test_known_regions(self, name: str) -> None:
        assert zones.known_region(name)
        assert zones.holiday_dates(name, 2027, 2027)

    @pytest.mark.parametrize("name", ["de-be", "DE-", "DE-XX", "Germany", "", "XNYS", "__init__", "EU"])
    def test_other_regions_are_refused(self, name: str) -> None:
        assert not zones.known_region(name)
        for ask in (zones.holiday_dates, zones.holiday_doubts):
            with pytest.raises(ValueError, match="not a region"):
                ask(name, 2027, 2027)

    @pytest.mark.parametrize(
        ("name", "meant"),
        [
            ("de-be", "DE-BE"),
            ("DE_BE", "DE-BE"),
            ("DE-Berlin", "DE-BE"),
            ("DE-BER", "DE-BE"),
            ("Germany", "DE"),
            ("deu", "DE"),
            ("Germny", "DE"),
            ("uk", "GB"),
            ("GB-England", "GB-ENG"),
            ("United Kingdom", "GB"),
            ("DE-Atlantis", "DE"),
            ("Q7", ""),
        ],
    )
    def test_the_nearest_region(self, name: str, meant: str) -> None:
        assert zones.nearest_region(name) == meant


class TestHolidays:
    """Dates known from almanacs."""

    @pytest.mark.parametrize(
        ("region", "date"),
        [
            ("US", "2027-07-05"),  # the 4th is a Sunday
            ("US", "2026-11-26"),  # fourth Thursday of November
            ("DE-BE", "2027-03-08"),  # Women's Day, in Berlin
            ("DE-BY", "2027-01-06"),  # Epiphany, in Bavaria
            ("GB-ENG", "2026-12-28"),  # the 26th is a Saturday
            ("GB-SCT", "2027-01-04"),  # the 2nd is a Saturday
            ("AU-NSW", "2027-06-14"),  # the sovereign's birthday
            ("JP", "2027-03-22"),  # the equinox is a Sunday
        ],
    )
    def test_days_that_are_kept(self, region: str, date: str) -> None:
        assert dt.date.fromisoformat(date) in dict(zones.holiday_dates(region, 2026, 2027))

    @pytest.mark.parametrize(("region", "date"), [("DE", "2027-03-08"), ("DE-BE", "2027-01-06"), ("US", "2026-12-24")])
    def test_days_that_are_not(self, region: str, date: str) -> None:
        assert dt.date.fromisoformat(date) not in dict(zones.holiday_dates(region, 2026, 2027))

    def test_a_holiday_moved_over_the_end_of_the_year_is_there(self) -> None:
        # 1 January 2022 was a Saturday, kept on the Friday before.
        assert dt.date(2021, 12, 31) in dict(zones.holiday_dates("US", 2021, 2021))

    def test_both_years_and_no_other_in_order(self) -> None:
        dates = [date for date, _ in zones.holiday_dates("DE-BE", 2026, 2028)]
        assert {date.year for date in dates} == {2026, 2027, 2028}
        assert dates == sorted(set(dates))

    def test_names_are_english_whatever_the_language_of_the_machine(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("LANGUAGE", "de")
        zones.holiday_dates.cache_clear()
        assert dict(zones.holiday_dates("DE-BE", 2027, 2027))[dt.date(2027, 10, 3)] == "German Unity Day"

    def test_what_is_not_known_is_said(self) -> None:
        assert zones.holiday_doubts("DE-BE", 2021, 2036) == ()
        assert zones.holiday_doubts("LK", 2021, 2036) == ("The holidays of LK are known from 2003 to 2026 only.",)
        assert zones.holiday_doubts("LK", 2003, 2026) == ()
        assert zones.holiday_doubts("LK", 2002, 2026) != ()

    def test_what_the_library_warns_of_is_said_and_stops_nobody(self) -> None:
        assert zones.holiday_dates("IN-KA", 2036, 2036)
        (doubt,) = zones.holiday_doubts("IN-KA", 2021, 2038)
        assert doubt.startswith("About IN: ")


def test_nobody_pays_for_the_holidays_before_a_region_is_named() -> None:
    code = "import sys, handfast.zones, handfast.calendar; sys.exit('holidays' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_one_country_that_is_asked_for_is_known_as_the_list_says() -> None:
    countries: dict[str, list[str]] = holidays.list_supported_countries(include_aliases=False)
    known = {*countries, *(f"{country}-{part}" for country, parts in countries.items() for part in parts)}
    asked = {
        *known,
        *countries,
        *(f"{name}-" for name in countries),
        "",
        "-",
        "DE-XX",
        "UK",
        "de",
        "Germany",
    }
    assert {name for name in asked if zones.known_region(name)} == known
