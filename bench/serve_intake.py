"""Intake of the service: one lead a call, thousands a batch, and activities; through the whole HTTP stack.

A unit is a lead that is new: matched, scored, judged, routed, clocked, told of, all in the one call; or an activity of
a lead that is known. The call goes through middleware, permission, reading and answering, without a socket.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from typing import Any

from serving.place import both, hand_over, stand_up, within
from timing import Figure, report

ONES, MANY, RUNS = 100, 1_000, 5


def main() -> None:
    if not within():
        notes = ["PostgreSQL's own processes are not in the CPU time; its wall time has them."]
        report("Intake of the service", both(__file__), notes=notes)
        return
    stand_up()
    from django.test import Client

    from handfast_server.access.table import Scope
    from handfast_server.accounts.models import Role
    from handfast_server.accounts.tokens import make_token

    _, token = make_token("bench", [Role.ADMIN], [scope.value for scope in Scope], None)
    client = Client(headers={"Authorization": f"Bearer {token}", "Host": "127.0.0.1"})

    def told(path: str, body: Any) -> None:
        answer = client.post(f"/api/intake/{path}", body, content_type="application/json")
        if answer.status_code != 200:
            raise SystemExit(answer.content[:2000].decode())

    def one() -> Callable[[], None]:
        bodies = [asks() for _ in range(ONES)]

        def work() -> None:
            for body in bodies:
                told("activities", body)

        return work

    def batch() -> Callable[[], None]:
        body = {"items": [{"type": "activity", **asks()} for _ in range(MANY)]}
        return lambda: told("batch", body)

    def views() -> Callable[[], None]:
        known = [looks(f"known{number % 200}") for number in range(MANY)]
        body = {"items": [{"type": "activity", **each} for each in known]}
        return lambda: told("batch", body)

    hand_over(
        [
            timed("one lead a call", one, ONES, "≤ 3"),
            timed("a lead in a batch of 1,000", batch, MANY, "≤ 0.6"),
            timed("an activity in a batch of 1,000, of 200 leads", views, MANY, "≤ 0.05"),
        ]
    )


def asks() -> dict[str, Any]:
    """Somebody new asks for a demo."""
    key = uuid.uuid4().hex
    known = {"industry": "software", "employees": 200, "country": "DE", "title": "Head of Sales"}
    said = {"kind": "form_submitted", "properties": {"form": "demo"}}
    return {"key": key, "email": f"{key}@buyer.example", "attributes": known, **said}


def looks(who: str) -> dict[str, Any]:
    """Somebody who is known looks at a page that no signal asks for."""
    return {
        "key": uuid.uuid4().hex,
        "email": f"{who}@buyer.example",
        "kind": "page_viewed",
        "properties": {"path": "/"},
    }


def timed(label: str, prepared: Callable[[], Callable[[], None]], units: int, reach: str) -> Figure:
    """Medians over runs, each of a work that was prepared before the clock started."""
    cpu, wall = [], []
    prepared()()
    for _ in range(RUNS):
        work = prepared()
        began, at = time.process_time(), time.perf_counter()
        work()
        cpu.append((time.process_time() - began) * 1e3 / units)
        wall.append((time.perf_counter() - at) * 1e3 / units)
    return Figure(label, units, tuple(cpu), tuple(wall), reach)


if __name__ == "__main__":
    main()
