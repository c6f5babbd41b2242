"""What a name of a condition can be: a finite set of values, or an interval; narrowed by tests, joined, cut apart.

Everything here is an over-approximation: a ``Domain`` holds at least the values that a real lead can have.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from handfast.condition import Operator, Test, Value, ValueType, evaluate, fold
from handfast.contract.model import Attribute

Bound = tuple[Fraction, int]
"""An end of an interval that compares as it should: side 0 is inclusive, 1 just above, -1 just below the value."""

WORDS = frozenset(
    {Operator.HAS_WORD, Operator.HAS_ANY_WORD, Operator.CONTAINS, Operator.STARTS_WITH, Operator.ENDS_WITH}
)
"""Tests of words in a text: whether one holds says nothing about another."""

_OPPOSITE = {Operator.IS_NOT: Operator.IS, Operator.NOT_IN: Operator.IN}


@dataclass(frozen=True, slots=True, kw_only=True)
class Domain:
    """The values that a name may still have: a finite set, or everything between two bounds but ``excluded``."""

    values: frozenset[Value] | None = None
    low: Bound | None = None
    high: Bound | None = None
    excluded: frozenset[Value] = frozenset()
    unknown: bool = True  # may be missing as well

    @property
    def empty(self) -> bool:
        """True when no value is left, missing included."""
        return not self.unknown and not self.some

    @property
    def some(self) -> bool:
        """True when at least one known value is left."""
        if self.values is not None:
            return bool(self.values)
        if self.low is None or self.high is None or self.low < self.high:
            return True
        return self.low == self.high and self.low[0] not in self.excluded


NOTHING: frozenset[Value] = frozenset()


def domain_of(attribute: Attribute) -> Domain:
    """Everything that an attribute or a property can be, by its type."""
    if attribute.type is ValueType.CHOICE:
        return Domain(values=frozenset(map(fold, attribute.one_of)))
    if attribute.type is ValueType.BOOLEAN:
        return Domain(values=frozenset({True, False}))
    return Domain()


def narrowed(domain: Domain, test: Test, *, truth: bool) -> Domain:
    """The part of a domain in which a test holds, or does not; possibly empty."""
    operator = _OPPOSITE.get(test.operator)
    if operator is not None:
        return narrowed(domain, Test(test.name, operator, test.operand), truth=not truth)
    if test.operator is Operator.KNOWN:
        return _if_known(domain, known=truth is (test.operand is True))
    unknown = domain.unknown and not truth
    if domain.values is not None:
        kept = frozenset(value for value in domain.values if evaluate(test, {test.name: value}) is truth)
        return replace(domain, values=kept, unknown=unknown)
    return replace(_narrowed_known(domain, test, truth=truth), unknown=unknown)


def _if_known(domain: Domain, *, known: bool) -> Domain:
    return replace(domain, unknown=False) if known else Domain(values=NOTHING, unknown=domain.unknown)


def _narrowed_known(domain: Domain, test: Test, *, truth: bool) -> Domain:
    """The known values of an infinite domain that pass, or fail, a positive test."""
    if test.operator in WORDS:
        return domain
    if test.operator in {Operator.IS, Operator.IN, Operator.IN_LIST}:
        return _among(domain, _operands(test), truth=truth)
    low, high = _ends(test)
    return _clipped(domain, low, high) if truth else _clipped_outside(domain, low, high)


def _operands(test: Test) -> frozenset[Value]:
    """The literal values that an ``is``, ``in`` or ``in_list`` names."""
    if isinstance(test.operand, (frozenset, tuple)):
        return frozenset(test.operand)
    return frozenset({test.operand})


def _among(domain: Domain, values: frozenset[Value], *, truth: bool) -> Domain:
    if not truth:
        return replace(domain, excluded=domain.excluded | values)
    inside = frozenset(value for value in values - domain.excluded if _between(domain, value))
    return Domain(values=inside, unknown=domain.unknown)


def _between(domain: Domain, value: Value) -> bool:
    if domain.low is None and domain.high is None:
        return True
    point = (number(value), 0)
    return (domain.low is None or domain.low <= point) and (domain.high is None or point <= domain.high)


def number(value: Value) -> Fraction:
    """A number exactly, so that nothing is lost to rounding."""
    return Fraction(value)


def _ends(test: Test) -> tuple[Bound | None, Bound | None]:
    """The interval in which a comparison holds."""
    if isinstance(test.operand, tuple):
        first, last = test.operand
        return (number(first), 0), (number(last), 0)
    value = number(test.operand) if not isinstance(test.operand, frozenset) else Fraction(0)
    ends: dict[Operator, tuple[Bound | None, Bound | None]] = {
        Operator.AT_LEAST: ((value, 0), None),
        Operator.ABOVE: ((value, 1), None),
        Operator.AT_MOST: (None, (value, 0)),
        Operator.BELOW: (None, (value, -1)),
    }
    return ends[test.operator]


def _clipped(domain: Domain, low: Bound | None, high: Bound | None) -> Domain:
    lows = [end for end in (domain.low, low) if end is not None]
    highs = [end for end in (domain.high, high) if end is not None]
    return replace(domain, low=max(lows, default=None), high=min(highs, default=None))


def _clipped_outside(domain: Domain, low: Bound | None, high: Bound | None) -> Domain:
    """Everything below ``low`` or above ``high``: when both sides remain, the whole domain stands for them."""
    sides = []
    if low is not None:
        sides.append(_clipped(domain, None, (low[0], low[1] - 1)))
    if high is not None:
        sides.append(_clipped(domain, (high[0], high[1] + 1), None))
    left = [side for side in sides if side.some]
    if len(left) == 1:
        return left[0]
    return domain if left else Domain(values=NOTHING, unknown=domain.unknown)


def joined(one: Domain, other: Domain) -> Domain:
    """A domain that holds everything that either of two holds."""
    unknown = one.unknown or other.unknown
    if not one.some:
        return replace(other, unknown=unknown)
    if not other.some:
        return replace(one, unknown=unknown)
    if one.values is not None and other.values is not None:
        return Domain(values=one.values | other.values, unknown=unknown)
    wide, rest = (other, one) if one.values is not None else (one, other)
    excluded = wide.excluded & rest.excluded if rest.values is None else wide.excluded - rest.values
    low, high = _hull(_span(one), _span(other))
    return Domain(low=low, high=high, excluded=excluded, unknown=unknown)


def _span(domain: Domain) -> tuple[Bound | None, Bound | None]:
    """The bounds of a domain; a finite set of numbers has its smallest and largest."""
    if domain.values is None:
        return domain.low, domain.high
    if any(isinstance(value, str) for value in domain.values):
        return None, None
    numbers = [number(value) for value in domain.values]
    return (min(numbers), 0), (max(numbers), 0)


def _hull(
    one: tuple[Bound | None, Bound | None], other: tuple[Bound | None, Bound | None]
) -> tuple[Bound | None, Bound | None]:
    low = None if one[0] is None or other[0] is None else min(one[0], other[0])
    high = None if one[1] is None or other[1] is None else max(one[1], other[1])
    return low, high


def regions(domain: Domain, tests: Iterable[Test]) -> Iterator[Domain]:
    """A domain cut into parts so fine that each test on literals or bounds is the same all over a part."""
    asked = list(tests)
    if domain.unknown:
        yield Domain(values=NOTHING)
    if domain.values is not None:
        for value in domain.values:
            yield Domain(values=frozenset({value}), unknown=False)
        return
    cuts = sorted({number(value) for test in asked for value in _cuts(test)})
    if cuts:
        yield from _numeric_regions(domain, cuts)
    else:
        yield from _literal_regions(domain, [_operands(test) for test in asked if _names_literals(test)])


def _names_literals(test: Test) -> bool:
    return test.operator in {Operator.IS, Operator.IS_NOT, Operator.IN, Operator.NOT_IN, Operator.IN_LIST}


def _cuts(test: Test) -> Iterator[int | Decimal]:
    """The numbers at which a test may change its answer."""
    values = test.operand if isinstance(test.operand, (frozenset, tuple)) else (test.operand,)
    for value in values:
        if not isinstance(value, (str, bool)):
            yield value


def _numeric_regions(domain: Domain, cuts: list[Fraction]) -> Iterator[Domain]:
    low: Bound | None = None
    for cut in cuts:
        yield from _part(domain, low, (cut, -1))
        yield from _part(domain, (cut, 0), (cut, 0))
        low = (cut, 1)
    yield from _part(domain, low, None)


def _part(domain: Domain, low: Bound | None, high: Bound | None) -> Iterator[Domain]:
    part = replace(_clipped(domain, low, high), unknown=False)
    if part.some:
        yield part


def _literal_regions(domain: Domain, sets: list[frozenset[Value]]) -> Iterator[Domain]:
    """Literals that belong to the same sets are alike; whatever is named nowhere is one more part."""
    alike: dict[tuple[bool, ...], set[Value]] = {}
    for value in frozenset().union(*sets) - domain.excluded:
        alike.setdefault(tuple(value in each for each in sets), set()).add(value)
    for values in alike.values():
        yield Domain(values=frozenset(values), unknown=False)
    yield replace(domain, excluded=domain.excluded.union(*sets), unknown=False)
