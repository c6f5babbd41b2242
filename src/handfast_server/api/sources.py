"""Sources that post without a person's token: tracking, forms and webhooks; and what of theirs was set aside."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Router
from ninja import Status as Answer
from pydantic import BaseModel, ConfigDict, Field

from handfast_server.api.auth import may
from handfast_server.api.errors import Error
from handfast_server.api.fields import MomentOut
from handfast_server.intake.aside import shown
from handfast_server.intake.models import EventRule, SetAside, Source, SourceKind
from handfast_server.intake.stating import Stated, do_again, do_drop, do_renew_key, do_state_source

router = Router(tags=["Sources"])

_Origin = Annotated[str, Field(pattern=r"^(\*|https?://[^/\s]{1,250})$")]


class EventIn(BaseModel):
    """What an event of a tracking source is in the contract. ``properties``: name → path in the event's own."""

    model_config = ConfigDict(extra="forbid")

    event: str = Field(min_length=1, max_length=200)
    kind: str = Field(min_length=1, max_length=100)
    properties: dict[str, Annotated[str, Field(max_length=100)]] = Field(default_factory=dict, max_length=50)


class SourceIn(BaseModel):
    """A source as it is to be."""

    model_config = ConfigDict(extra="forbid")

    kind: SourceKind
    origins: list[_Origin] = Field(default_factory=list, max_length=50, description="Sites whose pages may post here.")
    settings: dict[str, Any] = Field(default_factory=dict, max_length=20)
    mapping: dict[str, Any] = Field(default_factory=dict, max_length=20)
    events: list[EventIn] = Field(default_factory=list, max_length=500)
    secret: str = Field("", max_length=200, description="Of a webhook; made when left out.")
    active: bool = True


class SourceOut(BaseModel):
    """A source. ``shown_once`` is its write key or its secret, when it was made just now."""

    name: str
    kind: SourceKind
    origins: list[str]
    settings: dict[str, Any]
    mapping: dict[str, Any]
    events: list[EventIn]
    active: bool
    shown_once: str = ""


class AsideOut(BaseModel):
    """Something that could not be taken in."""

    id: int
    name: str
    source: str
    at: MomentOut
    code: str
    message: str
    body: Any


@router.get("", response=list[SourceOut], operation_id="list_sources")
@may("endpoints.read")
def list_sources(request: HttpRequest) -> list[SourceOut]:
    """Every source, without its secrets."""
    return [_out(source) for source in Source.objects.order_by("name")]


@router.get("set-aside", response=list[AsideOut], operation_id="list_set_aside")
@may("endpoints.read")
def list_set_aside(request: HttpRequest, after: int = 0, limit: Annotated[int, Field(ge=1, le=200)] = 50) -> list[Any]:
    """What could not be taken in, the oldest first."""
    rows = SetAside.objects.filter(id__gt=after).order_by("id")[:limit]
    return [
        AsideOut(
            id=row.pk, name=row.name, source=row.source, at=row.at, code=row.code, message=row.message, body=shown(row)
        )
        for row in rows
    ]


@router.post("set-aside/{int:aside}/again", response={200: dict[str, str], 404: Error}, operation_id="tell_again")
@may("endpoints.write")
def tell_again(request: HttpRequest, aside: int) -> dict[str, str]:
    """Tell it again: what is taken in now is set aside no more."""
    outcome = do_again(aside)
    return {"status": outcome.status, "lead": outcome.lead, "code": outcome.code, "message": outcome.message}


@router.delete("set-aside/{int:aside}", response={204: None}, operation_id="drop_set_aside")
@may("endpoints.write")
def drop_set_aside(request: HttpRequest, aside: int) -> Answer[None]:
    """Throw it away."""
    do_drop(aside)
    return Answer(204, None)


@router.put("{slug:name}", response={200: SourceOut, 422: Error}, operation_id="put_source")
@may("endpoints.write")
def put_source(request: HttpRequest, name: str, body: SourceIn) -> SourceOut:
    """Make a source, or change it. A new one's write key, or its secret, is shown this once."""
    told = Stated(**{**body.model_dump(), "kind": body.kind})
    return _out(*do_state_source(name, told))


@router.post("{slug:name}/key", response={200: SourceOut, 404: Error}, operation_id="renew_source_key")
@may("endpoints.write")
def renew_source_key(request: HttpRequest, name: str) -> SourceOut:
    """A new write key or secret in place of the old one, which is worth nothing from now on."""
    return _out(*do_renew_key(name))


def _out(source: Source, shown: str = "") -> SourceOut:
    rules = EventRule.objects.filter(source=source).order_by("event")
    return SourceOut(
        name=source.name,
        kind=SourceKind(source.kind),
        origins=source.origins,
        settings=source.settings,
        mapping=source.mapping,
        events=[EventIn(event=rule.event, kind=rule.kind, properties=rule.properties) for rule in rules],
        active=source.active,
        shown_once=shown,
    )
