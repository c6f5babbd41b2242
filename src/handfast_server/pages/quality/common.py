"""What a suggestion is, and the reasons that are common enough to suggest anything."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from django.utils.translation import gettext as _

from handfast.contract.model import Reason
from handfast.measure.figure import Table
from handfast.stats import wilson
from handfast_server.pages.quality.amend import Amended
from handfast_server.pages.quality.asked import Seen
from handfast_server.pages.scoreboard_figures import between, number, percent, percent_bare


class Suggestion(NamedTuple):
    """What the numbers say, what could be done about it, and the text with it done, where that can be written."""

    id: str
    title: str
    because: list[str]
    then: str
    amended: Amended | None
    clause: str
    address: str


class Common(NamedTuple):
    """A reason of the contract, and in a sentence how much of what was declined it stands for."""

    reason: Reason
    words: str


def common_of(seen: Seen, least: float) -> Iterator[Common]:
    """The reasons that stand for so much of what was declined, at the lower end of their interval."""
    measure = seen.measure("reasons_by_source")
    table = None if measure is None else measure.figure
    if not isinstance(table, Table):
        return
    known, whole = seen.shown.version.contract.reasons, table.records.count
    for place, name in enumerate(table.rows):
        around = wilson(sum(table.counts[place]), whole)
        if name in known and around is not None and around[0] >= least:
            yield Common(known[name], _said(table, place, known[name].title, around))


def _said(table: Table, place: int, title: str, around: tuple[float, float]) -> str:
    """With the source that it is given for most."""
    row, whole = table.counts[place], table.records.count
    count, most = sum(row), max(range(len(row)), key=lambda column: row[column])
    words = {
        "reason": title,
        "share": percent(count / whole),
        "interval": between(percent_bare(around[0]), percent(around[1])),
        "count": number(count),
        "whole": number(whole),
    }
    said = _("“%(reason)s” stands for %(share)s of what was declined (%(count)s of %(whole)s; %(interval)s).") % words
    words = {"source": table.columns[most] or _("unknown"), "count": number(row[most])}
    from_where = _("Most of them come from %(source)s: %(count)s.") % words
    return f"{said} {from_where}"
