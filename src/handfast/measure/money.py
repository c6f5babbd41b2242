"""Money of other currencies brought to the contract's, at the rate of the day of the fact, exact to the hundredth."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from handfast.instant import DAY, NEVER
from handfast.measure.coded import Coded, Instants
from handfast.measure.period import local

STALE_AFTER = 7
"""Days for which the last rate known still stands: weekends and holidays have none of their own."""

_EPOCH = dt.date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Rates:
    """How much of the contract's currency one unit of another is worth: by currency and day. Codes are in capitals."""

    own: str
    by_day: Mapping[str, Mapping[dt.date, Decimal]]
    _days: dict[str, list[dt.date]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def rate(self, currency: str, day: dt.date) -> Decimal | None:
        """The rate of a day, else the latest of the seven days before it; None where there is none."""
        if currency == self.own:
            return Decimal(1)
        known = self.by_day.get(currency, {})
        if currency not in self._days:
            self._days[currency] = sorted(known)
        days = self._days[currency]
        place = bisect_right(days, day)
        if not place or (day - days[place - 1]).days > STALE_AFTER:
            return None
        return known[days[place - 1]]


@dataclass(frozen=True, slots=True, eq=False)
class Converted:
    """Amounts in hundredths of the contract's currency, 0 where ``unknown``: those are in no sum, and said."""

    amount: NDArray[np.int64]
    unknown: NDArray[np.bool_]


def converted(amounts: NDArray[np.int64], currency: Coded, at: Instants, rates: Rates, zone: str) -> Converted:
    """Amounts in hundredths at the rate of the local day of each fact, rounded half to even.

    An unknown currency is the contract's own; a fact without an instant has no day, and only the own currency is known.
    """
    mine = (currency.codes < 0) | (currency.codes == currency.code(rates.own))
    found, unknown = np.where(mine, amounts, 0), np.zeros(len(amounts), np.bool_)
    days = local(at, zone) // DAY
    others = np.flatnonzero(~mine)
    for row, code, day in zip(others.tolist(), currency.codes[others].tolist(), days[others].tolist(), strict=True):
        date = None if at[row] == NEVER else _EPOCH + dt.timedelta(days=day)
        rate = None if date is None else rates.rate(currency.words[code], date)
        unknown[row] = rate is None
        found[row] = 0 if rate is None else round(int(amounts[row]) * Fraction(rate))
    return Converted(found, unknown)
