"""Killed at named places and at random, under load, over and over: nothing is lost, and nothing is there twice."""

from __future__ import annotations

import os
import resource
import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from tests.support.crash import MailServer, Receiver, Told
from tests.support.killed import AT_RANDOM, PLACES, killed_often
from tests.support.nursery import Clock, Nursery

from handfast.instant import parse_instant

pytestmark = pytest.mark.django_db  # the template of ``home`` is made for tests that say so

MONDAY = parse_instant("2026-11-23T10:00:00+01:00")

QUICK = 25
LONG = int(os.environ.get("HANDFAST_PROOF_KILLS", "500"))

EVENTS = (
    "lead.qualified",
    "lead.assigned",
    "lead.reassigned",
    "lead.accepted",
    "lead.returned",
    "lead.rejected",
    "clock.breached",
)
"""What the receiver is told of: enough to see each handoff and each breach told, and not thirty messages a lead."""

REST = 0.2
"""Seconds that a client rests between two requests: the kills are what takes time, and what comes is what costs it."""


class Lived(NamedTuple):
    """What the clients were told, where processes died, what stands afterwards, and what receivers received."""

    told: Told
    died: Counter[str]
    found: dict[str, Any]
    webhooks: Receiver
    mails: MailServer


def lived_through(home: Mapping[str, str], folder: Path, deaths: int) -> Lived:
    clock = Clock(folder / "clock", MONDAY - time.time_ns() // 1000)
    with Receiver() as webhooks, MailServer() as mails:
        settings = {"HANDFAST_WEBHOOKS_TO_PRIVATE": "yes", "HANDFAST_LOG_LEVEL": "warning"}
        settings["HANDFAST_MAIL_URL"] = mails.url
        with Nursery({**home, **settings}, folder, folder / "clock") as nursery:
            asked = ("--receiver", webhooks.url, "--events", *EVENTS, "--within", "10 minutes", "--people")
            token = nursery.script("crash_seed", *asked)["token"]
            told, died = killed_often(nursery, clock, token, deaths, REST)
            found = nursery.script("crash_look", seconds=1800)
    return Lived(told, died, found, webhooks, mails)


def check(told: Told, died: Counter[str], found: Mapping[str, Any]) -> None:
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
    assert found["breaches"]
    assert not found["breached_otherwise"], "a breach is stamped with its due"
    assert not found["unfinished"]
    assert not found["problems"]
    assert all(died[place] for place in (*PLACES, AT_RANDOM)), died


def check_messages(found: Mapping[str, Any], webhooks: Receiver, mails: MailServer) -> None:
    """Each that is owed was received, under one name, at least once; nothing was received that is not owed."""
    assert not found["told_otherwise"], "each assignment is told under one name"
    assert found["owed"], "changes of handoffs and of clocks"
    assert not set(found["owed"]) - set(webhooks.taken), "decided, and nobody was told"
    assert not set(found["sent"]["webhook"]) ^ set(webhooks.taken), "as the outbox says"
    assert {len(bodies) for bodies in webhooks.said.values()} == {1}, "one name, one message"
    said = Counter(body for bodies in webhooks.said.values() for body in bodies)
    assert max(said.values()) == 1, "one message, one name"
    assert found["sent"]["mail"]
    assert not set(found["sent"]["mail"]) - set(mails.taken), "said to be sent, and never received"
    assert not set(mails.taken) - set(found["routed"]), "every mail is a message to somebody"
    assert {len(to) for to in mails.to.values()} == {1}


def check_the_check(lived: Lived) -> None:
    """What was lived through, with one thing amiss at a time: each is seen."""
    told, died, found, webhooks, mails = lived
    place = PLACES[0]
    with pytest.raises(AssertionError):
        check(told, Counter({**died, place: 0}), found)
    lost = [name for name in found["facts"] if name != told.facts[0]]
    delivered = found["conservation"][0]
    for amiss in (
        {"facts": lost},
        {"facts": [*found["facts"], found["facts"][0]]},
        {"leads": [*found["leads"], found["leads"][0]]},
        {"leads": [email for email in found["leads"] if email != told.leads[0]]},
        {"conservation": [delivered, 1, False]},
    ):
        with pytest.raises(AssertionError):
            check(told, died, {**found, **amiss})
    sent, never = found["sent"], "msg_that_never_came"
    messages: tuple[dict[str, Any], ...] = (
        {"owed": [*found["owed"], never]},
        {"sent": {**sent, "mail": [*sent["mail"], never]}},
        {"sent": {**sent, "webhook": sent["webhook"][1:]}},
        {"routed": []},
    )
    for unsent in messages:
        with pytest.raises(AssertionError):
            check_messages({**found, **unsent}, webhooks, mails)


def summary(lived: Lived, seconds: float, cpu: float) -> str:
    """What the proof shows."""
    told, died, found, webhooks, mails = lived
    again = {"webhooks": sum(webhooks.taken.values()), "mails": sum(mails.taken.values())}
    lines = [f"{died.total()} kills in {seconds:.0f} s and {cpu:.0f} s of CPU:"]
    lines += [f"  {died[place]:4} {place}" for place in (*PLACES, AT_RANDOM)]
    lines.append(f"{len(told.leads)} leads, {told.repeats} repeats, {told.again} requests sent again")
    lines.append(f"{found['transitions']} transitions of clocks, {found['breaches']} breaches")
    lines.append(f"{len(webhooks.taken)} webhooks received {again['webhooks']} times in all")
    lines.append(f"{len(mails.taken)} mails received {again['mails']} times in all; messages: {found['states']}")
    lines.append(f"replayed: {found['replayed']}, differences: {len(found['differences'])}")
    return "\n".join(lines)


def used() -> float:
    """Seconds of CPU used here and by whoever was started here and is gone."""
    each = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in each)


def killed(home: Mapping[str, str], folder: Path, deaths: int) -> None:
    began, cpu = time.monotonic(), used()
    lived = lived_through(home, folder, deaths)
    print(summary(lived, time.monotonic() - began, used() - cpu))  # noqa: T201 # read in the proof
    assert lived.died.total() >= deaths
    check(lived.told, lived.died, lived.found)
    check_messages(lived.found, lived.webhooks, lived.mails)
    check_the_check(lived)


def test_twenty_five_deaths_lose_nothing_and_do_nothing_twice(home: dict[str, str], tmp_path: Path) -> None:
    killed(home, tmp_path, QUICK)


@pytest.mark.proof
def test_five_hundred_deaths_lose_nothing_and_do_nothing_twice(home: dict[str, str], tmp_path: Path) -> None:
    killed(home, tmp_path, LONG)
