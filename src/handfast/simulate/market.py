"""Who comes, when and from where, and how good they truly are: accounts and people as columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from handfast.instant import DAY, HOUR, SECOND
from handfast.simulate import words
from handfast.simulate.plan import TeamPlan
from handfast.simulate.stream import EXPONENTIAL, SPREAD, Concern, Stream, Whole
from handfast.simulate.year import BY_WEEKDAY, Year

Flags = NDArray[np.bool_]

NOBODY = -1


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Accounts:
    """Companies: first those that are right, then those that claim to be, then the others.

    ``industry`` and ``employees`` are what is true, ``says_…`` what their people fill in.
    """

    right: int
    claiming: int
    industry: Whole
    employees: Whole
    says_industry: Whole
    says_employees: Whole

    def __len__(self) -> int:
        """How many."""
        return len(self.industry)

    def name(self, account: int) -> str:
        """Unlike that of any other."""
        stem, tail, city, again = _parts(account)
        return f"{stem}{tail} {city}{again} GmbH"

    def domain(self, account: int) -> str:
        """Its web address."""
        stem, tail, city, again = _parts(account)
        return f"{stem}{tail}-{city}{again.strip()}.example".lower()


def _parts(account: int) -> tuple[str, str, str, str]:
    rest, stem = divmod(account, len(words.STEMS))
    rest, tail = divmod(rest, len(words.TAILS))
    again, city = divmod(rest, len(words.CITIES))
    return words.STEMS[stem], words.TAILS[tail], words.CITIES[city], f" {again + 1}" if again else ""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class People:
    """One row a record of the CRM, in order of arrival.

    ``human`` is the row at which the same human first came; ``known_as`` the row whose lead this is once addresses are
    compared; ``family`` the same once records are merged. ``merged_at`` is when somebody found the other record, and
    like all such instants the end of time where nobody did.
    """

    created_at: Whole
    source: Whole
    campaign: Whole
    account: Whole
    country: Whole
    right: Flags
    claims: Flags
    title: Whole
    first_name: Whole
    last_name: Whole
    free_mail: Flags
    missing: Flags  # size and industry are not filled in at first
    enriched_at: Whole  # NEVER_COMES where nobody does
    human: Whole
    known_as: Whole
    spelt: Flags  # the twin's address is the first one's in another spelling
    merged_at: Whole
    opted_out_at: Whole
    family: Whole

    def __len__(self) -> int:
        """How many records."""
        return len(self.created_at)


MAILED_AT = 9 * HOUR
"""When a mailing goes out; who comes by it comes within two hours."""

NEVER_COMES = 2**62
"""Later than all instants here."""


def draw_accounts(seed: int, leads: int) -> Accounts:
    """The companies of a market: about two for every three leads."""
    chance = Stream(seed, Concern.ACCOUNT)
    right, claiming, other = leads // 4 + 12, leads // 8 + 12, leads // 4 + 12
    count = right + claiming + other
    place = np.arange(count)
    good = chance.below(words.TARGETS, count), words.SIZES[0] + chance.below(words.SIZES[1] - words.SIZES[0], count)
    small = 1 + (chance.shaped(SPREAD, count) * 11 // 1000) % (words.SIZES[0] - 1)
    huge = 1_200 + chance.below(6_000, count)
    size = np.where(chance.happens(180, count), huge, small)
    line = chance.below(len(words.INDUSTRIES), count)
    is_right, claims = place < right, place < right + claiming
    return Accounts(
        right=right,
        claiming=claiming,
        industry=np.where(is_right, good[0], line),
        employees=np.where(is_right, good[1], size),
        says_industry=np.where(claims, good[0], line),
        says_employees=np.where(claims, good[1], size),
    )


def draw_people(seed: int, leads: int, plan: TeamPlan, year: Year, accounts: Accounts) -> People:
    """So many records, in order of arrival."""
    source, created = _arrivals(seed, leads, plan, year)
    chance = Stream(seed, Concern.PERSON)
    right = chance.happens(_each(source, [each.right for each in plan.sources]), leads)
    claims = ~right & chance.happens(_each(source, [each.claims for each in plan.sources]), leads)
    decides = chance.happens(np.where(right | claims, 600, 150), leads)
    deciders, others = len(words.DECIDERS), len(words.OTHERS)
    campaigns = np.array([len(each.campaigns) for each in plan.sources])[source]
    home, abroad = (
        chance.happens(_each(source, [each.home for each in plan.sources]), leads),
        len(words.COUNTRIES) - words.HOME,
    )
    fields: dict[str, Any] = {
        "campaign": chance.below(campaigns, leads),
        "account": _accounts(chance, accounts, right, claims),
        "country": np.where(home, chance.below(words.HOME, leads), words.HOME + chance.below(abroad, leads)),
        "right": right,
        "claims": claims,
        "title": np.where(decides, chance.below(deciders, leads), deciders + chance.below(others, leads)),
        "first_name": chance.below(len(words.FIRST_NAMES), leads),
        "last_name": chance.below(len(words.LAST_NAMES), leads),
        "free_mail": ~right & ~claims & chance.happens(300, leads),
    }
    missing = chance.happens(plan.dirt.missing, leads)
    filled = missing & chance.happens(plan.dirt.enriched, leads)
    later = created + HOUR + chance.shaped(EXPONENTIAL, leads) * (4 * DAY // 1000)
    leaves = chance.happens(plan.dirt.opted_out, leads)
    return _with_twins(
        seed,
        plan,
        fields,
        created_at=created,
        source=source,
        missing=missing,
        enriched_at=np.where(filled, later, NEVER_COMES),
        opted_out_at=np.where(leaves, created + 2 * DAY + chance.below(60, leads) * DAY, NEVER_COMES),
    )


def _arrivals(seed: int, leads: int, plan: TeamPlan, year: Year) -> tuple[Whole, Whole]:
    """Source and instant of each arrival, in order of time."""
    chance = Stream(seed, Concern.ARRIVAL)
    source = chance.pick([each.share for each in plan.sources], leads)
    day = np.zeros(leads, dtype=np.int64)
    weekday = year.weekday.tolist()
    for place, each in enumerate(plan.sources):
        mine = np.flatnonzero(source == place)
        busy = [BY_WEEKDAY[on] * (each.mailing if mailed(day, on) else 1) for day, on in enumerate(weekday)]
        day[mine] = chance.pick(busy, len(mine))
    at = np.minimum(year.moments(chance, day), year.midnight[day + 1] - SECOND)
    full = np.array([mailed(day, on) for day, on in enumerate(weekday)])[day]
    sent = full & (np.array([each.mailing for each in plan.sources])[source] > 1)
    at = np.where(sent, year.midnight[day] + MAILED_AT + chance.below(2 * HOUR // SECOND, leads) * SECOND, at)
    order = np.argsort(at, kind="stable")
    return source[order], at[order]


def mailed(day: int, weekday: int) -> bool:
    """Whether a mailing goes out on a day of the year: on every fourth Monday."""
    return weekday == 0 and day // 7 % 4 == 1


def _accounts(chance: Stream, accounts: Accounts, right: Flags, claims: Flags) -> Whole:
    """An account of the right kind for each."""
    first = np.where(right, 0, np.where(claims, accounts.right, accounts.right + accounts.claiming))
    other = len(accounts) - accounts.right - accounts.claiming
    size = np.where(right, accounts.right, np.where(claims, accounts.claiming, other))
    return first + chance.below(size, len(right))


def _with_twins(seed: int, plan: TeamPlan, fields: Mapping[str, Any], *, created_at: Whole, **others: Any) -> People:
    """Make some records second ones of somebody who came before."""
    count, chance, dirt = len(created_at), Stream(seed, Concern.TWIN), plan.dirt
    earlier = chance.below(np.maximum(np.arange(count), 1), count)
    twin = chance.happens(dirt.twins, count)
    twin[0] = False
    twin &= ~twin[earlier]  # of nobody's twin's twin
    human = np.where(twin, earlier, np.arange(count))
    spelt = twin & chance.happens(dirt.twins_spelt, count)
    merged = twin & ~spelt & chance.happens(dirt.twins_merged, count)
    found = created_at + DAY + chance.shaped(EXPONENTIAL, count) * (20 * DAY // 1000)
    shared = {name: column[human] for name, column in fields.items() if name != "campaign"}
    shared["free_mail"] = np.where(twin & ~spelt, True, shared["free_mail"])
    return People(
        created_at=created_at,
        campaign=fields["campaign"],
        human=human,
        known_as=np.where(spelt, human, np.arange(count)),
        spelt=spelt,
        merged_at=np.where(merged, found, NEVER_COMES),
        family=np.where(spelt | merged, human, np.arange(count)),
        **shared,
        **others,
    )


def _each(place: Whole, values: list[int]) -> Whole:
    return np.array(values, dtype=np.int64)[place]
