"""Which attributes a contract asks about: what is personal is read only then."""

from __future__ import annotations

from collections.abc import Iterator

from handfast.condition import Condition, names_in
from handfast.contract.model import Contract


def asked_attributes(contract: Contract | None) -> frozenset[str]:
    """Every name that a condition of the contract reads."""
    return (
        frozenset(name for condition in _conditions(contract) for name in names_in(condition))
        if contract
        else frozenset()
    )


def _conditions(contract: Contract) -> Iterator[Condition]:
    for signal in contract.score.fit.signals.values():
        yield signal.when
    mql = contract.definitions.mql
    yield mql.when
    if mql.hand_raise and mql.hand_raise.when:
        yield mql.hand_raise.when
    for disqualifier in mql.unless.values():
        yield disqualifier.when
    if contract.definitions.icp:
        yield contract.definitions.icp.when
    for rule in contract.routing.rules:
        if rule.when:
            yield rule.when
