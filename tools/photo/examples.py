"""What stands for the arguments of addresses: one table, asked of whatever data there is.

A page that is added needs nothing here as long as its arguments have the names of others'. A test names every page
that takes an argument without an example.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.urls import get_resolver, reverse

from handfast_server.accounts.models import ApiToken, User
from handfast_server.contracts.models import Comment, Draft, Version
from handfast_server.delivery.models import Channel, Endpoint, Message
from handfast_server.handoffs.models import Cycle
from handfast_server.intake.models import SetAside, Source, Upload
from handfast_server.rosters.models import Pool, Rep
from handfast_server.scoreboard.models import Statement

Example = Callable[[], Any]
"""Gives a value, or None where the data hold none."""


def _first(rows: Any, field: str = "pk") -> Example:
    return lambda: rows.all().values_list(field, flat=True).first()


def _constant(value: str) -> Example:
    return lambda: value


def _disqualifier() -> str | None:
    """Of the contract of the demonstration; there is none before a version is signed."""
    return "customer" if Version.objects.exists() else None


EXAMPLES: dict[str, Example] = {
    "lead": _first(Cycle.objects.exclude(owner="").order_by("-qualified_at", "lead__email"), "lead"),
    "rep": _first(Rep.objects.order_by("name"), "name"),
    "pool": _first(Pool.objects.order_by("name"), "name"),
    "number": _first(Version.objects.order_by("-number"), "number"),
    "draft": _first(Draft.objects.order_by("-pk")),
    "comment": _first(Comment.objects.order_by("-pk")),
    "label": _first(Statement.objects.order_by("-closed_at"), "period"),
    "user": _first(User.objects.order_by("pk")),
    "token": _first(ApiToken.objects.order_by("pk")),
    "endpoint": _first(Endpoint.objects.order_by("pk")),
    "channel": _first(Channel.objects.order_by("pk")),
    "message": _first(Message.objects.order_by("-created_at")),
    "aside": _first(SetAside.objects.order_by("-pk")),
    "upload": _first(Upload.objects.order_by("-pk")),
    "scoreboard_measure name": _constant("reasons_by_source"),
    "source name": _first(Source.objects.order_by("pk"), "name"),
    "quality_held_by name": _disqualifier,
    "quality_held_csv name": _disqualifier,
}
"""By the name of an argument, or by page and argument where the same name means another thing."""


def arguments(page: str) -> list[str]:
    """The names of what an address takes."""
    return sorted({key for _, keys in get_resolver().reverse_dict.getlist(page)[0][0] for key in keys})


def example(page: str, argument: str) -> Example | None:
    """What stands for an argument of a page."""
    return EXAMPLES.get(f"{page} {argument}", EXAMPLES.get(argument))


def address(page: str) -> str | None:
    """Where a page is, with the first of whatever it is of; None where the data hold none.

    An argument without an example is "1": of a place that is only posted to it does not matter.
    """
    found = {argument: example(page, argument) for argument in arguments(page)}
    values = {argument: "1" if made is None else made() for argument, made in found.items()}
    return None if None in values.values() else reverse(page, kwargs=values)
