"""A page that stays open asks whether something is new, with the tag of what it shows; mostly nothing is."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.http import parse_etags, quote_etag
from django.utils.translation import get_language

from handfast_server.access import Principal
from handfast_server.handoffs.models import Cycle
from handfast_server.pages.files import hashed

Page = Callable[..., HttpResponse]


def fresh(request: HttpRequest, tag: str, page: Page) -> HttpResponse:
    """The page; to an open one that asks the part of it that changes, and nothing when nothing is new.

    ``tag`` is taken before the rows: what comes between is found by the next question.
    """
    if request.headers.get("HX-Request") is None:
        return page(tag=tag)
    if tag in parse_etags(request.headers.get("If-None-Match", "")):
        return HttpResponse(status=304, headers={"ETag": tag})
    answer = page(tag=tag, part=True)
    answer["ETag"] = tag
    return answer


Rows = Callable[[Principal], QuerySet[Cycle]]
"""Which cycles a page shows somebody; a function of a module, by which its question is remembered."""


def stand_of(who: Principal, rows: Rows) -> list[Any]:
    """Changes when a card does, comes or goes. A list is short: its rows cost less than asking for sums of them."""
    try:
        sql, values = _question(who, rows)
    except EmptyResultSet:
        return []
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return sorted(cursor.fetchall())


@lru_cache(maxsize=2_000)
def _question(who: Principal, rows: Rows) -> tuple[str, tuple[Any, ...]]:
    """Every open page asks it each few seconds, so it is put together once."""
    found = rows(who).order_by().values_list("pk", "changed_at", "lead__told_at")
    sql, values = found.query.sql_with_params()
    return str(sql), tuple(values)


def tag_of(who: Principal, stand: object) -> str:
    """Changes with what stands on the page, and with who reads it, in which language, in which looks."""
    told = (who.id, who.name, sorted(who.roles), get_language(), hashed("pages/app.css"), stand)
    return quote_etag(hashlib.sha256(repr(told).encode()).hexdigest()[:32])
