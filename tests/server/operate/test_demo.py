"""The demonstration: a year lived in the service, whole and conserved, and logs that name nobody while it goes on."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.db.models import Count
from tests.support.program import get, running, until

from handfast.contract.terms import Per
from handfast.instant import DAY, parse_instant
from handfast.measure.period import period_of
from handfast.measure.question import Stream
from handfast_server.contracts.models import Version
from handfast_server.decide import terms
from handfast_server.decide.replay import verify
from handfast_server.delivery.models import Message
from handfast_server.demo.load import NotEmpty, load
from handfast_server.demo.prepared import prepare
from handfast_server.demo.stale import renew
from handfast_server.demo.texts import contract_of, moved_texts
from handfast_server.facts.models import Fact
from handfast_server.handoffs.models import Assignment, Breach, Cycle, LedgerEntry, Transition
from handfast_server.invariants.check import check, conservation
from handfast_server.leads.models import Lead
from handfast_server.now import now
from handfast_server.observe.status import status
from handfast_server.operate.say import sayer
from handfast_server.rosters.models import Absence, Leaving, Member
from handfast_server.scoreboard import boards, closed
from handfast_server.scoreboard.models import Statement
from handfast_server.worker.run import run

pytestmark = pytest.mark.django_db


class Kept:
    """What was made once for several tests: rows and files. On PostgreSQL, where one test asks, it is made for each."""

    def __init__(self, folder: Path) -> None:
        self._rows = sqlite3.connect(":memory:")
        self._files = folder / "kept"
        self._made = False

    def given(self, make: Callable[[], object], home: Path) -> None:
        """Fill an empty database and home, as ``make`` did the first time."""
        if self._made:
            self._rows.backup(connection.connection)
            shutil.copytree(self._files, home, dirs_exist_ok=True)
            return
        make()
        if connection.vendor == "sqlite":
            connection.connection.backup(self._rows)
            shutil.copytree(home, self._files)
            self._made = True

    def close(self) -> None:
        self._rows.close()


def _kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    made = Kept(tmp_path_factory.mktemp("demo"))
    yield made
    made.close()


year_once = pytest.fixture(scope="module", name="year_once")(_kept)
prepared_once = pytest.fixture(scope="module", name="prepared_once")(_kept)


@pytest.fixture
def year(transactional_db: None, year_once: Kept, tmp_path: Path) -> None:
    """A small year, loaded."""
    connection.ensure_connection()
    year_once.given(lambda: load(700, sayer(as_json=True)), tmp_path)


def test_a_year_is_there_with_nothing_lost_and_nothing_to_send(year: None) -> None:
    delivered = set(Transition.objects.filter(event="qualified").values_list("cycle", flat=True))
    groups = {
        "waiting": set(Cycle.objects.filter(state="waiting").values_list("id", flat=True)),
        "contested": set(Cycle.objects.filter(state="contested").values_list("id", flat=True)),
        "accepted": set(
            Transition.objects.filter(after__in=("accepted", "sql", "opportunity")).values_list("cycle", flat=True)
        ),
        "rejected": set(Cycle.objects.filter(state="rejected").values_list("id", flat=True)),
    }
    withdrawn = set(Cycle.objects.filter(state="withdrawn", id__in=delivered).values_list("id", flat=True))
    groups["withdrawn"] = withdrawn - groups["accepted"]
    assert len(delivered) > 30
    assert sum(map(len, groups.values())) == len(delivered), "each is in one group"
    assert set().union(*groups.values()) == delivered
    counted = Assignment.objects.filter(way__in=("rule", "fallback")).count()
    assert LedgerEntry.objects.filter(kind="assign").count() <= Assignment.objects.count()
    assert counted <= Assignment.objects.count()
    assert not Message.objects.exists()
    assert not Leaving.objects.exists()
    found = status()
    assert found.version == 3
    assert (found.lag, found.due) == (0, 0)
    assert found.trouble == ()


def test_the_year_ends_now_and_its_facts_are_in_order(year: None) -> None:
    at = now()
    first, last = (Fact.objects.order_by(f"{sign}recorded_at", f"{sign}position").first() for sign in ("", "-"))
    assert first is not None
    assert last is not None
    assert 363 * DAY < at - first.recorded_at < 366 * DAY
    assert 0 <= at - last.recorded_at < 3 * DAY
    ordered = list(Fact.objects.order_by("recorded_at", "position").values_list("position", flat=True))
    assert ordered == list(range(len(ordered)))
    assert [len(version.signatures) for version in Version.objects.all()] == [2, 2, 2]
    assert [each.number for each in terms.current().versions] == [1, 2, 3]


def test_the_worker_finds_nothing_that_the_year_left_undone(year: None) -> None:
    before = Fact.objects.count()
    run(once=True)
    told = Fact.objects.order_by("-pk")[: Fact.objects.count() - before]
    assert not {fact.kind for fact in told} - {"Tick", "TeamTick"}
    assert Member.objects.values("pool").annotate(many=Count("pk")).count() == 2


def test_every_decision_of_the_year_follows_from_its_facts_and_every_promise_about_rows_holds(year: None) -> None:
    assert [each for each in check() if each.broken] == []
    assert conservation().holds
    found = verify()
    assert found.compared > 1000
    assert found.differences == ()


def test_it_is_loaded_once_and_never_into_something_real(year: None, capsys: pytest.CaptureFixture[str]) -> None:
    before = Fact.objects.count()
    load(700, sayer(as_json=False))
    assert "is there already" in capsys.readouterr().out
    assert Fact.objects.count() == before
    text = Version.objects.get(number=1).text
    Version.objects.filter(number=1).update(text=text.replace("contract: acme-demo", "contract: real-thing"))
    with pytest.raises(NotEmpty, match="HANDFAST_HOME"):
        load(700, sayer(as_json=False))


def test_a_lead_without_a_contract_is_something_real_too(transactional_db: None) -> None:
    Lead.objects.create(id="somebody", created_at=now())
    with pytest.raises(NotEmpty):
        load(10, sayer(as_json=False))


def test_a_demonstration_of_another_version_is_made_anew_and_nothing_else_is_touched(tmp_path: Path) -> None:
    home, other = tmp_path / "demo", tmp_path / "real"
    renew(home)
    (home / "handfast.sqlite3").write_text("as it was")
    renew(home)
    assert (home / "handfast.sqlite3").exists()
    (home / "made-by").write_text("another version")
    renew(home)
    assert [file.name for file in home.iterdir()] == ["made-by"]
    other.mkdir()
    (other / "handfast.sqlite3").write_text("somebody's")
    renew(other)
    assert [file.name for file in other.iterdir()] == ["handfast.sqlite3"]


@pytest.fixture
def prepared(
    transactional_db: None, prepared_once: Kept, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[None]:
    """A small demonstration with everything that `serve --demo` prepares."""
    monkeypatch.setattr(settings, "HOME", tmp_path)
    boards.forget()
    connection.ensure_connection()
    prepared_once.given(lambda: prepare(1_500, sayer(as_json=True)), tmp_path)
    yield
    boards.forget()


def test_the_year_tells_its_story(prepared: None) -> None:
    """The source that looks good is declined, a better contract is answered sooner, floods are nobody's idleness."""
    shown = boards.shown(boards.Asked())
    accepted = {part.word: rate(part.figure) for part in measure(shown, "acceptance_rate").splits["source"]}
    assert accepted["Content Syndication"] < 0.7 * min(accepted["Referrals"], accepted["Organic Search"])
    delivered = {part.word: part.figure.records.count for part in measure(shown, "delivered").splits["source"]}
    assert sorted(delivered, key=delivered.__getitem__)[-4:].count("Content Syndication") == 1
    by_version = measure(shown, "speed_to_first_touch").splits["version"]
    speed = {part.word: part.figure.quantiles["median"].value for part in by_version}
    assert speed["2"] < speed["1"]
    in_time = {part.word: rate(part.figure) for part in measure(shown, "follow_up_compliance").splits["weekday"]}
    assert in_time["monday"] < min(in_time[day] for day in ("tuesday", "wednesday", "thursday"))
    came = {part.word: part.figure.value for part in measure(shown, "delivered").splits["weekday"]}
    assert came["monday"] > 1.5 * max(came[day] for day in ("tuesday", "wednesday", "thursday"))
    assert Breach.objects.filter(cause="no_capacity").exists()
    assert Breach.objects.exclude(excused="").exists()
    cost = measure(shown, "cost_per_mql").splits
    assert {"Content Syndication", "Email Marketing"} <= {part.word for part in cost["source"]}
    assert {"buyers-guide", "weekly"} <= {part.word for part in cost["campaign"]}


def test_there_is_something_for_everybody_to_do(prepared: None) -> None:
    at = now()
    assert Cycle.objects.filter(state="waiting", owner="Lena Vogt").count() >= 4
    assert Cycle.objects.filter(state="contested").count() >= 3
    assert Absence.objects.filter(starts_at__gt=at).count() >= 3
    statements = list(Statement.objects.order_by("closed_at"))
    assert len(statements) >= 2
    assert [each.signatures.count() for each in statements] == [2] * (len(statements) - 1) + [1]
    assert [each for each in check() if each.broken] == []
    before = Fact.objects.count()
    prepare(1_500, sayer(as_json=True))
    assert Fact.objects.count() == before


def test_the_number_and_what_is_owed_are_neither_missed_by_far_nor_all_kept(prepared: None) -> None:
    at = now()
    version = boards.version_at(at)
    quarter = period_of(at, Per.QUARTER, version.contract)
    told = closed.commitments(boards.shown(boards.Asked(period=quarter, stream=Stream.LIVE)), quarter)
    pace = {each["name"]: each["pace"] for each in told["standings"]}
    assert pace.keys() == {"mql", "first_touch", "worked", "attempts"}
    assert min(pace.values()) > 0.5
    assert len({each["flag"] for each in told["standings"]}) > 1


def measure(shown: boards.Shown, name: str) -> Any:
    return next(each for each in shown.board if each.name == name)


def rate(figure: Any) -> float:
    return float(figure.numerator.count / max(1, figure.denominator.count))


@pytest.mark.parametrize("month", range(1, 13))
def test_on_any_day_the_fiscal_year_ends_with_the_month(month: int) -> None:
    at = parse_instant(f"2027-{month:02}-28T12:00:00+01:00")
    contract = contract_of(moved_texts(at, 3_000)[-1])
    quarter, year = (period_of(at, per, contract) for per in (Per.QUARTER, Per.YEAR))
    assert quarter.last == year.last
    assert quarter.label == "2027-Q4"
    assert contract.revenue is not None
    assert contract.revenue.period == "2027"


def test_while_made_up_people_go_on_no_log_names_anybody(tmp_path: Path, home: dict[str, str]) -> None:
    """A whole run, from an empty folder to its end, against every name and address that it stored."""
    alone = {name: value for name, value in home.items() if name != "DATABASE_URL"}
    fast = {
        **alone,
        "HANDFAST_HOME": str(tmp_path / "demo"),
        "HANDFAST_DEMO_PAUSE": "30",
        "HANDFAST_LOG_LEVEL": "debug",
    }
    with running(fast, tmp_path, "serve", "--demo", "--leads", "400", "--json") as program:
        program.says('"ready": true')
        until(lambda: program.logged.count('"decided"') > 60, "people act")
        address = re.search(r'"address": "([^"]+)"', program.said)
        assert address is not None
        assert "password" in get(f"{address[1]}/leads/anna.schmidt@buyer.example")[1]  # the page for signing in
        assert get(f"{address[1]}/nobody/anna.schmidt@buyer.example")[0] == 404
        assert json.loads(get(f"{address[1]}/status")[1]) == {"ok": True}
        assert program.asked_to_end() == 0
    logged = program.logged
    with sqlite3.connect(tmp_path / "demo/handfast.sqlite3") as there:
        people = {text for row in there.execute("SELECT email, name, company FROM leads_lead") for text in row}
        people |= {text for row in there.execute("SELECT email, name FROM accounts_user") for text in row}
        [[problems]] = there.execute("SELECT count(*) FROM worker_problem").fetchall()
    there.close()
    assert problems == 0
    assert len(people) > 300
    assert not [text for text in people if text and text in logged]
    assert "@" not in logged
    assert "Traceback" not in logged
    events = [json.loads(line) for line in logged.splitlines()]
    assert {"decided", "request"} <= {line["event"] for line in events}
