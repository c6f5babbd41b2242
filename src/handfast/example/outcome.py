"""What a contract makes of an example, decided step by step as it would be for a lead."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from handfast.clock import Calendars, Started, started, tightened
from handfast.contract.model import ClockName, Example
from handfast.errors import NeverOpens, OutsideCalendar
from handfast.example.history import History
from handfast.instant import Instant
from handfast.qualify import Judgement, LeadThen, Weighed, judged, values_for_routing
from handfast.route import Routed, routed
from handfast.score import Explanation, Scored, ScoreTable

_TOUCHABLE = (ClockName.FIRST_TOUCH, ClockName.RESPONSE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Scores, band and definitions as of the example's instant; pool and clocks as of ``qualified_at``."""

    history: History
    state: str  # waiting once it was qualified, else open
    score: Scored
    judgement: Judgement
    qualified_at: Instant | None = None
    routed: Routed | None = None
    clocks: Mapping[ClockName, Started]  # first_touch, response, decision
    undue: str = ""  # why there are no clocks although it was qualified

    @property
    def explanation(self) -> Explanation:
        """The score, line by line."""
        return self.history.explanation

    @property
    def weighed(self) -> tuple[Weighed, ...]:
        """Every clause of the judgement, with what was found."""
        return self.history.weighed


def outcome_of(example: Example, calendars: Calendars, table: ScoreTable) -> Outcome:
    """Judge a lead at each instant of its history, then tell how it stands at the example's own."""
    contract = calendars.contract
    history = History(contract, example, table)
    lead = history.at(example.at)
    outcome = Outcome(history=history, state="open", score=lead.score, judgement=judged(contract, lead), clocks={})
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
