"""The receiver of the crash tests counts what it received, and nothing else."""

from __future__ import annotations

import socket
from urllib.parse import urlsplit

from tests.support.crash import Receiver
from tests.support.program import until

HEAD = b"POST /hook HTTP/1.1\r\nHost: here\r\nwebhook-id: one\r\nContent-Length: 10\r\n\r\n"


def test_what_breaks_off_half_way_was_not_received() -> None:
    with Receiver(faultless=True) as receiver:
        place = urlsplit(receiver.url)
        assert place.hostname
        assert place.port
        for sent in (HEAD, HEAD + b"01234"):
            with socket.create_connection((place.hostname, place.port)) as cut:
                cut.sendall(sent)
                cut.shutdown(socket.SHUT_WR)  # as the end of a killed sender is seen
                assert cut.recv(100) == b""
        assert not receiver.taken
        with socket.create_connection((place.hostname, place.port)) as whole:
            whole.sendall(HEAD + b"0123456789")
            until(lambda: receiver.taken["one"] == 1, "received", 20)
        assert receiver.said == {"one": {b"0123456789"}}
