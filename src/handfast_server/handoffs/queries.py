"""Handoffs as lists: the inbox, and what of each row stands in other tables. Read without a lock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Count, Exists, F, Max, Min, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from handfast.cycle.life import CycleState
from handfast.cycle.values import ClockState
from handfast.instant import Instant
from handfast_server.handoffs.models import Assignment, Clock, Cycle, Transition

NO_DUE: Instant = 2**62
"""Stands after every due."""

_COLUMNS = tuple(
    (
        "id lead_id state version owner pool hold_pool hold_since held_by hand_raised recycled reason source campaign "
        "band "
        "inquiry_at raised_at qualified_at accepted_at contested_at sql_at opportunity_at ended_at first_touch_at "
        "contact_at revisit_at changed_at"
    ).split()
)


def running(rows: QuerySet[Cycle], *, due_before: Instant) -> QuerySet[Cycle]:
    """Those with a clock that runs and is due before an instant."""
    return rows.filter(Exists(_running().filter(due_at__lt=due_before)))


def broken(rows: QuerySet[Cycle]) -> QuerySet[Cycle]:
    """Those with a promise that was broken, and still is not kept."""
    return rows.filter(Exists(owed().filter(cycle=OuterRef("pk"))))


def owed() -> QuerySet[Clock]:
    """Promises that were broken and that somebody still has to keep: not those of a turn that is over."""
    over = Assignment.objects.filter(pk=OuterRef("assignment"), ended_at__isnull=False)
    return Clock.objects.filter(~Exists(over), state=ClockState.BREACHED)


def oldest_owed(cycles: Iterable[str] | QuerySet[Any, Any]) -> dict[str, tuple[Instant, str]]:
    """The oldest promise of each cycle that is still owed: when it was due, and the name of its clock."""
    rows = owed().filter(cycle__in=cycles, due_at__isnull=False).order_by("-due_at", "name")
    return {
        cycle: (due, name) for cycle, due, name in rows.values_list("cycle_id", "due_at", "name") if due is not None
    }


def by_due(rows: QuerySet[Cycle]) -> QuerySet[Cycle]:
    """Each with ``due``, the soonest of its running clocks."""
    soonest = _running().order_by().values("cycle").annotate(soonest=Min("due_at")).values("soonest")
    return rows.annotate(due=Coalesce(Subquery(soonest), Value(NO_DUE)))


def _running() -> QuerySet[Clock]:
    return Clock.objects.filter(cycle=OuterRef("pk"), state=ClockState.RUNNING)


def stand_of(rows: QuerySet[Cycle]) -> tuple[Any, ...]:
    """Changes when a row of a list does, comes or goes: cheaper than the list by far."""
    # The sum notices what the latest change hides: another row that changed at an earlier instant and came in later.
    found = rows.order_by().aggregate(
        n=Count("pk"), last=Max("changed_at"), sum=Sum(F("changed_at") % 1_000_000_007), told=Max("lead__told_at")
    )
    return tuple(found.values())


def keys(rows: QuerySet[Cycle], column: str) -> QuerySet[Any, Any]:
    """What a page and its tag need."""
    values: QuerySet[Any, Any] = rows.values(*dict.fromkeys(("pk", column, "changed_at", "lead__told_at")))
    return values


def shown(names: Iterable[str]) -> list[dict[str, Any]]:
    """The rows of cycles by their ids, in this order, with their leads and what is due next."""
    names = list(names)
    lead = {f"lead_{each}": F(f"lead__{each}") for each in ("name", "company", "email", "fit", "behaviour")}
    found = {row["id"]: row for row in Cycle.objects.filter(pk__in=names).values(*_COLUMNS, **lead)}
    dues = _dues(names)
    return [_shown(found[name], dues.get(name)) for name in names if name in found]


def _shown(row: Mapping[str, Any], due: tuple[str, Instant] | None) -> dict[str, Any]:
    clock, at = due or ("", None)
    return {
        **row,
        "lead": {
            "id": row["lead_id"],
            "name": row["lead_name"],
            "company": row["lead_company"],
            "email": row["lead_email"],
            "score": {"fit": row["lead_fit"], "behaviour": row["lead_behaviour"]},
        },
        "held_by": row["held_by"].split(),
        "due_clock": clock,
        "due_at": at,
    }


def _dues(names: Iterable[str]) -> dict[str, tuple[str, Instant]]:
    rows = Clock.objects.filter(cycle__in=list(names), state=ClockState.RUNNING, due_at__isnull=False)
    soonest = rows.order_by("-due_at", "-name").values_list("cycle_id", "name", "due_at")
    return {cycle: (name, due) for cycle, name, due in soonest if due is not None}


def contested(rows: QuerySet[Cycle]) -> QuerySet[Cycle]:
    """Those that marketing has to settle."""
    return rows.filter(state=CycleState.CONTESTED)


def held_back(rows: QuerySet[Cycle]) -> QuerySet[Cycle]:
    """Those that would have qualified, and that a disqualifier keeps with marketing."""
    return rows.filter(state=CycleState.OPEN, held_by__gt="")  # greater, where an index knows no unequal


def contesting(names: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Of contested cycles, who rejected each, and the fact in which they did."""
    rows = Transition.objects.filter(cycle__in=list(names), event="contested").order_by("at", "id")
    return {cycle: (by, fact) for cycle, by, fact in rows.values_list("cycle_id", "by", "fact")}
