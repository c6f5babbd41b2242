"""Killed at named places and at random, under load, over and over: nothing is lost, and nothing is there twice."""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from tests.support.crash import Receiver, Shift, Told, killed_often, script

from handfast.instant import SECOND, parse_instant

pytestmark = pytest.mark.django_db  # the template of ``home`` is made for tests that say so

MONDAY = parse_instant("2026-11-23T10:00:00+01:00")
DAY_SHIFT = 20 * 60  # seconds of service time that pass with every death


def shifted() -> Shift:
    """The processes live on a Monday in office hours, and time goes on with every death."""
    return Shift(MONDAY // SECOND - int(time.time()), DAY_SHIFT)


def lived_through(
    home: dict[str, str], folder: Path, deaths: int
) -> tuple[Told, Counter[str], dict[str, Any], Receiver]:
    shift = shifted()
    home = {**home, "HANDFAST_WEBHOOKS_TO_PRIVATE": "yes", "HANDFAST_LOG_LEVEL": "warning"}
    with Receiver() as receiver:
        at = {**home, "HANDFAST_CLOCK_SHIFT": str(shift.seconds)}
        token = script(at, "crash_seed", "--receiver", receiver.url)["token"]
        told, died = killed_often(home, folder, token, deaths, shift)
        found = script({**home, "HANDFAST_CLOCK_SHIFT": str(shift.on() + 600)}, "crash_look", timeout=900)
    return told, died, found, receiver


def check(told: Told, found: dict[str, Any], receiver: Receiver) -> None:
    assert not told.strange
    stored = Counter(found["facts"])
    assert not set(told.facts) - set(stored), "acknowledged, and not there"
    assert max(stored.values()) == 1
    leads = Counter(found["leads"])
    assert set(leads) >= set(told.leads)
    assert max(leads.values()) == 1, leads.most_common(3)
    assert max(Counter(found["keys"]).values()) == 1
    delivered, unaccounted, holds = found["conservation"]
    assert delivered
    assert (unaccounted, holds) == (0, True)
    assert not found["broken"]
    assert not found["differences"], "what stands follows from the facts, each transition once"
    assert not found["twice"]
    assert not found["breached_otherwise"], "a breach is stamped with its due"
    assert not found["unfinished"]
    assert not found["problems"]
    assert found["sent"]
    assert not set(found["sent"]) - set(receiver.taken), "said to be sent, and never received"


def test_twenty_five_deaths_lose_nothing_and_do_nothing_twice(home: dict[str, str], tmp_path: Path) -> None:
    told, died, found, receiver = lived_through(home, tmp_path, 25)
    check(told, found, receiver)
    assert died.total() >= 25
    assert len(died) >= 3, "at several places"


@pytest.mark.proof
def test_five_hundred_deaths_lose_nothing_and_do_nothing_twice(home: dict[str, str], tmp_path: Path) -> None:
    began = time.monotonic()
    told, died, found, receiver = lived_through(home, tmp_path, 500)
    print(f"{died.total()} kills in {time.monotonic() - began:.0f} s: {dict(died)}")  # noqa: T201 # read in the proof
    print(f"{len(told.leads)} leads, {told.repeats} repeats, {told.again} requests sent again, {found['replayed']}")  # noqa: T201 # read in the proof
    check(told, found, receiver)
