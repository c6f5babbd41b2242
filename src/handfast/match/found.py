"""What an account match says: which account, by what, and why not the others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from handfast.instant import Instant
from handfast.match.described import Described


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An account that is known, with what decides ties."""

    id: str
    described: Described
    customer: bool = False
    owner: str | None = None
    owner_active: bool = False
    created_at: Instant = 0


class AccountBy(StrEnum):
    """What made a company an account, the strongest first."""

    EXACT_NAME = "exact_name"
    CLOSE_NAME = "close_name"  # and one of domain, telephone, postcode
    DOMAIN_ALONE = "domain_alone"  # the named fallback


class Agrees(StrEnum):
    """What two descriptions have in common besides the name."""

    DOMAIN = "domain"
    PHONE = "phone"
    POSTCODE = "postcode"


class Tie(StrEnum):
    """What decided between accounts that match alike."""

    STRONGER = "stronger"  # exact name before close name before domain alone
    SAME_DOMAIN = "same_domain"
    CUSTOMER = "customer"
    ACTIVE_OWNER = "active_owner"
    OLDEST = "oldest"
    FIRST_ID = "first_id"  # alike in everything: one answer, always the same


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """An account that matches, and what of it. ``lost_by`` says what put it behind the one taken; None for that."""

    account: Account
    by: AccountBy
    agrees: tuple[Agrees, ...]
    lost_by: Tie | None = None

    @property
    def why(self) -> str:
        """The match in a few words."""
        also = ", ".join(f"same {each}" for each in self.agrees)
        name = {AccountBy.EXACT_NAME: "exact name", AccountBy.CLOSE_NAME: "close name"}.get(self.by)
        return f"{name}, {also}" if name and also else name or "same domain, nothing else"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountMatch:
    """Which account a company is: the best of what was found, first; none when that is empty."""

    found: tuple[Found, ...] = ()

    @property
    def account(self) -> Account | None:
        """The account, if there is one."""
        return self.found[0].account if self.found else None

    @property
    def why(self) -> str:
        """The match in a sentence, with every account that came close."""
        if not self.found:
            return "No account has this name, or a close one with the same domain, telephone or postcode."
        best, *rest = self.found
        lost = "".join(f" {each.account.id} ({each.why}) is behind: {_LOST[each.lost_by]}." for each in rest)
        return f"{best.account.id}: {best.why}.{lost}"


_LOST: Mapping[Tie | None, str] = {
    Tie.STRONGER: "the match is weaker",
    Tie.SAME_DOMAIN: "another domain",
    Tie.CUSTOMER: "no customer",
    Tie.ACTIVE_OWNER: "no active owner",
    Tie.OLDEST: "younger",
    Tie.FIRST_ID: "alike in everything, and its id comes later",
}
