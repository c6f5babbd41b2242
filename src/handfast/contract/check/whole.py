"""The whole-contract checks that need no arithmetic: who signs, when it opens, who is reached, what is left over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

from handfast.condition import Condition, tests_in
from handfast.contract.builtin import shipped_lists
from handfast.contract.check.definitions import check_definitions
from handfast.contract.check.plan import check_plan
from handfast.contract.model import CalendarTerms, Clock, ClockName, Contract, PartyName, Verb
from handfast.contract.seal import horizon
from handfast.contract.terms import Duration, DurationUnit
from handfast.instant import DAY, MINUTE, Instant, Span, to_datetime
from handfast.problem import Path, Problem, Problems, Severity
from handfast.zones import holiday_doubts

LONGEST_YEARS = 5
"""The longest window: calendars are sealed for ten years ahead, and a clock may start late in them."""

_WEEKS = LONGEST_YEARS * 52


def check(contract: Contract) -> tuple[Problem, ...]:
    """Everything that is wrong, doubtful or worth knowing about a contract as a whole, by path, unplaced."""
    problems = Problems()
    _check_parties(contract, problems)
    _check_calendars(contract, problems)
    _check_pools(contract, problems)
    _check_clocks(contract, problems)
    check_definitions(contract, problems)
    _check_reasons(contract, problems)
    _check_lists(contract, problems)
    _check_sources(contract, problems)
    check_plan(contract, problems)
    _check_examples(contract, problems)
    return tuple(problems)


def _warn(problems: Problems, code: str, path: Path, message: str) -> None:
    problems.add(code, path, message, severity=Severity.WARNING)


def _check_parties(contract: Contract, problems: Problems) -> None:
    """Nobody may sign for both sides."""
    marketing, sales = contract.parties[PartyName.MARKETING], contract.parties[PartyName.SALES]
    if _same(marketing.email, sales.email):
        message = f"{sales.email} would sign for both sides; an agreement needs two."
        problems.add("one_signs_for_both", ("parties", "sales", "email"), message)
    for name, party, other in ((PartyName.MARKETING, marketing, sales), (PartyName.SALES, sales, marketing)):
        others = _folded((other.email, *other.deputies))
        for position, deputy in enumerate(party.deputies):
            path: Path = ("parties", name.value, "deputies", position)
            if deputy.casefold() in others:
                message = f"{deputy} would sign for both sides; an agreement needs two."
                problems.add("one_signs_for_both", path, message)
            elif _same(deputy, party.email):
                _warn(problems, "deputy_of_self", path, f"{deputy} is the signatory already.")


def _folded(words: Iterable[str]) -> frozenset[str]:
    """Addresses and sources as they are compared."""
    return frozenset(word.strip().casefold() for word in words)


def _same(one: str, other: str) -> bool:
    return one.strip().casefold() == other.strip().casefold()


def _check_calendars(contract: Contract, problems: Problems) -> None:
    """Every calendar must open week after week; one that nothing uses is a leftover."""
    used = {contract.default_calendar, *(pool.calendar for pool in contract.pools.values())}
    for name, terms in contract.calendars.items():
        if not any(terms.hours):
            message = f"{_openings(contract, terms)}, so a clock on it would never be due."
            problems.add("calendar_never_opens", ("calendars", name, "hours"), message)
        elif name not in used:
            _warn(problems, "unused", ("calendars", name), f"No pool uses the calendar {name}.")
        for doubt in _holiday_doubts(contract, terms):
            _warn(problems, "holidays_not_known", ("calendars", name, "holidays"), doubt)


def _holiday_doubts(contract: Contract, terms: CalendarTerms) -> tuple[str, ...]:
    """What is not known about the holidays to be sealed, from the year in which the contract begins to govern."""
    if not terms.holidays:
        return ()
    first, (_, last) = contract.effective_from, horizon(contract.effective_from)
    return holiday_doubts(terms.holidays, to_datetime(first).year, to_datetime(last).year)


def _openings(contract: Contract, terms: CalendarTerms) -> str:
    first = to_datetime(contract.effective_from, terms.zone).date()
    opened = [day for day, spans in terms.exceptions.items() if spans and day >= first]
    return f"This calendar never opens after {max(opened).isoformat()}" if opened else "This calendar never opens"


def _check_pools(contract: Contract, problems: Problems) -> None:
    """Chains of ``nobody … then`` must end with a manager, and every pool be one that leads come to."""
    for name in contract.pools:
        loop = _loop_from(contract, name)
        if loop:
            chain = " → ".join((*loop, loop[0]))
            message = f"When nobody is free, leads would go round in a circle: {chain}."
            problems.add("pools_in_a_circle", ("pools", name, "nobody", "then"), message, allowed="a chain to manager")
    reached = set(_reached(contract))
    for name in contract.pools:
        if name not in reached:
            _warn(problems, "unused", ("pools", name), f"No rule and no other pool sends leads to {name}.")


def _then(contract: Contract, pool: str) -> str | None:
    """The pool that follows when nobody is free; None for the manager."""
    following = contract.pools[pool].nobody.then
    return following if following in contract.pools else None


def _chain(contract: Contract, pool: str) -> Iterator[str]:
    """A pool and those that follow it, each once."""
    seen: set[str] = set()
    following: str | None = pool
    while following is not None and following not in seen:
        seen.add(following)
        yield following
        following = _then(contract, following)


def _loop_from(contract: Contract, pool: str) -> tuple[str, ...]:
    """The circle that begins and ends at a pool, told once, by its first member in the file; empty for none."""
    chain = tuple(_chain(contract, pool))
    if _then(contract, chain[-1]) != pool:
        return ()
    return chain if next(name for name in contract.pools if name in chain) == pool else ()


def _reached(contract: Contract) -> Iterator[str]:
    for rule in contract.routing.rules:
        yield from _chain(contract, rule.to)


def _check_clocks(contract: Contract, problems: Problems) -> None:
    told: set[tuple[Duration, Duration]] = set()
    for clock in contract.clocks.values():
        windows = clock.within, clock.within_hand_raise
        if windows not in told:  # a clock that runs `as` another has the same windows, and is not told again
            _check_windows(contract, clock, problems)
        told.add(windows)
        _check_steps(clock, problems)


def _check_windows(contract: Contract, clock: Clock, problems: Problems) -> None:
    path: Path = ("clocks", clock.name.value, "within")
    for key, window in _windows(clock):
        if _too_long(contract, window):
            message = f"{window} is longer than {LONGEST_YEARS} years: this clock would never be due."
            problems.add("never_due", (*path, *key), message)
    if _slower(clock):
        message = f"A hand-raise would wait longer ({clock.within_hand_raise}) than the rest ({clock.within})."
        _warn(problems, "hand_raise_slower", (*path, "hand_raise"), message)


def _windows(clock: Clock) -> Iterator[tuple[tuple[str, ...], Duration]]:
    if clock.within == clock.within_hand_raise:
        yield (), clock.within
        return
    yield ("otherwise",), clock.within
    yield ("hand_raise",), clock.within_hand_raise


def _too_long(contract: Contract, window: Duration) -> bool:
    """Whether the calendar with the fewest hours needs more than the longest time for a window."""
    open_ones = [terms for terms in contract.calendars.values() if any(terms.hours)]
    if window.unit is DurationUnit.WALL:
        return window.amount > _WEEKS * 7 * DAY
    if window.unit is DurationUnit.BUSINESS_DAYS:
        return any(window.amount > _WEEKS * sum(map(bool, terms.hours)) for terms in open_ones)
    return any(window.amount > _WEEKS * _weekly(terms) for terms in open_ones)


def _weekly(terms: CalendarTerms) -> Span:
    return sum(closes - opens for day in terms.hours for opens, closes in day) * MINUTE


def _slower(clock: Clock) -> bool:
    """Only windows of one unit can be told apart without a calendar."""
    return clock.within.unit is clock.within_hand_raise.unit and clock.within_hand_raise.amount > clock.within.amount


def _check_steps(clock: Clock, problems: Problems) -> None:
    """Steps that stand in the wrong order, or reach an owner where there is none."""
    for position, (step, following) in enumerate(pairwise(clock.escalate)):
        if following.at < step.at:
            path: Path = ("clocks", clock.name.value, "escalate", position + 1, "at")
            message = f"The step at {following.at}% comes after the one at {step.at}%; steps fall in order of time."
            _warn(problems, "steps_out_of_order", path, message)
    for position, step in enumerate(clock.escalate):
        if clock.name is ClockName.CONTEST and "owner" in step.to:
            path = ("clocks", clock.name.value, "escalate", position, "to")
            _warn(problems, "no_owner", path, "A contested handoff has no owner to tell.")


def _check_reasons(contract: Contract, problems: Problems) -> None:
    """There must be a word for each way out, and no reason may come back before the cool-off is over."""
    verbs = {reason.verb for reason in contract.reasons.values()}
    if Verb.EITHER in verbs:
        verbs |= {Verb.REJECT, Verb.DISQUALIFY}
    for verb in (Verb.RETURN, Verb.REJECT, Verb.DISQUALIFY):
        if verb not in verbs:
            _warn(
                problems, "no_reason_for", ("reasons",), f"No reason is of the verb {verb}: nobody can {verb} a lead."
            )
    cool_off = contract.recycle.cool_off
    for name, reason in contract.reasons.items():
        after = reason.then.after if reason.then is not None else None
        if after is not None and after.unit is cool_off.unit and after.amount < cool_off.amount:
            message = f"{after} is shorter than the cool-off of {cool_off}, which decides."
            _warn(problems, "cool_off_decides", ("reasons", name, "then"), message)


def _check_lists(contract: Contract, problems: Problems) -> None:
    used = {test.list_name for condition in conditions_of(contract) for test in tests_in(condition)}
    for name in contract.lists:
        if name not in used and name not in shipped_lists():
            _warn(problems, "unused", ("lists", name), f"No condition uses the list {name}.")


def conditions_of(contract: Contract) -> Iterator[Condition]:
    """Every condition of a contract."""
    yield from (signal.when for signal in contract.score.fit.signals.values())
    yield from (signal.when for signal in contract.score.behaviour.signals.values() if signal.when is not None)
    definitions = contract.definitions
    if definitions.icp is not None:
        yield definitions.icp.when
    yield definitions.mql.when
    if definitions.mql.hand_raise is not None and definitions.mql.hand_raise.when is not None:
        yield definitions.mql.hand_raise.when
    yield from (unless.when for unless in definitions.mql.unless.values())
    yield from (rule.when for rule in contract.routing.rules if rule.when is not None)


def _check_sources(contract: Contract, problems: Problems) -> None:
    """A source belongs to sales or to partners, not to both."""
    terms = contract.attribution
    of_sales = _folded(terms.sales_sources)
    for position, source in enumerate(terms.partner_sources):
        if source.strip().casefold() in of_sales:
            path: Path = ("attribution", "partner_sources", position)
            problems.add("source_of_two", path, f"{source} is a source of sales already; a deal is credited once.")


def _check_examples(contract: Contract, problems: Problems) -> None:
    """Examples have names of their own, and know nothing of what is yet to come."""
    names: dict[str, int] = {}
    for position, example in enumerate(contract.examples):
        if names.setdefault(example.name, position) != position:
            message = f"Example {names[example.name] + 1} has the same name."
            _warn(problems, "same_name", ("examples", position, "name"), message)
        for at, act in enumerate(example.did):
            if act.at > example.at:
                path: Path = ("examples", position, "did", at, "at")
                problems.add(
                    "not_yet", path, f"This happens after {_shown(example.at, contract.zone)}, when it is judged."
                )


def _shown(instant: Instant, zone: str) -> str:
    return to_datetime(instant, zone).isoformat()
