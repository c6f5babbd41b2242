"""Ten minutes under load: bursts, repeats, things out of order. Memory stays, and facts alone give every decision."""

from __future__ import annotations

import datetime as dt
import itertools
import os
import random
import statistics
import threading
import time
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from tests.support.crash import GOOD, Receiver, Sender, free_port, script, senders
from tests.support.program import get, handfast, running, until

from handfast.instant import SECOND, parse_instant

pytestmark = [pytest.mark.django_db, pytest.mark.proof]

MONDAY = parse_instant("2026-11-23T10:00:00+01:00")
LASTS, BURST, EVERY = float(os.environ.get("HANDFAST_PROOF_SOAK", "600")), 300, 20.0
GROWS = 1.15
"""The most that a process may hold in the last fifth, as a share of what it held in the fourth and fifth tenth."""

KEPT = Path(__file__).resolve().parents[3] / ".make" / "proof"
"""Where a backup of what the soak left is kept, for the replay."""


class Bursts(threading.Thread):
    """Every so often three hundred leads in a second, out of order; each fifth time the same ones again."""

    def __init__(self, sender: Sender, shift: int, stop: threading.Event) -> None:
        super().__init__(name="bursts")
        self.emails: list[str] = []
        self.slowest = 0.0
        self._sender, self._shift, self._stop_ = sender, shift, stop
        self._chance = random.Random(7)

    def run(self) -> None:
        last: dict[str, Any] = {}
        for count in itertools.count():
            body = last if last and count % 5 == 4 else self._body(count)
            began = time.monotonic()
            answer = self._sender._until_answered("POST", "/api/intake/batch", body, {})
            self.slowest = max(self.slowest, time.monotonic() - began)
            wanted = {"repeat"} if body is last else {"accepted"}
            assert set(answer["counts"]) == wanted, answer["counts"]
            last = body
            if self._stop_.wait(EVERY):
                self._sender.close()
                return

    def _body(self, count: int) -> dict[str, Any]:
        items = []
        for place in range(BURST):
            email = f"burst{count}x{place}@buyer.example"
            self.emails.append(email)
            ago = dt.timedelta(seconds=self._shift - self._chance.randint(0, 900))
            at = (dt.datetime.now(dt.UTC) + ago).isoformat()
            items.append({"type": "lead", "key": f"b{count}x{place}-l", "email": email, "attributes": dict(GOOD)})
            asks = {"kind": "form_submitted", "properties": {"form": "demo"}, "happened_at": at}
            items.append({"type": "activity", "key": f"b{count}x{place}-a", "email": email, **asks})
        self._chance.shuffle(items)
        return {"items": items}


def held(pid: int) -> int:
    """Kilobytes of memory that a process holds; 0 when it is gone."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("VmRSS:")), 0)


def backup_of(home: Mapping[str, str]) -> Path:
    return KEPT / f"soak-{'postgres' if 'DATABASE_URL' in home else 'sqlite'}.zip"


def test_ten_minutes_of_bursts_repeats_and_things_out_of_order(home: dict[str, str], tmp_path: Path) -> None:
    shift = MONDAY // SECOND - int(time.time())
    home = {**home, "HANDFAST_CLOCK_SHIFT": str(shift), "HANDFAST_LOG_LEVEL": "warning"}
    home |= {"HANDFAST_WEBHOOKS_TO_PRIVATE": "yes"}
    sizes: dict[int, list[tuple[float, int]]] = defaultdict(list)
    with Receiver(faultless=True) as receiver:
        wanted = ("--events", "lead.qualified", "clock.step")
        token = script(home, "crash_seed", "--receiver", receiver.url, "--reps", "8", *wanted)["token"]
        port = free_port()
        web, work = tmp_path / "web", tmp_path / "work"
        web.mkdir()
        work.mkdir()
        with running(home, web, "web", "--port", str(port)) as one, running(home, work, "work") as other:
            until(lambda: get(f"http://127.0.0.1:{port}/readyz")[0] == 200, "ready", 180)
            stop = threading.Event()
            bursts = Bursts(Sender(99, [port], token, stop), shift, stop)
            with senders(2, [port], token, rest=0.1) as clients:
                bursts.start()
                began = time.monotonic()
                while (passed := time.monotonic() - began) < LASTS:
                    for pid in one.family() | other.family():
                        sizes[pid].append((passed, held(pid)))
                    time.sleep(2)
                stop.set()
            bursts.join()
        found = script(home, "crash_look", timeout=1800)
    kept = backup_of(home)
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.unlink(missing_ok=True)
    saved = handfast(home, "backup", str(kept))
    assert saved.returncode == 0, saved.stderr
    grown = {pid: growth(samples) for pid, samples in sizes.items() if len(samples) > LASTS / 6}
    told = [client.told for client in clients]
    leads = len(bursts.emails) + sum(len(each.leads) for each in told)
    print(f"{leads} leads, {sum(found['kinds'].values())} facts, slowest burst {bursts.slowest:.2f} s")  # noqa: T201
    print(f"memory held at the end as a share of the beginning: {sorted(grown.values())}")  # noqa: T201
    print(f"replayed: {found['replayed']}, differences: {len(found['differences'])}")  # noqa: T201
    assert not [strange for each in told for strange in each.strange]
    assert {*bursts.emails, *(email for each in told for email in each.leads)} <= set(found["leads"])
    assert not found["differences"]
    assert not found["broken"]
    assert not found["unfinished"]
    assert not found["problems"]
    assert found["conservation"][1:] == [0, True]
    assert max(grown.values()) < GROWS


def test_the_facts_of_the_soak_alone_give_every_decision(home: dict[str, str]) -> None:
    """In a process of its own, on a database of its own: nothing that is decided is read before all is judged."""
    kept = backup_of(home)
    assert kept.exists(), "the soak comes first: make proof ARGS=soak"
    read_back = handfast(home, "restore", str(kept), "--replace")
    assert read_back.returncode == 0, read_back.stderr
    found = script(home, "crash_replay", timeout=1800)
    print(f"read before all was judged: {', '.join(found['read'])}")  # noqa: T201
    print(f"replayed: {found['replayed']}, differences: {len(found['differences'])}")  # noqa: T201
    assert set(found["read"]) <= {"facts_fact", "contracts_version"}
    assert found["replayed"][0] > 1000
    assert not found["differences"]


def growth(samples: list[tuple[float, int]]) -> float:
    """What a process held in the last fifth, as a share of what it held before the half."""
    early = [size for at, size in samples if 0.3 * LASTS <= at < 0.5 * LASTS]
    late = [size for at, size in samples if at >= 0.8 * LASTS]
    return statistics.median(late) / statistics.median(early)
