"""The plan of the contract, beside what the export shows of its rates."""

from __future__ import annotations

import re
from collections.abc import Iterator

from handfast.audit.english import charts as say
from handfast.audit.english import words
from handfast.audit.report.document import Cell, Column, Grid, Prose
from handfast.contract.walk import counted_as
from handfast.plan import Plan, english
from handfast.plan.value import Range, Rate

_COLUMNS = (
    Column(key="stage", title="Stage"),
    Column(key="needed", title="Needed", number=True),
    Column(key="monthly", title="A month", number=True),
    Column(key="agreed", title="Agreed rate", number=True),
    Column(key="measured", title="Measured rate", number=True),
    Column(key="known", title="Answers known", number=True),
    Column(key="range", title="Needed as measured", number=True),
)


def plan_part(plan: Plan | None) -> Iterator[Grid | Prose]:
    """The stages with their needs, how sure that is, when and to whom; nothing where no rate was measured."""
    if plan is None or plan.measured is None:
        return
    yield Grid(
        name="plan",
        title=spaced(english.goal_words(plan)),
        columns=_COLUMNS,
        rows=tuple(_row(plan, place) for place in range(len(plan.stages))),
        note=say.PLAN_NOTE,
    )
    yield Prose(
        name="chances", lines=tuple(map(spaced, (*english.chances(plan), *english.carried(plan), english.hands(plan))))
    )
    yield Grid(
        name="worth",
        title=say.WORTH,
        columns=(
            Column(key="step", title="From stage to stage"),
            *(
                Column(key=f"{key}_{rates}", title=f"{title}, {rates} rates", number=True)
                for rates in _sets(plan)
                for key, title in (("money", "Revenue"), ("fewer", f"Or fewer {counted_as(plan.stages[0])}"))
            ),
        ),
        rows=tuple(_worth(plan, place) for place in range(len(plan.rates))),
        folded=True,
    )


def _row(plan: Plan, place: int) -> tuple[Cell, ...]:
    rate = plan.rates[place] if place < len(plan.rates) else None
    need = None if plan.needs is None else plan.needs[place]
    return (
        Cell(text=say.stage(plan.stages[place])),
        Cell(text="") if need is None else Cell(text=english.up(need), value=float(need)),
        Cell(text="") if need is None else Cell(text=english.up(need / plan.months), value=float(need / plan.months)),
        _agreed(rate),
        *_measured(rate),
        _range(None if plan.measured is None else plan.measured.needs[place]),
    )


def _agreed(rate: Rate | None) -> Cell:
    if rate is None or rate.agreed is None:
        return Cell(text="")
    return Cell(text=spaced(english.percent(rate.agreed)), value=float(rate.agreed))


def _measured(rate: Rate | None) -> tuple[Cell, Cell]:
    """The expected rate with its interval, and how many answers it rests on."""
    found = None if rate is None else rate.measured
    if found is None:
        return Cell(text="", tip="" if rate is None else rate.why_not), Cell(text="")
    low, high = found.belief.range95()
    shown = Cell(text=words.share(float(found.expected)), value=float(found.expected), note=words.interval(low, high))
    return shown, Cell(text=words.count(found.known), value=found.known, note=f"of {words.count(found.entered)}")


def _range(of: Range | None) -> Cell:
    if of is None:
        return Cell(text="")
    low, high = english.up(of.low), english.up(of.high)
    note = "" if low == high else f"{low}{words.DASH}{high}"
    return Cell(text=english.up(of.middle), value=of.middle, note=note)


def _sets(plan: Plan) -> list[str]:
    return [name for name, found in (("agreed", plan.agreed), ("measured", plan.measured)) if found is not None]


def _worth(plan: Plan, place: int) -> tuple[Cell, ...]:
    rate = plan.rates[place]
    cells = [Cell(text=f"{say.stage(rate.stage)} to {say.stage(rate.following)}")]
    for outlook in (plan.agreed, plan.measured):
        if outlook is not None:
            one = outlook.worth[place]
            cells.append(Cell(text=spaced(english.money(one.money, plan.currency)), value=float(one.money)))
            cells.append(Cell(text=english.decimal(one.arrivals), value=float(one.arrivals)))
    return tuple(cells)


def spaced(text: str) -> str:
    """A sentence of the plan as the report sets it: no number parts from its unit."""
    return re.sub(r"\b([A-Z]{3}) (?=\d)", rf"\1{words.NBSP}", re.sub(r"(?<=\d)%", f"{words.NBSP}%", text))
