"""Sources that post without a person's token: tracking, forms and webhooks; and what of theirs was set aside."""

from __future__ import annotations

import json
import secrets
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Router
from ninja import Status as Answer
from pydantic import BaseModel, ConfigDict, Field

from handfast_server.access.principal import OURS
from handfast_server.api.auth import may
from handfast_server.api.errors import ApiRefused, Error
from handfast_server.api.fields import MomentOut
from handfast_server.audit.record import record
from handfast_server.decide.transaction import in_transaction, writing
from handfast_server.intake.again import do_tell_again
from handfast_server.intake.aside import shown
from handfast_server.intake.hooks import mapping_problem, scheme_of
from handfast_server.intake.models import EventRule, SetAside, Source, SourceKind
from handfast_server.intake.refused import ItemRefused
from handfast_server.intake.sources import new_key
from handfast_server.now import now
from handfast_server.secrets import encrypt

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
    row = SetAside.objects.get(pk=aside)
    record("sources.told_again", f"set_aside:{aside}", details={"source": row.source})
    outcome = do_tell_again(row)
    return {"status": outcome.status, "lead": outcome.lead, "code": outcome.code, "message": outcome.message}


@router.delete("set-aside/{int:aside}", response={204: None}, operation_id="drop_set_aside")
@may("endpoints.write")
def drop_set_aside(request: HttpRequest, aside: int) -> Answer[None]:
    """Throw it away."""
    with writing():
        if SetAside.objects.filter(pk=aside).delete()[0]:
            record("sources.dropped", f"set_aside:{aside}")
    return Answer(204, None)


@router.put("{slug:name}", response={200: SourceOut, 422: Error}, operation_id="put_source")
@may("endpoints.write")
def put_source(request: HttpRequest, name: str, body: SourceIn) -> SourceOut:
    """Make a source, or change it. A new one's write key, or its secret, is shown this once."""
    _check(name, body)

    def work() -> SourceOut:
        source = Source.objects.filter(name=name).first() or Source(name=name, made_at=now())
        shown = _secrets(source, body)
        source.kind, source.origins, source.active = body.kind, list(body.origins), body.active
        source.settings, source.mapping = body.settings, body.mapping
        source.save()
        EventRule.objects.filter(source=source).delete()
        EventRule.objects.bulk_create(EventRule(source=source, **each.model_dump()) for each in body.events)
        told = {"kind": body.kind, "active": body.active, "secret": bool(shown or body.secret)}
        record("sources.stated", f"source:{name}", details=told)
        return _out(source, shown)

    return in_transaction(work)


@router.post("{slug:name}/key", response={200: SourceOut, 404: Error}, operation_id="renew_source_key")
@may("endpoints.write")
def renew_source_key(request: HttpRequest, name: str) -> SourceOut:
    """A new write key or secret in place of the old one, which is worth nothing from now on."""
    with writing():
        source = Source.objects.select_for_update().get(name=name)
        source.digest, source.secret = None, ""
        shown = _secrets(source, SourceIn(kind=SourceKind(source.kind), secret=""))
        source.save()
        record("sources.key_renewed", f"source:{name}")
    return _out(source, shown)


def _check(name: str, body: SourceIn) -> None:
    if len(name) > 60:
        raise ApiRefused(422, "malformed", "A source's name has at most 60 letters.", "name")
    if name in OURS:
        raise ApiRefused(422, "malformed", "Under this name the service speaks itself; choose another.", "name")
    if len(json.dumps([body.settings, body.mapping])) > 100_000:
        raise ApiRefused(422, "too_long", "Settings and mapping have at most 100,000 letters.", "settings")
    thanks = body.settings.get("thanks", "")
    if not isinstance(thanks, str) or (thanks and not thanks.startswith(("https://", "http://"))):
        raise ApiRefused(422, "malformed", "thanks is the whole address of a page.", "settings.thanks")
    per_minute = body.settings.get("per_minute", 1)
    if isinstance(per_minute, bool) or not isinstance(per_minute, int) or not 1 <= per_minute <= 1_000_000:
        raise ApiRefused(422, "malformed", "per_minute is a whole number from 1.", "settings.per_minute")
    if body.kind is SourceKind.WEBHOOK:
        _check_webhook(body)
    elif not all(isinstance(each, dict) for each in body.mapping.values()):
        raise ApiRefused(422, "malformed", "A mapping has names under fields or traits.", "mapping")


def _check_webhook(body: SourceIn) -> None:
    if problem := mapping_problem(body.mapping):
        raise ApiRefused(422, "bad_mapping", problem, "mapping")
    try:
        scheme_of(body.settings)
    except ItemRefused as refused:
        raise ApiRefused(422, refused.code, str(refused), f"settings.{refused.path}") from refused


def _secrets(source: Source, body: SourceIn) -> str:
    """Make what is missing; what was made, to be shown once."""
    if body.kind is SourceKind.TRACKING and not source.digest:
        text, source.digest = new_key()
        return text
    if body.kind is SourceKind.WEBHOOK and (body.secret or not source.secret):
        made = body.secret or secrets.token_urlsafe(32)
        source.secret = encrypt(made)
        return "" if body.secret else made
    return ""


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
