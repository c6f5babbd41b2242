"""What a form says of the team, told as the interface tells it; and a refusal in the reader's words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias, cast

from django.http import HttpRequest
from django.utils.translation import gettext as _

from handfast_server.access import Principal, allowed, pools_managed
from handfast_server.intake.item import Item, Status
from handfast_server.intake.refused import ItemRefused
from handfast_server.intake.take import take_in
from handfast_server.intake.wire import read_any
from handfast_server.intake.wire.team import OfTeam
from handfast_server.pages.core_words import in_words
from handfast_server.rosters.access import leads_teams
from handfast_server.rosters.actions import item_for

Raw: TypeAlias = Mapping[str, Any]
"""An item as a batch of the interface has it, with its ``type``."""


def item(who: Principal, raw: Raw, key: str = "") -> Item:
    """What would be told. Raises ItemRefused where it is malformed, or not theirs to tell."""
    return item_for(who, cast("OfTeam", read_any(dict(raw))), who.own_source, key)


def tell(request: HttpRequest, who: Principal, *raws: Raw) -> None:
    """Tell it, each under the key of the form and its place. Raises ItemRefused; what came before it is told."""
    key = request.POST.get("key", "")[:100]
    items = [item(who, raw, f"{key}:{place}" if key else "") for place, raw in enumerate(raws)]
    for outcome in take_in(items):
        if outcome.status in {Status.REFUSED, Status.SET_ASIDE}:
            raise ItemRefused(outcome.code, outcome.message, outcome.path)


def may_tell(who: Principal, raw: Raw) -> bool:
    """Whether they may: asked of those who would refuse it."""
    if not allowed(who, "team.write"):
        return False
    try:
        item(who, raw, "asked")
    except ItemRefused:
        return False
    return True


def may_change(who: Principal, pool: str) -> bool:
    """Whether a pool is theirs to change."""
    return allowed(who, "team.write") and (leads_teams(who) or pool in pools_managed(who))


def number(given: str) -> int | str | None:
    """A whole number of a form; None for nothing, the text itself where it is none, which is refused by its reader."""
    text = given.strip()
    if not text:
        return None
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else text


def refusal(refused: ItemRefused) -> str:
    """Why it was refused, for people."""
    if refused.code == "malformed":
        return _by_path(refused.path.rpartition(".")[2]) or in_words(str(refused))
    return _by_code(refused.code) or in_words(str(refused))


def _by_path(path: str) -> str:
    caps = _("A cap is a whole number from 0 to 100,000, or nothing where there is none.")
    names = _("A name has 1 to 200 letters.")
    return {
        "weight": _("A weight is a whole number from 0 to 1,000; 0 pauses."),
        "active": _("A rep is active: yes or no."),
        "calendar": _("Choose a calendar of the contract."),
        **dict.fromkeys(("open_cap", "day_cap"), caps),
        **dict.fromkeys(("rep", "pool"), names),
    }.get(path, "")


def _by_code(code: str) -> str:
    return {
        "not_your_pool": _(
            "Somebody else manages this pool, or a pool that the rep is in as well: a sales leader or an administrator "
            "decides this."
        ),
        "ends_before_start": _("An absence ends after it starts."),
        "bad_instant": _("This is no date; one is such as 2027-03-01."),
        "not_a_calendar": _("This is no calendar file: export one in the iCalendar format, whose name ends in .ics."),
        "too_long": _("The file is too large."),
        "too_many": _("The file has too many entries."),
    }.get(code, "")


def numbers(values: Sequence[str]) -> dict[str, int | str | None]:
    """Weight and caps of a member, in the order of the columns."""
    return dict(zip(("weight", "open_cap", "day_cap"), map(number, values), strict=True))
