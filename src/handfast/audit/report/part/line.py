"""The conservation line."""

from __future__ import annotations

from handfast.audit.english import charts as say
from handfast.audit.english import words
from handfast.audit.findings.case import Case
from handfast.audit.report import chart
from handfast.audit.report.document import Cell, Line
from handfast.measure.value import Balance

LOOKS = {"waiting": "open", "contested": "contested", "accepted": "reached", "rejected": "lost", "withdrawn": "gone"}


def line(case: Case) -> Line | None:
    """Delivered and what became of it; None where the export does not tell."""
    measure = case.measure("conservation")
    if measure is None or not isinstance(measure.figure, Balance) or not measure.figure.delivered.count:
        return None
    balance = measure.figure
    most = max(balance.delivered.count, 1)
    groups = [(name, rows.count) for name, rows in balance.groups.items()]
    shown = [chart.Part(share=count / most, look=LOOKS.get(name, "open")) for name, count in groups]
    return Line(
        name="conservation",
        delivered=_cell(balance.delivered.count),
        groups=tuple((name, _cell(count)) for name, count in groups),
        unaccounted=_cell(balance.unaccounted),
        drawing=chart.bar(shown, say.line_label(balance.delivered.count, groups), height=14),
        legend=tuple((LOOKS.get(name, "open"), name) for name, count in groups if count),
    )


def _cell(number: int) -> Cell:
    return Cell(text=words.count(number), value=number)
