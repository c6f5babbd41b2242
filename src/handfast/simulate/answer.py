"""What reps and leads answer: chances that depend on fit and on how long the lead waited, and reasons to give."""

from __future__ import annotations

from collections.abc import Mapping

from handfast.condition import Value, Values, ValueType
from handfast.contract.model import Contract, Evidence, Reason, ReasonKind, Verb
from handfast.contract.terms import DispositionKind
from handfast.engine import Version
from handfast.instant import DAY, HOUR, MINUTE, Instant, Span
from handfast.qualify import attributes_of

ODDS = (
    (5 * MINUTE, 560),
    (HOUR, 460),
    (4 * HOUR, 370),
    (DAY, 280),
    (3 * DAY, 190),
)  # fmt: skip
"""Until so long after qualifying, so many in a thousand first calls reach somebody; after the last, ``COLD``."""

COLD = 120
ROUND = 1 << 20
"""Draws are whole numbers below this."""


def chance(draw: int, permille: int) -> bool:
    """Whether a draw came up in so many of a thousand."""
    return draw * 1000 < permille * ROUND


def odds_of_contact(waited: Span, attempt: int, *, right: bool) -> int:
    """Chances in a thousand that a call reaches the lead: they fall with the waiting, and with every call in vain."""
    first = next((odds for until, odds in ODDS if waited <= until), COLD)
    return first * (100 if right else 75) // 100 * (10 - min(attempt, 5)) // 10


def reason_to_reject(contract: Contract, truth: Mapping[str, Value], draw: int) -> Reason | None:
    """Why a rep declines who is truly not right: a clause that truly does not hold, else that the record is wrong."""
    reasons = [each for each in contract.reasons.values() if each.verb in {Verb.REJECT, Verb.EITHER}]
    true = attributes_of(contract, truth)
    failing = [each for each in reasons if each.kind is ReasonKind.DEFINITIONAL and _fails(contract, each.clause, true)]
    clerical = [each for each in reasons if each.kind is ReasonKind.CLERICAL]
    return _one(failing or clerical or _undated(reasons), draw)


def _fails(contract: Contract, clause: str, true: Values) -> bool:
    """Whether a fit signal does not hold; of other clauses a rep does not speak."""
    signal = contract.score.fit.signals.get(clause.rpartition(".")[2])
    return signal is not None and not signal.when.holds(true)


def _undated(reasons: list[Reason]) -> list[Reason]:
    return [each for each in reasons if each.then is None or each.then.kind is not DispositionKind.RECYCLE_ON_DATE]


def reason_to_return(contract: Contract, draw: int) -> Reason | None:
    """A reason to hand a lead back, if the contract has one."""
    return _one([each for each in contract.reasons.values() if each.verb is Verb.RETURN], draw)


def reason_to_give_up(contract: Contract) -> Reason | None:
    """The reason for those who could not be reached, if the contract has one: it asks for attempts."""
    return next((each for each in contract.reasons.values() if each.needs is not None), None)


def reason_to_disqualify(contract: Contract, draw: int) -> Reason | None:
    """A reason to end it after a talk."""
    ending = [each for each in contract.reasons.values() if each.verb in {Verb.DISQUALIFY, Verb.EITHER}]
    return _one([each for each in ending if each.needs is None], draw)


def revisit_on(version: Version, reason: Reason, at: Instant, draw: int) -> Instant | None:
    """The date on which the lead wants to be asked again, where the reason asks for one."""
    if reason.then is None or reason.then.kind is not DispositionKind.RECYCLE_ON_DATE:
        return None
    return version.midnight(version.date_of(at + (30 + draw % 90) * DAY))


def evidence(contract: Contract) -> Mapping[str, Value]:
    """What a rep records to make a lead an SQL: a yes, a date, a word of the list, or a sentence."""
    return {name: _piece(contract.evidence[name]) for name in contract.definitions.sql.needs}


_PIECES: Mapping[ValueType, Value] = {
    ValueType.BOOLEAN: True,
    ValueType.NUMBER: 1,
    ValueType.MONEY: 1,
    ValueType.DATE: "2025-12-01",
}


def _piece(asked: Evidence) -> Value:
    if asked.one_of:
        return min(asked.one_of)
    return _PIECES.get(asked.type, "As they said")


def _one(reasons: list[Reason], draw: int) -> Reason | None:
    return reasons[draw * len(reasons) // ROUND] if reasons else None
