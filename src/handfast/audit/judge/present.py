"""What time it is in an export: its latest instant, what lies after it, and which stages it dates by the day alone."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from handfast.audit.export import Export
from handfast.audit.judge.stages import COLUMN
from handfast.instant import DAY, NEVER, Instant
from handfast.measure.columns import Instants

_GAP = 366 * DAY  # an instant more than a year after every other one is a slip of the pen, not the present
_LOOKED_AT = 1000  # of the latest instants: so many slips in one export are no slips


def latest(export: Export) -> Instant:
    """The latest instant at which something happened in an export; 0, the epoch, when nothing has an instant.

    An instant more than a year after all others is left aside as a slip; so is the expected close of an open deal.
    """
    parts = [at[at != NEVER] for at in _instants(export)]
    tops = np.sort(np.concatenate([np.zeros(0, np.int64), *(_latest_of(part) for part in parts)]))
    if not len(tops):
        return 0
    gaps = np.flatnonzero(np.diff(tops) > _GAP)
    return int(tops[gaps[0]] if len(gaps) and len(tops) > 1 else tops[-1])


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


def days_only(export: Export) -> frozenset[str]:
    """The stages of which an export knows only the day, under the names of the columns of cycles.

    A stage that several columns date is known to the day when any of them is.
    """
    told = {f"{stage}_at": name for stage, name in COLUMN.items()}
    found = {told[role] for role in export.date_only if role in told}
    if "first_touch_at" in export.date_only or "touches.at" in export.date_only:
        found.add("first_touch")
    if "deals.opened_at" in export.date_only:
        found.add("opportunity")
    if "deals.closed_at" in export.date_only:
        found |= {"won", "lost"}
    return frozenset(found)
