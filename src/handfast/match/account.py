"""Which account is a company? Exact normalised name, or a close name and one of domain, telephone, postcode.

The domain alone counts only where the caller allows that fallback by name; a free mail provider's never does. Ties:
same domain, customer, has an active owner, oldest.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace

from handfast.identity import same_phone
from handfast.instant import Instant
from handfast.match.close import close
from handfast.match.described import Described, Normal, normal
from handfast.match.found import Account, AccountBy, AccountMatch, Agrees, Found, Tie


@dataclass(slots=True)
class Accounts:
    """The accounts that are known, found by what a match needs. ``free_mail``: domains that tell nobody apart."""

    free_mail: Collection[str]
    _known: dict[str, tuple[Account, Normal]] = field(default_factory=dict)
    _by_key: defaultdict[tuple[str, str], set[str]] = field(default_factory=lambda: defaultdict(set))

    def put(self, account: Account) -> None:
        """Take an account in, in place of what was known of it."""
        self.drop(account.id)
        seen = normal(account.described, self.free_mail)
        self._known[account.id] = (account, seen)
        for key in seen.keys:
            self._by_key[key].add(account.id)

    def drop(self, account: str) -> None:
        """Forget an account; one that is not known is forgotten already."""
        if account in self._known:
            for key in self._known.pop(account)[1].keys:
                self._by_key[key].discard(account)

    def match(self, described: Described, *, by_domain_alone: bool = False) -> AccountMatch:
        """The account of a company."""
        asked = normal(described, self.free_mail)
        near = {account for key in asked.keys for account in self._by_key.get(key, ())}
        return best_account(asked, (self._known[each] for each in near), by_domain_alone=by_domain_alone)


def best_account(
    asked: Normal, candidates: Iterable[tuple[Account, Normal]], *, by_domain_alone: bool = False
) -> AccountMatch:
    """The best of the candidates, which may come from anywhere as long as all that share a key are among them."""
    found = [each for account, seen in candidates if (each := _found(asked, account, seen, by_domain_alone))]
    if not found:
        return AccountMatch()
    best, *rest = sorted(found, key=_rank)
    return AccountMatch(found=(best, *(replace(each, lost_by=_lost(best, each)) for each in rest)))


def _found(asked: Normal, account: Account, seen: Normal, by_domain_alone: bool) -> Found | None:
    agrees = tuple(_agreeing(asked, seen))
    if asked.name and asked.name == seen.name:
        return Found(account=account, by=AccountBy.EXACT_NAME, agrees=agrees)
    if agrees and close(asked.name, seen.name):
        return Found(account=account, by=AccountBy.CLOSE_NAME, agrees=agrees)
    if by_domain_alone and Agrees.DOMAIN in agrees:
        return Found(account=account, by=AccountBy.DOMAIN_ALONE, agrees=agrees)
    return None


def _agreeing(one: Normal, other: Normal) -> Iterator[Agrees]:
    if one.domains & other.domains:
        yield Agrees.DOMAIN
    if any(same_phone(mine, theirs) for mine in one.phones for theirs in other.phones):
        yield Agrees.PHONE
    if one.postcodes & other.postcodes:
        yield Agrees.POSTCODE


_STRENGTH = {AccountBy.EXACT_NAME: 0, AccountBy.CLOSE_NAME: 1, AccountBy.DOMAIN_ALONE: 2}
_TIES = tuple(Tie)


def _rank(found: Found) -> tuple[int, bool, bool, bool, Instant, str]:
    """Smallest first; in the order of ``Tie``."""
    account = found.account
    return (
        _STRENGTH[found.by],
        Agrees.DOMAIN not in found.agrees,
        not account.customer,
        not account.owner_active,
        account.created_at,
        account.id,
    )


def _lost(best: Found, other: Found) -> Tie:
    """The first difference between the account taken and another."""
    pairs = zip(_TIES, _rank(best), _rank(other), strict=True)
    return next(tie for tie, taken, left in pairs if taken != left)
