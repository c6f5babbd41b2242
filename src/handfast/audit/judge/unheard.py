"""Words that the contract asks for and that no lead of the export has: most often the two spell one thing unlike."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from handfast.audit.export import Export
from handfast.condition import Condition, NoneOf, Operator, Test, ValueType, fold
from handfast.contract.model import Contract
from handfast.measure.columns import Coded

_ASKS = frozenset({Operator.IS, Operator.IN})
_WORDS = frozenset({ValueType.TEXT, ValueType.CHOICE, ValueType.COUNTRY})
_SHOWN = 3


def unheard(export: Export, contract: Contract) -> Iterator[str]:
    """One sentence for each attribute of which the contract asks for words that do not occur; sorted by attribute.

    Disqualifiers and what is asked not to be are left out: that no lead has such a word is as it should be. Of several
    countries nothing is said as long as one occurs: ISO codes have one spelling.
    """
    asked: dict[str, set[str]] = {}
    for test in _asked(contract):
        if test.name in export.attributes and contract.attributes[test.name].type in _WORDS:
            together = contract.attributes[test.name].type is ValueType.COUNTRY
            missing = _missing(test, export.attributes[test.name], together=together)
            asked.setdefault(test.name, set()).update(missing)
    for name in sorted(name for name, words in asked.items() if words):
        yield _sentence(name, sorted(asked[name]), export.attributes[name])


def _asked(contract: Contract) -> Iterator[Test]:
    mql, icp = contract.definitions.mql, contract.definitions.icp
    yield from _positive(mql.when)
    for signal in contract.score.fit.signals.values():
        yield from _positive(signal.when)
    for rule in contract.routing.rules:
        if rule.when is not None:
            yield from _positive(rule.when)
    if icp is not None:
        yield from _positive(icp.when)


def _positive(condition: Condition) -> Iterator[Test]:
    """The tests that ask for a word."""
    if isinstance(condition, NoneOf):
        return
    if isinstance(condition, Test):
        yield from (condition,) if condition.operator in _ASKS else ()
    else:
        for part in condition.parts:
            yield from _positive(part)


def _missing(test: Test, column: Coded, *, together: bool) -> set[str]:
    """The words of a test that the column does not have; with ``together`` only where it has none of them."""
    words = test.operand if isinstance(test.operand, (tuple, frozenset)) else (test.operand,)
    asked = {str(word) for word in words}
    had = {fold(column.words[code]) for code in np.unique(column.codes[column.codes >= 0]).tolist()}
    missing = {word for word in asked if fold(word) not in had}
    return missing if had and not (together and missing != asked) else set()


def _sentence(name: str, words: list[str], column: Coded) -> str:
    counts = np.bincount(column.codes[column.codes >= 0], minlength=len(column.words))
    often = [column.words[code] for code in np.argsort(-counts, kind="stable")[:_SHOWN].tolist() if counts[code]]
    rest = int(np.count_nonzero(counts)) - len(often)
    shown, more = ", ".join(words[:_SHOWN]), len(words) - _SHOWN
    asked = f"{shown} or {more} more words" if more > 0 else shown
    has = ", ".join(often) + (f" and {rest} more" if rest else "")
    return f"The contract asks for {name} {asked}; no lead has it; most frequent here: {has}."
