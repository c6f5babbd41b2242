"""The plan as plain values for JSON: what is exact as text, shares and ranges as floats."""

from __future__ import annotations

from dataclasses import asdict
from fractions import Fraction
from math import ceil
from typing import Any

from handfast.instant import DAY
from handfast.plan.evidence import Evidence, Lengths, Measured
from handfast.plan.lag import Lag
from handfast.plan.value import Outlook, Plan, Rate

FORMAT = 1
"""Raised when a name of the output changes its meaning; names are only ever added within one format."""


def plan_data(plan: Plan) -> dict[str, Any]:
    """The whole plan. A need is given exactly, as a fraction in text, and ``rounded`` up as people are told it."""
    return {
        "handfast_plan": FORMAT,
        "contract": {"name": plan.contract, "version": plan.version},
        "currency": plan.currency,
        "period": {"label": plan.period.label, "first": plan.period.first, "last": plan.period.last},
        "months": plan.months,
        "goal": {
            "target": str(plan.goal.target),
            "share": str(plan.goal.share),
            "revenue": _exact(plan.goal.revenue),
            "average_deal": str(plan.goal.average_deal),
            "number": plan.goal.number.value,
            "deals": _count(plan.goal.deals),
        },
        "stages": list(plan.stages),
        "needs": None if plan.needs is None else [_need(plan, place) for place in range(len(plan.stages))],
        "rates": [_rate(one) for one in plan.rates],
        "coming": None if plan.coming is None else {"clause": plan.coming.clause} | _count(plan.coming.count),
        "agreed": _outlook(plan, plan.agreed),
        "measured": _outlook(plan, plan.measured),
        "lag": _lag(plan.lag),
        "capacity": _capacity(plan),
        "evidence": _source(plan.evidence),
    }


def _exact(value: Fraction) -> str:
    return str(value)


def _count(value: Fraction) -> dict[str, Any]:
    return {"exact": _exact(value), "value": float(value), "rounded": ceil(value)}


def _need(plan: Plan, place: int) -> dict[str, Any]:
    need = (plan.needs or ())[place]
    return {"stage": plan.stages[place]} | _count(need) | {"monthly": _count(need / plan.months)}


def _rate(rate: Rate) -> dict[str, Any]:
    return {
        "stage": rate.stage,
        "following": rate.following,
        "agreed": None if rate.agreed is None else str(rate.agreed),
        "measured": None if rate.measured is None else _evidence(rate.measured),
        "why_not_measured": rate.why_not or None,
    }


def _evidence(found: Evidence) -> dict[str, Any]:
    belief = found.belief
    return {
        "entered": found.entered,
        "reached": found.reached,
        "missed": found.missed,
        "still_open": found.waiting,
        "known": found.known,
        "mature": found.mature,
        "share": found.share if found.known else None,
        "expected": belief.mean,
        "interval": list(belief.range95()),
    }


def _outlook(plan: Plan, outlook: Outlook | None) -> dict[str, Any] | None:
    if outlook is None:
        return None
    return {
        "rates": [float(rate) for rate in outlook.rates],
        "needs": [
            {"stage": one.stage, "low": one.low, "middle": one.middle, "high": one.high} for one in outlook.needs
        ],
        "chance": outlook.chance,
        "chance_from_nothing": outlook.from_nothing,
        "enough": [{"chance": float(sure), "arrivals": count} for sure, count in outlook.enough.items()],
        "worth_of_a_point": [
            {
                "stage": one.stage,
                "following": one.following,
                "point": float(one.point),
                "money": f"{float(one.money):.2f}",
                "currency": plan.currency,
                "fewer_arrivals": float(one.arrivals),
            }
            for one in outlook.worth
        ],
    }


def _lag(lag: Lag | None) -> dict[str, Any] | None:
    if lag is None:
        return None
    return {
        "source": lag.source,
        "won_after_months": list(lag.shares),
        "carried": lag.carried,
        "in_time": lag.in_time,
        "months": [
            {
                "month": one.label,
                "inside": one.inside,
                "arrivals": float(one.arrivals),
                "for_period": one.for_period,
                "deals": one.deals,
            }
            for one in lag.months
        ],
    }


def _capacity(plan: Plan) -> dict[str, Any]:
    found = plan.capacity
    return {
        "arrivals": _count(found.arrivals),
        "working_days": found.days,
        "per_day": _float(found.per_day),
        "reps": found.reps,
        "per_rep_and_day": _float(found.per_rep),
        "limit": _float(found.limit),
        "limit_from": found.limit_from or None,
        "used": _float(found.used),
        "reps_needed": found.reps_needed,
    }


def _float(value: Fraction | None) -> float | None:
    return None if value is None else float(value)


def _source(evidence: Measured | None) -> dict[str, Any] | None:
    if evidence is None:
        return None
    return {
        "source": evidence.source,
        "notes": list(evidence.notes),
        "lengths": _lengths(evidence.lengths),
        "load": None if evidence.load is None else asdict(evidence.load),
    }


def _lengths(lengths: Lengths | None) -> dict[str, Any] | None:
    """The whole curve, so that a report can be planned from as well as the export that it was made of."""
    if lengths is None:
        return None
    return {
        "source": lengths.source,
        "median_days": lengths.median / DAY,
        "span": list(lengths.span),
        "by": list(lengths.by),
    }
