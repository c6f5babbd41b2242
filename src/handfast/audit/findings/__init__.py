"""What a leader should know first: sentences with their evidence, ranked by what they cost; what is good as well.

A finding is made only from what the board measured. A share is spoken of when its interval clears what it is held
against; two groups are called different only when the interval of their difference excludes none; what the export does
not allow is listed as such. See docs/decisions/0080-findings-are-ranked-by-leads.md for the ranking.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from handfast.audit.findings import decisions, definition, owed, waits
from handfast.audit.findings.case import Case
from handfast.audit.findings.finding import Finding, Unseen
from handfast.audit.findings.unseen import unseen, untold
from handfast.contract.model import Contract
from handfast.measure.scoreboard import Board
from handfast.measure.value import Table

Rule = Callable[[Case], Finding | None]

RULES: tuple[Rule, ...] = (
    waits.never_touched,
    waits.all_touched,
    waits.in_time,
    waits.speed,
    waits.undecided,
    waits.no_owner,
    waits.owners_differ,
    owed.commitment,
    decisions.acceptance,
    decisions.declined_by_source,
    decisions.no_reason,
    decisions.cycle_length,
    decisions.better_source,
    decisions.hand_offs,
    decisions.conserved,
)
"""Every question that is put to an export; each answers with one finding or none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What leaks, what holds, and what cannot be seen."""

    leaks: tuple[Finding, ...]
    strengths: tuple[Finding, ...]
    unseen: tuple[Unseen, ...]


def find(contract: Contract, board: Board, agreement: Table | None = None) -> Found:
    """Put every question; rank the answers by cost.

    ``agreement`` sets the export's own MQL stage against the contract's definition, where the export states one.
    """
    case = Case(contract, board)
    answers = [finding for rule in RULES if (finding := rule(case)) is not None]
    ranked = sorted(
        [*answers, *decisions.conversions(case), *definition.definition(case, agreement)],
        key=lambda one: (-one.cost, one.code),
    )
    return Found(
        leaks=tuple(one for one in ranked if not one.good),
        strengths=tuple(one for one in ranked if one.good),
        unseen=(*unseen(case), *untold(case)),
    )


__all__ = ["RULES", "Finding", "Found", "Unseen", "find"]
