"""Who gets a lead: deal's owner, account owner, if eligible → first matching rule → pool → member."""

from __future__ import annotations

from collections.abc import Collection

from handfast.condition import Values
from handfast.contract.model import Contract
from handfast.instant import Instant
from handfast.route.choice import Choice, Way
from handfast.route.opportunities import Opportunity
from handfast.route.question import ByName, Question
from handfast.route.rules import Ruled, ruled
from handfast.route.team import Team


def choose(
    team: Team,
    contract: Contract,
    calendars: ByName,
    *,
    now: Instant,
    values: Values | None = None,
    pool: str | None = None,
    owner: str | None = None,
    had: Collection[str] = (),
) -> Choice:
    """Decide who gets a lead; nothing is written, ``assigned`` does that with the choice.

    ``values`` are those of ``qualify.values_for_routing``, for the rules; a ``pool`` without values is an order to
    route into it. ``owner`` is the rep who owns the lead's account; ``had`` are the reps who have had this cycle
    before. ``rep`` of the answer is None when nobody is eligible: ``place`` knows what follows.

    Raises ValueError without values and pool, and when dues of the team up to now were not taken first (``until``).
    """
    return chosen(Question(team, contract, calendars, now, frozenset(had)), rule_for(contract, values), pool, owner)


def give(
    team: Team, contract: Contract, calendars: ByName, *, now: Instant, to: str, pool: str, way: Way = Way.HUMAN
) -> Choice:
    """A human's choice, which outranks the router: neither caps nor absence stand in its way.

    ``despite`` says what would have. Recorded, and counted only in a pool with ``count_all``. ``pool`` is the one that
    the handoff came through; a rep who is no member of it works by the default calendar. ``rep`` of the answer is None
    when there is no such rep, or they are inactive.
    """
    return Question(team, contract, calendars, now, frozenset()).given(pool, to, way)


def rule_for(contract: Contract, values: Values | None) -> Ruled | None:
    """The rule that matches, when there are values to ask of."""
    return None if values is None else ruled(contract, values)


def chosen(
    question: Question,
    rule: Ruled | None,
    pool: str | None,
    owner: str | None,
    opportunity: Opportunity | None = None,
) -> Choice:
    """The deal's owner, else the account's, else the member whose turn it is in the pool that rule or caller name.

    The owner of an open deal that the lead is on or joins comes first whatever ``owner_first`` says.
    """
    into = pool if rule is None else rule.pool
    if into is None:
        raise ValueError("routing needs the lead's values, or a pool")
    return question.choice(into, rule, owner if question.contract.routing.owner_first else None, opportunity)
