"""What messages are sent to in tests: a mail server, a receiver of webhooks that behaves badly when told to."""

from __future__ import annotations

import email
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller


@dataclass
class Mailbox:
    """Everything that came by mail; ``refuse`` is answered to recipients instead of taking them."""

    port: int = 0
    mails: list[EmailMessage] = field(default_factory=list)
    refuse: str = ""

    async def handle_RCPT(self, _: Any, __: Any, envelope: Any, address: str, ___: Any) -> str:  # noqa: N802 # aiosmtpd calls it so
        if self.refuse:
            return self.refuse
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _: Any, __: Any, envelope: Any) -> str:  # noqa: N802 # the same
        mail = email.message_from_bytes(envelope.content, policy=default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        return "250 OK"


@contextmanager
def mail_server() -> Iterator[Mailbox]:
    """A real SMTP server on loopback."""
    box = Mailbox(port=free_port())
    controller = Controller(box, hostname="127.0.0.1", port=box.port)
    controller.start()
    try:
        yield box
    finally:
        controller.stop()


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


@dataclass
class Received:
    """One request."""

    headers: dict[str, str]
    body: bytes
    path: str


@dataclass
class Receiver:
    """A receiver of webhooks. ``behave`` answers a request; None is 204."""

    address: str = ""
    got: list[Received] = field(default_factory=list)
    behave: Callable[[BaseHTTPRequestHandler, Received], None] | None = None

    def ids(self) -> list[str]:
        return [each.headers["webhook-id"] for each in self.got]


def status(code: int, **headers: str) -> Callable[[BaseHTTPRequestHandler, Received], None]:
    """Answer so, with nothing."""

    def answer(handler: BaseHTTPRequestHandler, _: Received) -> None:
        handler.send_response(code)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    return answer


def drip(handler: BaseHTTPRequestHandler, _: Received) -> None:
    """A byte of the head of an answer now and then, as long as anybody listens."""
    try:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
        for _letter in range(200):
            handler.wfile.write(b"x")
            handler.wfile.flush()
            time.sleep(0.05)
    except OSError:
        pass


@contextmanager
def webhook_receiver() -> Iterator[Receiver]:
    """A real HTTP server on loopback."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:  # http.server calls it so
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            received = Received(headers, body, self.path)
            receiver.got.append(received)
            (receiver.behave or status(204))(self, received)

        do_GET = do_POST  # noqa: N815 # whoever follows a redirect comes here

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    receiver.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
