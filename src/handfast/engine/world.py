"""Every lead and the team in one mutable container: for replay, simulation, tests and the demonstration.

A server keeps the same values as rows. Facts are told in the order in which they were recorded. What a world does by
itself, ticks and re-routes of a rep's handoffs, are facts too, with ids derived from what caused them: told again in
their order to another world, they give the same world. That world does the same by itself, under the same ids, and so
finds what it is told next to be told already.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from dataclasses import replace

from handfast.cycle.log import Seen
from handfast.cycle.values import Lead
from handfast.engine.effects import BandChanged, Effect, LedgerEntry, Moved, RepLeft
from handfast.engine.state import State, Step
from handfast.engine.step import step
from handfast.engine.terms import Terms
from handfast.engine.waiting import Group, Waiting, someone, wake
from handfast.facts import Fact, LeadFact, LeadsMerged, RerouteCause, Rerouted, TeamTick, Tick
from handfast.instant import Instant
from handfast.route.freed import freed
from handfast.route.team import Team


class World:
    """Tell it facts, ask it to look at the clock; every step is handed back.

    ``keep``: keep every effect in ``effects``, and every fact, also its own, in ``facts`` beside its step in ``steps``.
    """

    def __init__(self, terms: Terms, team: Team | None = None, *, keep: bool = False) -> None:
        """A world without leads."""
        self.terms = terms
        self.team = team if team is not None else Team()
        self.leads: dict[str, Lead] = {}
        self.moves: list[Moved] = []
        self.entries: list[LedgerEntry] = []
        self.effects: list[Effect] = []
        self.facts: list[Fact] = []
        self.steps: list[Step] = []
        self._keep = keep
        self._merged: dict[str, str] = {}
        self._team_facts = Seen()
        self._dues: list[tuple[Instant, str]] = []
        self._owned: dict[str, dict[str, None]] = {}  # leads by the rep who has them
        self._waiting = Waiting()
        self._unasked: list[Group] = []  # held groups about which nobody was asked yet
        self._freed: dict[Group, None] = {}  # held groups that a tick may have found somebody for: for the end of it

    def tell(self, fact: Fact) -> Step:
        """Take in a fact. The step is that of the fact itself; what follows for other leads is done as well."""
        return self.told(fact)[0]

    def told(self, fact: Fact) -> list[Step]:
        """The same, with the steps of every fact that followed from it.

        What the tick of a lead frees is given away at the end of ``tick``, when everything due has been recorded.
        """
        if not isinstance(fact, LeadFact) and fact.id in self._team_facts:
            return [Step(state=State(lead=None, team=self.team))]
        before = self.team
        steps = [self._lead_told(fact) if isinstance(fact, LeadFact) else self._team_told(fact)]
        if self.team is before and not self._unasked:
            return steps
        for effect in steps[0].effects:
            if isinstance(effect, RepLeft):
                steps += self._rerouted(effect, fact)
        worth = self._worth_asking(before)
        if isinstance(fact, Tick):
            self._freed.update(dict.fromkeys(worth))
        elif worth:
            steps += self._tried(fact.recorded_at, worth)
        return steps

    def tick(self, now: Instant) -> list[Step]:
        """Everything that is due up to now: of the team, then of every lead in order of due_at; then holds."""
        steps: list[Step] = []
        if self.team.next_due is not None and self.team.next_due <= now:
            name = f"tick:team:{now}:{len(self._team_facts)}"
            steps += self.told(TeamTick(id=name, happened_at=now, recorded_at=now))
        while self._dues and self._dues[0][0] <= now:
            at, name = heapq.heappop(self._dues)
            lead = self.leads.get(name)
            if lead is not None and lead.due_at == at:
                steps += self.told(self._look(name, now))
        worth, self._freed = [*self._freed, *self._waiting.woken(now)], {}
        return steps + self._tried(now, worth) if worth else steps

    def bands(self, now: Instant) -> list[Step]:
        """Look at every lead: the daily tick that reports bands changed by fading, and qualifies nobody.

        A look that finds the band as it was is no fact, so that nothing is kept of it.
        """
        looked = [name for name, lead in self.leads.items() if not lead.erased and lead.merged_into is None]
        return [each for name in looked if self._band_differs(name, now) for each in self.told(self._look(name, now))]

    def _band_differs(self, name: str, now: Instant) -> bool:
        found = step(State(lead=self.leads[name], team=self.team), self._look(name, now), self.terms)
        return any(isinstance(effect, BandChanged) for effect in found.effects)

    def next_due(self) -> Instant | None:
        """When something next happens by itself."""
        while self._dues and self._stale(*self._dues[0]):
            heapq.heappop(self._dues)
        first = self._dues[0][0] if self._dues else None
        known = (first, self.team.next_due, self._waiting.next_wake)
        return min((at for at in known if at is not None), default=None)

    def _stale(self, at: Instant, name: str) -> bool:
        lead = self.leads.get(name)
        return lead is None or lead.due_at != at

    def lead(self, name: str) -> Lead | None:
        """A lead, under its own name or one that was merged into it."""
        return self.leads.get(self._named(name))

    def _named(self, name: str) -> str:
        while name in self._merged:
            name = self._merged[name]
        return name

    def _lead_told(self, fact: LeadFact) -> Step:
        name = fact.lead
        if name in self._merged:
            name = self._named(name)
            fact = replace(fact, lead=name)
        before = self.leads.get(name)
        other = self.leads.get(self._named(fact.absorbed)) if isinstance(fact, LeadsMerged) else None
        given = State(before, self.team, other)
        done = step(given, fact, self.terms)
        if done.state is given and not done.effects:
            return done  # a fact that was told before
        self._kept(fact, done)
        if done.state.lead is not None:
            self._place(before, done.state.lead)
        if other is not None and done.state.other is not None and done.state.other is not other:
            self._place(other, done.state.other)
            self._merged[other.id] = name
        return done

    def _team_told(self, fact: Fact) -> Step:
        done = step(State(lead=None, team=self.team), fact, self.terms)
        self._team_facts = self._team_facts.including(fact.id)
        self._kept(fact, done)
        return done

    def _kept(self, fact: Fact, done: Step) -> None:
        self.team = done.state.team
        for effect in done.effects:
            if isinstance(effect, Moved):
                self.moves.append(effect)
            elif isinstance(effect, LedgerEntry):
                self.entries.append(effect)
        if self._keep:
            self.effects.extend(done.effects)
            self.facts.append(fact)
            self.steps.append(done)

    def _place(self, before: Lead | None, lead: Lead) -> None:
        """Keep a lead as it is now, and the indexes with it."""
        self.leads[lead.id] = lead
        if lead.due_at is not None and (before is None or before.due_at != lead.due_at):
            heapq.heappush(self._dues, (lead.due_at, lead.id))
        if before is not None and before.cycle is lead.cycle:
            return
        was, now = _owner(before), _owner(lead)
        if was != now:
            if was is not None:
                self._owned[was].pop(lead.id, None)
            if now is not None:
                self._owned.setdefault(now, {})[lead.id] = None
        unasked = self._waiting.place(lead)
        if unasked is not None:
            self._unasked.append(unasked)

    def _worth_asking(self, before: Team) -> list[Group]:
        """The held groups for which somebody may have become eligible, and those that are new."""
        worth, self._unasked = self._unasked, []
        if self.team is not before and self._waiting:
            worth = worth + self._waiting.of(freed(before, self.team))
        return worth

    def _rerouted(self, left: RepLeft, fact: Fact) -> Iterator[Step]:
        cause = RerouteCause.ABSENCE if left.absent else RerouteCause.REP_GONE
        for name in list(self._owned.get(left.rep, ())):
            moved = Rerouted(
                id=f"{left.id}:{name}",
                happened_at=left.at,
                recorded_at=fact.recorded_at,
                lead=name,
                by="",
                cause=cause,
                rep=left.rep,
            )
            yield self._lead_told(moved)

    def _tried(self, now: Instant, groups: Iterable[Group]) -> list[Step]:
        """Ask for the held handoffs of some groups, the longest held first, until nobody is left for any of them."""
        steps: list[Step] = []
        heads = self._waiting.heads(groups)
        while heads:
            _, name, group = head = heapq.heappop(heads)
            choice = someone(self.team, self.terms, group, now)
            if choice.rep is None:
                self._waiting.nobody(group, wake(self.terms, group, choice))
                continue
            steps.append(self._lead_told(self._look(name, now)))
            following = self._waiting.head(group)
            if following is not None and following != head:
                heapq.heappush(heads, following)
        return steps

    def _look(self, name: str, now: Instant) -> Tick:
        """The same lead after the same facts is looked at under the same id."""
        return Tick(id=f"tick:{name}:{now}:{len(self.leads[name].facts)}", happened_at=now, recorded_at=now, lead=name)


def _owner(lead: Lead | None) -> str | None:
    if lead is None or lead.cycle is None or lead.cycle.owner is None:
        return None
    return lead.cycle.owner.rep
