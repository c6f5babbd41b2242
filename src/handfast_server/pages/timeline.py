"""Everything that happened to a lead in one order: when it happened, and when the service learned of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from django.utils.translation import gettext as _

from handfast.instant import MINUTE, Instant
from handfast_server.access import Principal, access_cycles, access_transitions
from handfast_server.delivery.events import EVENTS
from handfast_server.delivery.labels import clock_label
from handfast_server.delivery.models import Message
from handfast_server.delivery.outbox import PERSON
from handfast_server.facts.models import Fact
from handfast_server.handoffs.models import Assignment, Clock, ClockTransition, Transition
from handfast_server.leads.models import Lead
from handfast_server.pages.core_words import in_words
from handfast_server.pages.fact_words import SILENT, said
from handfast_server.pages.words import change_words, event_words, message_words, state_words

LINES = 200
"""Lines of the timeline, the latest first."""


class Line(NamedTuple):
    """Something that happened; ``told_at`` is when the service learned of it; ``sort`` says what kind of line it is."""

    at: Instant
    told_at: Instant
    sort: str
    what: str
    about: str = ""
    then: str = ""
    refused: bool = False

    @property
    def later(self) -> bool:
        """Whether it was known noticeably after it had happened."""
        return self.told_at - self.at >= MINUTE


def lines_of(who: Principal, row: Lead) -> list[Line]:
    """Facts with what came of them, turns, clocks and messages together, the latest first."""
    found = [*_facts(who, row), *_turns(who, row), *_clocks(who, row), *_messages(row)]
    return sorted(found, key=lambda line: (line.at, line.told_at), reverse=True)[:LINES]


def _facts(who: Principal, row: Lead) -> Iterator[Line]:
    moved: dict[str, list[Transition]] = {}
    version: int | None = None
    for each in access_transitions(who).filter(cycle__lead=row).select_related("cycle").order_by("-at", "id")[:LINES]:
        moved.setdefault(each.fact, []).append(each)
        version = version or each.cycle.version
    rows = Fact.objects.filter(lead=row.pk).exclude(kind__in=SILENT).order_by("-recorded_at", "-position")[:LINES]
    for fact in rows:
        came = moved.pop(fact.name, [])
        what, about = said(fact, came[0].cycle.version if came else version)
        then = ", ".join(_then(each) for each in came if event_words(each.event) != what)
        refused = bool(fact.refused)
        yield Line(fact.happened_at, fact.recorded_at, "fact", what, about, then, refused)
    for each in (each for some in moved.values() for each in some):
        yield Line(each.happened_at, each.at, "decision", event_words(each.event), each.by, _then(each))


def _then(each: Transition) -> str:
    return " → ".join(dict.fromkeys((event_words(each.event), state_words(each.after))))


def _turns(who: Principal, row: Lead) -> Iterable[Line]:
    turns = Assignment.objects.filter(cycle__in=access_cycles(who).filter(lead=row)).order_by("-at")[:LINES]
    return [Line(turn.at, turn.at, "decision", _("Goes to %s") % turn.rep, turn.pool) for turn in turns]


def _clocks(who: Principal, row: Lead) -> Iterator[Line]:
    cycles = access_cycles(who).filter(lead=row)
    names = dict(Clock.objects.filter(cycle__in=cycles).values_list("id", "name"))
    for each in ClockTransition.objects.filter(cycle__in=cycles).order_by("-recorded_at", "-id")[:LINES]:
        name = clock_label(names.get(each.clock, ""))
        yield Line(each.at, each.recorded_at, "clock", name, change_words(each.change))


def _told_of(event: str) -> str:
    """What a message was about, as the table of events says it."""
    return in_words(EVENTS[event].says).removesuffix(".") if event in EVENTS else event


def _messages(row: Lead) -> Iterator[Line]:
    sent = Message.objects.filter(lead=row.pk, channel=PERSON).order_by("-created_at", "-position")[:LINES]
    for each in sent:
        about = " · ".join((_told_of(each.event), message_words(each.state)))
        yield Line(each.created_at, each.ended_at or each.created_at, "message", _("Message to %s") % each.to, about)
