"""Whoever stands around a service under load: senders, who send until they are answered, and receivers."""

from __future__ import annotations

import http.client
import itertools
import json
import os
import random
import socket
import subprocess
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.parser import BytesHeaderParser
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self

from aiosmtpd.controller import Controller

GOOD = {"industry": "software", "employees": 200, "country": "DE", "title": "Head of Sales", "source": "organic"}

ROOT = Path(__file__).resolve().parents[2]

PATIENCE = 180.0
"""Seconds for a process to come up: on a busy machine that takes long."""


def script(home: Mapping[str, str], name: str, *arguments: str, timeout: float = 300) -> Any:
    """What a script of these tests says, run as a program of the service."""
    command = [sys.executable, "-m", f"tests.support.{name}", *arguments]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={**home, "PYTHONPATH": os.pathsep.join(filter(None, (str(ROOT), home.get("PYTHONPATH"))))},
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
    """Who gets the webhooks: notes each that it took by its id. Now and then it refuses, or takes it and breaks off."""

    def __init__(self, seed: int = 1, *, faultless: bool = False) -> None:
        self.taken: Counter[str] = Counter()
        self.said: dict[str, set[bytes]] = defaultdict(set)  # what came under an id
        self._lock = threading.Lock()
        chance = random.Random(seed)
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers["content-length"])
                body = self.rfile.read(length)
                if len(body) < length:  # the sender was killed while it spoke: nothing was received
                    self.close_connection = True
                    return
                with receiver._lock:
                    draw = 1.0 if faultless else chance.random()
                    if draw >= 0.003:
                        receiver.taken[self.headers["webhook-id"]] += 1
                        receiver.said[self.headers["webhook-id"]].add(body)
                if draw < 0.006 and draw >= 0.003:
                    self.close_connection = True
                    return
                self.send_response(503 if draw < 0.003 else 204)
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


class MailServer:
    """Who gets the mail, over SMTP: notes each that it took by its Message-ID. Now and then it says: later."""

    def __init__(self, seed: int = 2) -> None:
        self.taken: Counter[str] = Counter()
        self.to: dict[str, set[str]] = defaultdict(set)  # to whom went what came under an id
        self._chance = random.Random(seed)
        self._controller = Controller(self, hostname="127.0.0.1", port=free_port())
        self.url = f"smtp+plain://127.0.0.1:{self._controller.port}"

    async def handle_DATA(self, _: Any, __: Any, envelope: Any) -> str:  # noqa: N802 # aiosmtpd calls it so
        if self._chance.random() < 0.005:
            return "451 Later, please"
        named = BytesHeaderParser(policy=default).parsebytes(envelope.content)["Message-ID"]
        name = str(named).strip("<>").partition("@")[0]
        self.taken[name] += 1
        self.to[name].update(envelope.rcpt_tos)
        return "250 OK"

    def __enter__(self) -> Self:
        self._controller.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._controller.stop()


@dataclass
class Told:
    """What was sent until it was answered: leads by their address; names of facts; and what was answered otherwise."""

    leads: list[str] = field(default_factory=list)
    facts: list[str] = field(default_factory=list)
    repeats: int = 0
    again: int = 0  # requests that had to be sent again
    strange: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, each: Iterable[Told]) -> Told:
        """What several were told."""
        whole = cls()
        for told in each:
            whole.leads += told.leads
            whole.facts += told.facts
            whole.repeats += told.repeats
            whole.again += told.again
            whole.strange += told.strange
        return whole


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
        self._hopeless = False
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

    def give_up(self) -> None:
        """Nobody will ever answer."""
        self._hopeless = True

    def close(self) -> None:
        """Hang up."""
        if self._connection is not None:
            self._connection.close()

    def _step(self, count: int) -> None:
        draw = self._chance.random()
        if draw < 0.5 or not self._known:
            self._come(f"s{self._number}n{count}")
        elif draw < 0.55:
            self._many(f"s{self._number}b{count}")
        elif draw < 0.65:
            self._repeat()
        elif draw < 0.88:
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
        while time.monotonic() < end and not self._hopeless:
            answer = self._asked(method, path, json.dumps(body), {**self._headers, **headers})
            if answer is not None:
                self.heard()
                return answer
            self.told.again += 1
            time.sleep(0.05)
        self.told.strange.append(f"nobody answered {method} {path}")
        raise SystemExit  # of this thread

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


@contextmanager
def senders(
    count: int, ports: list[int], token: str, rest: float = 0.0, heard: Callable[[], None] | None = None
) -> Iterator[list[Sender]]:
    """Clients that go on until the block ends, and finish what they are at."""
    stop = threading.Event()
    clients = [Sender(number, ports, token, stop, rest) for number in range(count)]
    for each in clients:
        if heard is not None:
            each.heard = heard
        each.start()
    try:
        yield clients
    finally:
        stop.set()
        for each in clients:
            each.join(3 * PATIENCE)
