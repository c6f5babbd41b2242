"""Views for reporting tools, on both databases: rows with real timestamps, counts that equal the measures.

They are dropped before tables are changed and made again afterwards: SQLite changes no table that a view reads.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connections
from django.db.models.signals import post_migrate, pre_migrate


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """``columns``: name → expression, and what it says. An expression ``@x`` is the instant ``x`` as a timestamp."""

    name: str
    title: str
    columns: Mapping[str, tuple[str, str]]
    source: str


_MINE = "leads_lead.merged_into = ''"


def _at(stage: str, says: str) -> tuple[str, str]:
    return f"@cycle.{stage}_at", says


def _ended(state: str, says: str) -> tuple[str, str]:
    return f"@(CASE WHEN cycle.state = '{state}' THEN cycle.ended_at END)", says


_CYCLES = "handoffs_cycle cycle JOIN leads_lead ON leads_lead.id = cycle.lead_id AND leads_lead.merged_into = ''"

CYCLES = View(
    name="v_cycles",
    title="One row a cycle: every pass of a lead through the funnel",
    columns={
        "cycle": ("cycle.id", "the cycle"),
        "lead": ("cycle.lead_id", "the lead"),
        "state": ("cycle.state", "open, waiting, contested, accepted, sql, opportunity, or how it ended"),
        "version": ("cycle.version", "of the contract that it is pinned to"),
        "inquiry_at": _at("inquiry", "when it opened"),
        "raised_at": _at("raised", "when the activity that tipped it happened"),
        "qualified_at": _at("qualified", "when it was delivered to sales"),
        "accepted_at": _at("accepted", "when sales took it on"),
        "contested_at": _at("contested", "when a rejection of it was contested"),
        "sql_at": _at("sql", "when sales qualified it"),
        "opportunity_at": _at("opportunity", "when its first deal was opened"),
        "rejected_at": _ended("rejected", "when it was rejected for good"),
        "disqualified_at": _ended("disqualified", "when sales ended it after accepting"),
        "won_at": _ended("won", "when it was won"),
        "lost_at": _ended("lost", "when it was lost"),
        "withdrawn_at": _ended("withdrawn", "when it ended by neither side"),
        "first_touch_at": _at("first_touch", "the first outreach by a human of sales"),
        "contact_at": _at("contact", "the first two-way touch"),
        "owner": ("cycle.owner", "who has it now; empty when nobody does"),
        "pool": ("cycle.pool", "the first pool chosen"),
        "source": ("cycle.source", "as known when the cycle last changed"),
        "campaign": ("cycle.campaign", "as known when the cycle last changed"),
        "band": ("coalesce(stood.band, '')", "of the lead when it was delivered"),
        "icp": ("coalesce(stood.icp, -1)", "1 met when it was delivered, 0 not met, -1 the contract defines none"),
        "reason": ("cycle.reason", "of rejection or disqualification"),
        "hand_raised": ("cycle.hand_raised", "whether the lead asked by itself"),
        "recycled": ("cycle.recycled", "whether it went back to marketing with a date"),
    },
    source=f"{_CYCLES} LEFT JOIN scoreboard_delivered stood ON stood.cycle = cycle.id",
)

_FIRST_TOUCH_DUE = (
    "(SELECT clock.due_at FROM handoffs_clock clock WHERE clock.cycle_id = cycle.id AND clock.name = 'first_touch' "
    "ORDER BY CASE WHEN clock.state = 'cancelled' THEN 1 ELSE 0 END, clock.started_at LIMIT 1)"
)

HANDOFFS = View(
    name="v_handoffs",
    title="One row a delivered cycle: the promise to sales, and which group of conservation it is in",
    columns={
        "cycle": ("cycle.id", "the cycle"),
        "lead": ("cycle.lead_id", "the lead"),
        "qualified_at": _at("qualified", "when it was delivered"),
        "state": ("cycle.state", "where it stands"),
        "is_waiting": ("cycle.state = 'waiting'", "nothing was said yet"),
        "is_contested": ("cycle.state = 'contested'", "marketing is to settle a rejection"),
        "is_accepted": ("cycle.accepted_at IS NOT NULL", "ever accepted, whatever came later"),
        "is_rejected": ("cycle.state = 'rejected'", "declined for good"),
        "is_withdrawn": ("cycle.state = 'withdrawn' AND cycle.accepted_at IS NULL", "withdrawn before acceptance"),
        "owner": ("cycle.owner", "who has it now"),
        "pool": ("cycle.pool", "the first pool chosen"),
        "turns": ("(SELECT count(*) FROM handoffs_assignment turn WHERE turn.cycle_id = cycle.id)", "owners so far"),
        "first_touch_due_at": (
            f"@{_FIRST_TOUCH_DUE}",
            "by when the first touch was promised",
        ),
        "first_touch_at": _at("first_touch", "when it came"),
    },
    source=f"{_CYCLES} WHERE cycle.qualified_at IS NOT NULL",
)

CLOCKS = View(
    name="v_clocks",
    title="One row a started clock",
    columns={
        "clock": ("clock.id", "the clock"),
        "cycle": ("clock.cycle_id", "the cycle"),
        "name": ("clock.name", "first_touch, response, decision, working or contest"),
        "state": ("clock.state", "where it stands"),
        "rep": ("clock.rep", "whose assignment it belongs to; empty when it belongs to the cycle"),
        "started_at": ("@clock.started_at", "when it began"),
        "due_at": ("@clock.due_at", "by when; nothing while it is paused or suspended"),
        "stopped_at": ("@clock.stopped_at", "when what was promised happened"),
        "breached_at": ("@clock.breached_at", "its due, once that passed"),
        "recorded_late": ("clock.recorded_late", "answered in time, recorded after the breach"),
    },
    source=(
        "handoffs_clock clock JOIN handoffs_cycle cycle ON cycle.id = clock.cycle_id "
        f"JOIN leads_lead ON leads_lead.id = cycle.lead_id AND {_MINE}"
    ),
)

BREACHES = View(
    name="v_breaches",
    title="One row a broken promise",
    columns={
        "clock": ("breach.clock", "the clock"),
        "cycle": ("breach.cycle_id", "the cycle"),
        "name": ("breach.name", "which clock it was"),
        "rep": ("breach.rep", "who had the lead"),
        "at": ("@breach.at", "when it was due"),
        "cause": ("CASE WHEN breach.cause = '' THEN breach.proposed ELSE breach.cause END", "confirmed, else proposed"),
        "is_excused": ("breach.excused <> ''", "forgiven, and still a breach"),
        "in_time": ("breach.in_time", "answered in time, recorded late"),
    },
    source="handoffs_breach breach",
)

LEDGER = View(
    name="v_ledger",
    title="One row an entry of a pool's ledger",
    columns={
        "entry": ("entry.id", "the entry"),
        "pool": ("entry.pool", "the pool"),
        "sequence": ("entry.sequence", "its place in the pool"),
        "rep": ("entry.rep", "the rep"),
        "kind": ("entry.kind", "assign, credit or calibrate"),
        "amount": ("entry.numerator * 1.0 / entry.denominator", "what it adds to the balance"),
        "cycle": ("entry.cycle", "the cycle"),
        "at": ("@entry.at", "when"),
    },
    source="handoffs_ledgerentry entry",
)

_GROUPS = ("waiting", "contested", "accepted", "rejected", "withdrawn")


def _counted(group: str) -> str:
    return f"(SELECT count(*) FROM v_handoffs WHERE is_{group})"  # noqa: S608 # the groups above


CONSERVATION = View(
    name="v_conservation",
    title="One row: what was delivered, each group counted on its own, and what they do not explain",
    columns={
        "delivered": ("(SELECT count(*) FROM v_handoffs)", "delivered cycles"),
        **{group: (_counted(group), f"those {group}") for group in _GROUPS},
        "unaccounted": (
            " - ".join(["(SELECT count(*) FROM v_handoffs)", *map(_counted, _GROUPS)]),
            "0, or an alarm",
        ),
    },
    source="",
)

VIEWS = (CYCLES, HANDOFFS, CLOCKS, BREACHES, LEDGER, CONSERVATION)

_TIMESTAMP = {
    "postgresql": "(timestamptz 'epoch' + {0} * interval '1 microsecond')",
    "sqlite": "(strftime('%Y-%m-%dT%H:%M:%S', {0} / 1000000, 'unixepoch') || printf('.%06dZ', {0} % 1000000))",
}


def statement(view: View, vendor: str) -> str:
    """What makes a view."""
    columns = ", ".join(f"{_expression(how, vendor)} AS {name}" for name, (how, _) in view.columns.items())
    return f"CREATE VIEW {view.name} AS SELECT {columns}" + (f" FROM {view.source}" if view.source else "")  # noqa: S608


def _expression(how: str, vendor: str) -> str:
    return _TIMESTAMP[vendor].format(how[1:]) if how.startswith("@") else how


def drop(using: str) -> None:
    """Take the views away."""
    with connections[using].cursor() as cursor:
        for view in reversed(VIEWS):
            cursor.execute(f"DROP VIEW IF EXISTS {view.name}")


def make(using: str) -> None:
    """Make the views, where they are not and their tables are."""
    database = connections[using]
    with database.cursor() as cursor:
        there = {table.name: table.type for table in database.introspection.get_table_list(cursor)}
        if CONSERVATION.name in there or not {"handoffs_cycle", "scoreboard_delivered"} <= there.keys():
            return
        for view in VIEWS:
            cursor.execute(statement(view, database.vendor))


def keep() -> None:
    """From now on the views go before tables change and come back afterwards."""
    pre_migrate.connect(_before, dispatch_uid="scoreboard.views")
    post_migrate.connect(_after, dispatch_uid="scoreboard.views")


def _before(*, app_config: Any, using: str, **_: Any) -> None:
    if app_config.label == "scoreboard":
        drop(using)


def _after(*, app_config: Any, using: str, **_: Any) -> None:
    if app_config.label == "scoreboard":
        make(using)


def page() -> str:
    """The reference page."""
    lines = [
        "# Views for reporting tools",
        "",
        "These stand in the service's database, on SQLite and on PostgreSQL alike, for any tool that reads SQL. Their",
        "counts and ratios equal the [measures](measures.md) of everything there is; what needs a survival curve or a",
        "calendar is not in them. On PostgreSQL an instant is a `timestamptz`; on SQLite it is a text in UTC such as",
        "`2027-01-08T13:30:00.000000Z`, which sorts as time does. While the database is migrated they are away for a",
        "moment. Give a reporting tool a login of its own that may read these views and nothing else.",
        "",
        "```sql",
        "-- lead acceptance rate: accepted ÷ (accepted + rejected)",
        "SELECT pool, 1.0 * count(accepted_at) / (count(accepted_at) + count(rejected_at)) AS acceptance_rate",
        "FROM v_cycles WHERE accepted_at IS NOT NULL OR rejected_at IS NOT NULL GROUP BY pool;",
        "```",
    ]
    for view in VIEWS:
        lines += ["", f"## `{view.name}`", "", f"{view.title}.", "", "| column | what it says |", "|---|---|"]
        lines += [f"| `{name}` | {says} |" for name, (_, says) in view.columns.items()]
    return "\n".join([*lines, ""])
