"""What pages for administrators write besides what all do."""

from __future__ import annotations

import datetime as dt

from django import template
from django.utils import formats

from handfast.instant import from_datetime
from handfast_server.accounts.models import User
from handfast_server.pages.admin.words import channel_words, kind_words
from handfast_server.pages.templatetags.handfast import moment
from handfast_server.pages.words import end_words, message_words
from handfast_server.rosters.models import Rep

register = template.Library()
register.filter("kind_label", kind_words)
register.filter("channel_label", channel_words)
register.filter("message_label", message_words)
register.filter("message_end", end_words)


@register.filter
def message_state(state: str) -> str:
    """The colour of what became of a message."""
    return {"dead": "late", "late": "soon", "sent": "good"}.get(state, "")


@register.filter
def day(at: dt.datetime | None, zone: str) -> str:
    """An instant of a table that keeps datetimes, as every other one is written."""
    return "" if at is None else moment(from_datetime(at), zone)


@register.filter
def grouped(count: int) -> str:
    """How many, as the reader's language groups digits."""
    return formats.number_format(count, 0, use_l10n=True, force_grouping=True)


@register.filter
def ways(names: str) -> list[str]:
    """The ways of sending, for a choice."""
    return names.split()


@register.simple_tag
def reps_free() -> list[str]:
    """Names in the rosters that are nobody's account yet."""
    taken = User.objects.exclude(rep="").values("rep")
    return list(Rep.objects.exclude(name__in=taken).order_by("name").values_list("name", flat=True)[:1_000])
