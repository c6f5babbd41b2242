"""What a deal is worth in the contract's currency."""

from __future__ import annotations

from fractions import Fraction

from handfast.contract.model import Contract
from handfast.cycle.values import Deal
from handfast.instant import Instant, to_datetime
from handfast.measure.money import Rates
from handfast.measure.rates import no_rates


class Money:
    """Amounts of deals in hundredths of the contract's currency, at the rate of the local day of what is told."""

    def __init__(self, contract: Contract, rates: Rates | None = None) -> None:
        """Without ``rates`` the contract's own currency alone is known."""
        self.contract = contract
        self._rates = rates or no_rates(contract.currency)

    def worth(self, deal: Deal, at: Instant) -> int:
        """Rounded half to even. Without an amount, or without a rate of that day, 0: such a deal is in no sum."""
        if deal.amount is None:
            return 0
        currency = deal.currency.strip().upper() or self._rates.own
        rate = self._rates.rate(currency, to_datetime(at, self.contract.zone).date())
        return 0 if rate is None else round(Fraction(deal.amount) * 100 * Fraction(rate))
