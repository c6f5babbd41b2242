"""A contract says when the holidays it would seal are not all known."""

from __future__ import annotations

from pathlib import Path

import pytest

from handfast.contract import load
from handfast.contract.check import check

SOUND = (Path(__file__).parent / "check/sound.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("region", "said"),
    [
        ("DE-BE", []),
        ("LK", ["The holidays of LK are known from 2003 to 2026 only."]),
        ("IN-KA", ["About IN: Requested Holidays are available only from 2001 to 2035."]),
    ],
)
def test_years_without_known_holidays_are_told(region: str, said: list[str]) -> None:
    text = SOUND.replace(
        'office: {hours: {mon-fri: ["09:00-17:00"]}',
        f'office: {{holidays: {region}, hours: {{mon-fri: ["09:00-17:00"]}}',
    )
    loaded = load(text)
    assert loaded.contract is not None, loaded.problems
    told = [problem for problem in check(loaded.contract) if problem.code == "holidays_not_known"]
    assert [problem.message for problem in told] == said
    assert all(problem.dotted == "calendars.office.holidays" for problem in told)
