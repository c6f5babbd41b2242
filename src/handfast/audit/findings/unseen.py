"""What an export cannot show, and which column would."""

from __future__ import annotations

from handfast.audit.english.unseen import RARE, REMEDIES
from handfast.audit.findings.finding import Unseen
from handfast.measure.scoreboard import Board
from handfast.measure.value import Measure, NotMeasurable


def unseen(board: Board) -> tuple[Unseen, ...]:
    """One line for each measure that the export does not allow, in the order of the board."""
    found = (_line(measure, board) for measure in board)
    return tuple(line for line in found if line is not None)


def _line(measure: Measure, board: Board) -> Unseen | None:
    if not isinstance(measure.figure, NotMeasurable) or RARE & set(measure.definition.needs):
        return None
    missing = next((need for need in measure.definition.needs if need in board.columns.absent), "")
    return Unseen(
        measure=measure.name,
        title=measure.definition.title,
        reason=measure.figure.reason,
        remedy=REMEDIES.get(missing, ""),
    )
