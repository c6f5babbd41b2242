"""Words that stand in sentences of the core as values: states, verbs, sides, spans."""

from __future__ import annotations

import re

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from handfast.contract.model import ClockName, PartyName, Verb
from handfast_server.contracts.models import Draft
from handfast_server.delivery.labels import promise_label
from handfast_server.pages.contract.words import state_label
from handfast_server.pages.words import clock_state_words, event_words, state_words

_OR = " or "

_VERBS = {
    Verb.RETURN.value: gettext_noop("return"),
    Verb.REJECT.value: gettext_noop("reject"),
    Verb.DISQUALIFY.value: gettext_noop("disqualify"),
    Verb.EITHER.value: gettext_noop("reject or disqualify"),
}

_PARTIES = {PartyName.MARKETING.value: gettext_noop("marketing"), PartyName.SALES.value: gettext_noop("sales")}

_UNITS = {
    "business days": gettext_noop("business days"),
    "business day": gettext_noop("business day"),
    "business hours": gettext_noop("business hours"),
    "business hour": gettext_noop("business hour"),
    "business minutes": gettext_noop("business minutes"),
    "days": gettext_noop("days"),
    "day": gettext_noop("day"),
    "hours": gettext_noop("hours"),
    "hour": gettext_noop("hour"),
    "minutes": gettext_noop("minutes"),
    "minute": gettext_noop("minute"),
}

_SPAN = re.compile(r"(\d+) ([a-z ]+)")


def states(text: str) -> str:
    """States of a cycle, one or several."""
    return _(" or ").join(state_words(each) for each in text.split(_OR))


def step(text: str) -> str:
    """A step of a cycle."""
    return event_words(text.replace(" ", "_"))


def verb(text: str) -> str:
    """What a reason is for."""
    return _(_VERBS[text]) if text in _VERBS else text


def party(text: str) -> str:
    """A side."""
    return _(_PARTIES[text]) if text in _PARTIES else text


def managers(text: str) -> str:
    """Who can be asked."""
    return _("an administrator") if text == "an admin" else text.replace(_OR, _(" or "))


def span(text: str) -> str:
    """A span as contracts write it."""
    found = _SPAN.fullmatch(text)
    return f"{found[1]} {_(_UNITS[found[2]])}" if found and found[2] in _UNITS else text


def clock(text: str) -> str:
    """A clock by its name; another id as it is."""
    name = text.replace(" ", "_")
    return promise_label(name) if name in set(ClockName) else text


def clocks(text: str) -> str:
    """Clocks that are open."""
    return _("none") if text == "none" else ", ".join(clock(each) for each in text.split(", "))


def standing(text: str) -> str:
    """How a clock stands."""
    return clock_state_words(text)


def open_cycle(text: str) -> str:
    """Which cycle is the open one."""
    name = text.removesuffix(" is open")
    return _("it has none open") if name == text else _("%s is open") % name


_KEPT = {
    "the lead is still cooling off": gettext_noop("the lead is still cooling off"),
    "the bar does not hold": gettext_noop("the bar does not hold"),
}


def why_kept(text: str) -> str:
    """Why a lead is not released."""
    clauses = text.removeprefix("it is held by ")
    return _("it is held by %s") % clauses if clauses != text else _(_KEPT.get(text, text))


_WHAT = {
    "routed again": gettext_noop("routed again"),
    "given back": gettext_noop("given back"),
    "a list": gettext_noop("a list"),
    "a mapping": gettext_noop("a mapping"),
    "nothing": gettext_noop("nothing"),
}


def what(text: str) -> str:
    """What can be done with a handoff that waits; what stands where something else is needed."""
    known = text if text in _WHAT else text[:1].lower() + text[1:]
    if known not in _WHAT:
        return text
    said = _(_WHAT[known])
    return said if known == text else said[:1].upper() + said[1:]


_FOUND = {
    "small": gettext_noop("small"),
    "large": gettext_noop("large"),
    "the file is empty": gettext_noop("the file is empty"),
    "this file holds a list": gettext_noop("this file holds a list"),
    "this file holds plain text": gettext_noop("this file holds plain text"),
}


def found(text: str) -> str:
    """How a value is, and what a file holds instead of a contract."""
    return _(_FOUND[text]) if text in _FOUND else text


def draft_state(text: str) -> str:
    """How a draft stands."""
    return state_label(text) if text in set(Draft.State) else text


_SPLITS = {
    "source": gettext_noop("source"),
    "campaign": gettext_noop("campaign"),
    "pool": gettext_noop("pool"),
    "owner": gettext_noop("owner"),
}


def split(text: str) -> str:
    """What reasons are told apart by."""
    return _(_SPLITS[text]) if text in _SPLITS else text


_STAGES = {
    "inquiry": gettext_noop("inquiry"),
    "lead": gettext_noop("lead"),
    "contact": gettext_noop("contact"),
    "acceptance": gettext_noop("acceptance"),
    "mql": "MQL",
    "sal": "SAL",
    "sql": "SQL",
    "opportunity": gettext_noop("opportunity"),
    "deal": gettext_noop("deal"),
    "won": gettext_noop("the deal that is won"),
}


def stage(text: str) -> str:
    """A stage that a cycle reaches."""
    known = text.lower()
    return _(_STAGES[known]) if known in _STAGES else text


_GROUPED = re.compile(r"\d{1,3}(,\d{3})+")


def count(text: str) -> str:
    """A number as the reader groups its digits."""
    if not _GROUPED.fullmatch(text):
        return text
    return formats.number_format(int(text.replace(",", "")), 0, use_l10n=True, force_grouping=True)
