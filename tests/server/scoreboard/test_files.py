from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest
from tests.support import service
from tests.support.scoreboard import act

from handfast.facts import LeadFact
from handfast.history import write_line
from handfast.history.parquet import NoHistory, bucket_of, files_of, read_folder
from handfast.instant import HOUR, MINUTE
from handfast_server.facts.models import Fact
from handfast_server.leads.actions import do_erase
from handfast_server.scoreboard import files

pytestmark = pytest.mark.django_db


def test_every_fact_is_in_the_files_once_in_its_order(
    clock: service.Hands, team: service.Crew, lead: Callable[..., str]
) -> None:
    rng = random.Random(4)
    leads: list[str] = []
    place = files.folder()
    for _ in range(12):  # more runs than files a bucket may have
        leads += [lead() for _ in range(3)]
        act(rng, rng.choice(leads), leads)
        clock.move(HOUR)
        files.export(place)
    lines = sorted(Fact.objects.values_list("recorded_at", "position", "line"))
    found = [(told.fact.recorded_at, write_line(told.fact)) for told in read_folder(place)]
    assert sorted(found) == sorted((at, line) for at, _, line in lines)
    assert [at for at, _ in found] == [at for at, _, _ in lines]
    for bucket, paths in files_of(place).items():
        assert len(paths) <= files.MOST_FILES
        for path in paths:
            rows = pq.read_table(path).to_pylist()
            order = [(row["lead"], row["recorded_at"], row["position"]) for row in rows]
            assert order == sorted(order)
            assert {bucket_of(row["lead"]) for row in rows} == {bucket}
    with duckdb.connect() as duck:
        counted = duck.execute(f"SELECT count(*), count(DISTINCT name) FROM read_parquet('{place}/*.parquet')")
        assert counted.fetchall() == [(len(lines), len(lines))]


def test_what_may_still_be_written_waits(clock: service.Hands, lead: Callable[..., str]) -> None:
    lead()
    assert files.export(files.folder()).facts == 0
    clock.move(MINUTE)
    assert files.export(files.folder()).facts == Fact.objects.count()
    assert files.export(files.folder()).facts == Fact.objects.count()


def test_erasure_reaches_the_files(clock: service.Hands, lead: Callable[..., str]) -> None:
    gone, stays = lead(email="secret@buyer.example"), lead(email="known@buyer.example")
    clock.move(MINUTE)
    place = files.folder()
    files.export(place)
    assert "secret" in _text(place)
    do_erase(gone)
    clock.move(MINUTE)
    files.keep_up()
    text = _text(place)
    assert "secret" not in text
    assert "known" in text
    names = {told.fact.lead for told in read_folder(place) if isinstance(told.fact, LeadFact)}
    assert names == {gone, stays}


def test_nobody_keeps_what_nobody_began(clock: service.Hands, lead: Callable[..., str]) -> None:
    files.keep_up()
    assert not files.folder().exists()
    with pytest.raises(NoHistory):
        list(read_folder(files.folder()))


def _text(place: Path) -> str:
    rows = [row for paths in files_of(place).values() for path in paths for row in pq.read_table(path).to_pylist()]
    assert len(list(place.glob("*.parquet"))) == sum(map(len, files_of(place).values()))
    return "\n".join(row["line"] for row in rows)
