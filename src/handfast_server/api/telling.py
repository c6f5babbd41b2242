"""Batches: items in runs and decisions one by one, in the order in which they were told."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.db import InterfaceError, OperationalError

from handfast.errors import SealBroken
from handfast_server.access import Principal
from handfast_server.handoffs.access import access_handoff
from handfast_server.handoffs.asked import Asked, check_speaker
from handfast_server.intake import keys
from handfast_server.intake.item import Item, Outcome, Status
from handfast_server.intake.refused import ItemRefused
from handfast_server.intake.take import UNKNOWN, take_in
from handfast_server.intake.wire import DecisionIn
from handfast_server.leads.models import Lead
from handfast_server.refused import Refused

_log = logging.getLogger("handfast.intake")


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision as it was told, and whose handoff it is about."""

    wire: DecisionIn
    item: Item


def in_order(principal: Principal, read: Sequence[Item | Decision | Outcome]) -> Iterator[Outcome]:
    """What became of each, in their order; what was refused while it was read stays so."""
    for decisions, some in groupby(read, key=lambda each: isinstance(each, Decision)):
        if decisions:
            yield from (_decided(principal, each) for each in some if isinstance(each, Decision))
        else:
            yield from _run([each for each in some if not isinstance(each, Decision)])


def _run(read: Sequence[Item | Outcome]) -> Iterator[Outcome]:
    taken = iter(take_in([each for each in read if isinstance(each, Item)]))
    yield from (each if isinstance(each, Outcome) else next(taken) for each in read)


def _decided(principal: Principal, told: Decision) -> Outcome:
    """As by its own address. Raises OperationalError, SealBroken, which are no item's fault."""
    name = told.item.name
    try:
        decided = told.wire.decide(_asked(principal, told))
    except ItemRefused as refused:
        return Outcome.refused(name, refused)
    except Refused as refused:
        return Outcome.refused(name, ItemRefused(refused.code, refused.message, refused.path))
    except (OperationalError, InterfaceError, SealBroken):
        raise
    except Exception as broken:  # noqa: BLE001 # whatever it is, it is one item's, and the others go on
        _log.warning("decision broke", extra={"item_source": told.item.source, "error": type(broken).__name__})
        message = f"It could not be taken in ({type(broken).__name__}): nothing was decided, and nothing of it is kept."
        return Outcome.refused(name, ItemRefused("broken", message))
    return Outcome(status=Status.REPEAT if decided.repeat else Status.ACCEPTED, name=name, lead=decided.lead)


def _asked(principal: Principal, told: Decision) -> Asked:
    wire, item = told.wire, told.item
    lead = _lead(principal, item)
    return Asked(
        lead=lead,
        by=check_speaker(principal, wire.by),
        own_word=principal.scopes is None,
        name=f"{item.name}:decided",
        cycle=wire.cycle,
        at=None if wire.happened_at is None else item.happened_at,
    )


def _lead(principal: Principal, item: Item) -> str:
    """The one lead that is named, and that they may speak of. Raises ItemRefused."""
    found = {item.lead} if item.lead else set(keys.leads_of(item.asked).values())
    if len(found) > 1:
        raise ItemRefused("not_one", "What is said here names more than one lead: decide about one of them.", "lead")
    try:
        [lead] = found
        access_handoff(principal, lead)
    except (ValueError, Lead.DoesNotExist):
        raise ItemRefused("unknown_lead", UNKNOWN) from None
    return lead
