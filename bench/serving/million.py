"""A million leads in rows, filled by the database itself: what lists and polls read, as the engine would leave it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

COUNT, REPS, EACH = 1_000_000, 20, 50
POOL = "inbound"


def fill_leads() -> None:
    """Leads alone, each with something due tomorrow or later."""
    from django.db import connection

    from handfast.instant import DAY
    from handfast_server.leads.models import Lead
    from handfast_server.now import now

    with connection.cursor() as cursor:
        filled(cursor, Lead, {"id": "'lead' || n", "due_at": f"{now() + DAY} + n"})
        cursor.execute("ANALYZE")


def fill_cycles() -> None:
    """Leads, cycles and clocks: a thousand handoffs of one pool are open, fifty with each of twenty reps.

    The first of them is due in an hour, the others by the minute after it; all other cycles are history.
    """
    from django.db import connection

    from handfast.instant import HOUR, MINUTE
    from handfast_server.handoffs.models import Clock, Cycle
    from handfast_server.leads.models import Lead
    from handfast_server.now import now

    at = now()
    first = at + HOUR
    is_open = f"n < {REPS * EACH}"
    due = f"CASE WHEN {is_open} THEN {first} + n * {MINUTE} END"
    known = {"id": "'lead' || n", "created_at": f"{at} - n", "told_at": f"{at} - n"}
    made = {"cycle_id": "'lead' || n || '/1'", "lead_id": "'lead' || n"}
    with connection.cursor() as cursor:
        filled(cursor, Lead, {**known, "name": "'Somebody ' || n", "due_at": due})
        cycle = {
            "id": made["cycle_id"],
            "lead_id": made["lead_id"],
            "state": f"CASE WHEN {is_open} THEN 'waiting' ELSE 'rejected' END",
            "version": "1",
            "inquiry_at": f"{at} - n",
            "qualified_at": f"{at} - n",
            "changed_at": f"{at} - n",
            "ended_at": f"CASE WHEN {is_open} THEN NULL ELSE {at} - n END",
            "pool": f"'{POOL}'",
            "owner": f"CASE WHEN {is_open} THEN 'rep' || (n % {REPS}) ELSE '' END",
            "icp": "-1",
        }
        filled(cursor, Cycle, cycle)
        clock = {
            "id": "'lead' || n || '/1/c1'",
            "cycle_id": made["cycle_id"],
            "name": "'first_touch'",
            "state": f"CASE WHEN {is_open} THEN 'running' ELSE 'stopped' END",
            "calendar": "'office'",
            "started_at": f"{at} - n",
            "due_at": due,
        }
        filled(cursor, Clock, clock)
        cursor.execute("ANALYZE")


def filled(cursor: Any, model: Any, values: Mapping[str, str]) -> None:
    """Rows for n = 0, 1, …; a column that is not named is null where it may be, else empty."""
    from django.db.models import BooleanField, IntegerField

    told = dict(values)
    for field in model._meta.concrete_fields:  # noqa: SLF001 # Django's documented way to a model's columns
        if field.column not in told and not field.null:
            number = "0" if isinstance(field, IntegerField) else "''"
            told[field.column] = "false" if isinstance(field, BooleanField) else number
    columns = ", ".join(f'"{name}"' for name in told)
    counted = f"SELECT CAST(0 AS bigint) UNION ALL SELECT n + 1 FROM numbers WHERE n < {COUNT - 1}"
    numbers = f"WITH RECURSIVE numbers (n) AS ({counted})"
    chosen = f"{numbers} SELECT {', '.join(told.values())} FROM numbers"
    cursor.execute(f"INSERT INTO {model._meta.db_table} ({columns}) {chosen}")  # noqa: SLF001 # as above
