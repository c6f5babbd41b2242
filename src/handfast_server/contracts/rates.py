"""What other currencies are worth in the contract's: stated by people or programs, day by day, and kept.

The rates of a day are as many as were stated: a later row takes the place of an earlier one in everything that is
counted from then on. ``last`` names the newest, so that it is cheap to know whether there is anything new.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Max, Min

from handfast.measure.money import STALE_AFTER, Rates
from handfast.measure.rates import read_rates
from handfast_server.audit.record import record
from handfast_server.contracts.models import Rate, Version
from handfast_server.decide.transaction import in_transaction
from handfast_server.now import now
from handfast_server.refused import Refused


class Stated(NamedTuple):
    """How many rates a file had, and how many of them said something new."""

    rates: int
    new: int


class Touched(NamedTuple):
    """A currency of which rates were stated, and the days on whose amounts they can bear, the last left out."""

    currency: str
    first: dt.date
    last: dt.date


def last(own: str) -> int:
    """The newest rate; 0 when there is none."""
    found: int | None = Rate.objects.filter(own=own).aggregate(last=Max("pk"))["last"]
    return found or 0


def rates_of(own: str, newest: int) -> Rates:
    """Everything stated until ``newest``; it was looked at then, and is right."""
    found: dict[str, dict[dt.date, Decimal]] = {}
    for currency, day, rate in _rows(own, newest):
        found.setdefault(currency, {})[day] = Decimal(rate)
    return Rates(own, found)


def _rows(own: str, newest: int) -> Iterable[tuple[str, dt.date, str]]:
    rows = Rate.objects.filter(own=own, pk__lte=newest).order_by("pk")
    return rows.values_list("currency", "day", "rate").iterator()


def touched(own: str, before: int) -> list[Touched]:
    """The currencies and days that were stated after ``before``: a rate stands in for the week after it."""
    rows = Rate.objects.filter(own=own, pk__gt=before).values("currency")
    week = dt.timedelta(days=STALE_AFTER + 1)
    return [
        Touched(row["currency"], row["first"], row["last"] + week)
        for row in rows.annotate(first=Min("day"), last=Max("day")).order_by("currency")
    ]


def do_state_rates(text: str, own: str, by: str) -> Stated:
    """Take in a file of ``day,currency,rate``. Raises RatesRefused with every problem: then nothing is taken in."""
    stated = read_rates(text, own).by_day

    def work() -> Stated:
        list(Version.objects.select_for_update().order_by("-number")[:1])  # so that ids grow in the order of commits
        known = rates_of(own, last(own)).by_day
        at = now()
        rows = [
            Rate(own=own, currency=currency, day=day, rate=_written(rate), stated_at=at, stated_by=by)
            for currency, days in stated.items()
            for day, rate in days.items()
            if known.get(currency, {}).get(day) != rate
        ]
        Rate.objects.bulk_create(rows, batch_size=1_000)
        if rows:
            record("contracts.rates", f"currency:{own}", details={"rates": len(rows)})
        return Stated(sum(map(len, stated.values())), len(rows))

    return in_transaction(work)


def _written(rate: Decimal) -> str:
    """Exactly. Raises Refused for a number of more digits than any rate has."""
    text = f"{rate:f}"
    if len(text) > _DIGITS:
        raise Refused("rate_too_long", f"A rate has at most {_DIGITS} digits.", status=422)
    return text


_DIGITS = 60
