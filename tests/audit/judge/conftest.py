"""Exports by hand: only what a test is about is said, everything else is what an empty file would give."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from handfast.audit.export import (
    ActivityColumns,
    AssignmentColumns,
    DealColumns,
    Export,
    TouchColumns,
)
from handfast.audit.stage import Stage
from handfast.contract.load import load
from handfast.contract.model import Contract
from handfast.instant import NEVER, parse_instant
from handfast.measure.columns import Coded

ROOT = Path(__file__).resolve().parents[3]

When = str | int | None


def instant(when: When) -> int:
    """``2027-01-08 14:30`` in Berlin (winter), or NEVER."""
    if when is None:
        return NEVER
    return when if isinstance(when, int) else parse_instant(f"{when.replace(' ', 'T')}+01:00")


def instants(whens: Sequence[When]) -> np.ndarray:
    return np.array([instant(when) for when in whens], np.int64)


def coded(words: Sequence[str | None]) -> Coded:
    known = tuple(dict.fromkeys(word for word in words if word is not None))
    codes = [-1 if word is None else known.index(word) for word in words]
    return Coded(codes=np.array(codes, np.int32), words=known)


def lead_codes(rows: Sequence[Sequence[Any]]) -> np.ndarray:
    return np.array([row[0] for row in rows], np.int32)


def export_of(  # noqa: PLR0913 each part of an export can be what a test is about
    count: int = 1,
    *,
    stages: Mapping[str, Sequence[When]] | None = None,
    reached: Mapping[str, Sequence[bool]] | None = None,
    attributes: Mapping[str, Sequence[str | None]] | None = None,
    activities: Sequence[tuple[int, When, str, Mapping[str, str]]] = (),
    touches: Sequence[tuple[int, When, str]] = (),
    assignments: Sequence[tuple[int, When, str]] = (),
    deals: Sequence[tuple[int, When, When, int, int]] = (),
    currency: Sequence[str | None] | None = None,
    reason: Sequence[str | None] | None = None,
    owner: Sequence[str | None] | None = None,
    source: Sequence[str | None] | None = None,
    pool: Sequence[str | None] | None = None,
    first_touch: Sequence[When] | None = None,
    amount: Sequence[int] | None = None,
    in_time: Sequence[int] | None = None,
    reassignments: Sequence[int] | None = None,
    date_only: set[str] | None = None,
) -> Export:
    """Touches are (lead, when, kind): ``call`` is one way, ``talk`` two-way, ``robot`` no human."""
    at = {stage: instants((stages or {}).get(stage.value, [None] * count)) for stage in Stage}
    said = {stage: np.array((reached or {}).get(stage.value, [False] * count), np.bool_) for stage in Stage}
    nothing: list[None] = [None] * count
    names = sorted({name for row in activities for name in row[3]})
    return Export(
        files=[],
        key=[f"lead-{row}" for row in range(count)],
        stage_at=at,
        reached={stage: said[stage] | (at[stage] != NEVER) for stage in Stage},
        first_touch_at=instants(first_touch or nothing),
        attributes={name: coded(words) for name, words in (attributes or {}).items()},
        source=coded(source or nothing),
        campaign=coded(nothing),
        owner=coded(owner or nothing),
        pool=coded(pool or nothing),
        reason=coded(reason or nothing),
        amount=np.array(amount or [0] * count, np.int64),
        stated_in_time=np.array(in_time or [-1] * count, np.int8),
        stated_reassignments=np.array(reassignments or [-1] * count, np.int32),
        activities=ActivityColumns(
            lead=lead_codes(activities),
            at=instants([row[1] for row in activities]),
            kind=coded([row[2] for row in activities]),
            properties={name: coded([row[3].get(name) for row in activities]) for name in names},
        ),
        touches=TouchColumns(
            lead=lead_codes(touches),
            at=instants([row[1] for row in touches]),
            owner=coded(["lena"] * len(touches)),
            human=np.array([row[2] != "robot" for row in touches], np.bool_),
            two_way=np.array([row[2] == "talk" for row in touches], np.bool_),
        ),
        assignments=AssignmentColumns(
            lead=lead_codes(assignments),
            at=instants([row[1] for row in assignments]),
            owner=coded([row[2] for row in assignments]),
        ),
        deals=DealColumns(
            lead=lead_codes(deals),
            opened_at=instants([row[1] for row in deals]),
            closed_at=instants([row[2] for row in deals]),
            won=np.array([row[3] for row in deals], np.int8),
            amount=np.array([row[4] for row in deals], np.int64),
            currency=coded(currency or [None] * len(deals)),
        ),
        date_only=date_only or set(),
    )


@pytest.fixture(scope="session")
def make_export() -> Callable[..., Export]:
    return export_of


@pytest.fixture(scope="session")
def acme_text() -> str:
    return (ROOT / "tests" / "golden" / "acme-inbound.yaml").read_text()


@pytest.fixture(scope="session")
def acme(acme_text: str) -> Contract:
    contract = load(acme_text).contract
    assert contract is not None
    return contract
