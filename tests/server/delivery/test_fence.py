"""What a library that sends for us may connect to."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable

import pytest
import requests
from pytest_django.fixtures import Settings
from tests.support.receivers import Receiver, status, webhook_receiver

from handfast_server.delivery.fence import fenced
from handfast_server.delivery.net import AddressRefused


def _sends_a_datagram() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as loose:
        loose.sendto(b"x", ("10.0.0.1", 514))


def _connects_to_a_file() -> None:
    with socket.socket(socket.AF_UNIX) as loose:
        loose.connect("/run/x.sock")


_begins_a_thread = [lambda: threading.Thread(target=print).start()] if sys.version_info >= (3, 12) else []


@pytest.mark.parametrize(
    "reach",
    [
        lambda: socket.create_connection(("127.0.0.1", 9), timeout=1),
        lambda: requests.post("http://localhost:9/x", timeout=1),
        _sends_a_datagram,
        _connects_to_a_file,
        *_begins_a_thread,
        lambda: subprocess.run([sys.executable, "-c", ""], check=False),
        lambda: os.system("true"),  # noqa: S605 # it does not come to that
    ],
)
def test_nothing_inside_is_reached(reach: Callable[[], object]) -> None:
    with pytest.raises(AddressRefused), fenced():
        reach()


def test_it_stands_around_one_thread_and_only_so_long(settings: Settings) -> None:
    settings.WEBHOOKS_TO_PRIVATE = False
    with webhook_receiver() as receiver:
        may_go = threading.Event()
        others = threading.Thread(target=_posts_when, args=(may_go, receiver))
        others.start()
        with fenced():
            may_go.set()
            others.join()
        requests.post(receiver.address, timeout=5)
        assert len(receiver.got) == 2


def _posts_when(may_go: threading.Event, receiver: Receiver) -> None:
    may_go.wait(5)
    requests.post(receiver.address, timeout=5)


def test_a_redirect_inside_is_not_followed(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    with webhook_receiver() as receiver, webhook_receiver() as inside:
        outside = int(receiver.address.rpartition(":")[2])
        receiver.behave = status(307, Location=f"{inside.address}/metadata")
        monkeypatch.setattr("handfast_server.delivery.fence._is_inside", lambda address: address[1] != outside)
        with pytest.raises(AddressRefused), fenced():
            requests.post(receiver.address, timeout=5)
        assert len(receiver.got) == 1
        assert not inside.got


def test_it_is_lifted_for_receivers_inside(settings: Settings) -> None:
    settings.WEBHOOKS_TO_PRIVATE = True
    with webhook_receiver() as receiver, fenced():
        requests.post(receiver.address, timeout=5)
    assert len(receiver.got) == 1
