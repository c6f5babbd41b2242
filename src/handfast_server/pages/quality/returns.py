"""Handoffs that were given back: not mine, says a rep, and they are routed again. Counted by when, from the rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from handfast.cycle.life import CycleEvent
from handfast.instant import format_instant
from handfast.measure.question import Stream
from handfast_server.access import Principal, access_transitions, allowed
from handfast_server.delivery.digest import name_of
from handfast_server.handoffs.models import Transition
from handfast_server.pages.may import may
from handfast_server.pages.quality.asked import Seen, at, measured, seen_of
from handfast_server.pages.scoreboard_asked import period_words
from handfast_server.pages.scoreboard_figures import number
from handfast_server.sheet import line, sheet

_BY = {"source": "cycle__source", "campaign": "cycle__campaign", "pool": "cycle__pool", "owner": "by"}
"""What tells returns apart. They name no clause: those are told apart by source."""

SPLITS = tuple(_BY)
SHOWN = 50
_ROWS = 40


class Cell(NamedTuple):
    """How many, and where they are listed."""

    many: str
    address: str


class Row(NamedTuple):
    """A source, a campaign …, and why its handoffs were given back."""

    word: str
    many: str
    address: str
    cells: list[Cell]


class Returned(NamedTuple):
    """What was given back; ``by`` what tells it apart."""

    by: str
    heads: list[str]
    rows: list[Row]


def given_back(who: Principal, seen: Seen) -> Returned:
    """Counted in the database, those with most first."""
    by = seen.asking.split if seen.asking.split in _BY else "source"
    rows = _rows(who, seen).order_by().values_list(_BY[by], "reason").annotate(n=Count("pk"))
    counts: dict[tuple[str, str], int] = {(word, reason): count for word, reason, count in rows}
    words, reasons = Counter[str](), Counter[str]()
    for (word, reason), count in counts.items():
        words[word] += count
        reasons[reason] += count
    across = [reason for reason, _count in reasons.most_common()]
    page = reverse("quality_returns")

    def cell(word: str, reason: str | None, count: int) -> Cell:
        also = {} if reason is None else {"reason": reason}
        return Cell(number(count) if count else "", page + seen.asking.query(split=by, of="word", word=word, **also))

    found = [
        Row(
            word or _("unknown"),
            *cell(word, None, count),
            [cell(word, each, counts.get((word, each), 0)) for each in across],
        )
        for word, count in words.most_common(_ROWS)
    ]
    return Returned(by, [_title(seen, reason) for reason in across], found)


def _title(seen: Seen, reason: str) -> str:
    known = seen.shown.version.contract.reasons.get(reason)
    return reason if known is None else known.title


def _rows(who: Principal, seen: Seen) -> QuerySet[Transition]:
    """Those of the period, as of the instant of the board; history was never given back here."""
    rows = access_transitions(who).filter(event=CycleEvent.RETURNED.value, happened_at__lte=seen.shown.board.as_of)
    if seen.asking.stream is Stream.HISTORY:
        return rows.none()
    period = seen.asking.period
    return rows if period is None else rows.filter(happened_at__gte=period.first, happened_at__lt=period.last)


@require_safe
@may("quality_returns")
@measured("reasons")
def returns(request: HttpRequest, who: Principal) -> HttpResponse:
    """The records, the latest first."""
    seen = seen_of(request, who, SPLITS)
    rows, also = _wanted(request, who, seen)
    begin = int(given) if (given := request.GET.get("begin", "")).isdecimal() and len(given) < 8 else 0
    some = list(rows.select_related("cycle__lead").order_by("-happened_at", "pk")[begin : begin + SHOWN + 1])
    query = seen.asking.query
    shown = {
        "rows": [_row(seen, each) for each in some[:SHOWN]],
        "period": period_words(seen.asking.label),
        "query": query(),
        "word": also.get("word", ""),
        "reason": _title(seen, also["reason"]) if "reason" in also else "",
        "first": query(**also) if begin else "",
        "next": query(**also, begin=begin + SHOWN) if len(some) > SHOWN else "",
        "csv": query(**also) if some and allowed(who, "measures.export") else "",
    }
    return render(request, "pages/quality/returns.html", {**shown, **at("reasons")}, status=seen.status)


@require_safe
@may("quality_returns_csv")
@measured("reasons")
def returns_csv(request: HttpRequest, who: Principal) -> StreamingHttpResponse:
    """All of them as a file."""
    rows, _also = _wanted(request, who, seen_of(request, who, SPLITS))
    return sheet(_lines(rows), "returns")


def _wanted(request: HttpRequest, who: Principal, seen: Seen) -> tuple[QuerySet[Transition], dict[str, str]]:
    """Those of a word of the split, and of a reason, where they are named."""
    rows, given, also = _rows(who, seen), request.GET, dict[str, str]()
    if given.get("of") == "word":
        also |= {"of": "word", "word": given.get("word", "")[:200]}
        rows = rows.filter(**{_BY[seen.asking.split]: also["word"]})
    if "reason" in given:
        also["reason"] = given["reason"][:100]
        rows = rows.filter(reason=also["reason"])
    return rows, also


def _row(seen: Seen, row: Transition) -> dict[str, Any]:
    cycle = row.cycle
    return {
        "lead": cycle.lead_id,
        "name": name_of(cycle.lead),
        "reason": _title(seen, row.reason),
        "by": row.by,
        "at": row.happened_at,
        "source": cycle.source,
        "state": cycle.state,
    }


def _lines(rows: QuerySet[Transition]) -> Iterator[str]:
    yield line(("lead", "cycle", "reason", "by", "source", "campaign", "pool", "at"))
    columns = (
        "cycle__lead_id",
        "cycle_id",
        "reason",
        "by",
        "cycle__source",
        "cycle__campaign",
        "cycle__pool",
        "happened_at",
    )
    for *cells, happened_at in rows.order_by("-happened_at", "pk").values_list(*columns).iterator():
        yield line((*cells, format_instant(happened_at)))
