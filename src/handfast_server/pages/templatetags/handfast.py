"""How instants, spans, points and people are written on pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, NamedTuple

from django import template
from django.conf import settings
from django.forms import BoundField
from django.utils import formats
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from handfast.instant import DAY, HOUR, MINUTE, SECOND, Instant, Span, to_datetime
from handfast_server.accounts.models import User
from handfast_server.delivery.labels import band_words, points
from handfast_server.delivery.labels import clock_label as label_of_clock
from handfast_server.now import now
from handfast_server.pages.first_contract import Next, next_step
from handfast_server.pages.words import role_words, state_words
from handfast_server.rosters.models import Member

register = template.Library()
register.filter("role_label", role_words)
register.filter("band_label", band_words)
register.filter("state_label", state_words)
register.filter("clock_label", label_of_clock)
score_points = register.filter("score_points", points)


@register.filter
def milliseconds(at: Instant | None) -> str:
    """An instant as scripts count."""
    return "" if at is None else str(at // 1000)


@register.filter
def moment(at: Instant | None, zone: str) -> str:
    """An instant in the reader's zone, which the page names; with its year where that is another than now."""
    if at is None:
        return ""
    here, today = to_datetime(at, zone), to_datetime(now(), zone)
    return formats.date_format(here, _("D j M, H:i") if here.year == today.year else _("D j M Y, H:i"))


@register.filter
def calendar_day(on: dt.date) -> str:
    """A day of the calendar, with its year."""
    return formats.date_format(on, _("j M Y"))


@register.filter
def zone_label(zone: str, at: Instant) -> str:
    """A zone by its name and what its clocks are called now."""
    short = to_datetime(at, zone).tzname() or ""
    return zone if short == zone or not short.isalpha() else f"{zone} ({short})"


@register.filter
def span(length: Span) -> str:
    """A span in its two largest units; the script of the pages writes it the same way."""
    if length < MINUTE:
        return f"{length // SECOND} s"
    if length < HOUR:
        return f"{length // MINUTE} min"
    if length < DAY:
        return f"{length // HOUR} h {length % HOUR // MINUTE:02} min"
    return f"{length // DAY} {pgettext('days', 'd')} {length % DAY // HOUR} h"


@register.filter
def left(due: Instant, at: Instant) -> str:
    """How much time is left, or how late it is."""
    words = _("%s late") if at > due else _("%s left")
    return words % span(abs(due - at))


@register.filter
def urgency(clock: Mapping[str, Any], at: Instant) -> str:
    """The state of a promise: nothing, ``soon`` from half of its time, ``late``, ``still`` when it does not run."""
    due, half = clock.get("due_at"), clock.get("half_at")
    if due is None:
        return "still"
    if at > due:
        return "late"
    return "soon" if half is not None and at >= half else ""


@register.filter
def described(field: BoundField) -> SafeString:
    """A field of a form that names its error and its help to who cannot see them."""
    near = [f"{field.auto_id}_wrong"] if field.errors else []
    near += [f"{field.auto_id}_help"] if field.help_text else []
    told: dict[str, Any] = {"aria-describedby": " ".join(near)} if near else {}
    if str(field.label).casefold() in str(field.field.widget.attrs.get("placeholder", "")).casefold():
        del field.field.widget.attrs["placeholder"]  # it says nothing that the label does not
    return field.as_widget(attrs=told | ({"aria-invalid": "true"} if field.errors else {}))


class Figure(NamedTuple):
    """A number on a page."""

    label: str
    value: str
    state: str = ""
    about: str = ""


@register.filter
def status_figures(status: Mapping[str, Any]) -> list[Figure]:
    """What the status counts; a colour where it is not as it should be."""
    lag, send_lag = (int(status[name] * SECOND) for name in ("lag_seconds", "send_lag_seconds"))

    def told(name: str, label: str, about: str = "", state: str = "late") -> Figure:
        value = int(status[name])
        return Figure(label, formats.number_format(value, 0, use_l10n=True), state if value else "", about)

    return [
        told("handoffs_waiting", _("Waiting for sales"), state=""),
        told("handoffs_contested", _("Contested"), state=""),
        told("handoffs_held", _("Held"), _("nobody can take them now"), "soon"),
        Figure(_("Behind by"), span(lag), "late" if lag > MINUTE else "", _("what is due the longest")),
        Figure(_("Messages behind by"), span(send_lag), "late" if send_lag > MINUTE else ""),
        told("messages_to_send", _("Messages to send"), state=""),
        told("messages_dead", _("Messages given up")),
        told("work_failed", _("Work that failed")),
        told("invariants_broken", _("Checks that fail"), _("of what is stored")),
    ]


@register.simple_tag
def team_of(user: object) -> list[str]:
    """The pools that somebody is in."""
    if not isinstance(user, User) or not user.rep:
        return []
    return list(Member.objects.filter(rep=user.rep).order_by("pool").values_list("pool", flat=True)[:10])


@register.simple_tag(takes_context=True)
def contract_step(context: template.Context) -> Next:
    """What is next while no contract is in force, for who reads."""
    return next_step(context.get("who"))


@register.simple_tag
def can_mail() -> bool:
    """Whether a forgotten password can be sent for."""
    return bool(settings.MAIL_URL)


@register.filter
def titles(choices: list[Any]) -> str:
    """The titles of reasons, one after the other."""
    return ", ".join(each.title for each in choices)
