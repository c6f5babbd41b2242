"""Invitations: asking somebody to join, once more with a new link, and taking a link back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from handfast_server.access import Principal
from handfast_server.accounts.invitations import do_invite, do_revoke_invitation
from handfast_server.accounts.invited import is_mailed
from handfast_server.accounts.models import Invitation, Role
from handfast_server.api.people import Inviting
from handfast_server.pages.admin.filled import filled, refused_at
from handfast_server.pages.admin.frame import row_of, shown
from handfast_server.pages.admin.people_forms import Invite
from handfast_server.pages.admin.words import refused_words
from handfast_server.pages.may import may
from handfast_server.pages.oneself import after_showing, has_shown, show_at
from handfast_server.refused import Refused


@require_http_methods(["GET", "HEAD", "POST"])
@may("people_invite")
def invite(request: HttpRequest, who: Principal) -> HttpResponse:
    """The form; its link is shown once."""
    if request.method != "POST":
        return _form(request, who, Invite())
    form = Invite(request.POST)
    if not has_shown(request):
        return _form(request, who, form, status=409, unshown=True)
    asked = filled(form, Inviting)
    if asked is None:
        return _form(request, who, form, status=422)
    try:
        return _asked(request, who, asked.email, asked.roles, asked.name, asked.rep)
    except Refused as refused:
        refused_at(form, refused)
        return _form(request, who, form, status=refused.status)


@require_POST
@may("invitation_again")
@after_showing("people")
def again(request: HttpRequest, who: Principal, invitation: int) -> HttpResponse:
    """Another link for the same person, which makes the one before worthless."""
    row = row_of(Invitation.objects.all(), invitation)
    try:
        return _asked(request, who, row.email, [Role(role) for role in row.roles], row.name, row.rep)
    except Refused as refused:
        messages.error(request, refused_words(refused))
        return redirect("people")


@require_POST
@may("invitation_revoke")
def revoke(request: HttpRequest, _who: Principal, invitation: int) -> HttpResponse:
    """Make a link worthless."""
    row = row_of(Invitation.objects.all(), invitation)
    try:
        do_revoke_invitation(row.pk)
    except Refused as refused:
        messages.error(request, refused_words(refused))
    else:
        messages.success(request, _("Taken back: the link of %(email)s is worth nothing now.") % {"email": row.email})
    return redirect("people")


@sensitive_variables("link")
def _asked(request: HttpRequest, who: Principal, email: str, roles: list[Role], name: str, rep: str) -> HttpResponse:
    made, link = do_invite(email, roles, name=name, rep=rep, by=who.id)
    return shown(request, who, "people", "invited", {"invitation": made, "link": link, "mailed": is_mailed()})


def _form(request: HttpRequest, who: Principal, form: Invite, *, status: int = 200, **told: Any) -> HttpResponse:
    values = {"form": form, "shown": has_shown(request), "show": show_at(request, request.path), **told}
    return shown(request, who, "people", "invite", values, status=status)
