"""What the tables of leads, facts and handoffs forget of somebody."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from uuid import uuid4

import orjson
from django.db.models import F, Value
from django.db.models.functions import Replace

from handfast.cycle.life import CycleState
from handfast.cycle.log import Log
from handfast.cycle.values import Cycle as CycleValue
from handfast.cycle.values import Lead as LeadValue
from handfast.history import read_line, write_line
from handfast_server.bridge.lead import read_lead, write_lead
from handfast_server.decide.terms import current
from handfast_server.facts.models import Fact
from handfast_server.handoffs.models import Breach, ClockTransition, Cycle, Explanation, LedgerEntry, Transition
from handfast_server.leads.models import Activity, Key, Lead
from handfast_server.leads.scrub import GONE, Scrub


def forget(leads: Sequence[str]) -> None:
    """Take out whatever is personal; rows stay where something is counted by them.

    The keys go last: until then they say by which words a person was known.
    """
    scrub = Scrub(version.contract for version in current().versions)
    _forget_facts(leads, scrub)
    _forget_activities(leads, scrub)
    for row in Lead.objects.filter(pk__in=leads).exclude(state=""):
        Lead.objects.filter(pk=row.pk).update(state=_state(row.state))
    Breach.objects.filter(cycle__lead__in=leads).exclude(excused="").update(excused=GONE)
    _forget_cycles(leads)
    Explanation.objects.filter(lead__in=leads).delete()
    Key.objects.filter(lead__in=leads).delete()
    Lead.objects.filter(pk__in=leads).update(email="", name="", company="", phone="", title="", erased=True)


def _forget_facts(leads: Sequence[str], scrub: Scrub) -> None:
    words = _words(leads)
    for row in Fact.objects.filter(lead__in=leads).iterator(chunk_size=500):
        name = _name(row.name, words)
        line = write_line(scrub.fact(read_line(row.line), name))
        if line != row.line:
            Fact.objects.filter(pk=row.pk).update(name=name, line=line)
        if name != row.name:
            _rename(leads, row.name, name)


def _words(leads: Sequence[str]) -> frozenset[str]:
    """By which words these people were known, where those are long enough to mean them."""
    values = Key.objects.filter(lead__in=leads).values_list("value", flat=True)
    return frozenset(value.casefold() for value in values if len(value) >= 5)


def _name(name: str, words: frozenset[str]) -> str:
    """The name of a fact, or another where a source made it from what it knew of the person."""
    folded = name.casefold()
    return f"erased:{uuid4().hex}" if "@" in name or any(word in folded for word in words) else name


def _rename(leads: Sequence[str], old: str, new: str) -> None:
    """What was decided by a fact is named after it."""
    cycles = list(Cycle.objects.filter(lead__in=leads).values_list("pk", flat=True))
    Transition.objects.filter(cycle__in=cycles, fact=old).update(fact=new)
    for model, scope in ((Transition, "cycle__in"), (ClockTransition, "cycle__in"), (LedgerEntry, "cycle__in")):
        found = model.objects.filter(**{scope: cycles, "id__contains": old})
        found.update(id=Replace(F("id"), Value(old), Value(new)))


def _forget_cycles(leads: Sequence[str]) -> None:
    """Why a deal was lost is free text; where somebody came from may be an address that a link was made with."""
    cycles = Cycle.objects.filter(lead__in=leads)
    cycles.filter(source__contains="@").update(source="")
    cycles.filter(campaign__contains="@").update(campaign="")
    cycles.filter(state=CycleState.LOST).exclude(reason="").update(reason=GONE)
    Transition.objects.filter(cycle__lead__in=leads, after=CycleState.LOST).exclude(reason="").update(reason=GONE)


def _forget_activities(leads: Sequence[str], scrub: Scrub) -> None:
    for row in Activity.objects.filter(lead__in=leads).exclude(properties="").iterator(chunk_size=500):
        kept = scrub.properties(row.kind, orjson.loads(row.properties))
        text = orjson.dumps(kept).decode() if kept else ""
        Activity.objects.filter(pk=row.pk).update(properties=text)


def _state(text: str) -> str:
    """The engine's value of a lead, without what it knew: cycles, breaches and deals stay, so that counts do."""
    lead = read_lead(text, current(), Log())
    return write_lead(
        LeadValue(
            id=lead.id,
            cycle=lead.cycle,
            ended=tuple(_unexplained(each) for each in lead.ended),
            breaches={name: replace(it, excused=GONE) if it.excused else it for name, it in lead.breaches.items()},
            deals=lead.deals,
            cycles=lead.cycles,
            shadowed=lead.shadowed,
            recorded_at=lead.recorded_at,
            merged_into=lead.merged_into,
            erased=True,
        )
    )


def _unexplained(cycle: CycleValue) -> CycleValue:
    return replace(cycle, reason=GONE) if cycle.state is CycleState.LOST and cycle.reason else cycle


def personal(leads: Sequence[str]) -> dict[str, list[object]]:
    """Everything that these tables know of somebody, as plain data."""
    return {
        "leads": list(Lead.objects.filter(pk__in=leads).values(*_SHOWN)),
        "keys": list(Key.objects.filter(lead__in=leads).values("kind", "value", "lead_id")),
        "facts": [*_facts(leads)],
        "cycles": list(Cycle.objects.filter(lead__in=leads).values()),
        "transitions": list(Transition.objects.filter(cycle__lead__in=leads).order_by("at").values()),
        "breaches": list(Breach.objects.filter(cycle__lead__in=leads).values()),
        "explanations": [
            {**row, "trace": orjson.loads(row["trace"])}
            for row in Explanation.objects.filter(lead__in=leads).order_by("at").values("fact", "cycle", "at", "trace")
        ],
    }


_SHOWN = ("id", "created_at", "email", "name", "company", "phone", "title", "fit", "behaviour", "band", "merged_into")


def _facts(leads: Sequence[str]) -> Iterator[object]:
    rows = Fact.objects.filter(lead__in=leads).order_by("recorded_at", "position")
    yield from (orjson.loads(line) for line in rows.values_list("line", flat=True))
