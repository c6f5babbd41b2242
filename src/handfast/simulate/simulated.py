"""A whole simulated year: drawn, played, and what is true of it kept apart."""

from __future__ import annotations

import heapq
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter

import numpy as np

from handfast.condition import Value
from handfast.contract.model import Contract
from handfast.engine import Terms, World
from handfast.facts import Fact
from handfast.instant import DAY, Instant
from handfast.simulate import news, words
from handfast.simulate.acts import Acts, Rows, draw_acts
from handfast.simulate.case import DRAWS, Case
from handfast.simulate.desk import Desk
from handfast.simulate.known import FIRST_RECORD, Known, lead_id
from handfast.simulate.market import Flags, draw_accounts, draw_people
from handfast.simulate.plan import TeamPlan, usual_plan
from handfast.simulate.roster import workers
from handfast.simulate.screen import screen
from handfast.simulate.stream import Concern, Stream, Whole
from handfast.simulate.truth import Handoff
from handfast.simulate.year import Year

Progress = Callable[[int, int], None]
"""Told how much of the year has passed, and how much there is."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Simulated:
    """A year: the world at its end, every fact in order, and the truth.

    ``told`` are the facts that the engine was told or made itself; ``untold`` are rows of ``acts`` that can change no
    decision and ``unseen`` records that can never be delivered, so that nobody told it.
    """

    seed: int
    plan: TeamPlan
    contracts: tuple[Contract, ...]
    year: Year
    known: Known
    acts: Acts
    untold: Whole
    unseen: Flags
    told: list[Fact]
    world: World
    handoffs: Mapping[str, Handoff]  # by cycle
    refused: Mapping[str, int]  # decisions of reps that the engine refused, by code

    def facts(self) -> Iterator[Fact]:
        """Every fact in the order in which it was recorded, those untold as well."""
        rows = (self.acts.fact(row, self.known.lead_of(int(self.acts.record[row]))) for row in self.untold.tolist())
        return heapq.merge(self.told, self.unheard(), rows, key=attrgetter("recorded_at"))

    def unheard(self) -> Iterator[Fact]:
        """What is known of the leads that the engine need not hear of, in order."""
        created = news.created(self.known, self.unseen)
        return heapq.merge(created, news.changes(self.known, self.unseen, self.year), key=attrgetter("recorded_at"))


def simulate(
    seed: int,
    leads: int,
    contracts: Sequence[Contract],
    plan: TeamPlan | None = None,
    progress: Progress | None = None,
    *,
    until: Instant | None = None,
    terms: Terms | None = None,
) -> Simulated:
    """Simulate a year of ``leads`` records under these versions, from the day on which the first takes force.

    ``until``: nobody does anything from then on, so that a year can be played up to the middle of a day. ``terms``:
    the same versions as they were signed, where they were.
    The same seed, plan and contracts give the same facts everywhere. Raises ValueError where there is nothing to do.
    """
    if leads < 1 or not contracts:
        raise ValueError("A year needs at least one lead and one contract.")
    return _Drawn(seed, leads, tuple(contracts), plan or usual_plan(), until, terms).played(
        progress or (lambda _done, _of: None)
    )


class _Drawn:
    """Everything that is settled before the year begins."""

    def __init__(
        self,
        seed: int,
        leads: int,
        contracts: tuple[Contract, ...],
        plan: TeamPlan,
        until: Instant | None,
        terms: Terms | None,
    ) -> None:
        self.seed, self.leads, self.contracts, self.plan = seed, leads, contracts, plan
        self.year = Year.of(contracts[0].zone, contracts[0].effective_from, plan.days)
        self.terms = terms or Terms.of_contracts(contracts)
        self.last = self.year.last if until is None else min(until, self.year.last)
        accounts = draw_accounts(seed, leads)
        self.people = draw_people(seed, leads, plan, self.year, accounts)
        self.known = Known(plan, accounts, self.people)
        self.acts = draw_acts(seed, plan, self.year, self.people)
        self.screened = screen(contracts, self.people, self.acts, self.known.columns())
        self.rows = Rows.of(self.people.family[self.acts.record], leads)
        self.draws = Stream(seed, Concern.ANSWER).below(1 << 20, leads * DRAWS).reshape(leads, DRAWS)

    def played(self, progress: Progress) -> Simulated:
        """Play it."""
        world = World(self.terms, keep=True)
        first, length = self.year.first, self.year.last - self.year.first
        desk = Desk(
            world=world,
            workers=workers(self.plan, self.leads, self.contracts[-1], self.year),
            visit=self.plan.visit,
            last=self.last,
            opener=self._case,
            after_end=self._next_act,
        )
        told = self._told_rows()
        self.told_rows = set(np.flatnonzero(told).tolist())
        desk.play(self._planned(told), lambda now: progress((now - first) // DAY, length // DAY))
        return Simulated(
            seed=self.seed,
            plan=self.plan,
            contracts=self.contracts,
            year=self.year,
            known=self.known,
            acts=self.acts,
            untold=np.array([row for row in range(len(self.acts)) if row not in self.told_rows], dtype=np.int64),
            unseen=~self.screened.may_qualify,
            told=world.facts,
            world=world,
            handoffs={case.cycle: case.handoff for case in desk.cases.values()},
            refused=desk.refused,
        )

    def _told_rows(self) -> Flags:
        """What can count for the score of a lead that can qualify, or raise its hand."""
        may = self.screened.may_qualify[self.acts.record]
        return may & self.screened.matters

    def _planned(self, told: Flags) -> Iterator[Fact]:
        rows = (self.acts.fact(row, self._lead(row)) for row in np.flatnonzero(told).tolist())
        may = self.screened.may_qualify
        return heapq.merge(
            news.in_order(news.of_team(self.known, self.contracts, self.year)),
            news.created(self.known, may),
            news.changes(self.known, may, self.year),
            rows,
            key=attrgetter("recorded_at"),
        )

    def _lead(self, row: int) -> str:
        return self.known.lead_of(int(self.acts.record[row]))

    def _case(self, lead: str, cycle: str, at: Instant) -> Case:
        """The case of a cycle that was qualified: what is true of its lead, and the chances it has."""
        record = int(lead.removeprefix("L")) - FIRST_RECORD
        turn = int(cycle.rpartition("/")[2]) - 1
        draws = self.draws[(record + turn * 7919) % self.leads].tolist()
        return Case(
            lead=lead,
            cycle=cycle,
            right=bool(self.people.right[record]),
            claims=bool(self.people.claims[record]),
            true=self._true(record),
            draws=draws,
            handoff=Handoff(cycle=cycle, record=record, qualified_at=at),
        )

    def _true(self, record: int) -> Mapping[str, Value]:
        accounts, account = self.known.accounts, int(self.people.account[record])
        return {
            **self.known.created(record),
            "industry": words.INDUSTRIES[int(accounts.industry[account])][1],
            "employees": int(accounts.employees[account]),
        }

    def _next_act(self, lead: str, now: Instant) -> Fact | None:
        """What a lead does next after a cycle of its ended, whatever it is: it opens the next one."""
        family = int(self.people.family[int(lead.removeprefix("L")) - FIRST_RECORD])
        rows = self.rows.by(family)
        recorded = self.acts.recorded_at
        for row in rows[bisect_right(rows, now, key=lambda each: int(recorded[each])) :]:
            if self._owner(row) != lead:
                continue
            if row in self.told_rows or int(recorded[row]) >= self.year.last:
                return None
            self.told_rows.add(row)
            return self.acts.fact(row, self._lead(row))
        return None

    def _owner(self, row: int) -> str:
        """Whose activity it is by the time it is learned."""
        record = int(self.acts.record[row])
        merged = int(self.acts.recorded_at[row]) >= int(self.people.merged_at[record])
        return lead_id(int(self.people.human[record] if merged else self.people.known_as[record]))
