"""What the CRM knows of its records: the attributes that facts carry, row by row and as columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from handfast.condition import Value
from handfast.facts import LeadCreated
from handfast.simulate import words
from handfast.simulate.market import Accounts, People
from handfast.simulate.plan import TeamPlan
from handfast.simulate.screen import Words
from handfast.simulate.stream import Whole

FIRST_RECORD = 1001
"""The CRM's number of the first record."""

FREE_MAIL = "freemail.example"


def lead_id(record: int) -> str:
    """The id of the lead that came with a record."""
    return f"L{FIRST_RECORD + record}"


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """The records of a CRM, as their people filled them in."""

    plan: TeamPlan
    accounts: Accounts
    people: People

    def email(self, record: int) -> str:
        """An address nobody has. That of a twin may be the first one's in another spelling."""
        people = self.people
        human = int(people.human[record])
        first = words.FIRST_NAMES[int(people.first_name[human])]
        last = words.LAST_NAMES[int(people.last_name[human])]
        if people.spelt[record]:
            return f"{first}.{last}{human}+{record % 7}@{self.domain(human)}"
        return f"{first}.{last}{human}@{self.domain(record)}".lower()

    def domain(self, record: int) -> str:
        """The mail domain: the account's, or a free one."""
        if self.people.free_mail[record]:
            return FREE_MAIL
        return self.accounts.domain(int(self.people.account[record]))

    def created(self, record: int) -> Mapping[str, Value]:
        """Attributes as the record is created."""
        people, source = self.people, self.plan.sources[int(self.people.source[record])]
        human = int(people.human[record])
        found: dict[str, Value] = {
            "email": self.email(record),
            "first_name": words.FIRST_NAMES[int(people.first_name[human])],
            "last_name": words.LAST_NAMES[int(people.last_name[human])],
            "company": self.accounts.name(int(people.account[record])),
            "title": words.TITLES[int(people.title[record])],
            "country": words.COUNTRIES[int(people.country[record])][1],
            "source": source.name,
        }
        campaign = source.campaigns[int(people.campaign[record])]
        if campaign:
            found["campaign"] = campaign
        return found if people.missing[record] else {**found, **self.enriched(record)}

    def enriched(self, record: int) -> Mapping[str, Value]:
        """What is filled in at once, or later, or never: size and industry, as the lead says they are."""
        account = int(self.people.account[record])
        return {
            "industry": words.INDUSTRIES[int(self.accounts.says_industry[account])][1],
            "employees": int(self.accounts.says_employees[account]),
        }

    def fact(self, record: int) -> LeadCreated:
        """That the record was created."""
        people, at = self.people, int(self.people.created_at[record])
        return LeadCreated(
            id=f"lead-{record}",
            happened_at=at,
            recorded_at=at,
            lead=self.lead_of(record),
            attributes=self.created(record),
            account=None if people.free_mail[record] else f"A{int(people.account[record])}",
        )

    def lead_of(self, record: int) -> str:
        """The lead that a record is, once addresses are compared."""
        return lead_id(int(self.people.known_as[record]))

    def columns(self) -> tuple[Mapping[str, Words], Mapping[str, Words]]:
        """The attributes as columns: as the records were created, and with everything filled in."""
        people, accounts = self.people, self.accounts
        domains = tuple(accounts.domain(each) for each in range(len(accounts)))
        full = {
            "email_domain": _words(np.where(people.free_mail, len(domains), people.account), (*domains, FREE_MAIL)),
            "company": _words(people.account, tuple(accounts.name(each) for each in range(len(accounts)))),
            "title": _words(people.title, words.TITLES),
            "country": _words(people.country, tuple(code for _, code in words.COUNTRIES)),
            "source": _words(people.source, tuple(each.name for each in self.plan.sources)),
            "industry": _words(accounts.says_industry[people.account], tuple(word for _, word in words.INDUSTRIES)),
            "employees": _numbers(accounts.says_employees[people.account]),
            "campaign": self._campaigns(),
        }
        return _without(full, people), full

    def _campaigns(self) -> Words:
        offsets = np.cumsum([0, *(len(each.campaigns) for each in self.plan.sources)])
        names = tuple(name for each in self.plan.sources for name in each.campaigns)
        codes = offsets[self.people.source] + self.people.campaign
        named = np.array([bool(name) for name in names])[codes]
        return _words(np.where(named, codes, -1), names)


def _without(full: Mapping[str, Words], people: People) -> Mapping[str, Words]:
    """The same with size and industry unknown where nobody filled them in at first."""
    late = ("industry", "employees")
    return {**full, **{name: _words(np.where(people.missing, -1, full[name].codes), full[name].words) for name in late}}


def _words(codes: Whole, names: Sequence[str]) -> Words:
    return Words(codes.astype(np.int32), tuple(names))


def _numbers(values: Whole) -> Words:
    distinct, codes = np.unique(values, return_inverse=True)
    return Words(codes.astype(np.int32), tuple(str(value) for value in distinct.tolist()))
