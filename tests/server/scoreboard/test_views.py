from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from tests.support import service
from tests.support.scoreboard import snapshot, worked

from handfast.instant import to_datetime
from handfast.measure import behind, board
from handfast_server.decide.terms import current as terms
from handfast_server.handoffs.models import Clock, Cycle
from handfast_server.now import now
from handfast_server.scoreboard import boards, views

pytestmark = pytest.mark.django_db


def _asked(statement: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())


def _as_time(value: Any) -> dt.datetime:
    return value if isinstance(value, dt.datetime) else dt.datetime.fromisoformat(value)


def test_views_count_what_measures_count(clock: service.Hands, team: service.Crew, lead: Callable[..., str]) -> None:
    worked(8, 14, clock, lead)
    version = terms().versions[0]
    found = board(snapshot().columns(), version.contract, None, now(), calendars=boards.calendars_of(version))

    def counts(name: str) -> dict[str, int]:
        return {part: rows.count for part, rows in behind(found[name].figure)}

    ((accepted, decided),) = _asked(
        "SELECT count(accepted_at), count(accepted_at) + count(rejected_at) FROM v_cycles "
        "WHERE qualified_at IS NOT NULL AND (accepted_at IS NOT NULL OR rejected_at IS NOT NULL)"
    )
    assert (accepted, decided) == (counts("acceptance_rate")["numerator"], counts("acceptance_rate")["denominator"])
    assert accepted > 0
    (groups,) = _asked("SELECT delivered, waiting, contested, accepted, rejected, withdrawn FROM v_conservation")
    told = counts("conservation")
    assert list(groups) == [
        told[name] for name in ("delivered", "waiting", "contested", "accepted", "rejected", "withdrawn")
    ]
    ((cycles, delivered, won),) = _asked("SELECT count(*), count(qualified_at), count(won_at) FROM v_cycles")
    columns = found.columns
    assert (cycles, delivered, won) == (
        len(columns),
        int(columns.happened("qualified").sum()),
        int(columns.happened("won").sum()),
    )
    bands = dict(_asked("SELECT band, count(*) FROM v_cycles WHERE band <> '' GROUP BY band"))
    words = [columns.band.words[code] for code in columns.band.codes if code >= 0]
    assert bands == {word: words.count(word) for word in set(words)}
    clocks = columns.clocks
    assert clocks is not None
    by_name = dict(_asked("SELECT name, count(*) FROM v_clocks GROUP BY name"))
    names = [clocks.name.words[code] for code in clocks.name.codes]
    assert by_name == {name: names.count(name) for name in set(names)}
    ((breaches,),) = _asked("SELECT count(*) FROM v_breaches")
    assert breaches == Clock.objects.filter(breached_at__isnull=False).count() > 0
    sums = dict(_asked("SELECT pool, sum(amount) FROM v_ledger WHERE kind = 'assign' GROUP BY pool"))
    turns = _asked("SELECT pool, count(*) FROM v_ledger WHERE kind = 'assign' GROUP BY pool")
    assert sums == pytest.approx(dict(turns))


def test_instants_are_timestamps_to_the_microsecond(clock: service.Hands, lead: Callable[..., str]) -> None:
    clock.move(123_457)
    name = lead()
    at = Cycle.objects.values_list("qualified_at", flat=True).get(lead=name)
    assert at is not None
    assert at % 1_000_000
    ((shown,),) = _asked("SELECT qualified_at FROM v_handoffs")
    assert _as_time(shown) == to_datetime(at)


def test_views_are_away_while_tables_change_and_come_back() -> None:
    views.drop("default")
    with connection.cursor() as cursor:
        there = {table.name for table in connection.introspection.get_table_list(cursor)}
    assert "v_cycles" not in there
    call_command("migrate", verbosity=0)
    assert _asked("SELECT * FROM v_conservation") == [(0, 0, 0, 0, 0, 0, 0)]


def test_the_reference_page_is_what_is_made_from_the_table() -> None:
    page = Path(__file__).resolve().parents[3] / "docs/reference/views.md"
    assert page.read_text(encoding="utf-8") == views.page(), "run: make generated"
