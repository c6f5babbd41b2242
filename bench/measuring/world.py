"""A made-up year of cycles, to the second, with everything beside them that measures read."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from handfast.calendar import Calendar
from handfast.clock import calendars_between
from handfast.contract.load import load
from handfast.contract.model import Contract
from handfast.instant import DAY, HOUR, MINUTE, NEVER, SECOND, parse_instant
from handfast.measure.columns import Coded, CycleColumns, Opportunities
from handfast.measure.tables import Activities, Clocks, Signals, Spend, Touches

START = parse_instant("2026-01-01T00:00:00+01:00")
YEAR = 365 * DAY

Column = NDArray[np.int64]


def contract() -> Contract:
    found = load((Path(__file__).parents[2] / "tests/golden/acme-inbound.yaml").read_bytes()).contract
    if found is None:
        raise ValueError("the example contract is refused")
    return found


def calendars() -> dict[str, Calendar]:
    terms = contract()
    compiled = calendars_between(terms, START - 10 * DAY, START + 3 * YEAR)
    return {name: compiled[name] for name in terms.calendars}


def world(seed: int, count: int) -> tuple[CycleColumns, int]:
    """The cycles, and the instant as of which they stand."""
    rng = np.random.default_rng(seed)

    def after(at: Column, share: float, mean: int) -> Column:
        spans = (rng.exponential(mean / SECOND, len(at)) * SECOND).astype(np.int64)
        return np.where((at != NEVER) & (rng.random(len(at)) < share), at + spans, NEVER)

    def words(many: int, *known: str) -> Coded:
        return Coded(codes=rng.integers(-1, len(known), many).astype(np.int32), words=known)

    inquiry = START + rng.integers(0, YEAR // SECOND, count) * SECOND
    qualified = after(inquiry, 0.7, 10 * DAY)
    due = np.where(qualified == NEVER, NEVER, qualified + 4 * HOUR)
    accepted = after(qualified, 0.6, DAY)
    rejected = after(np.where(accepted == NEVER, qualified, NEVER), 0.4, DAY)
    sql = after(accepted, 0.5, 12 * DAY)
    opportunity = after(sql, 0.6, 8 * DAY)
    won = after(opportunity, 0.25, 60 * DAY)
    lost = after(np.where(won == NEVER, opportunity, NEVER), 0.5, 60 * DAY)
    touch = after(qualified, 0.85, 6 * HOUR)
    rows = np.flatnonzero(opportunity != NEVER).astype(np.int32)
    counting = np.repeat(np.flatnonzero(qualified != NEVER).astype(np.int32), 4)
    started = np.repeat(qualified, 2)
    cycle = np.repeat(np.arange(count, dtype=np.int32), 2)[started != NEVER]
    started = started[started != NEVER]
    touched = np.repeat(np.flatnonzero(touch != NEVER).astype(np.int32), 2)
    acted = rng.integers(0, count, 2 * count).astype(np.int32)
    columns = CycleColumns(
        key=[f"C{row}" for row in range(count)],
        inquiry_at=inquiry,
        raised_at=np.where(qualified == NEVER, NEVER, qualified - MINUTE),
        qualified_at=qualified,
        accepted_at=accepted,
        contested_at=after(rejected, 0.1, DAY),
        rejected_at=rejected,
        sql_at=sql,
        opportunity_at=opportunity,
        won_at=won,
        lost_at=lost,
        disqualified_at=after(np.where(sql == NEVER, accepted, NEVER), 0.7, 10 * DAY),
        withdrawn_at=np.full(count, NEVER, np.int64),
        first_touch_at=touch,
        first_touch_due_at=due,
        decision_due_at=np.where(due == NEVER, NEVER, due + DAY),
        working_due_at=np.where(accepted == NEVER, NEVER, accepted + 21 * DAY),
        contact_at=after(touch, 0.5, DAY),
        attempts=rng.integers(0, 9, count).astype(np.int32),
        hand_raised=rng.random(count) < 0.2,
        icp=rng.integers(-1, 2, count).astype(np.int8),
        history=np.zeros(count, np.bool_),
        amount=np.zeros(count, np.int64),
        excused=rng.random(count) < 0.05,
        turns=rng.integers(1, 4, count).astype(np.int32),
        lead=rng.integers(0, count, count).astype(np.int32),
        source=words(count, *(f"source {one}" for one in range(12))),
        campaign=words(count, *(f"campaign {one}" for one in range(40))),
        owner=words(count, *(f"rep {one}" for one in range(60))),
        pool=words(count, "inbound", "dach"),
        band=words(count, "warm", "engage"),
        segment=words(count, "small", "large"),
        reason=words(count, "wrong_industry", "too_small", "no_budget"),
        opportunities=Opportunities(
            key=[f"D{row}" for row in range(len(rows))],
            cycle=rows,
            opened_at=opportunity[rows],
            closed_at=np.maximum(won, lost)[rows],
            won=np.where(won[rows] != NEVER, 1, np.where(lost[rows] != NEVER, 0, -1)).astype(np.int8),
            amount=rng.integers(10**5, 10**7, len(rows)),
            sourced=words(len(rows), "marketing", "sales", "partner"),
        ),
        clocks=Clocks(
            key=[f"K{row}" for row in range(len(cycle))],
            cycle=cycle,
            name=words(len(cycle), "first_touch", "decision"),
            owner=words(len(cycle), *(f"rep {one}" for one in range(60))),
            pool=words(len(cycle), "inbound", "dach"),
            cause=words(len(cycle), "rep_idle", "absent"),
            started_at=started,
            due_at=started + 4 * HOUR,
            stopped_at=after(started, 0.8, 4 * HOUR),
            cancelled_at=np.full(len(cycle), NEVER, np.int64),
            excused=rng.random(len(cycle)) < 0.1,
        ),
        touches=Touches(
            cycle=touched,
            at=touch[touched] + rng.integers(0, 10 * DAY, len(touched)),
            contact=rng.random(len(touched)) < 0.2,
        ),
        activities=Activities(
            lead=acted,
            at=START + rng.integers(0, YEAR, len(acted)),
            kind=words(len(acted), "webinar_attended", "form_submitted", "page_viewed"),
            campaign=words(len(acted), *(f"campaign {one}" for one in range(40))),
        ),
        signals=Signals(cycle=counting, signal=words(len(counting), *(f"fit.signal_{one}" for one in range(16)))),
        spend=Spend(
            key=[f"S{row}" for row in range(5_000)],
            at=START + rng.integers(0, 365, 5_000) * DAY,
            amount=rng.integers(0, 10**6, 5_000),
            source=words(5_000, *(f"source {one}" for one in range(12))),
            campaign=words(5_000, *(f"campaign {one}" for one in range(40))),
        ),
    )
    return columns, START + YEAR
