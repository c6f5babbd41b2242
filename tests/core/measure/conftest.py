"""What the tests of measures share: a small contract by hand, and seeded random cycles with every dirt there is."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from handfast.condition import All
from handfast.contract.model import (
    Attribution,
    BehaviourGroup,
    CalendarTerms,
    Clock,
    ClockName,
    Contract,
    Definitions,
    FitGroup,
    MarketingCommitment,
    MqlDefinition,
    Nobody,
    PartyName,
    Pool,
    Reason,
    ReasonKind,
    Recycle,
    Revenue,
    Routing,
    Rule,
    SalDefinition,
    SalesCommitment,
    Score,
    ShareBy,
    SourcedBy,
    SqlDefinition,
    Targets,
    Verb,
)
from handfast.contract.terms import Attempts, Disposition, DispositionKind, Duration, DurationUnit
from handfast.instant import DAY, HOUR, MINUTE, NEVER, parse_instant
from handfast.measure.columns import Coded, CycleColumns, Opportunities
from handfast.measure.tables import Activities, Assignments, Clocks, DealChanges, DealLeads, Roster, Spend, Touches

START = parse_instant("2027-01-01T00:00:00+01:00")
NOW = START + 120 * DAY

FOUR_HOURS = Duration(DurationUnit.BUSINESS_TIME, 4 * HOUR, "4 business hours")
ONE_DAY = Duration(DurationUnit.BUSINESS_DAYS, 1, "1 business day")
FIFTEEN_DAYS = Duration(DurationUnit.BUSINESS_DAYS, 15, "15 business days")
SIXTY_DAYS = Duration(DurationUnit.WALL, 60 * DAY, "60 days")
TEN_DAYS = Duration(DurationUnit.BUSINESS_DAYS, 10, "10 business days")
ELIGIBLE = ("webinar_attended", "form_submitted")


def reason(name: str, then: DispositionKind, clause: str = "") -> Reason:
    kind = ReasonKind.DEFINITIONAL if clause else ReasonKind.SITUATIONAL
    return Reason(name=name, title=name, verb=Verb.EITHER, kind=kind, clause=clause, then=Disposition(then, None))


def clock(name: ClockName, within: Duration) -> Clock:
    return Clock(name=name, starts="", stops="", within=within, within_hand_raise=within)


def contract() -> Contract:
    """Two leaders who agreed on four business hours, 90 % of the time."""
    hours = ((540, 1020),)
    week = (hours,) * 5 + ((),) * 2
    emea = CalendarTerms(name="emea", zone="Europe/Berlin", hours=week, exceptions={})
    return Contract(
        name="acme",
        version=3,
        effective_from=START,
        zone="Europe/Berlin",
        fiscal_year_starts=1,
        currency="EUR",
        parties={},
        attributes={},
        activities={},
        evidence={},
        calendars={"emea": emea},
        default_calendar="emea",
        lists={},
        score=Score(fit=FitGroup(signals={}), behaviour=BehaviourGroup(signals={})),
        definitions=Definitions(
            icp=None,
            mql=MqlDefinition(title="MQL", when=All(()), unless={}),
            sal=SalDefinition(title="SAL", means=""),
            sql=SqlDefinition(title="SQL"),
        ),
        routing=Routing(owner_first=False, rules=(Rule(when=None, to="inbound"),)),
        pools={
            name: Pool(name=name, calendar="emea", share=ShareBy.EVENLY, nobody=Nobody(hold=None, then="manager"))
            for name in ("inbound", "dach")
        },
        clocks={
            ClockName.FIRST_TOUCH: clock(ClockName.FIRST_TOUCH, FOUR_HOURS),
            ClockName.DECISION: clock(ClockName.DECISION, ONE_DAY),
            ClockName.WORKING: clock(ClockName.WORKING, FIFTEEN_DAYS),
        },
        reasons={
            "wrong_industry": reason("wrong_industry", DispositionKind.CLOSE, clause="score.fit.signals.industry"),
            "too_small": reason("too_small", DispositionKind.CLOSE, clause="score.fit.signals.size"),
            "no_budget": reason("no_budget", DispositionKind.RECYCLE_AFTER),
        },
        recycle=Recycle(cool_off=SIXTY_DAYS, fresh_evidence=True),
        marketing=MarketingCommitment(),
        sales=SalesCommitment(first_touch=Decimal("0.9"), worked=Decimal(1), attempts=Attempts(2, TEN_DAYS)),
        targets=Targets(rates={("mql", "sal"): Decimal("0.75")}, cycle_length=SIXTY_DAYS),
        revenue=Revenue(
            target=Decimal(2_000_000),
            period="2027",
            average_deal=Decimal(25_000),
            stakes={PartyName.MARKETING: Decimal("0.2"), PartyName.SALES: Decimal("0.5")},
        ),
        stages=("mql", "sal", "opportunity", "won"),
        attribution=Attribution(sourced=SourcedBy.FIRST_ACTIVITY, influence_window=SIXTY_DAYS, eligible=ELIGIBLE),
        reviews={},
        examples=(),
    )


@pytest.fixture(scope="session")
def acme() -> Contract:
    return contract()


def coded(rng: np.random.Generator, count: int, words: tuple[str, ...]) -> Coded:
    return Coded(codes=rng.integers(-1, len(words), count).astype(np.int32), words=words)


def some(rng: np.random.Generator, at: NDArray[np.int64], share: float, within: int) -> NDArray[np.int64]:
    """An instant after another for a share of the rows: to the minute, now and then at the same instant or before."""
    later = at + rng.integers(-within // 20, within, len(at)) // MINUTE * MINUTE
    later = np.where(rng.random(len(at)) < 0.03, at, later)
    return np.where((rng.random(len(at)) < share) & (at != NEVER), later, NEVER)


def cycles(seed: int, count: int) -> CycleColumns:
    """Random cycles in which every contradiction that an export can hold turns up."""
    rng = np.random.default_rng(seed)
    inquiry = START + rng.integers(0, 118 * 24 * 60, count) * MINUTE
    qualified = some(rng, inquiry, 0.8, 20 * DAY)
    touch = some(rng, qualified, 0.7, 3 * DAY)
    due = np.where((qualified != NEVER) & (rng.random(count) < 0.95), qualified + 4 * HOUR, NEVER)
    accepted = some(rng, qualified, 0.5, 5 * DAY)
    contested = some(rng, qualified, 0.08, 5 * DAY)
    sql = some(rng, accepted, 0.6, 20 * DAY)
    opportunity = some(rng, sql, 0.7, 20 * DAY)
    won = some(rng, opportunity, 0.3, 60 * DAY)
    stated_sql = (sql != NEVER) & (rng.random(count) < 0.05)
    deal = np.flatnonzero(opportunity != NEVER)
    deals = Opportunities(
        key=[f"deal-{row}" for row in deal] + ["stray"],
        cycle=np.append(deal, -1).astype(np.int32),
        opened_at=np.append(opportunity[deal], START + DAY),
        closed_at=np.append(won[deal], NEVER),
        won=np.append(np.where(won[deal] != NEVER, 1, -1), -1).astype(np.int8),
        amount=rng.integers(0, 10**7, len(deal) + 1),
        sourced=coded(rng, len(deal) + 1, ("marketing", "sales", "partner")),
    )
    return CycleColumns(
        key=[f"cycle-{row}" for row in range(count)],
        lead=rng.integers(0, max(1, count - count // 10), count).astype(np.int32),
        inquiry_at=inquiry,
        raised_at=qualified,
        qualified_at=qualified,
        accepted_at=accepted,
        contested_at=contested,
        overturned_at=some(rng, contested, 0.3, 2 * DAY),
        rejected_at=some(rng, np.where(accepted == NEVER, qualified, NEVER), 0.4, 9 * DAY),
        sql_at=sql,
        opportunity_at=opportunity,
        won_at=won,
        lost_at=some(rng, np.where(won == NEVER, opportunity, NEVER), 0.3, 60 * DAY),
        disqualified_at=some(rng, np.where(opportunity == NEVER, accepted, NEVER), 0.3, 20 * DAY),
        withdrawn_at=some(rng, np.where(accepted == NEVER, qualified, NEVER), 0.05, 20 * DAY),
        first_touch_at=touch,
        first_touch_due_at=due,
        decision_due_at=np.where(due == NEVER, NEVER, due + DAY),
        working_due_at=np.where(accepted == NEVER, NEVER, accepted + 15 * DAY),
        attempts=rng.integers(0, 9, count).astype(np.int32),
        hand_raised=rng.random(count) < 0.2,
        icp=rng.integers(-1, 2, count).astype(np.int8),
        history=np.ones(count, np.bool_),
        amount=rng.integers(0, 10**7, count),
        excused=rng.random(count) < 0.05,
        turns=rng.integers(-1, 5, count).astype(np.int32),
        stated_in_time=rng.integers(-1, 2, count).astype(np.int8),
        stated_reassignments=rng.integers(-1, 4, count).astype(np.int32),
        source=coded(rng, count, ("organic", "paid", "event")),
        campaign=coded(rng, count, ("spring", "autumn")),
        owner=coded(rng, count, ("lena", "sam")),
        pool=coded(rng, count, ("inbound", "dach")),
        band=coded(rng, count, ("warm", "engage")),
        segment=Coded(codes=np.full(count, -1, np.int32), words=()),
        reason=coded(rng, count, ("wrong_industry", "too_small", "no_budget")),
        undated={"accepted": (rng.random(count) < 0.05) & (accepted == NEVER), "sql": stated_sql},
        inferred={"sql": (sql != NEVER) & (sql == opportunity) | stated_sql},
        opportunities=deals,
        drawn_at=NOW,
        version=coded(rng, count, ("3", "4")),
        contact_at=some(rng, touch, 0.5, 5 * DAY),
        recycled=rng.integers(-1, 2, count).astype(np.int8),
        **beside(rng, qualified, accepted, len(deal) + 1),
    )


def beside(
    rng: np.random.Generator, qualified: NDArray[np.int64], accepted: NDArray[np.int64], deals: int
) -> dict[str, Any]:
    """Clocks, assignments, touches, activities, changes of deals, a roster and spend, of some of the cycles."""
    count = len(qualified)

    def instants(many: int) -> NDArray[np.int64]:
        return START + rng.integers(0, 130 * 24 * 60, many) * MINUTE

    cycle = rng.integers(-1, count, 2 * count).astype(np.int32)
    started = instants(len(cycle))
    due = np.where(rng.random(len(cycle)) < 0.9, started + rng.integers(5, 600, len(cycle)) * MINUTE, NEVER)
    touched = rng.integers(-1, count, 3 * count).astype(np.int32)
    near = np.append(np.where(accepted == NEVER, START, accepted), START)[touched]
    changed = np.sort(rng.integers(0, deals, 2 * deals)).astype(np.int32)
    changed_at = np.sort(instants(len(changed)))[np.argsort(rng.random(len(changed)))]
    order = np.lexsort((changed_at, changed))
    owners, pools = ("lena", "sam", "kim"), ("inbound", "dach")
    return {
        "clocks": Clocks(
            key=[f"clock-{row}" for row in range(len(cycle))],
            cycle=cycle,
            name=coded(rng, len(cycle), ("first_touch", "decision")),
            owner=coded(rng, len(cycle), owners),
            pool=coded(rng, len(cycle), pools),
            cause=coded(rng, len(cycle), ("rep_idle", "absent")),
            started_at=started,
            due_at=due,
            stopped_at=some(rng, started, 0.6, 2 * DAY),
            cancelled_at=some(rng, started, 0.2, 2 * DAY),
            excused=rng.random(len(cycle)) < 0.1,
        ),
        "assignments": Assignments(
            cycle=cycle,
            owner=coded(rng, len(cycle), owners),
            pool=coded(rng, len(cycle), pools),
            at=started,
            ended_at=some(rng, started, 0.3, 2 * DAY),
        ),
        "touches": Touches(
            cycle=touched,
            at=near + rng.integers(-600, 16 * 24 * 60, len(touched)) * MINUTE,
            contact=rng.random(len(touched)) < 0.1,
        ),
        "activities": Activities(
            lead=rng.integers(-1, count, 5 * count).astype(np.int32),
            at=instants(5 * count) - 60 * DAY,
            kind=coded(rng, 5 * count, ("webinar_attended", "form_submitted", "page_viewed")),
            campaign=coded(rng, 5 * count, ("spring", "autumn")),
        ),
        "deal_leads": DealLeads(
            deal=rng.integers(-1, deals, 2 * deals).astype(np.int32),
            lead=rng.integers(-1, count, 2 * deals).astype(np.int32),
        ),
        "deal_changes": DealChanges(
            deal=changed,
            at=changed_at[order],
            state=rng.integers(-1, 2, len(changed)).astype(np.int8),
            amount=rng.integers(0, 10**7, len(changed)),
        ),
        "roster": Roster(
            owner=Coded(codes=np.array([0, 1, 0, -1], np.int32), words=("lena", "sam")),
            pool=Coded(codes=np.array([0, 1, 1, 0], np.int32), words=pools),
            per_day=np.array([5, -1, 3, 2], np.int32),
            at_most_open=np.array([20, 20, -1, 2], np.int32),
        ),
        "spend": Spend(
            key=[f"spend-{row}" for row in range(60)],
            at=START + rng.integers(0, 130, 60) * DAY,
            amount=rng.integers(0, 10**6, 60),
            source=coded(rng, 60, ("paid", "event", "fair")),
            campaign=coded(rng, 60, ("spring",)),
        ),
    }


@pytest.fixture(scope="session")
def random_cycles() -> Callable[[int, int], CycleColumns]:
    return cycles
