"""What an audit's JSON report says of the rates.

A report whose contract had a plan carries the evidence as it was found in the export, and that is taken. Of another one
only counts are left, without ages: what is still open is then left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from handfast.contract.model import Contract
from handfast.plan.evidence import Evidence, Lengths, Load, Measured, Step

_HEIGHTS = ("median", "p90", "p95")

Data = Mapping[str, Any]


def measured_in_report(report: object, contract: Contract, source: str) -> Measured:
    """The evidence of a report that ``handfast audit --report FILE.json`` wrote, for the stages of a contract.

    Raises ValueError with a sentence when it is no such report; KeyError or TypeError when it is a damaged one.
    """
    if not isinstance(report, dict) or "handfast_audit" not in report:
        raise ValueError("it is JSON, but no report of `handfast audit`")
    kept: Data | None = report.get("plan")
    if kept is not None and tuple(kept["stages"]) == contract.stages:
        return _as_found(kept, source)
    return _counted({one["name"]: one["figure"] for one in report["measures"]}, contract.stages, source)


def _as_found(kept: Data, source: str) -> Measured:
    """The evidence as the report's own plan has it."""
    rates = {(one["stage"], one["following"]): one for one in kept["rates"]}
    lengths, load = kept["evidence"]["lengths"], kept["evidence"]["load"]
    return Measured(
        source=source,
        rates={step: _evidence(one["measured"]) for step, one in rates.items() if one["measured"] is not None},
        why_not={step: one["why_not_measured"] for step, one in rates.items() if one["why_not_measured"]},
        lengths=lengths and Lengths(span=tuple(lengths["span"]), by=tuple(lengths["by"]), source=lengths["source"]),
        load=load and Load(**load),
        notes=tuple(kept["evidence"]["notes"]),
    )


def _evidence(found: Data) -> Evidence:
    return Evidence(
        entered=found["entered"],
        reached=found["reached"],
        missed=found["missed"],
        waiting=found["still_open"],
        known=found["known"],
        share=found["share"] or 0.0,
    )


def _counted(figures: Mapping[str, Data], stages: tuple[str, ...], source: str) -> Measured:
    """The evidence of the conversions among the measures."""
    read = {step: _read(figures.get("_to_".join(step)), *step) for step in pairwise(stages)}
    rates = {step: one for step, one in read.items() if isinstance(one, Evidence)}
    return Measured(
        source=source,
        rates=rates,
        why_not={step: one for step, one in read.items() if isinstance(one, str)},
        lengths=_lengths(figures.get("cycle_length")) if (stages[0], stages[-1]) == ("mql", "won") else None,
        notes=tuple(_left_out(rates)),
    )


def _read(figure: Data | None, stage: str, following: str) -> Evidence | str:
    """The evidence of a conversion, or why it gives none."""
    if figure is None:
        return f"The report has no measure {stage}_to_{following}: it was made under another chain of stages."
    if figure["kind"] != "ratio":
        return str(figure["reason"])
    entered, reached = figure["denominator"]["count"], figure["numerator"]["count"]
    waiting = figure["still_open"]["count"] if figure["still_open"] else 0
    missed = entered - reached - waiting
    if not missed and waiting:
        return "No cycle is said to have ended there, and the report does not tell for how long the open ones wait."
    if not entered:
        return f"No cycle entered the stage {stage}."
    known = reached + missed
    return Evidence(
        entered=entered, reached=reached, missed=missed, waiting=waiting, known=known, share=reached / known
    )


def _left_out(rates: Mapping[Step, Evidence]) -> list[str]:
    if not any(one.waiting for one in rates.values()):
        return []
    return ["The report has no ages: what is still open is left out. Give the export to count it up to its age."]


def _lengths(figure: Data | None) -> Lengths | None:
    """The lengths of won cycles through the quantiles that the report has, in straight lines, the last one on."""
    if figure is None or figure["kind"] != "durations":
        return None
    found = [figure["quantiles"][name] for name in _HEIGHTS if name in figure["quantiles"]]
    points = {one["at"]: max(one["value"], 1) for one in found if one["value"] is not None}
    if not points:
        return None
    heights = sorted(points)
    first, last = heights[0], heights[-1]
    slope = (points[last] - points[first]) / (last - first) if last > first else 0
    longest = points[last] + max(round(slope * (1 - last)), 1)
    return Lengths(
        span=(*(points[at] for at in heights), longest),
        by=(*heights, 1.0),
        source="the median, 90% and 95% of won cycles in the report, with straight lines between",
    )
