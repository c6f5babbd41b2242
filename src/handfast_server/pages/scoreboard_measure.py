"""How a number is computed: its formula, the clause that decides it, its months, its splits, and its records."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from handfast.instant import Instant
from handfast.measure import behind
from handfast.measure.behind import cell_name
from handfast.measure.figure import Durations, Figure, Rows, Table
from handfast.measure.value import Measure, View
from handfast_server.access import Principal, access_cycles, access_leads, allowed
from handfast_server.delivery.digest import name_of
from handfast_server.handoffs.models import Cycle
from handfast_server.handoffs.story import reason_of
from handfast_server.pages.may import may
from handfast_server.pages.scoreboard import around
from handfast_server.pages.scoreboard_apart import parts_of, splits_of, word_label
from handfast_server.pages.scoreboard_asked import Asking, asking_of
from handfast_server.pages.scoreboard_charts import spark
from handfast_server.pages.scoreboard_figures import Told, number, target_plain, target_words, told, verdict_badge
from handfast_server.pages.scoreboard_tiles import flow_told, is_seen, months_of, trend_words
from handfast_server.pages.scoreboard_words import part_words, split_words, title_words
from handfast_server.scoreboard import answers, boards
from handfast_server.scoreboard.access import scope_of

LIMIT = 50
"""Records on a page."""

_WORDS = 40
"""Parts of a split on the page; the interface for programs has them all."""
_PARTS = 14

_FARTHEST = 2**31


@require_safe
@may("scoreboard_measure")
def measure(request: HttpRequest, who: Principal, name: str) -> HttpResponse:
    """The page of one measure."""
    scope = scope_of(who)
    try:
        asking = asking_of(request.GET)
        shown, whole = asking.board(scope), asking.whole(scope)
    except boards.NoSnapshot as nothing:
        return render(request, "pages/scoreboard/nothing.html", {"signed": "snapshot" in str(nothing)})
    try:
        found = answers.measure_of(shown, name)
        listed = _records(request, who, asking, shown, found)
    except answers.NotAsked as unknown:
        raise Http404(str(unknown)) from unknown
    seen = {**around(asking, shown, scope), **_computed(asking, shown, found), **listed}
    months = months_of(asking, shown, whole, name)
    seen |= {"months": months[::-1], "trend": trend_words(months), "here": "scoreboard"}
    seen["spark"] = spark([month.value for month in months], target_plain(found.target))
    return render(request, "pages/scoreboard/measure.html", seen, status=422 if asking.wrong else 200)


def _computed(asking: Asking, shown: boards.Shown, it: Measure) -> dict[str, Any]:
    currency = shown.board.currency
    flows = asking.view is View.ACTIVITY and it.flow is not None
    return {
        "measure": it,
        "definition": it.definition,
        "title": title_words(it.definition),
        "told": flow_told(it) if flows else told(it.figure, it.definition.unit, currency),
        "is_flow": flows or it.definition.view is View.ACTIVITY,
        "has_view": is_seen(it, asking.view),
        "badge": None if flows else verdict_badge(it.verdict),
        "target": target_words(it.target, it, currency),
        "target_clause": "" if it.target is None else it.target.clause,
        "lines": _lines(asking, it, currency, shown.board.version),
        "own_splits": [(name, split_words(name), asking.query(split=name)) for name in splits_of(it)],
        "split_title": split_words(asking.split),
        "unsplit": asking.query(split=""),
        "bands": _bands(it.figure),
    }


def _bands(figure: Figure) -> list[tuple[str, str]]:
    """What a duration has beside its median: its other quantiles, and how many never ended."""
    if not isinstance(figure, Durations):
        return []
    return [(part_words("watched"), number(figure.records.count)), (_("never"), number(figure.never))]


class Line(NamedTuple):
    """A part of a split, the address of its records, and the clause that it is of."""

    word: str
    told: Told
    address: str
    clause: str


_CLAUSES = {"clock": "clocks", "reason": "reasons", "pool": "pools"}
"""Splits whose parts the contract names."""


def _lines(asking: Asking, it: Measure, currency: str, version: int) -> list[Line]:
    unit = it.definition.unit
    return [
        Line(
            word_label(asking.split, part.word, version),
            told(part.figure, unit, currency),
            asking.query(word=part.word or "", of="word"),
            f"{_CLAUSES[asking.split]}.{part.word}" if part.word and asking.split in _CLAUSES else "",
        )
        for part in parts_of(it, asking.split)[:_WORDS]
    ]


# Records.


class Part(NamedTuple):
    """A part of a figure that opens to records."""

    title: str
    many: str
    address: str
    is_shown: bool


class Row(NamedTuple):
    """A record: whose it is, and where it stands now."""

    lead: str
    name: str
    id: str
    state: str
    owner: str
    qualified_at: Instant | None


def _records(request: HttpRequest, who: Principal, asking: Asking, shown: boards.Shown, it: Measure) -> dict[str, Any]:
    """The records of a part, from one on. Raises NotAsked."""
    given = request.GET
    of_word = given.get("of") == "word" and asking.split in it.splits
    word = given.get("word", "") if of_word else None
    part = given.get("part", "") or ("" if of_word else _largest(it.figure))
    wanted = answers.Wanted(part, asking.split if of_word else "", word or "")
    if not it.measurable:
        return {"rows": [], "parts": []}
    rows = answers.rows_of(shown, it.name, wanted)
    begin = _begin(given.get("begin", ""))
    also = {"of": "word", "word": word} if of_word else {}
    parts = _parts(asking, shown, it.figure, wanted.part) if not of_word else []
    end = begin + LIMIT
    return {
        "rows": _rows(who, answers.records(shown, rows, begin, LIMIT)),
        "parts": parts,
        "part": part_words(wanted.part or next(iter(dict(behind(it.figure))))),
        "word": word_label(asking.split, word, shown.version.number) if of_word else "",
        "count": number(rows.count),
        "first": asking.query(part=wanted.part, **also) if begin else "",
        "next": asking.query(part=wanted.part, begin=end, **also) if end < rows.count else "",
        "csv": _csv(asking, it.name, wanted) if allowed(who, "measures.export") and rows.count else "",
        "from_": number(begin + 1),
        "to": number(min(end, rows.count)),
    }


def _begin(text: str) -> int:
    return min(int(text), _FARTHEST) if text.isdecimal() and len(text) < 11 else 0


def _parts(asking: Asking, shown: boards.Shown, figure: Figure, chosen: str) -> list[Part]:
    found: list[tuple[str, Rows]] = list(behind(figure))
    words = {}
    if isinstance(figure, Table):
        words = _cell_words(figure, shown.version.number)
        found = sorted(((part, rows) for part, rows in found if part in words), key=lambda each: -each[1].count)
    chosen = chosen or next(iter(dict(behind(figure))), "")
    return [
        Part(words.get(part) or part_words(part), number(rows.count), asking.query(part=part), part == chosen)
        for part, rows in found[:_PARTS]
    ]


def _largest(figure: Figure) -> str:
    """The cell of a table that is listed before one is chosen; of what is no table, what is listed anyway."""
    if not isinstance(figure, Table):
        return ""
    counts = {
        (row, column): count for row, line in enumerate(figure.counts) for column, count in enumerate(line) if count
    }
    return cell_name(figure, *max(counts, key=lambda place: counts[place])) if counts else ""


def _cell_words(table: Table, version: int) -> dict[str, str]:
    """What each cell of a table that holds anything is called, by the name under which its records are asked for."""

    def row_words(row: str) -> str:
        title = reason_of(version, row)["title"] if table.row_title == "reason" else ""
        return title or row or _("unknown")

    return {
        cell_name(table, row, column): f"{row_words(table.rows[row])}, {table.columns[column] or _('unknown')}"
        for row, line in enumerate(table.counts)
        for column, count in enumerate(line)
        if count
    }


def _csv(asking: Asking, name: str, wanted: answers.Wanted) -> str:
    address = reverse("api:export_records", kwargs={"name": name})
    return address + asking.for_programs(part=wanted.part, split=wanted.split, word=wanted.word)


def _rows(who: Principal, records: list[answers.Record]) -> list[Row]:
    leads = access_leads(who).in_bulk([record.lead for record in records if record.lead])
    cycles: dict[str, Cycle] = access_cycles(who).in_bulk([record.cycle for record in records if record.cycle])
    return [_row(record, name_of(leads.get(record.lead)), cycles.get(record.cycle)) for record in records]


def _row(record: answers.Record, name: str, cycle: Cycle | None) -> Row:
    lead = record.lead if name else ""
    if cycle is None:
        return Row(lead, name, record.id, "", "", None)
    return Row(lead, name, record.id, cycle.state, cycle.owner, cycle.qualified_at)
