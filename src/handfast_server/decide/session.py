"""Facts in, everything that the engine decides written together.

1. Lock the leads in order of their ids, then take ``now``.
2. Step fact by fact. A step that asks or changes the team waits for the team's lock first, takes ``now`` again and is
   done anew. So whatever shares a lead or the team was recorded in the order in which it was decided, and replay in
   that order decides the same.
3. Write facts, leads, effects, team and messages; commit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from typing import TypeVar

from django.db import transaction
from django.db.models import Max

from handfast.cycle.log import Log
from handfast.cycle.values import Act, Lead
from handfast.engine import effects as told
from handfast.engine.state import State
from handfast.engine.step import step
from handfast.engine.terms import Terms
from handfast.facts import (
    ActivityHappened,
    AttributesChanged,
    ConsentChanged,
    Fact,
    LeadCreated,
    LeadFact,
    LeadsMerged,
)
from handfast.instant import Instant
from handfast.route.freed import freed
from handfast.route.team import Team
from handfast_server.bridge.lead import KeptLog, read_acts, read_lead
from handfast_server.decide import team as teams
from handfast_server.decide import terms as versions
from handfast_server.decide.taken import Taken
from handfast_server.decide.transaction import in_transaction
from handfast_server.decide.written import write_effects, write_facts, write_lead_rows
from handfast_server.delivery.outbox import write_messages
from handfast_server.facts.models import Fact as FactRow
from handfast_server.handoffs.models import Cycle as CycleRow
from handfast_server.leads.models import Activity
from handfast_server.leads.models import Lead as LeadRow
from handfast_server.now import now
from handfast_server.observe.decided import note
from handfast_server.rosters.models import Freed

T = TypeVar("T")

_ALONE = (LeadCreated, AttributesChanged, ActivityHappened, ConsentChanged)
"""Facts that nobody of the team has a part in."""

_ALONE_TOO = (told.Rescored, told.BandChanged, told.HeldByDisqualifier)


def decide(work: Callable[[Session], T]) -> T:
    """What ``work`` gives, once everything it told is committed. It may be called again: after a deadlock."""

    def whole() -> T:
        session = Session()
        given = work(session)
        session.write()
        return given

    return in_transaction(whole)


def tell(fact: Fact) -> Taken:
    """Take in one fact about a lead that is known, or about the team."""
    return tell_all([fact])[0]


def tell_all(facts: Iterable[Fact]) -> list[Taken]:
    """Take in facts in one transaction, in this order."""
    facts = list(facts)

    def work(session: Session) -> list[Taken]:
        session.lock(facts)
        return [session.tell(fact) for fact in facts]

    return decide(work)


class Session:
    """One transaction of the engine."""

    def __init__(self) -> None:
        """Nothing is locked yet."""
        self.at: Instant = 0
        self.team: Team = teams.known()
        self.terms: Terms = Terms(())
        self.taken: list[Taken] = []
        self._turn: teams.TeamTurn | None = None
        self._leads: dict[str, Lead | None] = {}
        self._before: dict[str, Lead | None] = {}
        self._merged: dict[str, str] = {}
        self._repeats: set[str] = set()
        self._texts: dict[str, str] = {}  # the state of each locked lead as its row has it

    def lock(self, facts: Iterable[Fact]) -> None:
        """Lock every lead that the facts are about, then take ``now``; leads that are not there are not known."""
        facts = list(facts)
        names = {fact.lead for fact in facts if isinstance(fact, LeadFact)}
        names |= {fact.absorbed for fact in facts if isinstance(fact, LeadsMerged)}
        latest = self._lock_leads(names)
        self._repeats |= _recorded(fact.id for fact in facts)
        self.at = max(now(), latest + 1)
        self.terms = versions.current()
        self._read_states()

    def lead(self, name: str) -> Lead | None:
        """A locked lead as it is now, also under a name that was merged into it."""
        return self._leads.get(self._named(name))

    def tell(self, fact: Fact) -> Taken:
        """Take in one fact about what is locked."""
        if fact.id in self._repeats:
            return Taken.again(fact, self.team)
        self._repeats.add(fact.id)
        if not isinstance(fact, LeadFact):
            self.lock_team()
            if _recorded([fact.id]):
                return Taken.again(fact, self.team)
        if isinstance(fact, LeadFact):
            fact = replace(fact, lead=self._named(fact.lead))
        taken = self._stepped(fact)
        if self._turn is None and not _alone(taken, self.team):
            self.lock_team()
            taken = self._stepped(fact)
        self._keep(taken)
        return taken

    def lock_team(self) -> None:
        """Hold the team until commit, as it is now."""
        if self._turn is None:
            self._turn = teams.TeamTurn()
            self.team = self._turn.before
            self.at = max(now(), self.at, self._turn.last_at + 1)

    def write(self) -> None:
        """Write everything that was decided; the caller's transaction commits it."""
        taken = [each for each in self.taken if not each.repeat]
        write_facts(taken)
        for name, lead in self._leads.items():
            before = self._before.get(name)
            if lead is not None and lead is not before:
                write_lead_rows(before, lead, self.at)
        write_effects(taken)
        write_messages(taken, self.at)
        transaction.on_commit(partial(note, taken), robust=True)
        if self._turn is not None:
            _write_freed(self._turn.before, self.team, self.at)
            self._turn.write(self.team, self.at)
            transaction.on_commit(partial(self._turn.keep, self.team))

    def _lock_leads(self, names: set[str]) -> Instant:
        latest = 0
        while names:
            rows = LeadRow.objects.select_for_update().filter(pk__in=names).order_by("pk")
            further = set()
            for name, state, told_at, merged_into in rows.values_list("id", "state", "told_at", "merged_into"):
                self._texts[name] = state
                latest = max(latest, told_at)
                if merged_into:
                    self._merged[name] = merged_into
                    further.add(merged_into)
            names = further - self._texts.keys()
        return latest

    def _read_states(self) -> None:
        told = [name for name, text in self._texts.items() if text and name not in self._leads]
        kept = _counts(told)
        for name in self._texts:
            if name not in self._leads:
                log: Log[Act] = KeptLog(kept.get(name, 0), partial(_acts, name))
                lead = read_lead(self._texts[name], self.terms, log) if self._texts[name] else None
                self._leads[name] = self._before[name] = lead

    def _named(self, name: str) -> str:
        while name in self._merged:
            name = self._merged[name]
        return name

    def _stepped(self, fact: Fact) -> Taken:
        fact = replace(fact, recorded_at=self.at, happened_at=min(fact.happened_at, self.at))
        lead = self._leads.get(fact.lead) if isinstance(fact, LeadFact) else None
        other = self._leads.get(self._named(fact.absorbed)) if isinstance(fact, LeadsMerged) else None
        done = step(State(lead=lead, team=self.team, other=other), fact, self.terms)
        return Taken(fact, done, len(self.taken))

    def _keep(self, taken: Taken) -> None:
        fact, state = taken.fact, taken.step.state
        self.taken.append(taken)
        self.team = state.team
        if isinstance(fact, LeadFact) and state.lead is not None:
            self._leads[fact.lead] = state.lead
        if isinstance(fact, LeadsMerged) and state.other is not None:
            absorbed = self._named(fact.absorbed)
            if state.other.merged_into is not None:
                self._merged[absorbed] = fact.lead
            self._leads[absorbed] = state.other


def _alone(taken: Taken, team: Team) -> bool:
    """Whether a step neither asked the team nor changed it."""
    if taken.step.state.team is not team or not isinstance(taken.fact, _ALONE):
        return False
    return all(isinstance(effect, _ALONE_TOO) or _opened(effect) for effect in taken.step.effects)


def _opened(effect: told.Effect) -> bool:
    return isinstance(effect, told.Moved) and effect.before is None


def _recorded(names: Iterable[str]) -> set[str]:
    return set(FactRow.objects.filter(name__in=list(names)).values_list("name", flat=True))


def _counts(names: list[str]) -> dict[str, int]:
    rows = Activity.objects.filter(lead__in=names).values_list("lead").annotate(last=Max("position"))
    return {name: last + 1 for name, last in rows}


def _acts(name: str) -> list[Act]:
    rows = Activity.objects.filter(lead=name).order_by("position")
    return read_acts(list(rows.values_list("happened_at", "kind", "properties", "loaded")))


def _write_freed(before: Team, after: Team, at: Instant) -> None:
    pools = freed(before, after) if after is not before else frozenset()
    if not pools:
        return
    held = set(CycleRow.objects.filter(hold_pool__in=pools).values_list("hold_pool", flat=True).distinct())
    for pool in held:
        Freed.objects.update_or_create(pool=pool, defaults={"at": at})
