"""A second person at an account with an open opportunity goes to its owner and joins it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, TypeVar

from handfast.instant import Instant


class OpenOpportunity(Protocol):
    """An opportunity that is neither won nor lost."""

    @property
    def id(self) -> str:
        """Its id, which is one in all systems."""

    @property
    def account(self) -> str | None:
        """The account that it is of."""

    @property
    def opened_at(self) -> Instant:
        """When it was opened."""


Opportunity = TypeVar("Opportunity", bound=OpenOpportunity)


def joins(account: str | None, opportunities: Iterable[Opportunity]) -> Opportunity | None:
    """The open opportunity that another person at an account joins, the latest of several: the lead goes to its owner.

    "Duplicate" is no reason to turn such a lead away (semantics.md, Matching and duplicates).
    """
    of_account = (each for each in opportunities if account is not None and each.account == account)
    return max(of_account, key=lambda each: (each.opened_at, each.id), default=None)
