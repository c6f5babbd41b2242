"""A full installation and an empty one."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from handfast_server.access import of_user
from handfast_server.accounts.invitations import do_invite
from handfast_server.accounts.models import Role, User
from handfast_server.accounts.tokens import do_make_token
from handfast_server.contracts import drafts
from handfast_server.contracts.comments import do_comment
from handfast_server.contracts.models import Version
from handfast_server.delivery.models import Channel, Endpoint, Message
from handfast_server.demo.cast import CAST
from handfast_server.demo.load import write_cast
from handfast_server.demo.prepared import prepare
from handfast_server.intake import aside
from handfast_server.intake.models import Source
from handfast_server.intake.uploads import Given, do_upload
from handfast_server.now import now
from handfast_server.secrets import encrypt
from handfast_server.worker.run import run


def empty() -> None:
    """Nobody but the four, and nothing."""
    write_cast("Europe/Berlin")


def year(leads: int) -> None:
    """A demonstration."""
    prepare(leads, _unsaid)


def by_people() -> None:
    """One of everything that only people make."""
    _outside()
    _drafts()
    do_invite("new.colleague@acme.example", [Role.VIEWER], name="Noa Lindgren", rep="", by="user:1")
    admin = User.objects.get(email=CAST[0].email)
    do_make_token("CRM, nightly", [Role.ADMIN], ["read", "export"], admin)
    do_upload([Given("contacts.csv", _CONTACTS.encode())], "hubspot", of_user(admin).name)
    run(once=True)


_CONTACTS = """Record ID,First Name,Last Name,Email,Company Name,Job Title,Create Date,Lifecycle Stage,Employees
1,Mara,Quist,mara.quist@lumenhof.example,Lumenhof,VP Sales,2026-03-02 10:15,Marketing Qualified Lead,240
2,Ole,Brandt,ole.brandt@tidewerk.example,Tidewerk,Head of IT,2026-03-05 09:02,Lead,90
3,Ivo,Sanders,,Nordkap,Director,2026-31-05 09:02,Lead,twelve
"""


def _unsaid(_line: str, /, **_values: object) -> None:
    """Nobody listens."""


def _outside() -> None:
    """What posts here, and what is posted to."""
    at = now()
    for name, kind in (("website", "form"), ("product", "tracking"), ("crm", "webhook")):
        Source.objects.create(name=name, kind=kind, made_at=at)
    Endpoint.objects.create(
        id="crm", url="https://crm.acme.example/hooks", about="CRM", secret=encrypt("whsec"), made_at=at
    )
    Channel.objects.create(
        id="sales", name="#sales", address=encrypt("slack://sales"), events=["clock.breached"], made_at=at
    )
    aside.keep("website:17", "website", "broken", "It could not be taken in, and is set aside.", '{"email": 7}', ())
    states = (("sent", ""), ("dead", "The server answered 550."), ("ready", ""))
    for place, (state, error) in enumerate(states):
        Message.objects.create(
            id=f"photo{place}",
            event="lead.assigned",
            to="lena.vogt@acme.example",
            channel="mail",
            payload="{}",
            state=state,
            created_at=at,
            due_at=at,
            error=error,
            ended_at=None if state == "ready" else at,
        )


def _drafts() -> None:
    """One that is asked to be signed, and one with a mistake in it."""
    leader = of_user(User.objects.get(email=CAST[1].email))
    last = Version.objects.order_by("-number").first()
    if last is None:
        return
    do_comment(leader, last, "clocks.first_touch.within", "Could sales live with one hour?")
    text = last.text.replace(f"version: {last.number}\n", f"version: {last.number + 1}\n")
    later = text.replace("{warm: 40}", "{warm: 45}")
    later = "\n".join(
        f"effective_from: {_soon()}" if line.startswith("effective_from:") else line for line in later.split("\n")
    )
    drafts.do_drop(drafts.do_write(leader, later, "Warm begins at 45, at once").pk)
    asked = drafts.do_write(leader, later, "Warm begins at 45")
    drafts.do_propose(leader, asked.pk)
    drafts.do_write(leader, later.replace("points: 25", "points: lots"), "Industry counts for more")


def _soon() -> str:
    day = dt.datetime.now(ZoneInfo("Europe/Berlin")).date() + dt.timedelta(days=9)
    return dt.datetime.combine(day, dt.time(), ZoneInfo("Europe/Berlin")).isoformat()
