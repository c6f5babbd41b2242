"""What a plan is made of. Nothing here is rounded: that belongs to whoever shows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from handfast.contract.model import RevenueNumber
from handfast.measure.value import Period
from handfast.plan.capacity import Capacity
from handfast.plan.evidence import Evidence, Measured
from handfast.plan.lag import Lag
from handfast.plan.worth import Worth


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """What is to be reached: the target of the period, marketing's share of it, an average deal, so the deals."""

    target: Decimal
    share: Decimal
    average_deal: Decimal
    number: RevenueNumber
    deals: Fraction

    @property
    def revenue(self) -> Fraction:
        """What the deals must bring."""
        return Fraction(self.target) * Fraction(self.share)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """One step of the chain: what was agreed, what was measured, and why nothing was."""

    stage: str
    following: str
    agreed: Decimal | None
    measured: Evidence | None
    why_not: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """How many will enter the first stage in the period, and who says so."""

    count: Fraction
    clause: str  # empty when it was told, not promised


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """How many must reach a stage in the period; ``low`` to ``high`` for 95 % of what the rates may be."""

    stage: str
    low: float
    middle: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """What one set of rates says.

    The chance counts luck, and what is not known of measured rates; deals are taken at their average amount. It takes
    arrivals to have come at the same pace before the period; ``from_nothing`` takes none to have.
    """

    rates: tuple[Fraction, ...]  # agreed, or what is expected of those measured
    needs: tuple[Range, ...]  # first stage first
    chance: float | None  # None where nobody says how many will come
    from_nothing: float | None  # the same; or nothing is known of lengths
    enough: Mapping[Fraction, int | None]  # arrivals in the period for a chance; None: no number is enough
    worth: tuple[Worth, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The plan of a contract. Counts are of the period of its revenue target."""

    contract: str
    version: int
    currency: str
    period: Period
    months: int
    goal: Goal
    stages: tuple[str, ...]
    rates: tuple[Rate, ...]
    needs: tuple[Fraction, ...] | None  # of each stage by the agreed rates, exact; None where one is not agreed
    coming: Coming | None
    agreed: Outlook | None  # None where a rate is not agreed
    measured: Outlook | None  # rates that were not measured are taken as agreed; None where none was
    lag: Lag | None
    capacity: Capacity
    evidence: Measured | None

    @property
    def arrivals(self) -> Fraction:
        """How many must enter the first stage: by the agreed rates, else by what is expected of the measured."""
        return self.capacity.arrivals
