"""What shadow mode found beside what the other system did: the core's comparison, over the leads it can concern."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from typing import NamedTuple

from django.db import connection

from handfast.cycle.values import Lead
from handfast.instant import Instant, format_instant
from handfast.shadow import Comparison, Records, compare
from handfast_server.decide.locked import LockedLead
from handfast_server.decide.session import lead_of
from handfast_server.decide.terms import current
from handfast_server.decide.transaction import reading
from handfast_server.leads.readable import Readable

_CONCERNED = (
    "SELECT id, state, told_at, acts, merged_into FROM leads_lead WHERE merged_into = '' AND state <> '' AND "
    "(told_at >= %s OR id IN (SELECT lead FROM facts_fact WHERE kind = 'StageStamped'))"
)


class Compared(NamedTuple):
    """A comparison, and the leads that are not in it because their rows cannot be read."""

    found: Comparison
    unreadable: tuple[str, ...]


def comparison(since: Instant, until: Instant) -> Compared:
    """Compare ``since`` ≤ t < ``until``, as of one instant."""
    rows = Readable()
    with reading():
        found = compare(_leads(since, rows), current(), since=since, until=until)
    rows.note("comparison")
    return Compared(found, rows.unreadable)


def _leads(since: Instant, rows: Readable) -> Iterator[Lead]:
    """Those that were judged since then, or that the other system knows; row by row, as few have either."""
    terms = current()
    with connection.cursor() as cursor:
        cursor.execute(_CONCERNED, [since])
        for row in cursor.fetchall():
            lead = rows.read(row[0], partial(lead_of, LockedLead(*row), terms))
            if lead is not None and (lead.shadowed or lead.elsewhere):
                yield lead


SAYS: tuple[tuple[str, str], ...] = (
    ("judged", "would have been handed to sales here"),
    ("delivered", "were handed to sales by the other system"),
    ("kept", "of those judged: the other system handed them over as well"),
    ("new", "of those judged: the other system did not"),
    ("lost", "handed over there, and would not have been here"),
    ("held", "of those judged: nobody was eligible"),
    ("same_owner", "of those kept: the same rep has them there"),
    ("before_first", "handed over before the first version, and judged under it"),
    ("unmeasured", "without a due, as no calendar reaches back so far"),
)
"""The numbers of a comparison that are plain lists of records, in the order of the report."""


UNREADABLE = "leads that are not compared: their rows cannot be read, and the status names them"


def numbers(compared: Compared) -> dict[str, Records]:
    """Every number by its name; those of first touches in time and late, and of rows left out, as well."""
    found = compared.found
    plain: dict[str, Records] = {name: getattr(found, name) for name, _ in SAYS}
    plain["unreadable"] = Records(compared.unreadable)
    for whose, said in (("shadow", found.shadow), ("real", found.real)):
        plain |= {
            f"{whose}_in_time": said.in_time,
            f"{whose}_late": said.late,
            f"{whose}_pending": said.pending,
        }
    return plain


def report(compared: Compared, shown: int = 20) -> str:
    """The comparison for people to read, as Markdown; of each number the first records."""
    found, left_out = compared
    lines = [
        "# Shadow mode",
        "",
        f"From {format_instant(found.since)} to {format_instant(found.until)}.",
        "",
        "| number | count | what it is |",
        "|---|---:|---|",
        *(f"| {name} | {getattr(found, name).number} | {says} |" for name, says in SAYS),
        *([f"| unreadable | {len(left_out)} | {UNREADABLE} |"] if left_out else []),
        "",
        "| first touch | in time | late | pending |",
        "|---|---:|---:|---:|",
        *(
            f"| {says} | {said.in_time.number} | {said.late.number} | {said.pending.number} |"
            for says, said in (("had the promise begun here", found.shadow), ("as it was made there", found.real))
        ),
        "",
        "| rep | would have had |",
        "|---|---:|",
        *(f"| {rep} | {records.number} |" for rep, records in found.routed.items()),
        "",
        *_records(("lost", "new"), found, shown),
    ]
    return "\n".join(lines)


def _records(names: Iterable[str], found: Comparison, shown: int) -> Iterator[str]:
    says = dict(SAYS)
    for name in names:
        records: Records = getattr(found, name)
        if records:
            more = f", and {records.number - shown} more" if records.number > shown else ""
            yield f"**{name}**: {says[name]}: {', '.join(records[:shown])}{more}."
            yield ""
