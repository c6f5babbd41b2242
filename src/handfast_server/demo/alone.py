"""The process of a demonstration beside an installation: as ``serve --demo``, until nobody wants it any more."""

from __future__ import annotations

import os
import shutil
import signal
import threading
from pathlib import Path

from handfast.cli.progress import Advance, Step
from handfast_server.demo.beside import WHOLE, is_wanted
from handfast_server.demo.stale import renew
from handfast_server.operate.port import LOOPBACK, THREADS, some_port
from handfast_server.operate.say import Say, sayer
from handfast_server.operate.serve import Wanted, serve

_LOOK = 0.5


def run(leads: int) -> None:
    """Serve until the folder's mark is gone or old."""
    home = Path(os.environ["HANDFAST_HOME"])
    where = home.parent
    if not (where / WHOLE).exists():
        shutil.rmtree(home, ignore_errors=True)  # it ended while it was made
    renew(home)
    threading.Thread(target=_watch, args=(where,), daemon=True, name="wanted").start()
    say = _telling(where)
    port, steps = some_port(LOOPBACK), _steps(say)
    serve(Wanted(host=LOOPBACK, port=port, threads=THREADS, demo=True, leads=leads, steps=steps, beside=True), say)
    if not (where / "wanted").exists():
        shutil.rmtree(where, ignore_errors=True)


def _watch(where: Path) -> None:
    over = threading.Event()
    while not over.wait(_LOOK):
        if not is_wanted(where):
            os.kill(os.getpid(), signal.SIGTERM)
            return


def _telling(where: Path) -> Say:
    """What is told, a document a line; a demonstration that was ready once is whole."""
    tell = sayer(as_json=True)

    def say(line: str, /, **values: object) -> None:
        if values.get("ready"):
            (where / WHOLE).touch()
        tell(line, **values)

    return say


def _steps(say: Say) -> Step:
    """Each step is told as it begins, and each percent of it."""

    def step(label: str, /) -> Advance:
        told = 0
        say(label, step=label)

        def advance(done: int, total: int) -> None:
            nonlocal told
            share = 100 * done // max(1, total)
            if share > told:
                told = share
                say(label, step=label, share=share)

        return advance

    return step
