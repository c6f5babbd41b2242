"""Pages of long lists: so many rows, and a cursor to what follows.

A cursor is signed, and belongs to the list, the filters and the order that it was made for. It names the last row that
was seen, so that rows which come or go meanwhile shift nothing.
"""

from __future__ import annotations

import hashlib
from typing import Any, NamedTuple

from django.core.signing import BadSignature, dumps, loads
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.http import parse_etags, quote_etag
from ninja import Schema
from pydantic import Field

from handfast_server.refused import Refused

_SALT = "handfast.cursor"


class Paging(Schema):
    """How many rows, and after which."""

    limit: int = Field(default=50, ge=1, le=200, description="Rows of a page, 200 at most.")
    cursor: str = Field(
        default="", max_length=1_000, pattern=r"^[A-Za-z0-9_:.-]*$", description="`next` of the page before."
    )


class Order(NamedTuple):
    """By a column that is never empty, then by the key."""

    column: str
    down: bool = False


class Page(NamedTuple):
    """Rows, and the cursor to those after them; empty at the end."""

    rows: list[Any]
    next: str


def page_of(rows: QuerySet[Any, Any], order: Order, paging: Paging, asked: str, key: str = "pk") -> Page:
    """One page. ``asked`` is the question; rows are mappings that have the column and the key.

    Raises Refused for a cursor of another question.
    """
    bound = f"{asked} {order.column} {order.down}"
    if paging.cursor:
        rows = rows.filter(_after(order, *_read(paging.cursor, bound), key))
    sign = "-" if order.down else ""
    found = list(rows.order_by(f"{sign}{order.column}", f"{sign}{key}")[: paging.limit + 1])
    if len(found) <= paging.limit:
        return Page(found, "")
    last = found[paging.limit - 1]
    return Page(found[: paging.limit], _written(last[order.column], last[key], bound))


def _after(order: Order, value: Any, last: Any, key: str) -> Q:
    beyond, from_ = ("lt", "lte") if order.down else ("gt", "gte")
    column = order.column
    # The first part says nothing new, and is what an index can use.
    return Q(**{f"{column}__{from_}": value}) & (
        Q(**{f"{column}__{beyond}": value}) | Q(**{column: value, f"{key}__{beyond}": last})
    )


def _written(value: Any, key: Any, bound: str) -> str:
    return dumps([value, key, _digest(bound)], salt=_SALT)


def _read(cursor: str, bound: str) -> tuple[Any, Any]:
    try:
        value, key, digest = loads(cursor, salt=_SALT)
    except (BadSignature, ValueError):
        digest = ""
    if digest != _digest(bound):
        raise Refused(
            "cursor_unknown",
            "This cursor is not of this list with these filters: begin without one.",
            status=422,
            path="cursor",
        )
    return value, key


def _digest(bound: str) -> str:
    return hashlib.sha256(bound.encode()).hexdigest()[:16]


def question(request: HttpRequest) -> str:
    """What is asked, whoever asks: the address and its parameters, without the place in the list."""
    kept = sorted((name, values) for name, values in request.GET.lists() if name not in {"cursor", "limit"})
    return f"{request.path} {kept}"


def unchanged(request: HttpRequest, response: HttpResponse, *stands: Any) -> bool:
    """Whether the caller has what stands now; the tag of it goes with the answer either way."""
    known = [(each.rows, bool(each.next)) if isinstance(each, Page) else each for each in stands]  # a cursor is dated
    told = repr((request.get_full_path(), getattr(request, "auth", None), *known))
    etag = quote_etag(hashlib.sha256(told.encode()).hexdigest()[:32])
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    return etag in parse_etags(request.headers.get("If-None-Match", ""))


def not_modified(response: HttpResponse) -> HttpResponse:
    """The answer to who has it already."""
    answer = HttpResponse(status=304)
    for name in ("ETag", "Cache-Control"):
        answer[name] = response[name]
    return answer
