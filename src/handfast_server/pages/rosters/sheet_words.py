"""What a sheet of the rosters says, and what is wrong with it, in the reader's words."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from handfast_server.rosters.sheet import COLUMNS, MOST, Wrong

_WRONG = {
    "no_sheet": gettext_noop("This is no CSV file: a cell in quotation marks is not closed."),
    "no_head": gettext_noop(
        "The first line names the columns, each once: rep at least, and pool, weight, open_cap and so on."
    ),
    "no_column": gettext_noop("No column is called %(value)s; there are %(columns)s."),
    "too_many": gettext_noop("A file has at most %(most)s lines."),
    "cells": gettext_noop("There are not as many cells as in the first line: %(value)s."),
    "no_rep": gettext_noop("The name of the rep is missing."),
    "twice": gettext_noop("%(value)s stands in this pool further up already."),
    "unlike": gettext_noop("%(column)s of this rep is another further up: it holds for all of their pools."),
}

_KINDS = {
    "joins": gettext_noop("joins"),
    "changes": gettext_noop("changes"),
    "leaves_pool": gettext_noop("leaves the pool"),
    "is_new": gettext_noop("is new"),
    "rep_changes": gettext_noop("changes, over all pools"),
    "leaves": gettext_noop("leaves, and what waits is routed again"),
    "is_back": gettext_noop("is back"),
}

_COLUMNS = {
    "pool": gettext_noop("Pool"),
    "rep": gettext_noop("Rep"),
    "weight": gettext_noop("Weight"),
    "open_cap": gettext_noop("Most at once"),
    "day_cap": gettext_noop("Most a day"),
    "calendar": gettext_noop("Hours"),
    "active": gettext_noop("Active"),
}

_WHOLE = {
    "open_cap": gettext_noop("Most at once, in this pool"),
    "day_cap": gettext_noop("Most a day, in this pool"),
    "calendar": gettext_noop("Hours: a calendar of the contract, or nothing for the pool's"),
    "weight": gettext_noop("Weight; 0 pauses"),
    "rep_open_cap": gettext_noop("Most at once, over all pools"),
    "rep_day_cap": gettext_noop("Most a day, over all pools"),
    "active": gettext_noop("Active: yes, or no for who has left"),
}


def wrong_words(wrong: Wrong) -> str:
    """What is wrong with a line."""
    words = {"value": wrong.value, "column": wrong.column, "columns": ", ".join(COLUMNS), "most": MOST}
    return _(_WRONG[wrong.code]) % words


def kind_words(kind: str) -> str:
    """What becomes of somebody."""
    return _(_KINDS[kind])


def column_words(name: str, *, whole: bool = False) -> str:
    """What a column holds; ``whole`` with what can stand in it."""
    words = {**_COLUMNS, **_WHOLE} if whole else _COLUMNS
    return _(words[name]) if name in words else name


def value_words(value: Any) -> str:
    """A value of a cell."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return "–" if value is None or value == "" else str(value)
