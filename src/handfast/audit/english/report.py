"""The headings of the report and what stands at its head and foot."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from handfast.audit.english import words
from handfast.contract.model import Contract
from handfast.instant import NEVER, Instant
from handfast.measure.scoreboard import Board

EYEBROW = "Handoff audit"
NO_LEAK = (
    "Nothing that this export shows clearly falls short of the contract. What it cannot show is listed at the end; "
    "what is too close to call is marked so among the measures."
)
_MANY = 12

NOTHING = (
    "Nothing can be said: no lead of this export counts as delivered to sales. The list of what it cannot show names "
    "the columns that would help; the mapping says how each column was read, and can be changed."
)

UNJUDGED = (
    "This export does not show the handoff: of no promise can it be said whether it was kept. The list of what it "
    "cannot show names the columns that would help."
)


def without_leaks(*, shows: bool, all_after: int) -> str:
    """One line where nothing leaks, so that silence is not taken for praise."""
    if all_after:
        return f"All {words.many(all_after, 'lead')} of this export came after the instant it is judged as of."
    return "Nothing leaks that this export can show." if shows else "This export does not show the handoff."


SECTIONS = {
    "findings": ("What leaks", "Worst first, by how many leads did not go as the contract asks; late counts half."),
    "strengths": ("What holds", ""),
    "conservation": ("Where every delivered lead is", "Each group is counted on its own, never by subtraction."),
    "against": (
        "Against the contract",
        "From 0 to 100\u00a0%: the bar is the figure, the bracket its 95\u00a0% interval, the upright line the target.",
    ),
    "measures": ("All other measures", ""),
    "funnel": ("Funnel", ""),
    "plan": ("The plan", "The revenue target walked backwards through the stages."),
    "speed": ("Speed to first touch", ""),
    "reasons": ("Why sales declined", ""),
    "apart": ("Sources, campaigns, owners", ""),
    "trend": ("Trend", ""),
    "handoffs": ("Hand-offs", ""),
    "judged": ("Whose word a stage is", ""),
    "basis": ("What this rests on", ""),
    "unseen": ("What this export cannot show", ""),
}
"""Name of a section → heading, and the line under it."""

FACTS = {
    "delivered": "Delivered to sales",
    "never_touched": "Never touched",
    "follow_up_compliance": "Touched in time",
    "acceptance_rate": "Accepted",
    "lead_to_mql": "Lead to MQL",
}
"""The measures at the top of the page."""


def file_title(name: str) -> str:
    """The title of the page."""
    return f"Handoff audit: {name}"


def period(board: Board) -> str:
    """``between 5 January 2026 and 31 October 2026``; what the board covers."""
    first, last = span(board)
    if first is None or last is None:
        return "in the period"
    return f"between {words.date(first, board.zone)} and {words.date(last, board.zone)}"


def span(board: Board) -> tuple[Instant | None, Instant | None]:
    """The first and last instant covered: the period, or the first and last arrival there is."""
    if board.period is not None:
        return board.period.first, board.period.last - 1
    known = np.concatenate([at[at != NEVER] for at in (board.columns.inquiry_at, board.columns.qualified_at)])
    return (int(known.min()), int(known.max())) if len(known) else (None, None)


def about(contract: Contract, digest: str, board: Board, *, dated: bool = True) -> Iterator[str]:
    """Contract, digest, as-of instant."""
    yield f"Contract {contract.name}, version {contract.version}"
    if digest:
        yield f"digest {digest[:12]}"
    yield f"as of {words.moment(board.as_of, board.zone)}" if dated else "without any date"


def closing(digest: str) -> Iterator[str]:
    """The foot of the report."""
    yield (
        "Shares carry Wilson\u2019s 95\u00a0% interval; durations count what has not ended as still waiting "
        "(Kaplan\u2013Meier). Groups are called different only when the interval of their difference, widened for the "
        "number of comparisons, excludes none."
    )
    if digest:
        yield f"Contract digest (sha256): {digest}"
    yield "This file is complete in itself: it loads nothing and sends nothing."


def nothing_counted(titles: Sequence[str]) -> tuple[str, ...]:
    """Measures that the export allows but of which it holds no case."""
    if len(titles) > _MANY:
        return (f"Of {len(titles)} more measures there is not one case to count.",)
    return (f"Nothing to count yet for: {'; '.join(titles)}.",) if titles else ()


def headline(name: str, *, leaks: bool, shows: bool) -> str:
    """The report's own title."""
    if not shows and not leaks:
        return f"This export does not show the handoff of {name}"
    return f"Where the handoff of {name} leaks" if leaks else f"The handoff of {name}, as far as this export shows it"


def summary(numbers: Mapping[str, int | None], period: str) -> str:
    """One sentence over everything: delivered, touched, accepted, won."""
    delivered = numbers.get("delivered")
    if not delivered:
        return "No lead of this export was delivered to sales, as far as it shows."
    parts = [
        f"{words.count(count)} {what}"
        for key, what in (("touched", "were touched"), ("accepted", "accepted"), ("won", "won"))
        if (count := numbers.get(key)) is not None
    ]
    became = f": {words.listed(parts)}" if parts else ""
    return f"{words.many(delivered, 'lead')} reached sales {period}{became}."
