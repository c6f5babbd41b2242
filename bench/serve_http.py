"""One lead a call and a thousand a call over HTTP: a web process as it is started, asked over sockets.

CPU time is that of all processes of the web server, from /proc. First as many calls as it takes on four connections;
then half as many a second, evenly, of which the waiting times are taken.
"""

from __future__ import annotations

import http.client
import json
import os
import statistics
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.support import postgres
from tests.support.crash import free_port, script
from tests.support.program import Program, get, handfast, running, until
from timing import Figure, report

ONES, MANY, RUNS, CONNECTIONS = 200, 1_000, 5, 4
TICK = os.sysconf("SC_CLK_TCK")


def main() -> None:
    figures, notes = list[Figure](), ["PostgreSQL's own processes are not in the CPU time; its wall time has them."]
    cluster = postgres.start()
    try:
        for name, more in (("SQLite", {}), ("PostgreSQL", {"DATABASE_URL": cluster.url("postgres")})):
            with tempfile.TemporaryDirectory(prefix="handfast-bench-") as folder:
                measured(name, Path(folder), more, figures, notes)
    finally:
        cluster.stop()
    report("Intake over HTTP", figures, notes=notes)


def measured(name: str, folder: Path, more: Mapping[str, str], figures: list[Figure], notes: list[str]) -> None:
    kept = {each: value for each, value in os.environ.items() if not each.startswith(("HANDFAST_", "DATABASE_URL"))}
    home = {**kept, "HANDFAST_HOME": str(folder), "HANDFAST_LOG_LEVEL": "error", **more}
    home["DJANGO_SETTINGS_MODULE"] = "handfast_server.settings"
    handfast(home, "migrate")
    token = script(home, "crash_seed", "--reps", "20")["token"]
    port = free_port()
    with running(home, folder, "web", "--port", str(port)) as web:
        until(lambda: get(f"http://127.0.0.1:{port}/readyz")[0] == 200, "ready")
        Client(port, token).many(50)  # everything is imported, compiled and connected
        ones = [timed(web, ONES, lambda: at_once(port, token)) for _ in range(RUNS)]
        rate = 1000 / statistics.median(wall for _, wall in ones)
        late = waits(port, token, rate / 2)
        batches = [timed(web, MANY, lambda: Client(port, token).batch(MANY)) for _ in range(RUNS)]
    figures.append(figure(f"{name}: one lead a call", ONES, ones, "≤ 3"))
    figures.append(figure(f"{name}: a lead of a batch of 1,000", MANY, batches, "≤ 0.6"))
    p99 = 1000 * statistics.quantiles(late, n=100)[98]
    notes.append(
        f"{name}: {rate:.0f} leads a second on {CONNECTIONS} connections; at half of that, {len(late)} calls: half "
        f"within {1000 * statistics.median(late):.1f} ms, 99 % within {p99:.1f} ms (asked: 50)."
    )


def figure(label: str, units: int, runs: list[tuple[float, float]], reach: str) -> Figure:
    return Figure(label, units, tuple(cpu for cpu, _ in runs), tuple(wall for _, wall in runs), reach)


def timed(web: Program, units: int, work: Callable[[], object]) -> tuple[float, float]:
    """CPU and wall milliseconds a unit."""
    family = web.family()
    cpu, wall = spent(family), time.perf_counter()
    work()
    return 1000 * (spent(family) - cpu) / units, 1000 * (time.perf_counter() - wall) / units


def spent(family: set[int]) -> float:
    """Seconds of CPU that processes have used."""
    fields = (Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in family)
    return sum(int(each[11]) + int(each[12]) for each in fields) / TICK


class Client:
    """One connection."""

    def __init__(self, port: int, token: str) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def one(self) -> None:
        self._post("activities", asks())

    def many(self, count: int) -> None:
        for _ in range(count):
            self.one()

    def batch(self, count: int) -> None:
        self._post("batch", {"items": [{"type": "activity", **asks()} for _ in range(count)]})

    def _post(self, path: str, body: Any) -> None:
        self._connection.request("POST", f"/api/intake/{path}", json.dumps(body), self._headers)
        answer = self._connection.getresponse()
        text = answer.read()
        if answer.status != 200:
            raise SystemExit(text[:2000].decode())


def asks() -> dict[str, Any]:
    """Somebody new who asks for a demo."""
    known = {"industry": "software", "employees": 200, "title": "Head of Sales", "country": "DE"}
    email = f"{uuid.uuid4().hex}@buyer.example"
    return {"email": email, "kind": "form_submitted", "properties": {"form": "demo"}, "attributes": known}


def at_once(port: int, token: str) -> None:
    """So many calls on several connections, each as soon as the one before is answered."""
    threads = [
        threading.Thread(target=Client(port, token).many, args=(ONES // CONNECTIONS,)) for _ in range(CONNECTIONS)
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join()


def waits(port: int, token: str, rate: float, calls: int = 600) -> list[float]:
    """How long each of so many calls took, sent evenly whether or not those before were answered."""
    took = list[float]()
    begin = time.perf_counter() + 0.1

    def lane(first: int) -> None:
        client = Client(port, token)
        for number in range(first, calls, 2 * CONNECTIONS):
            meant = begin + number / rate
            time.sleep(max(0.0, meant - time.perf_counter()))
            client.one()
            took.append(time.perf_counter() - meant)

    threads = [threading.Thread(target=lane, args=(first,)) for first in range(2 * CONNECTIONS)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return took


if __name__ == "__main__":
    main()
