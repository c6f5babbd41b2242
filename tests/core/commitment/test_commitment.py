"""Both sides' commitments over random cycles and two versions, against plain loops; statements; stakes."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from handfast.calendar import compile_calendar
from handfast.commitment import Asked, Flag, Standing, adjustments, close, countersigned, stakes, standings, verify
from handfast.contract.load import load
from handfast.contract.model import Contract, PartyName
from handfast.contract.seal import seal
from handfast.contract.sign import Signature, Signed, conclude, propose, with_signature
from handfast.contract.terms import Per, PerPeriod
from handfast.contract.versions import History, history
from handfast.errors import SealBroken, SignatureRefused
from handfast.instant import DAY, HOUR, NEVER, Instant, parse_instant
from handfast.measure import board
from handfast.measure.columns import Coded, CycleColumns, Opportunities
from handfast.measure.period import period_named
from handfast.measure.question import Stream
from handfast.measure.tables import Touches
from handfast.zones import transitions

MORNING = parse_instant("2026-12-01T09:00:00+01:00")
AMENDED = parse_instant("2027-02-15T00:00:00+01:00")
MARCH = parse_instant("2027-03-01T00:00:00+01:00")


def signed(contract: Contract, base: Signed | None, at: Instant, **changes: Any) -> Signed:
    sealed = seal(dataclasses.replace(contract, **changes))
    draft = propose(sealed, base, at=at)
    for place, (name, role) in enumerate((("Dana", PartyName.MARKETING), ("Omar", PartyName.SALES))):
        email = f"{name.lower()}@acme.example"
        draft = with_signature(
            draft, Signature(name=name, email=email, role=role, at=at + place * HOUR, digest=sealed.digest)
        )
    return conclude(draft)


@pytest.fixture(scope="module")
def acme(root: Path) -> Contract:
    found = load((root / "tests/golden/acme-inbound.yaml").read_bytes()).contract
    assert found is not None
    return found


@pytest.fixture(scope="module")
def both(acme: Contract) -> History:
    """Version 7: 90 a month, 90 % touched in time, excused left out. From 15 February version 8: 118, 80 %, counted."""
    seventh = signed(acme, None, MORNING)
    more = dataclasses.replace(acme.marketing, mql=PerPeriod(Decimal(118), Per.MONTH), icp_required=False)
    less = dataclasses.replace(acme.sales, first_touch=Decimal("0.8"), excused_left_out=False)
    eighth = signed(acme, seventh, MORNING + 30 * DAY, version=8, effective_from=AMENDED, marketing=more, sales=less)
    return history([seventh, eighth])


def cycles(seed: int, count: int = 400) -> CycleColumns:
    """Delivered in January to March; some touched in time, some excused, some met the ICP; live all of them."""
    rng = np.random.default_rng(seed)
    start = parse_instant("2027-01-05T09:00:00+01:00")
    qualified = start + rng.integers(0, 80 * 24, count) * HOUR

    def after(share: float, hours: int) -> np.ndarray:
        return np.where(rng.random(count) < share, qualified + rng.integers(0, hours, count) * HOUR, NEVER)

    never = np.full(count, NEVER, np.int64)
    nobody = Coded(codes=np.full(count, -1, np.int32), words=())
    accepted = after(0.6, 30)
    deals = Opportunities(
        key=[f"deal-{row}" for row in range(40)],
        cycle=np.arange(40, dtype=np.int32),
        opened_at=qualified[:40] + 5 * DAY,
        closed_at=never[:40],
        won=np.full(40, -1, np.int8),
        amount=rng.integers(1, 10**7, 40),
        sourced=Coded(codes=rng.integers(-1, 2, 40).astype(np.int32), words=("marketing", "sales")),
    )
    touched = rng.integers(0, count, 3 * count).astype(np.int32)
    stages: dict[str, Any] = {f"{stage}_at": qualified for stage in ("inquiry", "raised", "qualified")}
    stages |= dict.fromkeys(("contested_at", "sql_at", "opportunity_at", "won_at", "lost_at", "disqualified_at"), never)
    return CycleColumns(
        key=[f"cycle-{row:03}" for row in range(count)],
        **stages,
        accepted_at=accepted,
        rejected_at=never,
        withdrawn_at=after(0.05, 400),
        first_touch_at=after(0.8, 9),
        first_touch_due_at=qualified + 4 * HOUR,
        decision_due_at=qualified + 24 * HOUR,
        attempts=np.zeros(count, np.int32),
        hand_raised=np.zeros(count, np.bool_),
        icp=rng.integers(-1, 2, count).astype(np.int8),
        history=np.zeros(count, np.bool_),
        amount=np.zeros(count, np.int64),
        source=nobody,
        campaign=nobody,
        owner=nobody,
        pool=nobody,
        band=nobody,
        segment=nobody,
        reason=nobody,
        excused=rng.random(count) < 0.5,
        opportunities=deals,
        touches=Touches(
            cycle=touched, at=qualified[touched] + rng.integers(0, 400, 3 * count) * HOUR, contact=touched < 0
        ),
    )


@pytest.fixture(scope="module")
def calendars(acme: Contract) -> dict[str, Any]:
    first, last = MORNING, MORNING + 500 * DAY
    hours = (((540, 1020),),) * 5 + ((),) * 2
    open_hours = compile_calendar(hours, transitions=transitions("UTC", first, last), first=first, last=last)
    return dict.fromkeys(acme.calendars, open_hours)


Ask = Callable[..., Asked]


@pytest.fixture(scope="module")
def ask(acme: Contract, both: History, calendars: dict[str, Any]) -> Ask:
    def asked(columns: CycleColumns, label: str = "2027-02", as_of: Instant = MARCH) -> Asked:
        period = period_named(label, acme)
        return Asked(columns=columns, history=both, period=period, as_of=as_of, calendars=calendars)

    return asked


def named(found: tuple[Standing, ...]) -> dict[str, Standing]:
    return {one.name: one for one in found}


def february(at: int, until: int = MARCH) -> bool:
    return parse_instant("2027-02-01T00:00:00+01:00") <= at < until


@pytest.mark.parametrize("seed", range(3))
def test_every_commitment_is_what_a_loop_finds(ask: Ask, seed: int) -> None:
    columns = cycles(seed)
    found = named(standings(ask(columns, as_of=MARCH + 40 * DAY)))
    assert list(found) == ["mql", "at_most", "sourced_pipeline", "first_touch", "worked", "attempts"]
    met, kept, due, strict, wanted = [], [], [], [], Fraction(0)
    for row, key in enumerate(columns.key):
        at = int(columns.qualified_at[row])
        if not february(at):
            continue
        seventh = at < AMENDED
        if columns.icp[row] == 1 or not seventh:
            met.append(key)
        touch, limit, gone = (
            int(one[row]) for one in (columns.first_touch_at, columns.first_touch_due_at, columns.withdrawn_at)
        )
        in_time = touch != NEVER and touch <= limit
        if not in_time and gone != NEVER and gone < limit and (touch == NEVER or touch > gone):
            continue  # cancelled
        strict.append((key, in_time, seventh, bool(columns.excused[row])))
    for key, in_time, seventh, excused in strict:
        if seventh and excused and not in_time:
            continue  # version 7 leaves excused ones out, version 8 counts them
        due.append(key)
        kept += [key] if in_time else []
        wanted += Fraction(9, 10) if seventh else Fraction(8, 10)
    mql = found["mql"]
    assert mql.records.keys(columns) == met
    assert mql.promised == Fraction(90) * 14 / 28 + Fraction(118) * 14 / 28
    assert (mql.pace, mql.party) == (len(met) / mql.promised, PartyName.MARKETING)
    first_touch = found["first_touch"]
    assert first_touch.records.keys(columns) == kept
    assert first_touch.out_of is not None
    assert first_touch.out_of.keys(columns) == due
    assert (first_touch.actual, first_touch.promised) == (Fraction(len(kept), len(due)), wanted / len(due))
    assert first_touch.beside is not None
    other = [key for key, in_time, seventh, excused in strict if seventh or not excused or in_time]
    assert first_touch.beside.denominator.keys(columns) == other
    pipeline = found["sourced_pipeline"]
    deals = columns.opportunities
    assert deals is not None
    mine = [row for row in range(40) if deals.sourced.codes[row] == 0 and february(int(deals.opened_at[row]))]
    assert pipeline.actual == Fraction(sum(int(deals.amount[row]) for row in mine), 100)
    assert pipeline.promised == Fraction(1_400_000 * 28, 90), "28 of the 90 days of the quarter"
    worked = found["worked"]
    assert worked.out_of is not None
    there = [
        key
        for row, key in enumerate(columns.key)
        if february(int(columns.qualified_at[row]))
        and (
            columns.first_touch_at[row] != NEVER
            or columns.accepted_at[row] != NEVER
            or columns.withdrawn_at[row] == NEVER
        )
    ]
    assert worked.out_of.keys(columns) == there
    attempts = found["attempts"]
    assert attempts.out_of is not None
    assert 0 < attempts.out_of.count < len(columns)
    assert attempts.promised == 1


def test_the_straight_line_goes_by_days_and_through_today(ask: Ask) -> None:
    columns = cycles(1)
    noon = parse_instant("2027-02-16T12:00:00+01:00")
    line = {name: one.to_date for name, one in named(standings(ask(columns, as_of=noon))).items()}
    assert line["mql"] == Fraction(90) * 14 / 28 + Fraction(118) * Fraction(3, 2) / 28
    before = named(standings(ask(columns, as_of=parse_instant("2027-01-20T00:00:00+01:00"))))["mql"]
    assert (before.to_date, before.pace, before.flag) == (Fraction(0), None, Flag.NONE)
    after = named(standings(ask(columns, as_of=MARCH + 9 * DAY)))["mql"]
    assert after.to_date == after.promised
    january = named(standings(ask(columns, "2027-01")))["mql"]
    assert january.promised == 90


def standing(**said: Any) -> Standing:
    empty: Any = None
    base = {"name": "mql", "party": PartyName.MARKETING, "clause": "", "promised": Fraction(90), "records": empty}
    return Standing(**({**base, "to_date": Fraction(60), "actual": Fraction(60)} | said))


@pytest.mark.parametrize(
    ("said", "flag"),
    [
        ({"actual": Fraction(59)}, Flag.BEHIND),
        ({}, Flag.ON_PACE),
        ({"actual": Fraction(66)}, Flag.ON_PACE),
        ({"actual": Fraction(67)}, Flag.AHEAD),
        ({"actual": Fraction(91), "most": True}, Flag.OVER),
        ({"actual": Fraction(89), "most": True}, Flag.ON_PACE),
        ({"actual": None, "out_of": object()}, Flag.NONE),
        ({"actual": Fraction(60), "out_of": object()}, Flag.ON_PACE),
        ({"actual": Fraction(2), "out_of": object()}, Flag.BEHIND),
        ({"to_date": Fraction(0)}, Flag.NONE),
    ],
)
def test_too_little_and_too_much_are_both_said(said: dict[str, Any], flag: Flag) -> None:
    assert standing(**said).flag is flag


def test_history_is_not_counted_among_live_promises(ask: Ask) -> None:
    columns = cycles(2)
    live = named(standings(ask(columns)))["mql"].records.count
    columns.history = np.arange(len(columns)) % 2 == 0
    half = named(standings(ask(columns)))["mql"].records.count
    rest = named(standings(dataclasses.replace(ask(columns), stream=Stream.HISTORY)))["mql"].records.count
    assert 0 < half < live
    assert half + rest == live


def test_what_is_not_promised_or_not_known_is_left_out(ask: Ask, acme: Contract, calendars: dict[str, Any]) -> None:
    columns = cycles(2)
    columns.opportunities, columns.touches = None, None
    assert list(named(standings(ask(columns)))) == ["mql", "at_most", "first_touch", "worked"]
    silent = dataclasses.replace(
        acme,
        marketing=dataclasses.replace(acme.marketing, mql=None, at_most=None, sourced_pipeline=None),
        sales=dataclasses.replace(acme.sales, first_touch=None, worked=None, attempts=None),
    )
    asked = dataclasses.replace(ask(columns), history=history([signed(silent, None, MORNING)]), calendars=calendars)
    assert standings(asked) == ()


def test_a_closed_period_is_frozen_and_corrections_stand_beside_it(ask: Ask, both: History) -> None:
    columns = cycles(3)
    statement = close(ask(columns))
    verify(statement)
    assert statement.versions == tuple((one.sealed.contract.version, one.sealed.digest, 14) for one in both.versions)
    assert close(ask(cycles(3))) == statement, "the same facts, the same statement"
    assert adjustments(statement, ask(columns)) == ()
    late = cycles(3)
    row = next(i for i, at in enumerate(late.qualified_at) if february(int(at)) and late.icp[i] != 1 and at < AMENDED)
    late.icp[row] = 1
    gone = next(i for i, at in enumerate(late.qualified_at) if AMENDED <= at < MARCH)
    late.qualified_at = np.where(np.arange(len(late)) == gone, NEVER, late.qualified_at)
    found = {one.name: one for one in adjustments(statement, ask(late, as_of=MARCH + DAY))}
    assert found["mql"].came == (late.key[row],)
    assert late.key[gone] in found["mql"].went
    assert found["mql"].difference == 0
    assert {line.name: line.records for line in statement.lines}["mql"] == close(ask(columns)).lines[0].records
    with pytest.raises(ValueError, match="not over"):
        close(ask(columns, as_of=MARCH - 1))
    with pytest.raises(ValueError, match="not of 2027-01"):
        adjustments(statement, ask(columns, "2027-01"))


def test_a_statement_is_signed_by_both_and_by_nobody_twice(ask: Ask) -> None:
    statement = close(ask(cycles(3)))

    def consent(name: str, role: PartyName, digest: str = statement.digest) -> Signature:
        return Signature(name=name, email=f"{name}@acme.example", role=role, at=MARCH + DAY, digest=digest)

    once = countersigned(statement, consent("Dana", PartyName.MARKETING))
    assert not once.signed
    with pytest.raises(SignatureRefused, match="already"):
        countersigned(once, consent("Ines", PartyName.MARKETING))
    with pytest.raises(SignatureRefused, match="another text"):
        countersigned(once, consent("Omar", PartyName.SALES, "0" * 64))
    twice = countersigned(once, consent("Omar", PartyName.SALES))
    assert twice.signed
    verify(twice)
    with pytest.raises(SealBroken, match="is not what was closed"):
        verify(dataclasses.replace(twice, lines=twice.lines[1:]))
    forged = dataclasses.replace(twice, signatures=(consent("Omar", PartyName.SALES, "0" * 64),))
    with pytest.raises(SealBroken, match="another text"):
        verify(forged)


def test_stakes_say_what_each_side_has_on_the_number(acme: Contract) -> None:
    columns = cycles(3)
    deals = columns.opportunities
    assert deals is not None
    columns.opportunities = dataclasses.replace(
        deals, won=np.full(40, 1, np.int8), closed_at=deals.opened_at + DAY, amount=np.full(40, 2_000_000)
    )
    scores = board(columns, acme, None, MARCH + 200 * DAY)
    found = {one.party: one for one in stakes(acme, scores["the_number"])}
    assert found[PartyName.SALES].stands_at == Fraction(1, 2) * Fraction(800_000, 2_000_000)
    assert found[PartyName.MARKETING].stands_at == Fraction(1, 5) * Fraction(2, 5)
    low, high = found[PartyName.SALES].may_end or (0, 0)
    assert 0.2 <= low <= high
    assert stakes(dataclasses.replace(acme, revenue=None), scores["the_number"]) == ()
    unknown = {one.party: one for one in stakes(acme, scores["load"])}[PartyName.SALES]
    assert (unknown.stands_at, unknown.may_end) == (None, None)
