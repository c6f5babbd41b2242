"""Entries of the audit log, written in the transaction of what they tell of."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Mapping
from typing import Any

import orjson

from handfast import facts
from handfast.facts import Fact
from handfast_server.audit.acting import ENGINE, actor, request_id
from handfast_server.audit.models import Entry
from handfast_server.decide.rows import add
from handfast_server.decide.taken import Taken
from handfast_server.now import now

_COLUMNS = tuple("at who what about request_id lead details salt commitment forgotten place".split())

_BY_SOMEBODY = (facts.Decision, facts.TeamFact, facts.LeadErased, facts.LeadsMerged, facts.ContractInForce)
"""Facts that are somebody's act. What leads do, and what systems tell of them, is in the facts themselves."""


def record(what: str, about: str, *, lead: str = "", details: Mapping[str, Any] | None = None, who: str = "") -> None:
    """Write one entry. ``what`` as in ``contracts.signed``; ``about`` names an object by kind and id, never a person.

    Personal values may stand in ``details`` only, and only with the ``lead`` whose erasure takes them out.
    """
    _write([_row(now(), who or actor(), what, about, lead, orjson.dumps(dict(details or {})).decode())])


def record_facts(taken: Iterable[Taken]) -> None:
    """An entry for each fact that is somebody's act; those of history were other systems'."""
    _write([_row_of(each) for each in taken if isinstance(each.fact, _BY_SOMEBODY) and _told_by_somebody(each.fact)])


def commitment_of(entry: Entry) -> str:
    """What the entry's commitment has to be."""
    told = (entry.at, entry.who, entry.what, entry.about, entry.request_id, entry.lead, entry.details)
    return _commitment(entry.salt, told)


def _told_by_somebody(fact: Fact) -> bool:
    return not fact.loaded and not isinstance(fact, facts.TeamTick)


def _row_of(taken: Taken) -> tuple[Any, ...]:
    fact, refused = taken.fact, taken.step.refused
    lead = getattr(fact, "lead", "")
    details = {"fact": fact.id, "by": getattr(fact, "by", ""), **({"refused": refused.code} if refused else {})}
    who, kind = actor(), type(fact).__name__
    told_by = details["by"] if who == ENGINE and details["by"] else who
    about = f"lead:{lead}" if lead else "team"
    return _row(fact.recorded_at, told_by, f"facts.{kind}", about, lead, orjson.dumps(details).decode())


def _row(at: int, who: str, what: str, about: str, lead: str, details: str) -> tuple[Any, ...]:
    salt = secrets.token_hex(16)
    told = (at, who[:100], what, about[:320], request_id(), lead, details)
    return (*told, salt, _commitment(salt, told), False, 0)


def _commitment(salt: str, told: tuple[Any, ...]) -> str:
    return hashlib.sha256(b"handfast audit entry 1\n" + salt.encode() + b"\n" + orjson.dumps(told)).hexdigest()


def _write(rows: list[tuple[Any, ...]]) -> None:
    add(Entry, _COLUMNS, rows)
