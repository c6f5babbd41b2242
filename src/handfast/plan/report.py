"""What an audit's JSON report says of the rates: counts without ages, so what is still open is left out."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from handfast.contract.model import Contract
from handfast.plan.evidence import Evidence, Lengths, Measured, Step

_HEIGHTS = ("median", "p90", "p95")


def measured_in_report(report: object, contract: Contract, source: str) -> Measured:
    """The evidence of a report that ``handfast audit --report FILE.json`` wrote, for the stages of a contract.

    Raises ValueError with a sentence when it is no such report.
    """
    if not isinstance(report, dict) or "handfast_audit" not in report or not isinstance(report.get("measures"), list):
        raise ValueError("it is JSON, but no report of `handfast audit`")
    figures = {one["name"]: one["figure"] for one in report["measures"] if isinstance(one, dict)}
    read = {step: _read(figures.get("_to_".join(step)), *step) for step in pairwise(contract.stages)}
    rates = {step: one for step, one in read.items() if isinstance(one, Evidence)}
    return Measured(
        source=source,
        rates=rates,
        why_not={step: one for step, one in read.items() if isinstance(one, str)},
        lengths=_lengths(figures.get("cycle_length")) if contract.stages[0] == "mql" else None,
        notes=tuple(_left_out(rates)),
    )


def _read(figure: Mapping[str, Any] | None, stage: str, following: str) -> Evidence | str:
    """The evidence of a conversion, or why it gives none."""
    if figure is None:
        return f"the report has no measure {stage}_to_{following}; it was made under another plan.stages."
    if figure["kind"] != "ratio":
        return str(figure.get("reason", "it is no share."))
    entered, reached = figure["denominator"]["count"], figure["numerator"]["count"]
    waiting = figure["still_open"]["count"] if figure["still_open"] else 0
    missed = entered - reached - waiting
    if not missed and waiting:
        return "no cycle is said to have ended there, and a report does not tell how long the open ones wait."
    if not entered:
        return f"no cycle entered the stage {stage}."
    known = reached + missed
    return Evidence(
        entered=entered,
        reached=reached,
        missed=missed,
        waiting=waiting,
        known=known,
        share=reached / known,
    )


def _left_out(rates: Mapping[Step, Evidence]) -> list[str]:
    if not any(one.waiting for one in rates.values()):
        return []
    return ["A report has no ages: cycles still open are left out. Give the export itself to count them by their age."]


def _lengths(figure: Mapping[str, Any] | None) -> Lengths | None:
    """The lengths of won cycles through the quantiles that the report has, in straight lines, the last one on."""
    if figure is None or figure["kind"] != "durations":
        return None
    known = {name: figure["quantiles"][name] for name in _HEIGHTS if name in figure["quantiles"]}
    points = sorted((one["value"], one["at"]) for one in known.values() if one["value"] is not None)
    kept = [(max(span, 1), at) for span, at in points]
    if not kept:
        return None
    (last, by) = kept[-1]
    longest = max(round(last + (last - kept[0][0]) * (1 - by) / max(by - kept[0][1], 0.05)), last + 1)
    source = "the median, 90 % and 95 % of won cycles in the report, with straight lines between"
    return Lengths(span=(*(span for span, _ in kept), longest), by=(*(at for _, at in kept), 1.0), source=source)
