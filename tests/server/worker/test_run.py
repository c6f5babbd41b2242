"""The worker as a program runs it: threads that notice within moments, and stop when they are told to."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable

import pytest
from click.testing import CliRunner
from django.conf import settings
from django.db import InterfaceError, InternalError, OperationalError
from tests.support.service import Crew, new_lead

from handfast.cli.app import app
from handfast.instant import DAY
from handfast_server.handoffs.models import Breach
from handfast_server.worker import problems
from handfast_server.worker.loops import Loop
from handfast_server.worker.models import Problem
from handfast_server.worker.problems import failed, is_noted, worked
from handfast_server.worker.run import LoopEnded, keep_at, run

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


@pytest.mark.parametrize("broken", [OperationalError, InterfaceError, InternalError, OSError])
def test_a_loop_outlives_a_database_that_takes_no_notes(
    broken: type[Exception], team: Crew, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after a failover, when the database can be read for a while and not written."""
    stop, passes = threading.Event(), 0
    name = f"loop:{broken.__name__}"

    def cannot() -> None:
        raise broken("the server closed the connection")

    def work() -> bool:
        nonlocal passes
        passes += 1
        if passes == 1:
            raise RuntimeError
        if passes == 2:
            assert is_noted(name)
            monkeypatch.setattr(problems, "writing", cannot)
        if passes == 3:
            assert Problem.objects.filter(name=name).exists()
            assert is_noted(name), "what could not be forgotten is to be forgotten later"
            monkeypatch.undo()
        if passes == 4:
            stop.set()
        return False

    keep_at(Loop(broken.__name__, work, rest=0.001), stop)
    assert passes == 4
    assert not is_noted(name)
    assert not Problem.objects.exists()


def test_what_cannot_be_noted_raises_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def cannot() -> None:
        raise InterfaceError("the connection is closed")

    with monkeypatch.context() as patched:
        patched.setattr(problems, "writing", cannot)
        failed("loop:any", "any", RuntimeError())
    assert is_noted("loop:any")
    assert worked("loop:any")


def test_the_worker_ends_when_a_loop_of_it_ends_unasked() -> None:
    ended: list[BaseException] = []

    def leaves() -> bool:
        raise SystemExit

    def worker() -> None:
        try:
            run(stop=stop, which=(Loop("leaves", leaves), Loop("whole", lambda: False, rest=0.001)))
        except LoopEnded as why:
            ended.append(why)

    stop = threading.Event()
    thread = threading.Thread(target=worker)
    thread.start()
    thread.join(PATIENCE)
    stop.set()
    thread.join(PATIENCE)
    assert [str(why) for why in ended] == [
        "The worker's loop leaves ended by itself, and the worker with it. Start it again."
    ]


def test_the_process_of_a_worker_whose_loop_ended_says_so_by_its_exit_code(monkeypatch: pytest.MonkeyPatch) -> None:
    def ends(**_: object) -> None:
        raise LoopEnded("It ended.")

    monkeypatch.setattr("handfast_server.worker.run.run", ends)
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        told = CliRunner().invoke(app, ["work"])
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    assert (told.exit_code, "It ended." in told.output) == (LoopEnded.exit_code, True)
    assert told.exit_code != 0
