"""An export without the names of owners, for a report that is passed on."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from handfast.audit.english import basis as say
from handfast.audit.export import Export
from handfast.measure.columns import Coded


def without_owner_names(export: Export) -> Export:
    """The same export with every owner called by a number, most leads first; one number an owner in every table."""
    numbers = _numbers(export)
    return replace(
        export,
        owner=_numbered(export.owner, numbers),
        deals=replace(export.deals, owner=_numbered(export.deals.owner, numbers)),
        touches=replace(export.touches, owner=_numbered(export.touches.owner, numbers)),
        assignments=replace(export.assignments, owner=_numbered(export.assignments.owner, numbers)),
        assumed=[*export.assumed, say.OWNERS_HIDDEN],
    )


def _numbers(export: Export) -> dict[str, int]:
    counts = np.bincount(export.owner.codes[export.owner.codes >= 0], minlength=len(export.owner.words)).tolist()
    order = sorted(range(len(counts)), key=lambda place: (-counts[place], export.owner.words[place]))
    known = [export.owner.words[place] for place in order]
    others = (export.touches.owner, export.assignments.owner, export.deals.owner)
    rest = sorted({word for column in others for word in column.words} - set(known))
    return {word: number for number, word in enumerate([*known, *rest], start=1)}


def _numbered(owner: Coded, numbers: dict[str, int]) -> Coded:
    return Coded(codes=owner.codes, words=tuple(say.owner(numbers[word]) for word in owner.words))
