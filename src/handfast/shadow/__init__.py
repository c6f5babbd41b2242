"""Before Handfast is in charge: what shadow mode found beside what really happened, and the cut-over.

comparison = compare(world.leads.values(), world.terms, since=…, until=…)   # each number with its records
for fact in cut_over(world.leads.values(), world.team, world.terms, at=now, per_day=Fraction(8), by="admin"):
    world.tell(fact)                                                        # open handoffs become live cycles
"""

from __future__ import annotations

from handfast.shadow.compare import Comparison, Records, compare
from handfast.shadow.cutover import cut_over
from handfast.shadow.cycles import cycles_elsewhere
from handfast.shadow.virtual import Virtual, virtual

__all__ = ["Comparison", "Records", "Virtual", "compare", "cut_over", "cycles_elsewhere", "virtual"]
