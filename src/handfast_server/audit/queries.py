"""Entries of the audit log to read: for the interface, for its page and for its file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from django.db.models import QuerySet

from handfast.instant import Instant, format_instant
from handfast_server.audit.models import Entry, Seal
from handfast_server.audit.seals import faults
from handfast_server.sheet import line


class Wanted(NamedTuple):
    """Which entries; what is empty narrows nothing. ``what`` is an action, or a beginning with its point."""

    who: str = ""
    what: str = ""
    about: str = ""
    since: Instant | None = None
    until: Instant | None = None  # before this


class Chain(NamedTuple):
    """What holding the whole log against its seals found; ``digest`` is that of the newest."""

    whole: bool
    seals: int
    digest: str
    unsealed: int
    faults: tuple[str, ...]


_SHOWN = 100


def entries(wanted: Wanted) -> QuerySet[Entry]:
    """The newest first."""
    found = Entry.objects.order_by("-id")
    equal = {"about": wanted.about, "who": wanted.who}
    found = found.filter(**{name: value for name, value in equal.items() if value})
    if wanted.what.endswith("."):
        found = found.filter(what__startswith=wanted.what)
    elif wanted.what:
        found = found.filter(what=wanted.what)
    if wanted.since is not None:
        found = found.filter(at__gte=wanted.since)
    return found if wanted.until is None else found.filter(at__lt=wanted.until)


def chain() -> Chain:
    """Hold every entry and every seal against what was written; it reads the whole log."""
    found = tuple(faults())
    last = Seal.objects.order_by("-number").first()
    return Chain(
        whole=not found,
        seals=0 if last is None else last.number,
        digest="" if last is None else last.digest,
        unsealed=Entry.objects.filter(seal__isnull=True).count(),
        faults=found[:_SHOWN],
    )


def as_csv(wanted: Wanted) -> Iterator[str]:
    """Every entry that is asked for, a line each."""
    yield line(("id", "at", "who", "what", "about", "request_id", "details", "forgotten", "seal"))
    for row in entries(wanted).iterator(chunk_size=2_000):
        seal = "" if row.seal_id is None else row.seal_id
        told = (row.who, row.what, row.about, row.request_id, row.details, row.forgotten, seal)
        yield line((row.pk, format_instant(row.at), *told))
