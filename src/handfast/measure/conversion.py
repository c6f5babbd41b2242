"""How many of those that entered a stage reached another, within the same cycle."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from handfast.contract.model import Contract
from handfast.measure.build import Entry, Shares, not_measurable, share_measure
from handfast.measure.question import Question
from handfast.measure.value import Definition, Measure, Target, Unit

COLUMN = {
    "lead": "inquiry",
    "inquiry": "inquiry",
    "mql": "qualified",
    "sal": "accepted",
    "sql": "sql",
    "opportunity": "opportunity",
    "won": "won",
    "sale": "won",
}
"""The column that says when a stage of ``plan.stages`` was reached. Other words are the business's own."""

STANDARD = ("mql", "sal", "sql", "opportunity", "won")
_LONG = (("mql", "sql"), ("mql", "opportunity"), ("mql", "won"), ("sal", "opportunity"))


def definition_of(stage: str, following: str) -> Definition:
    """The conversion from one stage to another."""
    name = {"mql": "MQL", "sal": "SAL", "sql": "SQL"}
    first, second = (name.get(one, one) for one in (stage, following))
    return Definition(
        name=f"{stage}_to_{following}",
        family="conversion",
        title=f"{first} to {second}",
        formula=f"reached {second} ÷ entered {first}, within the cycle, whatever was skipped between",
        unit=Unit.SHARE,
        records=f"cycles that entered {first}; those that may yet reach {second} are shown as still open",
        clause=f"targets.{stage}_to_{following}",
        target=f"`targets.{stage}_to_{following}`, where the contract has one",
        dated_by=COLUMN.get(stage, stage),
        needs=(COLUMN.get(stage, stage), COLUMN.get(following, following)),
    )


def _convert(question: Question, definition: Definition) -> Measure:
    stage, _, following = definition.name.partition("_to_")
    for word in (stage, following):
        if word not in COLUMN:
            return not_measurable(definition, f"Nothing says when a cycle reached the stage {word!r}.")
    columns, (begun, reached) = question.columns, (COLUMN[stage], COLUMN[following])
    entered, arrived = question.happened(begun), question.happened(reached)
    backwards = question.dated(reached) & (columns.at(reached) < columns.at(begun))
    shares = Shares(
        numerator=arrived,
        denominator=entered,
        still_open=~arrived & ~question.ended,
        target=_target(question.contract, stage, following),
        flow=(reached, begun),
        notes=_backwards(int(np.count_nonzero(backwards & entered & question.placed(begun))), definition),
    )
    return share_measure(question, definition, shares)


def _target(contract: Contract, stage: str, following: str) -> Target | None:
    agreed = contract.targets.rates.get((stage, following))
    if agreed is None:
        return None
    return Target(value=agreed, at_least=True, clause=f"targets.{stage}_to_{following}")


def _backwards(count: int, definition: Definition) -> tuple[str, ...]:
    stage, _, following = definition.name.partition("_to_")
    return (f"{count:,} reached {following} before {stage}; they are counted.",) if count else ()


def pairs(stages: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Every neighbouring pair of the standard chain and of a contract's, and the way from its first stage to each."""
    seen = dict.fromkeys((*pairwise(STANDARD), *_LONG, *pairwise(stages)))
    yield from dict.fromkeys((*seen, *((stages[0], later) for later in stages[1:])))


def entries(stages: tuple[str, ...] = STANDARD) -> tuple[Entry, ...]:
    """The conversions of a stage chain."""
    return tuple(Entry(definition_of(*pair), _convert) for pair in pairs(stages))


MEASURES = entries()
