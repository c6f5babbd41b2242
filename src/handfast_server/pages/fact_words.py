"""What a fact is called on a timeline, and what it says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import orjson
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from handfast import facts
from handfast.contract.english.names import thing
from handfast_server.apart import apart
from handfast_server.facts.models import Fact
from handfast_server.handoffs.story import reason_of
from handfast_server.pages.core_words import in_words

SILENT = frozenset((facts.Tick.__name__,))
"""What the service tells itself; what came of it stands with the clocks."""

_KINDS: Mapping[type[facts.Fact], str] = {
    facts.LeadCreated: gettext_noop("Came in"),
    facts.AttributesChanged: gettext_noop("Became known"),
    facts.TouchMade: gettext_noop("Touch"),
    facts.ConsentChanged: gettext_noop("Consent"),
    facts.LeadsMerged: gettext_noop("Merged with another lead"),
    facts.LeadErased: gettext_noop("Forgotten"),
    facts.StageStamped: gettext_noop("Stage in another system"),
    facts.Accepted: gettext_noop("Accepted"),
    facts.Returned: gettext_noop("Returned"),
    facts.Rejected: gettext_noop("Rejected"),
    facts.SalesQualified: gettext_noop("Sales-qualified"),
    facts.Disqualified: gettext_noop("Disqualified"),
    facts.ContestUpheld: gettext_noop("Rejection upheld"),
    facts.ContestOverturned: gettext_noop("Rejection overturned"),
    facts.Released: gettext_noop("Released"),
    facts.Reassigned: gettext_noop("Reassigned"),
    facts.Rerouted: gettext_noop("Routed again"),
    facts.GivenBack: gettext_noop("Given back"),
    facts.ClockPaused: gettext_noop("Clock paused"),
    facts.ClockResumed: gettext_noop("Clock resumed"),
    facts.BreachCauseSet: gettext_noop("Cause of a breach"),
    facts.BreachExcused: gettext_noop("Breach excused"),
    facts.AdminWithdrew: gettext_noop("Withdrawn"),
    facts.TakenOver: gettext_noop("Taken over from another system"),
    facts.DealOpened: gettext_noop("Opportunity opened"),
    facts.DealAmended: gettext_noop("Opportunity amended"),
    facts.DealWon: gettext_noop("Won"),
    facts.DealLost: gettext_noop("Lost"),
    facts.DealReopened: gettext_noop("Opportunity opened again"),
}
_NAMES = {kind.__name__: words for kind, words in _KINDS.items()}

_TOUCHES = {"attempt": gettext_noop("Tried to reach them"), "contact": gettext_noop("Spoke with them")}


def fact_words(kind: str, told: Mapping[str, Any]) -> str:
    """What it is called."""
    if kind == facts.ActivityHappened.__name__:
        name = in_words(thing(str(told.get("kind", ""))))
        return name[:1].upper() + name[1:]
    if kind == facts.TouchMade.__name__ and told.get("kind") in _TOUCHES:
        return _(_TOUCHES[told["kind"]])
    return _(_NAMES[kind]) if kind in _NAMES else kind


_SAID = ("by", "to", "reason", "cause", "why", "note", "handoff", "stage", "deal", "purpose")
_PAIRS = ("evidence", "properties", "attributes")
_LONGEST = 200


def said(row: Fact, version: int | None) -> tuple[str, str]:
    """What a fact is called, and what it says; reasons by their titles under the version of the cycle."""
    told: dict[str, Any] = orjson.loads(row.line)
    about = " · ".join(_about(told, version))
    return fact_words(row.kind, told), about if len(about) <= _LONGEST else about[: _LONGEST - 1] + "…"


def _about(told: Mapping[str, Any], version: int | None) -> Iterator[str]:
    for name in _SAID:
        text = str(told.get(name) or "")
        if name == "reason" and text:
            text = reason_of(version, text)["title"] or text
        if text:
            yield apart(text)
    if told.get("amount"):
        yield f"{told['amount']} {told.get('currency', '')}".strip()
    for name in _PAIRS:
        pairs = told.get(name) or {}
        yield from (f"{key.replace('_', ' ')}: {_plain(value)}" for key, value in pairs.items())


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return "–" if value is None else apart(str(value))
