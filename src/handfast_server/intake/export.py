"""A CRM export as items of history: leads, their stages there, what they did, outreach and deals."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import numpy as np

from handfast import facts
from handfast.audit.export import Export
from handfast.audit.roles import PERSONAL
from handfast.audit.stage import Stage as Stated
from handfast.condition import Value
from handfast.facts import LeadFact, Stage, TouchKind
from handfast.instant import NEVER, Instant
from handfast.measure.columns import Coded
from handfast_server.intake.history import Row
from handfast_server.intake.item import Item
from handfast_server.intake.refused import ItemRefused
from handfast_server.intake.values import clean_email, normal_attributes

ASKED = PERSONAL | {"email"}
"""Read for a live service, and not for an audit: it writes to people, and knows them again."""

_STAGES = {
    Stated.INQUIRY: Stage.INQUIRY,
    Stated.MQL: Stage.QUALIFIED,
    Stated.ACCEPTED: Stage.ACCEPTED,
    Stated.SQL: Stage.SQL,
    Stated.OPPORTUNITY: Stage.OPPORTUNITY,
    Stated.REJECTED: Stage.REJECTED,
    Stated.DISQUALIFIED: Stage.DISQUALIFIED,
    Stated.WON: Stage.WON,
    Stated.LOST: Stage.LOST,
    Stated.WITHDRAWN: Stage.WITHDRAWN,
}
_ENDS = frozenset((Stage.REJECTED, Stage.DISQUALIFIED, Stage.LOST))


def rows(export: Export, source: str, otherwise: Instant) -> Iterator[Row]:
    """An item a lead, in the order of the export. ``otherwise``: when a lead came of whom no instant is known."""
    acts, touches, deals = (_Of(table.lead, len(export)) for table in (export.activities, export.touches, export.deals))
    for place, key in enumerate(export.key):
        told = [
            *_stamps(export, place, f"{source}:{key}"),
            *(_act(export, row, f"{source}:{key}") for row in acts.of(place)),
            *(_touch(export, row, f"{source}:{key}") for row in touches.of(place)),
            *(fact for row in deals.of(place) for fact in _deal(export, row, f"{source}:{key}")),
        ]
        told.sort(key=lambda fact: fact.happened_at)
        at = min((fact.happened_at for fact in told), default=otherwise)
        try:
            yield Row(place + 1, key, _item(export, place, source, at, tuple(told)))
        except ItemRefused as refused:
            yield Row(place + 1, key, refused)


class _Of:
    """The rows of a table, by lead."""

    def __init__(self, lead: Any, leads: int) -> None:
        self._order = np.argsort(lead, kind="stable")
        self._edges = np.searchsorted(lead[self._order], np.arange(leads + 1))

    def of(self, lead: int) -> list[int]:
        """Those of a lead, in the order of the file."""
        found: list[int] = self._order[self._edges[lead] : self._edges[lead + 1]].tolist()
        return found


def _item(export: Export, place: int, source: str, at: Instant, told: tuple[LeadFact, ...]) -> Item:
    known: dict[str, Value | None] = {name: _word(coded, place) for name, coded in export.attributes.items()}
    known |= {"source": _word(export.source, place), "campaign": _word(export.campaign, place)}
    known = {name: value for name, value in known.items() if value}
    if isinstance(people := known.get("employees"), str) and people.isdigit():
        known["employees"] = int(people)
    email = known.get("email")
    return Item(
        name=f"{source}:{export.key[place]}",
        source=source,
        happened_at=at,
        ids={source: export.key[place]},
        email=clean_email(email, "email") if isinstance(email, str) else "",
        attributes=normal_attributes({name: value for name, value in known.items() if name != "email_domain"}),
        states=True,
        loaded=True,
        facts=told,
    )


def _word(coded: Coded, place: int) -> str:
    code = int(coded.codes[place]) if len(coded.codes) else -1
    return coded.words[code] if code >= 0 else ""


def _base(name: str, at: Instant) -> dict[str, Any]:
    return {"id": name, "happened_at": at, "recorded_at": at, "loaded": True, "lead": ""}


def _stamps(export: Export, place: int, name: str) -> Iterator[LeadFact]:
    """Stages of which it is known when: without an instant, nothing can be said of them here."""
    for stated, stage in _STAGES.items():
        at = int(export.stage_at[stated][place])
        if at != NEVER:
            reason = _word(export.reason, place) if stage in _ENDS else ""
            owner = _word(export.owner, place) if stage is not Stage.INQUIRY else ""
            yield facts.StageStamped(
                **_base(f"{name}:{stage}", at), handoff=name, stage=stage, owner=owner, reason=reason
            )


def _act(export: Export, row: int, name: str) -> LeadFact:
    acts = export.activities
    said = {each: _word(coded, row) for each, coded in acts.properties.items()}
    return facts.ActivityHappened(
        **_base(f"{name}:did:{_key(acts.key, row)}", int(acts.at[row])),
        kind=_word(acts.kind, row) or "unnamed",
        properties={each: value for each, value in said.items() if value},
    )


def _touch(export: Export, row: int, name: str) -> LeadFact:
    touches = export.touches
    return facts.TouchMade(
        **_base(f"{name}:touch:{_key(touches.key, row)}", int(touches.at[row])),
        by=_word(touches.owner, row),
        kind=TouchKind.CONTACT if touches.two_way[row] else TouchKind.ATTEMPT,
        human=bool(touches.human[row]),
    )


def _deal(export: Export, row: int, name: str) -> Iterator[LeadFact]:
    deals = export.deals
    deal = _key(deals.key, row)
    opened, closed, won = int(deals.opened_at[row]), int(deals.closed_at[row]), int(deals.won[row])
    amount = Decimal(int(deals.amount[row])) / 100 if deals.amount[row] >= 0 else None
    worth: dict[str, Any] = {"deal": deal, "amount": amount, "currency": _word(deals.currency, row)}
    if opened != NEVER:
        yield facts.DealOpened(**_base(f"{name}:deal:{deal}", opened), **worth, by=_word(deals.owner, row))
    if closed != NEVER and won == 1:
        yield facts.DealWon(**_base(f"{name}:won:{deal}", closed), **worth)
    if closed != NEVER and won == 0:
        yield facts.DealLost(**_base(f"{name}:lost:{deal}", closed), deal=deal, why=_word(deals.reason, row))


def _key(keys: list[str], row: int) -> str:
    """A row's own key; else its place in the export, which is the same when it is read again."""
    return keys[row] if row < len(keys) and keys[row] else f"row{row}"
