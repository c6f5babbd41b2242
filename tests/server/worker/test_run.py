"""The worker as a program runs it: threads that notice within moments, and stop when they are told to."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest
from django.conf import settings
from tests.support.service import Crew, new_lead

from handfast.instant import DAY
from handfast_server.handoffs.models import Breach
from handfast_server.worker.loops import Loop
from handfast_server.worker.models import Problem
from handfast_server.worker.run import run

pytestmark = pytest.mark.django_db(transaction=True)

PATIENCE = 60.0


def eventually(holds: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < until
        threading.Event().wait(0.05)


def test_what_becomes_due_is_noticed_while_the_worker_runs(team: Crew, monkeypatch: pytest.MonkeyPatch) -> None:
    name, stop = new_lead(), threading.Event()
    worker = threading.Thread(target=run, kwargs={"stop": stop})
    worker.start()
    try:
        monkeypatch.setattr(settings, "CLOCK_SHIFT", 30 * DAY)
        eventually(Breach.objects.filter(cycle__lead=name).exists)
    finally:
        stop.set()
        worker.join(PATIENCE)
    assert not worker.is_alive()


def test_a_loop_that_raises_holds_up_no_other_and_is_shown(team: Crew) -> None:
    stop, done = threading.Event(), threading.Event()

    def raises() -> bool:
        raise RuntimeError("with what somebody typed")

    def works() -> bool:
        done.set()
        return False

    loops = (Loop("broken", raises, rest=0.01), Loop("whole", works, rest=0.01))
    worker = threading.Thread(target=run, kwargs={"stop": stop, "which": loops})
    worker.start()
    try:
        assert done.wait(PATIENCE)
        eventually(Problem.objects.filter(name="loop:broken", count__gte=2).exists)
    finally:
        stop.set()
        worker.join(PATIENCE)
    told = Problem.objects.get(name="loop:broken")
    assert (told.error, "typed" in told.place) == ("RuntimeError", False)


def test_a_loop_that_works_again_is_no_problem_any_more(team: Crew) -> None:
    answers = iter([None, True, False, False])

    def sometimes() -> bool:
        answer = next(answers)
        if answer is None:
            raise RuntimeError
        return answer

    loop = Loop("sometimes", sometimes)
    run(once=True, which=(loop,))
    assert Problem.objects.filter(name="loop:sometimes").exists()
    run(once=True, which=(loop,))
    assert not Problem.objects.exists()
