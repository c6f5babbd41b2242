"""A company as it is described, and as descriptions are compared."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from handfast.identity import (
    LEAST_DIGITS,
    NO_COMPANY,
    domain_of,
    normal_company,
    normal_domain,
    normal_email,
    normal_phone,
    normal_postcode,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """What is known of a company, raw; of a lead what it says of its own."""

    name: str = ""
    domains: tuple[str, ...] = ()  # web or mail domains, or addresses of them
    phones: tuple[str, ...] = ()
    postcodes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Normal:
    """A description as it is compared."""

    name: str
    domains: frozenset[str]
    phones: frozenset[str]
    postcodes: frozenset[str]

    @property
    def keys(self) -> frozenset[tuple[str, str]]:
        """What a match must have at least one of: by these, candidates are looked up, in memory or in tables."""
        names = {("name", self.name)} if self.name else set()
        domains = {("domain", each) for each in self.domains}
        phones = {("phone", each[-LEAST_DIGITS:]) for each in self.phones}
        return frozenset(names | domains | phones | {("postcode", each) for each in self.postcodes})


def normal(described: Described, free_mail: Collection[str]) -> Normal:
    """A description as it is compared; without domains that anybody can have, and names that name nobody."""
    name = normal_company(described.name)
    domains = {domain_of(normal_email(each)) or normal_domain(each) for each in described.domains}
    return Normal(
        name="" if name in NO_COMPANY else name,
        domains=frozenset(each for each in domains if each and each not in free_mail),
        phones=frozenset(map(normal_phone, described.phones)) - {""},
        postcodes=frozenset(map(normal_postcode, described.postcodes)) - {""},
    )
