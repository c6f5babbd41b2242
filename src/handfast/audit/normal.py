"""Countries, industries, sizes, consents and yes-or-no in common words, by small tables that a mapping can overrule."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from importlib import resources

import yaml

from handfast.audit.column.amounts import read_number
from handfast.audit.column.vocabulary import fold, tidy
from handfast.identity import normal_domain

YES = frozenset({"true", "yes", "y", "1", "1.0", "x", "ja", "wahr", "t", "on", "checked", "✓"})
NO = frozenset({"false", "no", "n", "0", "0.0", "nein", "falsch", "f", "off", "unchecked"})

_JOINTS = re.compile(r"[\s&_,/]+")
_THOUSANDS = re.compile(
    r"(?<=\d)[.,'’\s](?=\d{3}(?!\d))"
)  # people are whole: a mark before three digits cuts thousands
_PLAIN_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")

_CONSENT = {
    **dict.fromkeys((*YES, "granted", "opted in", "opt-in", "subscribed", "allowed", "legitimate interest"), "granted"),
    **dict.fromkeys((*NO, "denied", "opted out", "opt-out", "unsubscribed", "withdrawn", "do not contact"), "denied"),
    "unknown": "unknown",
}


@lru_cache(maxsize=8)
def table(name: str) -> Mapping[str, str]:
    """A shipped table, folded spelling → common word. The files are lists of spellings under each word."""
    text = resources.files("handfast.audit").joinpath("tables", f"{name}.yaml").read_text(encoding="utf-8")
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # every scalar is text: NO is Norway
    raw: dict[str, list[str]] = yaml.load(text, Loader=loader)  # noqa: S506 a base loader makes only text
    return {fold(spelling): word for word, spellings in raw.items() for spelling in (word, *spellings)}


def yes_or_no(text: str) -> bool | None:
    """What a yes-or-no column says; None when it says something else."""
    plain = text.strip().casefold()
    return True if plain in YES else False if plain in NO else None


def country(text: str) -> str:
    """The ISO 3166 code of a country's name or code; the text itself when it is not known."""
    return table("countries").get(fold(text).replace(".", ""), tidy(text))


def industry(text: str) -> str:
    """The common word for an industry, however its parts are joined; the text itself when it is not known."""
    return _industries().get(_joined(text), tidy(text))


@lru_cache(maxsize=1)
def _industries() -> Mapping[str, str]:
    return {_joined(spelling): word for spelling, word in table("industries").items()}


def _joined(text: str) -> str:
    """``Food & Beverage``, ``FOOD_AND_BEVERAGE`` and ``Food, Beverage`` in one spelling."""
    return " ".join(part for part in _JOINTS.split(fold(text)) if part and part != "and")


def employees(text: str) -> str:
    """A number of people as digits: of a band the middle that the table gives; empty when there is none."""
    plain = _THOUSANDS.sub("", fold(text).replace("–", "-"))
    if not _PLAIN_NUMBER.fullmatch(plain):
        band = plain.replace(" ", "").removesuffix("employees")
        known = table("employee_bands").get(band)
        low, dash, high = band.partition("-")
        if known or (dash and low.isdigit() and high.isdigit()):
            return known or str((int(low) + int(high)) // 2)
    number = read_number(plain)
    return "" if number is None else str(int(number))


def consent(text: str) -> str:
    """Granted, denied or unknown."""
    return _CONSENT.get(fold(text), "unknown")


def yes_word(text: str) -> str:
    """``true`` or ``false``; empty when neither."""
    said = yes_or_no(text)
    return "" if said is None else "true" if said else "false"


NORMAL: Mapping[str, Callable[[str], str]] = {
    "country": country,
    "industry": industry,
    "employees": employees,
    "consent_marketing": consent,
    "consent_contact": consent,
    "customer": yes_word,
    "company_domain": normal_domain,
}
"""Attributes that have a common spelling."""
