"""The year as it is played: the engine decides every handoff, reps answer what it gives them, time goes on by events.

Three streams meet here in order of time: what is planned (arrivals, what leads do, leave), what reps do next, and what
the engine has due. After each the effects are read, and people are set to work by them.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from handfast.contract.model import Reason
from handfast.cycle.life import CycleEvent, CycleState
from handfast.engine import Version, World
from handfast.engine.effects import Assigned, Moved, Refused, StepFell
from handfast.facts import (
    Accepted,
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
from handfast.instant import DAY, HOUR, MINUTE, Instant, Span
from handfast.simulate import answer
from handfast.simulate.case import Case, Opener, cause_of, shaped
from handfast.simulate.roster import Worker
from handfast.simulate.stream import EXPONENTIAL, SPREAD

_CALLED = frozenset((CycleState.WAITING, CycleState.ACCEPTED))

Event = tuple[Instant, int, Callable[..., None], tuple[Any, ...]]


@dataclass(slots=True, kw_only=True, eq=False)
class Desk:
    """Everybody at work. ``after_end`` names what a lead does next that the engine has to hear of."""

    world: World
    workers: Mapping[str, Worker]
    visit: Span
    last: Instant
    opener: Opener
    after_end: Callable[[str, Instant], Fact | None]
    cases: dict[str, Case] = field(default_factory=dict)
    refused: dict[str, int] = field(default_factory=dict)
    _events: list[Event] = field(default_factory=list)
    _turn: int = 0
    _facts: int = 0

    def play(self, planned: Iterable[Fact], progress: Callable[[Instant], None]) -> None:
        """Let the year happen. ``planned`` facts come in order of ``recorded_at``."""
        coming = iter(planned)
        fact = next(coming, None)
        while True:
            due, doing = self.world.next_due(), self._events[0][0] if self._events else self.last
            told = self.last if fact is None else fact.recorded_at
            now = min(doing, told, self.last if due is None else due)
            if now >= self.last:
                return
            if due is not None and due <= now:
                self.world.tick(now)
            elif doing <= told:
                _, _, act, arguments = heapq.heappop(self._events)
                act(now, *arguments)
                continue
            elif fact is not None:
                self.world.told(fact)
                fact = next(coming, None)
                progress(now)
            self._react(now)

    # What the engine decided, and who is set to work by it.

    def _react(self, now: Instant) -> None:
        effects, self.world.effects = self.world.effects, []
        for effect in effects:
            if isinstance(effect, Moved):
                self._moved(effect, now)
            elif isinstance(effect, Assigned):
                self._assigned(effect, now)
            elif isinstance(effect, StepFell):
                self._reminded(effect, now)
            elif isinstance(effect, Refused):
                self.refused[effect.code] = self.refused.get(effect.code, 0) + 1

    def _moved(self, effect: Moved, now: Instant) -> None:
        if effect.event is CycleEvent.QUALIFIED:
            self.cases[effect.cycle] = self.opener(effect.lead, effect.cycle, effect.at)
        case = self.cases.get(effect.cycle)
        if case is not None:
            case.state = effect.after
        if effect.event is CycleEvent.CONTESTED and case is not None:
            self._contested(case, now)
        if effect.after.ended:
            fact = self.after_end(effect.lead, now)
            if fact is not None:
                self._at(fact.recorded_at, self._tell_again, fact)

    def _tell_again(self, _now: Instant, fact: Fact) -> None:
        self._tell(fact)

    def _assigned(self, effect: Assigned, now: Instant) -> None:
        case, given = self.cases[effect.cycle], effect.assignment
        case.assignment, case.rep, case.given_at, case.reminded = given.id, given.rep, now, False
        case.handoff.rep, case.handoff.owners = given.rep, case.handoff.owners + 1
        habits = self.workers[given.rep].habits
        speed = shaped(SPREAD, case.draw())
        if case.happens(habits.forgets):
            case.handoff.forgotten_by.append(given.rep)
            case.forgotten = True
            return
        self._look_after(case, now, habits.median * speed // 1000)

    def _look_after(self, case: Case, now: Instant, span: Span) -> None:
        worker = self.workers[case.rep]
        case.ready_at = worker.hours.add(now, span)
        self._at(case.ready_at, self._look, case, case.assignment)

    def _reminded(self, effect: StepFell, now: Instant) -> None:
        """A reminder wakes the owner if they heed it; the manager asks, and is heeded more often."""
        case = self.cases.get(effect.cycle)
        if case is None or case.state is not CycleState.WAITING or not effect.told or case.reminded:
            return
        heeds = self.workers[case.rep].habits.heeds if case.rep else 0
        if "owner" not in effect.to:
            heeds = heeds * 7 // 10
        if case.happens(heeds):
            case.reminded = True
            self._look_after(case, now, (5 + case.draw() % 25) * MINUTE)

    # What reps do.

    def _look(self, now: Instant, case: Case, assignment: str) -> None:
        """The owner looks at the lead, once other leads leave the time for it."""
        if case.assignment != assignment or case.state is not CycleState.WAITING or case.attempts:
            return
        worker = self.workers[case.rep]
        if worker.free_at > now:
            self._at(worker.hours.next_open(worker.free_at), self._look, case, assignment)
            return
        worker.free_at = worker.hours.add(now, self.visit)
        case.handoff.looked_at = now
        if not self._declined(case, now):
            self._call(now, case, assignment)

    def _declined(self, case: Case, now: Instant) -> bool:
        contract = self._version(case).contract
        if case.happens(15):
            reason = answer.reason_to_return(contract, case.draw())
            if reason is not None:
                self._decide(Returned, case, now, reason=reason.name)
                return True
        if case.right or not case.happens(620):
            return False
        reason = answer.reason_to_reject(contract, case.true, case.draw())
        if reason is None:
            return False
        case.handoff.seen_through = True
        if case.happens(800):  # most make sure with a call
            self._log(case, self.workers[case.rep], now + MINUTE)
        self._at(now + 15 * MINUTE, self._rejected, case, case.assignment, reason)
        return True

    def _rejected(self, now: Instant, case: Case, assignment: str, reason: Reason) -> None:
        if case.assignment == assignment and case.state is CycleState.WAITING:
            self._decide(Rejected, case, now, reason=reason.name)

    def _call(self, now: Instant, case: Case, assignment: str) -> None:
        """Call; most accept first, some only once they have reached somebody."""
        if case.assignment != assignment or case.state not in _CALLED or case.reached:
            return
        worker = self.workers[case.rep]
        if case.attempts and worker.free_at > now:
            self._at(worker.hours.next_open(worker.free_at), self._call, case, assignment)
            return
        if case.state is CycleState.WAITING and (case.attempts or case.happens(850)):
            self._decide(Accepted, case, now)
        if case.attempts:
            worker.free_at = worker.hours.add(now, self.visit // 2)
        called = now + (1 + case.draw() % 4) * MINUTE
        waited = called - case.handoff.qualified_at
        case.reached = case.happens(answer.odds_of_contact(waited, case.attempts, right=case.right))
        case.attempts += 1
        self._log(case, worker, called)
        if case.reached:
            self._at(worker.hours.add(called, (3 + case.draw() % 14) * HOUR), self._talked, case)
        elif case.attempts < worker.habits.attempts:
            self._at(worker.hours.add(now, (17 + case.draw() % 5) * HOUR), self._call, case, assignment)
        else:
            self._at(worker.hours.add(now, 2 * HOUR), self._given_up, case)

    def _log(self, case: Case, worker: Worker, called: Instant) -> None:
        """The call is entered at once, or hours after it was made."""
        late = case.happens(worker.habits.logs_late)
        logged = called + ((60 + case.draw() % 480) * MINUTE if late else 0)
        if case.handoff.touched_at is None:
            case.handoff.touched_at, case.handoff.logged_late = called, late
            case.handoff.cause = cause_of(case, worker, called)
        self._at(logged, self._touched, case, called, TouchKind.CONTACT if case.reached else TouchKind.ATTEMPT, worker)

    def _touched(self, now: Instant, case: Case, called: Instant, kind: TouchKind, worker: Worker) -> None:
        late = called < now
        self._tell(
            TouchMade(
                id=self._id("touch"),
                happened_at=called,
                recorded_at=now,
                lead=case.lead,
                by=worker.name,
                kind=kind,
                self_reported=late,
            )
        )

    def _talked(self, now: Instant, case: Case) -> None:
        """After a talk it is clear what the lead is."""
        if case.state is CycleState.WAITING:
            self._decide(Accepted, case, now)
        if case.state is not CycleState.ACCEPTED:
            return
        if case.happens(720 if case.right else 200):
            evidence = answer.evidence(self._version(case).contract)
            self._decide(SalesQualified, case, now, evidence=evidence)
            ready = now + shaped(EXPONENTIAL, case.draw()) * (3 * DAY // 1000)
            self._at(self.workers[case.rep].hours.next_open(ready), self._offered, case)
        else:
            self._disqualify(case, now)

    def _offered(self, now: Instant, case: Case) -> None:
        if case.state is not CycleState.SQL:
            return
        if not case.happens(800 if case.right else 500):
            self._disqualify(case, now)
            return
        amount = Decimal(14_000 * shaped(SPREAD, case.draw() // 4 + answer.ROUND * 3 // 8) // 1000)
        deal = f"deal-{case.cycle}"
        self._decide(DealOpened, case, now, deal=deal, amount=amount, currency=self._version(case).contract.currency)
        if case.happens(820):
            closes = now + 8 * DAY + shaped(EXPONENTIAL, case.draw()) * (24 * DAY // 1000)
            self._at(self.workers[case.rep].hours.next_open(closes), self._closed, case, deal)

    def _closed(self, now: Instant, case: Case, deal: str) -> None:
        touched = case.handoff.touched_at
        quick = touched is not None and touched - case.handoff.qualified_at <= 4 * HOUR
        won = case.happens((430 if quick else 330) if case.right else 120)
        kind: Any = DealWon if won else DealLost
        self._tell(kind(id=self._id("deal"), happened_at=now, recorded_at=now, lead=case.lead, deal=deal))
        if won:
            values = {"customer": True}
            filled = self._id("customer")
            self._tell(
                AttributesChanged(id=filled, happened_at=now, recorded_at=now, lead=case.lead, attributes=values)
            )

    def _given_up(self, now: Instant, case: Case) -> None:
        """After enough calls in vain it ends as unreachable; who stops sooner leaves it lying."""
        reason = answer.reason_to_give_up(self._version(case).contract)
        if case.state is not CycleState.ACCEPTED or reason is None or reason.needs is None:
            return
        if case.attempts >= reason.needs.count:
            self._decide(Disqualified, case, now, reason=reason.name)

    def _disqualify(self, case: Case, now: Instant) -> None:
        version = self._version(case)
        reason = answer.reason_to_disqualify(version.contract, case.draw())
        if reason is not None:
            on = answer.revisit_on(version, reason, now, case.draw())
            self._decide(Disqualified, case, now, reason=reason.name, revisit_on=on)

    def _contested(self, case: Case, now: Instant) -> None:
        """Marketing looks into most contests, and sees what is true more often than not."""
        if case.happens(850):
            *_, boss = self.workers.values()
            self._at(boss.usual.add(now, (2 + case.draw() % 9) * HOUR), self._settled, case)

    def _settled(self, now: Instant, case: Case) -> None:
        if case.state is not CycleState.CONTESTED:
            return
        upheld = case.happens(880 if not case.right else 100)
        kind = ContestUpheld if upheld else ContestOverturned
        self._tell(
            kind(
                id=self._id("contest"),
                happened_at=now,
                recorded_at=now,
                lead=case.lead,
                by=self._version(case).contract.name,
                note="looked up" if upheld else "fits by what is known",
            )
        )

    # How it is said.

    def _decide(self, kind: type[LeadFact], case: Case, now: Instant, **fields: object) -> None:
        made: Any = kind
        self._tell(
            made(id=self._id("decision"), happened_at=now, recorded_at=now, lead=case.lead, by=case.rep, **fields)
        )

    def _tell(self, fact: Fact) -> None:
        self.world.told(fact)
        self._react(fact.recorded_at)

    def _id(self, of: str) -> str:
        self._facts += 1
        return f"{of}-{self._facts}"

    def _at(self, at: Instant, act: Callable[..., None], *arguments: object) -> None:
        self._turn += 1
        heapq.heappush(self._events, (at, self._turn, act, arguments))

    def _version(self, case: Case) -> Version:
        lead = self.world.lead(case.lead)
        cycles = () if lead is None else (lead.cycle, *lead.ended)
        cycle = next((each for each in cycles if each is not None and each.id == case.cycle), None)
        pinned = None if cycle is None else cycle.version
        return self.world.terms.versions[-1] if pinned is None else self.world.terms.of(pinned)
