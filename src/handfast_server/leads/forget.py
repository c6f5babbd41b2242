"""What the tables of leads, facts and handoffs forget of somebody."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import orjson
from django.db import DatabaseError

from handfast.cycle.life import CycleState
from handfast.cycle.log import Log
from handfast.cycle.values import Cycle as CycleValue
from handfast.cycle.values import Lead as LeadValue
from handfast.history import read_line, write_line
from handfast_server.bridge.lead import read_lead, write_lead
from handfast_server.decide.terms import current
from handfast_server.facts.models import Fact
from handfast_server.handoffs.models import Breach, ClockTransition, Cycle, Deal, Explanation, LedgerEntry, Transition
from handfast_server.handoffs.story import explanations
from handfast_server.leads.models import Activity, Key, Lead
from handfast_server.leads.rebuilt import tombstone
from handfast_server.leads.scrub import GONE, Scrub
from handfast_server.observe.log import get_logger
from handfast_server.rosters.forget import forget_deals
from handfast_server.scoreboard.models import DealChange

_log = get_logger("leads")


def forget(leads: Sequence[str]) -> None:
    """Take out whatever is personal; rows stay where something is counted by them.

    The keys go last: until then they say by which words a person was known.
    """
    scrub = Scrub((version.contract for version in current().versions), _deals_of_others(leads))
    cycles = list(Cycle.objects.filter(lead__in=leads).values_list("pk", flat=True))
    _forget_facts(leads, scrub)
    _rename(cycles, scrub)
    _forget_activities(leads, scrub)
    _forget_deals(leads, scrub)
    for row in Lead.objects.filter(pk__in=leads).exclude(state=""):
        Lead.objects.filter(pk=row.pk).update(state=_state(row, scrub))
    Breach.objects.filter(cycle__in=cycles).exclude(excused="").update(excused=GONE)
    _forget_cycles(leads)
    Explanation.objects.filter(lead__in=leads).delete()
    Key.objects.filter(lead__in=leads).delete()
    Lead.objects.filter(pk__in=leads).update(email="", name="", company="", phone="", title="", erased=True)


def _deals_of_others(leads: Sequence[str]) -> list[str]:
    """Deals that somebody is on who is not forgotten: they are named after more than these people."""
    ours = Deal.objects.filter(lead__in=leads).values("id")
    others = Deal.objects.filter(id__in=ours, lead__erased=False).exclude(lead__in=leads)
    return list(others.values_list("id", flat=True))


def _forget_facts(leads: Sequence[str], scrub: Scrub) -> None:
    """A line that cannot be read goes whole: nobody can say what of it is personal."""
    for row in Fact.objects.filter(lead__in=leads).iterator(chunk_size=500):
        try:
            fact = scrub.fact(read_line(row.line))
        except Exception as broken:  # noqa: BLE001 # a row that was damaged can raise anything
            _log.warning("unreadable", fact=row.pk, error=type(broken).__name__)
            Fact.objects.filter(pk=row.pk).delete()
            continue
        line = write_line(fact)
        if line != row.line:
            Fact.objects.filter(pk=row.pk).update(name=fact.id, line=line)


def _rename(cycles: Sequence[str], scrub: Scrub) -> None:
    """What was decided by a fact is named after it."""
    for row in Transition.objects.filter(cycle__in=cycles).only("pk", "fact"):
        name = scrub.tokens.within(row.pk)
        Transition.objects.filter(pk=row.pk).update(id=name, fact=scrub.tokens.within(row.fact))
    for model in (ClockTransition, LedgerEntry):
        for old in list(model.objects.filter(cycle__in=cycles).values_list("pk", flat=True)):
            name = scrub.tokens.within(old)
            if name != old:
                model.objects.filter(pk=old).update(id=name)


def _forget_deals(leads: Sequence[str], scrub: Scrub) -> None:
    names = dict(Deal.objects.filter(lead__in=leads).values_list("pk", "id"))
    tokens = {name: scrub.deal(name) for name in names.values() if scrub.deal(name) != name}
    for key, name in names.items():
        if name in tokens:
            Deal.objects.filter(pk=key).update(id=tokens[name], key=key.removesuffix(name) + tokens[name])
            DealChange.objects.filter(deal=name, lead__in=leads).update(deal=tokens[name])
    forget_deals(tokens)


def _forget_cycles(leads: Sequence[str]) -> None:
    """Why a deal was lost is free text; where somebody came from may be an address that a link was made with."""
    cycles = Cycle.objects.filter(lead__in=leads)
    cycles.filter(source__contains="@").update(source="")
    cycles.filter(campaign__contains="@").update(campaign="")
    cycles.filter(state=CycleState.LOST).exclude(reason="").update(reason=GONE)
    Transition.objects.filter(cycle__lead__in=leads, after=CycleState.LOST).exclude(reason="").update(reason=GONE)


def _forget_activities(leads: Sequence[str], scrub: Scrub) -> None:
    for row in Activity.objects.filter(lead__in=leads).iterator(chunk_size=500):
        kept = scrub.properties(row.kind, _told(row.properties))
        text = orjson.dumps(kept).decode() if kept else ""
        kind = scrub.kind(row.kind)
        if (kind, text) != (row.kind, row.properties):
            Activity.objects.filter(pk=row.pk).update(kind=kind, properties=text)


def _told(properties: str) -> dict[str, Any]:
    """What was told with an activity; nothing where that cannot be read."""
    try:
        told = orjson.loads(properties or "{}")
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _readable(row: Lead) -> LeadValue:
    try:
        found = read_lead(row.state, current(), Log())
    except DatabaseError:
        raise
    except Exception:  # noqa: BLE001 # a row that was damaged can raise anything
        return tombstone(row.pk)
    return found if found.id == row.pk else tombstone(row.pk)


def _state(row: Lead, scrub: Scrub) -> str:
    """The engine's value of a lead, without what it knew: cycles, breaches and deals stay, so that counts do."""
    lead = _readable(row)
    return write_lead(
        LeadValue(
            id=lead.id,
            cycle=lead.cycle,
            ended=tuple(_unexplained(each, scrub) for each in lead.ended),
            breaches={name: replace(it, excused=GONE) if it.excused else it for name, it in lead.breaches.items()},
            deals={scrub.deal(name): replace(it, id=scrub.deal(name)) for name, it in lead.deals.items()},
            cycles=lead.cycles,
            shadowed=tuple(replace(each, id=scrub.tokens.within(each.id)) for each in lead.shadowed),
            recorded_at=lead.recorded_at,
            merged_into=lead.merged_into,
            erased=True,
        )
    )


def _unexplained(cycle: CycleValue, scrub: Scrub) -> CycleValue:
    return replace(
        cycle,
        reason=GONE if cycle.state is CycleState.LOST and cycle.reason else cycle.reason,
        deals=tuple(scrub.deal(name) for name in cycle.deals),
        taken_over=None if cycle.taken_over is None else scrub.tokens.of(cycle.taken_over),
    )


def personal(leads: Sequence[str]) -> dict[str, list[object]]:
    """Everything that these tables know of somebody, as plain data."""
    return {
        "leads": list(Lead.objects.filter(pk__in=leads).values(*_SHOWN)),
        "keys": list(Key.objects.filter(lead__in=leads).values("kind", "value", "lead_id")),
        "facts": [*_facts(leads)],
        "cycles": list(Cycle.objects.filter(lead__in=leads).values()),
        "transitions": list(Transition.objects.filter(cycle__lead__in=leads).order_by("at").values()),
        "breaches": list(Breach.objects.filter(cycle__lead__in=leads).values()),
        "explanations": explanations(leads),
    }


_SHOWN = ("id", "created_at", "email", "name", "company", "phone", "title", "fit", "behaviour", "band", "merged_into")


def _facts(leads: Sequence[str]) -> Iterator[object]:
    rows = Fact.objects.filter(lead__in=leads).order_by("recorded_at", "position")
    for line in rows.values_list("line", flat=True):
        try:
            yield orjson.loads(line)
        except ValueError:  # it is theirs, read or not
            yield line
