"""The audit as plain data: exact figures, the same that the page and the Markdown show in words."""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import Any

import numpy as np

from handfast.audit.audit import Audit
from handfast.audit.export import Export
from handfast.audit.findings.finding import SHOWN, Finding, Records
from handfast.audit.judge import Judged
from handfast.audit.planned import planned
from handfast.instant import format_instant
from handfast.measure.data import Plain, measure_data
from handfast.measure.scoreboard import Board
from handfast.plan import Plan
from handfast.plan.data import plan_data

FORMAT = 1
"""Raised when a name of the output changes its meaning; names are only ever added within one format."""


def plain(audit: Audit) -> dict[str, Any]:
    """The whole audit; findings carry all their records, measures the first of their own figure, splits counts alone.

    All records of every measure are what ``report.records`` writes: as JSON, those of a large export would
    outweigh all the rest.
    """
    board = audit.board
    return {
        "handfast_audit": FORMAT,
        "contract": {"name": audit.contract.name, "version": audit.contract.version, "digest": audit.digest},
        "zone": board.zone,
        "currency": board.currency,
        "as_of": format_instant(board.as_of, board.zone) if audit.judged.day_known else None,
        "period": None if board.period is None else asdict(board.period),
        "leads": len(audit.export),
        "leaks": [_finding(one, board) for one in audit.found.leaks],
        "strengths": [_finding(one, board) for one in audit.found.strengths],
        "not_measurable": [asdict(one) for one in audit.found.unseen],
        "measures": _measures(board),
        "plan": _plan(planned(audit)),
        "judged": _judged(audit.judged, board),
        "export": _export(audit.export),
    }


def _plan(found: Plan | None) -> dict[str, Any] | None:
    return None if found is None else plan_data(found)


def _finding(found: Finding, board: Board) -> dict[str, Any]:
    shallow = {one.name: getattr(found, one.name) for one in fields(found)}  # asdict would copy the masks of records
    return shallow | {
        "evidence": list(found.evidence),
        "numbers": dict(found.numbers),
        "records": _records(found.records, board),
    }


def _records(of: Records | None, board: Board) -> dict[str, Any] | None:
    """How many, the first as a page shows them, and all by the keys that the export has for them."""
    if of is None:
        return None
    return {"label": of.label, "count": of.count, "first": list(of.first), "all": of.rows.keys(board.columns)}


def _measures(board: Board) -> list[dict[str, Any]]:
    named = Plain(board.columns, SHOWN)
    return [measure_data(one, board.columns) | {"figure": named.figure(one.figure)} for one in board]


def _export(export: Export) -> dict[str, Any]:
    return {
        "files": [asdict(one) for one in export.files],
        "refused_path": export.refused_path,
    }


def _judged(judged: Judged, board: Board) -> dict[str, Any]:
    """Whose word decided, and how often the two agree."""
    counts = np.bincount(judged.origin.codes, minlength=len(judged.origin.words)).tolist()
    named = Plain(board.columns, SHOWN)
    return {
        "as_of_given": judged.as_of_given,
        "delivered_by": dict(zip(judged.origin.words, counts, strict=True)),
        "agreement": None if judged.agreement is None else named.table(judged.agreement),
        "inferred": {name: named.rows(rows) for name, rows in judged.inferred.items()},
        "undated": {name: named.rows(rows) for name, rows in judged.undated.items()},
        "held_by_disqualifier": named.rows(judged.held),
        "reasons_read_as": dict(judged.reasons),
        "reasons_of_no_clause": list(judged.reasons_raw),
        "attributes_not_in_export": list(judged.unread),
        "assumed": list(judged.assumed),
    }
