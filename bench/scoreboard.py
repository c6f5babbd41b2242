"""The scoreboard of the service: what changed is brought into the snapshot, boards are made of it and asked again.

A worker's part is made of a thousand leads in a database of its own, on SQLite and on PostgreSQL. What a reader does
with it is measured on a snapshot of a million synthetic cycles in files: through the whole HTTP stack, without a
socket, and its parts by themselves.
"""

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from measuring.world import calendars, contract, world
from serving.place import OUTSIDE, arrive, both, hand_over, ninety_fifth, stand_up, timed, within
from timing import Figure, ratio, report

from handfast.measure import board
from handfast.measure.columns import CycleColumns
from handfast.measure.some import some_cycles
from handfast.measure.tables import Assignments, DealChanges, DealLeads, Roster

COUNT, CHANGED = 1_000_000, 1_000


def main() -> None:
    if within():
        stand_up()
        hand_over([_updated(), *_asked()])
        return
    from django.conf import settings

    with tempfile.TemporaryDirectory(prefix="handfast-bench-") as home:
        settings.configure(HOME=Path(home))
        figures = _read()
    figures = [*both(__file__), *figures]
    notes = [
        OUTSIDE,
        "Warm: thirty questions a round; at every tenth the worker has published another part of 1,000 changed cycles.",
        "A board is kept by what was asked: who asks again is given it as it was written, while a new one is made.",
    ]
    report("Scoreboard", figures, ratios=[ratio(figures[-2], figures[-1], reach="≤ 1.5")], notes=notes)


def _updated() -> Figure:
    """The worker's look after a thousand leads came and were handed over."""
    from handfast_server.scoreboard import update

    update.update()
    label = "1,000 changed cycles written as a part"
    return timed(label, update.update, reach="≤ 1 s", before=lambda: arrive(CHANGED))


def _asked() -> list[Figure]:
    """Every measure, asked for over and over while the snapshot grows."""
    from django.test import Client

    from handfast_server.access.table import Scope
    from handfast_server.accounts.models import Role
    from handfast_server.accounts.tokens import make_token
    from handfast_server.decide.terms import current as terms
    from handfast_server.now import now
    from handfast_server.scoreboard import store
    from handfast_server.scoreboard.update import rules_of

    packed, part, _ = _packed()
    store.write_packed("base-bench", packed)
    stands = [store.Current(base="base-bench", at=now(), rules=rules_of(terms().versions[-1].contract), generation=1)]
    store.write_current(stands[0])
    _, token = make_token("bench", [Role.ADMIN], [scope.value for scope in Scope], None)
    client = Client(headers={"Authorization": f"Bearer {token}", "Host": "127.0.0.1"})
    asked = [0]

    def ask() -> None:
        answer = client.get("/api/measures")
        if answer.status_code != 200 or answer.json()["cycles"] < COUNT // 2:
            raise SystemExit(answer.content[:2000].decode())

    def ask_while_it_grows() -> None:
        asked[0] += 1
        if asked[0] % 10 == 0:
            name = f"part-{asked[0]}"
            store.write_packed(name, part)
            last = stands[0]
            stands[0] = replace(last, parts=(*last.parts, name), at=now(), generation=last.generation + 1)
            store.write_current(stands[0])
        ask()

    return [
        timed("every measure over HTTP, cold, 1 M", ask, before=boards_forgotten),
        ninety_fifth("every measure over HTTP, warm, 1 M", ask_while_it_grows, reach="≤ 300"),
    ]


def boards_forgotten() -> None:
    """As after a start."""
    from handfast_server.scoreboard import boards

    boards.forget()


def _packed() -> tuple[Any, Any, CycleColumns]:
    """A base of a million cycles, a part of a thousand of them, and the columns themselves."""
    from handfast_server.scoreboard.pack import pack

    columns = _completed(world(7, COUNT)[0])
    names = [f"L{place}" for place in range(COUNT)]
    some = np.zeros(COUNT, np.bool_)
    some[np.random.default_rng(1).permutation(COUNT)[:CHANGED]] = True
    part = some_cycles(columns, some)
    part.lead = np.arange(len(part), dtype=np.int32)
    bare = replace(part, activities=_none(part.activities), deal_leads=_none(part.deal_leads))
    return pack(columns, names), pack(bare, [names[place] for place in np.flatnonzero(some)]), columns


def _read() -> list[Figure]:
    from handfast_server.scoreboard import store
    from handfast_server.scoreboard.snapshot import Snapshot

    packed, part, plain = _packed()
    now = world(7, 1)[1]
    terms, hours = contract(), calendars()
    store.folder().mkdir(parents=True)
    store.write_packed("base", Snapshot(at=now).taking_in(packed, now).packed())
    current = store.Current(base="base", at=now, generation=1)
    taken = [store.load(current)]

    def take_in() -> None:
        taken[0] = taken[0].taking_in(part, now)

    first = timed("a part of 1,000 taken in at 1 M", take_in, reach="≤ 1 s")
    shown = taken[0].columns()
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
