"""The service was down, and its clock is moved on: what was due is stamped with its due, done, and not told late."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from tests.support.nursery import Clock, Nursery

from handfast.instant import MINUTE, SECOND, parse_instant

pytestmark = pytest.mark.django_db  # the template of ``home`` is made for tests that say so

MONDAY = parse_instant("2026-11-23T10:00:00+01:00")


def after(home: Mapping[str, str], folder: Path, minutes: int) -> tuple[int, list[str], dict[str, Any]]:
    """Four leads ask for a demo at ten; nobody works for so long; then a worker looks once."""
    clock = Clock(folder / "clock", MONDAY - time.time_ns() // 1000)
    with Nursery(home, folder, folder / "clock") as nursery:
        made = nursery.script("crash_seed", "--leads", "4")
        clock.on(minutes * MINUTE)
        worker = nursery.start("worker", "work", "--once")
        assert worker.gone.wait(120)
        assert worker.status == 0, worker.logged
        return made["at"], made["leads"], nursery.script("crash_look", "--no-drain")


def told(found: dict[str, Any]) -> list[tuple[int, str]]:
    """The steps of which people were told: per cent and whom."""
    return [(json.loads(payload)["percent"], to) for channel, to, _, payload in found["steps"] if channel == "person"]


def test_after_two_hours_breaches_are_stamped_with_their_due_and_acted_upon_and_nobody_is_told_of_stale_steps(
    home: dict[str, str], tmp_path: Path
) -> None:
    at, leads, found = after(home, tmp_path, 125)
    first = [each for each in found["clocks"] if each["name"] == "first_touch"]
    assert len(first) == 4
    for each in first:
        assert 0 <= each["due_at"] - each["started_at"] - 60 * MINUTE < SECOND
        assert each["breached_at"] == each["due_at"] == found["stamped"][each["id"]]
        assert found["recorded"][each["id"]] > each["due_at"] + 60 * MINUTE, "it was noticed an hour later"
        assert each["due_at"] < at + 61 * MINUTE
    for lead in leads:
        turns = [each for each in found["turns"] if each["cycle__lead"] == lead]
        assert [bool(each["ended_at"]) for each in turns] == [True, False], "somebody else has it"
        assert turns[0]["rep"] != turns[1]["rep"]
    assert not told(found), "an hour too late, nobody is told to hurry"
    assert not found["broken"]
    assert not found["differences"]
    assert not found["problems"]


def test_a_breach_that_is_found_in_time_is_told_and_a_reminder_that_is_not_is_left_out(
    home: dict[str, str], tmp_path: Path
) -> None:
    _, _, found = after(home, tmp_path, 75)
    assert {percent for percent, _ in told(found)} == {100}
    assert {to for _, to in told(found)} == {"mia"}
    assert found["breaches"] >= 4
    assert not found["breached_otherwise"]
    assert not found["differences"]
