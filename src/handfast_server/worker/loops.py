"""What a loop is, and which there are. An application adds its own by naming the module that holds them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

MODULES = (
    "handfast_server.worker.sweep",
    "handfast_server.worker.team",
    "handfast_server.worker.offers",
    "handfast_server.worker.bands",
    "handfast_server.scoreboard.update",
    "handfast_server.scoreboard.files",
    "handfast_server.worker.problems",
    "handfast_server.invariants.check",
    "handfast_server.audit.loops",
    "handfast_server.delivery.loops",
    "handfast_server.intake.loops",
)
"""Each has a tuple ``LOOPS``."""


@dataclass(frozen=True, slots=True)
class Loop:
    """``work`` does one unit in a transaction of its own, and says whether there may be more at once.

    ``rest`` is how many seconds pass until it is asked again when there was nothing; ``gentle``: always, so that a
    long task stays a murmur.
    """

    name: str
    work: Callable[[], bool]
    rest: float = 0.5
    gentle: bool = False


def loops() -> tuple[Loop, ...]:
    """All of them."""
    return tuple(loop for module in MODULES for loop in import_module(module).LOOPS)
