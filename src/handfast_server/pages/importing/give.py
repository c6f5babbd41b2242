"""Giving files, and looking at what would come in before it does."""

from __future__ import annotations

from functools import lru_cache
from pathlib import PurePosixPath
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from handfast.audit.mapping import ExportMapping
from handfast_server.access import Principal
from handfast_server.intake import uploads
from handfast_server.intake.models import Upload
from handfast_server.intake.uploads import Given, Looked
from handfast_server.pages.core_words import in_words
from handfast_server.pages.importing.shown import files_of, mapped, people_of, problems_of, told
from handfast_server.pages.may import may
from handfast_server.pages.named import names_of
from handfast_server.pages.start.steps import is_set_up
from handfast_server.refused import Refused

SYSTEMS = ("hubspot", "salesforce", "marketo", "crm")
_PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
@may("import")
def give(request: HttpRequest, who: Principal) -> HttpResponse:
    """The form, and what was given before."""
    wrong, source = "", request.POST.get("source", SYSTEMS[0])
    if request.method == "POST":
        try:
            row, looked = uploads.do_upload(_given(request), source, who.name)
        except Refused as refused:
            wrong = in_words(refused.message)
        else:
            keep(row, looked)
            return redirect("import_one", upload=row.pk)
    given = Upload.objects.order_by("-made_at", "-pk")[:_PAGE]
    names = names_of(row.made_by for row in given)
    rows = [(row, told(row), names[row.made_by]) for row in given]
    shown = {"rows": rows, "systems": SYSTEMS, "source": source, "wrong": wrong, **around()}
    return render(request, "pages/importing/give.html", shown, status=422 if wrong else 200)


@require_safe
@may("import_one")
def one(request: HttpRequest, _who: Principal, upload: int) -> HttpResponse:
    """One of them: how it is read while nothing is taken in, then how far it is."""
    return page(request, found(upload))


@require_POST
@may("import_map")
def map_(request: HttpRequest, _who: Principal, upload: int) -> HttpResponse:
    """Read the columns otherwise."""
    row, wanted = found(upload), None
    try:
        wanted = mapped(_looked(row.pk, row.mapping), request.POST.dict())
        looked = uploads.do_map(row, wanted)
    except Refused as refused:
        return page(request, found(upload), in_words(refused.message), wanted, status=422)
    keep(row, looked)
    messages.success(request, _("Read again. Look at the rows below."))
    return redirect("import_one", upload=upload)


def found(upload: int) -> Upload:
    """An import. Raises Http404."""
    row = Upload.objects.filter(pk=upload).first()
    if row is None:
        raise Http404
    return row


def page(
    request: HttpRequest, row: Upload, wrong: str = "", wanted: ExportMapping | None = None, *, status: int = 200
) -> HttpResponse:
    """The page of one."""
    by = names_of([row.made_by])[row.made_by]
    shown: dict[str, Any] = {"upload": row, "by": by, "told": told(row), "wrong": wrong, **around()}
    if row.state == Upload.State.LOOKED:
        try:
            looked = _looked(row.pk, row.mapping)
        except Refused as refused:
            shown["wrong"] = wrong or in_words(refused.message)
        else:
            shown |= {
                "looked": looked,
                "files": files_of(looked, wanted),
                "people": people_of(looked),
                "problems": list(problems_of(looked)),
            }
    return render(request, "pages/importing/one.html", shown, status=status)


def around() -> dict[str, Any]:
    """Where the page stands, and whether the service is being set up."""
    return {"here": "import", "setting_up": not is_set_up()}


def _given(request: HttpRequest) -> list[Given]:
    files = request.FILES.getlist("files")
    if sum(file.size or 0 for file in files) > uploads.LARGEST:
        return [Given("too-large", bytes(uploads.LARGEST + 1))]
    return [Given(_plain(file.name or "file.csv"), file.read()) for file in files]


def _plain(name: str) -> str:
    """A file's name without any folder, and printable."""
    last = PurePosixPath(name.replace("\\", "/")).name
    return "".join(each for each in last if each.isprintable()).strip(". ")[-200:] or "file.csv"


@lru_cache(maxsize=4)
def _looked(upload: int, _mapping: str) -> Looked:
    """Kept by how it is read: what has this number and this mapping has these rows. Raises Refused, Http404."""
    return _kept.pop(upload, None) or uploads.look(found(upload))


_kept: dict[int, Looked] = {}


def keep(row: Upload, looked: Looked) -> None:
    """It was looked at a moment ago: the page that follows need not do so again."""
    _kept.clear()
    _kept[row.pk] = looked
    _looked(row.pk, row.mapping)
    _kept.clear()
