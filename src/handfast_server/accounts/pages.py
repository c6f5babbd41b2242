"""The pages on which somebody's account begins: accepting an invitation; and the one that changes no address."""

from __future__ import annotations

from collections.abc import Mapping

from django import forms
from django.contrib.auth import login, password_validation
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from handfast_server.accounts.actions import make_user
from handfast_server.accounts.invitations import accept_for, check_rep_free, invitation_over, open_invitation
from handfast_server.accounts.models import Invitation, User
from handfast_server.decide.transaction import in_transaction
from handfast_server.refused import Refused


class JoinForm(forms.Form):
    """A name and a password; the address is that of the invitation."""

    name = forms.CharField(max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    password = forms.CharField(widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}), strip=False)

    def clean(self) -> None:
        """A password that is good enough, and not their own name."""
        super().clean()
        password, name = self.cleaned_data.get("password"), self.cleaned_data.get("name", "")
        if password is None:
            return
        try:
            password_validation.validate_password(password, User(name=name))
        except ValidationError as weak:
            self.add_error("password", weak)


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def invited(request: HttpRequest, token: str) -> HttpResponse:
    """Accept an invitation: choose a name and a password, and be signed in."""
    invitation = open_invitation(token)
    if invitation is None:
        return invitation_over(request)
    form = JoinForm(request.POST or None, initial={"name": invitation.name})
    if request.method == "POST" and form.is_valid():
        try:
            user = _join(invitation, {**form.cleaned_data, "zone": request.POST.get("zone", "")})
        except Refused as refused:
            return invitation_over(request, refused.code)
        login(request, user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return redirect("home")
    return render(request, "accounts/invited.html", {"form": form, "email": invitation.email})


def _join(invitation: Invitation, told: Mapping[str, str]) -> User:
    def work() -> User:
        if User.objects.filter(email=invitation.email).exists():
            raise Refused("known_already", "Somebody with this address is here already.")
        check_rep_free(invitation.rep)
        known = {"roles": invitation.roles, "rep": invitation.rep}
        user = make_user(invitation.email, told["password"], name=told["name"], zone=told["zone"], **known)
        accept_for(invitation, user)
        return user

    return in_transaction(work)


@require_safe
def closed(request: HttpRequest) -> HttpResponse:
    """Addresses are changed by an administrator: they decide who signs for whom."""
    return render(request, "accounts/closed.html", status=403)
