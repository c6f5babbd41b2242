"""The sweep of what is due: transitions of clocks a second, one worker, in batches as the worker takes them.

Two thousand leads with three clocks each are due at once: every clock breaches, is told of, and explains itself. A unit
is one transition.
"""

from __future__ import annotations

import time

from serving.place import arrive, both, hand_over, stand_up, within
from timing import Figure, report

LEADS, RUNS = 2_000, 5


def main() -> None:
    if not within():
        notes = ["A unit is a transition; 0.1 ms is 10,000 a second. PostgreSQL's own processes are not in CPU time."]
        report("Sweep of due clocks", both(__file__), notes=notes)
        return
    stand_up()
    from django.conf import settings

    from handfast.instant import DAY
    from handfast_server.handoffs.models import ClockTransition
    from handfast_server.worker.sweep import sweep

    cpu, wall, counts = [], [], []
    for _ in range(RUNS):
        arrive(LEADS)
        settings.CLOCK_SHIFT += 20 * DAY
        before = ClockTransition.objects.count()
        began, at = time.process_time(), time.perf_counter()
        while sweep():
            pass
        took, passed = time.process_time() - began, time.perf_counter() - at
        counts.append(ClockTransition.objects.count() - before)
        cpu.append(took * 1e3 / counts[-1])
        wall.append(passed * 1e3 / counts[-1])
    hand_over([Figure("a transition", counts[-1], tuple(cpu), tuple(wall), "≤ 0.1")])


if __name__ == "__main__":
    main()
