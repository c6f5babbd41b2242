"""Made-up leads that go on coming, and made-up people who answer them: one small thing every few seconds.

Everything goes the way of real facts: told to the engine, decided, written. Nobody here keeps office hours, so that
there is something to see whenever somebody looks.
"""

from __future__ import annotations

import random
import signal
import threading
import uuid
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from django.conf import settings

from handfast.contract.model import Contract
from handfast.contract.terms import DispositionKind
from handfast.facts import (
    Accepted,
    ActivityHappened,
    AttributesChanged,
    ContestOverturned,
    ContestUpheld,
    DealLost,
    DealOpened,
    DealWon,
    Disqualified,
    Fact,
    LeadFact,
    Rejected,
    Returned,
    SalesQualified,
    TouchKind,
    TouchMade,
)
from handfast.instant import SECOND
from handfast.simulate import answer, words
from handfast_server.decide import terms
from handfast_server.decide.session import tell_all
from handfast_server.demo.today import REP
from handfast_server.handoffs.models import Cycle, Deal
from handfast_server.intake.item import Item
from handfast_server.intake.take import take_in
from handfast_server.now import now
from handfast_server.observe.log import get_logger

_SEEN_FOR = 15 * SECOND
"""A handoff lies this long at least before somebody answers, so that it can be seen waiting."""

_TO_ANSWER, _TO_SETTLE = 12, 3
"""So many are left to a visitor who looks as the rep, or as the leader of marketing."""

log = get_logger("demo")


def live() -> None:
    """Go on until SIGTERM."""
    stop = threading.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda *_: stop.set())
    people = People(random.Random())  # noqa: S311 # nothing secret is drawn
    pause = settings.DEMO_PAUSE / SECOND
    while not stop.wait(people.chance.uniform(0.3, 1.7) * pause):
        people.act()


class People:
    """Everybody of the demonstration: leads, reps, marketing."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self._ways: dict[str, Callable[[Any], list[Fact]]] = {
            "waiting": self._waiting,
            "contested": self._contested,
            "accepted": self._accepted,
            "sql": self._offered,
            "opportunity": self._closed,
        }

    def act(self) -> None:
        """One small thing: somebody new comes, or somebody answers."""
        if self.chance.random() < 0.45:
            self._somebody_comes()
            return
        cycle = self._some_cycle()
        if cycle is None:
            self._somebody_comes()
            return
        for taken in tell_all(self._ways[cycle.state](cycle)):
            if taken.step.refused:
                log.info("declined", code=taken.step.refused.code)

    def _some_cycle(self) -> Any:
        state = self.chance.choices(tuple(self._ways), (8, 2, 4, 2, 1))[0]
        found = Cycle.objects.filter(state=state, qualified_at__lt=now() - _SEEN_FOR).exclude(owner="")
        if state == "contested":
            found = Cycle.objects.filter(state=state)
            if found.count() <= _TO_SETTLE:
                return None
        if state == "waiting" and found.filter(owner=REP).count() <= _TO_ANSWER:
            found = found.exclude(owner=REP)
        some = list(found.order_by("changed_at")[:30])
        return self.chance.choice(some) if some else None

    # Who comes.

    def _somebody_comes(self) -> None:
        """Through the door that every lead comes by: matched, named, kept."""
        known, at = self._known(), now()
        take_in(
            [
                Item(
                    name=f"demo:{uuid.uuid4().hex}",
                    source="demo",
                    happened_at=at,
                    email=known["email"],
                    attributes=known,
                    states=True,
                    facts=tuple(self._acts("")),
                )
            ]
        )

    def _known(self) -> dict[str, Any]:
        chance = self.chance
        stem, tail, city = (chance.choice(each) for each in (words.STEMS, words.TAILS, words.CITIES))
        first, last = chance.choice(words.FIRST_NAMES), chance.choice(words.LAST_NAMES)
        return {
            "email": f"{first}.{last}{chance.randrange(10**6)}@{stem}{tail}-{city}.example".lower(),
            "first_name": first,
            "last_name": last,
            "company": f"{stem}{tail} {city} GmbH",
            "title": chance.choice(words.TITLES),
            "country": chance.choice(words.COUNTRIES)[1],
            "industry": chance.choice(words.INDUSTRIES)[1],
            "employees": chance.choice((12, 60, 120, 240, 480, 900, 3000)),
            "source": chance.choice(("Organic Search", "Paid Search", "Referrals", "Email Marketing")),
        }

    def _acts(self, lead: str) -> Iterator[LeadFact]:
        for _ in range(self.chance.randrange(4)):
            path = self.chance.choice(("/pricing", "/blog/handoffs", "/product"))
            yield self._fact(ActivityHappened, lead, kind="page_viewed", properties={"path": path})
        if self.chance.random() < 0.5:
            yield self._fact(ActivityHappened, lead, kind="form_submitted", properties={"form": "demo"})

    # Who answers.

    def _waiting(self, cycle: Any) -> list[Fact]:
        contract, by = _contract(cycle), cycle.owner
        drawn, turn = self.chance.randrange(100), self.chance.randrange(answer.ROUND)
        attempt = self._fact(TouchMade, cycle.lead_id, by=by, kind=TouchKind.ATTEMPT)
        if drawn < 8 and (reason := answer.reason_to_return(contract, turn)):
            return [self._fact(Returned, cycle.lead_id, by=by, reason=reason.name)]
        if drawn < 20 and (reason := answer.reason_to_reject(contract, {}, turn)):
            return [self._fact(Rejected, cycle.lead_id, by=by, reason=reason.name)]
        if drawn < 35:
            return [attempt]
        return [self._fact(Accepted, cycle.lead_id, by=by), attempt]

    def _contested(self, cycle: Any) -> list[Fact]:
        kind = self.chance.choice((ContestUpheld, ContestOverturned))
        return [self._fact(kind, cycle.lead_id, by="dana@acme.example", note="looked up")]

    def _accepted(self, cycle: Any) -> list[Fact]:
        contract, by = _contract(cycle), cycle.owner
        called = self._fact(TouchMade, cycle.lead_id, by=by, kind=TouchKind.CONTACT)
        if self.chance.random() < 0.3 and (reason := self._reason_to_end(contract)):
            return [called, self._fact(Disqualified, cycle.lead_id, by=by, reason=reason)]
        return [called, self._fact(SalesQualified, cycle.lead_id, by=by, evidence=answer.evidence(contract))]

    def _reason_to_end(self, contract: Contract) -> str:
        reason = answer.reason_to_disqualify(contract, self.chance.randrange(answer.ROUND))
        dated = reason is None or (reason.then is not None and reason.then.kind is DispositionKind.RECYCLE_ON_DATE)
        return "" if reason is None or dated else reason.name

    def _offered(self, cycle: Any) -> list[Fact]:
        amount = Decimal(1000 * self.chance.randrange(5, 40))
        currency = _contract(cycle).currency
        deal = f"deal-{cycle.id}"
        return [self._fact(DealOpened, cycle.lead_id, deal=deal, by=cycle.owner, amount=amount, currency=currency)]

    def _closed(self, cycle: Any) -> list[Fact]:
        deal = Deal.objects.filter(cycle=cycle.id, state="open").values_list("id", flat=True).first()
        if deal is None:
            return []
        if self.chance.random() < 0.4:
            return [
                self._fact(DealWon, cycle.lead_id, deal=deal),
                self._fact(AttributesChanged, cycle.lead_id, attributes={"customer": True}),
            ]
        return [self._fact(DealLost, cycle.lead_id, deal=deal, why="no budget")]

    @staticmethod
    def _fact(made: Any, lead: str, /, **values: Any) -> Any:
        at = now()
        return made(id=f"demo:{uuid.uuid4().hex}", happened_at=at, recorded_at=at, lead=lead, **values)


def _contract(cycle: Any) -> Contract:
    return terms.current().of(cycle.version).contract
