"""Everything known of one lead: what was told, what was decided about it, and why.

Why a decision fell as it did was written while it was decided, and is read. What stands now, the score and each due,
is explained anew from the lead's state by the core.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any, NamedTuple

from handfast.condition import tests_in
from handfast.cycle.log import Log
from handfast.cycle.values import Act, Cycle, Lead
from handfast.engine.course import course
from handfast.engine.explain import node_of
from handfast.engine.judge import counted, then
from handfast.engine.release import would_qualify
from handfast.engine.seen import ClockSeen, JudgementSeen, ScoreSeen
from handfast.engine.terms import Terms, Version
from handfast.instant import Instant
from handfast.qualify import Judgement, judged
from handfast.score import Scored
from handfast.score.bar import edges_of
from handfast_server.bridge.lead import KeptLog, read_acts, read_lead
from handfast_server.bridge.seen import read_seen
from handfast_server.decide import terms as versions
from handfast_server.handoffs.models import Explanation
from handfast_server.leads.models import Activity
from handfast_server.leads.models import Lead as LeadRow
from handfast_server.now import now
from handfast_server.observe.log import get_logger

log = get_logger("handoffs")


def lead_of(row: LeadRow, terms: Terms) -> Lead | None:
    """The core's value of a lead; None for one of which nothing was told yet."""
    log: Log[Act] = KeptLog(row.acts, partial(_acts, row.pk))
    return read_lead(row.state, terms, log) if row.state else None


def _acts(name: str) -> list[Act]:
    rows = Activity.objects.filter(lead=name).order_by("position")
    return read_acts(list(rows.values_list("happened_at", "kind", "properties", "loaded")))


def story_of(row: LeadRow) -> dict[str, Any]:
    """What is known of the lead, its score and judgement as of now, its cycles, and why everything was decided so."""
    terms, at = versions.current(), now()
    lead = lead_of(row, terms)
    if lead is None:
        return {"known": {}, "score": None, "judgement": None, "cycles": [], "cool_until": None, "explanations": []}
    return {
        "known": {name: _plain(value) for name, value in lead.known.items()},
        "cool_until": lead.cool_until,
        **_standing(lead, terms, at),
        "cycles": [_cycle(cycle, lead, terms) for cycle in _cycles(lead)],
        "explanations": explanations([row.pk]),
    }


def _cycles(lead: Lead) -> Iterable[Cycle]:
    return [*([] if lead.cycle is None else [lead.cycle]), *reversed(lead.ended)]


def _standing(lead: Lead, terms: Terms, at: Instant) -> dict[str, Any]:
    """The score, line by line, and the judgement under the version that governs the lead now."""
    version = _governing(lead, terms, at)
    if version is None:
        return {"score": None, "judgement": None}
    standing = lead.standing
    if standing is None or standing.version != version.number:
        standing = counted(lead, version)
    seen = then(lead, standing, at)
    judgement: Judgement = judged(version.contract, seen)
    return {
        "score": node_of(ScoreSeen.of(standing, judgement.band, at), terms).plain(),
        "judgement": node_of(JudgementSeen(version.number, seen, judgement), terms).plain(),
    }


class Course(NamedTuple):
    """The score as of instants one after the other, under a version; ``bars`` are the totals that it asks for."""

    version: int
    bars: tuple[int, ...]
    points: tuple[tuple[Instant, Scored], ...]


POINTS = 60
"""Instants of a course besides those at which the lead did something: points fade between them."""

_ACTS = 200


def course_of(row: LeadRow) -> Course | None:
    """The score of a lead over time under the version that governs it now, by what is known today."""
    terms, at = versions.current(), now()
    lead = lead_of(row, terms)
    version = None if lead is None else _governing(lead, terms, at)
    if lead is None or version is None:
        return None
    acts = [act.happened_at for act in lead.acts if act.happened_at <= at][-_ACTS:]
    first = min((row.created_at, *acts))
    instants = [*acts, *(first + (at - first) * place // POINTS for place in range(POINTS + 1))]
    bar = version.contract.definitions.mql.when
    bars = {min(edges_of(test)) for test in tests_in(bar) if test.name == "total" and edges_of(test)}
    return Course(version.number, tuple(sorted(bars)), tuple(course(lead, version, instants)))


def _governing(lead: Lead, terms: Terms, at: Instant) -> Version | None:
    pinned = None if lead.cycle is None else lead.cycle.version
    return terms.in_force(at) if pinned is None else terms.of(pinned)


def _cycle(cycle: Cycle, lead: Lead, terms: Terms) -> dict[str, Any]:
    number = cycle.version
    return {
        "id": cycle.id,
        "attempts": list(cycle.attempts),
        "inferred": sorted(cycle.inferred),
        "deals": list(cycle.deals),
        "clocks": [
            {"id": clock.id, "why": None if number is None else node_of(ClockSeen.of(number, clock), terms).plain()}
            for clock in cycle.clocks.values()
        ],
        "breaches": [
            {"clock": breach.clock, "cause": None if breach.cause is None else breach.cause.value}
            for breach in lead.breaches.values()
            if breach.cycle == cycle.id
        ],
    }


def explanations(leads: Iterable[str]) -> list[dict[str, Any]]:
    """Why everything about these leads was decided as it was, in words, in the order in which it was."""
    terms = versions.current()
    rows = Explanation.objects.filter(lead__in=leads).order_by("at", "fact").values("fact", "cycle", "at", "trace")
    return [{**row, "trace": _words(row["fact"], row["trace"], terms)} for row in rows]


def _words(fact: str, trace: str, terms: Terms) -> list[dict[str, object]]:
    """One explanation; none where it cannot be read: what else is known is told all the same."""
    try:
        return [node_of(seen, terms).plain() for seen in read_seen(trace)]
    except (ValueError, LookupError, TypeError) as broken:
        log.warning("unreadable", fact=fact, error=type(broken).__name__)
        return []


def _plain(value: object) -> object:
    return value if value is None or isinstance(value, str | int | bool) else str(value)


def releasable(rows: Iterable[LeadRow]) -> list[dict[str, Any]]:
    """Those of the leads that a release would qualify now, with what it would rest on."""
    terms, at = versions.current(), now()
    found = []
    for row in rows:
        lead = lead_of(row, terms)
        judgement = None if lead is None else would_qualify(lead, terms, at)
        if judgement is not None:
            found.append({"lead": row.pk, "hand_raised": judgement.hand_raised, "bar": judgement.bar})
    return found


def reason_of(version: int | None, name: str) -> Mapping[str, str]:
    """The title and the clause of a reason, under the version that a cycle is pinned to."""
    reason = None if version is None else versions.current().of(version).contract.reasons.get(name)
    return {"title": "", "clause": ""} if reason is None else {"title": reason.title, "clause": reason.clause}
