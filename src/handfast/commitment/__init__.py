"""What both sides promised for a period, how they stand against it, and the statement of a period that is closed.

``standings(asked)`` gives every commitment with its pace; ``close`` freezes them; ``adjustments`` says what later
corrections changed; ``stakes`` says what the number means for both sides' pay.
"""

from __future__ import annotations

from handfast.commitment.pace import Asked, Flag, Standing, standings
from handfast.commitment.stake import Stake, stakes
from handfast.commitment.statement import Adjustment, Statement, adjustments, close, countersigned, verify

__all__ = [
    "Adjustment",
    "Asked",
    "Flag",
    "Stake",
    "Standing",
    "Statement",
    "adjustments",
    "close",
    "countersigned",
    "stakes",
    "standings",
    "verify",
]
