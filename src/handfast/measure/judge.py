"""Figures against targets: met, missed, or not to be said yet."""

from __future__ import annotations

from handfast.measure.value import Count, Durations, Figure, Interval, Ratio, Target, Verdict
from handfast.stats import wilson


def verdict(figure: Figure, target: Target | None) -> Verdict:
    """A share, a median or a count against its target; uncertain while the interval leaves both possible."""
    possible = None if target is None else _possible(figure)
    if target is None or possible is None:
        return Verdict.NONE
    wanted = float(target.value)
    if isinstance(figure, Ratio) and wanted >= 1 and figure.value == 1:
        return Verdict.MET  # all of them is all of them: no larger sample could say more
    above, below = possible.low >= wanted, possible.high < wanted
    if not target.at_least:
        above, below = possible.high <= wanted, possible.low > wanted
    return Verdict.MET if above else Verdict.MISSED if below else Verdict.UNCERTAIN


def _possible(figure: Figure) -> Interval | None:
    if isinstance(figure, Ratio):
        return _possible_share(figure)
    if isinstance(figure, Durations):
        return _possible_median(figure)
    return Interval(figure.value, figure.value) if isinstance(figure, Count) else None


def _possible_share(figure: Ratio) -> Interval | None:
    """From the low end if nothing still open succeeds to the high end if all of it does."""
    bottom, top = figure.denominator.count, figure.numerator.count
    best = top if figure.still_open is None else top + figure.still_open.count
    low, high = wilson(top, bottom), wilson(best, bottom)
    return None if low is None or high is None else Interval(low[0], high[1])


def _possible_median(figure: Durations) -> Interval | None:
    median = figure.quantiles["median"]
    if not figure.records.count:
        return None
    low = float("inf") if median.low is None else float(median.low)
    return Interval(low, float("inf") if median.high is None else float(median.high))
