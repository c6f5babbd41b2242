"""Measures of the service in tests: what leads and reps do by chance, and the same measures from the facts alone."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

import numpy as np
from tests.support.service import Hands, named

from handfast.engine.terms import Version
from handfast.facts import (
    Accepted,
    ActivityHappened,
    AttributesChanged,
    DealAmended,
    DealLost,
    DealOpened,
    DealReopened,
    DealWon,
    LeadsMerged,
    Rejected,
    SalesQualified,
    TouchKind,
    TouchMade,
)
from handfast.history import read_line
from handfast.history.columns import columns_of
from handfast.history.file import Told
from handfast.history.lives import Lives
from handfast.history.record import Recorder
from handfast.history.replay import Replayed, replay
from handfast.instant import DAY, HOUR, Instant
from handfast.measure import board
from handfast.measure.columns import CycleColumns
from handfast_server.decide.session import tell
from handfast_server.decide.terms import current as terms
from handfast_server.facts.models import Fact
from handfast_server.handoffs.models import Cycle
from handfast_server.now import now
from handfast_server.scoreboard import store, update
from handfast_server.scoreboard.frame import Frame
from handfast_server.scoreboard.pack import pack
from handfast_server.scoreboard.snapshot import Snapshot
from handfast_server.worker import sweep
from handfast_server.worker.run import run


def worked(seed: int, rounds: int, clock: Hands, lead: Callable[..., str], *, sources: Sequence[str] = ()) -> list[str]:
    """Some days of leads, worked by chance, and a snapshot of them; told apart by source where there are some."""
    rng, leads = random.Random(seed), list[str]()
    for _ in range(rounds):
        for _ in range(3):
            country = rng.choice(["DE", "US"])
            leads.append(lead(country=country, **({"source": rng.choice(sources)} if sources else {})))
        for name in rng.sample(leads, 3):
            act(rng, name, leads)
        clock.move(rng.choice([HOUR, DAY]))
        run(once=True, which=sweep.LOOPS)
    update.update()
    return leads


def act(rng: random.Random, lead: str, others: list[str]) -> None:
    """Something happens to a lead; what the engine refuses is a fact as well."""
    owner = Cycle.objects.filter(lead=lead).order_by("-inquiry_at").values_list("owner", flat=True).first() or "lena"
    deal = f"deal{rng.randint(1, 6)}"
    does: list[Callable[[], Any]] = [
        lambda: tell(named(Accepted, lead=lead, by=owner)),
        lambda: tell(named(TouchMade, lead=lead, by=owner, kind=rng.choice(list(TouchKind)))),
        lambda: tell(named(Rejected, lead=lead, by=owner, reason="duplicate_record")),
        lambda: tell(named(SalesQualified, lead=lead, by=owner, evidence={})),
        lambda: tell(named(DealOpened, lead=lead, deal=deal, amount=Decimal(rng.randint(1, 99)), currency="EUR")),
        lambda: tell(named(DealAmended, lead=lead, deal=deal, amount=Decimal(7), currency="EUR")),
        lambda: tell(named(DealWon, lead=lead, deal=deal)),
        lambda: tell(named(DealLost, lead=lead, deal=deal)),
        lambda: tell(named(DealReopened, lead=lead, deal=deal)),
        lambda: tell(named(AttributesChanged, lead=lead, attributes={"campaign": rng.choice("abc")})),
        lambda: tell(named(ActivityHappened, lead=lead, kind="form_submitted", properties={"form": "demo"})),
        lambda: tell(named(LeadsMerged, lead=lead, absorbed=rng.choice(others))),
    ]
    rng.choice(does)()


def snapshot() -> Snapshot:
    """What the files hold now."""
    current = store.read_current()
    assert current is not None
    return store.load(current)


def replayed() -> tuple[Replayed, Recorder]:
    """The facts of the service told again, in their order, to a world that knows nothing else."""
    rows = Fact.objects.order_by("recorded_at", "position").values_list("line", flat=True)
    recorder = Recorder(terms())
    told = (Told(read_line(line), place) for place, line in enumerate(rows, 1))
    return replay(told, terms(), ticking=False, watch=recorder), recorder


def told_again(version: Version) -> Snapshot:
    """The snapshot that the facts alone tell."""
    world, recorder = replayed()
    lives = Lives.of(world, recorder)
    columns = columns_of(lives, version.contract)
    alive = [lead.id for lead in lives.leads if lead.merged_into is None]
    return Snapshot(at=now()).taking_in(pack(columns, alive), now())


def data(columns: CycleColumns, version: Version, at: Instant) -> dict[str, Any]:
    """Every measure of columns as plain values, in no order that rows have."""
    calendars = {name: version.calendars[name] for name in version.contract.calendars}
    found: dict[str, Any] = _sorted(board(columns, version.contract, None, at, calendars=calendars).to_data())
    return found


def from_facts(version: Version, at: Instant) -> dict[str, Any]:
    """The same as ``handfast measure`` says of the facts."""
    world, recorder = replayed()
    return data(columns_of(Lives.of(world, recorder), version.contract), version, at)


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _sorted(each) for name, each in value.items()}
    return sorted(map(_sorted, value), key=repr) if isinstance(value, list) else value


def plain(found: Snapshot) -> dict[str, list[Any]]:
    """A snapshot as rows that refer to each other by name, in an order of their own."""
    cycles, deals = (found.frames[name].names().arrow().to_pylist() for name in ("cycles", "deals"))
    names: dict[str, list[str]] = {
        "cycle": cycles,
        "deal": deals,
        "lead": found.lead_names(np.arange(sum(map(len, found.leads)))),
    }
    return {table: _rows(frame, names) for table, frame in found.frames.items()}


def _rows(frame: Frame, names: dict[str, list[str]]) -> list[Any]:
    columns: dict[str, list[Any]] = {}
    for name in frame.arrays:
        array = frame.array(name)
        if name == "key":
            columns[name] = frame.names().arrow().to_pylist()
        elif name in frame.words:
            columns[name] = [frame.words[name][code] if code >= 0 else None for code in array]
        elif name in names:
            columns[name] = [names[name][row] if row >= 0 else None for row in array]
        else:
            columns[name] = array.tolist()
    listed = [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]
    return sorted(listed, key=repr)
