"""What judging the leads of an export stands on: attributes typed, fit summed, activities in order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from handfast.audit.export import ActivityColumns, Export
from handfast.condition import Condition, names_in
from handfast.condition.columns import Column, holds_in_columns
from handfast.contract.model import Contract
from handfast.instant import NEVER
from handfast.measure.columns import Coded, Instants
from handfast.measure.question import Mask
from handfast.qualify import SCORES, disqualifiers
from handfast.score.columns import (
    History,
    Leads,
    arrange,
    attribute_columns,
    behaviour_at,
    leads_of,
    score_column,
)
from handfast.score.table import ScoreTable, compile_table

MOVING = frozenset({"behaviour", "total"})  # the scores that change with time; fit does not


@dataclass(slots=True, kw_only=True)
class Ground:
    """What every question about the leads of an export is asked of."""

    contract: Contract
    table: ScoreTable
    attributes: Mapping[str, Column]
    leads: Leads
    activities: ActivityColumns  # with a row for the inquiry of each lead, which no signal listens to
    history: History
    count: int

    def standing(self, when: Instants) -> dict[str, Column]:
        """Attributes and the three scores of each lead as of its own instant (NEVER: before anything happened)."""
        behaviour = behaviour_at(self.table, self.history, when)
        scores = {"fit": self.leads.fit, "behaviour": behaviour, "total": self.leads.fit + behaviour}
        return {**self.attributes, **{name: score_column(values) for name, values in scores.items()}}

    def holds(self, condition: Condition, when: Instants | None = None) -> Mask:
        """Whether a condition holds of each lead, as of its own instant where it reads a score that moves."""
        if when is not None and names_in(condition) & MOVING:
            return holds_in_columns(condition, self.standing(when), self.count)
        return holds_in_columns(condition, {**self.attributes, "fit": score_column(self.leads.fit)}, self.count)


def ground_of(export: Export, contract: Contract, inquiry_at: Instants) -> Ground:
    """Attributes typed, fit summed, activities in order."""
    table, count = compile_table(contract), len(export)
    read = attributes_read(contract)
    attributes = attribute_columns(table, {name: coded for name, coded in export.attributes.items() if name in read})
    leads = leads_of(table, contract.definitions.mql.when, attributes, count)
    activities = _with_inquiries(export.activities, inquiry_at)
    history = arrange(table, activities, count)
    return Ground(
        contract=contract,
        table=table,
        attributes=attributes,
        leads=leads,
        activities=activities,
        history=history,
        count=count,
    )


def attributes_read(contract: Contract) -> frozenset[str]:
    """Every attribute that judging, scoring or routing a lead under a contract looks at."""
    mql, icp = contract.definitions.mql, contract.definitions.icp
    conditions = [mql.when, *(each.when for each in disqualifiers(contract))]
    conditions += [signal.when for signal in contract.score.fit.signals.values()]
    conditions += [rule.when for rule in contract.routing.rules if rule.when is not None]
    conditions += [icp.when] if icp is not None else []
    if mql.hand_raise is not None and mql.hand_raise.when is not None:
        conditions.append(mql.hand_raise.when)
    return frozenset().union(*(names_in(condition) for condition in conditions)) - SCORES


def _with_inquiries(activities: ActivityColumns, inquiry_at: Instants) -> ActivityColumns:
    """The activities, and after them the inquiry of each lead as a row without an activity."""
    came = np.flatnonzero(inquiry_at != NEVER).astype(np.int32)
    nothing = np.full(len(came), -1, np.int32)

    def longer(coded: Coded) -> Coded:
        return Coded(codes=np.concatenate((coded.codes, nothing)), words=coded.words)

    return ActivityColumns(
        lead=np.concatenate((activities.lead, came)),
        at=np.concatenate((activities.at, inquiry_at[came])),
        kind=longer(activities.kind),
        properties={name: longer(coded) for name, coded in activities.properties.items()},
    )
