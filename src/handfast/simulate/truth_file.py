"""The truth of a simulated year as tables, in a folder of their own: nobody who audits the CRM would have them."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from handfast.instant import Instant
from handfast.simulate import words
from handfast.simulate.hubspot import Clock
from handfast.simulate.known import FIRST_RECORD
from handfast.simulate.roster import staffed
from handfast.simulate.simulated import Simulated

Table = tuple[Sequence[str], Iterable[Sequence[object]]]


def write_truth(simulated: Simulated, folder: Path) -> list[Path]:
    """Write leads.csv, handoffs.csv, sources.csv and reps.csv; returns the files written."""
    folder.mkdir(parents=True, exist_ok=True)
    tables: Mapping[str, Table] = {
        "leads.csv": (LEADS, _leads(simulated)),
        "handoffs.csv": (HANDOFFS, _handoffs(simulated)),
        "sources.csv": (SOURCES, _sources(simulated)),
        "reps.csv": (REPS, _reps(simulated)),
    }
    for name, (header, rows) in tables.items():
        with (folder / name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(header)
            writer.writerows(rows)
    return [folder / name for name in tables]


LEADS = "record,lead,human,merged_into,right,claims_to_be,industry,employees,source".split(",")
HANDOFFS = (
    "cycle,record,qualified_at,rep,owners,looked_at,touched_at,cause_of_delay,forgotten_by,logged_late,seen_through"
).split(",")
SOURCES = "source,share,right,claims_to_be,asks_for_demo,times_when_mailed".split(",")
REPS = "rep,median_minutes,forgets,heeds_reminders,logs_late,attempts,idle_weekday,days_away".split(",")


def _leads(simulated: Simulated) -> Iterator[Sequence[object]]:
    known = simulated.known
    people, accounts = known.people, known.accounts
    for record in range(len(people)):
        account, merged = int(people.account[record]), people.merged_at[record] < simulated.year.last
        yield [
            FIRST_RECORD + record,
            known.lead_of(record),
            FIRST_RECORD + int(people.human[record]),
            FIRST_RECORD + int(people.human[record]) if merged else "",
            int(people.right[record]),
            int(people.claims[record]),
            words.INDUSTRIES[int(accounts.industry[account])][0],
            int(accounts.employees[account]),
            known.plan.sources[int(people.source[record])].name,
        ]


def _handoffs(simulated: Simulated) -> Iterator[Sequence[object]]:
    shown: Callable[[Instant | None], str] = Clock(simulated).shown
    for each in simulated.handoffs.values():
        yield [
            each.cycle,
            FIRST_RECORD + each.record,
            shown(each.qualified_at),
            each.rep,
            each.owners,
            shown(each.looked_at),
            shown(each.touched_at),
            each.cause,
            ";".join(each.forgotten_by),
            int(each.logged_late),
            int(each.seen_through),
        ]


def _sources(simulated: Simulated) -> Iterator[Sequence[object]]:
    for each in simulated.plan.sources:
        yield [each.name, each.share, each.right, each.claims, each.asks, each.mailing]


def _reps(simulated: Simulated) -> Iterator[Sequence[object]]:
    for each in staffed(simulated.plan, len(simulated.known.people)):
        minutes, away = each.median // 60_000_000, sum(days for _, days in each.leave)
        idle = "" if each.idle is None else each.idle
        yield [each.name, minutes, each.forgets, each.heeds, each.logs_late, each.attempts, idle, away]
