"""The funnel: how many reached each stage, out of how many that could, and how many still may."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from handfast.audit.english import charts as say
from handfast.audit.english import words
from handfast.audit.findings.case import Case
from handfast.audit.report import chart
from handfast.audit.report.document import Cell, Column, Grid
from handfast.measure.value import Ratio

_COLUMNS = (
    Column(key="stage", title="Stage"),
    Column(key="bar", title="Reached, and still open in the stage before", look="draws"),
    Column(key="count", title="Reached", number=True),
    Column(key="rate", title="Of the stage before", number=True),
    Column(key="open", title="Still open", number=True),
)


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of the chain: how many reached it, and the step that led there (None for the first)."""

    name: str
    count: int
    step: Ratio | None


def funnel(case: Case) -> Grid | None:
    """The chain of the contract with the leads before it; None unless two stages or more can be counted."""
    stages = list(_stages(case))
    if len(stages) < 2 or not stages[0].count:
        return None
    return Grid(
        name="funnel",
        title=say.funnel_title([(stage.name, stage.count) for stage in stages]),
        columns=_COLUMNS,
        rows=tuple(_row(stage, stages[0].count) for stage in stages),
        note=say.FUNNEL_NOTE,
        legend=(("reached", say.REACHED), ("open", say.STILL_OPEN)),
        look="funnel",
    )


def _stages(case: Case) -> Iterator[Stage]:
    chain = case.contract.stages
    before = case.ratio("lead_to_mql") if chain[0] == "mql" else None
    if before is not None:
        yield Stage("lead", before.denominator.count, None)
        yield Stage("mql", before.numerator.count, before)
    here = chain[0]
    for following in chain[1:]:
        step = case.ratio(f"{here}_to_{following}")
        if step is None:
            continue  # a stage that cannot be seen is stepped over, and listed among what the export cannot show
        if here == chain[0] and before is None:
            yield Stage(here, step.denominator.count, None)
        yield Stage(following, step.numerator.count, step)
        here = following


def _row(stage: Stage, most: int) -> tuple[Cell, ...]:
    waiting = 0 if stage.step is None or stage.step.still_open is None else stage.step.still_open.count
    parts = [chart.Part(share=stage.count / most, look="reached"), chart.Part(share=waiting / most, look="open")]
    label = say.bar_label(say.stage(stage.name), stage.count, waiting)
    return (
        Cell(text=say.stage(stage.name)),
        Cell(text="", drawing=chart.bar(parts, label)),
        Cell(text=words.count(stage.count), value=stage.count),
        rate_cell(stage.step),
        Cell(text=words.count(waiting) if stage.step else "", value=waiting if stage.step else None),
    )


def rate_cell(ratio: Ratio | None, *, few: int = 0) -> Cell:
    """A share with its interval; faint when it rests on fewer than ``few`` records."""
    if ratio is None or ratio.value is None or ratio.interval is None:
        return Cell(text="" if ratio is None else words.NONE, value=None)
    low, high = ratio.interval.low, ratio.interval.high
    places = words.places(low, high)
    return Cell(
        text=words.share(float(ratio.value), places=places),
        value=float(ratio.value),
        note=words.interval(low, high, places=places),
        look="few" if ratio.denominator.count < few else "",
    )
