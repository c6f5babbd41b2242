"""The tables of docs/algorithms/clocks.md, row by row; a story's world looks at its clocks only when a row says so."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from handfast import facts
from handfast.clock import calendars_between, due_at, step_at
from handfast.contract.load import load
from handfast.contract.model import ClockName, Contract
from handfast.contract.phrase import duration
from handfast.cycle.values import ClockState, Cycle, RunningClock
from handfast.engine import Step, Terms, World
from handfast.engine.effects import StepFell
from handfast.facts import Fact, Purpose, TouchKind
from handfast.instant import DAY, Instant, from_datetime, to_datetime

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/algorithms/clocks.md"
BERLIN = "Europe/Berlin"

Row = dict[str, str]


def _tables() -> Iterator[list[Row]]:
    """Every table of the page, a row a mapping from column to cell."""
    header: list[str] = []
    rows: list[Row] = []
    for line in [*PAGE.read_text(encoding="utf-8").splitlines(), ""]:
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")] if line.startswith("|") else []
        if not cells:
            if rows:
                yield rows
            header, rows = [], []
        elif not header:
            header = cells
        elif not cells[0].startswith("---"):
            rows.append(dict(zip(header, cells, strict=True)))


TABLES = list(_tables())
STORIES = [table for table in TABLES if "what happens" in table[0]]


def _table(*columns: str) -> list[Row]:
    (found,) = [table for table in TABLES if set(columns) <= table[0].keys()]
    return found


def _contract() -> Contract:
    contract = load((ROOT / "tests/golden/cycles/contracts/business.yaml").read_bytes()).contract
    assert contract is not None
    return contract


CONTRACT = _contract()
FIRST = from_datetime(dt.datetime(2027, 1, 1, tzinfo=ZoneInfo(BERLIN)))
OFFICE = calendars_between(CONTRACT, FIRST - 30 * DAY, FIRST + 200 * DAY)["office"]


def _at(text: str) -> Instant:
    read = dt.datetime.strptime(f"{text} 2027", "%a %d %b %H:%M %Y").replace(tzinfo=ZoneInfo(BERLIN))
    assert read.strftime("%a") == text[:3], "the weekday is that of the date"
    return from_datetime(read)


def _shown(at: Instant | None) -> str:
    assert at is not None
    return to_datetime(at, BERLIN).strftime("%a %d %b %H:%M")


def test_no_table_of_the_page_is_left_out() -> None:
    assert len(TABLES) == 3 + len(STORIES)
    assert len(STORIES) == 12
    assert sum(len(story) for story in STORIES) == 38


@pytest.mark.parametrize("row", _table("clock", "within"), ids=lambda row: row["clock"])
def test_the_promises_are_those_of_the_examples(row: Row) -> None:
    terms = CONTRACT.clocks[ClockName(row["clock"])]
    assert (str(terms.within), str(terms.within_hand_raise)) == (row["within"], row["after a hand-raise"])
    steps = [", ".join([*each.to, *(["re_route"] if each.re_route else [])]) for each in terms.escalate]
    assert "; ".join(f"{each.at}% {said}" for each, said in zip(terms.escalate, steps, strict=True)) == row["steps"]


@pytest.mark.parametrize("row", _table("due", "because"), ids=lambda row: f"{row['within']} {row['starts']}")
def test_a_window_is_over_when_the_page_says(row: Row) -> None:
    assert _shown(due_at(duration(row["within"]), _at(row["starts"]), OFFICE)) == row["due"]


@pytest.mark.parametrize("row", _table("step", "falls"), ids=lambda row: f"{row['within']} {row['step']}")
def test_a_step_falls_when_the_page_says(row: Row) -> None:
    window, start = duration(row["within"]), _at(row["starts"])
    due = due_at(window, start, OFFICE)
    assert _shown(step_at(window, start, due, int(row["step"].rstrip("%")), OFFICE)) == row["falls"]


class Story:
    """A world with two reps and a manager, told what the rows of a story say."""

    def __init__(self) -> None:
        self.world = World(Terms.of_contracts([CONTRACT]))
        self.number = 0
        for rep in ("lena", "sam"):
            self.tell(facts.MemberSet, FIRST, pool="inbound", rep=rep)
        self.tell(facts.RepSet, FIRST, rep="mara")
        self.tell(facts.PoolManagerSet, FIRST, pool="inbound", rep="mara")

    def tell(self, kind: type[Fact], now: Instant, /, *, at: Instant | None = None, **values: Any) -> list[Step]:
        self.number += 1
        happened = now if at is None else at
        return self.world.told(kind(id=f"f{self.number}", happened_at=happened, recorded_at=now, **values))

    def about(self, kind: type[Fact], now: Instant, /, **values: Any) -> list[Step]:
        return self.tell(kind, now, lead="ada", **values)

    def happens(self, what: str, now: Instant) -> list[Step]:
        """One cell of the page."""
        for pattern, act in ACTS.items():
            if found := re.fullmatch(pattern, what):
                return act(self, now, **found.groupdict())
        raise AssertionError(f"The page says {what!r}, which nobody here knows how to tell.")

    def qualifies(self, now: Instant) -> list[Step]:
        known = {"email": "ada@corp.example", "industry": "software", "employees": 200}
        self.about(facts.LeadCreated, now, attributes=known)
        return self.about(facts.ActivityHappened, now, kind="webinar_attended")

    def asks(self, now: Instant) -> list[Step]:
        return self.about(facts.ActivityHappened, now, kind="form_submitted", properties={"form": "demo"})

    def looks(self, now: Instant) -> list[Step]:
        return self.world.tick(now)

    def touches(self, now: Instant, kind: str, by: str, at: str | None) -> list[Step]:
        return self.about(facts.TouchMade, now, at=_at(at) if at else now, by=by, kind=TouchKind(kind))

    def accepts(self, now: Instant, by: str) -> list[Step]:
        return self.about(facts.Accepted, now, by=by)

    def qualifies_for_sales(self, now: Instant, by: str) -> list[Step]:
        evidence = {"budget": True, "need": "Leads get lost"}
        return self.about(facts.SalesQualified, now, by=by, evidence=evidence)

    def rejects(self, now: Instant, by: str, reason: str) -> list[Step]:
        return self.about(facts.Rejected, now, by=by, reason=reason)

    def disqualifies(self, now: Instant, by: str, reason: str) -> list[Step]:
        return self.about(facts.Disqualified, now, by=by, reason=reason)

    def pauses(self, now: Instant, clock: str, until: str) -> list[Step]:
        return self.about(facts.ClockPaused, now, by="lena", clock=clock, until=_at(until), note="asked for")

    def gives_back(self, now: Instant, to: str) -> list[Step]:
        return self.about(facts.GivenBack, now, by="mara", to=to)

    def overturns(self, now: Instant) -> list[Step]:
        return self.about(facts.ContestOverturned, now, by="dana", note="They build software")

    def denies(self, now: Instant) -> list[Step]:
        return self.about(facts.ConsentChanged, now, purpose=Purpose.CONTACT, granted=False)

    @property
    def cycle(self) -> Cycle:
        cycle = self.world.leads["ada"].latest
        assert cycle is not None
        return cycle

    def cell(self, column: str, steps: list[Step]) -> str:
        """What stands in a column now."""
        if column == "owner":
            return "" if self.cycle.owner is None else self.cycle.owner.rep
        if column == "messages":
            fell = [effect for step in steps for effect in step.effects if isinstance(effect, StepFell)]
            return ", ".join(
                f"{each.percent}% to {', '.join(each.told)}" if each.told else f"{each.percent}% not sent"
                for each in fell
            )
        clocks = [clock for clock in self.cycle.clocks.values() if clock.name == column]
        return _result(clocks[-1]) if clocks else ""


ACTS: dict[str, Callable[..., list[Step]]] = {
    "qualifies": Story.qualifies,
    "raises a hand": Story.asks,
    "the engine looks": Story.looks,
    r"(?P<kind>attempt|contact) by (?P<by>\w+)( of (?P<at>.+))?": Story.touches,
    r"accepted by (?P<by>\w+)": Story.accepts,
    r"qualified by (?P<by>\w+)": Story.qualifies_for_sales,
    r"rejected by (?P<by>\w+) for (?P<reason>\w+)": Story.rejects,
    r"disqualified by (?P<by>\w+) for (?P<reason>\w+)": Story.disqualifies,
    r"(?P<clock>\w+) paused until (?P<until>.+)": Story.pauses,
    r"given back to (?P<to>\w+)": Story.gives_back,
    "overturned": Story.overturns,
    "denies contact": Story.denies,
}


def _result(clock: RunningClock) -> str:
    match clock.state:
        case ClockState.RUNNING:
            return f"due {_shown(clock.due_at)}"
        case ClockState.PAUSED | ClockState.SUSPENDED:
            assert clock.due_at is None
            return "stands still"
        case ClockState.STOPPED:
            return f"kept {_shown(clock.stopped_at)}"
        case ClockState.BREACHED:
            return f"broken {_shown(clock.breached_at)}"
        case ClockState.ANSWERED_LATE:
            return f"{'in time' if clock.recorded_late else 'answered late'} {_shown(clock.stopped_at)}"
    return str(clock.state)


@pytest.mark.parametrize("rows", STORIES, ids=lambda rows: rows[-1]["what happens"])
def test_a_story_goes_as_the_page_says(rows: list[Row]) -> None:
    story = Story()
    for row in rows:
        steps = story.happens(row["what happens"], _at(row["at"]))
        told = {column: cell for column, cell in row.items() if column not in ("at", "what happens")}
        assert {column: story.cell(column, steps) for column in told} == told, row["at"]


def test_the_pause_that_the_page_calls_refused_is_refused() -> None:
    (rows,) = [story for story in STORIES if any("paused" in row["what happens"] for row in story)]
    story = Story()
    told = [(row, story.happens(row["what happens"], _at(row["at"]))) for row in rows]
    refused = [row["at"] for row, steps in told if any(step.refused is not None for step in steps)]
    assert refused == ["Wed 13 Jan 10:30"]
