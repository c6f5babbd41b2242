"""Intake of the service: one lead a call, thousands a batch, and activities; through the whole HTTP stack.

A unit is a lead that is new: matched, scored, judged, routed, clocked, told of, all in the one call; or an activity of
a lead that is known. The call goes through middleware, permission, reading and answering, without a socket.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from serving.place import on_both, timed
from timing import Figure

ONES, MANY = 100, 1_000


def main() -> None:
    on_both("Intake of the service", measured)


def measured() -> list[Figure]:
    """One lead a call, thousands a batch, and activities of who is known."""
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

    return [
        prepared("one lead a call", one, ONES, "≤ 3"),
        prepared("a lead in a batch of 1,000", batch, MANY, "≤ 0.6"),
        prepared("an activity in a batch of 1,000, of 200 leads", views, MANY, "≤ 0.05"),
    ]


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


def prepared(label: str, make: Callable[[], Callable[[], None]], units: int, reach: str) -> Figure:
    """A figure of works that are made before the clock starts."""
    made: list[Callable[[], None]] = []

    def work() -> None:
        made.pop()()

    return timed(label, work, units=units, reach=reach, before=lambda: made.append(make()))


if __name__ == "__main__":
    main()
