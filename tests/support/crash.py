"""A service that is killed again and again, its senders, who send until they are answered, and its receiver."""

from __future__ import annotations

import http.client
import itertools
import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self

from tests.support.program import Program, alive, get

GOOD = {"industry": "software", "employees": 200, "country": "DE", "title": "Head of Sales", "source": "organic"}

ROOT = Path(__file__).resolve().parents[2]

WEB_PLACES = ("intake.before_write", "intake.before_commit", "intake.after_commit", "decide.before_commit")
WORK_PLACES = (
    "sweep.before_write",
    "sweep.before_commit",
    "sweep.after_commit",
    "delivery.after_lease",
    "delivery.after_send",
)

PATIENCE = 180.0
"""Seconds for a process to come up: on a busy machine that takes long."""

_LIFE, _LONGEST = 4.0, 20.0
"""Seconds that a process lives once it is up, and at most until some requests were answered."""


def script(home: Mapping[str, str], name: str, *arguments: str, timeout: float = 300) -> Any:
    """What a script of these tests says, run as a program of the service."""
    command = [sys.executable, "-m", f"tests.support.{name}", *arguments]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={**home, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    return json.loads(done.stdout.splitlines()[-1])


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    return port


class Receiver:
    """Who gets the webhooks: notes the id of each that it took. Now and then it refuses, or takes and says nothing."""

    def __init__(self, seed: int = 1, *, faultless: bool = False) -> None:
        self.taken: Counter[str] = Counter()
        self._lock = threading.Lock()
        chance = random.Random(seed)
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["content-length"]))
                with receiver._lock:
                    refuses = not faultless and chance.random() < 0.005
                    if not refuses:
                        receiver.taken[self.headers["webhook-id"]] += 1
                self.send_response(503 if refuses else 204)
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                """Nothing is printed."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/hook"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@dataclass
class Told:
    """What was sent until it was answered: leads by their address; names of facts; and what was answered otherwise."""

    leads: list[str] = field(default_factory=list)
    facts: list[str] = field(default_factory=list)
    repeats: int = 0
    again: int = 0  # requests that had to be sent again
    strange: list[str] = field(default_factory=list)


class Sender(threading.Thread):
    """A client that sends each thing until it is answered, over whichever web process answers."""

    def __init__(self, number: int, ports: list[int], token: str, stop: threading.Event, rest: float = 0.0) -> None:
        super().__init__(name=f"sender-{number}")
        self.told = Told()
        self.heard: Callable[[], None] = lambda: None  # told of each answer
        self._number, self._ports, self._stop_, self._rest = number, itertools.cycle(ports), stop, rest
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json", "X-Source": "crash"}
        self._chance = random.Random(number)
        self._connection: http.client.HTTPConnection | None = None
        self._known: list[tuple[str, str]] = []  # address, id here
        self._sent: list[tuple[str, dict[str, Any]]] = []

    def run(self) -> None:
        for count in itertools.count():
            if self._stop_.is_set():
                break
            self._step(count)
            if self._rest:
                self._stop_.wait(self._rest)
        self.close()

    def close(self) -> None:
        """Hang up."""
        if self._connection is not None:
            self._connection.close()

    def _step(self, count: int) -> None:
        draw = self._chance.random()
        if draw < 0.6 or not self._known:
            self._come(f"s{self._number}n{count}")
        elif draw < 0.7:
            self._many(f"s{self._number}b{count}")
        elif draw < 0.8:
            self._repeat()
        elif draw < 0.9:
            self._decide(f"s{self._number}d{count}")
        else:
            self._touch(f"s{self._number}t{count}")

    def _come(self, name: str) -> None:
        email = f"{name}@buyer.example"
        answer = self._tell("leads", {"key": f"{name}-l", "email": email, "attributes": dict(GOOD)}, f"{name}-l:lead")
        form = {"key": f"{name}-a", "email": email, "kind": "form_submitted", "properties": {"form": "demo"}}
        self._tell("activities", form, f"{name}-a:did")
        self.told.leads.append(email)
        self._known.append((email, answer["lead"]))

    def _many(self, name: str) -> None:
        items: list[dict[str, Any]] = []
        emails = [f"{name}i{place}@buyer.example" for place in range(5)]
        for place, email in enumerate(emails):
            items.append({"type": "lead", "key": f"{name}i{place}-l", "email": email, "attributes": dict(GOOD)})
            asks = {"kind": "form_submitted", "properties": {"form": "demo"}}
            items.append({"type": "activity", "key": f"{name}i{place}-a", "email": email, **asks})
        self._chance.shuffle(items)
        answer = self._until_answered("POST", "/api/intake/batch", {"items": items}, {})
        if set(answer.get("counts", {})) - {"accepted", "repeat"}:
            self.told.strange.append(f"batch {answer}")
        self.told.leads += emails
        self.told.facts += [
            f"crash:{each['key']}:{'lead' if each['type'] == 'lead' else 'did'}"
            for each in items
            if each["type"] == "activity"
        ]

    def _repeat(self) -> None:
        what, body = self._chance.choice(self._sent)
        answer = self._until_answered("POST", f"/api/intake/{what}", body, {})
        if answer.get("status") != "repeat":
            self.told.strange.append(f"repeat of {body['key']}: {answer}")
        self.told.repeats += 1

    def _decide(self, name: str) -> None:
        _, lead = self._chance.choice(self._known)
        verb, body = self._chance.choice(
            [
                ("accept", {"by": "mia"}),
                ("return", {"by": self._chance.choice(["lena", "sam"]), "reason": "misrouted"}),
                ("reject", {"by": self._chance.choice(["lena", "sam"]), "reason": "junk_contact"}),
            ]
        )
        self._until_answered("POST", f"/api/handoffs/{lead}/{verb}", body, {"Idempotency-Key": name})

    def _touch(self, name: str) -> None:
        email, _ = self._chance.choice(self._known)
        kind = self._chance.choice(["attempt", "contact"])
        by = self._chance.choice(["lena", "sam"])
        self._tell("touches", {"key": f"{name}-t", "email": email, "by": by, "kind": kind}, f"{name}-t:touch")

    def _tell(self, what: str, body: dict[str, Any], fact: str) -> Any:
        answer = self._until_answered("POST", f"/api/intake/{what}", body, {})
        if answer.get("status") not in {"accepted", "repeat"} and what != "touches":
            self.told.strange.append(f"{what} {body['key']}: {answer}")
        if answer.get("status") in {"accepted", "repeat"}:
            self.told.facts.append(f"crash:{fact}")
            self._sent.append((what, body))
        return answer

    def _until_answered(self, method: str, path: str, body: Any, headers: Mapping[str, str]) -> Any:
        end = time.monotonic() + 2 * PATIENCE
        while time.monotonic() < end:
            answer = self._asked(method, path, json.dumps(body), {**self._headers, **headers})
            if answer is not None:
                self.heard()
                return answer
            self.told.again += 1
            time.sleep(0.05)
        raise AssertionError(f"nobody answered {method} {path}")

    def _asked(self, method: str, path: str, body: str, headers: Mapping[str, str]) -> Any:
        """The answer; None when there is none, or none to rely on."""
        try:
            if self._connection is None:
                self._connection = http.client.HTTPConnection("127.0.0.1", next(self._ports), timeout=60)
            self._connection.request(method, path, body, dict(headers))
            answered = self._connection.getresponse()
            text = answered.read()
        except (OSError, http.client.HTTPException):
            if self._connection is not None:
                self._connection.close()
            self._connection = None
            return None
        if answered.status >= 500:
            return None
        found = json.loads(text)
        if answered.status not in {200, 404, 409}:
            self.told.strange.append(f"{path}: {answered.status} {found}")
        return found


class Shift:
    """How far the clocks of processes that start now are moved: on with every death, so that clocks run out."""

    def __init__(self, seconds: int, step: int) -> None:
        self.seconds, self._step = seconds, step

    def on(self) -> int:
        self.seconds += self._step
        return self.seconds


class Slot(threading.Thread):
    """One place for a process: it is started, killed at a fault point or at random, and started again."""

    def __init__(self, name: str, home: Mapping[str, str], folder: Path, port: int | None, plan: Plan) -> None:
        super().__init__(name=name)
        self._home, self._folder, self._port, self._plan = home, folder, port, plan
        self._chance = random.Random(name)
        self.deaths: Counter[str] = Counter()
        self.last: Program | None = None
        self.broken = ""

    def run(self) -> None:
        try:
            for life in itertools.count():
                if self._plan.over():
                    break
                self._live(life)
            self.last = self._begun(0, "")
        except BaseException as broken:  # noqa: BLE001 # told by whoever joins
            self.broken = f"{self.name}: {broken!r}"

    def _live(self, life: int) -> None:
        places = WEB_PLACES if self._port else WORK_PLACES
        place = "" if self._chance.random() < 0.25 else self._chance.choice(places)
        program = self._begun(life, f"{place}:{self._chance.randint(1, 8 if self._port else 2)}" if place else "")
        family = program.family()
        least = self._plan.answers + self._chance.randint(1, 40) if self._port and program.process.poll() is None else 0
        at, long = time.monotonic(), _LIFE if place else self._chance.uniform(0.0, _LIFE)
        try:
            while all(alive(each) for each in family):
                lived = time.monotonic() - at
                if (lived >= long and self._plan.answers >= least) or lived >= _LONGEST:
                    break
                time.sleep(0.02)
            died = not all(alive(each) for each in family)
        finally:
            _end(program, family)
        self.deaths[place if died else "at random"] += 1
        self._plan.died()

    def _begun(self, life: int, fault: str) -> Program:
        folder = self._folder / f"{self.name}-{life}"
        folder.mkdir(parents=True, exist_ok=True)
        home = {**self._home, "HANDFAST_CLOCK_SHIFT": str(self._plan.shift.on()), "HANDFAST_FAULT": fault}
        arguments = ("web", "--port", str(self._port)) if self._port else ("work",)
        program = Program(home, folder, *arguments)
        try:
            self._until_up(program, fault)
        except BaseException:
            _end(program, program.family())
            raise
        return program

    def _until_up(self, program: Program, fault: str) -> None:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if program.process.poll() is not None:
                if fault:
                    return  # it came to the place before anybody saw it
                raise AssertionError(f"{self.name} ended with {program.process.returncode}:\n{program.logged[-3000:]}")
            up = get(f"http://127.0.0.1:{self._port}/healthz")[0] == 200 if self._port else "Working" in program.said
            if up:
                return
            time.sleep(0.05)
        raise AssertionError(f"{self.name} did not come up:\n{program.logged[-3000:]}")


def _end(program: Program, family: set[int]) -> None:
    """Kill a program and everybody whom it started."""
    for pid in {*family, *program.family()}:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    program.process.wait()


@dataclass
class Plan:
    """So many deaths, over all processes."""

    deaths: int
    shift: Shift
    answers: int = 0  # about how many requests were answered so far
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def answered(self) -> None:
        with self._lock:
            self.answers += 1

    def died(self) -> None:
        with self._lock:
            self.deaths -= 1

    def over(self) -> bool:
        with self._lock:
            return self.deaths <= 0


@contextmanager
def senders(
    count: int, ports: list[int], token: str, rest: float = 0.0, plan: Plan | None = None
) -> Iterator[list[Sender]]:
    """Clients that go on until the block ends, and finish what they are at."""
    stop = threading.Event()
    clients = [Sender(number, ports, token, stop, rest) for number in range(count)]
    for each in clients:
        if plan is not None:
            each.heard = plan.answered
        each.start()
    try:
        yield clients
    finally:
        stop.set()
        for each in clients:
            each.join(3 * PATIENCE)


def killed_often(
    home: Mapping[str, str],
    folder: Path,
    token: str,
    deaths: int,
    shift: Shift,
    during: Callable[[], None] = lambda: None,
) -> tuple[Told, Counter[str]]:
    """Two webs and two workers under load, killed so many times; what was sent until answered, and how they died."""
    ports = [free_port(), free_port()]
    plan = Plan(deaths, shift)
    slots = [
        Slot(name, home, folder, port, plan)
        for name, port in (("web0", ports[0]), ("web1", ports[1]), ("work0", None), ("work1", None))
    ]
    for each in slots:
        each.start()
    try:
        with senders(3, ports, token, rest=0.02, plan=plan) as clients:
            during()
            for each in slots:
                each.join()
    finally:
        for each in slots:
            each.join()
            if each.last is not None:
                _end(each.last, each.last.family())
    broken = [each.broken for each in slots if each.broken]
    assert not broken, broken
    whole = Told()
    for client in clients:
        assert not client.is_alive(), "a sender is still waiting"
        whole.leads += client.told.leads
        whole.facts += client.told.facts
        whole.repeats += client.told.repeats
        whole.again += client.told.again
        whole.strange += client.told.strange
    return whole, sum((each.deaths for each in slots), Counter())
