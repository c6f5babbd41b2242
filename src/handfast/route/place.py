"""Where a handoff goes, also when nobody is eligible: it stays, is held, goes to the fallback pool, to the manager."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from handfast.condition import Values
from handfast.contract.model import Contract
from handfast.contract.terms import Duration, DurationUnit
from handfast.instant import HOUR, Instant
from handfast.route.choice import Choice, Way
from handfast.route.choose import chosen, rule_for
from handfast.route.opportunities import Opportunity
from handfast.route.question import ByName, Question
from handfast.route.rules import Ruled
from handfast.route.team import Team

MANAGER = "manager"
"""What a contract calls the last resort of a pool."""

AGAIN = Duration(unit=DurationUnit.BUSINESS_TIME, amount=HOUR, text="1 business hour")
"""How long a handoff is held before everybody is asked again, where a pool has neither hold nor manager."""


class Stays(NamedTuple):
    """After a breach nobody else is eligible: it stays with its owner, and escalates once."""

    rep: str


class Held(NamedTuple):
    """Nobody is eligible: the handoff waits for somebody of ``pool`` for ``window`` of the pool's calendar.

    ``tried`` are the pools that had nobody, this one last: given back as ``held`` when the hold is over, they are not
    waited for again. ``unmanaged``: there is no manager either, so that everybody is asked again after the hold.
    """

    pool: str
    window: Duration
    tried: tuple[str, ...]
    unmanaged: bool = False


class Placed(NamedTuple):
    """What became of a handoff, and every step on the way: ``nobody`` are the choices that found nobody."""

    outcome: Choice | Held | Stays
    nobody: tuple[Choice, ...] = ()


class Handoff(NamedTuple):
    """What is to be placed. ``values``, ``pool``, ``owner``, ``opportunity`` and ``had`` are those of ``choose``.

    ``stays_with``: after a breach, its current owner. ``returns_to``: after an overturned contest, the rep whose
    rejection it was. ``held``: when a hold is over, what that hold had ``tried``.
    """

    values: Values | None = None
    pool: str | None = None
    owner: str | None = None
    opportunity: Opportunity | None = None
    had: Collection[str] = ()
    stays_with: str | None = None
    returns_to: str | None = None
    held: tuple[str, ...] = ()


def place(team: Team, contract: Contract, calendars: ByName, handoff: Handoff, *, now: Instant) -> Placed:
    """Find somebody for a handoff, in the order of semantics.md (Routing).

    1. ``choose``: owner of the deal that it joins, account owner, rule, pool, member.
    2. After a breach, if the current owner is still there, it stays with them.
    3. The pool holds it, unless that hold is over.
    4. The pool's fallback pool, with its own hold; a pool that was tried is not tried again.
    5. After an overturned contest, the same rep, if nothing else stands in the way.
    6. The pool's manager, whatever is on their hands; of several pools tried, of the latest whose manager is there.
    7. With no manager there it is held, and then everybody is asked again.

    Raises ValueError as ``choose`` does.
    """
    ask = Question(team, contract, calendars, now, frozenset(handoff.had))
    rule = rule_for(contract, handoff.values)
    choice, tried = chosen(ask, rule, handoff.pool, handoff.owner, handoff.opportunity), handoff.held
    nobody: list[Choice] = []
    while choice.rep is None:
        nobody.append(choice)
        if handoff.stays_with is not None and _there(team, handoff.stays_with):
            return Placed(outcome=Stays(rep=handoff.stays_with), nobody=tuple(nobody))
        terms = contract.pools[choice.pool].nobody
        if terms.hold is not None and choice.pool not in handoff.held:
            window = Held(pool=choice.pool, window=terms.hold, tried=_with(tried, choice.pool))
            return Placed(outcome=window, nobody=tuple(nobody))
        tried = _with(tried, choice.pool)
        if terms.then == MANAGER or terms.then in tried:
            return Placed(outcome=_last(ask, rule, tried, handoff.returns_to), nobody=tuple(nobody))
        choice = ask.choice(terms.then)
    return Placed(outcome=choice, nobody=tuple(nobody))


def _there(team: Team, name: str) -> bool:
    rep = team.reps.get(name)
    return rep is not None and rep.present


def _with(tried: tuple[str, ...], pool: str) -> tuple[str, ...]:
    """The pools tried with this one last, each once."""
    return (*(each for each in tried if each != pool), pool)


def _last(ask: Question, rule: Ruled | None, tried: tuple[str, ...], returns_to: str | None) -> Choice | Held:
    """Steps 5 to 7, after ``tried``, in the order in which they were."""
    if returns_to is not None and (again := _again(ask, tried, returns_to)) is not None:
        return again._replace(ruled=rule)
    for pool in reversed(tried):
        manager = ask.team.roster(pool).manager
        if manager is not None and _there(ask.team, manager):
            return ask.given(pool, manager, Way.LAST_RESORT)._replace(ruled=rule)
    hold = ask.contract.pools[tried[0]].nobody.hold
    return Held(pool=tried[0], window=hold or AGAIN, tried=tried[:1], unmanaged=True)


def _again(ask: Question, tried: tuple[str, ...], rep: str) -> Choice | None:
    """The rep who rejected it, as a member of the latest pool that has them, unless something else is in the way."""
    fresh = Question(ask.team, ask.contract, ask.calendars, ask.now)
    pool = next((each for each in reversed(tried) if fresh.member(each, rep)), tried[-1])
    member = fresh.member(pool, rep)
    paused = member is not None and not member.weight
    return None if paused or fresh.barred(pool, rep) else fresh.given(pool, rep, Way.ROUTED)
