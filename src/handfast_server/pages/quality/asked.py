"""What the pages of quality have in common: they are asked as the scoreboard is, and say what to do without numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import wraps
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from handfast.measure.value import Measure, View
from handfast_server.access import Principal, allowed
from handfast_server.pages.scoreboard import around
from handfast_server.pages.scoreboard_asked import Asking, Choice, asking_of
from handfast_server.pages.scoreboard_figures import Told, told
from handfast_server.pages.scoreboard_tiles import flow_told
from handfast_server.pages.scoreboard_words import split_words
from handfast_server.scoreboard import boards
from handfast_server.scoreboard.access import Scope, scope_of

Page = Callable[..., HttpResponseBase]


def at(tab: str) -> dict[str, str]:
    """Where a page stands: under quality in the navigation, and under one of its parts."""
    return {"here": "quality", "tab": tab}


class Seen(NamedTuple):
    """What is asked, its board, and whose numbers somebody sees."""

    asking: Asking
    shown: boards.Shown
    scope: Scope | None

    def measure(self, name: str) -> Measure | None:
        """The measure of that name, where it can be measured."""
        return next((each for each in self.shown.board if each.name == name and each.measurable), None)

    def told(self, measure: Measure) -> Told:
        """The whole of a measure in the view that is asked for."""
        if self.asking.view is View.ACTIVITY and measure.flow is not None:
            return flow_told(measure)
        return told(measure.figure, measure.definition.unit, self.shown.board.currency)

    @property
    def status(self) -> int:
        """422 where a word of the address was not understood."""
        return 422 if self.asking.wrong else 200


def seen_of(request: HttpRequest, who: Principal, splits: Sequence[str] = ("",)) -> Seen:
    """The board of an address; told apart by the first of the splits unless it names another. Raises NoSnapshot."""
    asking, scope = asking_of(request.GET), scope_of(who)
    asking = replace(asking, split=asking.split if asking.split in splits else splits[0])
    return Seen(asking, asking.board(scope), scope)


def told_of(seen: Seen, splits: Sequence[str], tab: str) -> dict[str, Any]:
    """What stands around the numbers of a page."""
    choices = [Choice(name, split_words(name)) for name in splits if name]
    flows = seen.asking.view is View.ACTIVITY
    return {**around(seen.asking, seen.shown, seen.scope), "splits": choices, "flows": flows, **at(tab)}


def told_apart(
    request: HttpRequest, who: Principal, seen: Seen, splits: Sequence[str], tab: str, *, filled: bool, **shown: Any
) -> HttpResponse:
    """A page of numbers told apart; with a file where there is anything in it, and somebody may take it with them."""
    csv = seen.asking.query() if filled and allowed(who, "measures.export") else ""
    values = {**told_of(seen, splits, tab), **shown, "csv": csv}
    return render(request, f"pages/quality/{tab}.html", values, status=seen.status)


def measured(tab: str) -> Callable[[Page], Page]:
    """Under a view that needs numbers: before there are any, the page says what to do, and a file leads to it."""

    def decorated(view: Page) -> Page:
        @wraps(view)
        def checked(request: HttpRequest, *values: Any, **named: Any) -> HttpResponseBase:
            try:
                return view(request, *values, **named)
            except boards.NoSnapshot as nothing:
                name = "" if request.resolver_match is None else request.resolver_match.url_name or ""
                if name.endswith("_csv"):
                    return redirect(name.removesuffix("_csv"))
                told = {"signed": "snapshot" in str(nothing), **at(tab)}
                return render(request, "pages/quality/nothing.html", told)

        return checked

    return decorated
