"""Forms: what a page of a web site posts, and a small page with a form for who has none."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping
from typing import Any

import orjson
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from handfast.condition import Value
from handfast.contract.builtin import ATTRIBUTES
from handfast.errors import SealBroken
from handfast.facts import ActivityHappened
from handfast.instant import MINUTE
from handfast_server.decide import terms as versions
from handfast_server.decide.locked import recorded
from handfast_server.intake.aside import keep
from handfast_server.intake.item import Item, Outcome, Status
from handfast_server.intake.models import Source, SourceKind
from handfast_server.intake.public import (
    CLOSED,
    PublicRefused,
    body_of,
    check_origin,
    check_rate,
    closed,
    json_of,
    preflight,
    public,
    refusal,
    with_cors,
)
from handfast_server.intake.refused import ItemRefused
from handfast_server.intake.sources import source_named
from handfast_server.intake.take import take_in
from handfast_server.intake.values import clean_email, clean_text, clean_values, normal_attributes
from handfast_server.intake.wire import with_body
from handfast_server.now import now
from handfast_server.pages.core_words import in_words

TRAP = "hf_website"
"""A field that no human sees: what fills it is a program, or a browser too eager to help, and is set aside."""

PER_MINUTE = 30
LONGEST = 100_000
MOST = 100

UTM = {"utm_source": "source", "utm_medium": "medium", "utm_campaign": "campaign"}
"""Where a lead came from: told only where nothing is known yet, and always of the activity."""

USUAL_FIELDS = (
    {"name": "first_name", "label": gettext_noop("First name"), "type": "text"},
    {"name": "last_name", "label": gettext_noop("Last name"), "type": "text"},
    {"name": "email", "label": gettext_noop("Work e-mail"), "type": "email", "required": True},
    {"name": "company", "label": gettext_noop("Company"), "type": "text"},
    {"name": "message", "label": gettext_noop("How can we help?"), "type": "textarea"},
)


@public
def form(request: HttpRequest, name: str) -> HttpResponse:
    """Show the hosted form, or take in what a form says; pages of other sites post here, if their origin is named."""
    source = source_named(name, SourceKind.FORM)
    if source is None:
        raise PublicRefused(404, "not_found", "There is no such form.")
    if request.method == "OPTIONS":
        return preflight(request, source)
    if request.method == "GET":
        return _page(request, source)
    return _posted(request, source)


def thanks(request: HttpRequest, name: str) -> HttpResponse:
    """What somebody sees who sent the hosted form."""
    source = source_named(name, SourceKind.FORM)
    return render(request, "intake/thanks.html", {"title": source.settings.get("title", "") if source else ""})


def _page(request: HttpRequest, source: Source, wrong: str = "", status: int = 200) -> HttpResponse:
    given = {key: value for key, value in request.GET.items() if key in {*UTM, "utm_term", "utm_content"}}
    said: dict[str, Any] = {
        "title": source.settings.get("title") or _("Get in touch"),
        "fields": source.settings.get("fields") or [{**each, "label": _(str(each["label"]))} for each in USUAL_FIELDS],
        "address": reverse("hosted_form", args=[source.name]),
        "submission": uuid.uuid4().hex,
        "trap": TRAP,
        "utm": given,
        "wrong": in_words(wrong),
    }
    return render(request, "intake/form.html", said, status=status)


def _posted(request: HttpRequest, source: Source) -> HttpResponse:
    if request.method != "POST":
        raise PublicRefused(405, "method_not_allowed", "Forms are posted.")
    origin = check_origin(request, source, required=True)
    check_rate(request, source, PER_MINUTE)
    values = _values(request)
    try:
        outcome = _taken(source, values)
    except SealBroken as broken:
        return _closed(request, source, broken, origin)
    if outcome.status is Status.REFUSED:
        if _wants_json(request):
            said = {"ok": False, "code": outcome.code, "message": outcome.message, "path": outcome.path}
            return with_cors(JsonResponse(said, status=422), origin)
        return _page(request, source, outcome.message, 422)
    to = source.settings.get("thanks") or settings.BASE_URL + reverse("form_thanks", args=[source.name])
    if _wants_json(request):
        return with_cors(JsonResponse({"ok": True, "redirect": to}), origin)
    answer = HttpResponseRedirect(to)
    answer.status_code = 303
    return answer


def _closed(request: HttpRequest, source: Source, broken: SealBroken, origin: str) -> HttpResponse:
    said = refusal(request, closed(broken))
    if _wants_json(request):
        return with_cors(said, origin)
    page = _page(request, source, CLOSED, said.status_code)
    page["Retry-After"] = said["Retry-After"]
    return page


def _wants_json(request: HttpRequest) -> bool:
    return "application/json" in (request.headers.get("Accept", ""), request.content_type)


def _values(request: HttpRequest) -> dict[str, Any]:
    if request.content_type == "application/json":
        found = json_of(body_of(request, LONGEST))
        if not isinstance(found, dict) or len(found) > MOST:
            raise PublicRefused(400, "malformed", f"The body is an object of at most {MOST} values.")
        return found
    body_of(request, LONGEST)
    return {key: value for key, value in request.POST.items() if key}


def _taken(source: Source, values: dict[str, Any]) -> Outcome:
    try:
        item = item_of(source, values)
    except ItemRefused as refused:
        return Outcome.refused("", refused)
    if values.get(TRAP):
        keep(item.name, source.name, "honeypot", "A field was filled that no human sees.", item.came(), item.keys)
        return Outcome(status=Status.SET_ASIDE, name=item.name)
    return take_in([item])[0]


def item_of(source: Source, values: Mapping[str, Any]) -> Item:
    """What a form says, as an item. Raises ItemRefused."""
    at = now()
    fields: Mapping[str, str] = source.mapping.get("fields", {})
    given = {name: value for name, value in values.items() if not name.startswith("_") and name not in {TRAP, ""}}
    known, rest = _split(clean_values(given, ""), fields)
    email = clean_email(str(known.get("email") or ""), "email")
    if not email:
        raise ItemRefused("email_missing", "Please give an e-mail address.", "email")
    properties: dict[str, Value] = {**rest, "form": str(source.settings.get("form", source.name))}
    if values.get("_page"):
        properties["page"] = clean_text(str(values["_page"]), "_page", 2_000)
    name = f"{source.name}:{_key(source, values, at)}"
    did = ActivityHappened(
        id=f"{name}:did", happened_at=at, recorded_at=at, lead="", kind="form_submitted", properties=properties
    )
    made = Item(
        name=name,
        source=source.name,
        happened_at=at,
        email=email,
        anonymous=clean_text(str(values.get("_anonymous") or ""), "_anonymous", 320),
        attributes=normal_attributes(known),
        first={UTM[each]: value for each, value in rest.items() if each in UTM},
        facts=(did,),
        states=True,
    )
    return with_body(made, orjson.dumps(dict(values), default=str).decode())


def _split(
    given: Mapping[str, Value | None], fields: Mapping[str, str]
) -> tuple[dict[str, Value | None], dict[str, Value]]:
    """What the lead is, by the attributes there are and the source's mapping; and what else was said."""
    version = versions.governing(now())
    names = {*ATTRIBUTES, "postcode", "name", *(() if version is None else version.contract.attributes)}
    known: dict[str, Value | None] = {}
    rest: dict[str, Value] = {}
    for name, value in given.items():
        called = fields.get(name, name)
        if value is None or value == "":
            continue
        if called in names and called not in UTM.values():
            known[called] = value
        else:
            rest[called] = value
    return known, rest


def _key(source: Source, values: Mapping[str, Any], at: int) -> str:
    """The submission's own id; else what it says, which is one within a minute or two."""
    given = values.get("_id")
    if isinstance(given, str) and given:
        return clean_text(given, "_id", 100)
    same = hashlib.sha256(orjson.dumps(dict(values), option=orjson.OPT_SORT_KEYS, default=str)).hexdigest()[:32]
    minute = at // MINUTE
    before = f"{same}-{minute - 1}"
    return before if recorded([f"{source.name}:{before}:did"]) else f"{same}-{minute}"
