"""The audit log, and whether it is what was written."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from handfast_server.api.auth import may
from handfast_server.api.fields import MomentOut, Name
from handfast_server.audit.models import Entry, Seal
from handfast_server.audit.seals import faults

router = Router(tags=["audit"])


class EntryOut(Schema):
    """Somebody did something; ``seal`` is the link of the chain that holds it, none while it is not sealed."""

    id: int
    at: MomentOut
    who: str
    what: str
    about: str
    request_id: str
    details: str
    forgotten: bool
    seal: int | None


class Entries(Schema):
    """A page, the newest first; ``before`` asks for the next one."""

    items: list[EntryOut]
    before: int | None


class Chain(Schema):
    """What holding the whole log against its seals found; ``digest`` is that of the newest."""

    whole: bool
    seals: int
    digest: str
    unsealed: int
    faults: list[str]


class Asking(Schema):
    """Which entries."""

    about: Name = ""
    who: Name = ""
    before: Annotated[int, Field(ge=1, le=2**63 - 1)] | None = None
    limit: Annotated[int, Field(ge=1, le=500)] = 100


@router.get("/entries", response=Entries)
@may("audit.read")
def list_entries(request: HttpRequest, asking: Query[Asking]) -> Entries:
    """Who did what, the newest first."""
    found = Entry.objects.order_by("-id")
    if asking.about:
        found = found.filter(about=asking.about)
    if asking.who:
        found = found.filter(who=asking.who)
    if asking.before:
        found = found.filter(id__lt=asking.before)
    rows = list(found[: asking.limit + 1])
    page = rows[: asking.limit]
    return Entries(items=[_entry(each) for each in page], before=page[-1].pk if len(rows) > len(page) else None)


@router.get("/chain", response=Chain)
@may("audit.read")
def check_chain(request: HttpRequest) -> Chain:
    """Hold every entry and every seal against what was written; it reads the whole log."""
    found = list(faults())
    last = Seal.objects.order_by("-number").first()
    return Chain(
        whole=not found,
        seals=0 if last is None else last.number,
        digest="" if last is None else last.digest,
        unsealed=Entry.objects.filter(seal__isnull=True).count(),
        faults=found[:100],
    )


def _entry(row: Entry) -> EntryOut:
    return EntryOut(
        id=row.pk,
        at=row.at,
        who=row.who,
        what=row.what,
        about=row.about,
        request_id=row.request_id,
        details=row.details,
        forgotten=row.forgotten,
        seal=row.seal_id,
    )
