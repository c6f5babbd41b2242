"""Files of an import in a folder, for as long as they are read; what names people stays on no disk after that."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_PREFIX = "handfast-import-"


@contextmanager
def laid(given: Iterable[tuple[str, bytes]]) -> Iterator[list[Path]]:
    """Files by their names and content, as paths."""
    sweep()
    with tempfile.TemporaryDirectory(prefix=f"{_PREFIX}{os.getpid()}-") as folder:
        paths = []
        for name, content in given:
            paths.append(Path(folder, name))
            paths[-1].write_bytes(content)
        yield paths


def sweep() -> None:
    """Throw away what a process of this machine laid out and did not live to throw away."""
    for left in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*-*"):
        process = left.name.removeprefix(_PREFIX).partition("-")[0]
        if process.isdigit() and not _lives(int(process)):
            shutil.rmtree(left, ignore_errors=True)


def _lives(process: int) -> bool:
    with suppress(PermissionError):  # somebody else's
        try:
            os.kill(process, 0)
        except (ProcessLookupError, OverflowError):
            return False
    return True
