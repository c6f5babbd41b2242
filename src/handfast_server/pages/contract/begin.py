"""The first contract: one of three texts to start from, and who leads marketing and sales."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from handfast.contract.model import PartyName
from handfast.example import check
from handfast.problem import Path, Severity
from handfast_server.access import Principal
from handfast_server.contracts import actions
from handfast_server.contracts.models import Version
from handfast_server.now import now
from handfast_server.pages.contract.held import at, held
from handfast_server.pages.contract.starting import STARTS, begun
from handfast_server.pages.may import may


class BeginForm(forms.Form):
    """Which text, what it is called, and who signs."""

    start = forms.ChoiceField(
        label=gettext_lazy("Start from"),
        choices=[
            ("small-inbound", gettext_lazy("Small team")),
            ("acme-inbound", gettext_lazy("Inbound with regions")),
            ("enterprise-territories", gettext_lazy("Enterprise territories")),
        ],
        initial=STARTS[0],
        widget=forms.RadioSelect,
    )
    name = forms.CharField(
        label=gettext_lazy("Name of the contract"),
        max_length=60,
        initial="our-handoff",
        help_text=gettext_lazy("Short, such as acme-inbound. All its versions have it."),
    )
    marketing_name = forms.CharField(label=gettext_lazy("Marketing leader"), max_length=200)
    marketing_email = forms.EmailField(label=gettext_lazy("Their e-mail"), max_length=254)
    sales_name = forms.CharField(label=gettext_lazy("Sales leader"), max_length=200)
    sales_email = forms.EmailField(label=gettext_lazy("Their e-mail"), max_length=254)

    def text(self) -> str:
        """The text that was chosen, for these two."""
        given = self.cleaned_data
        leaders = {each: (given[f"{each}_name"], given[f"{each}_email"]) for each in PartyName}
        return begun(given["start"], given["name"], leaders, now())


@require_http_methods(["GET", "HEAD", "POST"])
@may("contract_begin")
@held
def begin(request: HttpRequest, who: Principal) -> HttpResponse:
    """Write the first draft; once a version is signed the next ones follow it."""
    if Version.objects.exists():
        messages.info(request, _("A version is signed already: the next one is an amendment of it."))
        return redirect("contract")
    form = BeginForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        text = form.text()
        wrong = [each for each in check(text).problems if each.severity is Severity.ERROR]
        if not wrong:
            return redirect("contract_draft", draft=actions.do_write(who, text, _("Our first contract")).pk)
        for each in wrong[:5]:
            form.add_error(_FIELDS.get(each.path), str(each.message))
    return render(request, "pages/contract/begin.html", {"form": form, "starts": starts_of(form), **at("drafts")})


_FIELDS: dict[Path, str] = {("contract",): "name"} | {
    ("parties", party.value, part): f"{party.value}_{part}" for party in PartyName for part in ("name", "email")
}
"""Where what was given stands in the text: a problem there is shown at the field."""


def starts_of(form: BeginForm) -> list[dict[str, Any]]:
    """The three, with what each is for."""
    about = {
        "small-inbound": _("One pool of reps, one office, two clocks: what a team of ten needs. Change it later."),
        "acme-inbound": _("Three pools by size and country, account owners first, recycling, both commitments."),
        "enterprise-territories": _("Territories on three continents, each with its own calendar, seven pools."),
    }
    chosen = form["start"].value()
    labels = {str(name): label for name, label in form.fields["start"].choices}  # type: ignore[attr-defined] # a list
    return [{"name": each, "label": labels[each], "about": about[each], "chosen": each == chosen} for each in STARTS]
