"""Taking an import in: begun, seen going on, stopped, thrown away; and what was refused."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from handfast_server.access import Principal
from handfast_server.intake import uploads
from handfast_server.intake.models import Upload
from handfast_server.pages.core_words import in_words
from handfast_server.pages.importing.give import around, found
from handfast_server.pages.importing.shown import told
from handfast_server.pages.may import may
from handfast_server.refused import Refused


@require_safe
@may("import_progress")
def progress(request: HttpRequest, _who: Principal, upload: int) -> HttpResponse:
    """How far it is, as a part of its page that asks for itself while there is more."""
    row = found(upload)
    return render(request, "pages/importing/progress.html", {"upload": row, "told": told(row), **around()})


@require_POST
@may("import_begin")
def begin(request: HttpRequest, _who: Principal, upload: int) -> HttpResponse:
    """Let the worker take it in."""
    return _done(request, upload, uploads.do_begin, "import_one")


@require_POST
@may("import_stop")
def stop(request: HttpRequest, _who: Principal, upload: int) -> HttpResponse:
    """Stop after the rows that are being taken in."""
    return _done(request, upload, uploads.do_stop, "import_one")


@require_POST
@may("import_discard")
def discard(request: HttpRequest, _who: Principal, upload: int) -> HttpResponse:
    """Throw the files away."""
    answer = _done(request, upload, uploads.do_discard, "import")
    messages.success(request, _("Thrown away. What came in before stays.")) if answer.status_code == 302 else None
    return answer


@require_safe
@may("import_refused")
def refused(_request: HttpRequest, _who: Principal, upload: int) -> HttpResponse:
    """The rows that were refused, each with why."""
    row: Upload = found(upload)
    if not row.refused:
        raise Http404
    answer = HttpResponse("\ufeff" + row.refused, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="refused-{row.pk}.csv"'
    return answer


def _done(request: HttpRequest, upload: int, do: Callable[[int], None], then: str) -> HttpResponse:
    row = found(upload)
    try:
        do(row.pk)
    except Refused as why:
        messages.error(request, in_words(why.message))
        return redirect("import_one", upload=row.pk)
    return redirect(then) if then == "import" else redirect(then, upload=row.pk)
