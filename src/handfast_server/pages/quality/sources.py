"""From lead to MQL, and what each step cost, by source and by campaign: the measures of the scoreboard side by side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from handfast.measure.figure import Derived, Figure, Ratio
from handfast_server.access import Principal, allowed
from handfast_server.pages.may import may
from handfast_server.pages.quality.asked import Seen, measured, seen_of, told_of
from handfast_server.pages.scoreboard_figures import Told, money, told
from handfast_server.pages.scoreboard_words import title_words
from handfast_server.sheet import line, sheet

SPLITS = ("source", "campaign")

RATES = ("lead_to_mql", "acceptance_rate", "mql_to_sql")
COSTS = ("cost_per_lead", "cost_per_mql", "cost_per_sql")

_ROWS = 60


@require_safe
@may("quality_sources")
@measured("sources")
def sources(request: HttpRequest, who: Principal) -> HttpResponse:
    """The page."""
    seen = seen_of(request, who, SPLITS)
    rows = list(_rows(seen))
    shown = {
        "heads": [_head(seen, name) for name in (*RATES, *COSTS)],
        "rows": rows[:_ROWS],
        "whole": _row(seen, None) if rows else None,
        "more": max(len(rows) - _ROWS, 0),
        "spend": _is_told(seen),
        "own": seen.scope is not None,
        "may_spend": allowed(who, "spend.write"),
        "csv": seen.asking.query() if rows and allowed(who, "measures.export") else "",
    }
    return render(
        request, "pages/quality/sources.html", {**told_of(seen, SPLITS, "sources"), **shown}, status=seen.status
    )


@require_safe
@may("quality_sources_csv")
@measured("sources")
def sources_csv(request: HttpRequest, who: Principal) -> StreamingHttpResponse:
    """The whole table: counts exactly, money in the contract's currency."""
    seen = seen_of(request, who, SPLITS)
    return sheet(_lines(seen), f"sources-by-{seen.asking.split}")


class Head(NamedTuple):
    """A measure, and its page."""

    title: str
    address: str


class Cell(NamedTuple):
    """A figure, and the address of its records."""

    told: Told
    address: str


class Row(NamedTuple):
    """A source or a campaign; the spend beside what it bought."""

    word: str
    rates: list[Cell]
    spend: str
    costs: list[Cell]


def _head(seen: Seen, name: str) -> Head:
    address = reverse("scoreboard_measure", kwargs={"name": name}) + seen.asking.query()
    found = next(each for each in seen.shown.board if each.name == name)
    return Head(title_words(found.definition), address)


def _is_told(seen: Seen) -> bool:
    return any(seen.measure(name) is not None for name in COSTS)


def _figures(seen: Seen, name: str) -> Mapping[str | None, Figure]:
    """A measure by the words of the split."""
    measure, by = seen.measure(name), seen.asking.split
    return (
        {} if measure is None or by not in measure.splits else {each.word: each.figure for each in measure.splits[by]}
    )


def _words(seen: Seen) -> list[str | None]:
    """Whoever has leads, the most of them first; then whoever only cost something; the unknown last."""
    found = dict.fromkeys(word for name in (*RATES, *COSTS) for word in _figures(seen, name))
    return [*(word for word in found if word is not None), *([None] if None in found else [])]


def _rows(seen: Seen) -> Iterator[Row]:
    for word in _words(seen):
        yield _row(seen, word, whole=False)


def _row(seen: Seen, word: str | None, *, whole: bool = True) -> Row:
    figures = {name: _figure(seen, name, word, whole=whole) for name in (*RATES, *COSTS)}
    paid = next((each for name in COSTS if isinstance(each := figures[name], Derived)), None)
    currency = seen.shown.board.currency
    return Row(
        word=_("All together") if whole else word or _("unknown"),
        rates=[_cell(seen, name, figures[name], word, whole=whole) for name in RATES],
        spend="" if paid is None else money(_hundredths(paid), currency),
        costs=[_cell(seen, name, figures[name], word, whole=whole) for name in COSTS],
    )


def _figure(seen: Seen, name: str, word: str | None, *, whole: bool) -> Figure | None:
    measure = seen.measure(name)
    if whole:
        return None if measure is None else measure.figure
    return _figures(seen, name).get(word)


def _hundredths(figure: Derived) -> int:
    return int(getattr(figure.parts["spend"], "value", 0))


def _cell(seen: Seen, name: str, figure: Figure | None, word: str | None, *, whole: bool) -> Cell:
    if figure is None:
        return Cell(Told("–"), "")
    measure = next(each for each in seen.shown.board if each.name == name)
    also = {} if whole else {"of": "word", "word": word or ""}
    address = reverse("scoreboard_measure", kwargs={"name": name}) + seen.asking.query(**also) + "#records"
    return Cell(told(figure, measure.definition.unit, seen.shown.board.currency), address)


def _lines(seen: Seen) -> Iterator[str]:
    columns = [f"{name}{part}" for name in RATES for part in ("", "_of")]
    yield line((seen.asking.split, *columns, "spend", *COSTS))
    for word in _words(seen):
        rates = [_counts(_figure(seen, name, word, whole=False)) for name in RATES]
        costs = [_figure(seen, name, word, whole=False) for name in COSTS]
        paid = next((each for each in costs if isinstance(each, Derived)), None)
        spend = "" if paid is None else f"{_hundredths(paid) / 100:.2f}"
        yield line((word or "", *(cell for pair in rates for cell in pair), spend, *map(_plain, costs)))


def _counts(figure: Figure | None) -> tuple[str, str]:
    if not isinstance(figure, Ratio):
        return "", ""
    return str(figure.numerator.count), str(figure.denominator.count)


def _plain(figure: Figure | None) -> str:
    return "" if not isinstance(figure, Derived) or figure.value is None else f"{float(figure.value) / 100:.2f}"
