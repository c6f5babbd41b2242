"""Where a web process listens."""

from __future__ import annotations

import socket

LOOPBACK = "127.0.0.1"
PREFERRED = 8000
THREADS = 4


def free_port(host: str, wanted: int | None) -> int | None:
    """The port to serve on: the wanted one, else the preferred one, else any; None where the wanted one is taken."""
    for port in (wanted,) if wanted else (PREFERRED, 0):
        try:
            with socket.create_server((host, port)) as found:
                return int(found.getsockname()[1])
        except OSError:
            continue
    return None


def some_port(host: str) -> int:
    """Any port that is free now."""
    with socket.create_server((host, 0)) as found:
        return int(found.getsockname()[1])
