"""Whether a contract makes sense as a whole: what no single line shows.

The loader has read every line already: shapes, phrases, names. Here the lines are held against each other. What
cannot work is an error, what is likely a slip a warning, and figures worth knowing a note.
"""

from __future__ import annotations

from handfast.contract.check.definitions import clause_condition
from handfast.contract.check.whole import check, conditions_of

__all__ = ["check", "clause_condition", "conditions_of"]
