"""Whom the words of an event mean, when a message is sent: somebody who signs in, or a bare address."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.conf import settings

from handfast.contract.model import PartyName
from handfast.instant import Instant, from_datetime, to_datetime
from handfast.zones import known_zone
from handfast_server.accounts.models import User
from handfast_server.decide import terms
from handfast_server.delivery.compose import MARKETING
from handfast_server.delivery.models import Wish
from handfast_server.now import now


@dataclass(frozen=True, slots=True)
class Person:
    """``user`` is None for somebody whom the contract names by an address alone."""

    address: str
    user: User | None = None

    @property
    def language(self) -> str:
        """In which they are written to."""
        return "en" if self.user is None else self.user.language

    @property
    def zone(self) -> str:
        """In which their hours count."""
        zone = "UTC" if self.user is None else self.user.zone
        return zone if known_zone(zone) else "UTC"

    @property
    def wish(self) -> Wish:
        """What they want; what everybody gets who never said."""
        if self.user is None:
            return Wish()
        return Wish.objects.filter(pk=self.user.pk).first() or Wish(user=self.user)


def find(to: str) -> Person | None:
    """Who is meant by a rep's name, an address, or a role of the contract; None when nobody is."""
    if to == MARKETING:
        governing = terms.governing(now())
        to = "" if governing is None else governing.contract.parties[PartyName.MARKETING].email
    people = User.objects.filter(is_active=True)
    user = people.filter(email__iexact=to).first() if "@" in to else people.filter(rep=to).exclude(rep="").first()
    if user is not None:
        return Person(user.email, user)
    return Person(to) if "@" in to else None


def language_of(user: User | None, asked: object = None) -> str:
    """In which somebody is written to; ``asked``: of who has no account yet, that of who writes to them."""
    wanted = asked if user is None else user.language
    return str(wanted) if wanted in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def quiet_until(person: Person, at: Instant) -> Instant | None:
    """When somebody's quiet hours end; None outside of them."""
    wish = person.wish
    start, end = wish.quiet_from, wish.quiet_until
    if start is None or end is None or start == end:
        return None
    here = to_datetime(at, person.zone)
    minute = here.hour * 60 + here.minute
    inside = start <= minute < end if start < end else minute >= start or minute < end
    if not inside:
        return None
    day = here.date() + dt.timedelta(days=1 if minute >= end else 0)
    return at_minute(day, end, person.zone)


def at_minute(day: dt.date, minute: int, zone: str) -> Instant:
    """A minute of a day in a zone; one that the clocks skip is the instant to which they go."""
    local = dt.datetime.combine(day, dt.time(minute // 60, minute % 60), ZoneInfo(zone))
    return from_datetime(local.astimezone(dt.UTC))
