"""The leads that somebody works: what is due next, what the contract asks for before each end."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.http import QueryDict

from handfast.condition import ValueType
from handfast.contract.model import Contract, Evidence, Reason, Verb
from handfast.contract.terms import DispositionKind
from handfast.cycle.life import CycleEvent, CycleState, after
from handfast.cycle.values import Cycle as CoreCycle
from handfast.engine.attempts import lacking, next_attempt
from handfast.engine.terms import Version
from handfast.instant import Instant
from handfast_server.access import Principal, access_owned
from handfast_server.decide import terms as versions
from handfast_server.delivery.links import reasons_of
from handfast_server.handoffs import queries
from handfast_server.handoffs.models import Cycle
from handfast_server.handoffs.story import lead_of
from handfast_server.leads.models import Lead as LeadRow
from handfast_server.observe.log import get_logger
from handfast_server.pages.asking import number_of
from handfast_server.pages.cards import counted_down, halves_of

WORKED = (CycleState.ACCEPTED, CycleState.SQL, CycleState.OPPORTUNITY)
SHOWN = 100
"""Leads of the page; whoever has more works the most urgent first."""

log = get_logger("pages")


class Ending(NamedTuple):
    """A reason to end it; ``needs`` says what the contract asks for, ``made`` how much is there where it lacks."""

    name: str
    title: str
    dated: bool
    wanted: int = 0
    span: str = ""
    made: int | None = None
    apart: bool = False

    @property
    def possible(self) -> bool:
        """Whether it may be given now."""
        return self.made is None


class Field(NamedTuple):
    """A piece of evidence in a form, and what was typed."""

    asked: Evidence
    value: str

    @property
    def title(self) -> str:
        """What it is called."""
        return self.asked.title or self.asked.name

    @property
    def kind(self) -> str:
        """How it is asked for: a choice of words, a tick, a date, a number or a text."""
        if self.asked.one_of:
            return "choice"
        return _KINDS.get(self.asked.type, "text")


_KINDS = {
    ValueType.BOOLEAN: "checkbox",
    ValueType.DATE: "date",
    ValueType.NUMBER: "number",
    ValueType.MONEY: "number",
}


def worked(who: Principal) -> QuerySet[Cycle]:
    """What somebody has accepted and not ended."""
    return access_owned(who).filter(state__in=WORKED)


def leads_of(who: Principal) -> list[dict[str, Any]]:
    """The most urgent first: by the next attempt, or the next promise, whichever is due sooner."""
    first = queries.keys(queries.by_due(worked(who)), "due").order_by("due", "pk")[:SHOWN]
    rows = queries.shown(row["pk"] for row in first)
    leads = LeadRow.objects.in_bulk([row["lead_id"] for row in rows])
    late, halves = queries.oldest_owed([row["id"] for row in rows]), halves_of(rows)
    found = [
        {
            **row,
            "half_at": halves.get(row["id"]),
            **counted_down(late.get(row["id"])),
            **_asked(row, leads[row["lead_id"]]),
        }
        for row in rows
    ]
    return sorted(found, key=lambda row: (row["state"] != CycleState.ACCEPTED, _urgency(row), row["id"]))


def _urgency(row: Mapping[str, Any]) -> Instant:
    dues = [row["due_at"], None if row["next"] is None else row["next"].due_at]
    return min((due for due in dues if due is not None), default=queries.NO_DUE)


def _asked(row: Mapping[str, Any], lead: LeadRow) -> dict[str, Any]:
    """What the contract asks about a lead; ``unreadable`` where its state cannot be read."""
    nothing: dict[str, Any] = {"title": lead.title, "next": None, "evidence": [], "endings": [], "dated": []}
    try:
        terms = versions.current()
        value = lead_of(lead, terms)
        cycle = None if value is None else value.cycle
        if cycle is None or cycle.id != row["id"] or cycle.version is None:
            return nothing
        return nothing | _questions(terms.of(cycle.version), cycle)
    except (ValueError, LookupError, TypeError) as broken:
        log.warning("unreadable", lead=lead.pk, error=type(broken).__name__)
        return nothing | {"unreadable": True}


def _questions(version: Version, cycle: CoreCycle) -> dict[str, Any]:
    endings = endings_of(version, cycle) if after(cycle.state, CycleEvent.DISQUALIFIED) is not None else []
    return {
        "next": next_attempt(version, cycle),
        "attempts": len(cycle.attempts),
        "can_qualify": after(cycle.state, CycleEvent.SALES_QUALIFIED) is not None,
        "evidence": evidence_of(version.contract),
        "endings": endings,
        "dated": [each for each in endings if each.dated],
    }


def evidence_of(contract: Contract) -> list[Evidence]:
    """What an SQL needs, in the contract's order."""
    return [contract.evidence[name] for name in contract.definitions.sql.needs]


def endings_of(version: Version, cycle: CoreCycle) -> list[Ending]:
    """The reasons to disqualify, each with what it still asks for."""
    reasons = version.contract.reasons
    return [_ending(reasons[name], version, cycle) for name, _ in reasons_of(version.contract, Verb.DISQUALIFY)]


def _ending(reason: Reason, version: Version, cycle: CoreCycle) -> Ending:
    dated = reason.then is not None and reason.then.kind is DispositionKind.RECYCLE_ON_DATE
    found = Ending(reason.name, reason.title or reason.name, dated)
    if reason.needs is None:
        return found
    found = found._replace(wanted=reason.needs.count, span=str(reason.needs.span))
    lacks = lacking(version, cycle, reason.needs)
    return found if lacks is None else found._replace(made=lacks.made, apart=lacks.apart)


def evidence_given(given: QueryDict, asked: list[Evidence]) -> dict[str, bool | Decimal | str]:
    """What a form says of each piece; the core decides whether that is enough."""
    found: dict[str, bool | Decimal | str] = {}
    for each in asked:
        text = given.get(f"evidence.{each.name}", "").strip()[:1000]
        if each.type is ValueType.BOOLEAN:
            found[each.name] = bool(text)
        elif text:
            found[each.name] = number_of(text) if each.type in {ValueType.NUMBER, ValueType.MONEY} else text
    return found
