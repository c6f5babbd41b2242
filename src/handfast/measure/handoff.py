"""How often a handoff changes hands, what that does to time, and whether the source's own flags agree."""

from __future__ import annotations

import numpy as np

from handfast.contract.model import ClockName
from handfast.measure.build import Entry, Shares, share_measure
from handfast.measure.columns import Coded
from handfast.measure.cross import table_measure
from handfast.measure.in_time import in_time
from handfast.measure.promise import among
from handfast.measure.question import Question, hand_offs
from handfast.measure.value import Definition, Measure, Unit

REASSIGNED = Definition(
    name="reassigned",
    family="handoff",
    title="Changed hands",
    formula="assigned more than once ÷ assigned",
    unit=Unit.SHARE,
    records="delivered cycles with at least one assignment; split by how many hand-offs there were",
    clause="routing",
    needs=("qualified", "turns"),
)

IN_TIME_BY_TURNS = Definition(
    name="in_time_by_hand_offs",
    family="handoff",
    title="Touched in time, by hand-offs",
    formula="touched at or before due ÷ first touches due, for each number of hand-offs",
    unit=Unit.SHARE,
    records="delivered cycles whose first touch was due and that were assigned",
    clause="clocks.first_touch",
    needs=("qualified", "turns", "first_touch", "first_touch_due"),
)

STATED_IN_TIME = Definition(
    name="stated_in_time",
    family="handoff",
    title="In time, as the source states",
    formula="flagged in time by the source itself ÷ flagged either way",
    unit=Unit.SHARE,
    records="delivered cycles that carry the source's own flag; split by hand-offs counted here and counted there",
    clause="clocks.first_touch",
    needs=("qualified", "stated_in_time"),
)

COUNTS_AGREE = Definition(
    name="reassignments_agree",
    family="handoff",
    title="Hand-offs counted alike",
    formula="cycles whose hand-offs counted from events equal the source's own count ÷ cycles with both",
    unit=Unit.SHARE,
    records="delivered cycles with both counts",
    clause="routing",
    needs=("qualified", "turns", "stated_reassignments"),
)


_KNOWN_BY = {
    ClockName.FIRST_TOUCH: ("first_touch",),
    ClockName.DECISION: ("accepted",),
    ClockName.WORKING: ("accepted",),
}
"""What a source must know for a clock to be judged at all."""


def _against(clock: ClockName) -> Definition:
    name = clock.value.replace("_", " ")
    return Definition(
        name=f"stated_against_{clock.value}",
        family="handoff",
        title=f"The source's flag against the {name} clock",
        formula=f"cycles by the source's own flag and by whether the {name} clock was met",
        unit=Unit.CYCLES,
        records="delivered cycles that carry the source's own flag",
        clause=f"clocks.{clock.value}",
        needs=("qualified", "stated_in_time", f"{clock.value}_due", *_KNOWN_BY[clock]),
    )


def _reassigned(question: Question, definition: Definition) -> Measure:
    turns = question.columns.turns
    shares = Shares(numerator=turns > 1, denominator=question.delivered & (turns > 0), also=question.hand_offs)
    return share_measure(question, definition, shares)


def _in_time(question: Question, definition: Definition) -> Measure:
    assigned = question.delivered & (question.columns.turns > 0)
    shares = among(question, ClockName.FIRST_TOUCH, assigned, also=question.hand_offs)
    return share_measure(question, definition, shares)


def _stated(question: Question, definition: Definition) -> Measure:
    flag = question.columns.stated_in_time
    also = {**question.hand_offs, "stated_hand_offs": hand_offs(question.columns.stated_reassignments)}
    shares = Shares(numerator=flag == 1, denominator=question.delivered & (flag >= 0), also=also)
    return share_measure(question, definition, shares)


def _counts_agree(question: Question, definition: Definition) -> Measure:
    turns, stated = question.columns.turns, question.columns.stated_reassignments
    both = question.delivered & (turns > 0) & (stated >= 0)
    shares = Shares(numerator=turns - 1 == stated, denominator=both, also=question.hand_offs)
    return share_measure(question, definition, shares)


def _stated_against(question: Question, definition: Definition) -> Measure:
    clock = ClockName(definition.name.removeprefix("stated_against_"))
    flagged = question.delivered & (question.columns.stated_in_time >= 0)
    stated = Coded(codes=question.columns.stated_in_time.astype(np.int32), words=("late", "in time"))
    judged = Coded(codes=in_time(question, clock).astype(np.int32), words=("late", "in time"))
    return table_measure(question, definition, ("stated", stated), ("judged", judged), counted=flagged, could=flagged)


MEASURES = (
    Entry(REASSIGNED, _reassigned),
    Entry(IN_TIME_BY_TURNS, _in_time),
    Entry(STATED_IN_TIME, _stated),
    Entry(COUNTS_AGREE, _counts_agree),
    *(
        Entry(_against(clock), _stated_against)
        for clock in (ClockName.FIRST_TOUCH, ClockName.DECISION, ClockName.WORKING)
    ),
)
