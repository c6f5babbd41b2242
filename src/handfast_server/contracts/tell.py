"""Who is told what of drafts and versions: messages in the transaction of what they tell of."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

import orjson

from handfast.contract.sign import Draft as DraftValue
from handfast.contract.sign import Signed, open_seats
from handfast.instant import Instant
from handfast_server.accounts.models import User
from handfast_server.contracts.models import Comment, Draft
from handfast_server.delivery.models import Message


def tell_asked(draft: Draft, value: DraftValue, at: Instant, *, again: str = "") -> None:
    """Those whose consent is needed are asked for it, and their deputies may give it; once for each ``again``."""
    said = {"draft": draft.pk, "version": value.sealed.contract.version, "digest": value.sealed.digest}
    _tell("contract.signature_asked", f"draft:{draft.pk}:{draft.revision}:asked{again}", _asked(value), said, at)


def tell_signed(signed: Signed, at: Instant) -> None:
    """Everybody who signed, and both parties, know from when it governs."""
    number = signed.sealed.contract.version
    said = {"version": number, "digest": signed.sealed.digest, "in_force_from": signed.in_force_from}
    parties = (party.email for party in signed.sealed.contract.parties.values())
    people = {each.email for each in signed.signatures} | set(parties)
    _tell("contract.signed", f"version:{number}:signed", people, said, at)


def tell_overtaken(draft: Draft, at: Instant) -> None:
    """Who proposed and who signed a draft that another was faster than."""
    people = {raw["email"] for raw in draft.signatures}
    kind, _, key = (draft.proposed_by or draft.made_by).partition(":")
    if kind == "user":
        people |= set(User.objects.filter(pk=key).values_list("email", flat=True))
    said = {"draft": draft.pk, "version": draft.number}
    _tell("contract.overtaken", f"draft:{draft.pk}:overtaken", people, said, at)


def tell_commented(comment: Comment, people: Iterable[str], at: Instant) -> None:
    """Those who are named in a comment, and whose draft it is of; a program is nobody who reads."""
    keys = [key for kind, _, key in (each.partition(":") for each in people) if kind == "user"]
    to = User.objects.filter(pk__in=keys, is_active=True).values_list("email", flat=True)
    said = {
        "comment": comment.pk,
        "draft": comment.draft_id,
        "version": comment.version_id,
        "clause": comment.path,
    }
    _tell("contract.commented", f"comment:{comment.pk}", to, said, at)


def _asked(value: DraftValue) -> set[str]:
    people = {seat.email for seat in open_seats(value)}
    for party in value.sealed.contract.parties.values():
        people |= set(party.deputies)
    return people


def _tell(event: str, name: str, people: Iterable[str], said: Mapping[str, Any], at: Instant) -> None:
    payload = orjson.dumps(dict(said)).decode()
    made = [
        Message(id=_id(name, to), event=event, to=to, channel="person", payload=payload, created_at=at, due_at=at)
        for to in sorted(set(people))
    ]
    Message.objects.bulk_create(made, ignore_conflicts=True)


def _id(name: str, to: str) -> str:
    """The same for the same message, however often it is written; an address stands in none."""
    return hashlib.sha256(f"{name}:{to}".encode()).hexdigest()[:40]
