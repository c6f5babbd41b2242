"""What was set aside, told again by whoever read it the first time."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from handfast_server.intake import forms, hooks
from handfast_server.intake.aside import came
from handfast_server.intake.item import Item, Outcome, Status
from handfast_server.intake.models import SetAside, Source, SourceKind
from handfast_server.intake.refused import ItemRefused
from handfast_server.intake.take import take_in
from handfast_server.intake.tracking import Reading, item_of
from handfast_server.intake.wire import item_of as item_of_wire
from handfast_server.intake.wire import read_any, with_body

_UNREADABLE = "What was kept of it cannot be read any more, so that it cannot be told again."


def do_tell_again(row: SetAside) -> Outcome:
    """Tell it again under the name that it had, so that it stays one; it is set aside no more once it is taken in."""
    text = came(row)
    try:
        raw = json.loads(text)
        item = with_body(_named(_item(row, raw), row.name), text)
    except ItemRefused as refused:
        return Outcome(status=Status.REFUSED, name=row.name, code=refused.code, message=str(refused))
    except (ValueError, RecursionError):
        return Outcome(status=Status.REFUSED, name=row.name, code="unreadable", message=_UNREADABLE)
    outcome = take_in([item])[0]
    if outcome.status in {Status.ACCEPTED, Status.REPEAT, Status.HELD}:
        row.delete()
    return outcome


def _item(row: SetAside, raw: Any) -> Item:
    source = Source.objects.filter(name=row.source).first()
    if source is None:
        return item_of_wire(read_any(raw), row.source)
    if source.kind == SourceKind.TRACKING:
        return item_of(raw, Reading.of(source, row.at, None, ""))
    if source.kind == SourceKind.FORM:
        return forms.item_of(source, raw)
    return hooks.item_of(raw, source.name, source.mapping)


def _named(item: Item, name: str) -> Item:
    """The item under the name that it had."""
    facts = tuple(replace(fact, id=f"{name}{fact.id.removeprefix(item.name)}") for fact in item.facts)
    return replace(item, name=name, facts=facts)
