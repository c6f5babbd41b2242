"""Items of any type, each read by itself, so that one that is malformed spoils no other."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from functools import partial
from typing import Annotated, Any, TypeAlias

import orjson
from pydantic import Field, TypeAdapter, ValidationError

from handfast_server.intake.item import Item
from handfast_server.intake.refused import ItemRefused
from handfast_server.intake.values import clean_text
from handfast_server.intake.wire.decisions import DECISIONS, AnyDecision
from handfast_server.intake.wire.leads import ActivityIn, ConsentIn, LeadIn, OpportunityIn, StageIn, TouchIn
from handfast_server.intake.wire.team import (
    AbsenceCancelledIn,
    AbsenceIn,
    ManagerIn,
    MemberIn,
    MemberRemovedIn,
    OwnerIn,
    RepIn,
)

MOST = 5_000
"""Items of one batch."""

AnyItem: TypeAlias = Annotated[
    LeadIn
    | ActivityIn
    | TouchIn
    | ConsentIn
    | OpportunityIn
    | StageIn
    | RepIn
    | MemberIn
    | MemberRemovedIn
    | ManagerIn
    | AbsenceIn
    | AbsenceCancelledIn
    | OwnerIn
    | AnyDecision,
    Field(discriminator="type"),
]
_ANY: TypeAdapter[Any] = TypeAdapter(AnyItem)

NEEDS: Mapping[str, str] = {
    "lead": "leads.write",
    "activity": "leads.write",
    "consent": "leads.write",
    "stage": "leads.write",
    "touch": "touches.write",
    "opportunity": "deals.write",
    "account_owner": "team.write",
    **dict.fromkeys(("rep", "member", "member_removed", "absence", "absence_cancelled"), "team.write"),
    "manager": "team.appoint",
    **DECISIONS,
}
"""What somebody has to be allowed to tell of each type."""


def read_any(raw: object) -> AnyItem:
    """An item of a batch, as it was written. Raises ItemRefused."""
    try:
        found: AnyItem = _ANY.validate_python(raw)
    except ValidationError as wrong:
        raise refused(wrong) from wrong
    return found


def refused(wrong: ValidationError) -> ItemRefused:
    """The first of what is wrong, with its place."""
    first = wrong.errors(include_url=False, include_input=False, include_context=False)[0]
    place = [str(part) for part in first["loc"]]
    return ItemRefused(
        "malformed", f"{first['msg']}.", ".".join(place[1:] if place[:1] and place[0] in NEEDS else place)
    )


def item_of(wire: Any, source: str, spare_key: str = "") -> Item:
    """The item of what was written. ``spare_key`` is its key when it has none of its own. Raises ItemRefused."""
    key = clean_text(wire.key, "key", 200) or spare_key or uuid.uuid4().hex
    made: Item = wire.item(f"{source}:{key}", source)
    return _with(made, partial(_body, wire))


def _body(wire: Any) -> str:
    return orjson.dumps(wire.model_dump(mode="json", exclude_defaults=True) | {"type": wire.type}).decode()


def with_body(item: Item, body: str) -> Item:
    """The item with what came."""
    return _with(item, lambda: body)


def _with(item: Item, came: Callable[[], str]) -> Item:
    object.__setattr__(item, "came", came)  # nobody has seen it yet
    return item
