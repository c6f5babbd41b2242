"""Every part of the pages in every state, for whoever writes a page, and for the tests that look at them."""

from __future__ import annotations

from typing import Any, NamedTuple

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from handfast.instant import DAY, HOUR, MINUTE, Instant
from handfast_server.access import Principal
from handfast_server.now import now
from handfast_server.pages.may import may
from handfast_server.pages.rosters.stands import Load


class Head(NamedTuple):
    """The head of a column."""

    label: str
    number: bool = False


class Cell(NamedTuple):
    """A cell of a table."""

    value: str
    number: bool = False


class Sample(forms.Form):
    """Each kind of field, empty where something is asked for."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=40)
    note = forms.CharField(
        label=gettext_lazy("Note"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Whoever gets the lead next reads it."),
    )
    day = forms.DateField(label=gettext_lazy("Come back on"), widget=forms.DateInput(attrs={"type": "date"}))
    reason = forms.ChoiceField(label=gettext_lazy("Reason"), choices=[("a", gettext_lazy("Bad timing"))])


@require_safe
@may("gallery")
def gallery(request: HttpRequest, _who: Principal) -> HttpResponse:
    """One page."""
    at = now()
    shown = {
        "clocks": _clocks(at),
        "loads": [Load(3, None, 0, None), Load(4, 12, 2, 6), Load(10, 12, 5, 6), Load(12, 12, 1, 6)],
        "table": _table(),
        "form": Sample({"name": "", "day": "32 May", "reason": "a"}),
        "fresh": Sample(auto_id="fresh_%s"),
    }
    return render(request, "pages/gallery.html", shown)


def _clocks(at: Instant) -> list[dict[str, Any]]:
    dues = ((3 * HOUR, 1 * HOUR), (25 * MINUTE, -MINUTE), (-2 * HOUR, -4 * HOUR), (3 * DAY + 4 * HOUR, DAY))
    return [{"due_at": at + due, "half_at": at + half} for due, half in dues] + [{"due_at": None}]


def _table() -> dict[str, Any]:
    heads = [Head(_("Source")), Head(_("Delivered"), number=True), Head(_("Accepted"), number=True)]
    rows = [("Organic", "412", "71.4 %"), ("Paid search", "1,290", "38.0 %"), ("Referrals", "37", "91.9 %")]
    cells = [[Cell(row[0]), *(Cell(value, number=True) for value in row[1:])] for row in rows]
    return {"title": _("Handoffs by source"), "heads": heads, "rows": cells}
