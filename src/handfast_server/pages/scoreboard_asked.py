"""What a scoreboard is asked for: everything stands in the address, so that a view can be sent.

A word that is not understood is told, and the page shows what it would show without it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple
from urllib.parse import urlencode

from django.utils import formats
from django.utils.translation import gettext as _

from handfast.contract.model import Contract
from handfast.contract.terms import Per
from handfast.instant import Instant, format_instant, parse_instant, to_datetime
from handfast.measure.period import period_named, period_of
from handfast.measure.question import Stream
from handfast.measure.value import Period, View
from handfast_server.now import now
from handfast_server.scoreboard import boards
from handfast_server.scoreboard.access import Scope

ALL = "all"
"""The period of everything there is."""

MONTHS = 12
"""Periods of a trend, and months to choose from."""
_QUARTERS, _YEARS = 6, 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """A period (None: everything), how cycles are placed in it, what tells them apart, which ones, as of when."""

    contract: Contract
    period: Period | None
    view: View = View.COHORT
    split: str = ""
    stream: Stream = Stream.BOTH
    as_of: Instant | None = None
    wrong: tuple[str, ...] = ()

    def board(self, scope: Scope | None) -> boards.Shown:
        """The board of it. Raises NoSnapshot."""
        return boards.shown(boards.Asked(self.period, self.stream, self.as_of, scope))

    def whole(self, scope: Scope | None) -> boards.Shown:
        """The same of everything there is, for trends. Raises NoSnapshot."""
        return replace(self, period=None).board(scope)

    def live(self, scope: Scope | None) -> boards.Shown:
        """The same of live cycles alone, which commitments count. Raises NoSnapshot."""
        return replace(self, stream=Stream.LIVE).board(scope)

    def query(self, **also: object) -> str:
        """The address of what is asked, with something else beside or instead."""
        told: dict[str, object] = {
            "period": self.label,
            "view": "" if self.view is View.COHORT else self.view.value,
            "split": self.split,
            "stream": "" if self.stream is Stream.BOTH else self.stream.value,
            "as_of": "" if self.as_of is None else format_instant(self.as_of),
        }
        return "?" + urlencode({name: value for name, value in (told | also).items() if value not in {"", None}})

    def for_programs(self, **also: object) -> str:
        """The same as the interface for programs is asked."""
        return self.query(view="", period="" if self.period is None else self.period.label, **also)

    @property
    def label(self) -> str:
        """The period as the address calls it."""
        return ALL if self.period is None else self.period.label


def asking_of(given: Mapping[str, str]) -> Asking:
    """What an address asks for. Raises NoSnapshot before a contract is signed."""
    at, wrong = now(), list[str]()
    as_of = _instant(given.get("as_of", ""), at, wrong)
    contract = boards.version_at(at if as_of is None else as_of).contract
    this = period_of(at if as_of is None else as_of, Per.QUARTER, contract)
    return Asking(
        contract=contract,
        period=_period(given.get("period", ""), this, contract, wrong),
        view=View.ACTIVITY if given.get("view") == View.ACTIVITY else View.COHORT,
        split=given.get("split", "")[:100],
        stream=_stream(given.get("stream", "")),
        as_of=as_of,
        wrong=tuple(wrong),
    )


def _instant(text: str, at: Instant, wrong: list[str]) -> Instant | None:
    if not text:
        return None
    try:
        found = parse_instant(text)
    except (ValueError, OverflowError):
        found = 0
    if 0 < found <= at:
        return found
    wrong.append(_("That is no instant that has come; these are the newest numbers."))
    return None


def _period(label: str, this: Period, contract: Contract, wrong: list[str]) -> Period | None:
    if label == ALL:
        return None
    try:
        return period_named(label, contract) if label else this
    except (ValueError, OverflowError):
        wrong.append(_("There is no such period; this is the current quarter. Write 2027, 2027-Q1 or 2027-01."))
        return this


def _stream(text: str) -> Stream:
    return Stream(text) if text in set(Stream) else Stream.BOTH


class Choice(NamedTuple):
    """Something that can be chosen."""

    value: str
    label: str


def periods_of(asking: Asking, at: Instant) -> list[tuple[str, list[Choice]]]:
    """The periods to choose from, in groups, the newest first; the one that is asked for is among them."""
    groups = [
        (_("Quarters"), _back(asking.contract, Per.QUARTER, at, _QUARTERS)),
        (_("Months"), _back(asking.contract, Per.MONTH, at, MONTHS)),
        (_("Years"), _back(asking.contract, Per.YEAR, at, _YEARS)),
    ]
    found = [(title, [Choice(label, period_words(label)) for label in labels]) for title, labels in groups]
    known = {choice.value for _title, choices in found for choice in choices}
    other = [ALL] if asking.label in {ALL, *known} else [asking.label, ALL]
    return [*found, (_("Other"), [Choice(label, period_words(label)) for label in other])]


def _back(contract: Contract, per: Per, at: Instant, count: int) -> list[str]:
    """So many periods, from that of an instant backwards."""
    found: list[str] = []
    for _step in range(count):
        period = period_of(at, per, contract)
        found.append(period.label)
        at = period.first - 1
    return found


def months_until(asking: Asking, at: Instant) -> list[str]:
    """The twelve months up to the end of the period, oldest first; none of them is yet to come."""
    last = at if asking.period is None else min(at, asking.period.last - 1)
    return _back(asking.contract, Per.MONTH, last, MONTHS)[::-1]


def period_words(label: str) -> str:
    """What a period is called."""
    if label == ALL:
        return _("Everything there is")
    year, _dash, part = label.partition("-")
    if part.isdecimal():
        return formats.date_format(dt.date(int(year), int(part), 1), "YEAR_MONTH_FORMAT")
    return f"{part} {year}" if part else year


def month_short(label: str) -> str:
    """A month as a chart calls it."""
    year, _dash, month = label.partition("-")
    return formats.date_format(dt.date(int(year), int(month), 1), "M")


def is_current(label: str, at: Instant, zone: str) -> bool:
    """Whether a month is not over."""
    here = to_datetime(at, zone)
    return label == f"{here.year:04}-{here.month:02}"
