"""The permission table stands before everything: who may not do a thing is told so before their request is read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.http import HttpRequest
from ninja import NinjaAPI

from handfast_server.access import Principal
from handfast_server.api.auth import check
from handfast_server.refused import Refused


class Guarded:
    """A way to say who one is, for one endpoint: it takes those only who may call it."""

    def __init__(self, way: Callable[[HttpRequest], Principal | None], action: str, *, keyed: bool) -> None:
        self._way, self._action, self._keyed = way, action, keyed

    def __call__(self, request: HttpRequest) -> Principal | None:
        """Who it is. Raises Refused for somebody who may not, and for a key where none is kept."""
        principal = self._way(request)
        if principal is not None:
            check(principal, self._action)
            if not self._keyed and request.method == "POST" and KEY in request.headers:
                raise Refused("key_not_taken", _NOT_TAKEN, status=422, path=KEY)
        return principal

    def __getattr__(self, name: str) -> Any:
        """What the OpenAPI says of the way itself."""
        return getattr(self._way, name)


KEY = "Idempotency-Key"

_NOT_TAKEN = (
    f"This is done as often as it is sent: no {KEY} is kept for it. Leave the header out; /api/docs says which take it."
)


def _guarded(way: Callable[[HttpRequest], Principal | None], action: str, *, keyed: bool) -> Guarded:
    """The OpenAPI calls a way by the name of its class."""
    kind: type[Guarded] = type(type(way).__name__, (Guarded,), {})
    return kind(way, action, keyed=keyed)


def guard(api: NinjaAPI) -> None:
    """Let the table stand before every endpoint that names its action; all routers are there by now."""
    for operation in operations(api):
        action = action_of(operation)
        if action:
            keyed = takes_key(operation)
            operation.auth_callbacks = [_guarded(way, action, keyed=keyed) for way in operation.auth_callbacks]


def operations(api: NinjaAPI) -> Iterator[Any]:
    """Every endpoint, each with its methods; its path stands in the OpenAPI."""
    for router in api._get_bound_routers():  # noqa: SLF001 # there is no other way to what was put together
        for view in router.path_operations.values():
            yield from view.operations


def takes_key(operation: Any) -> bool:
    """Whether an endpoint reads the key of a request."""
    return any(field.alias == KEY for model in operation.models for field in model.model_fields.values())


def action_of(operation: Any) -> str:
    """The action of an endpoint; empty for one that is open to everybody."""
    return str(getattr(operation.view_func, "action", ""))
