"""What a lead is found and shown by, beside the engine's value: kept from its attributes."""

from __future__ import annotations

from collections.abc import Mapping

from handfast.cycle.values import Lead
from handfast_server.decide.rows import change
from handfast_server.decide.session import Session
from handfast_server.leads.models import Lead as LeadRow

_NAMES = ("email", "first_name", "last_name", "name", "company", "phone", "title")


def write(session: Session, before: Mapping[str, Lead | None]) -> None:
    """Write the columns of those leads that say something else of themselves now."""
    rows = {}
    for name, was in before.items():
        lead = session.lead(name)
        if lead is None or (was is not None and lead.known is was.known):
            continue
        if _said(lead) != _said(was):
            rows[lead.id] = (lead.id, *columns(lead))
    change(LeadRow, _COLUMNS, [rows[name] for name in sorted(rows)])


_COLUMNS = ("id", "email", "name", "company", "phone", "title")


def columns(lead: Lead) -> tuple[str, str, str, str, str]:
    """Address, name, company, telephone and title, as they were written."""
    email, first, last, name, company, phone, title = _said(lead)
    whole = name or f"{first} {last}".strip()
    return email[:320], whole[:300], company[:300], phone[:60], title[:300]


def _said(lead: Lead | None) -> tuple[str, ...]:
    if lead is None:
        return ("",) * len(_NAMES)
    known = lead.known
    return tuple("" if (value := known.get(name)) is None else str(value) for name in _NAMES)
