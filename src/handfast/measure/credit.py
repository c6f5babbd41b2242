"""Weights of multi-touch models, and money shared out by them to the last hundredth."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from handfast.instant import DAY, NEVER
from handfast.measure.coded import Codes, Instants
from handfast.measure.question import Mask

Whole = NDArray[np.int64]


class Model(StrEnum):
    """How the revenue of a deal is shared among the touchpoints inside its window, ascending in time."""

    FIRST = "first"  # all to the first
    LAST = "last"  # all to the last
    LINEAR = "linear"  # the same to each
    U_SHAPED = "u"  # 40 first, 40 last, 20 shared by those between
    W_SHAPED = "w"  # 30 first, 30 last before it qualified, 30 last before the deal opened, 10 shared by the rest
    DECAY = "decay"  # half as much for every full 30 days before closing


WEIGHTS = {
    Model.FIRST: "100 % to the first",
    Model.LAST: "100 % to the last",
    Model.LINEAR: "the same share to each",
    Model.U_SHAPED: "40 % to the first, 40 % to the last, 20 % shared by those between",
    Model.W_SHAPED: "30 % to the first, 30 % to the last at or before the lead qualified, 30 % to the last at or "
    "before the deal opened, 10 % shared by the rest",
    Model.DECAY: "a weight that halves with every full 30 days between it and the closing",
}

HALVES = 30 * DAY
_MOST_HALVINGS = 20  # weights are powers of two; what is older than 600 days weighs as little as that


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Points:
    """Touchpoints of deals, each deal's together and in time order; ``deal`` is the row that is credited."""

    deal: Codes
    at: Instants
    activity: NDArray[np.intp]  # rows of ``columns.activities``
    qualified_at: Instants  # of the deal's cycle
    opened_at: Instants
    closed_at: Instants

    def __len__(self) -> int:
        """Number of touchpoints."""
        return len(self.deal)


def weights(points: Points, model: Model) -> Whole:
    """Whole numbers, which say how the points of one deal share it. A position that nothing holds gives up its part."""
    if model is Model.DECAY:
        halvings = np.clip((points.closed_at - points.at) // HALVES, 0, _MOST_HALVINGS)
        decayed: Whole = np.left_shift(np.int64(1), _MOST_HALVINGS - halvings)
        return decayed
    first, last = edges(points.deal)
    if model is Model.LINEAR:
        return np.ones(len(points), np.int64)
    if model in {Model.FIRST, Model.LAST}:
        return (first if model is Model.FIRST else last).astype(np.int64)
    if model is Model.U_SHAPED:
        return _positions(points, ((40, first), (40, last)), rest=20)
    return _positions(
        points,
        ((30, first), (30, _last_by(points, points.qualified_at)), (30, _last_by(points, points.opened_at))),
        rest=10,
    )


def _positions(points: Points, held: tuple[tuple[int, Mask], ...], *, rest: int) -> Whole:
    """Parts for positions, which one touchpoint may hold several of; the rest shares what is left, if there is any."""
    own: Whole = np.sum([part * mask for part, mask in held], axis=0, dtype=np.int64)
    others = own == 0
    many = np.bincount(points.deal[others], minlength=int(points.deal.max(initial=-1)) + 1)[points.deal]
    return np.where(others, rest, own * np.maximum(many, 1))


def _last_by(points: Points, at: Instants) -> Mask:
    """The last touchpoint of each deal that lies at or before an instant."""
    by = (points.at <= at) & (at != NEVER)
    rows = np.flatnonzero(by)
    found = np.zeros(len(points), np.bool_)
    found[rows[edges(points.deal[rows])[1]]] = True
    return found


def edges(deal: Codes) -> tuple[Mask, Mask]:
    """Where a deal's rows begin, and where they end."""
    changes = deal[1:] != deal[:-1]
    return np.append(True, changes)[: len(deal)], np.append(changes, True)[: len(deal)]


def shared(points: Points, model: Model, amounts: Whole) -> Whole:
    """What each touchpoint is credited of its deal's amount, in hundredths.

    The parts of a deal add up to it exactly: each is the difference of two rounded running sums.
    """
    weight = weights(points, model)
    first, last = edges(points.deal)
    running = np.cumsum(weight)
    start = np.flatnonzero(first)
    before = np.repeat(running[start] - weight[start], np.diff(np.append(start, len(points))))
    through = running - before
    total = np.repeat(through[last], np.diff(np.append(start, len(points))))
    money = amounts[points.deal]
    up_to = [amount * part // whole for amount, part, whole in _ints(money, through, total)]
    credit = np.array(up_to, np.int64)
    credit[1:] -= np.where(first[1:], 0, credit[:-1])
    return credit


def _ints(*columns: Whole) -> zip[tuple[int, ...]]:
    """Rows of Python integers: an amount times a weight may not fit into 64 bits."""
    return zip(*(column.tolist() for column in columns), strict=True)
