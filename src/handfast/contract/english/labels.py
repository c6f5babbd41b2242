"""What a change is called and how its two sides are written: labels and values for the table of changes."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from handfast.contract.english import changes, clauses, names, values
from handfast.contract.english.difference import InWords, Seen
from handfast.contract.model import Contract
from handfast.contract.terms import PerPeriod
from handfast.wording import worded

# Values in words.


def plain(words: Callable[[Any], str]) -> InWords:
    """Words that need no contract."""
    return lambda _, value: words(value)


as_text = plain(str)
as_title = plain(lambda value: values.quoted(str(value)))
as_number = plain(values.decimal)
as_points = plain(clauses.points)
as_duration = plain(values.duration)
as_span = plain(values.spell_span)
as_share = plain(values.share)
as_date = plain(values.day)


def as_moment(contract: Contract, value: int) -> str:
    """An instant in the contract's zone."""
    return values.moment(value, contract.zone)


def as_money(contract: Contract, value: Decimal) -> str:
    """An amount in the contract's currency."""
    return values.money(value, contract.currency)


def as_pipeline(contract: Contract, value: PerPeriod) -> str:
    """An amount a period in the contract's currency."""
    return values.per_period(value, contract.currency)


# Labels.


def titled(depth: int, template: str) -> Callable[[Seen], str]:
    """Of ``{title}``: that of the entry at the first parts of the path."""
    return lambda seen: worded(template, title=seen.entry(depth).title)


def of_signal(template: str) -> Callable[[Seen], str]:
    """Of ``{title}``: the signal's."""
    return titled(4, template)


def of_reason(template: str) -> Callable[[Seen], str]:
    """A reason by its title, in quotes."""
    return lambda seen: worded(template, title=values.quoted(seen.entry(2).title))


def of_side(template: str) -> Callable[[Seen], str]:
    """Of ``{side}``: marketing or sales."""
    return lambda seen: worded(template, side=names.side(seen.key()))


def of_clock(template: str) -> Callable[[Seen], str]:
    """Of ``{clock}``: its name."""
    return lambda seen: worded(template, clock=changes.clock(seen))


def activity_of(seen: Seen) -> str:
    """The activity of a behaviour signal or of the hand-raise around the place."""
    return str(seen.entry(len(seen.path) - 1).on)
