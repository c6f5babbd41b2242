"""An export and a contract to cycles as columns: stated stages first, the contract where nothing is stated."""

from __future__ import annotations

import numpy as np

from handfast.audit.export import Export
from handfast.audit.judge import naming, virtual
from handfast.audit.judge.absent import why_absent
from handfast.audit.judge.assumed import Told
from handfast.audit.judge.bar import Bar, judged_by
from handfast.audit.judge.columns import cycle_columns
from handfast.audit.judge.ground import ground_of
from handfast.audit.judge.judged import Judged, Origin
from handfast.audit.judge.known import Known
from handfast.audit.judge.present import dated, days_of, future_of, latest
from handfast.audit.judge.settle import accept_by_contact, settle_declined, skipped
from handfast.audit.judge.stages import Stages, first_of, stated
from handfast.audit.judge.touches import touched
from handfast.condition import names_in
from handfast.contract.model import Contract
from handfast.instant import NEVER, Instant
from handfast.measure.columns import Coded, Instants
from handfast.measure.cross import table_of
from handfast.measure.question import Mask
from handfast.measure.value import Table, rows
from handfast.qualify import SCORES

ORIGINS = tuple(word.value for word in Origin)


def judge(export: Export, contract: Contract, now: Instant | None = None) -> Judged:
    """Judge every lead of an export under a contract, as of ``now`` or, without it, the latest instant of the export.

    The export's own MQL stage says who was delivered, where it states one for anybody; else the contract's definition
    does; else, where the export holds too little to judge anybody, every lead counts as handed over when it was first
    assigned, or came (decision 0070). Clocks are virtual: due by the contract's windows from the stated instants.
    """
    as_of = latest(export) if now is None else now
    stages = stated(export)
    apart = _told_apart(stages)
    ground = ground_of(export, contract, stages.at["inquiry"])
    bar = judged_by(ground, has_activities=bool(len(export.activities.lead)))
    agreement = _agreement(stages, bar) if apart and "qualified" in stages.stated else None
    origin = _delivered(stages, export, bar, apart=apart)
    days = days_of(export, stages, contract.zone)
    stages.by_day = dict(days.leads)
    known = Known(export, contract, stages, ground, bar, days.stages, as_of)
    return _judged(known, origin, agreement, given=now is not None)


def _judged(known: Known, origin: Coded, agreement: Table | None, *, given: bool) -> Judged:
    export, contract, stages = known.export, known.contract, known.stages
    reasons = naming.reasons(export.reason, contract)
    touches = touched(export, stages, contract.zone, known.days)
    stages.by_day.pop("first_touch", None)  # it is no stage of these
    by_contact = accept_by_contact(stages, touches)
    declined = settle_declined(stages, touches, reasons.coded, contract)
    skipped(stages)
    clocks = virtual.clocks(known.ground, export, stages, known.bar, known.as_of)
    since = np.where(stages.inferred["qualified"], NEVER, stages.at["qualified"])
    turned = virtual.hand_offs(export, since, stages.happened("qualified"))
    columns = cycle_columns(known, touches, reasons.coded, clocks, turned)
    columns.absent = why_absent(export, contract, stages, columns, origin)
    unread = _unread(contract, export)
    future = future_of(export, known.as_of)
    told = Told(export, contract, columns, origin, stages, unread, known.as_of, turned.of_teams, future)
    return Judged(
        columns=columns,
        calendars=clocks.calendars,
        as_of=known.as_of,
        as_of_given=given,
        dated=dated(export),
        origin=origin,
        bar=known.bar,
        agreement=agreement,
        inferred={name: rows(mask) for name, mask in stages.inferred.items() if mask.any()},
        undated={name: rows(mask) for name, mask in stages.undated.items() if mask.any()},
        touched_only_before=rows(touches.only_before),
        accepted_by_contact=rows(by_contact),
        read_as_disqualified=rows(declined.to_disqualified),
        read_as_rejected=rows(declined.to_rejected),
        held=rows(known.bar.held_by.codes >= 0),
        future=future,
        reasons=reasons.matched,
        reasons_raw=reasons.raw,
        unread=unread,
        assumed=(*export.assumed, *told.sentences(given=given)),
    )


def _told_apart(stages: Stages) -> bool:
    """Whether an export tells delivery from arrival: not when every lead was delivered in the moment it came."""
    came, delivered = stages.at["inquiry"], stages.at["qualified"]
    return not (len(came) and bool((came == delivered).all()) and bool((came != NEVER).any()))


def _delivered(stages: Stages, export: Export, bar: Bar, *, apart: bool) -> Coded:
    """Decide who was delivered and when, in ``stages``, and say how each is known."""
    had = stages.happened("accepted") | stages.happened("sql")
    if "qualified" in stages.stated:
        stage = Origin.BY_EXPORT if apart else Origin.ASSUMED
        codes = np.where(stages.happened("qualified"), _code(stage), _code(Origin.NOT_DELIVERED))
    elif len(export.activities.lead) or (bar.at != NEVER).any():
        stages.stamp("qualified", bar.at != NEVER, bar.at)
        neither = np.where(bar.undetermined, _code(Origin.UNDETERMINED), _code(Origin.NOT_DELIVERED))
        codes = np.where(bar.at != NEVER, _code(Origin.BY_CONTRACT), neither)
    else:
        stages.stamp("qualified", np.ones(len(export), np.bool_), _handed_over(stages, export))
        codes = np.full(len(export), _code(Origin.ASSUMED))
    codes = np.where(had & ~stages.happened("qualified"), _code(Origin.INFERRED), codes)
    stages.infer("qualified", ("accepted", "sql"), had)
    return Coded(codes=codes.astype(np.int32), words=ORIGINS)


def _code(origin: Origin) -> int:
    return ORIGINS.index(origin.value)


def _handed_over(stages: Stages, export: Export) -> Instants:
    """When sales first had each lead in hand, as far as an export without any stage of marketing's can say."""
    first = first_of(export.assignments.lead, export.assignments.at, len(export))
    return np.where(first == NEVER, stages.at["inquiry"], first)


def _agreement(stages: Stages, bar: Bar) -> Table:
    """The two definitions of "qualified" side by side: the export's own stage, and the contract's."""
    everyone: Mask = np.ones(len(bar.at), np.bool_)
    by_contract = np.where(bar.at != NEVER, 0, np.where(bar.undetermined, 2, 1)).astype(np.int32)
    by_export = np.where(stages.happened("qualified"), 0, 1).astype(np.int32)
    return table_of(
        ("export", Coded(codes=by_export, words=("qualified", "not qualified"))),
        ("contract", Coded(codes=by_contract, words=("qualified", "not qualified", "undetermined"))),
        counted=everyone,
        could=everyone,
    )


def _unread(contract: Contract, export: Export) -> tuple[str, ...]:
    """Attributes that the contract's judgement reads and of which the export has no column."""
    mql = contract.definitions.mql
    conditions = [mql.when, *(each.when for each in mql.unless.values())]
    conditions += [signal.when for signal in contract.score.fit.signals.values()]
    if contract.definitions.icp is not None:
        conditions.append(contract.definitions.icp.when)
    read = set().union(*(names_in(condition) for condition in conditions)) - SCORES
    return tuple(sorted(read - export.attributes.keys()))
