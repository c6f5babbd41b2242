"""Numbers told apart: by what each can be, in which order the parts stand, and what each part is called."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.dates import WEEKDAYS as DAYS
from django.utils.translation import gettext as _

from handfast.measure.value import Measure, Part
from handfast.measure.weekday import WEEKDAYS
from handfast_server.delivery.labels import band_words
from handfast_server.handoffs.story import reason_of
from handfast_server.pages.scoreboard_words import cause_words

_AFTERWARDS = frozenset({"version", "owner", "pool", "weekday"})
"""Settled when a lead is handed over: of all that came it tells only which ones were."""


def splits_of(measure: Measure) -> list[str]:
    """By what a measure can be told apart so that it says something."""
    of_all = measure.definition.dated_by == "inquiry"
    return [split for split in measure.splits if not (of_all and split in _AFTERWARDS)]


def parts_of(measure: Measure, split: str) -> list[Part]:
    """The parts of a split: versions by their numbers, days of the week and bands in order, else the largest first."""
    if split not in splits_of(measure):
        return []
    parts = list(measure.splits[split])
    return sorted(parts, key=lambda part: by_number(part.word or "")) if split == "version" else parts


def by_number(word: str) -> tuple[bool, int]:
    """The order of words that are numbers; all others stand behind them."""
    return not word.isdecimal(), int(word) if word.isdecimal() else 0


_LABELS: dict[str, Callable[[str], str]] = {
    "version": lambda word: _("Version %(number)s") % {"number": word},
    "weekday": lambda word: str(DAYS[WEEKDAYS.index(word)]) if word in WEEKDAYS else word,
    "band": band_words,
    "cause": cause_words,
}


def word_label(split: str, word: str | None, version: int) -> str:
    """What a part of a split is called; a reason as the contract calls it."""
    if not word:
        return _("unknown")
    if split == "reason":
        return str(reason_of(version, word)["title"] or word)
    return _LABELS[split](word) if split in _LABELS else word
