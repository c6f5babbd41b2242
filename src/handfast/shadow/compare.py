"""What shadow mode would have done, beside what the other system did: every number with its records."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from handfast.cycle.elsewhere import Shadowed, first_touch
from handfast.cycle.values import Lead
from handfast.engine.terms import Terms
from handfast.instant import DAY, Instant
from handfast.shadow.virtual import Virtual, virtual

NEAR = 30 * DAY
"""A judgement and a handoff of one lead are the same when no more lies between them (semantics.md, Replay)."""


class Records(tuple[str, ...]):
    """The names of the records that a number counts: judgements by their ids, handoffs as ``lead:handoff``."""

    __slots__ = ()

    @property
    def number(self) -> int:
        """How many."""
        return len(self)


class Timeliness(NamedTuple):
    """First touches against their virtual dues. Who has no due, as the calendars do not reach there, is in none."""

    in_time: Records
    late: Records  # touched after the due, or not at all and the due is past
    pending: Records  # not touched, and not due yet


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A period of shadow mode. Judgements and handoffs are paired one to one, the nearest of a lead first."""

    since: Instant
    until: Instant
    judged: Records  # would have been MQLs
    delivered: Records  # were handed to sales by the other system
    kept: Records  # judgements that the other system handed over as well
    new: Records  # judgements that it did not
    lost: Records  # handoffs of it that the contract would not have made
    routed: Mapping[str, Records]  # judgements by the rep who would have had them
    held: Records  # judgements with nobody eligible
    same_owner: Records  # of the kept: the rep who really had it
    shadow: Timeliness  # of judgements: the real touches against the promise, had it begun then
    real: Timeliness  # of handoffs, from when the other system made them
    before_first: Records  # handoffs older than version 1, judged under it
    unmeasured: Records  # handoffs whose due cannot be said


class _Pass(NamedTuple):
    """One thing to be touched in time."""

    record: str
    due_at: Instant
    touched_at: Instant | None


class _Pair(NamedTuple):
    judgement: Shadowed
    real: Virtual
    owner: str


def compare(leads: Iterable[Lead], terms: Terms, *, since: Instant, until: Instant) -> Comparison:
    """Compare ``since`` ≤ t < ``until``; what is not answered by ``until`` is pending before its due, and late after.

    Whatever was told of the other system counts, also after it was taken over. Leads that were merged away have no
    records of their own.
    """
    known = [lead for lead in leads if lead.merged_into is None]
    judged = [(lead, each) for lead in known for each in lead.shadowed if since <= each.at < until]
    real = [(lead, each) for lead in known for each in _handoffs(lead, terms) if since <= each.qualified_at < until]
    pairs = [pair for lead in known for pair in _pairs(lead, terms)]
    paired = {pair.judgement.id for pair in pairs}, {pair.real.record for pair in pairs}
    return Comparison(
        since=since,
        until=until,
        judged=Records(each.id for _, each in judged),
        delivered=Records(each.record for _, each in real),
        kept=Records(each.id for _, each in judged if each.id in paired[0]),
        new=Records(each.id for _, each in judged if each.id not in paired[0]),
        lost=Records(each.record for _, each in real if each.record not in paired[1]),
        routed=_routed(each for _, each in judged),
        held=Records(each.id for _, each in judged if each.rep is None),
        same_owner=_same_owner(pairs, {each.id for _, each in judged}),
        shadow=_timeliness((_promised(lead, each) for lead, each in judged), until),
        real=_timeliness(_measured(each for _, each in real), until),
        before_first=Records(each.record for _, each in real if each.before_first),
        unmeasured=Records(each.record for _, each in real if each.due_at is None),
    )


def _handoffs(lead: Lead, terms: Terms) -> Iterator[Virtual]:
    for handoff in lead.elsewhere.values():
        found = virtual(lead, handoff, terms)
        if found is not None:
            yield found


def _pairs(lead: Lead, terms: Terms) -> Iterator[_Pair]:
    """Judgements and handoffs of a lead that are the same, the nearest first; each in one pair."""
    apart = sorted(
        (abs(real.qualified_at - each.at), each.at, real.qualified_at, real.handoff, each.id, each, real)
        for each in lead.shadowed
        for real in _handoffs(lead, terms)
        if abs(real.qualified_at - each.at) <= NEAR
    )
    taken: set[str] = set()
    for *_, judgement, real in apart:
        if not taken & {judgement.id, real.record}:
            taken |= {judgement.id, real.record}
            yield _Pair(judgement, real, lead.elsewhere[real.handoff].owner)


def _routed(judged: Iterable[Shadowed]) -> Mapping[str, Records]:
    found: dict[str, list[str]] = {}
    for each in judged:
        if each.rep is not None:
            found.setdefault(each.rep, []).append(each.id)
    return {rep: Records(ids) for rep, ids in sorted(found.items())}


def _same_owner(pairs: Iterable[_Pair], judged: set[str]) -> Records:
    same = (pair.judgement for pair in pairs if pair.judgement.rep is not None and pair.judgement.rep == pair.owner)
    return Records(each.id for each in same if each.id in judged)


def _promised(lead: Lead, judgement: Shadowed) -> _Pass:
    return _Pass(judgement.id, judgement.due_at, first_touch(lead.touches, judgement.at, judgement.over_at))


def _measured(handoffs: Iterable[Virtual]) -> Iterator[_Pass]:
    for each in handoffs:
        if each.due_at is not None:
            yield _Pass(each.record, each.due_at, each.first_touch_at)


def _timeliness(passes: Iterable[_Pass], now: Instant) -> Timeliness:
    """What happened at the due itself is in time; what is touched from ``now`` on is not touched yet."""
    in_time: list[str] = []
    late: list[str] = []
    pending: list[str] = []
    for record, due_at, touched_at in passes:
        touched = touched_at if touched_at is not None and touched_at < now else None
        if touched is None:
            (pending if now <= due_at else late).append(record)
        else:
            (in_time if touched <= due_at else late).append(record)
    return Timeliness(Records(in_time), Records(late), Records(pending))
