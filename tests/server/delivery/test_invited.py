"""Invitations by mail: to the address that was invited, with a link that works once, while it is worth anything."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils.translation import override
from tests.support.receivers import Mailbox

from handfast_server.accounts.invitations import do_invite, do_revoke_invitation
from handfast_server.accounts.models import Role, User
from handfast_server.delivery.models import Message
from handfast_server.delivery.queries import content

pytestmark = pytest.mark.django_db(transaction=True)

Send = Callable[[], None]


def _parts(mailbox: Mailbox) -> tuple[Any, str, str]:
    [mail] = mailbox.mails
    text, html = (mail.get_body((kind,)).get_content() for kind in ("plain", "html"))  # type: ignore[union-attr] # there is one
    return mail, text, html


def invited(by: User, email: str = "Nina@acme.example") -> tuple[Any, str]:
    return do_invite(email, [Role.VIEWER], name="Nina", rep="", by=f"user:{by.pk}")


def test_the_link_goes_to_who_is_invited_and_works_once(people: dict[str, User], mailbox: Mailbox, send: Send) -> None:
    _made, link = invited(people["admin"])
    message = Message.objects.get(event="account.invited")
    assert link.rpartition("/")[2] not in message.payload
    assert "token" not in content(message, whole=True)
    send()
    mail, text, html = _parts(mailbox)
    assert (mail["To"], mail["Subject"]) == ("nina@acme.example", "You are invited to Handfast")
    assert "Priya asks you to join" in text
    assert re.findall(r"https?://\S+/invited/\S+", text) == [link]
    assert f'href="{link}"' in html
    path = link.removeprefix(settings.BASE_URL)
    client = Client()
    for _ in range(2):  # a scanner follows it and uses nothing up
        assert client.get(path).status_code == 200
    told = {"name": "Nina", "password": "seven grey herons", "email": "mallory@evil.example"}
    assert client.post(path, told).status_code == 302
    assert User.objects.get(name="Nina").email == "nina@acme.example"
    assert Client().get(path).status_code == 404


def test_it_is_written_in_the_language_of_who_invites(people: dict[str, User], mailbox: Mailbox, send: Send) -> None:
    with override("de"):
        invited(people["admin"])
    send()
    mail, text, html = _parts(mailbox)
    assert mail["Subject"] == "Einladung zu Handfast"
    assert "Einladung annehmen" in text
    assert '<html lang="de">' in html


def test_what_is_worth_nothing_any_more_is_not_sent(people: dict[str, User], mailbox: Mailbox, send: Send) -> None:
    made, _link = invited(people["admin"])
    do_revoke_invitation(made.pk)
    send()
    assert mailbox.mails == []
    assert Message.objects.get(event="account.invited").error == "nothing_to_say"


def test_without_mail_the_link_is_shown_alone(people: dict[str, User], clients: dict[str, Client]) -> None:
    told = {"email": "nina@acme.example", "roles": ["viewer"], "name": "Nina"}
    answer = clients["admin"].post("/api/people/invitations", told, content_type="application/json")
    assert (answer.status_code, "/invited/" in answer.json()["link"]) == (201, True)
    assert not Message.objects.filter(event="account.invited").exists()
