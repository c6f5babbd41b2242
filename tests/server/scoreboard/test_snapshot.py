from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from tests.support import service
from tests.support.scoreboard import act, data, from_facts, plain, snapshot, told_again

from handfast.engine.terms import Version
from handfast.facts import ActivityHappened, Stage, StageStamped
from handfast.instant import DAY, HOUR, MINUTE
from handfast.measure.question import Stream
from handfast_server.decide.session import tell
from handfast_server.decide.terms import current as terms
from handfast_server.leads.models import Activity, Lead
from handfast_server.now import now
from handfast_server.observe import status
from handfast_server.scoreboard import boards, store, update
from handfast_server.scoreboard.frame import Placed, frame_of
from handfast_server.scoreboard.models import Touch
from handfast_server.scoreboard.snapshot import Snapshot
from handfast_server.shadow.cutover import do_cut_over
from handfast_server.worker import sweep
from handfast_server.worker.run import run

pytestmark = pytest.mark.django_db


def test_what_was_brought_up_to_date_is_what_is_made_anew_and_what_facts_tell(
    clock: service.Hands, team: service.Crew, lead: Callable[..., str]
) -> None:
    rng = random.Random(3)
    update.update()
    leads: list[str] = []
    for _ in range(12):
        leads += [lead(country=rng.choice(["DE", "US"])) for _ in range(rng.randint(1, 4))]
        for name in rng.sample(leads, min(4, len(leads))):
            act(rng, name, leads)
        clock.move(rng.choice([MINUTE, HOUR, 7 * HOUR, DAY]))
        run(once=True, which=(*sweep.LOOPS, *update.LOOPS))
    version = terms().in_force(now())
    assert version is not None
    found = plain(snapshot())
    assert found == plain(update.made(version, now()))
    assert found == plain(told_again(version))
    assert sum(len(table) for table in found.values()) > 100
    assert Touch.objects.exists()
    at = store.load(_current()).at
    assert data(snapshot().columns(), version, at) == from_facts(version, at)


def test_what_another_system_handed_over_is_counted_as_history_until_it_is_taken_over(
    clock: service.Hands, team: service.Crew, lead: Callable[..., str]
) -> None:
    update.update()
    name, other = lead(asks=False), lead(asks=False)
    at = now() - 3 * DAY
    for handoff, who in (("h1", name), ("h2", other)):
        stated = {"lead": who, "handoff": handoff, "stage": Stage.QUALIFIED, "owner": "lena"}
        tell(replace(service.named(StageStamped, **stated), happened_at=at, loaded=True))
    clock.move(HOUR)
    update.update()
    version = terms().in_force(now())
    assert version is not None
    assert plain(snapshot()) == plain(update.made(version, now()))
    columns = snapshot().columns()
    assert [key for key, old in zip(columns.key, columns.history, strict=True) if old] == [f"{name}:h1", f"{other}:h2"]
    boards.forget()
    history = boards.shown(boards.Asked(stream=Stream.HISTORY)).board["delivered"].figure
    live = boards.shown(boards.Asked(stream=Stream.LIVE)).board["delivered"].figure
    assert (history.value, live.value) == (2, 0)  # type: ignore[union-attr] # both are counts
    do_cut_over(Fraction(8), "priya", "cut", {(name, "h1")})
    clock.move(HOUR)
    update.update()
    columns = snapshot().columns()
    assert [key for key, old in zip(columns.key, columns.history, strict=True) if old] == [f"{other}:h2"]


def test_the_base_made_of_parts_says_what_they_said(
    clock: service.Hands, team: service.Crew, lead: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(update, "MOST_PARTS", 3)
    for _ in range(5):
        update.update()
        lead()
        clock.move(HOUR)
    update.update()
    before, parts = plain(snapshot()), _current().parts
    update.compact()
    assert len(parts) >= 3
    assert not _current().parts
    assert plain(snapshot()) == before
    assert {path.name for path in store.folder().iterdir()} == {"CURRENT", "lock", _current().base}


def test_nothing_new_makes_a_generation_a_minute(clock: service.Hands, signed: Version) -> None:
    update.update()
    first = _current()
    clock.move(30_000_000)
    update.update()
    assert _current() == first
    clock.move(MINUTE)
    update.update()
    assert _current().generation == first.generation + 1
    assert _current().at == now()


def test_a_fact_of_a_slow_transaction_is_not_passed_over(
    clock: service.Hands, team: service.Crew, lead: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    update.update()
    begun = now()
    monkeypatch.setattr("handfast_server.scoreboard.changed._oldest_writer", lambda: now() - begun)
    clock.move(HOUR)
    update.update()
    clock.move(MINUTE - HOUR)  # what is told now was recorded before the look above
    name = lead()
    clock.move(HOUR)
    update.update()
    columns = snapshot().columns()
    assert len(columns) == 1
    assert snapshot().lead_names(columns.lead) == [name]


def test_rows_are_replaced_appended_and_moved() -> None:
    rng = np.random.default_rng(5)
    for _ in range(200):
        length, fresh = rng.integers(0, 30, 2)
        gone = np.flatnonzero(rng.random(length) < rng.random())
        values, new = rng.integers(0, 1000, length), rng.integers(1000, 2000, fresh)
        frame = frame_of({"value": values.copy()}, int(length))
        shown = frame.array("value")
        placed = Placed.over(gone, int(fresh), int(length))
        after = frame.put(frame_of({"value": new}, int(fresh)), placed)
        assert sorted(after.array("value")) == sorted([*np.delete(values, gone), *new])
        assert list(after.array("value")[placed.at]) == list(new)
        assert list(shown) == list(values)
        kept = np.delete(np.arange(length), gone)
        assert list(after.array("value")[placed.followed(kept)]) == list(values[kept])


def _current() -> store.Current:
    found = store.read_current()
    assert found is not None
    return found


def test_the_snapshot_is_made_anew_by_the_command(
    clock: service.Hands, lead: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lead()
    update.update()
    before = _current()
    assert update.rebuild()
    assert _current().generation == before.generation + 1
    with store.alone():
        assert not update.rebuild()


def test_another_contract_s_currency_makes_it_anew(
    clock: service.Hands, lead: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lead()
    update.update()
    monkeypatch.setattr(update, "rules_of", lambda _: "others")
    update.update()
    assert _current().base == "base-00000002"
    assert len(snapshot().columns()) == 1


def test_a_board_that_takes_long_is_shown_as_it_was_while_a_newer_one_is_made(
    clock: service.Hands, lead: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    making: list[boards.Asked] = []
    monkeypatch.setattr(boards, "QUICK", -1.0)
    monkeypatch.setattr(boards, "_PATIENCE", -1)
    monkeypatch.setattr(boards, "_beside", making.append)
    lead()
    update.update()
    asked = boards.Asked()
    first = boards.shown(asked)
    lead()
    clock.move(MINUTE)
    update.update()
    assert boards.shown(asked) is first
    assert making == [asked]
    assert first.age == MINUTE
    clock.move(boards.OLDEST)
    assert len(boards.shown(asked).board.columns) == 2


def test_files_that_are_replaced_while_they_are_read_are_looked_for_anew(
    clock: service.Hands, lead: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lead()
    update.update()
    reads, load = [0], store.load

    def torn(current: store.Current) -> Snapshot:
        reads[0] += 1
        if reads[0] == 1:
            update.rebuild()  # what ``current`` names is gone now
        return load(current)

    monkeypatch.setattr(store, "load", torn)
    assert boards.shown(boards.Asked()).generation == 2


@pytest.mark.parametrize(
    "damage", ["no text of ours", '{"id": 1, "no such field": 2}', '{"id": "x", "cycle": 7}', "[]"]
)
def test_a_lead_that_cannot_be_read_is_named_and_keeps_no_other_from_being_counted(
    clock: service.Hands, team: service.Crew, lead: Callable[..., str], damage: str
) -> None:
    names = [lead() for _ in range(3)]
    Lead.objects.filter(pk=names[1]).update(state=damage)
    assert update.rebuild()
    assert len(snapshot().columns()) == 2
    later = lead()
    clock.move(MINUTE)
    Lead.objects.filter(pk=later).update(state=damage)
    update.update()
    assert len(snapshot().columns()) == 2
    shown = status.status()
    assert {problem.partition(": ")[0] for problem in shown.problems} == {f"row:{names[1]}", f"row:{later}"}
    assert "2 pieces of work failed and will be tried again." in shown.trouble


def test_what_another_system_s_lead_did_and_cannot_be_read_keeps_no_other_from_being_counted(
    clock: service.Hands, team: service.Crew, lead: Callable[..., str]
) -> None:
    names = [lead(asks=False) for _ in range(2)]
    for place, name in enumerate(names):
        stated = {"lead": name, "handoff": f"h{place}", "stage": Stage.QUALIFIED, "owner": "lena"}
        tell(replace(service.named(StageStamped, **stated), happened_at=now() - DAY, loaded=True))
        tell(service.named(ActivityHappened, lead=name, kind="form_submitted", properties={"form": "other"}))
    assert Activity.objects.filter(lead=names[0]).update(properties="{")
    assert update.rebuild()
    columns = snapshot().columns()
    assert [key for key, old in zip(columns.key, columns.history, strict=True) if old] == [f"{names[1]}:h1"]
    assert {problem.partition(": ")[0] for problem in status.status().problems} == {f"row:{names[0]}"}
