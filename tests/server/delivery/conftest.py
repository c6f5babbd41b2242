"""Receivers of messages, and the loops that send them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from pytest_django.fixtures import Settings
from tests.support.receivers import Mailbox, Receiver, mail_server, webhook_receiver

from handfast_server.delivery import actions, targets
from handfast_server.delivery.loops import LOOPS
from handfast_server.delivery.models import Endpoint
from handfast_server.worker.run import run


@pytest.fixture(autouse=True)
def _targets_are_read_anew() -> Iterator[None]:
    targets.forget()
    yield
    targets.forget()


@pytest.fixture
def mailbox(settings: Settings) -> Iterator[Mailbox]:
    """A mail server that the service is set to."""
    with mail_server() as box:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.MAIL_URL = f"smtp+plain://127.0.0.1:{box.port}"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", box.port
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        yield box


@pytest.fixture
def receiver(settings: Settings) -> Iterator[Receiver]:
    """A receiver of webhooks on this machine, where they may go."""
    settings.WEBHOOKS_TO_PRIVATE = True
    with webhook_receiver() as found:
        yield found


@pytest.fixture
def endpoint(db: None, receiver: Receiver) -> tuple[Endpoint, str]:
    """An endpoint that gets every event, and its secret."""
    return actions.do_make_endpoint(f"{receiver.address}/hooks", "test", [])


@pytest.fixture
def send() -> Callable[[], None]:
    """Send everything that is due, but no digests."""
    return lambda: run(once=True, which=[loop for loop in LOOPS if loop.name != "digest"])


@pytest.fixture
def morning() -> Callable[[], None]:
    """Send everything that is due, and digests."""
    return lambda: run(once=True, which=LOOPS)
