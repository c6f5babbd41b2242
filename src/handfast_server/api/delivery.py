"""Webhooks, chats, the messages that could not be sent, and what somebody wants to be told."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema, Status

from handfast_server.accounts.models import User
from handfast_server.api.auth import caller, may
from handfast_server.api.delivery_shapes import (
    Again,
    AttemptOut,
    ChannelIn,
    ChannelOut,
    Count,
    EndpointChange,
    EndpointIn,
    EndpointMade,
    EndpointOut,
    MessageFilter,
    MessageName,
    MessageRows,
    NamePath,
    SecretOut,
    WishIn,
    WishOut,
)
from handfast_server.api.paging import Order, Paging, page_of, question
from handfast_server.delivery import actions
from handfast_server.delivery.models import Attempt, Channel, Endpoint, Message, Wish
from handfast_server.delivery.queries import Wanted, messages
from handfast_server.refused import Refused

router = Router(tags=["delivery"])


@router.get("/endpoints", response=list[EndpointOut])
@may("endpoints.read")
def list_endpoints(request: HttpRequest) -> Any:
    """Everything that gets webhooks."""
    return Endpoint.objects.order_by("made_at", "id")


@router.post("/endpoints", response={201: EndpointMade})
@may("endpoints.write")
def make_endpoint(request: HttpRequest, body: EndpointIn) -> Any:
    """Have webhooks sent to an address."""
    endpoint, secret = actions.do_make_endpoint(body.url, body.about, body.events)
    return Status(201, {"endpoint": endpoint, "secret": secret})


@router.patch("/endpoints/{endpoint}", response=EndpointOut)
@may("endpoints.write")
def change_endpoint(request: HttpRequest, endpoint: NamePath, body: EndpointChange) -> Any:
    """Change an endpoint."""
    return actions.do_change_endpoint(endpoint, **_given(body))


@router.delete("/endpoints/{endpoint}", response={204: None})
@may("endpoints.write")
def remove_endpoint(request: HttpRequest, endpoint: NamePath) -> Any:
    """Send nothing there any more."""
    actions.do_remove_endpoint(endpoint)
    return Status(204, None)


@router.post("/endpoints/{endpoint}/secret", response=SecretOut)
@may("endpoints.write")
def rotate_secret(request: HttpRequest, endpoint: NamePath) -> Any:
    """A new secret; for a day both sign."""
    return {"secret": actions.do_rotate_secret(endpoint)}


@router.post("/endpoints/{endpoint}/test", response={202: MessageName})
@may("endpoints.write")
def try_endpoint(request: HttpRequest, endpoint: NamePath) -> Any:
    """Send `endpoint.test`."""
    return Status(202, {"message": actions.do_try_endpoint(endpoint)})


@router.get("/channels", response=list[ChannelOut])
@may("endpoints.read")
def list_channels(request: HttpRequest) -> Any:
    """Every chat."""
    return Channel.objects.order_by("made_at", "id")


@router.post("/channels", response={201: ChannelOut})
@may("endpoints.write")
def make_channel(request: HttpRequest, body: ChannelIn) -> Any:
    """Have messages sent to a chat."""
    if body.user is not None and not User.objects.filter(pk=body.user).exists():
        raise Refused("unknown_user", "There is nobody with that number.", status=422, path="user")
    return Status(201, actions.do_make_channel(body.name, body.address, body.events, body.user))


@router.delete("/channels/{channel}", response={204: None})
@may("endpoints.write")
def remove_channel(request: HttpRequest, channel: NamePath) -> Any:
    """Send nothing there any more."""
    actions.do_remove_channel(channel)
    return Status(204, None)


@router.post("/channels/{channel}/test", response={202: MessageName})
@may("endpoints.write")
def try_channel(request: HttpRequest, channel: NamePath) -> Any:
    """Send a test to a chat."""
    return Status(202, {"message": actions.do_try_channel(channel)})


@router.get("/messages", response=MessageRows)
@may("endpoints.read")
def list_messages(request: HttpRequest, filters: Query[MessageFilter], paging: Query[Paging]) -> Any:
    """What was sent, is to be sent, and could not be: the latest first."""
    rows = messages(Wanted(filters.state, filters.channel, filters.event, filters.to, filters.lead))
    page = page_of(rows.values(), Order("created_at", down=True), paging, question(request), key="id")
    return {"items": page.rows, "next": page.next}


@router.get("/messages/{message}/attempts", response=list[AttemptOut])
@may("endpoints.read")
def list_attempts(request: HttpRequest, message: NamePath) -> Any:
    """Every try to send a message."""
    Message.objects.get(pk=message)
    return Attempt.objects.filter(message=message).order_by("number")


@router.post("/messages/send-again", response=Count)
@may("endpoints.write")
def send_again(request: HttpRequest, body: Again) -> Any:
    """Send what was given up, skipped or too late, under the same ids."""
    return {"count": actions.do_send_again(body.messages, endpoint=body.endpoint)}


@router.get("/wishes", response=WishOut)
@may("self.read")
def read_wishes(request: HttpRequest) -> Any:
    """What you are told, and when."""
    return Wish.objects.filter(pk=_own(request)).first() or Wish()


@router.patch("/wishes", response=WishOut)
@may("self.write")
def change_wishes(request: HttpRequest, body: WishIn) -> Any:
    """Say what you want to be told, and when."""
    given = body.dict(exclude_unset=True)
    empty = {name: value for name, value in given.items() if value is not None or name.startswith("quiet_")}
    return actions.do_wish(_own(request), **empty)


def _own(request: HttpRequest) -> int:
    """The number of whoever signed in. Raises Refused for a program."""
    principal = caller(request)
    if principal.scopes is not None:
        raise Refused("not_a_person", "A token belongs to a program, which is told nothing.", status=403)
    return int(principal.id.partition(":")[2])


def _given(body: Schema) -> dict[str, Any]:
    return {name: value for name, value in body.dict(exclude_unset=True).items() if value is not None}
