"""What happened, or would have happened, outside the live cycles: another system's handoffs, and shadow judgements."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from handfast.facts import Stage
from handfast.instant import Instant

_ONWARD = (Stage.INQUIRY, Stage.QUALIFIED, Stage.ACCEPTED, Stage.SQL, Stage.OPPORTUNITY)
_ENDS = (Stage.WON, Stage.LOST, Stage.REJECTED, Stage.DISQUALIFIED, Stage.WITHDRAWN)


class Touch(NamedTuple):
    """Outreach by a human of sales while no live cycle was with them."""

    at: Instant
    by: str
    contact: bool  # two-way


@dataclass(frozen=True, slots=True, kw_only=True)
class Elsewhere:
    """A handoff that another system stamps: history, without clocks, outside the live invariants until taken over.

    ``stamps`` may be told in any order, and told again; what was said last of a stage counts.
    """

    id: str  # that system's
    stamps: Mapping[Stage, Instant] = field(default_factory=dict)
    owner: str = ""
    reason: str = ""
    taken_over: str | None = None  # the live cycle that it became

    @property
    def stage(self) -> Stage:
        """How it ended, else the furthest that it came."""
        ended = next((each for each in _ENDS if each in self.stamps), None)
        return ended or max((each for each in self.stamps if each in _ONWARD), key=_ONWARD.index)

    @property
    def qualified_at(self) -> Instant | None:
        """When that system handed it to sales, or the first stage after that; None while it did not."""
        handed = (at for stage, at in self.stamps.items() if stage in _ONWARD[1:])
        return self.stamps.get(Stage.QUALIFIED, min(handed, default=None))

    @property
    def ended_at(self) -> Instant | None:
        """When it ended there; None while it is open."""
        return min((at for stage, at in self.stamps.items() if stage in _ENDS), default=None)

    @property
    def waits(self) -> bool:
        """Whether sales has it there, and it is not taken over."""
        return self.taken_over is None and self.ended_at is None and self.qualified_at is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shadowed:
    """A shadow judgement: the lead would have been delivered at ``at``, to ``rep``, or held for ``pool``.

    ``due_at`` is that of a virtual first touch. ``over_at``: when the other system's handoff ended; until then the lead
    is not judged again.
    """

    id: str
    at: Instant
    raised_at: Instant
    version: int
    hand_raised: bool
    rep: str | None
    pool: str  # that the rules named, or that would have held it
    due_at: Instant
    over_at: Instant | None = None


def first_touch(touches: Iterable[Touch], since: Instant, until: Instant | None = None) -> Instant | None:
    """When sales first reached out from ``since`` on, and not after ``until``."""
    within = (each.at for each in touches if each.at >= since and (until is None or each.at <= until))
    return min(within, default=None)


def first_contact(touches: Iterable[Touch], since: Instant) -> Instant | None:
    """When sales first spoke with the lead from ``since`` on."""
    return first_touch((each for each in touches if each.contact), since)
