"""Why a lead is there: what scored most, and what it wrote. Cards and messages say the same."""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from operator import or_
from typing import Any

import orjson
from django.db.models import Q

from handfast.engine.judge import counted
from handfast.instant import Instant
from handfast.score import explain_state
from handfast_server.decide import terms as versions
from handfast_server.handoffs.story import lead_of
from handfast_server.leads.models import Activity
from handfast_server.leads.models import Lead as LeadRow
from handfast_server.observe.log import get_logger

_REASONS = 3
_OWN_WORDS = ("message", "comment", "comments", "question", "notes", "note", "description", "text", "request")

log = get_logger("handoffs")


def reasons_for(row: LeadRow, number: int | None, at: Instant) -> list[tuple[str, int]] | None:
    """What scored most, and by how much; None where it cannot be told."""
    terms = versions.current()
    try:
        version = terms.of(number) if number is not None else terms.in_force(at)
        lead = lead_of(row, terms)
        if lead is None or version is None:
            return None
        standing = lead.standing
        if standing is None or standing.version != version.number:
            standing = counted(lead, version)
        lines = explain_state(version.table, standing.values, standing.score, at).lines
    except (ValueError, LookupError, TypeError) as broken:
        log.warning("unreadable", lead=row.pk, error=type(broken).__name__)
        return None
    best = sorted(lines, key=lambda line: line.value, reverse=True)[:_REASONS]
    return [(line.title, line.value) for line in best if line.value > 0]


def own_words(raised: Mapping[str, Instant]) -> dict[str, str]:
    """What leads wrote last, by lead, from what qualified them on; ``raised`` says when that was.

    Who qualified by what they did may ask in words a moment later: they belong to the same handoff.
    """
    worded = reduce(or_, (Q(properties__contains=f'"{name}"') for name in _OWN_WORDS))
    acts = Activity.objects.filter(worded, lead__in=raised, happened_at__gte=min(raised.values(), default=0))
    found: dict[str, str] = {}
    for lead, at, properties in acts.order_by("happened_at", "pk").values_list("lead_id", "happened_at", "properties"):
        if at >= raised[lead]:
            found[lead] = _said(orjson.loads(properties)) or found.get(lead, "")
    return found


def _said(properties: Mapping[str, Any]) -> str:
    told = (properties.get(name) for name in _OWN_WORDS)
    return next((text for text in told if isinstance(text, str) and text.strip()), "")
