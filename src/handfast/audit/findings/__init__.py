"""What a leader should know first: sentences with their evidence, ranked by what they cost; what is good as well.

A finding is made only from what the board measured. A share is spoken of when its interval clears what it is held
against; two groups are called different only when the interval of their difference excludes none; what the export does
not allow is listed as such. See docs/decisions/0080-findings-are-ranked-by-leads.md for the ranking.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from handfast.audit.english import report as say
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
    shows_handoff: bool = True  # leads were delivered, and of a promise at least it can be said whether it was kept
    all_after: int = 0  # leads of the export, where every one of them came after the as-of instant; else 0

    @property
    def without_leaks(self) -> str:
        """What to say where nothing leaks: that nothing does, or why that says nothing. Empty where something does."""
        return "" if self.leaks else say.without_leaks(shows=self.shows_handoff, all_after=self.all_after)


_PROMISES = (
    "follow_up_compliance",
    "never_touched",
    "decision_compliance",
    "undecided_past_due",
    "working_compliance",
    "acceptance_rate",
)
"""What of the handoff must be measurable for silence about leaks to mean anything; one of them does."""


def find(contract: Contract, board: Board, agreement: Table | None = None, *, all_after: int = 0) -> Found:
    """Put every question; rank the answers by cost.

    ``agreement`` sets the export's own MQL stage against the contract's definition, where the export states one.
    ``all_after`` is how many leads there are, where all of them came after the as-of instant.
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
        shows_handoff=bool(case.count("delivered")) and any(case.ratio(name) is not None for name in _PROMISES),
        all_after=all_after,
    )


__all__ = ["RULES", "Finding", "Found", "Unseen", "find"]
