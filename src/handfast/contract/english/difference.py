"""Differences in English: the ways in which one place of a contract can have changed, as makers of sentences.

Each maker gives a describer: a function of what was seen at one place to the sentences about it, without full stops.
Which describer speaks of which place stands in ``handfast.contract.english.changes``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from handfast.condition import All, Condition, Operator, Test
from handfast.contract.english.conditions import speaker, speaker_of
from handfast.contract.english.values import join_and, share, some_of, spoken
from handfast.contract.model import Contract
from handfast.contract.terms import Duration
from handfast.wording import Number, Worded, worded


class Words(NamedTuple):
    """A sentence about a change, both sides of it, what follows, and what needs care before signing."""

    sentence: str
    before: str = ""
    after: str = ""
    effect: str = ""
    care: str = ""


Place = tuple[Any, ...]
"""Where something stands in the model: fields and keys of tables, outermost first."""

TOLD = Words("")
"""For a change that another sentence tells already."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One place of two contracts that differs; ``old`` or ``new`` is None where it is not there."""

    before: Contract
    after: Contract
    path: Place
    kind: Any  # the type that the model gives the place
    old: Any
    new: Any

    @property
    def kept(self) -> Any:
        """The value after, or the one before if it is gone."""
        return self.old if self.new is None else self.new

    @property
    def contract(self) -> Contract:
        """The contract that ``kept`` is part of."""
        return self.before if self.new is None else self.after

    def key(self, place: int = 1) -> str:
        """A part of the path, such as the name of a reason."""
        return str(self.path[place])

    def entry(self, depth: int) -> Any:
        """What stands at the first parts of the path, in the contract after."""
        found: Any = self.after
        for part in self.path[:depth]:
            found = found[part] if hasattr(found, "keys") else getattr(found, str(part))
        return found


Describer = Callable[[Seen], Iterator[Words]]
Label = str | Callable[[Seen], str]
"""What changed: a template, of ``{key}`` for the second part of the path or ``{spoken}`` for that as people say it; or
made from what was seen."""

InWords = Callable[[Contract, Any], str]
"""A value in words; the contract knows the currency and the zone."""

Effect = Callable[[Seen], str]


def named(label: Label, seen: Seen) -> str:
    """A label for what was seen."""
    if not isinstance(label, str):
        return label(seen)
    key = seen.key() if "{" in label else ""
    return worded(label, key=key, spoken=spoken(key))


def labelled(template: str) -> str:
    """A template as a label, where a table makes several rows at once."""
    return template


def became(label: str, before: str, after: str) -> str:
    """``MQL bar 60 → 70``."""
    return worded("{label} {before} → {after}", label=label, before=before, after=after)


def instead(label: str, before: str, after: str) -> str:
    """``MQL bar now 70 (before: 60)``."""
    return worded("{label} now {after} (before: {before})", label=label, before=before, after=after)


def beside(label: str, before: str, after: str) -> str:
    """``the calendar office is open Monday (before: Tuesday)``."""
    return worded("{label} {after} (before: {before})", label=label, before=before, after=after)


_NONE = worded("none")


def row(label: Label, words: InWords, *, none: str = _NONE, effect: Effect | None = None, care: str = "") -> Describer:
    """``MQL bar 60 → 70``: one value became another."""

    def describe(seen: Seen) -> Iterator[Words]:
        before = none if seen.old is None else words(seen.before, seen.old)
        after = none if seen.new is None else words(seen.after, seen.new)
        follows = effect(seen) if effect is not None else ""
        yield Words(became(named(label, seen), before, after), before, after, follows, care)

    return describe


def now(label: Label, words: InWords, *, none: str = "") -> Describer:
    """``no_budget now recycles after 90 days (before: closes)``."""

    def describe(seen: Seen) -> Iterator[Words]:
        before = none if seen.old is None else words(seen.before, seen.old)
        after = none if seen.new is None else words(seen.after, seen.new)
        yield Words(instead(named(label, seen), before, after), before, after)

    return describe


def switch(on: Label, off: Label, *, care: str = "") -> Describer:
    """A sentence for each way that something was turned."""

    def describe(seen: Seen) -> Iterator[Words]:
        before, after = (worded("no"), worded("yes")) if seen.new else (worded("yes"), worded("no"))
        yield Words(named(on if seen.new else off, seen), before, after, "", care)

    return describe


def entry(come: str, gone: str, words: InWords, *, care: str = "") -> Describer:
    """Something new or gone: ``new reason: {said}`` and ``reason dropped: {said}``; ``care`` is for what goes."""

    def describe(seen: Seen) -> Iterator[Words]:
        said = words(seen.contract, seen.kept)
        if seen.old is None:
            yield Words(worded(come, said=said), "", said)
        else:
            yield Words(worded(gone, said=said), said, "", "", care)

    return describe


def members(label: Label, words: InWords = lambda _, value: str(value), *, care: str = "") -> Describer:
    """``competitors gains a and b and loses c``; ``care`` is for what goes."""

    def describe(seen: Seen) -> Iterator[Words]:
        old = [words(seen.before, part) for part in _ordered(seen.old)]
        new = [words(seen.after, part) for part in _ordered(seen.new)]
        yield _gained(named(label, seen), old, new, care)

    return describe


def _ordered(parts: Any) -> Sequence[Any]:
    return sorted(parts) if isinstance(parts, frozenset) else parts


def _gained(label: str, old: Sequence[str], new: Sequence[str], care: str) -> Words:
    gained, lost = list((Counter(new) - Counter(old)).elements()), list((Counter(old) - Counter(new)).elements())
    said = [gains(some_of(gained))] if gained else []
    if lost:
        said.append(loses(some_of(lost)))
    before, after = some_of(old) or _NONE, some_of(new) or _NONE
    if said:
        sentence = worded("{label} {changes}", label=label, changes=join_and(said))
    else:
        known = {"label": label, "before": before, "after": after}
        sentence = worded("{label}, in another order: {after} (before: {before})", **known)
    return Words(sentence, before, after, "", care if lost else "")


def gains(what: str) -> str:
    """What came."""
    return worded("gains {what}", what=what)


def loses(what: str) -> str:
    """What went."""
    return worded("loses {what}", what=what)


# Conditions.


def condition(label: Label, bar: Label = "", *, activity: Callable[[Seen], str] | None = None) -> Describer:
    """``Target industry now counts when … (before: when …)``, or ``MQL bar 60 → 70`` where only a score's bar moved."""

    def describe(seen: Seen) -> Iterator[Words]:
        before = _when(seen.before, seen.old, activity(seen) if activity else "")
        after = _when(seen.after, seen.new, activity(seen) if activity else "")
        moved = _moved_bars(seen.old, seen.new) if bar else ()
        for name, old, new in moved:
            yield _bar(named(bar, seen), name, old, new)
        if not moved:
            yield Words(instead(named(label, seen), before, after), before, after)

    return describe


def _when(contract: Contract, value: Condition | None, activity: str) -> str:
    if value is None:
        return worded("always")
    speaks = speaker_of(contract, activity) if activity else speaker(contract)
    return worded("when {condition}", condition=speaks.condition(value))


def _moved_bars(old: Condition | None, new: Condition | None) -> tuple[tuple[str, Any, Any], ...]:
    """The scores whose lower bar moved, if nothing else about the condition did; else none."""
    before, after = _bars(old), _bars(new)
    if before is None or after is None or set(before) != set(after):
        return ()
    return tuple((name, before[name], after[name]) for name in before if before[name] != after[name])


def _bars(value: Condition | None) -> dict[str, Any] | None:
    """The lower bars that a condition consists of, by score; None when it consists of anything else."""
    parts = value.parts if isinstance(value, All) else (value,)
    tests = [part for part in parts if isinstance(part, Test) and part.operator is Operator.AT_LEAST]
    scores = {test.name: test.operand for test in tests if test.name in {"total", "fit", "behaviour"}}
    return scores if len(scores) == len(parts) else None


def _bar(label: str, name: str, old: Any, new: Any) -> Words:
    about = label if name == "total" else worded("{bar}, {score} part", bar=label, score=_SCORES[name])
    effect = worded("fewer leads qualify") if new > old else worded("more leads qualify")
    before, after = Worded(str(old), Number(old)), Worded(str(new), Number(new))
    return Words(became(about, before, after), before, after, effect)


_SCORES = {"fit": worded("fit"), "behaviour": worded("behaviour")}


# Effects.


def less_time(seen: Seen) -> str:
    """How much tighter or wider a window became; empty when the two are not counted alike."""
    old, new = seen.old, seen.new
    if not isinstance(old, Duration) or not isinstance(new, Duration) or old.unit is not new.unit or not old.amount:
        return ""
    part = round(Decimal(abs(new.amount - old.amount)) / Decimal(old.amount), 2)
    if not part:
        return ""
    less = new.amount < old.amount
    return worded("{share} less time", share=share(part)) if less else worded("{share} more time", share=share(part))
