"""What every item has, and who it is about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

from handfast.facts import LeadFact
from handfast.instant import Instant, parse_instant
from handfast_server.intake.item import RESERVED, USER, Item
from handfast_server.intake.refused import ItemRefused
from handfast_server.intake.values import clean_email, clean_id, clean_text
from handfast_server.now import now

Name: TypeAlias = Annotated[str, Field(min_length=1, max_length=200)]
Text: TypeAlias = Annotated[str, Field(max_length=10_000)]
ItemKey: TypeAlias = Annotated[
    str, Field(max_length=200, description="The item's own key at its source: the same key twice is one item.")
]
When: TypeAlias = Annotated[
    str,
    Field(
        max_length=40,
        description="An instant with its offset; now when left out.",
        examples=["2026-11-23T10:00:00+01:00"],
    ),
]
Told: TypeAlias = Mapping[str, Any]


class Wire(BaseModel):
    """What every item has."""

    model_config = ConfigDict(extra="forbid")

    key: ItemKey = ""
    happened_at: When | None = None

    @property
    def at(self) -> Instant:
        """When it happened."""
        return now() if self.happened_at is None else instant(self.happened_at, "happened_at")


class AboutLead(Wire):
    """Who it is about: whatever is known of them."""

    lead: str = Field("", max_length=40, description="The lead's id here.")
    email: str = Field("", max_length=320, examples=["ann@buyer.example"])
    user_id: str = Field("", max_length=320, description="The id that your own product has for them.")
    anonymous_id: str = Field("", max_length=320, description="The id of a browser of which nobody knows whose it is.")
    ids: Mapping[str, str] = Field(default_factory=dict, description="Ids by system.", examples=[{"hubspot": "151"}])

    def identities(self) -> dict[str, Any]:
        """The keys as an item has them. Raises ItemRefused."""
        ids = {clean_system(system): clean_id(value, f"ids.{system}") for system, value in self.ids.items()}
        if self.user_id:
            ids[USER] = clean_id(self.user_id, "user_id")
        found = {
            "lead": self.lead,
            "email": clean_email(self.email, "email"),
            "ids": ids,
            "anonymous": clean_text(self.anonymous_id, "anonymous_id"),
        }
        if not any(found.values()):
            raise ItemRefused("no_identity", "Say whose it is: lead, email, user_id, ids or anonymous_id.", "email")
        return found


def known_only(wire: AboutLead, name: str, source: str, fact: LeadFact) -> Item:
    """An item about somebody who has to be known. Raises ItemRefused."""
    who = wire.identities()
    return Item(
        name=name,
        source=source,
        happened_at=fact.happened_at,
        introduces=False,
        facts=(fact,),
        **{**who, "anonymous": ""},
    )


def instant(raw: str, path: str) -> Instant:
    """An instant. Raises ItemRefused."""
    try:
        return parse_instant(raw)
    except (ValueError, OverflowError):
        raise ItemRefused("bad_instant", "An instant has an offset, as in 2026-11-23T10:00:00+01:00.", path) from None


def clean_system(name: str) -> str:
    """The name of a system. Raises ItemRefused."""
    plain = name.strip().casefold()
    if not plain or len(plain) > 40 or plain in RESERVED or not plain.replace("_", "").replace("-", "").isalnum():
        raise ItemRefused("bad_system", "A system is named by 1 to 40 letters, digits, - and _.", f"ids.{name[:40]}")
    return plain


def base(name: str, at: Instant) -> dict[str, Any]:
    """What every fact has, before it is known when it is recorded."""
    return {"id": name, "happened_at": at, "recorded_at": at}
