"""English that remembers how it was put together, so that another language can put it together in its own way.

The core says everything in English and knows no other language. A ``Worded`` is that English, a ``str`` like any
other, with the template and the values it was made from: names, numbers, dates, lists, and other ``Worded`` texts.
Whoever translates begins at ``made`` and goes down; a text that is no ``Worded`` is data and stays as it is.

Templates are written where they are used, as literals, so that a tool finds each.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Self


@dataclass(frozen=True, slots=True)
class Template:
    """``{lead} goes to {pool}`` with what stands for each name."""

    text: str
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Counted:
    """One of two templates with ``{number}``: of one, and of any other number."""

    one: str
    many: str
    number: int


@dataclass(frozen=True, slots=True)
class Number:
    """A number."""

    value: Decimal | int


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the calendar."""

    value: dt.date


@dataclass(frozen=True, slots=True)
class Listed:
    """Parts with ``between`` between them; ``last`` is a template that joins all but the last, and the last."""

    parts: tuple[str, ...]
    last: str
    between: str


@dataclass(frozen=True, slots=True)
class Whole:
    """A phrase as a sentence: a capital to begin with, a full stop at the end."""

    phrase: str


Made = Template | Counted | Number | Day | Listed | Whole


class Worded(str):
    """A text in English, and how it was made. Whatever is done to it as a string gives a plain string."""

    __slots__ = ("made",)
    made: Made

    def __new__(cls, text: str, made: Made) -> Self:
        """The text as it is in English."""
        new = super().__new__(cls, text)
        new.made = made
        return new

    def __reduce__(self) -> tuple[type[str], tuple[str]]:
        """Copied and kept it is its English: how it was made is for the process that made it."""
        return str, (str(self),)


def worded(template: str, **values: str) -> Worded:
    """A template with its values: ``worded("{lead} goes to {pool}", lead=…, pool=…)``."""
    return Worded(template.format(**values), Template(template, values))


def counted(number: int, one: str, many: str) -> Worded:
    """``counted(2, "{number} day", "{number} days")`` is ``2 days``."""
    return Worded((one if number == 1 else many).format(number=f"{number:,}"), Counted(one, many, number))


def series(parts: Sequence[str], last: str, *, between: str = ", ") -> str:
    """``a``, ``a and b``, ``a, b and c`` where the template is ``{first} and {last}``."""
    if len(parts) < 2:
        return parts[0] if parts else ""
    text = last.format(first=between.join(parts[:-1]), last=parts[-1])
    return Worded(text, Listed(tuple(parts), last, between))


def shortened(text: str, beginning: str) -> str:
    """A text without its first words in English, where only English says less there."""
    short = text.removeprefix(beginning)
    return Worded(short, text.made) if isinstance(text, Worded) else short
