"""Is this lead known? The same id in the same system, else the same normalised e-mail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from handfast.identity import normal_email, normal_id


class LeadBy(StrEnum):
    """What made two records one lead."""

    SYSTEM_ID = "system_id"
    EMAIL = "email"


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadMatch:
    """Which lead a record is of; None when of none yet.

    ``also`` is another lead that the e-mail names while the system id names ``lead``: two records of one human that
    nobody has merged.
    """

    lead: str | None
    by: LeadBy | None = None
    key: str = ""  # the id with its system, or the address, as compared
    also: str | None = None

    @property
    def why(self) -> str:
        """The match in a sentence."""
        if self.by is None:
            return "No lead has this id or this address."
        said = "id in its system" if self.by is LeadBy.SYSTEM_ID else "e-mail address"
        other = "" if self.also is None else f" The address alone would name {self.also}: they may be one human."
        return f"The same {said}: {self.key}.{other}"


def match_lead(
    ids: Mapping[str, str], email: str, *, by_id: Mapping[tuple[str, str], str], by_email: Mapping[str, str]
) -> LeadMatch:
    """The lead of a record with these ids by system, and this address.

    ``by_id`` knows leads by (system, normalised id), ``by_email`` by normalised address. Systems are asked in their
    order of name, so that two that disagree give one answer.
    """
    address = normal_email(email)
    of_address = by_email.get(address) if address else None
    for system in sorted(ids):
        key = (system, normal_id(ids[system]))
        if key in by_id:
            lead = by_id[key]
            also = of_address if of_address != lead else None
            return LeadMatch(lead=lead, by=LeadBy.SYSTEM_ID, key=f"{system} {key[1]}", also=also)
    if of_address is not None:
        return LeadMatch(lead=of_address, by=LeadBy.EMAIL, key=address)
    return LeadMatch(lead=None)
