"""What marketing spent: stated by people or programs, day by day, and kept.

Of several statements about one day, source and campaign the last counts. ``last`` names the newest row, so that it is
cheap to know whether there is anything new; the snapshot says up to which one it counts.
"""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
from django.db.models import Max

from handfast.history.rows import coded
from handfast.instant import from_datetime
from handfast.measure.spending import Spent, read_spend
from handfast.measure.tables import Spend as SpendTable
from handfast_server.audit.record import record
from handfast_server.contracts.models import Version
from handfast_server.decide.transaction import in_transaction
from handfast_server.now import now
from handfast_server.scoreboard.models import Spend


class Stated(NamedTuple):
    """How many lines a file had, and how many of them said something new."""

    lines: int
    new: int


Key = tuple[dt.date, str, str]
"""Day, source and campaign."""


def last() -> int:
    """The newest row; 0 when there is none."""
    found: int | None = Spend.objects.aggregate(last=Max("pk"))["last"]
    return found or 0


def stated(currency: str, newest: int | None = None) -> dict[Key, int]:
    """What counts of everything stated until ``newest``, in hundredths of a currency; 0 where it was taken back."""
    rows = Spend.objects.filter(currency=currency)
    rows = rows if newest is None else rows.filter(pk__lte=newest)
    columns = ("day", "source", "campaign", "amount")
    return {(day, *of): amount for day, *of, amount in rows.order_by("pk").values_list(*columns).iterator()}


def spend_of(currency: str, zone: str, newest: int) -> SpendTable | None:
    """The table that measures read: each amount at the first instant of its day; None where nothing was ever stated."""
    found = stated(currency, newest)
    if not found:
        return None
    rows = sorted((key, amount) for key, amount in found.items() if amount)
    here = ZoneInfo(zone)
    days = [dt.datetime.combine(day, dt.time(), tzinfo=here) for (day, _source, _campaign), _amount in rows]
    return SpendTable(
        key=["/".join((day.isoformat(), *(word for word in of if word))) for (day, *of), _amount in rows],
        at=np.array([from_datetime(each) for each in days], np.int64),
        amount=np.array([amount for _key, amount in rows], np.int64),
        source=coded(source for (_day, source, _campaign), _amount in rows),
        campaign=coded(campaign for (_day, _source, campaign), _amount in rows),
    )


def do_state_spend(text: str, currency: str, by: str) -> Stated:
    """Take in a file. Raises SpendRefused with every problem: then nothing is taken in."""
    lines = read_spend(text)

    def work() -> Stated:
        list(Version.objects.select_for_update().order_by("-number")[:1])  # so that ids grow in the order of commits
        known, at = stated(currency), now()
        fresh = [each for each in lines if known.get(each[:3], 0) != each.amount]
        Spend.objects.bulk_create([_row(each, currency, at, by) for each in fresh], batch_size=1_000)
        if fresh:
            record("scoreboard.spend", f"currency:{currency}", details={"lines": len(fresh)})
        return Stated(len(lines), len(fresh))

    return in_transaction(work)


def _row(line: Spent, currency: str, at: int, by: str) -> Spend:
    return Spend(**line._asdict(), currency=currency, stated_at=at, stated_by=by)
