"""The permission table stands before everything: who may not do a thing is told so before their request is read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.http import HttpRequest
from ninja import NinjaAPI

from handfast_server.access import Principal
from handfast_server.api.auth import check


class Guarded:
    """A way to say who one is, for one endpoint: it takes those only who may call it."""

    def __init__(self, way: Callable[[HttpRequest], Principal | None], action: str) -> None:
        self._way, self._action = way, action

    def __call__(self, request: HttpRequest) -> Principal | None:
        """Who it is. Raises ApiRefused for somebody who may not."""
        principal = self._way(request)
        if principal is not None:
            check(principal, self._action)
        return principal

    def __getattr__(self, name: str) -> Any:
        """What the OpenAPI says of the way itself."""
        return getattr(self._way, name)


def _guarded(way: Callable[[HttpRequest], Principal | None], action: str) -> Guarded:
    """The OpenAPI calls a way by the name of its class."""
    kind: type[Guarded] = type(type(way).__name__, (Guarded,), {})
    return kind(way, action)


def guard(api: NinjaAPI) -> None:
    """Let the table stand before every endpoint that names its action; all routers are there by now."""
    for operation in operations(api):
        action = action_of(operation)
        if action:
            operation.auth_callbacks = [_guarded(way, action) for way in operation.auth_callbacks]


def operations(api: NinjaAPI) -> Iterator[Any]:
    """Every endpoint, each with its methods; its path stands in the OpenAPI."""
    for router in api._get_bound_routers():  # noqa: SLF001 # there is no other way to what was put together
        for view in router.path_operations.values():
            yield from view.operations


def action_of(operation: Any) -> str:
    """The action of an endpoint; empty for one that is open to everybody."""
    return str(getattr(operation.view_func, "action", ""))
