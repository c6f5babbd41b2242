"""What the number means for both sides: how much of their variable pay hangs on it, and where that stands."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from handfast.contract.model import Contract, PartyName
from handfast.measure.value import Derived, Measure


@dataclass(frozen=True, slots=True, kw_only=True)
class Stake:
    """The share of a side's variable pay that hangs on the number, and what of it the number has earned so far.

    Linear and not capped: what a side is really paid is between it and its employer.
    """

    party: PartyName
    share: Fraction
    attained: Fraction | None  # the number to date
    low: float | None  # where it may end
    high: float | None

    @property
    def stands_at(self) -> Fraction | None:
        """The part of the side's variable pay earned by the number to date."""
        return None if self.attained is None else self.share * self.attained

    @property
    def may_end(self) -> tuple[float, float] | None:
        """The same at the end of the period, by the forecast's range."""
        if self.low is None or self.high is None:
            return None
        return float(self.share) * self.low, float(self.share) * self.high


def stakes(contract: Contract, number: Measure) -> tuple[Stake, ...]:
    """Both sides' stakes; nothing where the contract puts none on the number."""
    if contract.revenue is None:
        return ()
    figure = number.figure if isinstance(number.figure, Derived) else None
    return tuple(
        Stake(
            party=party,
            share=Fraction(share),
            attained=None if figure is None else figure.value,
            low=None if figure is None else figure.low,
            high=None if figure is None else figure.high,
        )
        for party, share in contract.revenue.stakes.items()
    )
