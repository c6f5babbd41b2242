"""What marketing says of a contested rejection."""

from __future__ import annotations

from handfast.contract.model import ClockName
from handfast.cycle.life import CycleEvent
from handfast.engine import clocks, handing
from handfast.engine.ending import end
from handfast.engine.turn import Declined, Turn
from handfast.facts import ContestOverturned, ContestUpheld


def upheld(turn: Turn, fact: ContestUpheld) -> None:
    """Marketing agrees: rejected, with the reason that sales gave."""
    turn.possible(CycleEvent.UPHELD)
    turn.check_not_sales(fact.by)
    _check_note(fact.note)
    clocks.answer(turn, ClockName.CONTEST, turn.happened_at)
    end(turn, CycleEvent.UPHELD, at=turn.happened_at, by=fact.by, reason=turn.cycle.reason or "")


def overturned(turn: Turn, fact: ContestOverturned) -> None:
    """Marketing does not: the first touch goes on with what was left, and the handoff is routed again."""
    turn.possible(CycleEvent.OVERTURNED)
    turn.check_not_sales(fact.by)
    _check_note(fact.note)
    clocks.answer(turn, ClockName.CONTEST, turn.happened_at)
    turn.put(reason=None, revisit_at=None, recycled=False)
    turn.move(CycleEvent.OVERTURNED, at=turn.happened_at, by=fact.by)
    clocks.unsuspend(turn)
    handing.route(turn)


def _check_note(note: str) -> None:
    if not note.strip():
        raise Declined("note_missing", "A contest is decided with a note that says why: write one.")
