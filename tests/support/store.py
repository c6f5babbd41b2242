"""A store that is killed: it keeps the effects of a step all together or not at all, and is told the fact again."""

from __future__ import annotations

from dataclasses import dataclass, field

from handfast.cycle.values import Lead
from handfast.engine import State, Step, Terms, step
from handfast.engine.effects import Effect, Refused
from handfast.facts import Fact, LeadFact, LeadsMerged
from handfast.route.team import Team


class Killed(Exception):
    """The process ended in the middle of writing."""


@dataclass
class Store:
    """Leads, team and effects as rows; what follows for other leads is told from outside, as facts of their own."""

    terms: Terms
    team: Team = field(default_factory=Team)
    leads: dict[str, Lead] = field(default_factory=dict)
    rows: dict[tuple[str, str], Effect] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)

    def tell(self, fact: Fact, *, killed_after: int | None = None) -> None:
        """Take a fact in; killed while writing, keep nothing, and take it in when it is told again."""
        if killed_after is not None:
            first = self._step(fact)
            try:
                self._commit(fact, first, killed_after)
            except Killed:
                again = self._step(fact)
                assert again.effects == first.effects, "told again after a crash, a fact does something else"
                assert again.state == first.state
        self._commit(fact, self._step(fact), None)
        self._repeat(fact)

    def _repeat(self, fact: Fact) -> None:
        again = self._step(fact)
        assert all(isinstance(effect, Refused) for effect in again.effects), "a fact told twice does something twice"
        assert again.state.team == self.team
        if isinstance(fact, LeadFact):
            assert again.state.lead == self.leads.get(self._named(fact.lead))

    def _step(self, fact: Fact) -> Step:
        if not isinstance(fact, LeadFact):
            done = Step(state=State(lead=None, team=self.team))
            return done if fact.id in self.seen else step(done.state, fact, self.terms)
        other = self.leads.get(self._named(fact.absorbed)) if isinstance(fact, LeadsMerged) else None
        return step(State(lead=self.leads.get(fact.lead), team=self.team, other=other), fact, self.terms)

    def _named(self, name: str) -> str:
        while (lead := self.leads.get(name)) is not None and lead.merged_into is not None:
            name = lead.merged_into
        return name

    def _commit(self, fact: Fact, done: Step, killed_after: int | None) -> None:
        """Write every effect under its key, then the state; a kill in between leaves nothing of it."""
        staged = dict(self.rows)
        for place, effect in enumerate(done.effects):
            if place == killed_after:
                raise Killed
            key = (type(effect).__name__, effect.id)
            assert isinstance(effect, Refused) or key not in staged, f"{key} is there already"
            staged[key] = effect
        if killed_after is not None:
            raise Killed
        self.rows, self.team = staged, done.state.team
        if isinstance(fact, LeadFact):
            for lead in (done.state.other, done.state.lead):  # a lead told to absorb itself is both
                if lead is not None:
                    self.leads[lead.id] = lead
        else:
            self.seen.add(fact.id)
