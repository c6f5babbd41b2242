"""What every contract may use without defining it: attributes, activities, lists, currencies, fixed words."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from importlib import resources
from types import MappingProxyType

from handfast.condition import ValueType
from handfast.contract.model import ActivityType, Attribute, ClockName

CONSENT = ("granted", "denied", "unknown")
BANDS = ("nurture", "warm", "engage")

_ATTRIBUTES: tuple[tuple[str, ValueType, tuple[str, ...], str], ...] = (
    ("email", ValueType.TEXT, (), "E-mail address"),
    ("email_domain", ValueType.TEXT, (), "The part of the address after the @"),
    ("first_name", ValueType.TEXT, (), "First name"),
    ("last_name", ValueType.TEXT, (), "Last name"),
    ("phone", ValueType.TEXT, (), "Telephone number"),
    ("title", ValueType.TEXT, (), "Job title"),
    ("company", ValueType.TEXT, (), "Company name"),
    ("company_domain", ValueType.TEXT, (), "The company's web domain"),
    ("industry", ValueType.TEXT, (), "Industry"),
    ("employees", ValueType.NUMBER, (), "Number of employees"),
    ("revenue", ValueType.MONEY, (), "The company's yearly revenue, in the contract's currency"),
    ("country", ValueType.COUNTRY, (), "Country, as a two-letter ISO 3166 code"),
    ("region", ValueType.TEXT, (), "State or region, as an ISO 3166-2 code"),
    ("language", ValueType.TEXT, (), "Language"),
    ("source", ValueType.TEXT, (), "Where the lead came from"),
    ("campaign", ValueType.TEXT, (), "Campaign the lead came from"),
    ("medium", ValueType.TEXT, (), "Medium the lead came through"),
    ("consent_marketing", ValueType.CHOICE, CONSENT, "May marketing write?"),
    ("consent_contact", ValueType.CHOICE, CONSENT, "May anyone contact?"),
    ("customer", ValueType.BOOLEAN, (), "Is the company a customer already?"),
)

_ACTIVITIES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("page_viewed", ("path", "url", "title")),
    ("form_submitted", ("form", "page")),
    ("email_opened", ("campaign",)),
    ("email_clicked", ("campaign", "url")),
    ("unsubscribed", ("campaign",)),
    ("content_downloaded", ("content",)),
    ("webinar_registered", ("name",)),
    ("webinar_attended", ("name",)),
    ("event_attended", ("name",)),
    ("chat_started", ("page",)),
    ("meeting_booked", ("kind",)),
    ("ad_clicked", ("campaign",)),
    ("trial_started", ("plan",)),
    ("product_used", ("feature",)),
)

ATTRIBUTES: Mapping[str, Attribute] = MappingProxyType(
    {
        name: Attribute(name=name, type=kind, one_of=one_of, title=title, built_in=True)
        for name, kind, one_of, title in _ATTRIBUTES
    }
)

ACTIVITIES: Mapping[str, ActivityType] = MappingProxyType(
    {
        name: ActivityType(
            name=name,
            properties=MappingProxyType(
                {prop: Attribute(name=prop, type=ValueType.TEXT, built_in=True) for prop in properties}
            ),
            built_in=True,
        )
        for name, properties in _ACTIVITIES
    }
)

SCORE_NAMES: Mapping[str, Attribute] = MappingProxyType(
    {
        "fit": Attribute(name="fit", type=ValueType.NUMBER, title="Fit points", built_in=True),
        "behaviour": Attribute(name="behaviour", type=ValueType.NUMBER, title="Behaviour points", built_in=True),
        "total": Attribute(name="total", type=ValueType.NUMBER, title="All points", built_in=True),
    }
)
"""Usable in definitions and routing."""

BAND_NAME: Mapping[str, Attribute] = MappingProxyType(
    {"band": Attribute(name="band", type=ValueType.CHOICE, one_of=BANDS, title="Where the score lies", built_in=True)}
)
"""Usable in routing only."""

RESERVED_NAMES = frozenset({*SCORE_NAMES, *BAND_NAME, "all", "any", "none"})
"""Words of conditions; no attribute or property may be called so."""

CLOCK_EDGES: Mapping[ClockName, tuple[str, str]] = MappingProxyType(
    {
        ClockName.FIRST_TOUCH: ("qualified", "touched"),
        ClockName.RESPONSE: ("assigned", "touched_by_owner"),
        ClockName.DECISION: ("assigned", "decided"),
        ClockName.WORKING: ("accepted", "concluded"),
        ClockName.CONTEST: ("contested", "settled"),
    }
)
"""Each clock's start and stop: fixed, whatever the contract says about windows."""

WAITING_CLOCKS = frozenset({ClockName.FIRST_TOUCH, ClockName.RESPONSE, ClockName.DECISION})
"""Clocks that run while a cycle waits, so that ``do: re_route`` can act."""

ESCALATE_TO = ("owner", "manager", "marketing", "sales")

CURRENCIES = frozenset(
    (
        "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF "
        "CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD "
        "HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD "
        "MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN "
        "PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY "
        "TTD TWD TZS UAH UGX USD UYU UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG"
    ).split()
)
"""ISO 4217 codes of money in use."""


@cache
def shipped_lists() -> Mapping[str, tuple[str, ...]]:
    """The lists that ship with the product, by name; today ``free_mail``."""
    return MappingProxyType({"free_mail": _entries("free_mail.txt")})


def _entries(name: str) -> tuple[str, ...]:
    text = resources.files("handfast.contract").joinpath("data", name).read_text(encoding="utf-8")
    lines = (line.partition("#")[0].strip() for line in text.splitlines())
    return tuple(line for line in lines if line)


class Expected(StrEnum):
    """What kind of value an outcome of an example has."""

    STATE = "state"
    POOL = "pool"
    BAND = "band"
    POINTS = "points"
    FLAG = "true or false"
    DISQUALIFIER = "disqualifier"
    INSTANT = "instant"


EXPECTED: Mapping[str, Expected] = MappingProxyType(
    {
        "state": Expected.STATE,
        "pool": Expected.POOL,
        "band": Expected.BAND,
        "fit": Expected.POINTS,
        "behaviour": Expected.POINTS,
        "total": Expected.POINTS,
        "icp": Expected.FLAG,
        "hand_raise": Expected.FLAG,
        "held_by": Expected.DISQUALIFIER,
        "first_touch_due": Expected.INSTANT,
        "response_due": Expected.INSTANT,
        "decision_due": Expected.INSTANT,
    }
)
"""What an example may expect."""

EXPECTED_STATES = ("open", "waiting")
"""States in which one judgement can leave a lead."""
