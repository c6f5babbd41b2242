"""Scores: a contract replayed over a history by the columns, a C program, DuckDB and Polars; and one lead, live.

    python bench/score.py [--rows N] [--without-peers] [--json]

The contract, score.yaml, has twenty signals, both groups capped, fading, expiry and two disqualifiers; a lead has ten
activities on average, over two years, one in a hundred of them late in the log. All programs are given the same columns
in memory and must give the same answers, which is asserted. DuckDB and Polars run once: they take long.
"""

from __future__ import annotations

import gc
import itertools
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable

import numpy as np
from scoring.c import CProgram
from scoring.peers import by_duckdb, by_polars, frames
from scoring.workload import END, Integers, Workload, workload
from timing import Figure, measure, race, ratio, report

from handfast.condition.columns import holds_in_columns
from handfast.instant import DAY, HOUR, MINUTE, NEVER
from handfast.score import ScoreState, ScoreTable
from handfast.score.columns import arrange, attribute_columns, behaviour_at, first_passing, leads_of
from handfast.score.kernel import HUGE


def ours(work: Workload, *, fast: bool = True) -> Integers:
    """By lead, the first instant at which the bar holds, unless a disqualifier does."""
    mql = work.contract.definitions.mql
    known = attribute_columns(work.table, work.known)
    leads = leads_of(work.table, mql.when, known, work.leads, fast=fast)
    needs = leads.needs
    for each in mql.unless.values():
        needs[holds_in_columns(each.when, known, work.leads)] = HUGE
    history = arrange(work.table, work.activities, work.leads, needs=needs, fast=fast)
    return first_passing(work.table, leads, history, fast=fast)


def our_scores(work: Workload, *, fast: bool = True) -> Integers:
    """By lead, the behaviour score at the end."""
    history = arrange(work.table, work.activities, work.leads, fast=fast)
    return behaviour_at(work.table, history, np.full(work.leads, END), fast=fast)


UNIT = "A unit is a million activities; of the live score, one activity."


def once(label: str, run: Callable[[], Integers], expected: Integers, rows: int) -> Figure:
    """A peer, run once."""
    gc.collect()
    wall, cpu = time.perf_counter(), time.process_time()
    found = run()
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    same(label, found, expected)
    millions = rows / 1e6
    return Figure(label, 1, (cpu * 1000 / millions,), (wall * 1000 / millions,))


def same(label: str, found: Integers, expected: Integers) -> None:
    if not np.array_equal(found, expected):
        raise SystemExit(f"{label} differs for {int((found != expected).sum())} of {len(expected)} leads")


def bytes_an_activity(run: Callable[[], Integers], rows: int) -> float:
    """The most that numpy held at once during a run, beyond the columns given."""
    tracemalloc.start()
    run()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / rows


def live(table: ScoreTable, apart: int, said: str) -> Figure:
    """One activity taken in and the lead scored anew, with every signal of the contract full at first."""
    state = ScoreState(table)
    for day in range(10):
        state.add(range(len(table.behaviour)), END + day * DAY)
    turns, calls = itertools.count(1), 20_000

    def work() -> None:
        for turn in itertools.islice(turns, calls):
            at = END + 10 * DAY + turn * apart
            state.add(table.matching("page_viewed", {"path": "/pricing/1"}), at)
            state.score(4000, at)

    return measure(f"one lead, live, {said} ({len(bytes(state))} bytes kept)", work, units=calls, reach="0.01")


def main() -> None:
    arguments = sys.argv[1:]
    rows = int(arguments[arguments.index("--rows") + 1]) if "--rows" in arguments else 1_000_000
    million = max(1, rows // 1_000_000)
    work = workload(rows)
    with tempfile.TemporaryDirectory() as folder:
        c = CProgram(work, folder)
        expected, scores = c.first_passing(), c.behaviour_at()
        same("C without skipping", c.first_passing(skipping=False), expected)
        same("columns", ours(work), expected)
        same("columns, scores", our_scores(work), scores)
        mine, yard, all_mine, all_yard, full = race(
            {
                "columns, first instants at which the bar holds": lambda: ours(work),
                "C, the same": c.first_passing,
                "columns, behaviour of every lead at the end": lambda: our_scores(work),
                "C, the same again": c.behaviour_at,
                "C, first instants without skipping leads": lambda: c.first_passing(skipping=False),
            },
            units=million,
        )
        memory = bytes_an_activity(lambda: ours(work), rows), bytes_an_activity(lambda: our_scores(work), rows)
    figures = [mine, yard, all_mine, all_yard, full]
    figures += [live(work.table, MINUTE, "a minute apart"), live(work.table, HOUR, "an hour apart")]
    if rows <= 1_000_000:
        same("plain Python", ours(work, fast=False), expected)
        same("plain Python, scores", our_scores(work, fast=False), scores)
        figures.append(measure("plain Python, first instants", lambda: ours(work, fast=False), repeat=3, warm=False))
    if "--without-peers" not in arguments:
        leads, acts = frames(work)
        figures.append(once("DuckDB, first instants", lambda: by_duckdb(work, leads, acts), expected, rows))
        figures.append(once("Polars, first instants", lambda: by_polars(work, leads, acts), expected, rows))
    ratios = [
        ratio(mine, yard, label="first instants: columns ÷ C", reach="≤ 1.5"),
        ratio(all_mine, all_yard, label="behaviour: columns ÷ C", reach="≤ 1.5"),
    ]
    notes = [
        f"{rows:,} activities of {work.leads:,} leads, {int((expected != NEVER).sum()):,} pass. {UNIT}",
        f"Memory beyond the columns given: {memory[0]:.1f} and {memory[1]:.1f} bytes an activity (reach: 40).",
        "All answers equal.",
    ]
    report("Scores", figures, ratios=ratios, notes=notes)


if __name__ == "__main__":
    main()
