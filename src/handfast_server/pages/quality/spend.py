"""What marketing spent: one line by a form, many by a file; what was stated stands below and can be replaced."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from handfast.errors import SpendRefused
from handfast.measure.spending import COLUMNS
from handfast.problem import Problem
from handfast_server.access import Principal, allowed
from handfast_server.decide import terms as versions
from handfast_server.now import now
from handfast_server.pages.may import may
from handfast_server.pages.quality.asked import at
from handfast_server.pages.scoreboard_figures import money
from handfast_server.scoreboard import boards
from handfast_server.scoreboard import spend as stated
from handfast_server.sheet import line, sheet

SHOWN = 200
LARGEST = 1_000_000
_SOURCES = 200


class LineForm(forms.Form):
    """One line; what is written is read by the same words as a file."""

    day = forms.CharField(label=gettext_lazy("Day"), widget=forms.DateInput(attrs={"type": "date"}))
    source = forms.CharField(
        label=gettext_lazy("Source"), max_length=200, widget=forms.TextInput(attrs={"list": "sources"})
    )
    campaign = forms.CharField(label=gettext_lazy("Campaign"), max_length=200, required=False)
    amount = forms.CharField(label=gettext_lazy("Amount"), widget=forms.TextInput(attrs={"inputmode": "decimal"}))


class FileForm(forms.Form):
    """Many lines."""

    file = forms.FileField(
        label=gettext_lazy("File"), widget=forms.ClearableFileInput(attrs={"accept": ".csv,text/csv"})
    )

    def clean_file(self) -> UploadedFile[bytes]:
        """Not larger than anybody's spend."""
        given: UploadedFile[bytes] = self.cleaned_data["file"]
        if (given.size or 0) > LARGEST:
            raise forms.ValidationError(_("This file is too large: at most a megabyte is read at once."))
        return given


@require_http_methods(["GET", "HEAD", "POST"])
@may("quality_spend")
def spend(request: HttpRequest, who: Principal) -> HttpResponse:
    """The page, and what is stated on it."""
    currency = _currency()
    if request.method != "POST" or not currency:
        return _page(request, who, currency)
    is_file = "file" in request.FILES or "upload" in request.POST
    form = FileForm(request.POST, request.FILES) if is_file else LineForm(request.POST)
    told: dict[str, Any] = {"files": form} if is_file else {"form": form}
    if not form.is_valid():
        return _page(request, who, currency, status=422, **told)
    try:
        done = stated.do_state_spend(_text(form), currency, who.id)
    except SpendRefused as refused:
        return _page(request, who, currency, status=422, problems=_shown(refused.problems, is_file=is_file), **told)
    messages.success(
        request,
        ngettext("%(new)s line said something new.", "%(new)s lines said something new.", done.new) % {"new": done.new}
        if done.new
        else _("All of it was stated already."),
    )
    return redirect("quality_spend")


@require_safe
@may("quality_spend_csv")
def spend_csv(_request: HttpRequest, _who: Principal) -> StreamingHttpResponse:
    """Everything that counts, as it can be stated again."""
    return sheet(_lines(_currency()), "spend")


def _lines(currency: str) -> Iterator[str]:
    yield line(COLUMNS)
    for (day, source, campaign), amount in sorted(stated.stated(currency).items()):
        if amount:
            yield line((day.isoformat(), source, campaign, f"{amount // 100}.{amount % 100:02}"))


def _currency() -> str:
    version = versions.current().in_force(now())
    return "" if version is None else version.contract.currency


def _text(form: forms.Form) -> str:
    """What was given, as a file."""
    given = form.cleaned_data
    if "file" in given:
        return bytes(given["file"].read()).decode("utf-8-sig", errors="replace")
    return line(COLUMNS) + line([given[name] for name in COLUMNS])


def _shown(problems: tuple[Problem, ...], *, is_file: bool) -> list[tuple[int, str]]:
    """Each with its line in the file; a line of the form has none."""
    return [(each.mark.line if is_file and each.mark else 0, each.message) for each in problems[:50]]


def _sources() -> list[str]:
    """Those that leads come from: costs stand beside them where the names agree."""
    try:
        columns = boards.snapshot()[2]
    except boards.NoSnapshot:
        return []
    return sorted(columns.source.words)[:_SOURCES]


def _page(request: HttpRequest, who: Principal, currency: str, *, status: int = 200, **more: Any) -> HttpResponse:
    found = sorted(((key, amount) for key, amount in stated.stated(currency).items() if amount), reverse=True)
    shown = {
        "form": LineForm(),
        "files": FileForm(),
        "currency": currency,
        "rows": [(day, source, campaign, money(amount, currency)) for (day, source, campaign), amount in found[:SHOWN]],
        "more": max(len(found) - SHOWN, 0),
        "total": money(sum(amount for _key, amount in found), currency),
        "sources": _sources(),
        "csv": bool(found) and allowed(who, "measures.export"),
    }
    return render(request, "pages/quality/spend.html", {**shown, **at("spend"), **more}, status=status)
