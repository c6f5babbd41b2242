"""Findings about what marketing owes: leads in number, month by month."""

from __future__ import annotations

import datetime as dt

from handfast.audit.english import findings as say
from handfast.audit.english import words
from handfast.audit.findings.case import Case
from handfast.audit.findings.finding import Finding
from handfast.contract.terms import Per, PerPeriod
from handfast.instant import DAY, NEVER, to_datetime
from handfast.measure.scoreboard import Board
from handfast.measure.value import Count, Split

_MONTHS = {Per.MONTH: 1, Per.QUARTER: 3, Per.YEAR: 12}
_FEWEST = 3
"""Full months it takes to speak of an average month."""


def commitment(case: Case) -> Finding | None:
    """Delivered leads a month against the commitment: kept in every full month, or short on average."""
    terms = case.contract.marketing
    name, what = ("delivered_icp", "ideal-customer MQLs") if terms.icp_required else ("delivered", "MQLs")
    measure = case.measure(name)
    if terms.mql is None or measure is None or measure.trend is None:
        return None
    counted = _counted(measure.trend, case.board)
    if len(counted) < _FEWEST:
        return None
    return _judged(counted, _a_month(terms.mql), what)


def _a_month(promised: PerPeriod) -> float:
    return float(promised.amount) / _MONTHS[promised.per]


def _judged(counted: list[int], promised: float, what: str) -> Finding | None:
    """Nothing is said when the average is kept though single months are not."""
    mean = sum(counted) / len(counted)
    short = sum(number < promised for number in counted)
    if short and mean >= promised:
        return None
    good = not short
    headline = (
        say.enough(mean, promised, len(counted), what)
        if good
        else say.too_few(mean, promised, short, len(counted), what)
    )
    return Finding(
        code="commitment_kept" if good else "too_few",
        good=good,
        figure=f"{words.count(round(mean))} a month",
        headline=headline,
        clause="commitments.marketing.mql",
        next_step="" if good else say.NEXT["too_few"],
        cost=sum(abs(number - promised) for number in counted if good or number < promised),
        numbers={"mean": mean, "promised": promised, "short": short, "months": len(counted)},
    )


def _counted(trend: Split, board: Board) -> list[int]:
    """The counts of the full months of a trend."""
    counted = {
        part.word: part.figure.value for part in trend if part.word is not None and isinstance(part.figure, Count)
    }
    return [counted.get(month, 0) for month in full_months(board, min(counted))] if counted else []


def full_months(board: Board, first: str) -> list[str]:
    """The months that an export covers from end to end: neither the first, nor the one in which it ends."""
    arrived = board.columns.inquiry_at if (board.columns.inquiry_at != NEVER).any() else board.columns.qualified_at
    until = min(board.as_of, int(arrived.max())) + DAY  # a lead on its last day closes a month
    return _between(first, to_datetime(until, board.zone).strftime("%Y-%m"))


def _between(first: str, last: str) -> list[str]:
    """The months after ``first`` and before ``last``; a month without a lead is one with none."""
    found, day = [], dt.date.fromisoformat(f"{first}-01")
    while (day := (day + dt.timedelta(days=32)).replace(day=1)).strftime("%Y-%m") < last:
        found.append(day.strftime("%Y-%m"))
    return found
