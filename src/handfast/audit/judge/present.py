"""What time it is in an export: its latest instant, what lies after it, and which stages it dates by the day alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from handfast.audit.export import Export
from handfast.audit.judge.stages import COLUMN, Stages
from handfast.instant import DAY, NEVER, Instant
from handfast.measure.build import TOLERATED
from handfast.measure.columns import Instants
from handfast.measure.period import local
from handfast.measure.question import Mask

_GAP = 366 * DAY  # a few instants more than a year after all others are slips of the pen, not the present
_FEW = 100  # one in so many
_MIDNIGHTS = 2  # of one zone in a year, as UTC shows them: summer's and winter's
_LOOKED_AT = 1000  # of the latest instants: so many slips in one export are no slips


def latest(export: Export) -> Instant:
    """The latest instant at which something happened in an export; 0, the epoch, when nothing has an instant.

    The few that lie more than a year after all others are left aside as slips; so is the expected close of an open
    deal. A pause is no slip: what comes after it is the present, unless next to nothing does (decision 0083).
    """
    parts = [at[at != NEVER] for at in _instants(export)]
    tops = np.sort(np.concatenate([np.zeros(0, np.int64), *(_latest_of(part) for part in parts)]))
    if not len(tops):
        return 0
    below = np.flatnonzero(np.diff(tops) > _GAP) + 1  # how many instants lie below each gap
    above = len(tops) - below
    slips = below[(above <= max(1, len(tops) // _FEW)) & (above < below)]
    return int(tops[slips[0] - 1] if len(slips) else tops[-1])


def dated(export: Export) -> bool:
    """Whether an export holds any instant at all."""
    return any(bool((at != NEVER).any()) for at in _instants(export))


def _latest_of(at: Instants) -> Instants:
    return at if len(at) <= _LOOKED_AT else np.partition(at, len(at) - _LOOKED_AT)[-_LOOKED_AT:]


def future_of(export: Export, as_of: Instant) -> int:
    """How many instants of an export lie after the as-of instant."""
    return sum(int(np.count_nonzero(at > as_of)) for at in _instants(export))


def _instants(export: Export) -> Iterator[Instants]:
    yield from export.stage_at.values()
    yield export.first_touch_at
    yield export.activities.at
    yield export.touches.at
    yield export.assignments.at
    yield export.deals.opened_at
    yield np.where(export.deals.won >= 0, export.deals.closed_at, NEVER)


@dataclass(frozen=True, slots=True)
class Days:
    """Of what only the day is known: of stages as a whole, or of single leads of a stage that is else timed."""

    stages: frozenset[str]
    leads: Mapping[str, Mask]  # for first touches all leads: ``touches`` finds which


def days_of(export: Export, stages: Stages, zone: str) -> Days:
    """The stages of which an export knows only the day, under the names of the columns of cycles.

    A column that holds bare dates may have been made good from another that has times. As long as few bare dates are
    left, those leads alone are not timed (decision 0086); more, and minutes mean nothing. A touch is looked at
    whatever its column is said to hold: nobody calls on the stroke of midnight.
    """
    claimed = {f"{stage}_at": name for stage, name in COLUMN.items()} | _OF_TABLES
    found = {claimed[role] for role in export.date_only if role in claimed}
    if "deals.closed_at" in export.date_only:
        found |= {"won", "lost"}
    touches = np.concatenate((export.touches.at, export.first_touch_at))
    columns = {"first_touch": touches} | stages.at
    bare = {name: _bare(at, zone, claimed=name in found) for name, at in columns.items() if name in found | _TOUCHES}
    sure = {name for name, mask in bare.items() if mask.sum() > TOLERATED * np.count_nonzero(columns[name] != NEVER)}
    # Another column may repeat a bare one: what was delivered when it came has the day of its coming alone.
    copies = {name for name, at in columns.items() if sure and _all_midnights(at, zone)}
    some = {name: mask for name, mask in bare.items() if mask.any() and name not in sure | copies}
    everyone = np.ones(len(export), np.bool_)
    return Days(frozenset(sure | copies), {name: everyone if name in _TOUCHES else mask for name, mask in some.items()})


_TOUCHES = frozenset({"first_touch"})

_OF_TABLES = {
    "first_touch_at": "first_touch",
    "touches.at": "first_touch",
    "deals.opened_at": "opportunity",
    "deals.won_at": "won",
    "deals.lost_at": "lost",
}
"""What the dates of other tables date, by table and role."""


def _bare(at: Instants, zone: str, *, claimed: bool) -> Mask:
    """Where an instant is a local midnight; everywhere, if all are of the same few times of day and it is claimed.

    Those are midnights of another zone.
    """
    known: Mask = at != NEVER
    if claimed and 0 < len(np.unique(at[known] % DAY)) <= _MIDNIGHTS:
        return known
    return midnight(at, zone)


def midnight(at: Instants, zone: str) -> Mask:
    """Where an instant is the first of a local day, as bare dates are read; False where there is none."""
    found: Mask = (at != NEVER) & (local(at, zone) % DAY == 0)
    return found


def _all_midnights(at: Instants, zone: str) -> bool:
    known = at[at != NEVER]
    return len(known) > 1 and (bool((local(known, zone) % DAY == 0).all()) or bool((known % DAY == 0).all()))
