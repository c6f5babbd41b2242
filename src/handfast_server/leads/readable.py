"""Many leads read from their rows: one whose row cannot be read is named for whoever mends it, and stops no other."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.db import DatabaseError

from handfast_server.worker.problems import failed, is_noted, worked

T = TypeVar("T")


class Readable:
    """Reads rows one by one; what cannot be read is left out, and noted once the reading is over."""

    def __init__(self) -> None:
        """Nothing was read yet."""
        self._broken: dict[str, Exception] = {}
        self._mended: list[str] = []

    @property
    def unreadable(self) -> tuple[str, ...]:
        """The leads that were left out."""
        return tuple(self._broken)

    def read(self, lead: str, reading: Callable[[], T]) -> T | None:
        """What ``reading`` gives; None where the row of this lead cannot be read."""
        try:
            value = reading()
        except DatabaseError:  # it is not the row
            raise
        except Exception as broken:  # noqa: BLE001 # a row that was damaged can raise anything
            self._broken[lead] = broken
            return None
        if is_noted(f"row:{lead}"):
            self._mended.append(lead)
        return value

    def note(self, work: str) -> None:
        """Let the status name them, and forget those mended since. It writes: not within one that only reads."""
        for lead in self._mended:
            worked(f"row:{lead}")
        for lead, broken in self._broken.items():
            failed(f"row:{lead}", work, broken)
