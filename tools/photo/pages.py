"""Which pages there are, who looks at each, and what each has to answer: found in the table of permissions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.test import Client
from django.urls import reverse

from handfast.instant import DAY
from handfast_server.access import PAGES, allowed, of_user
from handfast_server.accounts.models import User
from handfast_server.contracts.models import Draft
from handfast_server.delivery import links, unsubscribe
from handfast_server.demo.cast import CAST
from handfast_server.handoffs.models import Cycle
from handfast_server.intake.models import Source
from handfast_server.now import now
from photo.examples import address

NOBODY = ""
"""Not signed in."""

_LOOK_FIRST = {
    "inbox": "rep",
    "mine": "rep",
    "team": "sales",
    "roster": "sales",
    "absence": "sales",
    "quality": "marketing",
}
"""Whose page it is, by how its name begins; every other is looked at by the first of the cast who may."""


@dataclass(frozen=True)
class Page:
    """A page to look at: who does, where it is, and what it may answer with."""

    name: str
    address: str
    who: str
    answers: tuple[int, ...] = (200,)


def pages(*, closed: bool, demo: bool) -> Iterator[Page]:
    """Every page of the table that answers to a look, and those of nobody and of everybody.

    ``closed``: the seal of a version is broken, so that a page may say that it is closed. ``demo``: the
    switch of the demonstration is there.
    """
    people = {member.key: User.objects.get(email=member.email) for member in CAST}
    also = (503,) if closed else ()
    for name, action in PAGES.items():
        may = [key for key in (_first(name), *people) if key in people and allowed(of_user(people[key]), action)]
        where = address(name) if may else None
        if where is not None and not where.endswith(".csv") and _is_page(people[may[0]], where):
            yield Page(name, where, may[0], (200, *also))
    yield from _of_everybody(also, demo=demo)
    yield from _of_each_kind(also)
    yield from _of_messages(people["rep"], also)


def _first(name: str) -> str:
    return next((key for start, key in _LOOK_FIRST.items() if name.startswith(start)), NOBODY)


def _is_page(user: User, where: str) -> bool:
    """Whether a look is answered with a whole page: not with a file, a part of a page, or a place to post to."""
    if urlsplit(where).path.endswith(".csv"):
        return False  # a file, though where there is nothing to hold it answers with a page that says so
    client = Client(raise_request_exception=False, headers={"host": "127.0.0.1", "accept": "text/html"})
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    answer: Any = client.get(where)
    if answer.status_code in {301, 302, 405}:
        return False
    if answer.status_code >= 400:
        return True  # it is photographed, and named as wrong
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return bool(answer.headers["Content-Type"].startswith("text/html") and body.lstrip()[:9].lower() == b"<!doctype")


_EVERYBODY: Mapping[str, tuple[str, str, int]] = {
    "home": ("/", "revops", 200),
    "home-rep": ("/?", "rep", 200),
    "scoreboard-by-version": ("/scoreboard?period=all&split=version", "sales", 200),
    "scoreboard-by-source": ("/scoreboard?period=all&split=source", "marketing", 200),
    "scoreboard-before": ("/scoreboard?period=2019", "sales", 200),
    "measure-by-source": ("/scoreboard/delivered?period=all&split=source", "marketing", 200),
    "quality-by-clause": ("/quality?period=all&split=clause", "marketing", 200),
    "contract-clause": ("/contract?clause=clocks.first_touch.within", "marketing", 200),
    "demonstration": ("/demo", "revops", 200),
    "demonstration-nobody": ("/demo", NOBODY, 200),
    "account": ("/account/", "rep", 200),
    "account-sessions": ("/account/sessions/", "rep", 200),
    "account-password": ("/account/password/change/", "rep", 200),
    "account-codes": ("/account/2fa/", "rep", 200),
    "account-codes-new": ("/account/2fa/totp/activate/", "rep", 200),
    "account-again": ("/account/reauthenticate/", "rep", 200),
    "account-out": ("/account/logout/", "rep", 200),
    "sign-in": ("/account/login/", NOBODY, 200),
    "sign-up": ("/account/signup/", NOBODY, 200),
    "password-forgotten": ("/account/password/reset/", NOBODY, 200),
    "status-nobody": ("/status", NOBODY, 200),
    "not-there": ("/nowhere", "rep", 404),
    "not-allowed": ("/gallery", "rep", 403),
    "link-over-first": ("/first/over", NOBODY, 404),
    "link-over-invited": ("/invited/over", NOBODY, 404),
}
"""What stands in no table: the address, who looks, and what it answers."""


def _of_everybody(also: tuple[int, ...], *, demo: bool) -> Iterator[Page]:
    for name, (where, who, answer) in _EVERYBODY.items():
        if demo or where != "/demo":
            yield Page(name, where, who, (answer, *also))


def _of_each_kind(also: tuple[int, ...]) -> Iterator[Page]:
    """Pages that look different by what they are of."""
    for state, draft in dict(Draft.objects.order_by("pk").values_list("state", "pk")).items():
        yield Page(f"contract-draft-{state}", reverse("contract_draft", args=[draft]), "marketing", (200, *also))
    for kind, source in dict(Source.objects.values_list("kind", "name")).items():
        yield Page(f"source-{kind}", reverse("source", args=[source]), "revops", (200, *also))


def _of_messages(rep: User, also: tuple[int, ...]) -> Iterator[Page]:
    """Where messages lead to, and the form that anybody may fill in."""
    cycle = Cycle.objects.filter(state="waiting", owner=rep.rep).order_by("-qualified_at").first()
    if cycle is not None:
        values: Any = {
            "user": rep.pk,
            "lead": cycle.lead_id,
            "cycle": cycle.pk,
            "message": "photo",
            "until": now() + DAY,
        }
        for verb in links.VERBS:
            link = links.Link(verb=verb, **values)
            yield Page(f"message-{verb}", f"/decide/{links.written(link)}", NOBODY, (200, *also))
    yield Page("message-digest", urlsplit(unsubscribe.link(rep)).path, NOBODY)
    form = Source.objects.filter(kind="form", active=True).values_list("name", flat=True).first()
    if form is not None:
        yield Page("form", f"/f/{form}", NOBODY, (200, *also))
        yield Page("form-thanks", f"/f/{form}/thanks", NOBODY, (200, *also))
