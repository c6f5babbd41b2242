"""Changes in English, where a place needs its own way of speaking: windows, steps, rules, hours, lists, examples."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from math import ceil

from handfast.contract.english import clauses, promises, values
from handfast.contract.english.difference import (
    TOLD,
    Seen,
    Words,
    beside,
    entry,
    less_time,
    members,
    row,
)
from handfast.contract.model import ClockName, Contract, Example, Rule, Step
from handfast.contract.terms import Duration, Per, PerPeriod
from handfast.contract.walk import walked_back
from handfast.wording import series, worded

# Effects.

_IN_A_YEAR = {Per.MONTH: 12, Per.QUARTER: 4, Per.YEAR: 1}


def in_a_year(seen: Seen) -> str:
    """How many more or fewer a promise is in a year."""
    if seen.old is None or seen.new is None:
        return ""
    change = _yearly(seen.new) - _yearly(seen.old)
    amount = values.decimal(abs(change))
    return (
        worded("{amount} fewer a year", amount=amount) if change < 0 else worded("{amount} more a year", amount=amount)
    )


def _yearly(promise: PerPeriod) -> Decimal:
    return promise.amount * _IN_A_YEAR[promise.per]


def needs_mqls(seen: Seen) -> str:
    """How many MQLs a month the plan then needs; empty when it does not say."""
    walks = walked_back(seen.before), walked_back(seen.after)
    before, after = (walk.monthly("mql") if walk is not None else None for walk in walks)
    if before is None or after is None or ceil(before) == ceil(after):
        return ""
    return worded(
        "the plan then needs {after} MQLs a month instead of {before}",
        after=values.decimal(ceil(after)),
        before=values.decimal(ceil(before)),
    )


# Places.


def after_hand_raise(seen: Seen) -> Iterator[Words]:
    """The window after a hand-raise; told with the other window when the two are one."""
    name = ClockName(seen.key())
    old, new = seen.before.clocks[name], seen.after.clocks[name]
    if _amounts(old.within, new.within) == _amounts(old.within_hand_raise, new.within_hand_raise):
        yield TOLD
    else:
        yield from _HAND_RAISE(seen)


def clock(seen: Seen) -> str:
    """A clock by its name."""
    return promises.clock_name(ClockName(seen.key()))


_HAND_RAISE = row(
    lambda seen: worded("{clock} after a hand-raise", clock=clock(seen)),
    lambda _, value: values.duration(value),
    effect=less_time,
)


def _amounts(*windows: Duration) -> list[tuple[str, int]]:
    return [(window.unit, window.amount) for window in windows]


def escalation(seen: Seen) -> Iterator[Words]:
    """Steps of a clock that came, went, or do something else at their point."""
    label = worded("{clock}:", clock=clock(seen))
    old, new = _steps(seen.old), _steps(seen.new)
    if old == new:
        yield Words(worded("{label} the escalations stand in another order", label=label))
    for at in sorted(old.keys() | new.keys()):
        before, after = old.get(at, ""), new.get(at, "")
        if before and after and before != after:
            yield Words(beside(label, before, after), before, after)
        elif after and not before:
            yield Words(worded("{label} now {after}", label=label, after=after), before, after)
        elif before and not after:
            yield Words(worded("{label} no longer {before}", label=label, before=before), before, after)


def _steps(steps: Sequence[Step]) -> dict[int, str]:
    """What happens at each point, in words; several steps at one point are told together."""
    found: dict[int, str] = {}
    for step in steps:
        said = promises.step(step)
        earlier = found.get(step.at, "")
        found[step.at] = worded("{first}; {last}", first=earlier, last=said) if earlier else said
    return found


def rules(seen: Seen) -> Iterator[Words]:
    """Routing rules that came, went, go elsewhere, or are asked in another order."""
    old, new = [_rule(seen.before, rule) for rule in seen.old], [_rule(seen.after, rule) for rule in seen.new]
    gone, come = [rule for rule in old if rule not in new], [rule for rule in new if rule not in old]
    for when, to in gone:
        elsewhere = next((pair for pair in come if pair[0] == when), None)
        if elsewhere is None:
            went = clauses.going(when, to)
            yield Words(worded("routing rule dropped: {rule}", rule=went), went)
            continue
        come.remove(elsewhere)
        known = {"leads": when, "after": elsewhere[1], "before": to}
        yield Words(worded("{leads} now go to {after} (before: {before})", **known), to, elsewhere[1])
    for when, to in come:
        goes, place, of = clauses.going(when, to), new.index((when, to)) + 1, len(new)
        known = {"rule": goes, "place": values.decimal(place), "of": values.decimal(of)}
        yield Words(worded("new routing rule, asked as number {place} of {of}: {rule}", **known), "", goes)
    if [rule for rule in old if rule in new] != [rule for rule in new if rule in old]:
        order = series([clauses.going(when, to) for when, to in new], "{first}; {last}", between="; ")
        yield Words(worded("routing rules are asked in another order: {rules}", rules=order))


def _rule(contract: Contract, rule: Rule) -> tuple[str, str]:
    return clauses.leads(contract, rule), rule.to


def hours(seen: Seen) -> Iterator[Words]:
    """Opening hours, with what a week then holds."""
    before, after = values.week(seen.old), values.week(seen.new)
    totals = values.weekly_hours(seen.old), values.weekly_hours(seen.new)
    effect = ""
    if totals[0] != totals[1]:
        effect = worded("{before} → {after} a week", before=totals[0], after=totals[1])
    label = worded("the calendar {key} is open", key=seen.key())
    yield Words(beside(label, before, after), before, after, effect)


def exception(seen: Seen) -> Iterator[Words]:
    """One date of a calendar."""
    name, day = seen.key(), values.day(seen.path[3])
    before = worded("the usual hours") if seen.old is None else values.spans(seen.old)
    after = worded("the usual hours") if seen.new is None else values.spans(seen.new)
    yield Words(beside(worded("the calendar {key} on {day}:", key=name, day=day), before, after), before, after)


def word_list(seen: Seen) -> Iterator[Words]:
    """A list that is new, gone, or holds other words."""
    if seen.old is not None and seen.new is not None:
        return _LIST_MEMBERS(seen)
    return entry("new: {said}", "dropped: {said}", lambda _, words: clauses.entries(seen.key(), words))(seen)


_LIST_MEMBERS = members("the list {key}")


def examples(seen: Seen) -> Iterator[Words]:
    """Examples by name."""
    old, new = _by_name(seen.old), _by_name(seen.new)
    for name in {**old, **new}:
        before, after = old.get(name), new.get(name)
        if before != after:
            yield Words(_example(name, before, after))
    if list(old) != list(new) and old.keys() == new.keys():
        yield Words(worded("examples stand in another order"))


def _example(name: str, before: object, after: object) -> str:
    if before is None:
        return worded("new example: {name}", name=values.quoted(name))
    if after is None:
        return worded("example dropped: {name}", name=values.quoted(name))
    return worded("example changed: {name}", name=values.quoted(name))


def _by_name(examples: Sequence[Example]) -> Mapping[str, Sequence[Example]]:
    return {example.name: [other for other in examples if other.name == example.name] for example in examples}
