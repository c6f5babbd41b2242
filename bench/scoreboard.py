"""The scoreboard of the service: what changed is brought into the snapshot, boards are made of it and asked again.

A worker's part is made of a thousand leads in a database of its own, on SQLite and on PostgreSQL. What a reader does
with it is measured on a snapshot of a million synthetic cycles in files.
"""

import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from measuring.world import calendars, contract, world
from serving.place import arrive, both, hand_over, stand_up, within
from timing import Figure, ratio, report

from handfast.measure import board
from handfast.measure.columns import CycleColumns
from handfast.measure.some import some_cycles
from handfast.measure.tables import Assignments, DealChanges, DealLeads, Roster

COUNT, CHANGED, RUNS = 1_000_000, 1_000, 5


def main() -> None:
    if within():
        hand_over([_updated()])
        return
    from django.conf import settings

    with tempfile.TemporaryDirectory(prefix="handfast-bench-") as home:
        settings.configure(HOME=Path(home))
        figures = _read()
    figures = [*both(__file__), *figures]
    notes = [
        "A board is kept by what was asked: who asks again is given it as it was written, while a new one is made."
    ]
    report("Scoreboard", figures, ratios=[ratio(figures[-2], figures[-1], reach="≤ 1.5")], notes=notes)


def timed(label: str, work: Callable[[], Any], reach: str = "", before: Callable[[], Any] = lambda: None) -> Figure:
    """A figure of five runs, after one to warm up."""
    cpu, wall = [], []
    for run in range(RUNS + 1):
        before()
        began, at = time.process_time(), time.perf_counter()
        work()
        took, passed = (time.process_time() - began) * 1e3, (time.perf_counter() - at) * 1e3
        if run:
            cpu.append(took)
            wall.append(passed)
    return Figure(label, 1, tuple(cpu), tuple(wall), reach)


def _updated() -> Figure:
    """The worker's look after a thousand leads came and were handed over."""
    stand_up()
    from handfast_server.scoreboard import update

    update.update()
    return timed("1,000 changed cycles written as a part", update.update, "≤ 1 s", lambda: arrive(CHANGED))


def _read() -> list[Figure]:
    from handfast_server.scoreboard import store
    from handfast_server.scoreboard.pack import pack
    from handfast_server.scoreboard.snapshot import Snapshot

    columns, now = world(7, COUNT)
    columns = _completed(columns)
    names = [f"L{place}" for place in range(COUNT)]
    store.folder().mkdir(parents=True)
    made = Snapshot(at=now).taking_in(pack(columns, names), now)
    terms, hours = contract(), calendars()
    store.write_packed("base", made.packed())
    current = store.Current(base="base", at=now, generation=1)
    chosen = np.random.default_rng(1).permutation(COUNT)[:CHANGED]
    some = np.zeros(COUNT, np.bool_)
    some[chosen] = True
    part = some_cycles(columns, some)
    part.lead = np.arange(len(part), dtype=np.int32)
    bare = replace(part, activities=_none(part.activities), deal_leads=_none(part.deal_leads))
    packed = pack(bare, [names[place] for place in np.flatnonzero(some)])
    taken = [store.load(current)]

    def take_in() -> None:
        taken[0] = taken[0].taking_in(packed, now)

    first = timed("a part of 1,000 taken in at 1 M", take_in, "≤ 1 s")
    shown, plain = taken[0].columns(), columns
    return [
        first,
        timed("a base of 1 M read", lambda: store.load(current)),
        timed("every measure of the snapshot, 1 M", lambda: board(shown, terms, None, now, calendars=hours)),
        timed("every measure of columns in memory, 1 M", lambda: board(plain, terms, None, now, calendars=hours)),
    ]


def _completed(columns: CycleColumns) -> CycleColumns:
    """The synthetic year with the tables that the service has besides."""
    delivered, deals = np.flatnonzero(columns.happened("qualified")).astype(np.int32), columns.opportunities
    if deals is None:
        raise ValueError("the synthetic year has deals")
    rows, nobody = np.arange(len(deals), dtype=np.int32), np.zeros(1, np.intp)
    return replace(
        columns,
        assignments=Assignments(
            cycle=delivered,
            owner=columns.owner.taken(delivered),
            pool=columns.pool.taken(delivered),
            at=columns.qualified_at[delivered],
            ended_at=np.minimum(columns.accepted_at[delivered], columns.rejected_at[delivered]),
        ),
        deal_leads=DealLeads(deal=rows, lead=columns.lead[deals.cycle]),
        deal_changes=DealChanges(deal=rows, at=deals.opened_at, state=deals.won, amount=deals.amount),
        roster=Roster(
            owner=columns.owner.taken(nobody),
            pool=columns.pool.taken(nobody),
            per_day=np.full(1, -1, np.int32),
            at_most_open=np.full(1, -1, np.int32),
        ),
        spend=None,
    )


def _none(table: Any) -> Any:
    """A table without rows: these are of leads that the part calls by other numbers."""
    nothing = np.zeros(0, np.intp)
    columns = {name: getattr(table, name) for name in type(table).__dataclass_fields__}
    empty = {name: one[nothing] if isinstance(one, np.ndarray) else one.taken(nothing) for name, one in columns.items()}
    return replace(table, **empty)


if __name__ == "__main__":
    main()
