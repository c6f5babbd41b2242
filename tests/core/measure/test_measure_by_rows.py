"""Every measure once more, slow and obvious: a loop over rows, None for what did not happen, fractions for shares."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction

import pytest
from tests.support.cycle_rows import Row, World, decision_over, hours_open, kept, months_of, rows_of, survival, worked

from handfast.calendar import compile_calendar
from handfast.contract.model import Contract
from handfast.instant import DAY, HOUR, MINUTE, NEVER, parse_instant
from handfast.measure import Board, Period, board
from handfast.measure.columns import CycleColumns
from handfast.measure.value import Amount, Balance, Count, Durations, Figure, NotMeasurable, Ratio, Split, Table, Unit
from handfast.zones import transitions

START = parse_instant("2027-01-01T00:00:00+01:00")
NOW = START + 120 * DAY
FEBRUARY = Period(
    label="2027-02",
    first=parse_instant("2027-02-01T00:00:00+01:00"),
    last=parse_instant("2027-03-01T00:00:00+01:00"),
)
EMPTY = Period(label="2020", first=START - 3000 * DAY, last=START - 2900 * DAY)

Make = Callable[[int, int], CycleColumns]
Share = tuple[Callable[[Row, World], bool], Callable[[Row, World], bool]]


def delivered(row: Row, _: World) -> bool:
    return row.did("qualified")


def late(row: Row, world: World) -> bool:
    return delivered(row, world) and kept(row, world, "first_touch") is not None


SHARES: dict[str, tuple[str, Share]] = {
    "lead_to_mql": ("inquiry", (delivered, lambda row, _: row.did("inquiry"))),
    "follow_up_compliance": (
        "qualified",
        (
            lambda row, world: kept(row, world, "first_touch") is True,
            lambda row, world: late(row, world) and not (row["excused"] and kept(row, world, "first_touch") is False),
        ),
    ),
    "follow_up_excused_counted": ("qualified", (lambda row, world: kept(row, world, "first_touch") is True, late)),
    "touched_late": (
        "qualified",
        (lambda row, world: kept(row, world, "first_touch") is False and row.did("first_touch"), late),
    ),
    "never_touched": ("qualified", (lambda row, _: not row.did("first_touch"), late)),
    "worked": (
        "qualified",
        (
            lambda row, _: worked(row),
            lambda row, world: (
                delivered(row, world) and decision_over(row, world) and (worked(row) or not row.did("withdrawn"))
            ),
        ),
    ),
    "decision_compliance": (
        "qualified",
        (
            lambda row, world: kept(row, world, "decision") is True,
            lambda row, world: delivered(row, world) and kept(row, world, "decision") is not None,
        ),
    ),
    "working_compliance": (
        "accepted",
        (
            lambda row, world: kept(row, world, "working") is True,
            lambda row, world: row.did("accepted") and kept(row, world, "working") is not None,
        ),
    ),
    "acceptance_rate": (
        "qualified",
        (
            lambda row, _: row.did("accepted"),
            lambda row, world: delivered(row, world) and (row.did("accepted") or row.did("rejected")),
        ),
    ),
    "accepted_of_delivered": ("qualified", (lambda row, _: row.did("accepted"), delivered)),
    "undecided_past_due": ("qualified", (lambda row, world: row.waiting and decision_over(row, world), delivered)),
    "declined": ("qualified", (lambda row, _: row.declined, delivered)),
    "reason_given": ("qualified", (lambda row, _: row["reason"] is not None, lambda row, _: row.declined)),
    "reassigned": (
        "qualified",
        (
            lambda row, _: row["turns"] > 1,  # type: ignore[operator]  # a number
            lambda row, world: delivered(row, world) and row["turns"] > 0,  # type: ignore[operator]  # a number
        ),
    ),
    "in_time_by_hand_offs": (
        "qualified",
        (
            lambda row, world: kept(row, world, "first_touch") is True,
            lambda row, world: late(row, world) and row["turns"] > 0,  # type: ignore[operator]  # a number
        ),
    ),
    "stated_in_time": (
        "qualified",
        (
            lambda row, _: row["stated_in_time"] == 1,
            lambda row, world: delivered(row, world) and row["stated_in_time"] != -1,
        ),
    ),
    "reassignments_agree": (
        "qualified",
        (
            lambda row, _: row["turns"] - 1 == row["stated_reassignments"],  # type: ignore[operator]  # numbers
            lambda row, world: delivered(row, world) and row["turns"] > 0 and row["stated_reassignments"] >= 0,  # type: ignore[operator]  # numbers
        ),
    ),
}

SHARES |= {
    "contested_share": (
        "qualified",
        (
            lambda row, _: row.did("contested"),
            lambda row, world: delivered(row, world) and (row.did("contested") or row.did("rejected")),
        ),
    ),
    "overturned_share": (
        "qualified",
        (
            lambda row, _: row.did("overturned"),
            lambda row, world: (
                delivered(row, world) and row.did("contested") and (row.did("overturned") or row.did("rejected"))
            ),
        ),
    ),
}

_COLUMN = {"mql": "qualified", "sal": "accepted", "sql": "sql", "opportunity": "opportunity", "won": "won"}


def conversion(stage: str, following: str) -> tuple[str, Share]:
    begun, reached = _COLUMN[stage], _COLUMN[following]
    return begun, (lambda row, _: row.did(reached), lambda row, _: row.did(begun))


for one, other in (
    ("mql", "sal"),
    ("sal", "sql"),
    ("sql", "opportunity"),
    ("opportunity", "won"),
    ("mql", "opportunity"),
    ("mql", "sql"),
    ("sal", "opportunity"),
    ("mql", "won"),
):
    SHARES[f"{one}_to_{other}"] = conversion(one, other)

OPEN = {"lead_to_mql", "accepted_of_delivered", *(name for name in SHARES if "_to_" in name and name[:4] != "lead")}

DURATIONS: dict[str, tuple[str, str, bool]] = {
    "speed_to_first_touch": ("qualified", "first_touch", True),
    "speed_to_first_touch_working": ("qualified", "first_touch", True),
    "speed_from_raise": ("raised", "first_touch", True),
    "speed_from_raise_working": ("raised", "first_touch", True),
    "time_to_decision": ("qualified", "decision", True),
    "cycle_length": ("qualified", "won", False),
    "cycle_length_all": ("qualified", "end", True),
    "length_lead_to_won": ("inquiry", "won", False),
    "length_sql_to_won": ("sql", "won", False),
    "length_opportunity_to_won": ("opportunity", "won", False),
    "cycle_length_closed": ("qualified", "closed", False),
    "length_sql_to_closed": ("sql", "closed", False),
    "length_opportunity_to_closed": ("opportunity", "closed", False),
}


STOPS = {
    "end": ("rejected", "disqualified", "won", "lost", "withdrawn"),
    "decision": ("accepted", "rejected", "contested"),
    "closed": ("won", "lost"),
}


def span_of(row: Row, name: str, world: World) -> tuple[int, bool] | None:
    """How long, and whether it ended; None where it is not watched."""
    begin, stop, censoring = DURATIONS[name]
    start = row.timed(begin)
    stops = STOPS.get(stop, (stop,))
    end = min((at for one in stops if (at := row.timed(one)) is not None), default=None)
    if start is None or (end is None and not censoring):
        return None
    if end is None and row.unknown_when(stops):
        return None
    qualified = row.at("qualified")
    censor = row.end_at if row.end_at is not None else world.as_of
    censor = censor if qualified is None else max(censor, qualified)
    until = end if end is not None else censor
    return until - start, end is not None


SPLITS = ("source", "campaign", "owner", "pool", "band")


def parts(split: Split | None) -> Iterator[tuple[str | None, Figure]]:
    assert split is not None
    for part in split:
        yield part.word, part.figure


def keys(columns: CycleColumns, figure: Figure) -> tuple[list[str], list[str]]:
    assert isinstance(figure, Ratio)
    top, bottom = figure.numerator.keys(columns), figure.denominator.keys(columns)
    assert (len(top), len(bottom)) == (figure.numerator.count, figure.denominator.count), "counts are of the records"
    return top, bottom


WORLDS = [(seed, NOW, period) for seed in range(3) for period in (None, FEBRUARY)]
WORLDS += [(3, START + 50 * DAY, None), (4, START + 50 * DAY, FEBRUARY), (5, NOW, EMPTY)]


@pytest.fixture(scope="module", params=WORLDS, ids=lambda one: f"{one[0]}-{one[1]}-{one[2] and one[2].label}")
def judged(request: pytest.FixtureRequest, random_cycles: Make, acme: Contract) -> tuple[World, Board]:
    seed, as_of, period = request.param
    columns = random_cycles(seed, 300)
    columns.deal_changes = None  # deals that change are another file's
    hours = (((540, 1020),),) * 5 + ((),) * 2
    first, last = START - 60 * DAY, NOW + 200 * DAY
    calendar = compile_calendar(
        hours, transitions=transitions("Europe/Berlin", first, last), first=first, last=last, exceptions={}, holidays=()
    )
    world = World(rows_of(columns, as_of), as_of, period, columns)
    return world, board(columns, acme, period, as_of, calendars={"emea": calendar})


CLOCK_OF = {"decision_compliance": "decision", "working_compliance": "working"}


def leans(world: World, name: str, bottom: list[Row]) -> bool:
    """Whether more than one in twenty were answered nobody knows when, while more than one in twenty never were."""
    if name not in CLOCK_OF:
        return False
    clock, stage = CLOCK_OF[name], SHARES[name][0]
    stops = {
        "decision": ("accepted", "rejected", "contested"),
        "working": ("sql", "opportunity", "disqualified", "won", "lost"),
    }[clock]
    mine = [row for row in world.rows if world.placed(row, stage) and row.did(stage)]
    unsure = [
        row
        for row in mine
        if (row.unknown_when(stops) and kept(row, world, clock, sure=False) is not None)
        or (stage in row["inferred"] and not (stage in row["undated"] and row.at(stage) is not None))  # type: ignore[operator]  # sets
    ]
    silent = [row for row in bottom if all(row.timed(stop) is None for stop in stops)]
    return len(unsure) > 0.05 * (len(unsure) + len(bottom)) and len(silent) > 0.05 * len(bottom)


@pytest.mark.parametrize("name", SHARES)
def test_a_share_is_what_a_loop_over_the_rows_finds(judged: tuple[World, Board], name: str) -> None:
    world, found = judged
    stage, (is_top, is_bottom) = SHARES[name]
    bottom = [row for row in world.rows if is_bottom(row, world) and world.placed(row, stage)]
    top = [row for row in bottom if is_top(row, world)]
    measure = found[name]
    if isinstance(measure.figure, NotMeasurable):
        assert leans(world, name, bottom), measure.figure.reason
        return
    assert not leans(world, name, bottom)
    assert keys(world.columns, measure.figure) == ([row.key for row in top], [row.key for row in bottom])
    assert isinstance(measure.figure, Ratio)
    assert measure.figure.value == (Fraction(len(top), len(bottom)) if bottom else None)
    if name in OPEN:
        still = [row.key for row in bottom if row not in top and not row.ended]
        assert measure.figure.still_open is not None
        assert measure.figure.still_open.keys(world.columns) == still
    for by in SPLITS:
        for word, figure in parts(measure.splits[by]):
            expected = [[row.key for row in some if row[by] == word] for some in (top, bottom)]
            assert list(keys(world.columns, figure)) == expected
        words = {row[by] for row in bottom}
        assert {word for word, _ in parts(measure.splits[by])} == words
    by_month = {month: keys(world.columns, figure) for month, figure in parts(measure.trend) if month}
    dated = sorted({months_of(at) for row in bottom if (at := row.at(stage)) is not None})
    assert list(by_month) == dated
    for month, (some, every) in by_month.items():
        mine = [row.key for row in bottom if (at := row.at(stage)) is not None and months_of(at) == month]
        assert every == mine
        assert set(some) == {row.key for row in top} & set(every)


@pytest.mark.parametrize("name", DURATIONS)
def test_a_duration_is_what_a_loop_over_the_rows_finds(judged: tuple[World, Board], name: str) -> None:
    world, found = judged
    begin = DURATIONS[name][0]
    watched = [(row, span) for row in world.rows if (span := span_of(row, name, world)) and world.placed(row, begin)]
    figure = found[name].figure
    assert isinstance(figure, Durations)
    if name.endswith("_working"):
        assert figure.unit is Unit.BUSINESS
        watched = [(row, in_working_time(row, begin, span)) for row, span in watched]
    check_durations(world.columns, figure, watched)
    for by in ("source", "owner"):
        for word, part in parts(found[name].splits[by]):
            assert isinstance(part, Durations)
            check_durations(world.columns, part, [(row, span) for row, span in watched if row[by] == word])
    for month, part in parts(found[name].trend):
        assert isinstance(part, Durations)
        mine = [(row, span) for row, span in watched if months_of(row.at(begin) or 0) == month]
        check_durations(world.columns, part, mine)


def check_durations(columns: CycleColumns, figure: Durations, watched: list[tuple[Row, tuple[int, bool]]]) -> None:
    assert figure.records.keys(columns) == [row.key for row, _ in watched]
    assert figure.ended.keys(columns) == [row.key for row, (_, over) in watched if over]
    assert figure.negative.keys(columns) == [row.key for row, (span, over) in watched if over and span < 0]
    assert figure.never == sum(not over for _, (_, over) in watched)
    curve = survival([span for _, span in watched])
    for within in figure.within:
        over = [row.key for row, (span, over) in watched if over and span <= within.span]
        assert within.records.keys(columns) == over
        if within.share is not None:
            share = 1 - next((curve[span] for span in reversed(curve) if span <= within.span), Fraction(1))
            assert within.share == pytest.approx(float(share), abs=1e-12)
    for quantile in figure.quantiles.values():
        assert quantile.value == slow_quantile(figure, curve, [span for _, (span, _) in watched], quantile.at)


def slow_quantile(figure: Durations, curve: dict[int, Fraction], spans: list[int], at: Fraction) -> int | None:
    if not spans:
        return None
    if figure.censoring:
        return next((span for span, share in curve.items() if share <= 1 - at), None)
    ordered = sorted(spans)
    position = at * (len(ordered) - 1)
    below = int(position)
    above = ordered[min(below + 1, len(ordered) - 1)]
    return round(ordered[below] + (above - ordered[below]) * (position - below))


def in_working_time(row: Row, begin: str, span: tuple[int, bool]) -> tuple[int, bool]:
    start = row.at(begin)
    assert start is not None
    return hours_open(start, start + span[0]), span[1]


def test_counts_and_the_balance_are_what_a_loop_finds(judged: tuple[World, Board]) -> None:
    world, found = judged
    there = [row for row in world.rows if row.did("qualified") and world.placed(row, "qualified")]
    count = found["delivered"].figure
    assert isinstance(count, Count)
    assert count.records.keys(world.columns) == [row.key for row in there]
    assert count.unique_leads == len({row["lead"] for row in there})
    ideal = found["delivered_icp"].figure
    assert isinstance(ideal, Count)
    assert ideal.value == sum(row["icp"] == 1 for row in there)
    for word, figure in parts(found["delivered"].splits["source"]):
        assert isinstance(figure, Count)
        assert figure.records.keys(world.columns) == [row.key for row in there if row["source"] == word]
    balance = found["conservation"].figure
    assert isinstance(balance, Balance)
    groups: dict[str, Callable[[Row], bool]] = {
        "waiting": lambda row: row.waiting,
        "contested": lambda row: row.contested,
        "accepted": lambda row: row.did("accepted"),
        "rejected": lambda row: row.did("rejected"),
        "withdrawn": lambda row: row.did("withdrawn") and not row.did("accepted"),
    }
    assert {name: group.keys(world.columns) for name, group in balance.groups.items()} == {
        name: [row.key for row in there if belongs(row)] for name, belongs in groups.items()
    }
    times = {row.key: sum(belongs(row) for belongs in groups.values()) for row in there}
    assert balance.in_none.keys(world.columns) == [key for key, count in times.items() if count == 0]
    assert balance.in_several.keys(world.columns) == [key for key, count in times.items() if count > 1]
    assert balance.unaccounted == len(there) - sum(times.values())


@pytest.mark.parametrize("by", ["source", "campaign", "pool", "owner"])
def test_the_table_of_reasons_is_what_a_loop_finds(judged: tuple[World, Board], by: str) -> None:
    world, found = judged
    table = found[f"reasons_by_{by}"].figure
    assert isinstance(table, Table)
    there = [row for row in world.rows if row.did("qualified") and world.placed(row, "qualified")]
    for i, reason in enumerate(table.rows):
        for j, word in enumerate(table.columns):
            mine = [row for row in there if row[by] == (word or None)]
            expected = [row.key for row in mine if row.declined and row["reason"] == (reason or None)]
            assert table.cell(i, j).keys(world.columns) == expected
            assert table.counts[i][j] == len(expected)
            assert table.share(i, j).value == (Fraction(len(expected), len(mine)) if mine else None)


@pytest.mark.parametrize("clock", ["first_touch", "decision", "working"])
def test_the_flag_of_the_source_is_compared_row_by_row(judged: tuple[World, Board], clock: str) -> None:
    world, found = judged
    table = found[f"stated_against_{clock}"].figure
    assert isinstance(table, Table)
    there = [row for row in world.rows if row.did("qualified") and world.placed(row, "qualified")]
    words = {0: "late", 1: "in time", None: ""}  # False is 0 and True is 1
    for i, stated in enumerate(table.rows):
        for j, ours in enumerate(table.columns):
            expected = [
                row.key
                for row in there
                if row["stated_in_time"] != -1
                and words[row["stated_in_time"]] == stated  # type: ignore[index]  # 0 or 1
                and words[kept(row, world, clock)] == ours
            ]
            assert table.cell(i, j).keys(world.columns) == expected


def test_deals_are_counted_once_each(judged: tuple[World, Board]) -> None:
    world, found = judged
    deals = world.columns.opportunities
    assert deals is not None
    opened, won = [], []
    for index, key in enumerate(deals.key):
        at, closed = int(deals.opened_at[index]), int(deals.closed_at[index])
        inside = world.period is None or world.period.first <= at < world.period.last
        if at != NEVER and at <= world.as_of and inside:
            opened.append(index)
        inside = world.period is None or world.period.first <= closed < world.period.last
        if closed != NEVER and closed <= world.as_of and inside and deals.won[index] == 1:
            won.append(index)
        assert key
    pipeline, revenue, mix = (found[name].figure for name in ("pipeline", "won_revenue", "source_mix"))
    assert isinstance(pipeline, Amount)
    assert isinstance(revenue, Amount)
    assert isinstance(mix, Ratio)
    as_seen = found.columns
    either = set(opened) | (set(won) if world.period is None else set())
    assert pipeline.records.keys(as_seen) == [deals.key[index] for index in sorted(either)]
    assert pipeline.value == sum(int(deals.amount[index]) for index in either)
    assert revenue.records.keys(as_seen) == [deals.key[index] for index in won]
    assert revenue.value == sum(int(deals.amount[index]) for index in won)
    by_marketing = [index for index in sorted(either) if deals.sourced.codes[index] == 0]
    assert mix.numerator.keys(as_seen) == [deals.key[index] for index in by_marketing]
    sources = world.columns.source
    for word, figure in parts(found["pipeline"].splits["source"]):
        assert isinstance(figure, Amount)
        mine = []
        for index in sorted(either):
            cycle = int(deals.cycle[index])
            code = -1 if cycle < 0 else int(sources.codes[cycle])
            if (None if code < 0 else sources.words[code]) == word:
                mine.append(int(deals.amount[index]))
        assert figure.value == sum(mine)
        assert figure.records.count == len(mine)


ELSEWHERE = {
    *("breaches", "breach_rate", "breaches_excused", "breach_lateness", "attempts_compliance"),
    *("response_to_contact", "response_to_acceptance", "response_to_sql", "recycle_yield", "recycle_won"),
    *("source_mix_amount", "sourced_pipeline", "open_pipeline", "sourced_open_pipeline", "sourced_revenue"),
    *("influenced_revenue", *(f"multi_touch_{model}" for model in ("first", "last", "linear", "u", "w", "decay"))),
    *("the_number", "velocity", *(f"cost_per_{of}" for of in ("lead", "mql", "sal", "sql", "deal"))),
    *("load", "load_open", "load_overdue", "reasons_by_clause"),
}
"""Measures whose second opinion is in test_measure_by_tables.py, which names the same."""

BY_SIGNAL = {"accepted_by_signal", "sql_by_signal"}
"""Theirs is in test_measure_signals.py, of cycles that have signals."""


def test_every_measure_has_its_second_opinion(judged: tuple[World, Board]) -> None:
    _, found = judged
    checked = {*SHARES, *DURATIONS, "delivered", "delivered_icp", "conservation", "source_mix", "pipeline"}
    checked |= {"won_revenue"} | {f"reasons_by_{by}" for by in ("source", "campaign", "pool", "owner")}
    checked |= {f"stated_against_{clock}" for clock in ("first_touch", "decision", "working")}
    assert {measure.name for measure in found} == checked | ELSEWHERE | BY_SIGNAL
    unseen = {measure.name for measure in found if isinstance(measure.figure, NotMeasurable)}
    assert unseen <= {"decision_compliance", "load"} | BY_SIGNAL, "of one world too many answers have no instant"


def test_the_slow_clock_is_right() -> None:
    friday = parse_instant("2027-03-26T16:30:00+01:00")
    assert hours_open(friday, friday + 10 * MINUTE) == 10 * MINUTE
    monday = parse_instant("2027-03-29T09:30:00+02:00")
    assert hours_open(friday, monday) == HOUR, "the clocks went forward between"
    assert hours_open(monday, friday) == -HOUR
