"""Who forgot their password, where the service's mail does not work."""

from __future__ import annotations

import re
import smtplib
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client

from handfast_server.accounts.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def somebody() -> User:
    return User.objects.create_user("priya@acme.example", "a good word", name="Priya", roles=["admin"])


def _asked(address: str) -> tuple[int, str]:
    answer = Client().post("/account/password/reset/", {"email": address})
    return answer.status_code, answer["Location"]


def test_a_link_comes_by_mail() -> None:
    assert _asked("priya@acme.example") == (302, "/account/password/reset/done/")
    [sent] = mail.outbox
    assert (sent.to, sent.subject) == (["priya@acme.example"], "A new password for Handfast")
    [link] = re.findall(r"^http://\S+$", str(sent.body), re.MULTILINE)
    assert Client().get(link.partition("testserver")[2], follow=True).status_code == 200


def test_who_is_not_known_is_not_told_to_sign_up() -> None:
    assert _asked("nobody@acme.example") == (302, "/account/password/reset/done/")
    [sent] = mail.outbox
    assert "Nobody signs in there by nobody@acme.example." in str(sent.body)
    assert "http" not in str(sent.body)


def test_both_are_said_in_german() -> None:
    for address in ("priya@acme.example", "nobody@acme.example"):
        Client(headers={"accept-language": "de"}).post("/account/password/reset/", {"email": address})
    assert [each.subject for each in mail.outbox] == [
        "Ein neues Passwort für Handfast",
        "Niemand hat hier diese Adresse",
    ]


@pytest.mark.parametrize("failure", [ConnectionRefusedError(), smtplib.SMTPServerDisconnected(), TimeoutError()])
def test_mail_that_fails_says_nothing_of_who_has_an_account(
    failure: Exception, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: Any) -> int:
        raise failure

    monkeypatch.setattr(EmailBackend, "send_messages", fail)
    assert _asked("priya@acme.example") == _asked("nobody@acme.example") == (302, "/account/password/reset/done/")
    told = caplog.text
    assert told.count("mail_failed") == 2
    assert "@acme.example" not in told
