"""What is planned before the year begins, as facts: the agreement, the team, who comes, what becomes known of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from operator import attrgetter

import numpy as np

from handfast.contract.model import Contract
from handfast.contract.seal import seal
from handfast.facts import (
    AccountOwnerSet,
    AttributesChanged,
    ConsentChanged,
    ContractInForce,
    Fact,
    LeadsMerged,
    Purpose,
)
from handfast.simulate.known import Known, lead_id
from handfast.simulate.market import Flags
from handfast.simulate.roster import staffed, team_facts
from handfast.simulate.year import Year

OWNED = 23
"""One in so many good companies has a rep of its own."""


def in_order(facts: Iterable[Fact]) -> list[Fact]:
    """Facts in the order in which they are recorded."""
    return sorted(facts, key=attrgetter("recorded_at"))


def of_team(known: Known, contracts: Sequence[Contract], year: Year) -> Iterator[Fact]:
    """Versions as they take force, reps, pools, leave, and the companies that have a rep of their own."""
    for contract in contracts:
        at = max(year.first, contract.effective_from)
        number, digest = contract.version, seal(contract).digest
        yield ContractInForce(id=f"version-{number}", happened_at=at, recorded_at=at, digest=digest, version=number)
    leads, at = len(known.people), year.first
    yield from team_facts(known.plan, leads, contracts, year)
    staff = staffed(known.plan, leads)
    for account in range(0, known.accounts.right, OWNED):
        owner, name = staff[account % len(staff)].name, f"A{account}"
        yield AccountOwnerSet(id=f"account-{account}", happened_at=at, recorded_at=at, account=name, owner=owner)


def created(known: Known, which: Flags) -> Iterator[Fact]:
    """That these records were created, in order; one with an address that is known is no lead of its own."""
    yield from map(known.fact, np.flatnonzero(which & ~known.people.spelt).tolist())


def changes(known: Known, which: Flags, year: Year) -> list[Fact]:
    """Fields filled in later, records merged, and leads that want no contact any more."""
    return in_order([*_filled(known, which, year), *_merged(known, which, year), *_opted_out(known, which, year)])


def _filled(known: Known, which: Flags, year: Year) -> Iterator[Fact]:
    for record in np.flatnonzero(which & (known.people.enriched_at < year.last)).tolist():
        at, lead, values = int(known.people.enriched_at[record]), known.lead_of(record), known.enriched(record)
        yield AttributesChanged(id=f"filled-{record}", happened_at=at, recorded_at=at, lead=lead, attributes=values)


def _merged(known: Known, which: Flags, year: Year) -> Iterator[Fact]:
    for record in np.flatnonzero(which & (known.people.merged_at < year.last)).tolist():
        at, lead = int(known.people.merged_at[record]), lead_id(int(known.people.human[record]))
        yield LeadsMerged(id=f"merge-{record}", happened_at=at, recorded_at=at, lead=lead, absorbed=lead_id(record))


def _opted_out(known: Known, which: Flags, year: Year) -> Iterator[Fact]:
    for record in np.flatnonzero(which & (known.people.opted_out_at < year.last)).tolist():
        at, lead = int(known.people.opted_out_at[record]), known.lead_of(record)
        yield ConsentChanged(
            id=f"consent-{record}", happened_at=at, recorded_at=at, lead=lead, purpose=Purpose.CONTACT, granted=False
        )
