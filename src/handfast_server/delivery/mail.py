"""Mail: text and HTML from one template each, over one connection for several; the message's id is the mail's."""

from __future__ import annotations

import re
import smtplib
from collections.abc import Iterator
from contextlib import suppress
from email.utils import parseaddr
from typing import Any

import orjson
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.template.loader import render_to_string
from django.utils.translation import override

from handfast_server.accounts.models import User
from handfast_server.delivery import lease, unsubscribe
from handfast_server.delivery.lease import Leased, Outcome, Result
from handfast_server.delivery.outbox import MAIL
from handfast_server.delivery.parts import Said
from handfast_server.delivery.people import language_of
from handfast_server.delivery.words import say
from handfast_server.now import now
from handfast_server.observe.log import get_logger

log = get_logger("delivery")

BATCH = 10

_BLANK = re.compile(r"\n{3,}")


def send() -> bool:
    """Send mail that is due; whether there may be more."""
    found = lease.lease(MAIL, BATCH)
    if found:
        for message, result in _sent(found):
            lease.finish(message, result)
    return bool(found)


def _sent(found: list[Leased]) -> Iterator[tuple[Leased, Result]]:
    server: Any = get_connection(fail_silently=False)
    broken = ""
    try:
        for message in found:
            if broken:
                yield message, Result(Outcome.AGAIN, broken)
                continue
            try:
                yield message, _send(message, server)
            except (smtplib.SMTPServerDisconnected, smtplib.SMTPConnectError, OSError) as gone:
                broken = type(gone).__name__  # the others need not find out one by one
                yield message, Result(Outcome.AGAIN, broken)
    finally:
        with suppress(smtplib.SMTPException, OSError):
            server.close()


def _send(message: Leased, server: Any) -> Result:
    over = lease.over(message, now())
    if over is not None:
        return over
    try:
        mail = write(message)
        if mail is None:
            return Result(Outcome.SKIPPED, "nothing_to_say")
        server.open()
        mail.connection = server
        mail.send()
    except smtplib.SMTPRecipientsRefused as refused:
        codes = [code for code, _ in refused.recipients.values()]
        final = bool(codes) and all(code >= 500 for code in codes)
        return Result(Outcome.DEAD if final else Outcome.AGAIN, f"recipient_refused_{codes[0] if codes else ''}")
    except (smtplib.SMTPServerDisconnected, smtplib.SMTPConnectError):
        raise
    except smtplib.SMTPResponseException as refused:
        return Result(Outcome.AGAIN, f"refused_{refused.smtp_code}")
    except OSError:
        raise
    except Exception as broken:
        log.exception("not_written", message=message.id)
        return Result(Outcome.AGAIN, type(broken).__name__)
    return Result(Outcome.SENT)


def write(message: Leased) -> EmailMultiAlternatives | None:
    """The mail; None when there is nothing to say any more."""
    told = orjson.loads(message.payload)
    number = told.get("user")
    user = None if number is None else User.objects.filter(pk=number).first()
    said = say(message, user)
    if said is None:
        return None
    host = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "handfast.invalid"
    headers = {"Message-ID": f"<{message.id}@{host}>", "Auto-Submitted": "auto-generated"}
    link = unsubscribe.link(user) if message.event == "digest" and user is not None else ""
    if link:
        headers |= {"List-Unsubscribe": f"<{link}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    text, html = render(said, language_of(user, told.get("language")), link)
    mail = EmailMultiAlternatives(said.title, text, to=[message.to], headers=headers)
    mail.attach_alternative(html, "text/html")
    return mail


def render(said: Said, language: str, unsubscribe_link: str = "") -> tuple[str, str]:
    """Text and HTML."""
    with override(language):
        values = {"said": said, "language": language, "unsubscribe": unsubscribe_link, "home": settings.BASE_URL}
        return (
            _BLANK.sub("\n\n", render_to_string("delivery/mail.txt", values)).strip() + "\n",
            render_to_string("delivery/mail.html", values),
        )
