"""The desk of one step: what it works on while it decides. Handlers change the desk; the step hands out values."""

from __future__ import annotations

from typing import Any, TypeVar

from handfast.changed import changed
from handfast.cycle.life import CycleEvent, CycleState, after
from handfast.cycle.values import Cycle, Hold, Lead, new_lead
from handfast.engine.effects import Alerted, Effect, LedgerEntry, Moved
from handfast.engine.terms import Terms, Version
from handfast.engine.trace import Part
from handfast.facts import Fact
from handfast.instant import HOUR, Instant
from handfast.route.ledger import Entry
from handfast.route.team import Team

E = TypeVar("E", bound=Effect)


class Declined(Exception):
    """A fact that the table or the contract does not allow. ``code`` is stable; the message is for people."""

    def __init__(self, code: str, message: str) -> None:
        """Say what was asked, why it cannot be, and what to do."""
        super().__init__(message)
        self.code = code
        self.message = message


class Turn:
    """One step under way. ``now`` is when the fact was recorded: the one instant that this step decides at."""

    __slots__ = (
        "_governing",
        "_own",
        "_pinned",
        "effects",
        "fact",
        "happened_at",
        "lead",
        "now",
        "other",
        "team",
        "terms",
        "trace",
    )

    def __init__(self, fact: Fact, lead: Lead | None, other: Lead | None, team: Team, terms: Terms) -> None:
        """Lay out what the step starts from."""
        self.fact = fact
        self.now: Instant = fact.recorded_at
        # What a clock in another system dates ahead happened when it was recorded.
        self.happened_at: Instant = min(fact.happened_at, fact.recorded_at)
        self.terms = terms
        self.team = team
        self.lead = lead if lead is not None else new_lead(getattr(fact, "lead", ""))
        self._own: Lead | None = None  # the copy that this desk made, and nobody else has seen
        self.other = other
        self.effects: list[Effect] = []
        self.trace: list[Part] = []
        self._pinned: int | None = -1  # of nothing yet
        self._governing: Version | None = None

    def stamp(self, *others: Instant) -> Instant:
        """What the open cycle is stamped with: when the fact happened, and never before the cycle, or ``others``."""
        cycle = self.cycle
        return max(self.happened_at, cycle.inquiry_at if cycle.qualified_at is None else cycle.qualified_at, *others)

    @property
    def cycle(self) -> Cycle:
        """The open cycle. Raises Declined when there is none."""
        cycle = self.lead.cycle
        if cycle is None:
            raise Declined(
                "no_open_cycle",
                f"{self.lead.id} has no open cycle, so there is nothing to decide: an ended cycle never changes. "
                "A new one opens when the lead acts.",
            )
        return cycle

    @property
    def hold(self) -> Hold:
        """The hold of the open cycle. Raises ValueError when nothing is held."""
        hold = self.cycle.hold
        if hold is None:
            raise ValueError(f"{self.cycle.id} is not held")
        return hold

    @property
    def version(self) -> Version:
        """The version that the open cycle is pinned to. Raises Declined before it was qualified."""
        pinned = self.cycle.version
        if pinned is None:
            raise Declined(
                "not_delivered",
                f"The cycle of {self.lead.id} is still open with marketing: it has not been qualified, so there is "
                "no handoff to decide about. Marketing may release it.",
            )
        return self.terms.of(pinned)

    @property
    def governing(self) -> Version | None:
        """The version that judges the lead now: the pinned one, else the one in force."""
        cycle = self.lead.cycle
        pinned = None if cycle is None else cycle.version
        if pinned != self._pinned:
            self._pinned = pinned
            self._governing = self.terms.in_force(self.now) if pinned is None else self.terms.of(pinned)
        return self._governing

    def know(self, **changes: Any) -> None:
        """Replace values of the lead: on a copy of this desk's own, which is made once until it is handed out."""
        if self.lead is self._own:
            self.lead.__dict__.update(changes)
        else:
            self.lead = self._own = changed(self.lead, **changes)

    def kept(self) -> Lead:
        """The lead as it is now, which stays so: what is known from here on goes on another copy."""
        self._own = None
        return self.lead

    def put(self, **changes: Any) -> Cycle:
        """Replace values of the open cycle."""
        cycle = changed(self.cycle, **changes)
        self.know(cycle=cycle)
        return cycle

    def named(self, what: str) -> str:
        """A new id within the step, for what is not counted within a cycle."""
        return f"{self.fact.id}:{len(self.effects)}:{what}"

    def numbered(self, letter: str) -> str:
        """A new id within the open cycle."""
        turns = self.cycle.turns + 1
        self.put(turns=turns)
        return f"{self.cycle.id}/{letter}{turns}"

    def tell(self, kind: type[E], id_: str, /, *, at: Instant | None = None, **values: Any) -> None:
        """Add an effect about the lead."""
        self.effects.append(kind(id=id_, at=self.now if at is None else at, lead=self.lead.id, **values))

    def alert(self, to: str, what: str) -> None:
        """Tell somebody something that is no escalation."""
        self.tell(Alerted, self.numbered("n"), cycle=self.cycle.id, to=to, what=what)

    def move(self, event: CycleEvent, *, at: Instant, by: str = "", reason: str = "", **changes: Any) -> None:
        """Take a row of the table. Raises Declined when it has no such row; ``at`` is when it happened."""
        before, to = self.cycle.state, self.possible(event)
        self.put(state=to, **changes)
        self.tell(
            Moved,
            self.numbered("t"),
            cycle=self.cycle.id,
            event=event,
            before=before,
            after=to,
            by=by,
            happened_at=at,
            reason=reason,
        )

    def possible(self, event: CycleEvent) -> CycleState:
        """The state that an event leads to from here. Raises Declined when the table has no such row."""
        to = after(self.cycle.state, event)
        if to is None:
            raise Declined(
                "not_in_this_state",
                f"The cycle of {self.lead.id} is {self.cycle.state}, and {_SPOKEN[event]} is not possible then: "
                f"it is while a cycle is {_possible(event)}.",
            )
        return to

    def is_manager(self, by: str) -> bool:
        """Whether somebody manages a pool."""
        return any(roster.manager == by for roster in self.team.rosters.values())

    def check_manager(self, by: str) -> None:
        """Refuse a rep what is a manager's to decide. Raises Declined.

        Who is no rep, an administrator or a CRM in which the owner was changed, has been let through by the server.
        """
        if by in self.team.reps and not self.is_manager(by):
            managers = sorted({roster.manager for roster in self.team.rosters.values() if roster.manager})
            raise Declined(
                "not_a_manager",
                f"{by} manages no pool, and this is a manager's to decide. Ask {' or '.join(managers) or 'an admin'}.",
            )

    def is_sales(self, by: str) -> bool:
        """Whether somebody is of sales: a rep, or a manager of a pool."""
        return by in self.team.reps or self.is_manager(by)

    def check_not_sales(self, by: str) -> None:
        """Refuse sales what is marketing's to decide. Raises Declined."""
        if self.is_sales(by):
            raise Declined("not_marketing", f"{by} is of sales, and this is marketing's to decide: ask them.")

    def check_live(self) -> None:
        """Refuse, in shadow mode, what would hand a lead over. Raises Declined."""
        if self.team.shadow is not None:
            raise Declined(
                "in_shadow",
                f"Handfast runs in shadow mode, which judges and hands nothing over: {self.lead.id} is handed over in "
                "the other system, or here once shadow mode has ended.",
            )

    def check_recent(self, by: str) -> None:
        """Refuse what reps report of themselves from too long ago. Raises Declined."""
        if self.now - self.happened_at > self.terms.backdating:
            raise Declined(
                "too_long_ago",
                f"{by} reports what happened more than {self.terms.backdating // HOUR} hours before it was recorded, "
                "and so far nobody's own word goes back. Record it from the system in which it happened.",
            )

    def book(self, entries: tuple[Entry, ...]) -> None:
        """Tell entries of ledgers."""
        for entry in entries:
            amount = entry.amount.numerator, entry.amount.denominator
            self.tell(
                LedgerEntry,
                entry.id,
                pool=entry.pool,
                sequence=entry.sequence,
                rep=entry.rep,
                kind=entry.kind,
                amount=amount,
                cycle=entry.cycle,
            )


_SPOKEN = {event: str(event).replace("_", " ") for event in CycleEvent}


def _possible(event: CycleEvent) -> str:
    return " or ".join(state for state in CycleState if after(state, event) is not None)
