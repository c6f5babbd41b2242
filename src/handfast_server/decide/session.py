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
from typing import Any, TypeVar

from django.db import transaction

from handfast.cycle.log import Log
from handfast.cycle.values import Act, Lead
from handfast.engine.state import State
from handfast.engine.step import step
from handfast.engine.terms import Terms
from handfast.facts import Fact, LeadFact, LeadsMerged
from handfast.instant import SECOND, Instant
from handfast.route.freed import freed
from handfast.route.team import Team
from handfast_server import fault
from handfast_server.audit.record import record_facts
from handfast_server.bridge.lead import KeptLog, read_acts, read_lead
from handfast_server.decide import alone
from handfast_server.decide import team as teams
from handfast_server.decide import terms as versions
from handfast_server.decide.locked import LockedLead, leads_due, leads_named, recorded
from handfast_server.decide.rows import put
from handfast_server.decide.sql import fetch, together
from handfast_server.decide.taken import Taken
from handfast_server.decide.transaction import in_transaction
from handfast_server.decide.written import add_leads, write_effects, write_facts, write_leads
from handfast_server.delivery.outbox import write_messages
from handfast_server.leads.models import Activity
from handfast_server.now import now
from handfast_server.observe.decided import note
from handfast_server.rosters.models import Freed
from handfast_server.scoreboard.notes import write_notes

T = TypeVar("T")
F = TypeVar("F", bound=Fact)


def decide(work: Callable[[Session], T], *, named: str = "decide") -> T:
    """What ``work`` gives, once everything it told is committed. It may be called again: after a deadlock.

    ``named`` is whose work it is, in the names of its fault points.
    """

    def whole() -> T:
        session = Session()
        given = work(session)
        fault.point(f"{named}.before_write")
        session.write()
        fault.point(f"{named}.before_commit")
        return given

    given = in_transaction(whole)
    fault.point(f"{named}.after_commit")
    return given


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
        self._rows: dict[str, LockedLead] = {}
        self._leads: dict[str, Lead | None] = {}
        self._before: dict[str, Lead | None] = {}
        self._merged: dict[str, str] = {}
        self._repeats: set[str] = set()
        self._made: list[str] = []
        self._also: list[Callable[[], None]] = []
        self._told: set[str] = set()  # leads about which something was told

    def lock(self, facts: Iterable[Fact]) -> None:
        """Lock every lead that the facts are about, then take ``now``; leads that are not there are not known."""
        facts = list(facts)
        names = {fact.lead for fact in facts if isinstance(fact, LeadFact)}
        names |= {fact.absorbed for fact in facts if isinstance(fact, LeadsMerged)}
        self.lock_named(names)
        self.expect(fact.id for fact in facts)

    def expect(self, names: Iterable[str]) -> None:
        """Ask which of the facts of these names were taken in before; their leads are locked."""
        self._repeats |= recorded(names)

    def lock_named(self, names: Iterable[str]) -> None:
        """Lock leads by their names, and those that they were merged into; then take ``now``."""
        found: list[LockedLead] = []
        wanted = set(names) - self._rows.keys()
        while wanted:
            rows = leads_named(wanted)
            found += rows
            self._merged.update({row.name: row.merged_into for row in rows if row.merged_into})
            known = {row.name for row in found} | self._rows.keys()
            wanted = {row.merged_into for row in rows if row.merged_into} - known
        self._begin(found)

    def introduce(self, names: Iterable[str]) -> None:
        """Leads that this transaction makes, under names that nobody else can give: their rows are written with it."""
        made = [LockedLead(name) for name in names]
        self._made += [row.name for row in made]
        self._rows.update({row.name: row for row in made})

    def lock_due(self, at: Instant, limit: int) -> list[str]:
        """Lock so many leads with something due, the earliest first, then take ``now``; their names."""
        found = leads_due(at, limit)
        self._begin(found)
        return [row.name for row in found]

    def _begin(self, rows: list[LockedLead]) -> None:
        began, self.at = self.at, max(now(), self.at, max((row.told_at for row in rows), default=0) + 1)
        self._look_at_terms(began)
        self._rows.update({row.name: row for row in rows if row.name not in self._rows})

    def lead(self, name: str) -> Lead | None:
        """A locked lead as it is now, also under a name that was merged into it."""
        return self._known(self._named(name))

    def stand_in(self, name: str, lead: Lead) -> None:
        """Go on with another value of a locked lead, whose row cannot be read."""
        self._leads[name] = self._before[name] = lead

    def repeats(self, fact: Fact) -> bool:
        """Whether a fact that ``lock`` or ``expect`` was given was taken in before."""
        return fact.id in self._repeats

    def tell(self, fact: Fact, *, lead: str = "") -> Taken:
        """Take in one fact about what is locked. ``lead`` is whose it is, where the fact does not know that yet."""
        if fact.id in self._repeats:
            return Taken.again(fact, self.team)
        self._repeats.add(fact.id)
        taken = self._stepped_alone(fact, lead)
        if taken is None:
            self.lock_team()
            if not isinstance(fact, LeadFact) and recorded([fact.id]):
                return Taken.again(fact, self.team)
            taken = self._stepped(self._recorded(fact, lead))
        self._keep(taken)
        return taken

    def lock_team(self) -> None:
        """Hold the team until commit, as it is now."""
        if self._turn is None:
            self._turn = teams.TeamTurn()
            self.team = self._turn.before
            began, self.at = self.at, max(now(), self.at, self._turn.last_at + 1)
            self._look_at_terms(began)

    def also(self, writing: Callable[[], None]) -> None:
        """Something else to be written with what was decided: it may ask the leads as they are then."""
        self._also.append(writing)

    def _look_at_terms(self, seen_at: Instant) -> None:
        if self.at - seen_at > SECOND:  # a version may have been signed meanwhile (contracts.signing, SETTLES)
            self.terms = versions.current()

    def write(self) -> None:
        """Write everything that was decided; the caller's transaction commits it."""
        taken = [each for each in self.taken if not each.repeat]
        with together():
            self._write(taken)
        transaction.on_commit(partial(note, taken))
        if self._turn is not None:
            transaction.on_commit(partial(self._turn.keep, self.team))

    def _write(self, taken: list[Taken]) -> None:
        add_leads(self._made, self.at)
        write_facts(taken)
        changed = [(self._before.get(name), self._leads[name]) for name in sorted(self._told)]
        write_leads([(was, lead) for was, lead in changed if lead is not None and lead is not was], self.at)
        write_effects(taken)
        for writing in self._also:
            writing()
        write_notes(taken, self.terms)
        record_facts(taken)
        silent = None if self._turn is None else self.team.shadow is not None  # known for sure under the lock alone
        write_messages(taken, self.at, [(was, lead) for was, lead in changed if lead is not None], silent=silent)
        if self._turn is not None:
            _write_freed(self._turn.before, self.team, self.at)
            self._turn.write(self.team, self.at)

    def _known(self, name: str) -> Lead | None:
        """A lead under its own name; its row is read when it is first asked for: a broken one breaks no other."""
        if name not in self._leads and name in self._rows:
            self._leads[name] = self._before[name] = lead_of(self._rows[name], self.terms)
        return self._leads.get(name)

    def _named(self, name: str) -> str:
        while name in self._merged:
            name = self._merged[name]
        return name

    def _stepped_alone(self, fact: Fact, lead: str) -> Taken | None:
        """A step that neither asks the team nor changes it; None when it would."""
        if self._turn is not None or not isinstance(fact, alone.ALONE):
            return None
        fact = self._recorded(fact, lead)
        done = alone.stepped(self._known(fact.lead), fact, self.terms)
        return None if done is None else Taken(fact, done, len(self.taken), alone=True)

    def _stepped(self, fact: Fact) -> Taken:
        lead = self._known(fact.lead) if isinstance(fact, LeadFact) else None
        other = self._known(self._named(fact.absorbed)) if isinstance(fact, LeadsMerged) else None
        done = step(State(lead=lead, team=self.team, other=other), fact, self.terms)
        return Taken(fact, done, len(self.taken))

    def _recorded(self, fact: F, lead: str) -> F:
        told: dict[str, Any] = {"recorded_at": self.at, "happened_at": min(fact.happened_at, self.at)}
        if isinstance(fact, LeadFact):
            told["lead"] = self._named(lead or fact.lead)
        return replace(fact, **told)

    def _keep(self, taken: Taken) -> None:
        fact, state = taken.fact, taken.step.state
        self.taken.append(taken)
        if not taken.alone:
            self.team = state.team
        if isinstance(fact, LeadFact) and state.lead is not None:
            self._leads[fact.lead] = state.lead
            self._told.add(fact.lead)
        if isinstance(fact, LeadsMerged) and state.other is not None:
            absorbed = self._named(fact.absorbed)
            if absorbed == fact.lead:  # merged before: it is the lead itself, as it was before this fact
                return
            if state.other.merged_into is not None:
                self._merged[absorbed] = fact.lead
            self._leads[absorbed] = state.other
            self._told.add(absorbed)


def lead_of(row: LockedLead, terms: Terms) -> Lead | None:
    """The lead of a row; None of whom nothing was told yet."""
    log: Log[Act] = KeptLog(row.acts, partial(_acts, row.name))
    return read_lead(row.state, terms, log) if row.state else None


def _acts(name: str) -> list[Act]:
    rows = Activity.objects.filter(lead=name).order_by("position")
    return read_acts(list(rows.values_list("happened_at", "kind", "properties", "loaded")))


def _write_freed(before: Team, after: Team, at: Instant) -> None:
    pools = freed(before, after) if after is not before else frozenset()
    if not pools:
        return
    held = [pool for pool in sorted(pools) if fetch(_HELD, [pool])]
    put(Freed, ("pool", "at"), [(pool, at) for pool in held])


_HELD = "SELECT 1 FROM handoffs_cycle WHERE hold_pool = %s AND hold_pool <> '' LIMIT 1"
