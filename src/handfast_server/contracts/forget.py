"""What people say of clauses and drafts, without somebody who is forgotten."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django.db.models import Model

from handfast.identity import emails_in
from handfast_server.contracts.models import Comment, Draft
from handfast_server.intake.forget import keys_of, names
from handfast_server.leads.scrub import GONE

_SAID: tuple[tuple[type[Model], str], ...] = ((Comment, "text"), (Draft, "note"))

_ADDRESS = re.compile(r"[^\s,;()<>]*@[^\s,;()<>]*")


def forget(leads: Sequence[str]) -> None:
    """Take their addresses and other keys out of what was said; the rest of it stays, as it is of a clause."""
    _named, words, addresses = keys_of(leads)
    for model, column in _SAID:
        rows = model._default_manager.exclude(**{column: ""})  # noqa: SLF001 # Django's documented name
        for key, text in list(rows.values_list("pk", column)):
            if names(text, words, addresses):
                kept = {column: _without(text, words, addresses)}
                model._default_manager.filter(pk=key).update(**kept)  # noqa: SLF001 # as above


def _without(text: str, words: Sequence[str], addresses: set[str]) -> str:
    for word in words:
        text = re.sub(re.escape(word), GONE, text, flags=re.IGNORECASE)
    return _ADDRESS.sub(lambda found: found[0] if addresses.isdisjoint(emails_in(found[0])) else GONE, text)


def personal(leads: Sequence[str]) -> dict[str, Any]:
    """What was said that names them, to be handed out."""
    _named, words, addresses = keys_of(leads)
    told = Comment.objects.exclude(text="").order_by("made_at", "pk").values("made_at", "text")
    return {"comments": [row for row in told if names(row["text"], words, addresses)]}
