"""What a contract makes of an example, decided step by step as it would be for a lead."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from handfast.clock import Calendars, Started, started, tightened
from handfast.contract.model import ClockName, Contract, Example
from handfast.errors import NeverOpens, OutsideCalendar
from handfast.example.history import History
from handfast.instant import Instant
from handfast.qualify import Judgement, LeadThen, Weighed, judged, values_for_routing, weighed
from handfast.route import Routed, routed
from handfast.score import Explanation

_TOUCHABLE = (ClockName.FIRST_TOUCH, ClockName.RESPONSE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Scores, band and definitions as of the example's instant; pool and clocks as of ``qualified_at``."""

    state: str  # waiting once it was qualified, else open
    judgement: Judgement
    weighed: tuple[Weighed, ...]
    explanation: Explanation
    qualified_at: Instant | None = None
    routed: Routed | None = None
    clocks: Mapping[ClockName, Started]  # first_touch, response, decision
    undue: str = ""  # why there are no clocks although it was qualified


def outcome_of(contract: Contract, example: Example, calendars: Calendars) -> Outcome:
    """Judge a lead at each instant of its history, then tell how it stands at the example's own."""
    history = History(contract, example)
    lead = history.at(example.at)
    outcome = Outcome(
        state="open",
        judgement=judged(contract, lead),
        weighed=weighed(contract, lead),
        explanation=history.explained(),
        clocks={},
    )
    for moment in history.moments:
        outcome = _at(moment, history.at(moment), outcome, calendars)
    return outcome


def _at(moment: Instant, lead: LeadThen, outcome: Outcome, calendars: Calendars) -> Outcome:
    """One judgement: it may qualify the lead, or tighten what runs because a hand was raised again."""
    contract = calendars.contract
    judgement = judged(contract, lead)
    if outcome.qualified_at is None and judgement.qualified:
        found = routed(contract, values_for_routing(lead, judgement))
        outcome = replace(outcome, state="waiting", qualified_at=moment, routed=found)
        return _started(outcome, (*_TOUCHABLE, ClockName.DECISION), moment, calendars, judgement)
    raised_again = judgement.raised is not None and judgement.raised.happened_at == moment
    if outcome.qualified_at is not None and raised_again:
        return _started(outcome, _TOUCHABLE, moment, calendars, judgement)
    return outcome


def _started(
    outcome: Outcome, names: Iterable[ClockName], moment: Instant, calendars: Calendars, judgement: Judgement
) -> Outcome:
    """The outcome with these clocks started; of a clock that runs already the earlier due stays."""
    pool = outcome.routed.pool if outcome.routed is not None else None
    clocks = dict(outcome.clocks)
    try:
        for name in names:
            terms = calendars.contract.clocks[name]
            new = started(terms, moment, calendars, pool=pool, hand_raised=judgement.hand_raised)
            clocks[name] = tightened(clocks[name], new) if name in clocks else new
    except (OutsideCalendar, NeverOpens) as refusal:
        return replace(outcome, clocks={}, undue=str(refusal))
    return replace(outcome, clocks=clocks)
