"""From lead to MQL, and what each step cost, by source and by campaign: the measures of the scoreboard side by side."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from handfast.measure.figure import Derived, Figure, Ratio
from handfast.measure.value import Measure
from handfast_server.access import Principal, allowed
from handfast_server.pages.may import may
from handfast_server.pages.quality.asked import Seen, measured, seen_of, told_apart
from handfast_server.pages.scoreboard_figures import NONE, Told, money, told
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
    parts = _parts(seen)
    words = _words(parts)
    shown = {
        "heads": [_head(seen, name) for name in (*RATES, *COSTS)],
        "rows": [_row(seen, word, {name: parts[name].get(word) for name in parts}) for word in words[:_ROWS]],
        "whole": _whole(seen) if words else None,
        "more": max(len(words) - _ROWS, 0),
        "spend": any(seen.measure(name) is not None for name in COSTS),
        "own": seen.scope is not None,
        "may_spend": allowed(who, "spend.write"),
    }
    return told_apart(request, who, seen, SPLITS, "sources", filled=bool(words), **shown)


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


Word = str | None
"""A source or a campaign; None is the unknown."""

Parts = Mapping[str, Mapping[Word, Figure]]
"""Each measure by the words of the split."""


def _head(seen: Seen, name: str) -> Head:
    return Head(title_words(_of(seen, name).definition), _page(seen, name))


def _of(seen: Seen, name: str) -> Measure:
    return next(each for each in seen.shown.board if each.name == name)


def _page(seen: Seen, name: str, **also: str) -> str:
    return reverse("scoreboard_measure", kwargs={"name": name}) + seen.asking.query(**also)


def _parts(seen: Seen) -> Parts:
    by, found = seen.asking.split, dict[str, Mapping[Word, Figure]]()
    for name in (*RATES, *COSTS):
        measure = seen.measure(name)
        told_apart = measure is not None and by in measure.splits
        found[name] = {part.word: part.figure for part in measure.splits[by]} if measure and told_apart else {}
    return found


def _words(parts: Parts) -> list[Word]:
    """Whoever has leads, the most of them first; then whoever only cost something; the unknown last."""
    found = dict.fromkeys(word for figures in parts.values() for word in figures)
    return [*(word for word in found if word is not None), *([None] if None in found else [])]


def _row(seen: Seen, word: Word, figures: Mapping[str, Figure | None]) -> Row:
    cells = {name: _cell(seen, name, figure, word) for name, figure in figures.items()}
    return Row(
        word=word or _("unknown"),
        rates=[cells[name] for name in RATES],
        spend=_spend(seen, figures.values()),
        costs=[cells[name] for name in COSTS],
    )


def _cell(seen: Seen, name: str, figure: Figure | None, word: Word) -> Cell:
    if figure is None:
        return Cell(Told(NONE), "")
    address = _page(seen, name, of="word", word=word or "") + "#records"
    return Cell(told(figure, _of(seen, name).definition.unit, seen.shown.board.currency), address)


def _whole(seen: Seen) -> Row:
    measures = {name: seen.measure(name) for name in (*RATES, *COSTS)}
    cells = {
        name: Cell(Told(NONE), "") if each is None else Cell(seen.told(each), _page(seen, name) + "#records")
        for name, each in measures.items()
    }
    paid = _spend(seen, (None if each is None else each.figure for each in measures.values()))
    return Row(_("All together"), [cells[name] for name in RATES], paid, [cells[name] for name in COSTS])


def _spend(seen: Seen, figures: Iterable[Figure | None]) -> str:
    paid = _paid(figures)
    return "" if paid is None else money(paid, seen.shown.board.currency)


def _paid(figures: Iterable[Figure | None]) -> int | None:
    """What was spent, in hundredths: each cost is made of it."""
    costs = (figure for figure in figures if isinstance(figure, Derived))
    return next((int(getattr(cost.parts["spend"], "value", 0)) for cost in costs), None)


def _lines(seen: Seen) -> Iterator[str]:
    parts = _parts(seen)
    columns = [f"{name}{part}" for name in RATES for part in ("", "_of")]
    yield line((seen.asking.split, *columns, "spend", *COSTS))
    for word in _words(parts):
        rates = [_counts(parts[name].get(word)) for name in RATES]
        costs = [parts[name].get(word) for name in COSTS]
        paid = _paid(costs)
        yield line((word or "", *(cell for pair in rates for cell in pair), _units(paid), *map(_plain, costs)))


def _counts(figure: Figure | None) -> tuple[str, str]:
    if not isinstance(figure, Ratio):
        return "", ""
    return str(figure.numerator.count), str(figure.denominator.count)


def _plain(figure: Figure | None) -> str:
    return _units(round(figure.value)) if isinstance(figure, Derived) and figure.value is not None else ""


def _units(hundredths: int | None) -> str:
    return "" if hundredths is None else f"{hundredths // 100}.{hundredths % 100:02}"
