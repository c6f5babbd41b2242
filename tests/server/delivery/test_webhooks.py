"""Webhooks arrive signed, in order, at least once under one id; who receives badly harms nobody."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable

import httpcore
import orjson
import pytest
from pytest_django.fixtures import Settings
from standardwebhooks import Webhook
from tests.support.receivers import Receiver, drip, free_port, status
from tests.support.service import Hands, came, named, take_in

from handfast.facts import Accepted
from handfast.instant import DAY, HOUR, MINUTE, SECOND
from handfast_server.accounts.models import User
from handfast_server.decide.session import tell
from handfast_server.delivery import actions, lease, net, targets, webhook
from handfast_server.delivery.events import EVENTS
from handfast_server.delivery.models import Attempt, Endpoint, Message
from handfast_server.handoffs.models import Cycle
from handfast_server.refused import Refused

pytestmark = pytest.mark.django_db

Made = tuple[Endpoint, str]


def types(receiver: Receiver) -> list[str]:
    return [orjson.loads(each.body)["type"] for each in receiver.got]


def test_every_event_of_a_handoff_arrives_signed_and_in_order(
    clock: Hands, endpoint: Made, lead: Callable[..., str], receiver: Receiver, send: Callable[[], None]
) -> None:
    name = lead()
    tell(named(Accepted, lead=name, by=Cycle.objects.get(lead=name).owner))
    send()
    mine = [each for each in receiver.got if orjson.loads(each.body)["data"].get("lead") == name]
    for each in mine:
        Webhook(endpoint[1]).verify(each.body, each.headers)
    told = [orjson.loads(each.body)["type"] for each in mine]
    assert told[:2] == ["lead.created", "cycle.opened"]
    assert told.index("lead.qualified") < told.index("lead.assigned") < told.index("lead.accepted")
    assert {"lead.band_changed", "clock.started", "clock.stopped", "audience.entered"} <= set(told)
    assert set(told) <= EVENTS.keys()
    for each in mine:
        body = orjson.loads(each.body)
        assert set(body["data"]) - {"lead", "cycle"} == set(EVENTS[body["type"]].data), body["type"]
    assert b"buyer.example" not in b"".join(each.body for each in receiver.got)
    assert not Message.objects.filter(channel="webhook", state="ready").exists()


def test_only_what_was_asked_for_is_sent(
    receiver: Receiver, clock: Hands, lead: Callable[..., str], send: Callable[[], None]
) -> None:
    actions.do_make_endpoint(f"{receiver.address}/a", "", ["audience.", "lead.assigned"])
    lead()
    send()
    assert types(receiver) == ["lead.assigned", "audience.entered"]


def test_an_endpoint_that_fails_is_tried_again_under_the_same_id(
    clock: Hands, endpoint: Made, team: object, receiver: Receiver, send: Callable[[], None]
) -> None:
    Message.objects.all().delete()
    receiver.behave = status(500)
    name = actions.do_try_endpoint(endpoint[0].pk)
    send()
    send()
    assert receiver.ids() == [name]  # it is left alone for a while
    receiver.behave = None
    clock.move(10 * SECOND)
    send()
    assert receiver.ids() == [name, name]
    assert [*Attempt.objects.order_by("number").values_list("result", "detail")] == [("again", "500"), ("sent", "204")]
    assert receiver.got[0].body == receiver.got[1].body
    assert Endpoint.objects.get().failing_since is None


def test_order_is_kept_when_the_first_of_a_lead_fails(
    clock: Hands, endpoint: Made, lead: Callable[..., str], receiver: Receiver, send: Callable[[], None]
) -> None:
    failed: list[str] = []

    def fails_once(handler: object, received: object) -> None:
        kind = orjson.loads(received.body)["type"]  # type: ignore[attr-defined] # a Received
        first = kind == "lead.qualified" and not failed
        failed.extend([kind] if first else [])
        status(500 if first else 204)(handler, received)  # type: ignore[arg-type] # what the server gives

    receiver.behave = fails_once
    name = lead()
    for _ in range(6):
        send()
        clock.move(20 * SECOND)
    send()
    told = [kind for kind in types(receiver) if kind in {"lead.created", "lead.qualified", "lead.assigned"}]
    assert told == ["lead.created", "lead.qualified", "lead.qualified", "lead.assigned"]
    assert not Message.objects.filter(lead=name, channel="webhook", state="ready").exists()


def test_a_redirect_is_not_followed(endpoint: Made, receiver: Receiver, send: Callable[[], None]) -> None:
    receiver.behave = status(302, Location=f"{receiver.address}/elsewhere")
    actions.do_try_endpoint(endpoint[0].pk)
    send()
    assert [each.path for each in receiver.got] == ["/hooks"]
    assert Attempt.objects.get().detail == "302"


def test_who_drips_slowly_is_left_at_the_deadline(
    receiver: Receiver, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    receiver.behave = drip
    began = time.monotonic()
    with pytest.raises(httpcore.TimeoutException):
        net.post(receiver.address, {}, b"{}", seconds=0.4)
    assert time.monotonic() - began < 5


def test_a_receiver_that_asks_to_wait_is_left_alone_so_long(
    clock: Hands, endpoint: Made, receiver: Receiver, send: Callable[[], None]
) -> None:
    receiver.behave = status(429, Retry_After="600")
    actions.do_try_endpoint(endpoint[0].pk)
    send()
    receiver.behave = None
    clock.move(9 * MINUTE)
    send()
    assert len(receiver.got) == 1
    clock.move(2 * MINUTE)
    send()
    assert len(receiver.got) == 2


def test_one_message_that_is_refused_holds_up_no_other(
    clock: Hands, endpoint: Made, receiver: Receiver, send: Callable[[], None]
) -> None:
    refused = actions.do_try_endpoint(endpoint[0].pk)
    receiver.behave = lambda handler, got: status(422 if got.headers["webhook-id"] == refused else 204)(handler, got)
    for _ in range(2 * webhook.SEVERAL):
        send()
        clock.move(8 * HOUR)
    assert Endpoint.objects.get().rest_until == 0  # nothing but the one message has failed all the time
    assert Endpoint.objects.get().failures == 1
    fine = actions.do_try_endpoint(endpoint[0].pk)
    send()
    assert Message.objects.get(pk=fine).state == "sent"
    assert Message.objects.get(pk=refused).state == "ready"


@pytest.mark.parametrize("code", [404, 500])
def test_an_endpoint_that_refuses_several_in_a_row_is_left_alone(
    code: int, clock: Hands, endpoint: Made, receiver: Receiver, send: Callable[[], None]
) -> None:
    receiver.behave = status(code)
    for _ in range(webhook.SEVERAL):
        assert Endpoint.objects.get().rest_until == 0
        clock.move(SECOND // 10)
        actions.do_try_endpoint(endpoint[0].pk)
        send()
    assert Endpoint.objects.get().rest_until > clock.move(0)


def test_an_endpoint_that_cannot_be_reached_is_left_alone_at_once(
    clock: Hands, endpoint: Made, send: Callable[[], None]
) -> None:
    Endpoint.objects.update(url=f"http://127.0.0.1:{free_port()}/hooks")
    actions.do_try_endpoint(endpoint[0].pk)
    send()
    assert Endpoint.objects.get().rest_until > clock.move(0)


def test_what_fails_for_days_is_switched_off_and_an_administrator_told(
    clock: Hands, people: dict[str, User], endpoint: Made, receiver: Receiver, send: Callable[[], None]
) -> None:
    receiver.behave = status(500)
    actions.do_try_endpoint(endpoint[0].pk)
    for _ in range(14):
        send()
        clock.move(8 * HOUR)
        actions.do_try_endpoint(endpoint[0].pk)
    assert Endpoint.objects.get().disabled_at is not None
    told = Message.objects.get(event="endpoint.disabled")
    assert told.to == people["admin"].email
    send()
    assert not Message.objects.filter(channel="webhook", state="ready").exists()
    assert targets.current().each == ()
    dead = Message.objects.filter(state="dead", error="endpoint_gone").count()
    assert dead
    actions.do_change_endpoint(endpoint[0].pk, active=True)
    receiver.behave = None
    assert actions.do_send_again(endpoint=endpoint[0].pk) >= dead
    before = len(receiver.got)
    send()
    assert len(receiver.got) >= before + dead


def test_gone_means_gone(endpoint: Made, receiver: Receiver, send: Callable[[], None]) -> None:
    receiver.behave = status(410)
    actions.do_try_endpoint(endpoint[0].pk)
    send()
    assert Endpoint.objects.get().disabled_at is not None


def test_a_message_is_given_up_after_so_many_attempts(
    clock: Hands, endpoint: Made, receiver: Receiver, send: Callable[[], None]
) -> None:
    receiver.behave = status(500)
    name = actions.do_try_endpoint(endpoint[0].pk)
    for _ in range(lease.ATTEMPTS):
        Endpoint.objects.update(rest_until=0, failing_since=None)
        send()
        clock.move(8 * HOUR)
    message = Message.objects.get(pk=name)
    assert (message.state, message.attempts) == ("dead", lease.ATTEMPTS)
    receiver.behave = None
    Endpoint.objects.update(rest_until=0)
    assert actions.do_send_again([name]) == 1
    send()
    assert Message.objects.get(pk=name).state == "sent"


def test_both_secrets_sign_for_a_day(
    clock: Hands, endpoint: Made, receiver: Receiver, send: Callable[[], None]
) -> None:
    new = actions.do_rotate_secret(endpoint[0].pk)
    actions.do_try_endpoint(endpoint[0].pk)
    send()
    for secret in (endpoint[1], new):
        Webhook(secret).verify(receiver.got[0].body, receiver.got[0].headers)
    clock.move(DAY)
    actions.do_try_endpoint(endpoint[0].pk)
    send()
    Webhook(new).verify(receiver.got[1].body, receiver.got[1].headers)
    assert len(receiver.got[1].headers["webhook-signature"].split(" ")) == 1
    assert endpoint[1] not in "".join(map(str, Endpoint.objects.values_list("secret", "old_secret")))


@pytest.mark.parametrize(
    "address",
    """127.0.0.1 10.1.2.3 172.16.0.1 192.168.1.1 169.254.169.254 100.64.0.1 0.0.0.0 224.0.0.1 ::1 fe80::1 fc00::1
    ::ffff:127.0.0.1 64:ff9b::7f00:1 2002:7f00:1:: 198.18.0.1 nonsense
    ::7f00:1 64:ff9b:1::7f00:1 ::ffff:0:7f00:1 fec0::1""".split(),
)
def test_addresses_inside_are_not_public(address: str) -> None:
    assert not net.is_public(address)


@pytest.mark.parametrize("address", ["1.1.1.1", "2606:4700::1111", "64:ff9b::101:101", "2002:101:101::"])
def test_addresses_outside_are_public(address: str) -> None:
    assert net.is_public(address)


@pytest.mark.parametrize(
    "url",
    "http://hooks.example/ ftp://hooks.example https://u:p@hooks.example https://127.0.0.1/ https://[::1]/ x".split(),
)
def test_an_endpoint_inside_is_refused(url: str) -> None:
    with pytest.raises(Refused):
        actions.do_make_endpoint(url, "", [])


def test_a_name_that_answers_with_an_address_inside_is_not_connected_to(
    settings: Settings, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.WEBHOOKS_TO_PRIVATE = False
    inside = [(2, 1, 6, "", ("1.1.1.1", 0)), (2, 1, 6, "", ("127.0.0.1", 0))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: inside)
    with pytest.raises(net.AddressRefused):
        net.post("https://rebinding.example/", {}, b"{}", seconds=2)
    assert not receiver.got


def test_loaded_history_sends_nothing(
    clock: Hands, endpoint: Made, signed: object, receiver: Receiver, send: Callable[[], None]
) -> None:
    from dataclasses import replace

    take_in([replace(fact, loaded=True) for fact in came("old")])
    assert not Message.objects.exists()


def test_nobody_sends_what_another_worker_has(
    clock: Hands, endpoint: Made, receiver: Receiver, send: Callable[[], None]
) -> None:
    name = actions.do_try_endpoint(endpoint[0].pk)
    found = lease.lease("webhook", 10)
    assert [each.id for each in found] == [name]
    send()
    assert not receiver.got
    clock.move(lease.LEASE)
    send()  # the first one died
    assert receiver.ids() == [name]
    lease.finish(found[0], lease.Result(lease.Outcome.AGAIN, "late word of the first"))
    assert Message.objects.get(pk=name).state == "sent"
    assert Attempt.objects.get(number=1).result == "again"


def test_a_timeout_of_one_holds_up_nobody_else(
    clock: Hands, endpoint: Made, receiver: Receiver, monkeypatch: pytest.MonkeyPatch, send: Callable[[], None]
) -> None:
    other, _ = actions.do_make_endpoint(f"{receiver.address}/slow", "", [])
    release = threading.Event()

    def hang(handler: object, received: object) -> None:
        if received.path == "/slow":  # type: ignore[attr-defined] # a Received
            release.wait(10)
        status(204)(handler, received)  # type: ignore[arg-type] # what the server gives

    receiver.behave = hang
    monkeypatch.setattr(webhook, "post", lambda *given: net.post(*given, seconds=2))
    slow, fast = actions.do_try_endpoint(other.pk), actions.do_try_endpoint(endpoint[0].pk)
    send()
    release.set()
    states = dict(Message.objects.values_list("id", "state"))
    assert (states[slow], states[fast]) == ("ready", "sent")
    assert Attempt.objects.get(message=slow).detail == "timeout"
