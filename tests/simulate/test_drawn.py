"""What is drawn before the year begins: the same for the same seed everywhere, and shaped as the plan says."""

from __future__ import annotations

import hashlib
from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from handfast.instant import DAY, parse_instant
from handfast.simulate import demo_contracts, usual_plan, words
from handfast.simulate.acts import DEMO, PATTERNS, Acts, draw_acts
from handfast.simulate.known import Known
from handfast.simulate.market import NEVER_COMES, draw_accounts, draw_people, mailed
from handfast.simulate.stream import EXPONENTIAL, HEAVY, SPREAD, Concern, Stream, quantile
from handfast.simulate.year import BY_WEEKDAY, Year

PLAN = usual_plan()
YEAR = Year.of("Europe/Berlin", parse_instant("2025-01-01T00:00:00+01:00"), PLAN.days)
COUNT = 20_000

# Drawn once with this code; every machine draws the same.
STREAM = [770, 111, 189, 159, 431, 501, 992, 306]
PICKED = [1, 2, 1, 0, 2, 2, 2, 1]
SHAPED = [704, 1057, 446, 1584]
PEOPLE = "d822d025c7daac61"
ACTS = "bf2176c4adcb1c12"


@pytest.fixture(scope="module")
def known() -> Known:
    accounts = draw_accounts(3, COUNT)
    return Known(PLAN, accounts, draw_people(3, COUNT, PLAN, YEAR, accounts))


@pytest.fixture(scope="module")
def acts(known: Known) -> Acts:
    return draw_acts(3, PLAN, YEAR, known.people)


def digest(*columns: NDArray[np.generic]) -> str:
    """Of the numbers, whatever the machine's byte order and width."""
    found = hashlib.sha256()
    for column in columns:
        found.update(column.astype("<i8").tobytes())
    return found.hexdigest()[:16]


def test_a_stream_is_the_same_everywhere() -> None:
    """Written down once: another machine, numpy or Python that draws otherwise fails here."""
    stream = Stream(7, Concern.ARRIVAL)
    assert stream.below(1000, 8).tolist() == STREAM
    assert stream.pick([1, 2, 3], 8).tolist() == PICKED
    assert stream.shaped(SPREAD, 4).tolist() == SHAPED


def test_streams_do_not_touch_each_other() -> None:
    one, other = (Stream(7, concern).below(1 << 30, 100).tolist() for concern in (Concern.ACT, Concern.PERSON))
    assert one != other
    assert Stream(8, Concern.ACT).below(1 << 30, 100).tolist() != one


def test_the_same_seed_draws_the_same_market(known: Known, acts: Acts) -> None:
    people = known.people
    assert digest(people.created_at, people.source, people.account, people.right, people.human) == PEOPLE
    assert digest(acts.record, acts.pattern, acts.happened_at, acts.recorded_at) == ACTS


@pytest.mark.parametrize("shape", [EXPONENTIAL, SPREAD, HEAVY])
def test_shapes_rise_and_meet_their_quantiles(shape: tuple[int, ...]) -> None:
    assert all(low < high for low, high in pairwise(shape))
    places = np.arange(len(shape), dtype=np.int64) * (1 << 20) // (len(shape) - 1)
    assert quantile(shape, places).tolist() == list(shape)


def test_each_source_sends_its_share_and_its_quality(known: Known) -> None:
    people = known.people
    shares = sum(each.share for each in PLAN.sources)
    for place, source in enumerate(PLAN.sources):
        mine = people.source == place
        assert mine.sum() == pytest.approx(COUNT * source.share / shares, rel=0.08)
        first = mine & (people.human == np.arange(COUNT))  # a second record has the quality of the first one's source
        assert people.right[first].mean() == pytest.approx(source.right / 1000, abs=0.05)
        assert people.claims[first & ~people.right].mean() == pytest.approx(source.claims / 1000, abs=0.05)


def test_people_come_on_the_weekdays_and_at_the_hours_of_the_plan(known: Known) -> None:
    created = known.people.created_at
    days = YEAR.day_of(created)
    weekday = YEAR.weekday[days]
    assert (np.diff(created) >= 0).all()
    assert days.min() >= 0
    assert days.max() < YEAR.days
    flooding = next(place for place, each in enumerate(PLAN.sources) if each.mailing > 1)
    full = np.array([mailed(day, on) for day, on in enumerate(YEAR.weekday.tolist())])
    times = np.where(full, PLAN.sources[flooding].mailing, 1) * np.array(BY_WEEKDAY)[YEAR.weekday]
    share = full[days[known.people.source == flooding]].mean()
    assert share == pytest.approx(times[full].sum() / times.sum(), abs=0.05)
    assert share > 0.5
    usual = weekday[known.people.source != flooding]
    assert (usual >= 5).mean() == pytest.approx(sum(BY_WEEKDAY[5:]) / sum(BY_WEEKDAY), abs=0.02)
    hour = YEAR.local(created) % DAY // (DAY // 24)
    assert 0.6 < ((hour >= 8) & (hour < 17)).mean() < 0.75


def test_accounts_are_what_their_people_are(known: Known) -> None:
    people, accounts = known.people, known.accounts
    industry, size = accounts.industry[people.account], accounts.employees[people.account]
    right = people.right
    fits = (industry < words.TARGETS) & (size >= words.SIZES[0]) & (size <= words.SIZES[1])
    assert fits[right].all()
    assert not fits[~right].any()
    says = accounts.says_industry[people.account] < words.TARGETS
    assert says[right | people.claims].all()
    names = [accounts.name(each) for each in range(len(accounts))]
    assert len(set(names)) == len(names)
    assert len({accounts.domain(each) for each in range(len(accounts))}) == len(names)


def test_dirt_is_there_in_the_amounts_stated(known: Known) -> None:
    people, dirt = known.people, PLAN.dirt
    twin = people.human != np.arange(COUNT)
    assert twin.mean() == pytest.approx(dirt.twins / 1000, rel=0.15)
    assert people.spelt[twin].mean() == pytest.approx(dirt.twins_spelt / 1000, abs=0.06)
    found = (people.merged_at < NEVER_COMES)[twin & ~people.spelt]
    assert found.mean() == pytest.approx(dirt.twins_merged / 1000, abs=0.08)
    assert people.missing.mean() == pytest.approx(dirt.missing / 1000, rel=0.15)
    assert (people.enriched_at < NEVER_COMES)[people.missing].mean() == pytest.approx(dirt.enriched / 1000, abs=0.05)
    assert (people.opted_out_at < NEVER_COMES).mean() == pytest.approx(dirt.opted_out / 1000, rel=0.4)


def test_a_twin_is_the_same_human_and_never_of_a_twin(known: Known) -> None:
    people = known.people
    twins = np.flatnonzero(people.human != np.arange(COUNT))
    assert (people.human[people.human[twins]] == people.human[twins]).all()
    assert (people.human[twins] < twins).all()
    assert (people.known_as[people.spelt] == people.human[people.spelt]).all()
    for twin in twins[:200].tolist():
        human = int(people.human[twin])
        assert people.account[twin] == people.account[human]
        same = normal(known.email(twin)) == normal(known.email(human))
        assert same or not people.spelt[twin]


def normal(address: str) -> str:
    name, _, domain = address.lower().partition("@")
    return f"{name.partition('+')[0]}@{domain}"


def test_nobody_has_an_address_of_somebody_else(known: Known) -> None:
    people = known.people
    addresses: dict[str, int] = {}
    for record in range(COUNT):
        human = addresses.setdefault(normal(known.email(record)), int(people.human[record]))
        assert human == people.human[record]


def test_leads_act_after_they_came_and_learned_means_later(known: Known, acts: Acts) -> None:
    assert (acts.happened_at >= known.people.created_at[acts.record]).all()
    assert (acts.recorded_at >= acts.happened_at).all()
    assert (np.diff(acts.recorded_at) >= 0).all()
    assert acts.recorded_at.max() < YEAR.last
    late = (acts.recorded_at > acts.happened_at).mean()
    assert late == pytest.approx(PLAN.dirt.late_acts / 1000, rel=0.15)
    assert len(acts) / COUNT == pytest.approx(40, rel=0.05)


def test_those_who_are_right_look_at_prices_and_ask_for_demos(known: Known, acts: Acts) -> None:
    pages = np.array([str(each.properties.get("path", "")).startswith("/pricing") for each in PATTERNS])
    right = known.people.right[acts.record]
    claims = known.people.claims[acts.record]
    assert pages[acts.pattern[right]].mean() > 3 * pages[acts.pattern[~right & ~claims]].mean()
    asked = np.isin(np.arange(COUNT), acts.record[acts.pattern == DEMO])
    assert asked[known.people.right].mean() > 2 * asked[~known.people.right & ~known.people.claims].mean()


def test_a_year_is_cut_in_the_zone_of_the_contract() -> None:
    assert YEAR.days == 365
    assert YEAR.last == parse_instant("2026-01-01T00:00:00+01:00")
    assert int(YEAR.midnight[180]) == parse_instant("2025-06-30T00:00:00+02:00")
    assert YEAR.weekday[:3].tolist() == [2, 3, 4]
    assert demo_contracts()[0].effective_from == YEAR.first
