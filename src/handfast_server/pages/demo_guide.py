"""What each of the four people of the demonstration should look at, and the band that says who one is."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from handfast_server.accounts.models import User
from handfast_server.demo.cast import CAST, PASSWORD, Member

SEEN = "seen"
"""The cookie that says whose panels were closed."""


class Sight(NamedTuple):
    """Something worth a look: the name of its address, what follows it, what it is called, and why."""

    page: str
    query: str
    label: Promise
    why: Promise

    @property
    def address(self) -> str:
        """Where it is."""
        return reverse(self.page) + self.query


class Guide(NamedTuple):
    """Somebody, what they are called here, and what they should look at."""

    member: Member
    short: Promise
    label: Promise
    about: Promise
    sights: tuple[Sight, ...]


_YEAR = "?period=all"

_GUIDES = {
    "revops": (
        _("RevOps"),
        _("RevOps"),
        _("wrote the contract, connects the systems, sees that nothing leaks"),
        (
            Sight(
                "scoreboard", "", _("The scoreboard"), _("the number, what both sides owe, not one lead unaccounted")
            ),
            Sight(
                "scoreboard",
                f"{_YEAR}&split=version",
                _("The year by contract version"),
                _("version 2 set a shorter clock, and sales answers sooner"),
            ),
            Sight(
                "scoreboard",
                f"{_YEAR}&split=source",
                _("The year by source"),
                _("Content Syndication looks good on paper, and sales rejects half of it"),
            ),
            Sight(
                "scoreboard",
                f"{_YEAR}&split=weekday",
                _("The year by weekday"),
                _("a mailing floods the home pool on Mondays, and promises break"),
            ),
            Sight("contract_history", "", _("How the contract changed"), _("who signed what, and when it took force")),
            Sight("status", "", _("The status"), _("what waits, how late it is, whether every promise holds")),
        ),
    ),
    "marketing": (
        _("Marketing"),
        _("Marketing leader"),
        _("owes sales a number of good leads each month"),
        (
            Sight(
                "scoreboard",
                f"{_YEAR}&split=source",
                _("The year by source"),
                _("Content Syndication looks good on paper, and sales rejects half of it"),
            ),
            Sight("quality", _YEAR, _("Quality"), _("what sales declined and why, and who is still to settle")),
            Sight("quality_sources", _YEAR, _("What sources cost"), _("per lead, per handoff and per deal won")),
            Sight("contract_history", "", _("How the contract changed"), _("version 3 draws the conclusion from that")),
        ),
    ),
    "sales": (
        _("Sales"),
        _("Sales leader"),
        _("owes marketing that every lead is answered, and in time"),
        (
            Sight("team", "", _("The team"), _("who has what, what is late, which broken promises await a cause")),
            Sight(
                "scoreboard",
                f"{_YEAR}&split=version",
                _("The year by contract version"),
                _("what the shorter clock of version 2 did to the time to first touch"),
            ),
            Sight(
                "scoreboard",
                f"{_YEAR}&split=weekday",
                _("The year by weekday"),
                _("a mailing floods the home pool on Mondays, and promises break"),
            ),
            Sight("periods", "", _("Closed periods"), _("the last quarter's statement waits for your signature")),
        ),
    ),
    "rep": (
        _("Rep"),
        _("Rep"),
        _("answers leads as they come"),
        (
            Sight(
                "inbox", "", _("The inbox"), _("new leads come every few seconds; a accepts, r declines, t logs a call")
            ),
            Sight("mine", "", _("My leads"), _("what was taken on, and the next attempt that is due")),
        ),
    ),
}


def guides() -> list[Guide]:
    """All four."""
    return [Guide(member, *_GUIDES[member.key]) for member in CAST]


def seen_by(request: HttpRequest) -> set[str]:
    """Whose panels were closed in this browser."""
    return set(request.COOKIES.get(SEEN, "").split("."))


def band(request: HttpRequest, user: User | None, here: str) -> dict[str, Any] | None:
    """What stands above every page of the demonstration; None everywhere else."""
    if not settings.DEMO:
        return None
    address = "" if user is None else user.email
    mine = next((each for each in guides() if each.member.email == address), None)
    lands = mine is not None and here == mine.member.lands and not request.GET
    shown = lands and mine is not None and mine.member.key not in seen_by(request)
    return {"guides": guides(), "mine": mine, "shown": shown, "password": PASSWORD, "beside": settings.BESIDE}
