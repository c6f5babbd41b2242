"""The last step: everything that was found out, as columns of cycles."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from handfast.audit.export import Export
from handfast.audit.judge import naming
from handfast.audit.judge.known import Known
from handfast.audit.judge.stages import first_of
from handfast.audit.judge.touches import Touched
from handfast.audit.judge.virtual import Clocks, HandOffs
from handfast.condition import Condition, names_in
from handfast.condition.columns import holds_in_columns
from handfast.contract.model import Contract
from handfast.instant import NEVER
from handfast.measure.coded import unknown
from handfast.measure.columns import Coded, CycleColumns, Instants
from handfast.measure.question import Mask
from handfast.measure.tables import Activities, Touches
from handfast.qualify import SCORES

_TOLD_APART = ("industry", "country")
"""Attributes with few words that a leader would ask about; measures are split by them too."""


def cycle_columns(known: Known, touches: Touched, reason: Coded, clocks: Clocks, turned: HandOffs) -> CycleColumns:
    """One cycle a lead. What the export cannot tell is said by ``absent``, which the caller fills."""
    export, stages, contract = known.export, known.stages, known.contract
    count, never = len(export), np.full(len(export), NEVER, np.int64)
    delivered = stages.happened("qualified")
    timed = np.where(stages.inferred["qualified"], NEVER, stages.at["qualified"])
    extra = {name: export.attributes[name] for name in _TOLD_APART if name in export.attributes}
    if export.pool.words:
        extra["team"] = export.pool
    by_day = stages.by_day | {"first_touch": touches.by_day}
    return CycleColumns(
        key=export.key,
        inquiry_at=stages.at["inquiry"],
        raised_at=np.where((known.bar.at != NEVER) & (known.bar.at <= timed), known.bar.at, NEVER),
        qualified_at=stages.at["qualified"],
        accepted_at=stages.at["accepted"],
        contested_at=never,
        rejected_at=stages.at["rejected"],
        sql_at=stages.at["sql"],
        opportunity_at=stages.at["opportunity"],
        won_at=stages.at["won"],
        lost_at=stages.at["lost"],
        disqualified_at=stages.at["disqualified"],
        withdrawn_at=stages.at["withdrawn"],
        first_touch_at=touches.first_at,
        first_touch_due_at=clocks.first_touch_due,
        decision_due_at=clocks.decision_due,
        working_due_at=clocks.working_due,
        attempts=touches.attempts,
        hand_raised=clocks.raised,
        icp=_icp(contract, clocks, delivered),
        history=np.ones(count, np.bool_),
        amount=_amount(known),
        source=export.source,
        campaign=export.campaign,
        owner=export.owner,
        pool=clocks.routed.pool,
        band=clocks.routed.band,
        segment=naming.segments(export),
        reason=reason,
        extra=extra,
        turns=turned.turns,
        stated_in_time=export.stated_in_time,
        stated_reassignments=export.stated_reassignments,
        undated={name: mask for name, mask in stages.undated.items() if mask.any()},
        inferred={name: mask for name, mask in stages.inferred.items() if mask.any()},
        by_day={name: mask for name, mask in by_day.items() if mask.any()},
        date_only=known.days,
        drawn_at=known.as_of,
        opportunities=naming.opportunities(export, contract, stages),
        **_beside(export),
    )


def _beside(export: Export) -> dict[str, Any]:
    """Single touches of humans, and activities, where the export holds them."""
    found: dict[str, Any] = {}
    touches, acts = export.touches, export.activities
    human = touches.human & (touches.lead >= 0) & (touches.at != NEVER)
    if human.any():
        lead, at, two_way = touches.lead[human], touches.at[human], touches.two_way[human]
        found["touches"] = Touches(cycle=lead, at=at, contact=two_way)
        found["contact_at"] = first_of(lead[two_way], at[two_way], len(export))
    if len(acts.lead):
        campaign = acts.properties.get("campaign") or unknown(len(acts.lead))
        found["activities"] = Activities(lead=acts.lead, at=acts.at, kind=acts.kind, campaign=campaign)
    return found


def _icp(contract: Contract, clocks: Clocks, delivered: Mask) -> NDArray[np.int8]:
    """Whether each delivered lead was an ideal customer; unknown where none of what the definition reads is known."""
    count = len(delivered)
    if contract.definitions.icp is None:
        return np.full(count, -1, np.int8)
    when, standing = contract.definitions.icp.when, clocks.routed.standing
    met = holds_in_columns(when, standing, count)
    known = np.zeros(count, np.bool_)
    for name in _read(contract, when) & standing.keys() - SCORES:
        column = standing[name]
        known |= np.array([*(value is not None for value in column.values), False])[column.codes]
    return np.where(delivered & (met | known), met, -1).astype(np.int8)


def _read(contract: Contract, when: Condition) -> frozenset[str]:
    """The attributes that a definition reads, those behind the fit score among them."""
    names = names_in(when)
    if names.isdisjoint({"fit", "total"}):
        return names
    return names.union(*(names_in(signal.when) for signal in contract.score.fit.signals.values()))


def _amount(known: Known) -> Instants:
    """What was won, else what is open or was lost, over all deals of a lead; without deals its own row's amount."""
    deals, count = known.export.deals, len(known.export)
    if not len(deals.lead):
        return known.export.amount
    mine = (deals.lead >= 0) & ~naming.foreign(deals, known.contract)
    sums = []
    for rows in (mine & (deals.won == 1), mine & (deals.won != 1)):
        total = np.zeros(count, np.int64)
        np.add.at(total, deals.lead[rows], deals.amount[rows])
        sums.append(total)
    won, other = sums
    return np.where(won > 0, won, np.where(other > 0, other, known.export.amount))
