"""Run as a program: what is left is worked off, and what stands in the database afterwards is counted."""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterable
from typing import Any

from handfast_server.operate.up import up

_ROUNDS = 40


def look(*, drain: bool) -> dict[str, Any]:
    """Everything that the tests hold against what they know."""
    if drain:
        _worked_off()
    from django.db.models import Count, F

    from handfast_server.decide.replay import verify
    from handfast_server.delivery.models import Message
    from handfast_server.facts.models import Fact
    from handfast_server.handoffs.models import Assignment, Breach, Clock, ClockTransition, Transition
    from handfast_server.invariants.check import check, conservation
    from handfast_server.leads.models import Key, Lead
    from handfast_server.worker.models import Problem

    found = verify()
    counted = conservation()
    due = dict(Clock.objects.values_list("id", "due_at"))
    twice = Transition.objects.values("cycle", "event", "happened_at", "fact").annotate(n=Count("id")).filter(n__gt=1)
    return {
        "facts": list(Fact.objects.filter(name__startswith="crash:").values_list("name", flat=True)),
        "kinds": dict(Counter(Fact.objects.values_list("kind", flat=True))),
        "leads": list(Lead.objects.filter(merged_into="").exclude(state="").values_list("email", flat=True)),
        "empty": Lead.objects.filter(state="").count(),
        "keys": list(Key.objects.filter(kind="email").values_list("value", flat=True)),
        "conservation": [counted.delivered, counted.unaccounted, counted.holds],
        "broken": [[each.rule, each.broken, *each.examples] for each in check() if each.broken],
        "differences": [[str(part) for part in each] for each in found.differences[:20]],
        "replayed": [found.facts, found.leads, found.compared],
        "twice": list(twice),
        "transitions": ClockTransition.objects.count(),
        "breaches": Breach.objects.count(),
        "breached_otherwise": [each for each, at in Breach.objects.values_list("clock", "at") if due[each] != at],
        "clocks": list(
            Clock.objects.values("id", "cycle__lead", "name", "started_at", "due_at", "breached_at", "state")
        ),
        "recorded": dict(ClockTransition.objects.filter(change="breached").values_list("clock", "recorded_at")),
        "stamped": dict(ClockTransition.objects.filter(change="breached").values_list("clock", "at")),
        "turns": list(Assignment.objects.order_by("at", "id").values("cycle__lead", "rep", "at", "ended_at", "end")),
        "steps": list(Message.objects.filter(event="clock.step").values_list("channel", "to", "state", "payload")),
        "sent": {channel: list(_sent(channel)) for channel in ("webhook", "mail")},
        "owed": sorted(_owed()),
        "routed": sorted(_routed()),
        "told_otherwise": _told_otherwise(),
        "states": dict(Counter("/".join(each) for each in Message.objects.values_list("channel", "state"))),
        "unfinished": list(Message.objects.filter(state__in=["ready", "dead"]).values_list("id", "error")[:20]),
        "problems": list(Problem.objects.values_list("name", "error", "place")),
        "late": Clock.objects.filter(breached_at__lt=F("due_at")).count(),
    }


def _sent(channel: str) -> Iterable[str]:
    from handfast_server.delivery.models import Message

    return Message.objects.filter(channel=channel, state="sent").values_list("id", flat=True)


def _owed() -> Iterable[str]:
    """The name of each webhook that the decisions call for, whatever the outbox says."""
    from handfast.cycle.life import CycleEvent
    from handfast_server.delivery.events import MOVED, wanted
    from handfast_server.delivery.models import Endpoint
    from handfast_server.delivery.outbox import WEBHOOK, message_id
    from handfast_server.handoffs.models import ClockTransition, Transition

    moved = [(name, MOVED[CycleEvent(event)]) for name, event in Transition.objects.values_list("id", "event")]
    changed = [(name, f"clock.{change}") for name, change in ClockTransition.objects.values_list("id", "change")]
    for endpoint, asked in Endpoint.objects.values_list("id", "events"):
        for cause, event in (*moved, *changed):
            if wanted(event, asked):
                yield message_id(cause, event, WEBHOOK, endpoint)


def _routed() -> Iterable[str]:
    """The name of each mail that a message for somebody became."""
    from handfast_server.accounts.models import User
    from handfast_server.delivery.models import Message
    from handfast_server.delivery.outbox import MAIL, PERSON, message_id

    address = dict(User.objects.exclude(rep="").values_list("rep", "email"))
    for name, to in Message.objects.filter(channel=PERSON, state="sent").values_list("id", "to"):
        if to in address or "@" in to:
            yield message_id(name, MAIL, address.get(to, to))


def _told_otherwise() -> list[str]:
    """Assignments that were told under no name, or under more than one."""
    from handfast_server.delivery.models import Message
    from handfast_server.handoffs.models import Assignment

    events = Message.objects.filter(channel="webhook", event__in=["lead.assigned", "lead.reassigned"])
    told = Counter(json.loads(payload)["assignment"] for payload in events.values_list("payload", flat=True))
    return [each for each in Assignment.objects.values_list("id", flat=True) if told[each] != 1]


def _worked_off() -> None:
    """Go on, with the clock moved on, until nothing is to be sent any more: pauses and leases are not waited for."""
    from django.conf import settings

    from handfast.instant import MINUTE
    from handfast_server.delivery.models import Message
    from handfast_server.worker.run import run

    for count in range(_ROUNDS):
        run(once=True)
        if not Message.objects.filter(state="ready").exists():
            return
        settings.CLOCK_SHIFT += (3 + count) * MINUTE


if __name__ == "__main__":
    asked = argparse.ArgumentParser()
    asked.add_argument("--no-drain", action="store_true")
    given = asked.parse_args()
    up()
    print(json.dumps(look(drain=not given.no_drain), default=str))  # noqa: T201 # read by the test
