"""The sweep of what is due: transitions of clocks a second, one worker, in batches as the worker takes them.

Leads with three clocks each are due at once: clocks breach, are told of, the handoffs are routed again, and everything
explains itself. A unit is one transition. Then what is due comes up by and by while the worker's loop runs, and the
time is taken until it is found.
"""

from __future__ import annotations

import threading
import time

from serving.place import arrive, on_both
from timing import Figure

LEADS, RUNS = 400, 5
GROUPS, EACH = 40, 5


def main() -> None:
    notes = [
        "A unit is a transition of a clock; 0.1 ms is 10,000 a second.",
        "A breach is found: wall time is from its due to its record, the longest of each fifth of them.",
    ]
    on_both("Sweep of due clocks", lambda: [swept(), found()], notes=notes)


def swept() -> Figure:
    """Everything is due at once."""
    from django.conf import settings

    from handfast.instant import DAY
    from handfast_server.handoffs.models import ClockTransition
    from handfast_server.leads.models import Lead
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
        Lead.objects.update(due_at=None)  # the next run has leads of its own
    return Figure("a transition", counts[-1], tuple(cpu), tuple(wall), "≤ 0.1")


def found() -> Figure:
    """Handoffs that came a tenth of a second apart are due a tenth of a second apart, on a working day."""
    from django.conf import settings
    from django.db.models import Max, Min

    from handfast.instant import DAY, HOUR, SECOND
    from handfast_server.handoffs.models import Clock, ClockTransition
    from handfast_server.now import now
    from handfast_server.worker.run import keep_at
    from handfast_server.worker.sweep import LOOPS, due, sweep

    settings.CLOCK_SHIFT += 7 * DAY - (now() - 5 * DAY - 10 * HOUR) % (7 * DAY)  # 1 January 1970 was a Thursday
    began = at = now()
    for _ in range(GROUPS):
        arrive(EACH)
        at += SECOND // 10
        settings.CLOCK_SHIFT += at - now()
    running = Clock.objects.filter(state="running", started_at__gte=began, name="first_touch")
    dues = running.aggregate(first=Min("due_at"), last=Max("due_at"))
    settings.CLOCK_SHIFT += dues["first"] - SECOND - now()
    while sweep():  # what reminds before
        pass
    settings.CLOCK_SHIFT += dues["first"] - SECOND - now()
    stop = threading.Event()
    worker = threading.Thread(target=keep_at, args=(LOOPS[0], stop))
    cpu = time.process_time()
    worker.start()
    while now() < dues["last"] or due(dues["last"]):
        time.sleep(0.2)
    stop.set()
    worker.join()
    spent = (time.process_time() - cpu) * 1e3
    rows = ClockTransition.objects.filter(change="breached", at__range=(dues["first"], dues["last"]))
    late = [(recorded - at) / 1e3 for recorded, at in rows.order_by("at").values_list("recorded_at", "at")]
    fifths = [max(late[begin::5]) for begin in range(5)]
    return Figure("a breach is found", len(late), (spent / len(late),) * 5, tuple(fifths), "≤ 2 s", waits=True)


if __name__ == "__main__":
    main()
