"""A service that is killed again and again: two webs and two workers under load, each at a place of its plan."""

from __future__ import annotations

import itertools
import random
import threading
import time
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.support.crash import PATIENCE, Told, free_port, senders
from tests.support.nursery import Born, Clock, Nursery
from tests.support.program import get

from handfast.instant import MINUTE

WEB_PLACES = (
    "intake.before_write",
    "intake.before_commit",
    "intake.after_commit",
    "decide.before_write",
    "decide.before_commit",
    "decide.after_commit",
)
WORK_PLACES = (
    "sweep.before_write",
    "sweep.before_commit",
    "sweep.after_commit",
    "delivery.route.before_commit",
    "delivery.webhook.after_lease",
    "delivery.webhook.after_send",
    "delivery.mail.after_lease",
    "delivery.mail.after_send",
)
PLACES = (*WEB_PLACES, *WORK_PLACES)

AT_RANDOM = "at random"

STEP = 4 * MINUTE
"""So much time of the service passes with every death, so that clocks run out and leases end."""

_WEB = 0.44
"""The share of deaths that web processes die: there are fewer places in them."""

_NAMED = 0.7
"""The share of deaths at named places, where there are deaths enough."""

_LONGEST = 20.0
"""Seconds until a process that did not come to its place is killed wherever it is; the place is tried again."""

_LIFE = 0.8
"""Seconds that a process lives at most that is killed at random."""


class Deaths:
    """Which are still to be died, of one kind of process; a place is deadly at one of its first passes."""

    def __init__(self, places: Sequence[str], count: int, chance: random.Random) -> None:
        named = max(len(places), round(count * _NAMED))
        each = [*itertools.islice(itertools.cycle(places), named), *[""] * (count - named)]
        chance.shuffle(each)
        self._left = deque(each)
        self._tries = 2 * count
        self._lock = threading.Lock()

    def take(self) -> str | None:
        """The next; None when all are died."""
        with self._lock:
            if not self._left or not self._tries:
                return None
            self._tries -= 1
            return self._left.popleft()

    def stop(self) -> None:
        """Nobody is to live any more."""
        with self._lock:
            self._left.clear()

    def again(self, place: str) -> None:
        """It was not come to."""
        with self._lock:
            self._left.append(place)


def passes(place: str, chance: random.Random) -> int:
    """At which pass a place is deadly: where one comes seldom, one of the first."""
    rare = place.startswith(("decide", "sweep", "delivery.route"))
    return chance.randint(1, 2 if rare else 6)


class Slot(threading.Thread):
    """One place for a process: it is started, killed at a fault point or at random, and started again."""

    def __init__(self, name: str, nursery: Nursery, port: int | None, deaths: Deaths, load: Load) -> None:
        super().__init__(name=name)
        self._nursery, self._port, self._deaths, self._load = nursery, port, deaths, load
        self._chance = random.Random(name)
        self.died: Counter[str] = Counter()
        self.last: Born | None = None
        self.broken = ""

    def run(self) -> None:
        try:
            for life in itertools.count():
                place = self._deaths.take()
                if place is None:
                    break
                self._live(life, place)
            self.last = self._begun("last", "")
            self._until_up(self.last, PATIENCE)
        except BaseException as broken:  # noqa: BLE001 # told by whoever joins
            self.broken = f"{self.name}: {broken!r}"
            self._load.stop()

    def _live(self, life: int, place: str) -> None:
        born = self._begun(str(life), f"{place}:{passes(place, self._chance)}" if place else "")
        if place:
            self._until_up(born, PATIENCE)
            born.marked.wait(_LONGEST)
        else:
            self._live_at_random(born)
        assert born.place or not born.gone.is_set(), f"ended by itself with {born.status}: {born.logged[-3000:]}"
        self._nursery.kill(born)
        self.died[born.place or AT_RANDOM] += 1
        if place and born.place != place:
            self._deaths.again(place)
        self._load.clock.on(STEP)

    def _live_at_random(self, born: Born) -> None:
        """Some while coming up, some at work; a web only after somebody was answered, or nobody ever would be."""
        born.marked.wait(self._chance.uniform(0.0, _LIFE))
        least, end = self._load.answers + self._chance.randint(1, 10), time.monotonic() + _LONGEST
        while self._port and self._load.answers < least and time.monotonic() < end:
            born.marked.wait(0.02)

    def _begun(self, life: str, fault: str) -> Born:
        arguments = ("web", "--port", str(self._port)) if self._port else ("work",)
        return self._nursery.start(f"{self.name}-{life}", *arguments, fault=fault)

    def _until_up(self, born: Born, seconds: float) -> None:
        end = time.monotonic() + seconds
        while not born.marked.is_set():
            if self._port and get(f"http://127.0.0.1:{self._port}/healthz")[0] == 200:
                return
            if not self._port and "Working" in born.said:
                return
            assert time.monotonic() < end, f"{born.name} did not come up: {born.logged[-3000:]}"
            born.marked.wait(0.05)


@dataclass
class Load:
    """What the slots share: the clock, what is still to be died, and how much was answered."""

    clock: Clock
    deaths: tuple[Deaths, ...]
    answers: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def answered(self) -> None:
        with self._lock:
            self.answers += 1

    def stop(self) -> None:
        """One of them is broken: the others need not go on."""
        for each in self.deaths:
            each.stop()


def killed_often(nursery: Nursery, clock: Clock, token: str, deaths: int, rest: float) -> tuple[Told, Counter[str]]:
    """Two webs and two workers under load, killed so many times; what was sent until answered, and where they died."""
    ports, chance = [free_port(), free_port()], random.Random(deaths)
    web = Deaths(WEB_PLACES, round(deaths * _WEB), chance)
    work = Deaths(WORK_PLACES, deaths - round(deaths * _WEB), chance)
    load = Load(clock, (web, work))
    slots = [Slot(f"web{number}", nursery, port, web, load) for number, port in enumerate(ports)]
    slots += [Slot(f"work{number}", nursery, None, work, load) for number in range(2)]
    for each in slots:
        each.start()
    try:
        with senders(3, ports, token, rest=rest, heard=load.answered) as clients:
            for each in slots:
                each.join()
            broken = [each.broken for each in slots if each.broken]
            for client in clients if broken else ():
                client.give_up()
    finally:
        for each in slots:
            each.join()
            if each.last is not None:
                nursery.kill(each.last)
    assert not broken, broken
    assert not any(client.is_alive() for client in clients), "a sender is still waiting"
    return Told.of(client.told for client in clients), sum((each.died for each in slots), Counter())
