"""Connections at a look; sources made, changed, and given new keys."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from handfast_server.access import Principal
from handfast_server.api.sources import SourceIn
from handfast_server.delivery.models import Channel, Endpoint
from handfast_server.delivery.queries import of_endpoints
from handfast_server.intake.models import SetAside, Source, SourceKind
from handfast_server.intake.stating import Stated, do_renew_key, do_state_source
from handfast_server.now import now
from handfast_server.pages.admin.filled import filled, refused_at
from handfast_server.pages.admin.frame import row_of, shown
from handfast_server.pages.admin.source_forms import FORMS, SourceForm
from handfast_server.pages.may import may
from handfast_server.refused import Refused


@require_safe
@may("connections")
def connections(request: HttpRequest, who: Principal) -> HttpResponse:
    """What comes in and what goes out."""
    aside = dict(SetAside.objects.order_by().values_list("source").annotate(n=Count("pk")))
    went = of_endpoints(now())
    values = {
        "sources": [
            {"row": row, "aside": aside.get(row.name, 0), "address": _address(row)}
            for row in Source.objects.order_by("name")
        ],
        "aside": sum(aside.values()),
        "webhooks": [{"row": row, "went": went.get(row.pk, {})} for row in Endpoint.objects.order_by("made_at", "id")],
        "channels": [
            {"row": row, "went": went.get(row.pk, {})}
            for row in Channel.objects.select_related("user").order_by("made_at", "id")
        ],
    }
    return shown(request, who, "connections", "connections", values)


@require_http_methods(["GET", "HEAD", "POST"])
@may("source_new")
def new(request: HttpRequest, who: Principal) -> HttpResponse:
    """Another source of a kind that the address names; without one they are offered."""
    asked = request.GET.get("kind", "")
    if asked not in set(SourceKind):
        return shown(request, who, "connections", "source_kinds", {"kinds": list(SourceKind)})
    kind = SourceKind(asked)
    form = FORMS[kind](request.POST if request.method == "POST" else None)
    values = {"form": form, "kind": kind.value}
    if request.method != "POST":
        return shown(request, who, "connections", "source_new", values)
    if form.is_valid():
        name = form.cleaned_data["name"]
        if Source.objects.filter(name=name).exists():
            form.add_error("name", _("There is a source of this name already."))
        elif (made := _stated(form, kind, name)) is not None:
            return _told(request, who, *made)
    return shown(request, who, "connections", "source_new", values, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
@may("source")
def source(request: HttpRequest, who: Principal, name: str) -> HttpResponse:
    """A source, and its form."""
    row = row_of(Source.objects.all(), name, "name")
    kind = SourceKind(row.kind)
    form = FORMS[kind]({**request.POST.dict(), "name": name}) if request.method == "POST" else _form(row)
    if request.method == "POST":
        made = _stated(form, kind, name)
        if made is not None:
            messages.success(request, _("Saved."))
            return _told(request, who, *made) if made[1] else redirect("source", name=name)
    del form.fields["name"]
    values = {"source": row, "form": form, "address": _address(row), "aside": _aside(name)}
    return shown(request, who, "connections", "source", values, status=422 if request.method == "POST" else 200)


@require_POST
@may("source_key")
def renew(request: HttpRequest, who: Principal, name: str) -> HttpResponse:
    """A new key or secret; the one before is worth nothing from now on."""
    if row_of(Source.objects.all(), name, "name").kind == SourceKind.FORM:
        raise Http404
    return _told(request, who, *do_renew_key(name))


def _form(row: Source) -> SourceForm:
    kind = FORMS[SourceKind(row.kind)]
    return kind(initial=kind.of(row))


def _stated(form: SourceForm, kind: SourceKind, name: str) -> tuple[Source, str] | None:
    """Made or changed as the interface does it; None when something is wrong, which stands in the form then."""
    if not form.is_valid():
        return None
    body = filled(form, SourceIn, kind=kind, **form.told())
    if body is None:
        return None
    try:
        return do_state_source(name, Stated(**{**body.model_dump(), "kind": kind}))
    except Refused as refused:
        refused_at(form, refused)
        return None


def _told(request: HttpRequest, who: Principal, row: Source, text: str) -> HttpResponse:
    """The page that shows a key once; a form has none, and is shown itself."""
    if not text:
        messages.success(request, _("Made."))
        return redirect("source", name=row.name)
    return shown(request, who, "connections", "source_key", {"source": row, "text": text, "address": _address(row)})


def _address(row: Source) -> str:
    """Where it posts to."""
    if row.kind == SourceKind.FORM:
        return f"{settings.BASE_URL}{reverse('hosted_form', args=[row.name])}"
    return f"{settings.BASE_URL}/v1" if row.kind == SourceKind.TRACKING else f"{settings.BASE_URL}/hooks/{row.name}"


def _aside(name: str) -> int:
    return SetAside.objects.filter(source=name).count()
