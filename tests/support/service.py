"""The service in tests: the demonstration's contract signed, a team, leads that ask for a demo, a moving clock."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from functools import cache
from typing import Any

import time_machine

from handfast.condition import Value
from handfast.contract.load import load
from handfast.contract.model import Contract, PartyName
from handfast.contract.seal import seal
from handfast.contract.sign import Signature, Signed, conclude, propose, with_signature
from handfast.facts import ActivityHappened, Fact, LeadCreated, MemberSet, PoolManagerSet, RepSet
from handfast.instant import Instant, Span
from handfast.simulate import demo_contracts, demo_texts
from handfast_server.contracts.models import Version
from handfast_server.decide.session import Session, decide, tell_all
from handfast_server.decide.taken import Taken
from handfast_server.leads.models import Lead
from handfast_server.now import now

GOOD: dict[str, Value] = {
    "industry": "software",
    "employees": 200,
    "country": "DE",
    "title": "Head of Sales",
    "source": "organic",
}
"""Fit 60 under the demonstration's contract; pool home."""

_names = itertools.count(1)


def named(kind: type[Fact], /, id_: str = "", **values: Any) -> Any:
    """A fact of now, with a name of its own unless one is given."""
    at = now()
    return kind(id=id_ or f"test:{next(_names)}", **{"happened_at": at, "recorded_at": at, **values})


@cache
def signed_version(number: int = 1) -> Signed:
    """A version of the demonstration's contract as its parties signed it on the day it takes effect."""
    return _signed(demo_contracts()[number - 1], signed_version(number - 1) if number > 1 else None)


def _signed(contract: Contract, before: Signed | None = None) -> Signed:
    sealed, at = seal(contract), contract.effective_from
    draft = propose(sealed, before, at=at)
    for party in PartyName:
        who = contract.parties[party]
        draft = with_signature(
            draft, Signature(name=who.name, email=who.email, role=party, at=at, digest=sealed.digest)
        )
    return conclude(draft)


def sign(number: int = 1) -> Version:
    """The row of a signed version."""
    return _kept(signed_version(number), demo_texts()[number - 1])


def sign_text(text: str) -> Version:
    """The row of a first version of this text."""
    contract = load(text).contract
    assert contract is not None
    return _kept(_signed(contract), text)


def _kept(signed: Signed, text: str) -> Version:
    return Version.objects.create(
        number=signed.sealed.contract.version,
        digest=signed.sealed.digest,
        content=signed.sealed.content,
        text=text,
        proposed_at=signed.proposed_at,
        in_force_from=signed.in_force_from,
        signatures=[asdict(each) for each in signed.signatures],
    )


@dataclass
class Crew:
    """Reps in every pool of a contract, and a manager."""

    contract: Contract
    reps: tuple[str, ...] = ("lena", "sam")
    manager: str = "mia"
    pools: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        self.pools = tuple(self.contract.pools)

    def join(self) -> None:
        """Tell the service of everybody."""
        told = [named(RepSet, rep=rep) for rep in (*self.reps, self.manager)]
        for pool in self.pools:
            told += [named(MemberSet, pool=pool, rep=rep) for rep in self.reps]
            told.append(named(PoolManagerSet, pool=pool, rep=self.manager))
        tell_all(told)


def came(lead: str, *, asks: bool = True, **attributes: Value) -> list[Fact]:
    """What is told of a lead that comes, and asks for a demo."""
    known = {**GOOD, "email": f"{lead}@buyer.example", **attributes}
    facts: list[Fact] = [named(LeadCreated, f"{lead}:came", lead=lead, attributes=known)]
    if asks:
        facts.append(
            named(ActivityHappened, f"{lead}:asked", lead=lead, kind="form_submitted", properties={"form": "demo"})
        )
    return facts


def take_in(facts: Sequence[Fact]) -> list[Taken]:
    """Tell facts in one transaction, about leads that are new as well."""

    def work(session: Session) -> list[Taken]:
        at = now()
        fresh = {fact.lead: None for fact in facts if isinstance(fact, LeadCreated)}
        Lead.objects.bulk_create([Lead(id=lead, created_at=at) for lead in fresh], ignore_conflicts=True)
        session.lock(facts)
        return [session.tell(fact) for fact in facts]

    return decide(work)


def new_lead(*, asks: bool = True, **attributes: Value) -> str:
    """A lead that came; with ``asks`` it is handed to somebody at once. Its id."""
    lead = f"lead{next(_names)}"
    take_in(came(lead, asks=asks, **attributes))
    return lead


class Hands:
    """The hands of the clock: it stands still until they are moved."""

    def __init__(self, traveller: time_machine.Traveller) -> None:
        self._traveller = traveller

    def move(self, span: Span) -> Instant:
        """Move it on."""
        return self.to(now() + span)

    def to(self, at: Instant) -> Instant:
        """Set it to an instant."""
        self._traveller.move_to(at / 1_000_000, tick=False)
        return at
