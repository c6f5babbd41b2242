"""What the tests of the readers share: files written into a fresh folder, exports told as plain values."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from handfast.audit import Export, ExportMapping, read_export, read_mapping
from handfast.instant import NEVER, format_instant
from handfast.measure.columns import Coded

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"


def words(coded: Coded) -> list[str]:
    """A coded column as words, empty where unknown."""
    return [coded.words[code] if code >= 0 else "" for code in coded.codes]


def when(instant: int) -> str:
    """``2026-03-02 09:15`` in UTC; empty for never."""
    return "" if instant == NEVER else format_instant(int(instant))[:16].replace("T", " ")


def stages(export: Export) -> dict[str, list[str]]:
    """Every stage that was reached: per lead the instant, ``yes`` without one, empty when not reached."""
    return {
        stage.value: [
            when(at) or "yes" if reached else "" for at, reached in zip(ats, export.reached[stage], strict=True)
        ]
        for stage, ats in export.stage_at.items()
        if export.reached[stage].any()
    }


def touches(export: Export) -> list[tuple[str, str, str, bool, bool]]:
    """Touches in order of time: lead, instant, owner, human, two-way."""
    told = export.touches
    return sorted(
        (export.key[lead], when(at), owner, bool(human), bool(two_way))
        for lead, at, owner, human, two_way in zip(
            told.lead, told.at, words(told.owner), told.human, told.two_way, strict=True
        )
    )


def activities(export: Export) -> list[tuple[str, str, str]]:
    """Activities in order of time: lead, instant, kind."""
    told = export.activities
    return sorted(
        (export.key[lead], when(at), kind) for lead, at, kind in zip(told.lead, told.at, words(told.kind), strict=True)
    )


def deals(export: Export) -> list[tuple[str, str, str, str, int, int]]:
    """Deals: id, lead, opened, closed, won, hundredths."""
    told = export.deals
    return [
        (key, export.key[lead] if lead >= 0 else "", when(opened), when(closed), int(won), int(amount))
        for key, lead, opened, closed, won, amount in zip(
            told.key, told.lead, told.opened_at, told.closed_at, told.won, told.amount, strict=True
        )
    ]


def assignments(export: Export) -> list[tuple[str, str, str]]:
    """Turns of owners: lead, instant, owner."""
    told = export.assignments
    return [
        (export.key[lead], when(at), owner)
        for lead, at, owner in zip(told.lead, told.at, words(told.owner), strict=True)
    ]


def mapping(text: str) -> ExportMapping:
    """A mapping without mistakes."""
    read = read_mapping(text)
    assert read.mapping is not None, [str(problem) for problem in read.problems]
    return read.mapping


Reads = Callable[..., Export]


@pytest.fixture
def reads(tmp_path: Path) -> Reads:
    """Write one file and read it: ``reads("leads.csv", "id,email…")``; texts are written as UTF-8."""

    def read(name: str, content: str | bytes, *, zone: str = "UTC", rules: str = "", **more: object) -> Export:
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        used = mapping(rules) if rules else None
        return read_export([path.parent if more.pop("folder", False) else path], zone=zone, mapping=used, **more)  # type: ignore[arg-type]

    return read
