"""Leads with what was noted of them, from their rows: what the core makes columns of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

from django.db import connection

from handfast.changed import changed
from handfast.cycle.log import Log
from handfast.cycle.values import Cycle, Deal, DealState, Lead
from handfast.engine.terms import Terms
from handfast.history.lives import Lives
from handfast.history.record import Activity, Change, Notes, Touch
from handfast.history.record import Delivered as Stood
from handfast.instant import Instant
from handfast.route.team import Team
from handfast.shadow import cycles_elsewhere
from handfast_server.bridge.lead import read_acts, read_plain_lead
from handfast_server.decide.terms import current
from handfast_server.leads.readable import Readable

_ACTS = "SELECT lead_id, happened_at, kind, properties, loaded, position FROM leads_activity WHERE lead_id IN ({})"
_SOME = 10_000  # SQLite takes 32,766 values in a statement


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """Some leads, those with whom they share deals, and those that are only names by now."""

    lives: Lives
    absorbed: tuple[str, ...]


def gather(names: Iterable[str], team: Team, at: Instant) -> Gathered:
    """The leads of these names and of whoever is on a deal with them, as of now; rows that cannot be read are noted."""
    rows = Readable()
    leads = dict(_leads(sorted(set(names)), rows))
    while True:  # a deal is counted on the first of its leads, so that they are read together
        deals = {deal for lead in leads.values() for deal in deals_of(lead)}
        more = set(_on_deals(sorted(deals))).difference(leads, rows.unreadable)
        if not more:
            break
        leads |= dict(_leads(sorted(more), rows))
    alive = [lead for lead in leads.values() if lead.merged_into is None]
    elsewhere = _elsewhere(alive, rows)
    rows.note("snapshot")
    ordered = _as_heard_of(alive)
    cycles = [cycle.id for lead in alive for cycle in (*lead.ended, lead.cycle) if cycle is not None]
    notes = _notes([lead.id for lead in alive], cycles, sorted(deals))
    absorbed = tuple(name for name, lead in leads.items() if lead.merged_into is not None)
    return Gathered(lives=Lives(leads=ordered, notes=notes, team=team, at=at, elsewhere=elsewhere), absorbed=absorbed)


def _elsewhere(leads: Sequence[Lead], rows: Readable) -> dict[str, tuple[Cycle, ...]]:
    """What another system handed over, which is history: its first touch is due as the contract would have it."""
    told = [lead for lead in leads if lead.elsewhere]
    if not told:
        return {}
    acts: dict[str, list[Any]] = {}
    for name, *act in _asked(_ACTS, [lead.id for lead in told], by=lambda row: (row[0], row[5])):
        acts.setdefault(name, []).append(act[:4])
    terms, found = current(), dict[str, tuple[Cycle, ...]]()
    for lead in told:
        cycles = rows.read(lead.id, partial(_stamped, lead, acts.get(lead.id, []), terms))
        if cycles is not None:
            found[lead.id] = cycles
    return found


def _stamped(lead: Lead, acts: Sequence[Any], terms: Terms) -> tuple[Cycle, ...]:
    return cycles_elsewhere(changed(lead, acts=Log(read_acts(acts))), terms)


def deals_of(lead: Lead) -> Iterator[str]:
    """The deals that a lead was told of, or joined."""
    yield from lead.deals
    for cycle in (*lead.ended, lead.cycle):
        if cycle is not None:
            yield from cycle.deals


def _leads(names: Sequence[str], rows: Readable) -> Iterator[tuple[str, Lead]]:
    for name, state in _asked("SELECT id, state FROM leads_lead WHERE id IN ({}) AND state <> ''", names):
        lead = rows.read(name, partial(read_plain_lead, state))
        if lead is not None:
            yield name, lead


def _on_deals(deals: Sequence[str]) -> Iterator[str]:
    return (name for (name,) in _asked("SELECT DISTINCT lead_id FROM handoffs_deal WHERE id IN ({})", deals))


def _as_heard_of(leads: Sequence[Lead]) -> list[Lead]:
    """Those who share a deal in the order in which they were first heard of; it matters for nobody else."""
    first: dict[str, str] = {}
    shared: set[str] = set()
    for lead in leads:
        for deal in lead.deals:
            if first.setdefault(deal, lead.id) != lead.id:
                shared |= {first[deal], lead.id}
    if not shared:
        return list(leads)
    statement = "SELECT lead, recorded_at, position FROM facts_fact WHERE lead IN ({}) ORDER BY recorded_at, position"
    places: dict[str, int] = {}
    for name, *_ in sorted(_asked(statement, sorted(shared)), key=lambda row: row[1:]):
        places.setdefault(name, len(places))
    return sorted(leads, key=lambda lead: places.get(lead.id, -1))


def _notes(leads: Sequence[str], cycles: Sequence[str], deals: Sequence[str]) -> Notes:
    notes = Notes()
    for cycle, band, icp, signals, overturned in _asked(_DELIVERED, cycles):
        notes.delivered[cycle] = Stood(band, icp, tuple(signals.split()))
        if overturned is not None:
            notes.overturned[cycle] = overturned
    notes.cancelled.update((clock, at) for clock, at, _ in _asked(_CANCELLED, cycles, by=lambda row: row[2]))
    notes.touches += [Touch(cycle, at, bool(contact)) for cycle, at, contact in _asked(_TOUCHES, cycles)]
    notes.activities += [Activity(*row[:4]) for row in _asked(_ENGAGEMENTS, leads, by=lambda row: row[4])]
    notes.changes += [_change(*row[:6]) for row in _asked(_CHANGES, deals, by=lambda row: row[6:])]
    return notes


_DELIVERED = "SELECT cycle, band, icp, signals, overturned_at FROM scoreboard_delivered WHERE cycle IN ({})"
_CANCELLED = (
    "SELECT clock, at, recorded_at FROM handoffs_clocktransition WHERE cycle_id IN ({}) "
    "AND change IN ('cancelled', 'missed')"
)
_TOUCHES = "SELECT cycle, at, contact FROM scoreboard_touch WHERE cycle IN ({})"
_ENGAGEMENTS = "SELECT lead, at, kind, campaign, recorded_at FROM scoreboard_engagement WHERE lead IN ({})"
_CHANGES = (
    "SELECT at, deal, state, opened_at, amount, currency, recorded_at, position FROM scoreboard_dealchange "
    "WHERE deal IN ({})"
)


def _change(at: Instant, deal: str, state: str, opened_at: Instant, amount: Any, currency: str) -> Change:
    return Change(
        at, Deal(id=deal, state=DealState(state), opened_at=opened_at, amount=_exact(amount), currency=currency)
    )


def _exact(amount: Any) -> Any:
    """SQLite hands a decimal over as it was bound."""
    return None if amount is None else Decimal(str(amount))


def _asked(statement: str, names: Sequence[str], by: Callable[[Any], Any] | None = None) -> list[Any]:
    found: list[Any] = []
    with connection.cursor() as cursor:
        for begin in range(0, len(names), _SOME):
            some = names[begin : begin + _SOME]
            cursor.execute(statement.format(", ".join(["%s"] * len(some))), some)
            found += cursor.fetchall()
    return found if by is None else sorted(found, key=by)
