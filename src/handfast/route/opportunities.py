"""Deals as routing knows them: at which account, whose, and whether they are still open."""

from __future__ import annotations

from dataclasses import dataclass, field

from handfast.instant import Instant
from handfast.route.buckets import Buckets


@dataclass(frozen=True, slots=True, kw_only=True)
class Opportunity:
    """A deal, at the account of the ``lead`` that it was first told of. ``owner`` is None when nobody is known to be.

    One that was closed is remembered: it may be opened again, and what is told late of another lead does not open it.
    """

    id: str
    lead: str
    account: str | None
    owner: str | None
    opened_at: Instant
    open: bool = True


@dataclass(frozen=True, slots=True)
class Opportunities:
    """Every deal that was told of, and by account those that are open."""

    known: Buckets[Opportunity] = field(default_factory=Buckets)
    open_at: Buckets[tuple[str, ...]] = field(default_factory=Buckets)

    def get(self, deal: str) -> Opportunity | None:
        """A deal, if it was told of."""
        return self.known.get(deal)

    def at(self, account: str | None) -> tuple[Opportunity, ...]:
        """The open deals at an account."""
        names = None if account is None else self.open_at.get(account)
        found = (self.known.get(name) for name in names or ())
        return tuple(each for each in found if each is not None)

    def put(self, opportunity: Opportunity) -> Opportunities:
        """The deals with this one as it is now."""
        left = self.drop(opportunity.id)
        known, open_at, account = left.known.put(opportunity.id, opportunity), left.open_at, opportunity.account
        if opportunity.open and account is not None:
            open_at = open_at.put(account, tuple(sorted((*(open_at.get(account) or ()), opportunity.id))))
        return Opportunities(known, open_at)

    def drop(self, deal: str) -> Opportunities:
        """The deals without one of them."""
        before = self.known.get(deal)
        if before is None:
            return self
        known, open_at = self.known.put(deal, None), self.open_at
        if before.open and before.account is not None:
            left = tuple(each for each in open_at.get(before.account) or () if each != deal)
            open_at = open_at.put(before.account, left or None)
        return Opportunities(known, open_at)
