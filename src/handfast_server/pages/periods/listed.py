"""Which periods there are: those that are over since the first version governs, and those that were closed."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from handfast.contract.model import Contract, PartyName
from handfast.contract.terms import Per
from handfast.instant import Instant, to_datetime
from handfast.measure.period import period_named, period_of
from handfast.measure.value import Period
from handfast_server.pages.named import names_of
from handfast_server.pages.scoreboard_asked import period_words
from handfast_server.scoreboard import boards
from handfast_server.scoreboard.models import Statement as StatementRow

_SPELLING = re.compile(r"[0-9]{4}(-Q[1-4]|-(0[1-9]|1[0-2]))?")
_MOST = {Per.YEAR: 5, Per.QUARTER: 12, Per.MONTH: 24}
"""How many of each are offered; a closed one is listed however long ago it was."""


class Listed(NamedTuple):
    """A period in the list.

    ``last_on`` is its last day in the contract's zone; ``row`` its statement's, None while it is open; ``by`` says who
    closed it; ``signed`` the sides that have.
    """

    label: str
    title: str
    last_on: dt.date
    row: StatementRow | None
    by: str
    signed: tuple[str, ...]

    @property
    def state(self) -> str:
        """What is to be done with it: ``sign``, ``close``, or nothing, it is ``done``."""
        if self.row is None:
            return "close"
        return "done" if len(self.signed) == len(PartyName) else "sign"


def named(label: str, contract: Contract) -> Period | None:
    """The period of an address; None for what is none."""
    try:
        return period_named(label, contract) if _SPELLING.fullmatch(label) else None
    except (ValueError, OverflowError):
        return None


def listed(at: Instant) -> list[Listed]:
    """The newest end first; of those that end together the longest first. Raises NoSnapshot before any version."""
    contract = boards.version_at(at).contract
    rows = {row.pk: row for row in StatementRow.objects.prefetch_related("signatures")}
    over = [
        each.label
        for per in Per
        for each in _over(contract, per, boards.signed_history().versions[0].in_force_from, at)
    ]
    periods = [period_named(label, contract) for label in {*rows, *over}]
    periods.sort(key=lambda period: (-period.last, period.first))
    names = names_of(row.closed_by for row in rows.values())
    return [_listed(period, rows.get(period.label), contract.zone, names) for period in periods]


def _listed(period: Period, row: StatementRow | None, zone: str, names: Mapping[str, str]) -> Listed:
    signed = () if row is None else tuple(sorted(each.party for each in row.signatures.all()))
    last_on = to_datetime(period.last - 1, zone).date()
    by = "" if row is None else names[row.closed_by]
    return Listed(period.label, period_words(period.label), last_on, row, by, signed)


def _over(contract: Contract, per: Per, since: Instant, at: Instant) -> Iterator[Period]:
    """The periods of one length that ended after the first version took force."""
    period = period_of(period_of(at, per, contract).first - 1, per, contract)
    for _step in range(_MOST[per]):
        if period.last <= since:
            return
        yield period
        period = period_of(period.first - 1, per, contract)
