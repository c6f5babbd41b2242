"""A post to a receiver costs a connection, and no reading of certificates."""

from __future__ import annotations

from typing import Any

import httpcore
import pytest
from tests.support.receivers import webhook_receiver

from handfast_server.delivery import net


def test_authorities_are_read_once_a_process_and_not_at_all_for_http(
    monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.WEBHOOKS_TO_PRIVATE = True
    read: list[object] = []

    def reading() -> object:
        read.append(object())
        return read[-1]

    monkeypatch.setattr(httpcore, "default_ssl_context", reading)
    net._tls.cache_clear()
    with webhook_receiver() as receiver:
        assert net.post(receiver.address, {}, b"{}").status == 204
    assert not read
    assert net._tls() is net._tls() is read[0]
    assert len(read) == 1
    net._tls.cache_clear()
