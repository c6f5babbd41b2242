"""What is assumed where a contract is silent: one table, filled in while loading and published as it stands here."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

ANY = "*"
"""In a path: every entry that is written there."""


@dataclass(frozen=True, slots=True)
class Default:
    """A value assumed at a path. ``value`` stands there as if written; None where it follows from other clauses."""

    path: tuple[str, ...]
    value: Any
    meaning: str
    words: str = ""  # instead of the value, where it is computed

    @property
    def dotted(self) -> str:
        """The path as it is cited; NAME stands for each entry."""
        return ".".join("NAME" if part == ANY else part for part in self.path)


def _clock(name: str, within: str, meaning: str, *steps: dict[str, object]) -> tuple[Default, ...]:
    return (
        Default(("clocks", name, "within"), within, meaning),
        Default(("clocks", name, "escalate"), list(steps), "Who hears of it, and when."),
    )


_RE_ROUTE: dict[str, object] = {"at": "100%", "to": ["manager"], "do": "re_route"}

_REASONS: dict[str, dict[str, object]] = {
    "misrouted": {"verb": "return", "credit": True},
    "junk_contact": {"verb": "reject", "kind": "clerical", "then": "close"},
    "no_need": {"verb": "either", "kind": "situational", "then": "close"},
    "no_budget": {"verb": "either", "kind": "situational", "then": "recycle after 90 days"},
    "bad_timing": {"verb": "either", "kind": "situational", "then": "recycle on a date given"},
    "unreachable": {
        "verb": "disqualify",
        "needs": {"attempts": 6, "spanning": "10 business days"},
        "then": "recycle after 60 days",
    },
    "competitor_won": {"verb": "disqualify", "then": "close"},
}

_ELIGIBLE = [
    "ad_clicked",
    "chat_started",
    "content_downloaded",
    "event_attended",
    "form_submitted",
    "trial_started",
    "webinar_attended",
]

_REVIEWS = {
    "weekly": {"title": "Pipeline sync", "held": "mon 10:00"},
    "monthly": {"title": "Lead-quality review", "held": "first tue 14:00"},
    "quarterly": {"title": "What qualified means", "held": "first wed of jan apr jul oct 14:00"},
}

DEFAULTS: tuple[Default, ...] = (
    Default(("zone",), "UTC", "Days, months and quarters are cut in this zone."),
    Default(("fiscal_year_starts",), "jan", "The fiscal year is the calendar year."),
    Default(("currency",), "USD", "The currency of every amount."),
    Default(("parties", ANY, "deputies"), [], "Nobody may sign for the signatory."),
    Default(
        ("calendars", "default"),
        None,
        "The calendar where none is named.",
        "the only calendar written, else `standard`",
    ),
    Default(
        ("calendars", "standard"),
        None,
        "The calendar of a contract that writes none.",
        "hours {mon-fri: [09:00-17:00]} of the contract's zone, no holidays",
    ),
    Default(("calendars", ANY, "zone"), None, "The zone of its hours.", "the contract's zone"),
    Default(("calendars", ANY, "hours"), {"mon-fri": ["09:00-17:00"]}, "Working hours."),
    Default(("calendars", ANY, "holidays"), None, "Public holidays are working days.", "none"),
    Default(("score", "fit", "signals"), {}, "Nothing that a lead is scores."),
    Default(("score", "behaviour", "signals"), {}, "Nothing that a lead did scores."),
    Default(("score", "bands", "warm"), None, "There is no warm band.", "none"),
    Default(("definitions", "mql", "title"), "Marketing-qualified lead", "What people read."),
    Default(("definitions", "sal", "title"), "Sales-accepted lead", "What people read."),
    Default(("definitions", "sal", "means"), "the owner takes the lead on", "What accepting means."),
    Default(("definitions", "sql", "title"), "Sales-qualified lead", "What people read."),
    Default(("definitions", "sql", "needs"), [], "No evidence is asked for."),
    Default(("definitions", "icp", "title"), "Ideal customer", "What people read."),
    Default(("routing", "owner_first"), True, "The owner of the matched account comes first, if eligible."),
    Default(("pools",), {"inbound": {}}, "One pool."),
    Default(("pools", ANY, "calendar"), None, "Whose hours the pool's clocks run in.", "the default calendar"),
    Default(("pools", ANY, "share"), "by_weight", "How members share."),
    Default(("pools", ANY, "nobody", "then"), "manager", "Who takes over when nobody is eligible; no hold before."),
    Default(("pools", ANY, "count_all"), False, "Leads given by hand or to the account's owner are not counted."),
    *_clock(
        "first_touch",
        "4 business hours",
        "From qualified to the first touch by anyone of sales.",
        {"at": "50%", "to": ["owner"]},
        _RE_ROUTE,
        {"at": "200%", "to": ["sales", "marketing"]},
    ),
    *_clock("response", "as first_touch", "From assigned to the first touch by the owner."),
    *_clock("decision", "1 business day", "From assigned to accepted, rejected or contested.", _RE_ROUTE),
    *_clock("working", "15 business days", "From accepted to an outcome.", {"at": "100%", "to": ["owner", "manager"]}),
    *_clock("contest", "2 business days", "From contested to settled.", {"at": "100%", "to": ["marketing"]}),
    Default(("reasons",), _REASONS, "A starting set; a contract that writes reasons has exactly those."),
    Default(("reasons", ANY, "credit"), None, "A return gives the rep no other lead.", "false, for returns"),
    Default(("reasons", ANY, "then"), None, "What becomes of the lead.", "close, except for returns"),
    Default(("recycle", "cool_off"), "30 days", "How long after an end a lead cannot come back by score."),
    Default(("recycle", "fresh_evidence"), True, "Only behaviour after the end counts then."),
    Default(("commitments", "marketing", "per"), "month", "The period of mql and at_most."),
    Default(("commitments", "marketing", "accepts_shortfall"), False, "A commitment below its plan is refused."),
    Default(("commitments", "sales", "excused"), "left_out", "Excused breaches are not counted."),
    Default(("revenue", "from_marketing"), "100%", "All of the target is to come from marketing's leads."),
    Default(("revenue", "number"), "all_won", "All won revenue counts."),
    Default(("plan", "stages"), ["mql", "sal", "opportunity", "won"], "The chain from lead to deal."),
    Default(("attribution", "sourced"), "first_activity", "What names the source of a deal."),
    Default(("attribution", "influence_window"), "180 days", "How far back an activity influences a deal."),
    Default(("attribution", "eligible"), _ELIGIBLE, "Activities that source and influence."),
    Default(("attribution", "sales_sources"), [], "Values of source that are sales' own."),
    Default(("attribution", "partner_sources"), [], "Values of source that are partners'."),
    Default(("reviews",), _REVIEWS, "Three meetings; a contract that writes reviews has exactly those."),
    Default(("score", "fit", "signals", ANY, "title"), None, "What people read.", "the name, as words"),
    Default(("score", "behaviour", "signals", ANY, "title"), None, "What people read.", "the name, as words"),
    Default(("definitions", "mql", "unless", ANY, "title"), None, "What people read.", "the name, as words"),
    Default(("reasons", ANY, "title"), None, "What people read.", "the name, as words"),
    Default(("evidence", ANY, "title"), None, "What people read.", "the name, as words"),
)
"""In the order in which they are filled in: a section before its entries."""

_OPTIONAL = frozenset((("revenue",), ("definitions", "icp")))
"""Sections that mean something by being absent: their defaults wait until they are written."""


def fill(raw: dict[str, Any]) -> None:
    """Write every default into a raw contract where it is silent."""
    for default in DEFAULTS:
        if default.value is not None:
            for table in _tables(raw, default.path[:-1], ()):
                table.setdefault(default.path[-1], copy.deepcopy(default.value))


def _tables(raw: dict[str, Any], path: tuple[str, ...], done: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    """The mappings that a path names, made where they are missing; what is no mapping is left to the shape."""
    if not path:
        yield raw
        return
    part, here = path[0], (*done, path[0])
    if part != ANY and here not in _OPTIONAL:
        raw.setdefault(part, {})
    below = list(raw.values()) if part == ANY else [raw.get(part)]
    for table in below:
        if isinstance(table, dict):
            yield from _tables(table, path[1:], here)
