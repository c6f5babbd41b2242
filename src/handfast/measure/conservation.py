"""Whether every lead that was delivered is somewhere."""

from __future__ import annotations

import numpy as np

from handfast.measure.build import Entry
from handfast.measure.question import Question
from handfast.measure.value import Balance, Definition, Measure, Unit, rows

CONSERVATION = Definition(
    name="conservation",
    family="conservation",
    title="Conservation",
    formula="delivered − waiting − contested − accepted − rejected − withdrawn, each counted on its own",
    unit=Unit.CYCLES,
    records="delivered cycles; accepted is ever accepted, withdrawn is before acceptance",
    clause="definitions.mql",
    needs=("qualified", "accepted", "rejected"),
)


def _conservation(question: Question, definition: Definition) -> Measure:
    delivered = question.delivered & question.placed(definition.dated_by)
    groups = {
        "waiting": question.waiting,
        "contested": question.in_contest,
        "accepted": question.accepted,
        "rejected": question.rejected,
        "withdrawn": question.withdrawn & ~question.accepted,
    }
    among = {name: delivered & group for name, group in groups.items()}
    times = np.sum([group.astype(np.int8) for group in among.values()], axis=0)
    figure = Balance(
        delivered=rows(delivered),
        groups={name: rows(group) for name, group in among.items()},
        in_none=rows(delivered & (times == 0)),
        in_several=rows(times > 1),
        unaccounted=int(np.count_nonzero(delivered)) - int(times.sum()),
    )
    return Measure(definition=definition, figure=figure)


MEASURES = (Entry(CONSERVATION, _conservation),)
