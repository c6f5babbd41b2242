"""The rosters as a file: out as CSV; in, first what it would change, with what is wrong at its lines, then the deed."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from handfast_server.access import Principal
from handfast_server.intake.item import Item, Status
from handfast_server.intake.refused import ItemRefused
from handfast_server.intake.take import take_in
from handfast_server.pages.may import may
from handfast_server.pages.rosters.read import at
from handfast_server.pages.rosters.sheet_words import column_words, kind_words, value_words, wrong_words
from handfast_server.pages.rosters.stands import pool_lines
from handfast_server.pages.rosters.telling import item, refusal
from handfast_server.rosters import sheet
from handfast_server.rosters.queries import pools_now, reps_now

SHOWN = 500
"""Changes, and problems, on a page."""


@require_safe
@may("rosters_csv")
def download(_request: HttpRequest, _who: Principal) -> HttpResponse:
    """The rosters as they are."""
    text = "".join(sheet.written(pools_now(), reps_now()))
    answer = HttpResponse(text, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="rosters.csv"'
    return answer


class Preview(NamedTuple):
    """What a file would do; ``mark`` is of just these changes, so that no other are made."""

    changes: list[sheet.Change]
    items: list[Item]
    wrong: list[dict[str, Any]]
    mark: str


@require_http_methods(["GET", "HEAD", "POST"])
@may("rosters_file")
def file(request: HttpRequest, who: Principal) -> HttpResponse:
    """Choose a file; then what it would change."""
    if request.method != "POST":
        return _page(request)
    given = request.FILES.get("file")
    if given is None or given.size is None or given.size > sheet.LONGEST:
        return _page(request, status=422, wrong_file=_("Choose a file of at most 2 MB."))
    try:
        text = given.read().decode("utf-8-sig")
    except UnicodeDecodeError:
        return _page(request, status=422, wrong_file=_("This is no CSV file in UTF-8: save it as “CSV UTF-8”."))
    return _previewed(request, who, text, whole=bool(request.POST.get("whole")))


@require_POST
@may("rosters_file_apply")
def apply(request: HttpRequest, who: Principal) -> HttpResponse:
    """Make the changes that were looked at; when the rosters changed meanwhile, look at them again."""
    text, whole, key = request.POST.get("text", ""), bool(request.POST.get("whole")), request.POST.get("key", "")[:100]
    found = _preview(who, text[: sheet.LONGEST], whole=whole, key=key)
    if found.mark != request.POST.get("mark"):
        said = _("The rosters changed meanwhile: this is what the file would change now.")
        return _previewed(request, who, text, whole=whole, status=409, wrong=said)
    outcomes = take_in(found.items)
    refused = dict.fromkeys(each.message for each in outcomes if each.status in {Status.REFUSED, Status.SET_ASIDE})
    for message in list(refused)[:5]:
        messages.warning(request, message)
    done = sum(each.status is Status.ACCEPTED for each in outcomes)
    messages.success(request, ngettext("%(n)s change was made.", "%(n)s changes were made.", done) % {"n": done})
    return redirect("rosters")


def _preview(who: Principal, text: str, *, whole: bool, key: str) -> Preview:
    """Each change asked of those who would refuse it; a line with a problem is left out."""
    read = sheet.read("\n".join(text.splitlines()))  # as a form sends it back
    wrong = [_wrong(each) for each in read.wrong]
    good, items = list[sheet.Change](), list[Item]()
    for place, change in enumerate(sheet.changes(read, pools_now(), reps_now(), whole=whole)):
        try:
            items.append(item(who, change.told, f"{key}:{place}"))
            good.append(change)
        except ItemRefused as refused:
            wrong.append({"line": change.line, "what": refusal(refused), "value": change.rep})
    wrong.sort(key=lambda each: each["line"])
    return Preview(good, items, wrong, hashlib.sha256(repr(good).encode()).hexdigest()[:32])


def _wrong(found: sheet.Wrong) -> dict[str, Any]:
    return {"line": found.line, "what": wrong_words(found), "value": ""}


def _previewed(
    request: HttpRequest, who: Principal, text: str, *, whole: bool, status: int = 200, **told: Any
) -> HttpResponse:
    key = uuid.uuid4().hex
    found = _preview(who, text, whole=whole, key=key)
    values = {
        "preview": found,
        "changes": list(_shown(found.changes[:SHOWN])),
        "more": len(found.changes) - SHOWN,
        "problems": found.wrong[:SHOWN],
        "more_problems": len(found.wrong) - SHOWN,
        "text": text,
        "whole": whole,
        "key": key,
        **told,
    }
    return _page(request, status=status, **values)


def _shown(changes: Iterable[sheet.Change]) -> Iterable[dict[str, Any]]:
    known = {line.name for line in pool_lines() if line.known}
    for each in changes:
        values = [(column_words(name), value_words(before), value_words(after)) for name, before, after in each.values]
        state = "late" if each.kind in {"leaves", "leaves_pool"} else "good" if each.kind in {"joins", "is_new"} else ""
        yield {
            "change": each,
            "kind": kind_words(each.kind),
            "state": state,
            "values": values,
            "strange": each.pool not in {"", *known},
        }


def _page(request: HttpRequest, *, status: int = 200, **told: Any) -> HttpResponse:
    columns = [(name, column_words(name, whole=True)) for name in sheet.COLUMNS]
    return render(request, "pages/rosters/file.html", {"columns": columns, **at("rosters"), **told}, status=status)
