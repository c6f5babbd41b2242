"""What an export cannot show, and which column would."""

from __future__ import annotations

from handfast.audit.english import unseen as say
from handfast.audit.findings.case import Case
from handfast.audit.findings.finding import Unseen
from handfast.measure.columns import SPLITS
from handfast.measure.value import Measure, NotMeasurable


def unseen(case: Case) -> tuple[Unseen, ...]:
    """One line for each measure that the export does not allow, in the order of the board."""
    found = (_line(measure, case) for measure in case.board)
    return tuple(line for line in found if line is not None)


def untold(case: Case) -> tuple[Unseen, ...]:
    """One line for each split that the export knows only of leads that went on."""
    delivered = case.count("delivered")
    return tuple(
        Unseen(measure=f"by_{by}", title=say.told_by(by), reason=say.narrow(by), remedy=say.everybody(by))
        for by in SPLITS
        if delivered and (getattr(case.board.columns, by).codes >= 0).any() and not case.broad(by)
    )


def _line(measure: Measure, case: Case) -> Unseen | None:
    if not isinstance(measure.figure, NotMeasurable) or say.RARE & set(measure.definition.needs):
        return None
    missing = next((need for need in measure.definition.needs if need in case.board.columns.absent), "")
    if missing == "icp" and case.contract.definitions.icp is None:
        missing = "definition"
    return Unseen(
        measure=measure.name,
        title=measure.definition.title,
        reason=measure.figure.reason,
        remedy=say.REMEDIES.get(missing) or say.OTHERWISE.get(measure.name, ""),
    )
