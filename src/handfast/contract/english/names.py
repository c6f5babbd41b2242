"""What stands by its name in clauses: sides, kinds of values, activities."""

from __future__ import annotations

from collections.abc import Mapping

from handfast.condition import ValueType
from handfast.contract.english.values import spoken
from handfast.contract.model import PartyName
from handfast.wording import worded

_TYPES = {
    ValueType.TEXT: worded("text"),
    ValueType.NUMBER: worded("a number"),
    ValueType.MONEY: worded("an amount of money"),
    ValueType.BOOLEAN: worded("yes or no"),
    ValueType.DATE: worded("a date"),
    ValueType.COUNTRY: worded("a country"),
}

_THINGS: Mapping[str, str] = {
    "page_viewed": worded("page viewed"),
    "form_submitted": worded("form submitted"),
    "email_opened": worded("e-mail opened"),
    "email_clicked": worded("e-mail clicked"),
    "unsubscribed": worded("unsubscription"),
    "content_downloaded": worded("content downloaded"),
    "webinar_registered": worded("webinar registered"),
    "webinar_attended": worded("webinar attended"),
    "event_attended": worded("event attended"),
    "chat_started": worded("chat started"),
    "meeting_booked": worded("meeting booked"),
    "ad_clicked": worded("ad clicked"),
    "trial_started": worded("trial started"),
    "product_used": worded("product used"),
}
"""The activities of every contract; others are called by their keys."""

_SIDES: Mapping[str, str] = {PartyName.MARKETING: worded("marketing"), PartyName.SALES: worded("sales")}


def side(name: str) -> str:
    """A side, within a sentence."""
    return _SIDES.get(name, name)


def type_words(value: ValueType) -> str:
    """A type of values."""
    return _TYPES.get(value) or worded("one of a list of words")


def thing(name: str) -> str:
    """An activity as a thing: ``page viewed``."""
    return _THINGS.get(name) or spoken(name).replace("email", "e-mail")
