"""A second person at an account with an open opportunity goes to its owner and joins it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from handfast.instant import Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenOpportunity:
    """An opportunity that is neither won nor lost."""

    id: str
    account: str
    owner: str
    opened_at: Instant


def joins(account: str | None, opportunities: Iterable[OpenOpportunity]) -> OpenOpportunity | None:
    """The open opportunity that another person at an account joins, the latest of several: the lead goes to its owner.

    "Duplicate" is no reason to turn such a lead away (semantics.md, Matching and duplicates).
    """
    of_account = (each for each in opportunities if each.account == account)
    return max(of_account, key=lambda each: (each.opened_at, each.id), default=None)
