"""Audiences to read, as JSON and as CSV: the same leads that the events `audience.entered` and `audience.left` name."""

from __future__ import annotations

import csv
import io
from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from handfast.audit.file.refused import harmless
from handfast.instant import format_instant
from handfast_server.access import access_leads
from handfast_server.api.auth import caller, may
from handfast_server.api.fields import MomentOut
from handfast_server.api.paging import Order, Paging, page_of, question
from handfast_server.delivery.audiences import Audience

router = Router(tags=["audiences"])

_COLUMNS = tuple("id email name company phone title band fit behaviour created_at".split())


class Sizes(Schema):
    """How many leads are in each audience."""

    nurture: int
    warm: int
    in_handoff: int
    recycled: int


class Pages(Paging):
    """As other lists, with longer pages."""

    limit: int = Field(default=1_000, ge=1, le=5_000, description="Rows of a page, 5,000 at most.")


class Member(Schema):
    """A lead of an audience; `fit` and `behaviour` are hundredths of points."""

    id: str
    email: str
    name: str
    company: str
    phone: str
    title: str
    band: str
    fit: int
    behaviour: int
    created_at: MomentOut


class Members(Schema):
    """A page of an audience, and the cursor to the next; empty at the end."""

    items: list[Member]
    next: str


@router.get("", response=Sizes)
@may("measures.export")
def audience_sizes(request: HttpRequest) -> Any:
    """How many leads are in each audience."""
    counts = {each.value: Count("pk", filter=Q(audience=each.value)) for each in Audience}
    return access_leads(caller(request)).exclude(audience="").aggregate(**counts)


@router.get("/{audience}", response=Members)
@may("measures.export")
def audience_members(request: HttpRequest, audience: Audience, paging: Query[Pages]) -> Any:
    """The leads of an audience."""
    page = _page(request, audience, paging)
    return {"items": page.rows, "next": page.next}


@router.get("/{audience}/csv", openapi_extra={"responses": {200: {"content": {"text/csv": {}}}}})
@may("measures.export")
def audience_csv(request: HttpRequest, audience: Audience, paging: Query[Pages]) -> HttpResponse:
    """The same as CSV in UTF-8; the header `Link` leads to the next page. No cell is a formula."""
    page = _page(request, audience, paging)
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(_COLUMNS)
    for row in page.rows:
        writer.writerow([_cell(name, row[name]) for name in _COLUMNS])
    answer = HttpResponse(out.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{audience.value}.csv"'
    if page.next:
        address = f"{request.path}?limit={paging.limit}&cursor={page.next}"
        answer["Link"] = f'<{request.build_absolute_uri(address)}>; rel="next"'
    return answer


def _page(request: HttpRequest, audience: Audience, paging: Pages) -> Any:
    rows: Any = access_leads(caller(request)).filter(audience=audience.value).values(*_COLUMNS)
    return page_of(rows, Order("id"), paging, question(request), key="id")


def _cell(name: str, value: Any) -> str:
    if name in {"fit", "behaviour"}:
        return f"{value / 100:g}"
    return format_instant(value) if name == "created_at" else harmless(str(value))
