"""One audit: an export judged under a contract, measured, and what a leader should know of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from handfast.audit.export import Export
from handfast.audit.findings import Found, find
from handfast.audit.judge import Judged, judge
from handfast.contract.model import Contract
from handfast.contract.seal import seal
from handfast.instant import Instant
from handfast.measure.question import earliest
from handfast.measure.scoreboard import Board, board


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Audit:
    """Everything a report is made of."""

    contract: Contract
    digest: str  # sha256 of the sealed contract
    export: Export
    judged: Judged
    board: Board
    found: Found


def audit(
    export: Export, contract: Contract, *, now: Instant | None = None, step: Callable[[str], object] | None = None
) -> Audit:
    """Judge, measure and find, as of ``now`` or, without it, the latest instant of the export.

    ``step`` is told what begins, for whoever waits.
    """
    begin = step or (lambda _label: None)
    begin("Judging")
    judged = judge(export, contract, now)
    begin("Measuring")
    measured = board(judged.columns, contract, None, judged.as_of, calendars=judged.calendars)
    return Audit(
        contract=contract,
        digest=seal(contract).digest,
        export=export,
        judged=judged,
        board=measured,
        found=find(contract, measured, judged.agreement, all_after=_all_after(judged)),
    )


def _all_after(judged: Judged) -> int:
    """How many leads there are, where every one of them came after the as-of instant; else 0."""
    came = earliest(judged.columns.inquiry_at, judged.columns.qualified_at)
    return len(came) if len(came) and bool((came > judged.as_of).all()) else 0
