"""What intake forgets of somebody, and what it knows of them, by the keys that name them."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import Exists, OuterRef

from handfast.audit.file.charset import decide_charset, decoded
from handfast.identity import emails_in
from handfast_server.facts.models import Fact
from handfast_server.intake.accounts import id_of
from handfast_server.intake.aside import shown, texts
from handfast_server.intake.item import ANONYMOUS, EMAIL
from handfast_server.intake.models import AccountKey, Nameless, SetAside, Upload, UploadedFile
from handfast_server.leads.models import Account, Key, Lead
from handfast_server.rosters.models import AccountOwner

_PACKED = (b"PK", b"PAR1", b"\x1f\x8b")
"""A packed file is not searched: it goes with any person."""

SHORTEST = 5
"""A shorter key is no proof that a text is about somebody."""


def forget(leads: Sequence[str]) -> None:
    """Drop what waits for a name that is theirs, and what was set aside and names them."""
    Nameless.objects.filter(anonymous__in=_anonymous(leads)).delete()
    SetAside.objects.filter(pk__in=[row.pk for row in _aside(leads)]).delete()
    _forget_uploads(leads)
    _forget_accounts(leads)


def _forget_uploads(leads: Sequence[str]) -> None:
    """Files that name them and are not taken in yet would bring them back: they go, and the upload says why."""
    _named, words, addresses = keys_of(leads)
    why = "Somebody in these files was forgotten meanwhile. Give them again without that person."
    for row in UploadedFile.objects.iterator(chunk_size=1):
        content = _unpacked(bytes(row.content))
        if content.startswith(_PACKED) or names(_text_of(content), words, addresses):
            UploadedFile.objects.filter(upload=row.upload_id).delete()
            Upload.objects.filter(pk=row.upload_id).update(state=Upload.State.FAILED, why=why)
    for upload in Upload.objects.exclude(refused="").iterator(chunk_size=10):
        lines = upload.refused.splitlines(keepends=True)
        kept = "".join(line for line in lines if not names(line, words, addresses))
        if kept != upload.refused:
            Upload.objects.filter(pk=upload.pk).update(refused=kept)


def _unpacked(content: bytes) -> bytes:
    """A file as it was given; one that cannot be read is taken for packed."""
    try:
        return gzip.decompress(content)
    except (OSError, EOFError, zlib.error):
        return _PACKED[0]


def _text_of(content: bytes) -> str:
    """A file as whoever takes it in reads it, UTF-16 and Windows-1252 too."""
    return "".join(decoded([content], decide_charset([content])))


def _said(leads: Sequence[str]) -> tuple[set[str], set[str]]:
    """The accounts that these people were put to, and the digits of the numbers that they gave."""
    ids, phones = set(), set()
    facts = Fact.objects.filter(lead__in=leads, kind__in=("LeadCreated", "AttributesChanged"))
    for line in facts.values_list("line", flat=True).iterator(chunk_size=500):
        told = _object(line)
        ids.add(str(told.get("account") or ""))
        phones.add("".join(filter(str.isdigit, str(_object(told.get("attributes")).get("phone") or ""))))
    return ids, phones


def _object(told: Any) -> dict[str, Any]:
    """The object that a line is; an empty one where it cannot be read."""
    try:
        found = json.loads(told) if isinstance(told, str) else told
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _forget_accounts(leads: Sequence[str]) -> None:
    """Drop accounts that were made of what these people said of themselves alone; of others, their telephone number.

    An account that a CRM stated, that has an owner, is a customer or has other leads is a company's, and stays.
    """
    ids, phones = _said(leads)
    others = Lead.objects.filter(account=OuterRef("pk"), erased=False).exclude(pk__in=leads)
    for row in Account.objects.filter(pk__in=ids).annotate(shared=Exists(others)):
        owned = AccountOwner.objects.filter(account=row.pk).exists()
        if not (row.shared or owned or row.customer) and row.pk == id_of(row.normal_name):
            AccountKey.objects.filter(account=row.pk).delete()
            row.delete()
        elif row.phone and row.phone in phones:
            AccountKey.objects.filter(account=row.pk, kind="phone").delete()
            Account.objects.filter(pk=row.pk).update(phone="")


def personal(leads: Sequence[str]) -> dict[str, Any]:
    """The same, to be handed out."""
    held = Nameless.objects.filter(anonymous__in=_anonymous(leads)).order_by("happened_at")
    return {
        "held": [json.loads(line) for line in held.values_list("line", flat=True)],
        "set_aside": [shown(row) for row in _aside(leads)],
    }


def _anonymous(leads: Sequence[str]) -> list[str]:
    return list(Key.objects.filter(lead__in=leads, kind=ANONYMOUS).values_list("value", flat=True))


def _aside(leads: Sequence[str]) -> Iterator[SetAside]:
    named, words, addresses = keys_of(leads)
    for row in SetAside.objects.iterator(chunk_size=100):
        if not named.isdisjoint(row.who) or any(names(text, words, addresses) for text in texts(row)):
            yield row


def keys_of(leads: Sequence[str]) -> tuple[set[str], list[str], set[str]]:
    """What names them: with its kind, as words of a text, and their addresses."""
    keys = set(Key.objects.filter(lead__in=leads).values_list("kind", "value"))
    words = [value.casefold() for _, value in keys if len(value) >= SHORTEST]
    return {f"{kind}:{value}" for kind, value in keys}, words, {value for kind, value in keys if kind == EMAIL}


def names(text: str, words: Sequence[str], addresses: set[str]) -> bool:
    """Whether a text has a key in it, or an address that is one of these in its common spelling."""
    folded = text.casefold()
    return any(word in folded for word in words) or not addresses.isdisjoint(emails_in(text))
