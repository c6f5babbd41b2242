"""What a person sees of work that takes longer than a second: the step it is at, and how far."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress

SHOW_AFTER = 1.0
"""Seconds after which a person is shown that work goes on."""

Advance = Callable[[int, int], None]
"""Told how much of a step is done, and of how much."""


class Step(Protocol):
    """Says that the next step begins; gives what to tell of its progress, None when nobody looks."""

    def __call__(self, label: str, /) -> Advance | None:
        """Begin a step."""


@contextmanager
def steps(*, enabled: bool, console: Console | None = None) -> Iterator[Step]:
    """Steps of one piece of work, shown on standard error once it has lasted a second; nothing off a terminal."""
    if not (enabled and (console is not None or sys.stderr.isatty())):
        yield lambda _label: None
        return
    from rich.console import Console as Terminal
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    shown = _Shown(Progress(*columns, console=console or Terminal(stderr=True), transient=True))
    try:
        yield shown.step
    finally:
        shown.end()


class _Shown:
    """One line on the terminal: the step at hand. It appears by a timer, since a step need not report anything."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._appears_at = time.monotonic() + SHOW_AFTER
        self._timer = threading.Timer(SHOW_AFTER, progress.start)
        self._timer.daemon = True
        self._timer.start()

    def step(self, label: str, /) -> Advance:
        """Put a step in place of the one before."""
        for earlier in self._progress.task_ids:
            self._progress.remove_task(earlier)
        task = self._progress.add_task(label, total=None)
        if time.monotonic() >= self._appears_at:
            self._timer.join()
            self._progress.refresh()
        return lambda done, total: self._progress.update(task, completed=done, total=total)

    def end(self) -> None:
        """Take the line away."""
        self._timer.cancel()
        self._timer.join()
        self._progress.stop()
