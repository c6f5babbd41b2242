"""What a decision saw and found, as small plain values: whoever keeps them can put it into words later (``explain``).

Everything else that the words need stands in the signed version. Deciding makes none of them: a step hands out how to
make them, and most are never asked for.
"""

from __future__ import annotations

from typing import NamedTuple

from handfast.condition import Values
from handfast.contract.model import ClockName, Reason
from handfast.contract.terms import DurationUnit
from handfast.cycle.values import RunningClock, Standing
from handfast.instant import Instant
from handfast.qualify import Band, Judgement, LeadThen
from handfast.route.choice import Candidate, Choice, Tier, Turn, Way, WhyNot, in_turn
from handfast.route.team import Member
from handfast.score import Tally


class ScoreSeen(NamedTuple):
    """A score: the attributes, and for each behaviour signal how many activities matched and what they are worth."""

    version: int
    values: Values
    tally: Tally
    band: Band
    at: Instant

    @classmethod
    def of(cls, standing: Standing, band: Band, now: Instant) -> ScoreSeen:
        """What a standing is at an instant."""
        return cls(standing.version, standing.values, standing.score.tally(now), band, now)


class JudgementSeen(NamedTuple):
    """A judgement, and the lead as it was judged."""

    version: int
    lead: LeadThen
    judgement: Judgement


class CandidateSeen(NamedTuple):
    """Somebody who was looked at. Levels are in words; ``after`` is None where it is what it was."""

    rep: str
    why_not: WhyNot | None
    tier: Tier | None
    level: str | None
    after: str | None

    @classmethod
    def of(cls, it: Candidate) -> CandidateSeen:
        """The same in words."""
        level, after = it.level, it.level_after
        before = None if level is None else str(level)
        return cls(it.rep, it.why_not, it.tier, before, None if after is level else str(after))


class MemberSeen(NamedTuple):
    """A member of the pool: what stands in the way, with the level in words, or their turn and what a lead weighs."""

    rep: str
    why_not: WhyNot | None
    level: str | None
    scale: int
    turn: Turn | None


class ChoiceSeen(NamedTuple):
    """Who got a handoff, and everybody who was looked at: by name, then of the pool.

    ``values`` are what the rules were asked with; ``best`` is the turn that decided, ``unit`` its steps to a level.
    """

    version: int
    at: Instant
    way: Way
    rep: str | None
    pool: str
    sequence: int
    counted: bool
    despite: WhyNot | None
    opportunity: str | None
    opportunity_owner: str | None
    values: Values | None
    named: tuple[CandidateSeen, ...]
    members: tuple[MemberSeen, ...]
    best: Turn | None
    unit: int

    @classmethod
    def of(cls, version: int, it: Choice) -> ChoiceSeen:
        """A choice under a version."""
        deal, ruled = it.opportunity, it.ruled
        return cls(
            version,
            it.at,
            it.way,
            it.rep,
            it.pool,
            it.sequence,
            it.counted,
            it.despite,
            None if deal is None else deal.id,
            None if deal is None else deal.owner,
            None if ruled is None else ruled.values,
            tuple([CandidateSeen.of(each) for each in it.named]),
            tuple([_member(*looked) for looked in it.looked]),
            it.best,
            it.unit,
        )

    @property
    def candidates(self) -> tuple[CandidateSeen, ...]:
        """Everybody, told from what decided."""
        return (*self.named, *map(self._candidate, self.members))

    def _candidate(self, it: MemberSeen) -> CandidateSeen:
        if it.turn is None or self.best is None:
            return CandidateSeen(it.rep, it.why_not, None, it.level, None)
        return CandidateSeen.of(in_turn(it.rep, it.scale, it.turn, self.best, unit=self.unit, at=self.at))


def _member(member: Member, why_not: WhyNot | None, turn: Turn | None) -> MemberSeen:
    return MemberSeen(member.rep, why_not, None if turn else str(member.level), member.scale, turn)


class StepSeen(NamedTuple):
    """An escalation step of a clock: at a share of the window, when, and to whom."""

    percent: int
    at: Instant
    to: tuple[str, ...]
    re_route: bool


class ClockSeen(NamedTuple):
    """A clock with its window. ``due_at`` is None while it stands still."""

    version: int
    id: str
    name: ClockName
    window: str
    unit: DurationUnit
    calendar: str
    started_at: Instant
    due_at: Instant | None
    steps: tuple[StepSeen, ...]

    @classmethod
    def of(cls, version: int, it: RunningClock) -> ClockSeen:
        """A clock as it stands."""
        return cls(
            version,
            it.id,
            it.name,
            str(it.window),
            it.window.unit,
            it.calendar,
            it.started_at,
            it.due_at,
            tuple([StepSeen(each.step.at, each.at, each.step.to, each.step.re_route) for each in it.steps]),
        )


class ContradictionSeen(NamedTuple):
    """A definitional reason held against the data."""

    version: int
    reason: str
    clause: str
    found: bool

    @classmethod
    def of(cls, version: int, reason: Reason, *, found: bool) -> ContradictionSeen:
        """Whether the data contradict a reason."""
        return cls(version, reason.name, reason.clause, found)


Seen = ScoreSeen | JudgementSeen | ChoiceSeen | ClockSeen | ContradictionSeen
