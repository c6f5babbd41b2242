"""The scoreboard: the number, what both sides owe, where every lead is, and the measures. One page for both leaders.

Measures come from the snapshot by the functions that answer programs; what somebody may see numbers of limits the page
as it limits those. Commitments and the number are everybody's, and shown to who sees everybody's.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from handfast.instant import MINUTE, format_instant
from handfast.measure.question import Stream
from handfast.measure.value import View
from handfast_server.access import Principal
from handfast_server.now import now
from handfast_server.pages.may import may
from handfast_server.pages.scoreboard_asked import Asking, Choice, asking_of, period_words, periods_of
from handfast_server.pages.scoreboard_flow import (
    breaches_of,
    breaches_say,
    funnel_of,
    funnel_says,
    heat_of,
    speed_of,
)
from handfast_server.pages.scoreboard_owed import conservation_of, number_of, owed_of
from handfast_server.pages.scoreboard_tiles import all_of, groups_of
from handfast_server.pages.scoreboard_words import split_words
from handfast_server.scoreboard import boards
from handfast_server.scoreboard.access import Scope, scope_of

OLD = 15 * MINUTE
"""Older numbers are said to be."""


@require_safe
@may("scoreboard")
def scoreboard(request: HttpRequest, who: Principal) -> HttpResponse:
    """The page; what to do next, while nothing is measured."""
    try:
        asking = asking_of(request.GET)
        told = board_told(asking, scope_of(who))
    except boards.NoSnapshot as nothing:
        return render(request, "pages/scoreboard/nothing.html", {"signed": "snapshot" in str(nothing)})
    told["frozen_address"] = request.build_absolute_uri(request.path + told["frozen_query"])
    return render(request, "pages/scoreboard/board.html", told, status=422 if asking.wrong else 200)


def board_told(asking: Asking, scope: Scope | None) -> dict[str, Any]:
    """Everything that stands on the page."""
    shown = asking.board(scope)
    return {**around(asking, shown, scope), "numbers": numbers_of(asking, shown, scope)}


def numbers_of(asking: Asking, shown: boards.Shown, scope: Scope | None) -> str:
    """The page without who reads it: written once for each board, view, split and language, and kept with the board."""
    whole, live = asking.whole(scope), asking.live(None) if scope is None else None
    split = asking.split if asking.split in {choice.value for choice in splits_of(shown)} else ""
    asking = replace(asking, split=split)
    key = ("page", asking.query(), get_language(), whole.generation, live.generation if live else 0)
    if key not in shown.texts:
        told = _told(asking, shown, whole, live)
        shown.texts[key] = render_to_string("pages/scoreboard/numbers.html", told).encode()
    return shown.texts[key].decode()


def _told(asking: Asking, shown: boards.Shown, whole: boards.Shown, live: boards.Shown | None) -> dict[str, Any]:
    told: dict[str, Any] = {
        "query": asking.query(),
        "live_query": asking.query(stream=Stream.LIVE.value),
        "own_only": live is None,
        "version": shown.board.version,
        "groups": groups_of(asking, shown, whole),
        "all": list(all_of(asking, shown)),
        "conservation": conservation_of(shown),
        "funnel": (funnel := funnel_of(shown)),
        "funnel_says": funnel_says(funnel),
        "speed": speed_of(shown),
        "breaches": (breaches := breaches_of(shown)),
        "breaches_say": breaches_say(breaches),
        "heat": heat_of(shown),
    }
    return told if live is None else {**told, "number": number_of(live), "sides": owed_of(asking, live)}


def around(asking: Asking, shown: boards.Shown, scope: Scope | None) -> dict[str, Any]:
    """What every page of the scoreboard says beside its numbers: of what they are, and how to ask for others."""
    choices = _choices(shown)
    chosen = (asking.view.value, asking.split, asking.stream.value)
    return {
        **choices,
        "chosen": [
            one.label for some, it in zip(choices.values(), chosen, strict=True) for one in some if one.value == it
        ],
        "asking": asking,
        "query": asking.query(),
        "live_query": asking.query(stream=Stream.LIVE.value),
        "frozen_query": asking.query(as_of=format_instant(shown.board.as_of)),
        "newest_query": asking.query(as_of=""),
        "board": shown.board,
        "is_old": shown.age > OLD and asking.as_of is None,
        "period": period_words(asking.label),
        "own_only": scope is not None,
        "periods": periods_of(asking, now()),
    }


def _choices(shown: boards.Shown) -> dict[str, list[Choice]]:
    """What can be chosen beside the period."""
    return {
        "views": [
            Choice(View.COHORT.value, _("Cohort: by when leads entered")),
            Choice(View.ACTIVITY.value, _("Activity: by when things happened")),
        ],
        "splits": [Choice("", _("Not told apart")), *splits_of(shown)],
        "streams": [
            Choice(Stream.BOTH.value, _("Live and history")),
            Choice(Stream.LIVE.value, _("Live only")),
            Choice(Stream.HISTORY.value, _("History only")),
        ],
    }


def splits_of(shown: boards.Shown) -> list[Choice]:
    """By what handoffs can be told apart."""
    found = [name for measure in shown.board if measure.name == "delivered" for name in measure.splits]
    return [Choice(name, split_words(name)) for name in found]
