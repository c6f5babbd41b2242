"""Tokens of programs: made, and shown once; whose words they pass on; revoked."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from handfast.instant import DAY
from handfast_server.access import Principal
from handfast_server.accounts.models import ApiToken, User
from handfast_server.accounts.tokens import do_grant_sources, do_make_token, do_revoke_token
from handfast_server.api.fields import written
from handfast_server.api.people import Granting, TokenMaking
from handfast_server.now import now
from handfast_server.pages.admin.filled import filled
from handfast_server.pages.admin.frame import row_of, shown
from handfast_server.pages.admin.people_forms import Sources, Token
from handfast_server.pages.may import may
from handfast_server.pages.oneself import has_shown, show_at

SHOWN = 200


@require_safe
@may("tokens")
def tokens(request: HttpRequest, who: Principal) -> HttpResponse:
    """Those that work, and the latest of those that no longer do."""
    rows = ApiToken.objects.select_related("made_by").order_by("-made_at")
    working = Q(expires_at=None) | Q(expires_at__gt=now())
    values = {
        "live": rows.filter(working, revoked_at=None)[:SHOWN],
        "over": rows.exclude(working, revoked_at=None)[:20],
    }
    return shown(request, who, "tokens", "tokens", values)


@require_http_methods(["GET", "HEAD", "POST"])
@may("token_new")
def new(request: HttpRequest, who: Principal) -> HttpResponse:
    """The form; the text of the token is shown once."""
    if request.method != "POST":
        return _form(request, who, Token())
    form = Token(request.POST)
    if not has_shown(request):
        return _form(request, who, form, status=409, unshown=True)
    asked = filled(form, TokenMaking, expires_at=_over(request.POST.get("days", "")))
    if asked is None:
        return _form(request, who, form, status=422)
    by = request.user if isinstance(request.user, User) else None
    scopes = [scope.value for scope in asked.scopes]
    made, text = do_make_token(asked.name, asked.roles, scopes, by, asked.sources, asked.expires_at)
    return shown(request, who, "tokens", "token_made", {"token": made, "text": text})


@require_http_methods(["GET", "HEAD", "POST"])
@may("token")
def token(request: HttpRequest, who: Principal, token: int) -> HttpResponse:
    """A token, and the sources it speaks for."""
    row = row_of(ApiToken.objects.all(), token)
    if request.method != "POST":
        return _page(request, who, row, Sources(initial={"sources": row.sources}))
    form = Sources(request.POST)
    if not has_shown(request):
        return _page(request, who, row, form, status=409, unshown=True)
    asked = filled(form, Granting)
    if asked is None:
        return _page(request, who, row, form, status=422)
    do_grant_sources(row.pk, asked.sources)
    messages.success(request, _("Saved."))
    return redirect("token", token=row.pk)


@require_POST
@may("token_revoke")
def revoke(request: HttpRequest, _who: Principal, token: int) -> HttpResponse:
    """Make it worthless at once; nothing is asked first, as it may be in wrong hands."""
    row = do_revoke_token(row_of(ApiToken.objects.all(), token).pk)
    messages.success(request, _("Revoked: %(name)s is let in no more.") % {"name": row.name})
    return redirect("tokens")


def _form(request: HttpRequest, who: Principal, form: Token, *, status: int = 200, **told: Any) -> HttpResponse:
    values = {"form": form, "shown": has_shown(request), "show": show_at(request, request.path), **told}
    return shown(request, who, "tokens", "token_new", values, status=status)


def _page(
    request: HttpRequest, who: Principal, row: ApiToken, form: Sources, *, status: int = 200, **told: Any
) -> HttpResponse:
    values = {
        "token": row,
        "own_source": f"token-{row.pk}",
        "form": form,
        "shown": has_shown(request),
        "show": show_at(request, request.path),
        **told,
    }
    return shown(request, who, "tokens", "token", values, status=status)


def _over(days: str) -> str | None:
    """When so many days are over."""
    return written(now() + int(days) * DAY) if days in {"30", "90", "365"} else None
