"""Measures over clocks, touches, activities and deals once more, slow and obvious: written from the definitions."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from tests.support.cycle_rows import Row, World, decision_over, hours_open, months_of, rows_of, survival

from handfast.calendar import compile_calendar
from handfast.contract.model import Contract
from handfast.instant import DAY, HOUR, MINUTE, NEVER, Instant, from_datetime, parse_instant, to_datetime
from handfast.measure import Board, Period, board
from handfast.measure.coded import Coded
from handfast.measure.columns import CycleColumns
from handfast.measure.value import Amount, Count, Derived, Durations, Figure, Ratio, Rows, Split, Table
from handfast.zones import transitions

Plain = dict[str, Any]
Make = Callable[[int, int], CycleColumns]

START = parse_instant("2027-01-01T00:00:00+01:00")
NOW = START + 120 * DAY
FEBRUARY = Period(
    label="2027-02",
    first=parse_instant("2027-02-01T00:00:00+01:00"),
    last=parse_instant("2027-03-01T00:00:00+01:00"),
)
ELIGIBLE = ("webinar_attended", "form_submitted")
WINDOW = 60 * DAY


@dataclass
class Judged:
    """A world with the rows of its tables, and the board under test."""

    world: World
    found: Board
    clocks: list[Plain]
    deals: list[Plain]

    @property
    def columns(self) -> CycleColumns:
        return self.found.columns

    def inside(self, at: int | None) -> bool:
        period = self.world.period
        return at is not None and at <= self.world.as_of and (period is None or period.first <= at < period.last)


def plain(at: int, as_of: Instant) -> int | None:
    return None if at == NEVER or at > as_of else int(at)


def word(coded: Coded, row: int) -> str | None:
    code = -1 if row < 0 else int(coded.codes[row])
    return None if code < 0 else coded.words[code]


def clock_rows(columns: CycleColumns, as_of: Instant) -> list[Plain]:
    table = columns.clocks
    assert table is not None
    found: list[Plain] = []
    for row, key in enumerate(table.key):
        if table.started_at[row] > as_of:
            continue
        due = int(table.due_at[row])
        one: Plain = {
            "key": key,
            "due": None if due == NEVER else due,
            "stopped": plain(table.stopped_at[row], as_of),
            "cancelled": plain(table.cancelled_at[row], as_of),
            "excused": bool(table.excused[row]),
        }
        for name in ("name", "owner", "pool", "cause"):
            one[{"name": "clock"}.get(name, name)] = word(getattr(table, name), row)
        one["source"] = word(columns.source, int(table.cycle[row]))
        found.append(one)
    return found


def deal_rows(columns: CycleColumns, as_of: Instant, *, changing: bool) -> list[Plain]:
    """Each deal with its history as (at, state, amount), and what it comes to by then."""
    deals, changes = columns.opportunities, columns.deal_changes
    assert deals is not None
    found: list[Plain] = []
    for row, key in enumerate(deals.key):
        history: list[tuple[int, int, int]] = []
        if changing:
            assert changes is not None
            every = zip(changes.deal.tolist(), changes.at.tolist(), changes.state, changes.amount, strict=True)
            mine = [(at, int(state), int(worth)) for deal, at, state, worth in every if deal == row and at <= as_of]
            history = sorted(mine, key=lambda one: one[0])
        else:
            closed = plain(deals.closed_at[row], as_of)
            if closed is not None:
                history.append((closed, int(deals.won[row]), int(deals.amount[row])))
        state, amount, closed_at, last_won, before = -1, 0, None, None, -1
        if not changing:
            amount = int(deals.amount[row])
        for at, now, worth in history:
            if now != before or at == history[0][0]:
                closed_at = at if now >= 0 else None
                last_won = at if now == 1 else last_won
            state, amount, before = now, worth, now
        cycle = int(deals.cycle[row])
        found.append(
            {
                "row": row,
                "key": key,
                "opened": plain(deals.opened_at[row], as_of),
                "history": history,
                "state": state,
                "amount": amount,
                "closed": closed_at,
                "last_won": last_won,
                "cycle": cycle,
                "sourced": word(deals.sourced, row),
                "source": word(columns.source, cycle),
            }
        )
    return found


WORLDS = [
    (0, NOW, None, True),
    (1, NOW, FEBRUARY, True),
    (2, START + 100 * DAY, FEBRUARY, False),
    (3, NOW, None, False),
]


@pytest.fixture(scope="module", params=WORLDS, ids=lambda one: f"{one[0]}-{one[2] and one[2].label}-{one[3]}")
def judged(request: pytest.FixtureRequest, random_cycles: Make, acme: Contract) -> Judged:
    seed, as_of, period, changing = request.param
    columns = random_cycles(seed, 300)
    if not changing:
        columns.deal_changes, columns.assignments, columns.deal_leads = None, None, None
    hours = (((540, 1020),),) * 5 + ((),) * 2
    first, last = START - 60 * DAY, NOW + 200 * DAY
    calendar = compile_calendar(hours, transitions=transitions("Europe/Berlin", first, last), first=first, last=last)
    found = board(columns, acme, period, as_of, calendars={"emea": calendar})
    world = World(rows_of(columns, as_of), as_of, period, columns)
    return Judged(world, found, clock_rows(columns, as_of), deal_rows(columns, as_of, changing=changing))


def keys(judged: Judged, rows: Rows) -> list[str]:
    found = rows.keys(judged.columns)
    assert len(found) == rows.count
    return found


def parts(split: Split | None) -> dict[str | None, Figure]:
    assert split is not None
    return {part.word: part.figure for part in split}


def check_ratio(judged: Judged, figure: Figure, top: Iterable[object], bottom: Iterable[object]) -> None:
    assert isinstance(figure, Ratio)
    assert (keys(judged, figure.numerator), keys(judged, figure.denominator)) == (list(top), list(bottom))


# Clocks.


def is_due(clock: Plain, as_of: Instant) -> bool:
    due, stopped, cancelled = clock["due"], clock["stopped"], clock["cancelled"]
    if due is None or due > as_of:
        return False
    in_time = stopped is not None and stopped <= due
    return in_time or not (cancelled is not None and cancelled < due)


def is_breached(clock: Plain, as_of: Instant) -> bool:
    stopped = clock["stopped"]
    return is_due(clock, as_of) and not (stopped is not None and stopped <= clock["due"])


def test_breaches_are_what_a_loop_over_clocks_finds(judged: Judged) -> None:
    as_of, found = judged.world.as_of, judged.found
    due = [one for one in judged.clocks if is_due(one, as_of) and judged.inside(one["due"])]
    late = [one for one in due if is_breached(one, as_of)]
    assert late
    figure = found["breaches"].figure
    assert isinstance(figure, Count)
    assert keys(judged, figure.records) == [one["key"] for one in late]
    check_ratio(judged, found["breach_rate"].figure, (o["key"] for o in late), (o["key"] for o in due))
    excused = [one["key"] for one in late if one["excused"]]
    check_ratio(judged, found["breaches_excused"].figure, excused, (o["key"] for o in late))
    for by in ("clock", "cause", "owner", "pool", "source"):
        told = parts(found["breaches"].splits[by])
        if by in {"owner", "pool"}:  # of the clock, not of the cycle
            assert set(told) == {one[by] for one in late}
        for value, part in told.items():
            assert isinstance(part, Count)
            assert keys(judged, part.records) == [one["key"] for one in late if one[by] == value]
    months = {month: part for month, part in parts(found["breaches"].trend).items() if month}
    assert sum(part.records.count for part in months.values() if isinstance(part, Count)) == len(late)


def test_lateness_counts_those_never_answered_as_still_late(judged: Judged) -> None:
    as_of = judged.world.as_of
    spans: list[tuple[int, bool]] = []
    for one in judged.clocks:
        due, stopped, cancelled = one["due"], one["stopped"], one["cancelled"]
        if judged.inside(due) and is_breached(one, as_of):
            end = stopped if stopped is not None else cancelled if cancelled is not None else as_of
            spans.append((end - due, stopped is not None))
    figure = judged.found["breach_lateness"].figure
    assert isinstance(figure, Durations)
    assert (figure.records.count, figure.ended.count) == (len(spans), sum(over for _, over in spans))
    curve = survival(spans)
    median = next((span for span, share in curve.items() if share <= Fraction(1, 2)), None)
    assert figure.quantiles["median"].value == median


# Attempts, response, recycling.


def ten_working_days_after(at: Instant) -> Instant:
    """The same local time on the tenth next working day, nine to five; a start outside hours is the next opening."""
    local = to_datetime(at, "Europe/Berlin")
    day, clock = local.date(), timedelta(hours=local.hour, minutes=local.minute)
    if day.weekday() > 4 or clock >= timedelta(hours=17):
        day, clock = next_working(day), timedelta(hours=9)
    clock = max(clock, timedelta(hours=9))
    for _ in range(10):
        day = next_working(day)
    return from_datetime(datetime.combine(day, time(), ZoneInfo("Europe/Berlin")) + clock)


def next_working(day: date) -> date:
    day += timedelta(days=1)
    return day if day.weekday() < 5 else next_working(day)


def test_attempts_are_counted_inside_ten_working_days_of_acceptance(judged: Judged) -> None:
    table, as_of = judged.world.columns.touches, judged.world.as_of
    assert table is not None
    top, bottom = [], []
    for place, row in enumerate(judged.world.rows):
        accepted = row.timed("accepted")
        if accepted is None or not judged.world.placed(row, "accepted"):
            continue
        end = ten_working_days_after(accepted)
        ended = [row.at(stage) for stage in ("contact", "withdrawn", "opportunity", "won", "lost")]
        if end > as_of or any(at is not None and at <= end for at in ended):
            continue
        bottom.append(row.key)
        tries = [int(table.at[i]) for i in range(len(table.at)) if table.cycle[i] == place and not table.contact[i]]
        if sum(accepted <= at <= min(end, as_of) for at in tries) >= 2:
            top.append(row.key)
    assert top
    check_ratio(judged, judged.found["attempts_compliance"].figure, top, bottom)


def speed_band(row: Row) -> str | None:
    start, touch = row.timed("qualified"), row.timed("first_touch")
    if not row.did("qualified"):
        return None
    if not row.did("first_touch"):
        return "never" if row.ended else "not yet"
    if start is None or touch is None or touch < start:
        return None
    names = ((5 * MINUTE, "within 5 min"), (HOUR, "within 1 h"), (4 * HOUR, "within 4 h"), (DAY, "within 24 h"))
    return next((name for edge, name in names if touch - start <= edge), "later")


@pytest.mark.parametrize(("name", "stage"), [("contact", "contact"), ("acceptance", "accepted"), ("sql", "sql")])
def test_the_response_curve_counts_each_band(judged: Judged, name: str, stage: str) -> None:
    measure = judged.found[f"response_to_{name}"]
    bands = {row.key: speed_band(row) for row in judged.world.rows}
    there = [row for row in judged.world.rows if bands[row.key] and judged.world.placed(row, "qualified")]
    check_ratio(judged, measure.figure, (r.key for r in there if r.did(stage)), (r.key for r in there))
    for band, figure in parts(measure.splits["speed_band"]).items():
        mine = [row for row in there if bands[row.key] == band]
        check_ratio(judged, figure, (r.key for r in mine if r.did(stage)), (r.key for r in mine))
    assert any("Observed, not proved" in note for note in measure.notes)


def test_recycled_leads_that_came_back(judged: Judged) -> None:
    rows, columns = judged.world.rows, judged.world.columns
    again, won, bottom = [], [], []
    for place, row in enumerate(rows):
        says = int(columns.recycled[place])
        by_reason = row["reason"] == "no_budget" and (row.did("rejected") or row.did("disqualified"))
        back = by_reason if says < 0 else says == 1
        if not (back and row.ended and judged.inside(row.end_at)):
            continue
        bottom.append(row.key)
        end = row.end_at
        assert end is not None
        later = [other for other in rows if other["lead"] == row["lead"] and (other.at("qualified") or 0) > end]
        if later:
            again.append(row.key)
        if any(other.did("won") for other in later):
            won.append(row.key)
    assert bottom
    check_ratio(judged, judged.found["recycle_yield"].figure, again, bottom)
    check_ratio(judged, judged.found["recycle_won"].figure, won, bottom)


# Deals.


def movements(deal: Plain) -> list[tuple[int, int]]:
    """What revenue won a deal added, and when: what it is worth while won, less what it was before."""
    found, before = [], 0
    for at, state, amount in deal["history"]:
        worth = amount if state == 1 else 0
        found.append((at, worth - before))
        before = worth
    return found


def revenue(judged: Judged, deals: Iterable[Plain]) -> tuple[int, list[object]]:
    total, names = 0, []
    for deal in deals:
        mine = [delta for at, delta in movements(deal) if judged.inside(at) and delta != 0]
        total += sum(mine)
        if mine:
            names.append(deal["key"])
    return total, names


def check_amount(judged: Judged, name: str, expected: tuple[int, list[object]]) -> None:
    figure = judged.found[name].figure
    assert isinstance(figure, Amount)
    assert (figure.value, keys(judged, figure.records)) == expected


def test_revenue_is_what_moved_in_the_period(judged: Judged) -> None:
    changing = judged.world.columns.deal_changes is not None
    every = judged.deals
    expected = revenue(judged, every)
    assert expected[1]
    if not changing:  # a deal won for nothing is won all the same
        names = [d["key"] for d in every if d["state"] == 1 and judged.inside(d["closed"])]
        expected = (expected[0], names)
    check_amount(judged, "won_revenue", expected)
    mine = [deal for deal in every if deal["sourced"] == "marketing"]
    total, names_of = revenue(judged, mine)
    assert judged.found["sourced_revenue"].figure.value == total  # type: ignore[union-attr]  # an amount
    months = parts(judged.found["won_revenue"].trend)
    by_month: dict[str, int] = {}
    for deal in every:
        for at, delta in movements(deal):
            if judged.inside(at) and delta:
                by_month[months_of(at)] = by_month.get(months_of(at), 0) + delta
    assert {m: f.value for m, f in months.items() if isinstance(f, Amount)} == dict(sorted(by_month.items()))
    assert len(names_of) <= len(expected[1])


def test_pipeline_by_source_in_money(judged: Judged) -> None:
    opened = [
        deal
        for deal in judged.deals
        if judged.inside(deal["opened"]) or (judged.world.period is None and deal["closed"] is not None)
    ]
    mine = [deal for deal in opened if deal["sourced"] == "marketing"]
    check_amount(judged, "sourced_pipeline", (sum(d["amount"] for d in mine), [d["key"] for d in mine]))
    total = sum(d["amount"] for d in opened)
    figure = judged.found["source_mix_amount"].figure
    assert isinstance(figure, Derived)
    assert figure.value == Fraction(sum(d["amount"] for d in mine), total)
    shares = {name: part.value for name, part in figure.parts.items() if isinstance(part, Amount)}
    assert sum(shares.values()) == total
    assert shares["unknown"] == sum(d["amount"] for d in opened if d["sourced"] is None)
    still = [deal for deal in judged.deals if deal["opened"] is not None and deal["state"] == -1]
    check_amount(judged, "open_pipeline", (sum(d["amount"] for d in still), [d["key"] for d in still]))
    still = [deal for deal in still if deal["sourced"] == "marketing"]
    check_amount(judged, "sourced_open_pipeline", (sum(d["amount"] for d in still), [d["key"] for d in still]))


def touchpoints(judged: Judged, deal: Plain) -> list[tuple[int, str | None]]:
    """(when, campaign) of each eligible activity of a lead on the deal inside its window."""
    columns, closed = judged.world.columns, deal["last_won"]
    table, links = columns.activities, columns.deal_leads
    assert table is not None
    if closed is None:
        return []
    cycle = int(deal["cycle"])
    leads = set() if cycle < 0 else {int(columns.lead[cycle])}
    if links is not None:
        leads = {int(links.lead[i]) for i in range(len(links.deal)) if links.deal[i] == deal["row"]} - {-1}
    opened = deal["opened"] if deal["opened"] is not None else closed
    found = []
    for row in range(len(table.at)):
        at = int(table.at[row])
        within = opened - WINDOW <= at <= closed and at <= judged.world.as_of
        if int(table.lead[row]) in leads and word(table.kind, row) in ELIGIBLE and within:
            found.append((at, row, word(table.campaign, row)))
    return [(at, campaign) for at, _, campaign in sorted(found)]


def test_influenced_revenue_counts_each_deal_once(judged: Judged) -> None:
    mine = [deal for deal in judged.deals if touchpoints(judged, deal)]
    assert 0 < len(mine) < len(judged.deals)
    total, names = revenue(judged, mine)
    figure = judged.found["influenced_revenue"].figure
    assert isinstance(figure, Amount)
    assert figure.value == total
    assert set(names) <= set(keys(judged, figure.records))


def shares_of(model: str, found: list[tuple[int, str | None]], deal: Plain, qualified: int | None) -> list[Fraction]:
    """The share of each touchpoint, as the model is described."""
    count = len(found)
    times = [at for at, _ in found]
    held = [Fraction(0)] * count
    if model == "linear":
        return [Fraction(1, count)] * count
    if model == "decay":
        raw = [Fraction(1, 2 ** min((deal["last_won"] - at) // (30 * DAY), 20)) for at in times]
        return [one / sum(raw) for one in raw]
    positions: list[tuple[int, int]] = []
    if model in {"first", "u", "w"}:
        positions.append((0, {"first": 100, "u": 40, "w": 30}[model]))
    if model in {"last", "u"}:
        positions.append((count - 1, {"last": 100, "u": 40}[model]))
    if model == "w":
        for limit in (qualified, deal["opened"] if deal["opened"] is not None else deal["last_won"]):
            by = [place for place, at in enumerate(times) if limit is not None and at <= limit]
            if by:
                positions.append((by[-1], 30))
    for place, share in positions:
        held[place] += share
    rest = [place for place in range(count) if held[place] == 0]
    for place in rest:
        held[place] = Fraction({"first": 0, "last": 0, "u": 20, "w": 10}[model], len(rest))
    return [one / sum(held) for one in held]


@pytest.mark.parametrize("model", ["first", "last", "linear", "u", "w", "decay"])
def test_every_model_shares_out_influenced_revenue_to_the_hundredth(judged: Judged, model: str) -> None:
    exact: dict[str | None, Fraction] = {}
    touched = 0
    for deal in judged.deals:
        found = touchpoints(judged, deal)
        amount = sum(delta for at, delta in movements(deal) if judged.inside(at))
        if not found or not amount:
            continue
        touched += len(found)
        cycle = int(deal["cycle"])
        qualified = None if cycle < 0 else judged.world.rows[cycle].at("qualified")
        for (_, campaign), share in zip(found, shares_of(model, found, deal, qualified), strict=True):
            exact[campaign] = exact.get(campaign, Fraction(0)) + share * amount
    measure = judged.found[f"multi_touch_{model}"]
    credited = {
        name: part.value for name, part in parts(measure.splits["campaign"]).items() if isinstance(part, Amount)
    }
    assert isinstance(measure.figure, Amount)
    assert sum(credited.values()) == measure.figure.value == sum(exact.values())
    for campaign, amount in credited.items():
        assert abs(amount - exact.get(campaign, Fraction(0))) <= touched, "rounding only"
    kinds = {name: part.value for name, part in parts(measure.splits["kind"]).items() if isinstance(part, Amount)}
    assert sum(kinds.values()) == measure.figure.value
    assert set(kinds) <= {*ELIGIBLE}


def test_the_number_is_the_year_against_its_target(judged: Judged) -> None:
    year = Judged(judged.world, judged.found, judged.clocks, judged.deals)
    first, last = parse_instant("2027-01-01T00:00:00+01:00"), parse_instant("2028-01-01T00:00:00+01:00")
    total = sum(delta for deal in year.deals for at, delta in movements(deal) if first <= at < last)
    figure = judged.found["the_number"].figure
    assert isinstance(figure, Derived)
    assert figure.value == Fraction(total, 200_000_000)
    expected = figure.parts["expected"]
    assert isinstance(expected, Fraction)
    assert figure.low is not None
    assert figure.high is not None
    assert float(figure.value) - 1e-9 <= figure.low <= float(expected) <= figure.high


def test_velocity_is_four_figures_multiplied(judged: Judged) -> None:
    closed = [
        d for d in judged.deals if d["state"] != -1 and (judged.world.period is None or judged.inside(d["closed"]))
    ]
    won = [deal for deal in closed if deal["state"] == 1]
    spans = sorted(d["closed"] - d["opened"] for d in won if d["opened"] is not None and d["closed"] is not None)
    middle = (Fraction(spans[(len(spans) - 1) // 2]) + spans[len(spans) // 2]) / 2 / DAY
    still = sum(deal["opened"] is not None and deal["state"] == -1 for deal in judged.deals)
    average = Fraction(sum(d["amount"] for d in won), len(won))
    figure = judged.found["velocity"].figure
    assert isinstance(figure, Derived)
    assert figure.parts["cycle_length_days"] == middle
    expected = None if middle <= 0 else still * Fraction(len(won), len(closed)) * average / middle
    assert figure.value == expected


# Spend, load, clauses.


@pytest.mark.parametrize(
    ("of", "stage"),
    [("lead", "inquiry"), ("mql", "qualified"), ("sal", "accepted"), ("sql", "sql"), ("deal", "won")],
)
def test_cost_is_spend_over_what_was_reached(judged: Judged, of: str, stage: str) -> None:
    spend = judged.world.columns.spend
    assert spend is not None
    paid = [i for i in range(len(spend.key)) if judged.inside(plain(spend.at[i], judged.world.as_of))]
    there = [row for row in judged.world.rows if row.did(stage) and judged.world.placed(row, stage)]
    measure = judged.found[f"cost_per_{of}"]
    assert isinstance(measure.figure, Derived)
    money = sum(int(spend.amount[i]) for i in paid)
    assert measure.figure.value == (Fraction(money, len(there)) if there else None)
    told = parts(measure.splits["source"])
    assert set(told) == {word(spend.source, i) for i in paid} | {row["source"] for row in there}
    for source, figure in told.items():
        assert isinstance(figure, Derived)
        money = sum(int(spend.amount[i]) for i in paid if word(spend.source, i) == source)
        mine = [row.key for row in there if row["source"] == source]
        assert figure.value == (Fraction(money, len(mine)) if mine else None)
        assert keys(judged, figure.records) == mine
        part = figure.parts["spend"]
        assert isinstance(part, Amount)
        assert part.value == money
        assert keys(judged, part.records) == [spend.key[i] for i in paid if word(spend.source, i) == source]


def test_load_is_turns_over_working_days(judged: Judged) -> None:
    table, columns, as_of = judged.world.columns.assignments, judged.world.columns, judged.world.as_of
    if table is None:
        turns = [(row["owner"], row.at("qualified")) for row in judged.world.rows]
    else:
        turns = [(word(table.owner, i), plain(table.at[i], as_of)) for i in range(len(table.at))]
    turns = [(owner, at) for owner, at in turns if judged.inside(at)]
    period = judged.world.period
    first = period.first if period else min(at for _, at in turns if at is not None)
    last = min(period.last if period else as_of, as_of)
    days, zone, day = 0, ZoneInfo("Europe/Berlin"), to_datetime(first, "Europe/Berlin").date()
    while (midnight := from_datetime(datetime.combine(day, time(), zone))) < last:
        day += timedelta(days=1)
        after = from_datetime(datetime.combine(day, time(), zone))
        days += hours_open(max(first, midnight), min(last, after)) > 0
    figure = judged.found["load"].figure
    assert isinstance(figure, Derived)
    assert figure.value == Fraction(len(turns), 2 * days), "two reps are on the roster"
    told = parts(judged.found["load"].splits["owner"])
    for owner in ("lena", "sam"):
        part = told[owner]
        assert isinstance(part, Derived)
        assert part.value == Fraction(sum(one == owner for one, _ in turns), days)
        assert part.parts["capacity_a_day"] == {"lena": 8, "sam": None}[owner]
    assert columns.roster is not None


def test_open_and_overdue_handoffs(judged: Judged) -> None:
    as_of = judged.world.as_of

    def is_open(row: Row) -> bool:
        further = row.did("sql") or row.did("opportunity") or row.ended
        return row.waiting or (row.did("accepted") and not further)

    def is_overdue(row: Row) -> bool:
        touch, work = row["first_touch_due_at"], row["working_due_at"]
        late = touch is not None and touch <= as_of and not row.did("first_touch")  # type: ignore[operator]  # instants
        late |= decision_over(row, judged.world) and row.waiting
        return bool(late or (work is not None and work <= as_of and row.did("accepted")))  # type: ignore[operator]  # instants

    there = [row for row in judged.world.rows if is_open(row)]
    for name, mine in (("load_open", there), ("load_overdue", [row for row in there if is_overdue(row)])):
        figure = judged.found[name].figure
        assert isinstance(figure, Count)
        assert keys(judged, figure.records) == [row.key for row in mine]
        for owner, part in parts(judged.found[name].splits["owner"]).items():
            assert isinstance(part, Count)
            assert keys(judged, part.records) == [row.key for row in mine if row["owner"] == owner]


def test_reasons_stand_against_the_clause_they_name(judged: Judged) -> None:
    clause = {"wrong_industry": "score.fit.signals.industry", "too_small": "score.fit.signals.size"}
    table = judged.found["reasons_by_clause"].figure
    assert isinstance(table, Table)
    there = [row for row in judged.world.rows if row.declined and judged.world.placed(row, "qualified")]
    for i, reason in enumerate(table.rows):
        for j, path in enumerate(table.columns):
            mine = [
                row.key
                for row in there
                if (row["reason"] or "") == reason and clause.get(str(row["reason"]), "") == path
            ]
            assert keys(judged, table.cell(i, j)) == mine
