"""Deals of an export in other currencies, brought to the contract's."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from handfast.audit.export import Export
from handfast.audit.judge.naming import foreign
from handfast.contract.model import Contract
from handfast.measure.columns import Coded
from handfast.measure.money import Rates, converted


def in_own_currency(export: Export, contract: Contract, rates: Rates) -> Export:
    """The same export with every deal in the contract's currency whose rate is known, and a sentence that says so.

    A deal is worth what it was on the local day on which it was won or lost, an open one on the day it was opened.
    Those without a rate stay in their own currency, and so in no sum. Rule: measures.md, "at the rate of the day of
    the fact".
    """
    deals = export.deals
    others = foreign(deals, contract)
    if not others.any():
        return export
    at = np.where(deals.won >= 0, deals.closed_at, deals.opened_at)
    spelt = Coded(codes=deals.currency.codes, words=tuple(word.strip().upper() for word in deals.currency.words))
    found = converted(
        deals.amount, Coded(codes=np.where(others, spelt.codes, -1), words=spelt.words), at, rates, contract.zone
    )
    known = others & ~found.unknown
    changed = replace(
        deals,
        amount=np.where(known, found.amount, deals.amount),
        currency=Coded(codes=np.where(known, -1, deals.currency.codes).astype(np.int32), words=deals.currency.words),
    )
    many = int(np.count_nonzero(known))
    said = f"{many:,} deals in another currency count at the rate of the day on which they closed, or were opened."
    return replace(export, deals=changed, assumed=[*export.assumed, *([said] if known.any() else [])])
