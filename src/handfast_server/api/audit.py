"""The audit log, and whether it is what was written."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from handfast_server.api.auth import may
from handfast_server.api.fields import MomentIn, MomentOut, Name
from handfast_server.audit.models import Entry
from handfast_server.audit.queries import Wanted, chain, entries

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
    what: Name = Field("", description="An action, or a beginning of actions such as `contracts.`.")
    since: MomentIn | None = None
    until: MomentIn | None = Field(default=None, description="Before this.")
    before: Annotated[int, Field(ge=1, le=2**63 - 1)] | None = None
    limit: Annotated[int, Field(ge=1, le=500)] = 100


@router.get("/entries", response=Entries)
@may("audit.read")
def list_entries(request: HttpRequest, asking: Query[Asking]) -> Entries:
    """Who did what, the newest first."""
    found = entries(Wanted(asking.who, asking.what, asking.about, asking.since, asking.until))
    if asking.before:
        found = found.filter(id__lt=asking.before)
    rows = list(found[: asking.limit + 1])
    page = rows[: asking.limit]
    return Entries(items=[_entry(each) for each in page], before=page[-1].pk if len(rows) > len(page) else None)


@router.get("/chain", response=Chain)
@may("audit.read")
def check_chain(request: HttpRequest) -> Any:
    """Hold every entry and every seal against what was written; it reads the whole log."""
    return chain()._asdict()


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
