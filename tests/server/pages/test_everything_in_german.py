"""Every page and every mail in a German whose letters are marked: what is plain there is data, by name.

A text that never went through gettext, or has no German, is seen at once; so is English of the core.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from photo import made
from photo.pages import pages
from tests.support.marked import CUT, bare, marked, unmarked

from handfast.zones import known_zone
from handfast_server.accounts.models import User
from handfast_server.contracts.models import Comment, Draft, Version
from handfast_server.decide.terms import signed_of
from handfast_server.delivery.lease import Leased
from handfast_server.delivery.mail import render
from handfast_server.delivery.models import Message
from handfast_server.delivery.outbox import WEBHOOK
from handfast_server.delivery.words import say
from handfast_server.demo.cast import CAST
from handfast_server.facts.models import Fact
from handfast_server.leads.models import Lead
from handfast_server.rosters.models import Rep
from handfast_server.scoreboard import boards

LEADS = 300

OF_PROGRAMS = {"api_docs"}
"""Written for those who write programs, as the interface is: in English."""

NAMES = frozenset(
    "Handfast|Deutsch|English|Esc|HubSpot|Salesforce|Marketo|Apprise|EUR|MQLs|SALs|SQLs|CSV|PDF|UTC|CET|CEST|h|min|s"
    "|http|sqlite|postgresql".split("|")
)
"""Names that are the same in every language: of products, units and currencies."""

MADE = frozenset(
    "website|product|CRM|crm|#sales|CRM, nightly|Noa Lindgren|Warm begins at 45|Warm begins at|Industry counts for more"
    "|Lumenhof|Tidewerk|Nordkap|Mara Quist|Ole Brandt|Ivo Sanders|contacts.csv|hubspot|lots|Record ID|First Name"
    "|Last Name|Email|Company Name|Job Title|Create Date|Lifecycle Stage|Employees|Organic|Paid search|demonstration"
    "|The server answered|Error".split("|")
)
"""What was made up for pictures: sources, tokens, drafts, an export, what another system answered."""

KEYS = frozenset(
    "engine|comment|upload|token|invitation|draft|team|user|lead|role|contracts|again|read|export|marketing|shadow|form|message"
    "|path|campaign|broken|zone|recycle|com|email|employees|title|source|industry|country|company"
    "|first name|last name|phone|region|language|medium|customer".split("|")
)
"""Words of programs that are shown as they are kept: in the audit log, of deliveries, scopes and activities."""

_CODE = re.compile(r"\S*[_.:/@#\[\d=]\S+|Q\d")
"""A path, a key, an address, an id, a number: nobody's words."""

_PIECES = re.compile(r"[\s·,;:()|„“\"←→÷×–—.?!%/+-]+")


_QUOTED = re.compile(r'"((?:[^"\\]|\\.)+)"')
"""A text in JSON."""


def _strings(value: object) -> Iterator[str]:
    """Every text in a contract, with the keys of its tables as they are and as people say them."""
    if isinstance(value, str):
        yield from (value, value.replace("_", " "), value.upper())
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        for field in dataclasses.fields(value):
            yield from _strings(getattr(value, field.name))
    elif isinstance(value, Mapping):
        for key, each in value.items():
            yield from (*_strings(key), *_strings(each))
    elif isinstance(value, (list, tuple, set, frozenset)):
        for each in value:
            yield from _strings(each)


def _data() -> Iterator[str]:
    """The names that stand in rows: of people, of leads and what they said, of what contracts are made of."""
    yield from (name for user in User.objects.all() for name in (user.name, user.email, user.rep))
    yield from Rep.objects.values_list("name", flat=True)
    yield from Draft.objects.values_list("note", flat=True)
    yield from Comment.objects.values_list("text", flat=True)
    for version in Version.objects.all():
        yield from _strings(signed_of(version).sealed.contract)
    for line in (*Lead.objects.values_list("state", flat=True), *Fact.objects.values_list("line", flat=True)):
        yield from (text.strip(" .?!") for text in _QUOTED.findall(line))


@pytest.fixture
def everything(transactional_db: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """The demonstration, and one of everything that only people make; all read German."""
    monkeypatch.setattr(settings, "HOME", tmp_path)
    monkeypatch.setattr(settings, "DEMO", True)
    boards.forget()
    made.year(LEADS)
    made.by_people()
    User.objects.update(language="de")
    yield
    boards.forget()


def _opened(page: Any) -> str:
    client = Client(headers={"host": "127.0.0.1", "accept": "text/html", "accept-language": "de"})
    if page.who:
        member = next(member for member in CAST if member.key == page.who)
        client.force_login(User.objects.get(email=member.email), backend=settings.AUTHENTICATION_BACKENDS[0])
    answer: Any = client.get(page.address)
    assert answer.status_code < 500, page.name
    return (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode()


def _mails() -> Iterator[tuple[str, str]]:
    """One of each event that a person is told of, as it is written to a rep."""
    rep = User.objects.get(email=next(member.email for member in CAST if member.key == "rep"))
    rows = Message.objects.exclude(channel=WEBHOOK).order_by("-created_at")
    for row in {row.event: row for row in rows}.values():
        kept = {name: getattr(row, name) for name in _KEPT}
        said = say(Leased(**kept, number=1, until=0), rep)
        if said is not None:
            yield f"mail {row.event}", render(said, "de")[1]


_KEPT = ("id", "event", "to", "channel", "lead", "cycle", "payload", "created_at", "not_after")


def test_no_page_and_no_mail_says_anything_that_is_not_german(everything: None) -> None:
    names = {*NAMES, *MADE, *KEYS, *(bare(" ".join(text.split())) for text in _data())} - {""}
    said: dict[str, str] = {}
    with marked():
        for page in pages(closed=False, demo=True):
            if page.name not in OF_PROGRAMS:
                said |= {run: f"{page.name}, {where}" for where, run in unmarked(_opened(page)) if run not in names}
        for name, mail in _mails():
            said |= {run: f"{name}, {where}" for where, run in unmarked(mail) if run not in names}
    assert len({where.partition(",")[0] for where in said.values()}) > 30
    assert [f"{where}: {run}" for run, where in said.items() if not _is_data(run, names)] == []


def _is_data(run: str, names: set[str]) -> bool:
    """Whether a run of plain letters is made of names and nothing else."""
    if known_zone(run.replace(" ", "_")):
        return True
    if run.endswith(CUT):
        run = run.removesuffix(CUT)
        tail = run.rpartition(": ")[2]
        if any(name.startswith(tail) for name in names):
            run = run.removesuffix(tail)
    run = " ".join(each for each in run.split() if not _CODE.fullmatch(each))
    for name in sorted((name for name in names if len(name) > 2 and name in run), key=len, reverse=True):
        run = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", " ", run)
    return all(len(each) < 2 or each in names for each in _PIECES.split(run))
