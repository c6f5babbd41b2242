"""A lead forgotten, and everything known of one handed out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from uuid import uuid4

from django.db import DatabaseError
from django.utils.module_loading import import_string

from handfast.cycle.values import Lead as LeadValue
from handfast.facts import LeadErased
from handfast_server.audit.record import record
from handfast_server.decide.session import Session
from handfast_server.decide.transaction import in_transaction
from handfast_server.leads.models import Lead
from handfast_server.leads.rebuilt import rebuilt
from handfast_server.now import now
from handfast_server.observe.log import get_logger

log = get_logger("leads")

FORGETS = (
    "handfast_server.audit.forget.forget",
    "handfast_server.delivery.actions.forget",
    "handfast_server.scoreboard.forget.forget",
    "handfast_server.contracts.forget.forget",
    "handfast_server.intake.forget.forget",
    "handfast_server.leads.forget.forget",
)
"""What each application does to forget leads, given their ids, in the transaction that erases them.

An application that keeps something personal of leads adds a line, before that of the leads themselves: keys go last.
"""

PERSONAL = (
    "handfast_server.leads.forget.personal",
    "handfast_server.intake.forget.personal",
    "handfast_server.contracts.forget.personal",
)
"""What each application knows of leads, given their ids: topics and their rows, as plain data."""


def do_erase(lead: str) -> str:
    """Forget a human, under all names that were merged into theirs; the id under which their counts stay.

    Done again, it forgets again: what an application learned to forget since, too. Raises Lead.DoesNotExist.
    """

    def work() -> str:
        survivor = _survivor(lead)
        session, at = Session(), now()
        fact = LeadErased(id=f"erase:{uuid4().hex}", lead=survivor, happened_at=at, recorded_at=at)
        session.lock([fact])
        known = _known(session, survivor)
        if known is not None and not known.erased:
            session.tell(fact)
            session.write()
        everybody = names_of(survivor)
        for dotted in FORGETS:
            forget: Callable[[Sequence[str]], None] = import_string(dotted)
            forget(everybody)
        record("leads.erased", f"lead:{survivor}")
        return survivor

    return in_transaction(work)


def _known(session: Session, lead: str) -> LeadValue | None:
    """The lead; where its row cannot be read, what other rows tell of it: a right does not wait for a mending."""
    try:
        known = session.lead(lead)
    except DatabaseError:
        raise
    except Exception as broken:  # noqa: BLE001 # a row that was damaged can raise anything
        log.warning("unreadable", lead=lead, error=type(broken).__name__)
    else:
        if known is None or known.id == lead:
            return known
    found = rebuilt(lead)
    session.stand_in(lead, found)
    return found


def do_hand_out(lead: str) -> dict[str, Any]:
    """Everything known of a human, to be handed to them as one file. Raises Lead.DoesNotExist."""

    def work() -> dict[str, Any]:
        survivor = _survivor(lead)
        everybody = names_of(survivor)
        told: dict[str, Any] = {"lead": survivor, "handed_out_at": now()}
        for dotted in PERSONAL:
            personal: Callable[[Sequence[str]], dict[str, Any]] = import_string(dotted)
            told |= personal(everybody)
        record("leads.handed_out", f"lead:{survivor}")
        return told

    return in_transaction(work)


def names_of(survivor: str) -> list[str]:
    """The id of a lead and of every lead that was merged into it, however many times removed."""
    found, new = [survivor], [survivor]
    while new:
        new = list(Lead.objects.filter(merged_into__in=new).exclude(pk__in=found).values_list("pk", flat=True))
        found += new
    return found


def _survivor(lead: str) -> str:
    row = Lead.objects.get(pk=lead)
    while row.merged_into:
        row = Lead.objects.get(pk=row.merged_into)
    return row.pk
