"""Requests to the interface in tests: somebody asks, and the answer is compared."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from django.test import Client

from handfast_server.access import Scope
from handfast_server.accounts.models import Role
from handfast_server.accounts.tokens import make_token
from handfast_server.handoffs.models import Cycle


class Answer(NamedTuple):
    """Status and body."""

    status: int
    body: Any

    @property
    def code(self) -> str:
        """The code of an error."""
        return str(self.body.get("code", "")) if isinstance(self.body, dict) else ""


def post(client: Client, path: str, body: Any = None, **headers: str) -> Answer:
    """Send a body as JSON; None sends nothing."""
    data = "" if body is None else json.dumps(body)
    answered = client.post(f"/api{path}", data, content_type="application/json", headers=headers or None)
    return Answer(answered.status_code, answered.json())


def get(client: Client, path: str, **headers: str) -> Answer:
    """Read."""
    answered = client.get(f"/api{path}", headers=headers or None)
    return Answer(answered.status_code, answered.json() if answered.content else None)


def say(client: Client, lead: str, verb: str, **body: Any) -> Answer:
    """Decide about the open handoff of a lead."""
    return post(client, f"/handoffs/{lead}/{verb}", body)


SCOPES = tuple(map(str, Scope))


def token_of(*roles: Role, scopes: tuple[str, ...] = SCOPES, sources: tuple[str, ...] = ()) -> str:
    """The text of a new token."""
    return make_token("crm", list(roles), list(scopes), None, sources)[1]


def program(*roles: Role, scopes: tuple[str, ...] = SCOPES, sources: tuple[str, ...] = ()) -> Client:
    """A program with a token."""
    return Client(headers={"Authorization": f"Bearer {token_of(*roles, scopes=scopes, sources=sources)}"})


def state_of(lead: str) -> str:
    """Where the latest cycle of a lead stands."""
    return str(Cycle.objects.filter(lead=lead).order_by("-inquiry_at", "-id").values_list("state", flat=True)[0])


def owner_of(lead: str) -> str:
    """Who owns the handoff of a lead."""
    return str(Cycle.objects.get(lead=lead, ended_at=None).owner)
