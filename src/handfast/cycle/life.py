"""The life of a cycle as a table (semantics.md): what may happen in which state, and what it becomes. Nothing else may.

State       may become by
open        waiting (qualified), withdrawn
waiting     accepted, waiting (returned), rejected, contested, opportunity (opened), withdrawn
contested   rejected (upheld, lapsed), waiting (overturned), withdrawn
accepted    sql (qualified by sales), opportunity (opened), disqualified, withdrawn
sql         opportunity (opened), disqualified, withdrawn
opportunity won, lost, withdrawn
won, lost, rejected, disqualified, withdrawn: ended; an ended cycle never changes
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class CycleState(StrEnum):
    """Where a cycle stands."""

    OPEN = "open"  # by opened
    WAITING = "waiting"  # by qualified, returned, overturned: delivered to sales, nobody has decided
    CONTESTED = "contested"  # by a definitional rejection that the data contradict
    ACCEPTED = "accepted"  # by accepted: an SAL
    SQL = "sql"  # by qualified by sales: evidence is recorded
    OPPORTUNITY = "opportunity"  # by opportunity opened
    WON = "won"
    LOST = "lost"
    REJECTED = "rejected"  # by sales before contact, or after a contest
    DISQUALIFIED = "disqualified"  # by sales after acceptance
    WITHDRAWN = "withdrawn"  # by neither side: opt-out, merge, erasure

    @property
    def ended(self) -> bool:
        """Whether nothing can change any more."""
        return self in ENDED


class CycleEvent(StrEnum):
    """What moves a cycle from one state to another, or back into the same."""

    OPENED = "opened"
    QUALIFIED = "qualified"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    REJECTED = "rejected"
    CONTESTED = "contested"
    UPHELD = "upheld"
    LAPSED = "lapsed"
    OVERTURNED = "overturned"
    SALES_QUALIFIED = "sales_qualified"
    OPPORTUNITY_OPENED = "opportunity_opened"
    DISQUALIFIED = "disqualified"
    WON = "won"
    LOST = "lost"
    WITHDRAWN = "withdrawn"


ENDED = frozenset((CycleState.WON, CycleState.LOST, CycleState.REJECTED, CycleState.DISQUALIFIED, CycleState.WITHDRAWN))

_S, _E = CycleState, CycleEvent

TABLE: Mapping[tuple[CycleState | None, CycleEvent], CycleState] = {
    (None, _E.OPENED): _S.OPEN,
    (_S.OPEN, _E.QUALIFIED): _S.WAITING,
    (_S.WAITING, _E.ACCEPTED): _S.ACCEPTED,
    (_S.WAITING, _E.RETURNED): _S.WAITING,
    (_S.WAITING, _E.REJECTED): _S.REJECTED,
    (_S.WAITING, _E.CONTESTED): _S.CONTESTED,
    (_S.CONTESTED, _E.UPHELD): _S.REJECTED,
    (_S.CONTESTED, _E.LAPSED): _S.REJECTED,
    (_S.CONTESTED, _E.OVERTURNED): _S.WAITING,
    (_S.ACCEPTED, _E.SALES_QUALIFIED): _S.SQL,
    (_S.WAITING, _E.OPPORTUNITY_OPENED): _S.OPPORTUNITY,
    (_S.ACCEPTED, _E.OPPORTUNITY_OPENED): _S.OPPORTUNITY,
    (_S.SQL, _E.OPPORTUNITY_OPENED): _S.OPPORTUNITY,
    (_S.ACCEPTED, _E.DISQUALIFIED): _S.DISQUALIFIED,
    (_S.SQL, _E.DISQUALIFIED): _S.DISQUALIFIED,
    (_S.OPPORTUNITY, _E.WON): _S.WON,
    (_S.OPPORTUNITY, _E.LOST): _S.LOST,
    **{
        (state, _E.WITHDRAWN): _S.WITHDRAWN
        for state in (_S.OPEN, _S.WAITING, _S.CONTESTED, _S.ACCEPTED, _S.SQL, _S.OPPORTUNITY)
    },
}
"""Every row of the first table of "The life of a cycle"."""


def after(state: CycleState | None, event: CycleEvent) -> CycleState | None:
    """The state that an event leads to; None where the table has no such row, so that it cannot happen."""
    return TABLE.get((state, event))
