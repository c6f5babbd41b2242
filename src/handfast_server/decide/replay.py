"""The service's decisions, made again from its facts alone, and held against what it wrote.

The facts are read in the order in which they were taken in, and told to ``engine.step``; no stored decision is read
until it is compared. What the evaluator arrives at is laid out as the rows that it would have written: cycles with what
qualified them, assignments, clocks with their dues, transitions, the ledger, and the leads' own states.

A lead that was erased is no longer told in full: its own rows are not compared. Its facts still answer every question
of the contracts as they did (``leads.scrub``), so that ledgers and the leads that came after it are.
``Verified.erased`` is how many such leads there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import orjson
from django.db.models import Model

from handfast.cycle.values import Lead
from handfast.engine.effects import ClockChanged, LedgerEntry, Moved, Refused
from handfast.engine.state import State, Step
from handfast.engine.step import step
from handfast.engine.terms import Terms
from handfast.facts import Fact, LeadFact, LeadsMerged
from handfast.history import read_line
from handfast.route.team import Team
from handfast_server.bridge.lead import write_lead
from handfast_server.decide import written
from handfast_server.decide.taken import Taken
from handfast_server.decide.terms import current
from handfast_server.decide.transaction import reading
from handfast_server.facts.models import Fact as FactRow
from handfast_server.handoffs import models as rows
from handfast_server.leads.models import Lead as LeadRow

_CHUNK = 2000


class Difference(NamedTuple):
    """What stands in a row, and what the facts say; None where there is no such row."""

    table: str
    id: str
    column: str
    stored: object
    replayed: object


class Verified(NamedTuple):
    """How much was made again, and everything that differs."""

    facts: int
    leads: int
    compared: int  # rows
    erased: int  # leads that cannot be judged again
    differences: tuple[Difference, ...]


@dataclass
class Again:
    """Everybody, and everything decided, as the facts alone say."""

    terms: Terms
    team: Team = field(default_factory=Team)
    leads: dict[str, Lead] = field(default_factory=dict)
    facts: int = 0
    refused: dict[str, str] = field(default_factory=dict)  # fact → code
    moves: dict[str, tuple[Any, ...]] = field(default_factory=dict)
    changes: dict[str, tuple[Any, ...]] = field(default_factory=dict)
    entries: dict[str, tuple[Any, ...]] = field(default_factory=dict)
    _merged: dict[str, str] = field(default_factory=dict)

    def tell(self, fact: Fact) -> Step:
        """Take in the next fact."""
        lead = other = None
        if isinstance(fact, LeadFact):
            lead = self.leads.get(fact.lead)
        if isinstance(fact, LeadsMerged):
            other = self.leads.get(self._named(fact.absorbed))
        done = step(State(lead=lead, team=self.team, other=other), fact, self.terms)
        self.facts += 1
        self.team = done.state.team
        if isinstance(fact, LeadFact) and done.state.lead is not None:
            self.leads[fact.lead] = done.state.lead
        if isinstance(fact, LeadsMerged) and done.state.other is not None and done.state.other is not other:
            absorbed = done.state.other
            self.leads[absorbed.id] = absorbed
            if absorbed.merged_into is not None:
                self._merged[absorbed.id] = fact.lead
        self._noted(Taken(fact, done, 0))
        return done

    @property
    def erased(self) -> frozenset[str]:
        """Leads that were erased, and those that had been merged into one of them."""
        return frozenset(name for name in self.leads if self.leads[self._named(name)].erased)

    def _named(self, name: str) -> str:
        while name in self._merged:
            name = self._merged[name]
        return name

    def _noted(self, taken: Taken) -> None:
        for effect in taken.step.effects:
            if isinstance(effect, Moved):
                self.moves[effect.id] = written.moved(taken, effect)
            elif isinstance(effect, ClockChanged):
                self.changes[effect.id] = written.clock_changed(taken, effect)
            elif isinstance(effect, LedgerEntry):
                self.entries[effect.id] = written.entry(taken, effect)
            elif isinstance(effect, Refused):
                self.refused[taken.fact.id] = effect.code


def again() -> Again:
    """The stored facts told in their order. Raises LineRefused for a fact that cannot be read."""
    world = Again(current())
    told = FactRow.objects.order_by("recorded_at", "position", "id").values_list("line", "lead")
    for line, lead in told.iterator(chunk_size=_CHUNK):
        fact = read_line(line)
        if isinstance(fact, LeadFact) and fact.lead != lead:  # told under a name that was merged into this one
            fact = replace(fact, lead=lead)
        world.tell(fact)
    return world


def verify() -> Verified:
    """Judge everything again, and compare every row that was written with it."""
    with reading():
        world = again()
        erased = world.erased
        compared, differences = 0, list[Difference]()
        for table in _tables(world):
            count, found = _compared(table, erased)
            compared += count
            differences += found
    return Verified(world.facts, len(world.leads), compared, len(erased), tuple(differences))


class _Table(NamedTuple):
    """What the facts say of a table: rows by their key, and which of its columns are decided."""

    model: type[Model]
    columns: tuple[str, ...]  # the first is the key
    replayed: Mapping[str, tuple[Any, ...]]
    lead: str = ""  # the path to its lead, where that may be erased


def _tables(world: Again) -> Iterator[_Table]:
    leads = world.leads.values()
    cycles = [(lead, cycle) for lead in leads for cycle in written.cycles(lead)]
    columns = tuple(name for name in written.CYCLE if name not in _NOT_DECIDED)
    picked = [written.CYCLE.index(name) for name in columns]
    laid_out = [written.cycle_row(lead, cycle, 0) for lead, cycle in cycles]
    yield _Table(rows.Cycle, columns, _by_key([tuple(row[at] for at in picked) for row in laid_out]), "lead")
    assignments = [row for _, cycle in cycles for row in written.assignment_rows(None, cycle)]
    yield _Table(rows.Assignment, written.ASSIGNMENT, _by_key(assignments), "cycle__lead")
    clocks = [row for _, cycle in cycles for row in written.clock_rows(None, cycle)]
    yield _Table(rows.Clock, written.CLOCK, _by_key(clocks), "cycle__lead")
    yield _Table(rows.Transition, written.MOVED, world.moves, "cycle__lead")
    yield _Table(rows.ClockTransition, written.CLOCK_CHANGED, world.changes, "cycle__lead")
    yield _Table(rows.LedgerEntry, written.ENTRY, world.entries)
    states = [(lead.id, _sorted(write_lead(lead)), lead.due_at) for lead in leads]
    yield _Table(LeadRow, ("id", "state", "due_at"), _by_key(states), "id")
    yield _Table(FactRow, ("name", "refused"), {name: (name, code) for name, code in world.refused.items()})


_NOT_DECIDED = frozenset(("changed_at", "segment", "icp", "source", "campaign", "band"))
"""Kept beside a cycle for lists and snapshots, as they were when its row was last written."""


def _sorted(state: str) -> bytes:
    """The text of a state, whatever the order in which its attributes were told; as it stands where it is no text."""
    try:
        return orjson.dumps(orjson.loads(state), option=orjson.OPT_SORT_KEYS)
    except orjson.JSONDecodeError:
        return state.encode()


def _by_key(laid_out: Iterable[tuple[Any, ...]]) -> dict[str, tuple[Any, ...]]:
    return {row[0]: row for row in laid_out}


def _compared(table: _Table, erased: frozenset[str]) -> tuple[int, list[Difference]]:
    """How many rows stand, and what differs."""
    stored = table.model._default_manager.all()  # noqa: SLF001 # Django's documented name
    if table.model is FactRow:
        stored = stored.exclude(refused="")
    if table.model is LeadRow:
        stored = stored.exclude(state="")
    differences, seen = list[Difference](), set[str]()
    name = table.model._meta.db_table  # noqa: SLF001 # Django's documented way to a model's table
    values = stored.values_list(*table.columns, *((table.lead,) if table.lead else ()))
    for found in values.iterator(chunk_size=_CHUNK):
        row = (found[0], _sorted(found[1]), *found[2:]) if table.model is LeadRow else found
        key = row[0]
        seen.add(key)
        if table.lead and row[-1] in erased:
            continue
        said = table.replayed.get(key)
        if said is None:
            differences.append(Difference(name, key, "", "there", None))
            continue
        pairs = zip(table.columns, row, said, strict=False)
        differences += [Difference(name, key, column, was, now) for column, was, now in pairs if was != now]
    missing = table.replayed.keys() - seen
    differences += [Difference(name, key, "", None, "there") for key in sorted(missing)]
    return len(seen), differences
