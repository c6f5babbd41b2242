"""What sales did with each lead that was delivered: the first human touch, how many, and the first two-way contact."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from handfast.audit.export import Export
from handfast.audit.judge.present import midnight
from handfast.audit.judge.stages import ENDS, Stages, first_of
from handfast.instant import DAY, NEVER
from handfast.measure.columns import Instants
from handfast.measure.period import local
from handfast.measure.question import Mask, earliest


@dataclass(frozen=True, slots=True, kw_only=True)
class Touched:
    """What happened between a lead's qualification and its end.

    A touch before the promise was made answers nothing: such leads count as untouched, and are told apart as
    ``only_before`` (decision 0072).
    """

    first_at: Instants
    contact_at: Instants
    attempts: NDArray[np.int32]
    only_before: Mask
    by_day: Mask  # the first touch is known to the day alone, unlike most
    contact_by_day: Mask  # so is the first contact


def touched(export: Export, stages: Stages, zone: str, days: frozenset[str]) -> Touched:
    """The touches of each delivered lead, from its qualification to its end.

    Where touches are known only to the day (``days``), those of the day of qualification count; where an end is, those
    of its day do. Where qualification is only inferred, nobody knows what came before it, and every touch counts.
    """
    count, touches, mixed = len(export), export.touches, "first_touch" in stages.by_day
    delivered = stages.happened("qualified")
    stated = export.first_touch_at
    since, until = _span(stages, zone, days)
    lead = np.where(touches.human & (touches.at != NEVER), touches.lead, np.int32(-1))
    bare, stated_bare = (midnight(at, zone) if mixed else np.zeros(len(at), np.bool_) for at in (touches.at, stated))
    inside = _inside(lead, touches.at, (since, bare, zone), until) & delivered[lead]
    rows = np.where(inside, lead, np.int32(-1))
    two_way = np.where(touches.two_way, rows, np.int32(-1))
    everyone = np.arange(count, dtype=np.int32)
    stated_inside = _inside(everyone, stated, (since, stated_bare, zone), until) & delivered & (stated != NEVER)
    first_at = earliest(first_of(rows, touches.at, count), np.where(stated_inside, stated, NEVER))
    before = earliest(first_of(lead, touches.at, count), stated)
    contact_at = first_of(two_way, touches.at, count)
    return Touched(
        first_at=first_at,
        contact_at=contact_at,
        attempts=np.bincount(rows[rows >= 0], minlength=count).astype(np.int32),
        only_before=delivered & (first_at == NEVER) & (before != NEVER) & (before < since),
        by_day=midnight(first_at, zone) & mixed,
        contact_by_day=midnight(contact_at, zone) & mixed,
    )


def _inside(lead: NDArray[np.int32], at: Instants, since: tuple[Instants, Mask, str], until: Instants) -> Mask:
    """Touches from a lead's beginning to its end; a bare day counts from the day of the beginning on."""
    begun, bare, zone = since
    found: Mask = (lead >= 0) & (at <= until[lead]) & (at >= begun[lead])
    if bare.any():
        found |= bare & (lead >= 0) & (at <= until[lead]) & (at >= midnight_of(begun, zone)[lead])
    return found


def _span(stages: Stages, zone: str, days: frozenset[str]) -> tuple[Instants, Instants]:
    begun = stages.at["qualified"]
    since = midnight_of(begun, zone) if "first_touch" in days else begun
    unsure = stages.inferred["qualified"] | stages.undated["qualified"]
    ends = [np.where(at == NEVER, NEVER, at + _rest_of_day(stages, stage, days)) for stage, at in _ends(stages)]
    ended = earliest(*ends)
    until = np.where(ended == NEVER, np.iinfo(np.int64).max, ended)
    return np.where(unsure, NEVER, since), until


def _rest_of_day(stages: Stages, stage: str, days: frozenset[str]) -> NDArray[np.int64]:
    return np.where(stages.by_day.get(stage, False) | np.bool_(stage in days), DAY - 1, 0)


def _ends(stages: Stages) -> list[tuple[str, Instants]]:
    return [(stage, stages.at[stage]) for stage in ENDS]


def midnight_of(at: Instants, zone: str) -> Instants:
    """The first instant of the local day of each instant, but for the day of a change of the clocks, an hour off."""
    into_day = local(at, zone) % DAY
    return np.where(at == NEVER, NEVER, at - into_day)
