"""A second count of everything that has to add up: slow, obvious, from effects and facts alone.

The rows of "The life of a cycle" stand here once more, typed from semantics.md, and share nothing with the engine's.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import TypeVar

from handfast.engine.effects import (
    Assigned,
    AssignmentEnded,
    ClockChanged,
    Effect,
    HoldBegan,
    HoldEnded,
    LedgerEntry,
    Moved,
)

E = TypeVar("E", bound=Effect)

ROWS = """
none opened open
open qualified waiting
waiting accepted accepted
waiting returned waiting
waiting rejected rejected
waiting contested contested
contested upheld rejected
contested lapsed rejected
contested overturned waiting
accepted sales_qualified sql
waiting opportunity_opened opportunity
accepted opportunity_opened opportunity
sql opportunity_opened opportunity
accepted disqualified disqualified
sql disqualified disqualified
opportunity won won
opportunity lost lost
open withdrawn withdrawn
waiting withdrawn withdrawn
contested withdrawn withdrawn
accepted withdrawn withdrawn
sql withdrawn withdrawn
opportunity withdrawn withdrawn
"""
TABLE = {tuple(line.split()) for line in ROWS.strip().splitlines()}
ENDED = {"rejected", "disqualified", "won", "lost", "withdrawn"}
TAKEN = {"accepted", "sql", "opportunity"}
MAY_MOVE_A_DUE = {"suspended", "resumed", "paused", "tightened"}
OVER = {"stopped", "answered_late", "cancelled", "missed"}


class Count:
    """Everything counted anew from the effects so far."""

    def __init__(self, effects: Iterable[Effect]) -> None:
        self.effects = tuple(effects)
        self.states: dict[str, list[str]] = defaultdict(list)
        for effect in self.of(Moved):
            self.states[effect.cycle].append(str(effect.after))

    def of(self, kind: type[E]) -> Iterator[E]:
        """The effects of one kind, in order."""
        return (effect for effect in self.effects if isinstance(effect, kind))

    def wrong(self) -> Iterator[str]:
        """Everything that does not hold, in words."""
        yield from self._outside_the_table()
        yield from self._turns()
        yield from self._clocks()
        yield from self._left_running()
        yield from self._ledgers()

    def groups(self) -> dict[str, int]:
        """The groups of conservation, each by looking at every cycle that was ever delivered."""
        found = Counter(_group(states) for states in self.states.values() if "waiting" in states)
        names = ("waiting", "contested", "accepted", "rejected", "withdrawn")
        delivered = sum("waiting" in states for states in self.states.values())
        return {"delivered": delivered, **{name: found[name] for name in names}}

    def _outside_the_table(self) -> Iterator[str]:
        stands: dict[str, str] = {}
        for moved in self.of(Moved):
            before, row = stands.get(moved.cycle, "none"), (str(moved.before or "none"), moved.event, moved.after)
            if before != row[0]:
                yield f"{moved.id} leaves {row[0]}; the cycle stood at {before}"
            if row not in TABLE:
                yield f"{moved.id} is no row of the table: {row}"
            stands[moved.cycle] = str(moved.after)

    def _turns(self) -> Iterator[str]:
        """One assignment or hold while it waits; one assignment at most afterwards; none before and after all."""
        owners: dict[str, list[str]] = defaultdict(list)
        holds: dict[str, list[str]] = defaultdict(list)
        for effect in self.effects:
            match effect:
                case Assigned():
                    owners[effect.cycle].append(effect.assignment.id)
                case AssignmentEnded():
                    owners[effect.cycle].remove(effect.assignment)
                case HoldBegan():
                    holds[effect.cycle].append(effect.hold.id)
                case HoldEnded():
                    holds[effect.cycle].remove(effect.hold)
                case _:
                    continue
        for cycle, states in self.states.items():
            yield from _turns_of(cycle, states[-1], len(owners[cycle]), len(holds[cycle]))
            if states[-1] == "waiting":
                yield from self._decisions(cycle, owners[cycle])

    def _decisions(self, cycle: str, owners: list[str]) -> Iterator[str]:
        last = {each.clock.id: each for each in self.of(ClockChanged) if each.clock.name == "decision"}
        for owner in owners:
            going = [each for each in last.values() if each.clock.assignment == owner and each.change not in OVER]
            if len(going) != 1:
                yield f"{cycle} waits with {owner}, and with {len(going)} decision clocks that are not stopped"

    def _clocks(self) -> Iterator[str]:
        """A due moves by three transitions only, a clock that is over says nothing more, a breach happens once."""
        dues: dict[str, int | None] = {}
        fixed: dict[str, int | None] = {}  # the latest due there was: what is over while it is paused keeps that
        over: set[str] = set()
        breached: set[str] = set()
        for each in self.of(ClockChanged):
            clock = each.clock
            if clock.id in over:
                yield f"{clock.id} was over, and then {each.change}"
            stood = {dues.get(clock.id), fixed.get(clock.id) if each.change in OVER else dues.get(clock.id)}
            if clock.id in dues and clock.due_at not in stood and each.change not in MAY_MOVE_A_DUE:
                yield f"{each.change} moves the due of {clock.id} from {dues[clock.id]} to {clock.due_at}"
            if each.change == "breached" and (clock.id in breached or each.at != dues[clock.id]):
                yield f"{clock.id} breaches twice, or not when it was due"
            dues[clock.id] = clock.due_at
            fixed[clock.id] = clock.due_at if clock.due_at is not None else fixed.get(clock.id)
            breached |= {clock.id} if each.change == "breached" else set()
            over |= {clock.id} if each.change in OVER else set()

    def _left_running(self) -> Iterator[str]:
        """What ends a cycle or an assignment leaves no clock of it running; a contest leaves no first touch running.

        An accepted lead that is given to somebody else keeps every clock.
        """
        over = {each.assignment for each in self.of(AssignmentEnded)}
        for each in {each.clock.id: each for each in self.of(ClockChanged)}.values():
            if each.change in OVER | {"breached"}:
                continue
            state, clock = self.states[each.cycle][-1], each.clock
            if state in ENDED or (state not in TAKEN and clock.assignment in over):
                yield f"{clock.id} ({clock.name}) is {clock.state}, and its cycle is {state}, its assignment over"
            if clock.name == "first_touch" and (state == "contested") != (clock.state == "suspended"):
                yield f"{clock.id} is {clock.state} while the cycle is {state}"

    def _ledgers(self) -> Iterator[str]:
        """As many lines as assignments through a pool, worth one where counted; one credit a cycle and rep."""
        given = Counter((each.assignment.pool or "", each.assignment.rep, each.cycle) for each in self.of(Assigned))
        lines = Counter((each.pool, each.rep, each.cycle) for each in self.of(LedgerEntry) if each.kind == "assign")
        for key in {*given, *lines}:
            if key[0] and given[key] != lines[key]:
                yield f"{key}: {given[key]} assignments and {lines[key]} lines in the ledger"
        worth = sum(Fraction(*each.amount) for each in self.of(LedgerEntry) if each.kind == "assign")
        if worth != sum(each.assignment.counted for each in self.of(Assigned)):
            yield "the ledger is not worth the assignments that count"
        credited = Counter((each.cycle, each.rep) for each in self.of(LedgerEntry) if each.kind == "credit")
        yield from (f"{key} is credited {count} times" for key, count in credited.items() if count > 1)
        sequences = Counter((each.pool, each.sequence) for each in self.of(LedgerEntry))
        yield from (f"{key} is written {count} times" for key, count in sequences.items() if count > 1)

    def balances(self) -> dict[tuple[str, str], Fraction]:
        """What every rep's lines in every pool's ledger come to."""
        found: dict[tuple[str, str], Fraction] = defaultdict(Fraction)
        for each in self.of(LedgerEntry):
            found[each.pool, each.rep] += Fraction(*each.amount)
        return found


def _group(states: list[str]) -> str:
    return "accepted" if TAKEN & set(states) else states[-1]


def _turns_of(cycle: str, state: str, owners: int, holds: int) -> Iterator[str]:
    fine = {"waiting": owners + holds == 1}.get(state, owners <= (state in TAKEN) and not holds)
    if not fine:
        yield f"{cycle} is {state} with {owners} current assignments and {holds} holds"
