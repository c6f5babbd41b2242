"""Webhooks and chats: made, changed, tried, given new secrets, removed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from handfast_server.access import Principal
from handfast_server.accounts.models import User
from handfast_server.api.delivery_shapes import ChannelIn, EndpointChange, EndpointIn
from handfast_server.delivery import actions
from handfast_server.delivery.events import EVENTS, PERSONAL
from handfast_server.delivery.models import Channel, Endpoint
from handfast_server.delivery.queries import of_endpoints
from handfast_server.now import now
from handfast_server.pages.admin.filled import Lines, filled, refused_at
from handfast_server.pages.admin.frame import row_of, shown
from handfast_server.pages.may import may
from handfast_server.refused import Refused

_CHOICES = [(name, told.says) for name, told in EVENTS.items() if name not in PERSONAL]


def events(help_text: Any) -> Lines:
    """Names or beginnings of events."""
    return Lines(label=gettext_lazy("Events"), required=False, rows=4, help_text=help_text)


class Hook(forms.Form):
    """Where webhooks go."""

    url = forms.CharField(label=gettext_lazy("Address"), max_length=2_000, widget=forms.URLInput)
    about = forms.CharField(label=gettext_lazy("What it is for"), required=False)
    events = events(gettext_lazy("One in each line, or a beginning such as clock. – empty: all but every new score."))


class ChangedHook(Hook):
    """As it is to be."""

    active = forms.BooleanField(label=gettext_lazy("Gets what happens"), required=False)


class Chat(forms.Form):
    """A chat that Apprise reaches."""

    name = forms.CharField(label=gettext_lazy("Name"))
    address = forms.CharField(
        label=gettext_lazy("Address, as Apprise writes it"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=gettext_lazy(
            "Such as slack://token_a/token_b/token_c/#sales. It is kept encrypted, never shown again."
        ),
    )
    user = forms.ModelChoiceField(
        queryset=User.objects.filter(is_active=True).order_by("name", "email"),
        label=gettext_lazy("Whose it is"),
        required=False,
        empty_label=gettext_lazy("Shared: everybody reads it"),
        help_text=gettext_lazy("Somebody's own gets what that person gets."),
    )
    events = events(gettext_lazy("For a shared one: which events it gets, one in each line."))


@require_http_methods(["GET", "HEAD", "POST"])
@may("webhook_new")
def new_webhook(request: HttpRequest, who: Principal) -> HttpResponse:
    """The form; its secret is shown once."""
    form = Hook(request.POST if request.method == "POST" else None)
    asked = filled(form, EndpointIn) if request.method == "POST" else None
    if asked is not None:
        try:
            made, secret = actions.do_make_endpoint(asked.url, asked.about, asked.events)
        except Refused as refused:
            refused_at(form, refused)
        else:
            return _secret(request, who, made, secret)
    values = {"form": form, "events": _CHOICES}
    return shown(request, who, "connections", "webhook_new", values, status=422 if request.method == "POST" else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@may("webhook")
def webhook(request: HttpRequest, who: Principal, endpoint: str) -> HttpResponse:
    """A webhook, how it does, and its form."""
    row = row_of(Endpoint.objects.all(), endpoint)
    posted = request.method == "POST"
    first = {"url": row.url, "about": row.about, "events": row.events, "active": _gets(row)}
    form = ChangedHook(request.POST) if posted else ChangedHook(initial=first)
    asked = filled(form, EndpointChange) if posted else None
    if asked is not None:
        try:
            actions.do_change_endpoint(row.pk, **_changed(row, asked))
        except Refused as refused:
            refused_at(form, refused)
        else:
            messages.success(request, _("Saved."))
            return redirect("webhook", endpoint=row.pk)
    went = of_endpoints(now()).get(row.pk, {})
    values = {"webhook": row, "form": form, "went": went, "gets": _gets(row), "events": _CHOICES}
    return shown(request, who, "connections", "webhook", values, status=422 if posted else 200)


def _gets(row: Endpoint) -> bool:
    return row.active and row.disabled_at is None


def _changed(row: Endpoint, asked: EndpointChange) -> dict[str, Any]:
    """What is another than it was: switching on what is on would forget that it fails."""
    told = asked.model_dump(exclude_none=True)
    before = {"url": row.url, "about": row.about, "events": row.events, "active": _gets(row)}
    return {name: value for name, value in told.items() if value != before[name]}


@require_POST
@may("webhook_secret")
def secret(request: HttpRequest, who: Principal, endpoint: str) -> HttpResponse:
    """A new secret; for a day both sign."""
    row = row_of(Endpoint.objects.all(), endpoint)
    return _secret(request, who, row, actions.do_rotate_secret(row.pk), both=True)


@require_POST
@may("webhook_test")
def try_webhook(_request: HttpRequest, _who: Principal, endpoint: str) -> HttpResponse:
    """Send a message, and lead to what becomes of it."""
    return redirect("delivery", message=actions.do_try_endpoint(row_of(Endpoint.objects.all(), endpoint).pk))


@require_POST
@may("webhook_remove")
def remove_webhook(request: HttpRequest, _who: Principal, endpoint: str) -> HttpResponse:
    """Send nothing there any more."""
    row = row_of(Endpoint.objects.all(), endpoint)
    actions.do_remove_endpoint(row.pk)
    messages.success(request, _("Removed: %(name)s gets nothing any more.") % {"name": row.about or row.url})
    return redirect("connections")


@require_http_methods(["GET", "HEAD", "POST"])
@may("channel_new")
def new_channel(request: HttpRequest, who: Principal) -> HttpResponse:
    """The form."""
    form = Chat(request.POST if request.method == "POST" else None)
    asked = None
    if request.method == "POST" and form.is_valid():
        user = form.cleaned_data["user"]
        asked = filled(form, ChannelIn, user=None if user is None else user.pk)
    if asked is not None:
        try:
            actions.do_make_channel(asked.name, asked.address, asked.events, asked.user)
        except Refused as refused:
            refused_at(form, refused)
        else:
            messages.success(request, _("Made. Send a test to see whether it arrives."))
            return redirect("connections")
    values = {"form": form, "events": _CHOICES}
    return shown(request, who, "connections", "channel_new", values, status=422 if request.method == "POST" else 200)


@require_POST
@may("channel_test")
def try_channel(_request: HttpRequest, _who: Principal, channel: str) -> HttpResponse:
    """Send a message, and lead to what becomes of it."""
    return redirect("delivery", message=actions.do_try_channel(row_of(Channel.objects.all(), channel).pk))


@require_POST
@may("channel_remove")
def remove_channel(request: HttpRequest, _who: Principal, channel: str) -> HttpResponse:
    """Send nothing there any more."""
    row = row_of(Channel.objects.all(), channel)
    actions.do_remove_channel(row.pk)
    messages.success(request, _("Removed: %(name)s gets nothing any more.") % {"name": row.name})
    return redirect("connections")


def _secret(request: HttpRequest, who: Principal, row: Endpoint, text: str, *, both: bool = False) -> HttpResponse:
    return shown(request, who, "connections", "webhook_secret", {"webhook": row, "text": text, "both": both})
