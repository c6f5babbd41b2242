"""The periods and the page of one: its figures, frozen once it is closed, who signed, and what is known since."""

from __future__ import annotations

from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from handfast.commitment import Statement
from handfast.errors import OutsideCalendar
from handfast.measure.question import Stream
from handfast.measure.value import Period
from handfast_server.access import Principal, allowed
from handfast_server.accounts.models import User
from handfast_server.now import now
from handfast_server.pages.contract.held import held
from handfast_server.pages.may import may
from handfast_server.pages.named import names_of
from handfast_server.pages.oneself import has_shown, show_at
from handfast_server.pages.periods.figures import differences, frozen, open_lines, sheet_of
from handfast_server.pages.periods.listed import listed, named
from handfast_server.pages.scoreboard_asked import period_words
from handfast_server.scoreboard import boards, closed
from handfast_server.scoreboard.answers import NotAsked
from handfast_server.scoreboard.models import Statement as StatementRow
from handfast_server.scoreboard.signing import may_sign

HERE = {"here": "periods"}


@require_safe
@may("periods")
@held
def periods(request: HttpRequest, who: Principal) -> HttpResponse:
    """Every period that is over: to be closed, to be signed, or signed by both."""
    try:
        rows = listed(now())
    except boards.NoSnapshot:
        return render(request, "pages/periods/nothing.html", HERE)
    groups = [
        (_("To be signed"), [row for row in rows if row.state == "sign"]),
        (_("Can be closed"), [row for row in rows if row.state == "close"]),
        (_("Signed by both"), [row for row in rows if row.state == "done"]),
    ]
    shown = {"groups": groups, "rows": rows, "may_close": allowed(who, "statements.sign"), **HERE}
    return render(request, "pages/periods/list.html", shown)


@require_safe
@may("period")
@held
def period(request: HttpRequest, who: Principal, label: str) -> HttpResponse:
    """One of them."""
    try:
        shown, it = asked(label)
        told = _told(request, shown, it, closed_of(label))
    except boards.NoSnapshot:
        return render(request, "pages/periods/nothing.html", HERE)
    except OutsideCalendar:
        raise Http404 from None
    told |= {"may_close": allowed(who, "statements.sign"), "signed_in": request.user}
    return render(request, "pages/periods/period.html", told)


@require_safe
@may("period_csv")
@held
def sheet(_request: HttpRequest, _who: Principal, label: str) -> HttpResponse:
    """The statement as CSV; nothing before it is closed."""
    it = closed_of(label)
    if it is None:
        raise Http404
    answer = StreamingHttpResponse(sheet_of(it), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="statement-{it.period}.csv"'
    return cast("HttpResponse", answer)


def asked(label: str) -> tuple[boards.Shown, Period]:
    """The board of a period's live handoffs, which commitments count. Raises Http404, NoSnapshot."""
    it = named(label, boards.version_at(now()).contract)
    if it is None:
        raise Http404
    return boards.shown(boards.Asked(it, Stream.LIVE)), it


def closed_of(label: str) -> Statement | None:
    """The statement of a period, held against its digest; None while it is open."""
    try:
        return closed.statement(label)
    except NotAsked:
        return None


def _closer(it: Statement) -> str:
    by = StatementRow.objects.values_list("closed_by", flat=True).get(pk=it.period)
    return names_of([by])[by]


def _told(request: HttpRequest, shown: boards.Shown, it: Period, statement: Statement | None) -> dict[str, Any]:
    told: dict[str, Any] = {
        "label": it.label,
        "title": period_words(it.label),
        "period": it,
        "board": shown.board,
        "version": shown.version.contract.version,
        "is_over": shown.board.as_of >= it.last,
        "statement": statement,
        **HERE,
    }
    if statement is None:
        return {**told, "lines": open_lines(it, shown)}
    sides = may_sign(statement, cast("User", request.user))
    return {
        **told,
        "lines": frozen(statement, shown),
        "version": statement.versions[-1][0] if statement.versions else told["version"],
        "by": _closer(statement),
        "differences": differences(statement, shown),
        "signed_by": [each.role.value for each in statement.signatures],
        "may_sign": [party.value for party in sides],
        "shown": has_shown(request),
        "show": show_at(request, f"{reverse('period', kwargs={'label': it.label})}#sign"),
    }
