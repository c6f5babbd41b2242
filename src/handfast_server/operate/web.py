"""The web server: granian, WSGI, a few threads that may wait for the database."""

from __future__ import annotations

import os
from typing import Any

from django.conf import settings
from django.db import connections

from handfast_server.operate.orphan import WATCH

PATIENCE = 10
"""Seconds that requests have to end."""


def serve(host: str, port: int, threads: int, processes: int) -> None:
    """Serve until SIGINT or SIGTERM."""
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    os.environ[WATCH] = "1"  # the server's own processes end with it
    connections.close_all()
    server: Any = Server(
        "handfast_server.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=processes,
        blocking_threads=threads,
        backpressure=64 * threads,
        respawn_failed_workers=True,
        workers_kill_timeout=PATIENCE,
        log_level=LogLevels.warning,
        log_dictconfig=_logging(),
    )
    server.serve()


def _logging() -> dict[str, Any]:
    """Granian configures logging when it starts, and in each of its processes: with ours."""
    return dict(settings.LOGGING)
