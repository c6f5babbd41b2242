"""Once a day, at somebody's own hour: what waits for them, what is due, what was late. Nothing to say: nothing sent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import NamedTuple

import orjson
from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from handfast.contract.model import ClockName
from handfast.instant import DAY, HOUR, Instant, to_datetime
from handfast_server.access import access_cycles, of_user
from handfast_server.accounts.models import Role, User
from handfast_server.apart import apart
from handfast_server.decide.transaction import writing
from handfast_server.delivery.labels import promise_label
from handfast_server.delivery.models import Message, Wish
from handfast_server.delivery.outbox import PERSON, message_id, put_messages
from handfast_server.delivery.people import Person, at_minute
from handfast_server.handoffs.models import Breach, Clock, Cycle
from handfast_server.leads.models import Lead
from handfast_server.now import now
from handfast_server.rosters.models import Shadow

SHOWN = 10
"""Leads under one heading; the inbox has all of them."""

_STALE = 6 * HOUR
"""A digest that could not be sent by then would tell of a morning that is over."""

_FOR = frozenset((Role.REP, Role.MANAGER))


class Item(NamedTuple):
    """A lead in a digest."""

    name: str
    address: str
    note: str


class Group(NamedTuple):
    """Leads under one heading; ``size`` of them, of which the first are shown."""

    title: str
    size: int
    items: tuple[Item, ...]

    @property
    def more(self) -> int:
        """How many are not shown."""
        return self.size - len(self.items)


def name_of(lead: Lead | None) -> str:
    """Who a lead is, as far as it is known."""
    if lead is None:
        return ""
    who = lead.name or lead.email or lead.company or lead.id
    return f"{apart(who)} ({apart(lead.company)})" if lead.company and lead.company != who else apart(who)


def write_digests() -> bool:
    """Put today's digest of everybody whose hour has come into the outbox, once; whether there was any.

    In shadow mode nobody is told anything: there is none.
    """
    if Shadow.objects.exclude(value="").exists():
        return False
    at = now()
    wishes = {wish.pk: wish for wish in Wish.objects.all()}
    people = [user for user in User.objects.filter(is_active=True) if not _FOR.isdisjoint(user.roles)]
    due = [(user, day) for user in people if (day := _due(user, wishes.get(user.pk) or Wish(user=user), at))]
    names = {message_id("digest", str(user.pk), str(day)): user for user, day in due}
    there = set(Message.objects.filter(pk__in=names).values_list("pk", flat=True))
    rows = [
        (name, "digest", user.email, PERSON, "", "", orjson.dumps({"at": at}).decode(), at + _STALE)
        for name, user in names.items()
        if name not in there
    ]
    if rows:
        with writing():
            put_messages(rows, at)
    return bool(rows)


def _due(user: User, wish: Wish, at: Instant) -> dt.date | None:
    """The day whose digest somebody is to have by now; None before their hour, and long after it."""
    zone = Person("", user).zone
    day = to_datetime(at, zone).date()
    if not wish.digest or str(day.isoweekday()) not in wish.digest_days:
        return None
    begins = at_minute(day, wish.digest_at, zone)
    return day if begins <= at < begins + _STALE else None


def groups_of(user: User, at: Instant, moment: Callable[[Instant], str]) -> tuple[Group, ...]:
    """What somebody has on their hands: theirs for a rep, those of their pools for a manager."""
    mine = access_cycles(of_user(user))
    if not user.has_role(Role.MANAGER):
        mine = mine.filter(owner=user.rep)
    waiting = mine.filter(state="waiting").order_by("qualified_at")
    clocks = Clock.objects.filter(cycle__in=mine, state="running", due_at__lt=at + DAY).order_by("due_at")
    breaches = Breach.objects.filter(cycle__in=mine, at__gte=at - DAY, at__lt=at).order_by("at")
    held = mine.exclude(hold_pool="").order_by("hold_since")
    made = (
        _cycles(_("Waiting for a decision"), waiting, lambda it: moment(it.qualified_at or it.inquiry_at)),
        _clocks(clocks, moment),
        _breaches(breaches, moment),
        _cycles(_("Held: nobody can take them"), held, lambda it: it.hold_pool),
    )
    return tuple(group for group in made if group.size)


def _cycles(title: str, found: QuerySet[Cycle], note: Callable[[Cycle], str]) -> Group:
    rows = list(found.select_related("lead")[:SHOWN])
    return Group(title, found.count(), tuple(_item(it.lead, note(it)) for it in rows))


def _clocks(found: QuerySet[Clock], moment: Callable[[Instant], str]) -> Group:
    """A lead with what is due first of it, and what is due at the same time."""
    rows: dict[str, list[Clock]] = {}
    for it in found.select_related("cycle__lead").order_by("due_at", "name")[: SHOWN * len(ClockName)]:
        rows.setdefault(it.cycle_id, []).append(it)
    items = tuple(_item(its[0].cycle.lead, _due_note(its, moment)) for its in list(rows.values())[:SHOWN])
    return Group(_("Due within a day"), found.order_by().values("cycle").distinct().count(), items)


def _due_note(clocks: list[Clock], moment: Callable[[Instant], str]) -> str:
    first = clocks[0].due_at or 0
    names = ", ".join(promise_label(it.name) for it in clocks if it.due_at == first)
    return f"{names} · {moment(first)}"


def _breaches(found: QuerySet[Breach], moment: Callable[[Instant], str]) -> Group:
    rows = list(found.select_related("cycle__lead")[:SHOWN])
    items = tuple(_item(it.cycle.lead, f"{promise_label(it.name)} · {moment(it.at)}") for it in rows)
    return Group(_("Late since yesterday"), found.count(), items)


def _item(lead: Lead, note: str) -> Item:
    return Item(name_of(lead), f"{settings.BASE_URL}/leads/{lead.pk}", note)
