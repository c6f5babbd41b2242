"""The first step: who leads marketing and sales, each invited by a link or here at this machine."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from handfast.contract.model import PartyName
from handfast_server.access import Principal
from handfast_server.accounts.actions import do_change_user, make_user
from handfast_server.accounts.invitations import do_invite, do_revoke_invitation
from handfast_server.accounts.invited import is_mailed
from handfast_server.accounts.models import Role, User
from handfast_server.decide.transaction import in_transaction
from handfast_server.pages.core_words import in_words
from handfast_server.pages.may import may
from handfast_server.pages.oneself import has_shown, show_at
from handfast_server.pages.start.steps import LEADS, is_set_up, open_invitations, steps
from handfast_server.refused import Refused

INVITED, HERE = "invited", "here"


class LeaderForm(forms.Form):
    """One leader: invited, or here with a password of their own."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=200)
    email = forms.EmailField(label=gettext_lazy("E-mail"), max_length=254)
    how = forms.ChoiceField(
        label=gettext_lazy("How they sign"),
        choices=[
            (INVITED, gettext_lazy("They get a link, and sign from wherever they are")),
            (HERE, gettext_lazy("They are here now: they choose a password below")),
        ],
        initial=INVITED,
        widget=forms.RadioSelect,
    )
    password = forms.CharField(
        label=gettext_lazy("Their password"),
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=gettext_lazy("Only for who is here. Nobody else sees it; they sign with it in a moment."),
    )

    def clean_email(self) -> str:
        """As addresses are kept."""
        email: str = self.cleaned_data["email"]
        return email.strip().lower()

    def clean(self) -> None:
        """Who is here has a password that is good enough; who has an account has one already."""
        super().clean()
        given = self.cleaned_data
        if given.get("how") != HERE or User.objects.filter(email=given.get("email", "")).exists():
            return
        try:
            password_validation.validate_password(given.get("password") or "", User(name=given.get("name", "")))
        except ValidationError as weak:
            self.add_error("password", weak)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@may("start_who")
def who_signs(request: HttpRequest, who: Principal) -> HttpResponse:
    """Ask for both, and give them their roles: that is for who has just shown who they are."""
    if is_set_up():
        return redirect("start")
    forms_ = {party: _form(request, party) for party in PartyName}
    shown, is_asked = has_shown(request), request.method == "POST"
    if is_asked and _are_good(forms_) and shown:
        links = _seated(forms_, who)
        if not any(form.errors for form in forms_.values()):
            if not links:
                return redirect("start")
            return render(request, "pages/start/links.html", {"links": links, "mailed": is_mailed(), "here": "start"})
    status = 200 if not is_asked else 422 if shown else 409
    again = {"shown": shown, "unshown": is_asked and not shown, "show": show_at(request, request.path)}
    return render(request, "pages/start/who.html", {"forms": forms_.items(), **again, "here": "start"}, status=status)


def _form(request: HttpRequest, party: PartyName) -> LeaderForm:
    known = steps().leaders.get(party)
    initial = {} if known is None else {"name": known.name, "email": known.email}
    return LeaderForm(request.POST if request.method == "POST" else None, prefix=party.value, initial=initial)


def _are_good(given: dict[PartyName, LeaderForm]) -> bool:
    good = [form.is_valid() for form in given.values()]
    emails = [form.cleaned_data.get("email") for form in given.values() if form.is_valid()]
    if len(emails) == 2 and emails[0] == emails[1]:
        given[PartyName.SALES].add_error("email", _("One person cannot sign for both sides: a contract takes two."))
        return False
    return all(good)


def _seated(given: dict[PartyName, LeaderForm], who: Principal) -> list[dict[str, Any]]:
    """The links of those who were invited; what is refused stands at the form."""
    links = []
    for party, form in given.items():
        try:
            link = _seat(party, form.cleaned_data, who)
        except Refused as refused:
            form.add_error("email", in_words(refused.message))
            continue
        if link:
            links.append({"party": party.value, "link": link, **form.cleaned_data})
    return links


def _unseat(role: Role, besides: str) -> None:
    """Whoever was named before leads no more: one person leads a side while it is set up."""
    for user in User.objects.exclude(email=besides):
        if user.has_role(role):
            do_change_user(user.pk, roles=[each for each in map(Role, user.roles) if each is not role])
    for invitation in open_invitations().exclude(email=besides):
        if role.value in invitation.roles:
            do_revoke_invitation(invitation.pk)


def _seat(party: PartyName, given: dict[str, Any], who: Principal) -> str:
    """Give somebody the role of a leader: by an invitation, whose link is answered, or at once."""
    role = LEADS[party]
    _unseat(role, given["email"])
    known = User.objects.filter(email=given["email"]).first()
    if known is not None:
        do_change_user(known.pk, roles=sorted({*map(Role, known.roles), role}))
        return ""
    if given["how"] == INVITED:
        return do_invite(given["email"], [role], name=given["name"], rep="", by=who.id)[1]
    in_transaction(lambda: make_user(given["email"], given["password"], name=given["name"], roles=[role]))
    return ""
