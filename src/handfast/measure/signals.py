"""What signals are worth: how often sales takes on, and qualifies, leads with and without each of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from handfast.instant import NEVER
from handfast.measure.build import Entry, Ground, Shares, share_measure
from handfast.measure.coded import Coded
from handfast.measure.question import Mask, Question
from handfast.measure.value import Definition, Measure, Unit

COUNTED, NOT_COUNTED = "counted", "not counted"
"""The words of a split by a signal."""

_WHERE = "a signal is unknown under versions of the contract where it counted for nobody"

ACCEPTED = Definition(
    name="accepted_by_signal",
    family="signals",
    title="Accepted, by signal",
    formula="accepted ÷ (accepted + rejected), with and without each signal at delivery",
    unit=Unit.SHARE,
    records=f"delivered cycles on which sales decided; {_WHERE}",
    clause="score",
    needs=("qualified", "accepted", "rejected", "signals"),
)

QUALIFIED = Definition(
    name="sql_by_signal",
    family="signals",
    title="Qualified by sales, by signal",
    formula="qualified by sales ÷ (qualified by sales + ended without), with and without each signal at delivery",
    unit=Unit.SHARE,
    records=f"delivered cycles whose outcome is known; those withdrawn first are left out; {_WHERE}",
    clause="score",
    needs=("qualified", "sql", "rejected", "signals"),
)


class _Apart(Mapping[str, Coded]):
    """What tells cycles apart, each signal among it; worked out when somebody opens it."""

    def __init__(self, question: Question) -> None:
        self._question = question
        self._signals = question.signals.signal.words

    def __getitem__(self, name: str) -> Coded:
        if name not in self._signals:
            return self._question.splits[name]
        return signal_of(self._question, name)

    def __iter__(self) -> Iterator[str]:
        yield from (*self._question.splits, *self._signals)

    def __len__(self) -> int:
        return len(self._question.splits) + len(self._signals)


def signal_of(question: Question, name: str) -> Coded:
    """Whether a signal counted when a cycle was delivered.

    Unknown where nobody noted how a cycle stood then, and under versions in which the signal counted for nobody: most
    likely they do not have it.
    """
    columns, table = question.columns, question.signals
    counted: Mask = np.zeros(len(columns), np.bool_)
    counted[table.cycle[table.signal.codes == table.signal.code(name)]] = True
    versions = columns.version.codes
    had: Mask = np.zeros(len(columns.version.words) + 1, np.bool_)
    had[versions[counted]] = True
    known = (columns.band.codes >= 0) & had[versions]
    codes = np.where(known, np.where(counted, 0, 1), -1).astype(np.int32)
    return Coded(codes=codes, words=(COUNTED, NOT_COUNTED))


def _shares(question: Question, definition: Definition, shares: Shares) -> Measure:
    stage = definition.dated_by
    ground = Ground(placed=question.placed(stage), splits=_Apart(question), months=lambda: question.month_of(stage))
    return share_measure(question, definition, shares, ground)


def _accepted(question: Question, definition: Definition) -> Measure:
    shares = Shares(
        numerator=question.accepted,
        denominator=question.delivered & (question.accepted | question.rejected),
        flow=("accepted", question.soonest(("accepted", "rejected"))),
    )
    return _shares(question, definition, shares)


def _qualified(question: Question, definition: Definition) -> Measure:
    reached = question.happened("sql")
    known = reached | (question.ended & ~question.withdrawn)
    ended = np.where(known, question.soonest(("sql", "rejected", "disqualified", "won", "lost")), NEVER)
    shares = Shares(numerator=reached, denominator=question.delivered & known, flow=("sql", ended))
    return _shares(question, definition, shares)


MEASURES = (Entry(ACCEPTED, _accepted), Entry(QUALIFIED, _qualified))
