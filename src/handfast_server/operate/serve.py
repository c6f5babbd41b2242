"""Everything on one machine: the database brought to this version, web and worker started, one address told."""

from __future__ import annotations

import os
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from handfast.cli.progress import Step
from handfast.errors import HandfastError
from handfast_server.config import BESIDE
from handfast_server.config import DEMONSTRATION as IN_DEMO
from handfast_server.operate import address as addresses
from handfast_server.operate.child import DEMONSTRATION
from handfast_server.operate.children import Children
from handfast_server.operate.port import LOOPBACK, THREADS, free_port
from handfast_server.operate.say import Say, sayer
from handfast_server.operate.up import check_database, up

_START = 90.0
"""Seconds that the web process has until it answers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the command line asked for."""

    host: str
    port: int | None
    threads: int
    demo: bool = False
    leads: int = 0
    steps: Step | None = None
    beside: bool = False


def serve(wanted: Wanted, say: Say) -> int:
    """Start, stay until asked to end, end; the exit code."""
    port = free_port(wanted.host, wanted.port)
    if port is None:
        raise HandfastError(f"Port {wanted.port} cannot be listened on at {wanted.host}. Leave --port out.")
    address = f"http://{_reached_at(wanted.host)}:{port}"
    chosen = not addresses.given()
    if chosen:
        os.environ["HANDFAST_BASE_URL"] = address
    os.environ.pop(IN_DEMO, None)
    if wanted.demo:
        os.environ[IN_DEMO] = BESIDE if wanted.beside else "yes"
        if "HANDFAST_LOG_LEVEL_FILE" not in os.environ:
            os.environ.setdefault("HANDFAST_LOG_LEVEL", "warning")  # the address stays the last thing to be read
    up()
    addresses.keep(address if chosen else "")
    from handfast_server.operate.presence import present

    check_database()
    with present(say):
        _prepare(wanted, say)
        return _run(wanted, port, address, say)


def serve_demo(home: Path, leads: int) -> int:
    """The demonstration, in a folder of its own unless the environment names another; the exit code."""
    use_home(home)
    wanted = Wanted(host=LOOPBACK, port=None, threads=THREADS, demo=True, leads=leads)
    return serve(wanted, sayer(as_json=False))


def use_home(home: Path) -> None:
    """Keep what is made up out of a real installation: it gets a home of its own, unless one was named."""
    if not {"HANDFAST_HOME", "HANDFAST_HOME_FILE", "DATABASE_URL", "DATABASE_URL_FILE"} & os.environ.keys():
        from handfast_server.demo.stale import renew

        renew(home)
        os.environ["HANDFAST_HOME"] = str(home)


def _reached_at(host: str) -> str:
    """Where a browser on this machine finds it."""
    if host in {"0.0.0.0", "::"}:  # noqa: S104 # compared, not listened on
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host


def _prepare(wanted: Wanted, say: Say) -> None:
    from django.conf import settings
    from django.db import connection, connections

    from handfast_server.observe import metrics
    from handfast_server.operate.migrate import migrate

    say(f"Home: {settings.HOME}")
    applied = migrate()
    say(f"Database: {connection.vendor}, {'made' if applied else 'up to date'}")
    metrics.tidy()
    if wanted.demo:
        from handfast_server.demo.prepared import prepare

        prepare(wanted.leads, say, wanted.steps)
    connections.close_all()


def _run(wanted: Wanted, port: int, address: str, say: Say) -> int:
    children = Children(say)
    children.listen()
    try:
        web = ("--host", wanted.host, "--port", str(port), "--threads", str(wanted.threads))
        children.add("web", "web", *web)
        children.add("worker", "work")
        if not children.wait_for(lambda: _answers(f"{address}/readyz"), _START):
            if children.stopping:
                return 0
            say("The service did not start; the lines above say why.")
            return 1
        if wanted.demo:
            children.add("demonstration", DEMONSTRATION)
        _welcome(address, say, demo=wanted.demo)
        return 0 if children.watch() else 1
    finally:
        children.end()
        say("Ended.")


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 # our own address
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _welcome(address: str, say: Say, *, demo: bool) -> None:
    from django.conf import settings
    from django.db import connections

    from handfast_server.accounts.first import first_link

    base: str = settings.BASE_URL
    link = first_link()
    connections.close_all()
    say(f"Handfast: {base}", address=base)
    if demo:
        say(f"Open this, and look round as one of four people: {base}/demo?as=revops", look=f"{base}/demo?as=revops")
    if base != address:
        say(f"On this machine: {address}", local=address)
    say(f"API: {base}/api/docs", docs=f"{base}/api/docs")
    if link:
        say(f"Create the first administrator (works once): {link}", first_administrator=link)
    say("Ctrl-C ends.", ready=True)
