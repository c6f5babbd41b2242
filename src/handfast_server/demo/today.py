"""What happens on the day of the demonstration, so that everybody finds something to do: told like any other facts.

The manager says why promises were broken on the days on which leads flooded the home pool; what nobody answered for
weeks is withdrawn; three rejections are contested by what is known; leave is entered; and leads have just come for the
rep of the switch.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from handfast.condition import Value
from handfast.facts import (
    AbsenceSet,
    ActivityHappened,
    AdminWithdrew,
    BreachCause,
    BreachCauseSet,
    BreachExcused,
    Fact,
    Reassigned,
    Rejected,
)
from handfast.instant import DAY, HOUR, SECOND, Instant
from handfast.simulate import demo_contracts
from handfast_server.decide.session import tell_all
from handfast_server.demo.cast import CAST
from handfast_server.handoffs.models import Breach, Cycle
from handfast_server.intake.item import Item
from handfast_server.intake.take import take_in
from handfast_server.leads.models import Lead
from handfast_server.now import now
from handfast_server.operate.say import Say

MANAGER = "Omar Haddad"
ADMIN = next(member.email for member in CAST if member.key == "revops")
REP = next(member.rep for member in CAST if member.key == "rep")
_FLOOD = 2.5
"""So many times what is broken of a pool's promises on a bad day in the mean is nobody's idleness."""

_FORGOTTEN = 21 * DAY


class Comer(NamedTuple):
    """Somebody who asks for a demo today."""

    first: str
    last: str
    company: str
    title: str
    employees: int
    industry: str
    source: str
    words: str


_ASKS_CLOCKS = "We lose leads at the handoff. Can you show us the clocks?"
_ASKS_SOON = "Comparing three vendors this week, decision on Friday."
_ASKS_GERMAN = "Our sales team is in Hamburg and Vienna. Is German possible?"
_BANK = "financial_services"
_COMERS = (
    Comer("Nadia", "Brandt", "Kettwig Software", "VP Sales", 420, "software", "Referrals", _ASKS_CLOCKS),
    Comer("Tomasz", "Lis", "Havelpay", "Head of Growth", 180, _BANK, "Organic Search", _ASKS_SOON),
    Comer("Ines", "Aydin", "Brückner Analytics", "Director Marketing", 760, "software", "Email Marketing", ""),
    Comer("Jo", "Falk", "Nordlicht Kredit", "Chief Revenue Officer", 230, _BANK, "Paid Search", _ASKS_GERMAN),
)

_LEAVE = (("Sam Oduya", 2, 3), ("Mina Rossi", 9, 5), ("Kim Sato", 16, 8), ("Jonas Meyer", 23, 10))
"""Who, in how many days, for how many days."""


def today(say: Say) -> None:
    """Tell all of it."""
    say("Telling what happened today …")
    zone = demo_contracts()[0].zone
    tell_all(_causes(zone))
    tell_all(_withdrawn())
    tell_all(_contested())
    tell_all(_leave(zone))
    _come()
    tell_all(_given())


def _fact(made: Any, lead: str, /, **values: Any) -> Any:
    at = now()
    return made(id=f"demo:{uuid.uuid4().hex}", happened_at=at, recorded_at=at, lead=lead, **values)


def _causes(zone: str) -> Iterator[Fact]:
    """On days of a flood there was no capacity; of the last of them the first three are excused."""
    days: dict[dt.date, list[Breach]] = defaultdict(list)
    for breach in Breach.objects.filter(cycle__pool="home", proposed="rep_idle").select_related("cycle").order_by("at"):
        days[_day(breach.at, zone)].append(breach)
    mean = sum(map(len, days.values())) / max(1, len(days))
    floods = [breaches for _, breaches in sorted(days.items()) if len(breaches) >= max(3, _FLOOD * mean)]
    for breach in (breach for breaches in floods for breach in breaches):
        cause = BreachCause.NO_CAPACITY
        yield _fact(BreachCauseSet, breach.cycle.lead_id, by=MANAGER, breach=breach.clock, cause=cause)
    for breach in floods[-1][:3] if floods else ():
        why = "The telephones were out of order that afternoon."
        yield _fact(BreachExcused, breach.cycle.lead_id, by=MANAGER, breach=breach.clock, why=why)


def _day(at: Instant, zone: str) -> dt.date:
    return dt.datetime.fromtimestamp(at // SECOND, ZoneInfo(zone)).date()


def _withdrawn() -> Iterator[Fact]:
    """What nobody answered for weeks ends at the review, and is counted as neither side's."""
    old = Cycle.objects.filter(state="waiting", qualified_at__lt=now() - _FORGOTTEN)
    for cycle in old.order_by("qualified_at"):
        note = "Found unanswered at the review; written to, and no longer interested."
        yield _fact(AdminWithdrew, cycle.lead_id, by=ADMIN, note=note)


def _contested() -> Iterator[Fact]:
    """Three who are said to be too small, and whose records say that they are not."""
    rows: Iterable[Any] = Cycle.objects.filter(state="waiting").exclude(owner__in=("", REP)).order_by("-qualified_at")
    known = dict(Lead.objects.filter(pk__in=[row.lead_id for row in rows]).values_list("pk", "state"))
    fitting = [row for row in rows if '"employees"' in str(known.get(row.lead_id))]
    for row in fitting[:3]:
        yield _fact(Rejected, row.lead_id, by=row.owner, reason="too_small", note="Looks like a small shop.")


def _leave(zone: str) -> Iterator[Fact]:
    at, clock = now(), ZoneInfo(zone)
    for rep, first, days in _LEAVE:
        begin = _day(at + first * DAY, zone)
        starts, ends = (
            int(dt.datetime.combine(day, dt.time(), clock).timestamp()) * SECOND
            for day in (begin, begin + dt.timedelta(days=days))
        )
        name = f"demo-leave-{rep}"
        yield AbsenceSet(
            id=f"demo:{name}", happened_at=at, recorded_at=at, absence=name, rep=rep, starts=starts, ends=ends
        )


def _come() -> None:
    """Through the door that every lead comes by."""
    take_in([_item(comer, number) for number, comer in enumerate(_COMERS)])


def _item(comer: Comer, number: int) -> Item:
    at = now()
    email = f"{comer.first}.{comer.last}@{comer.company.split()[0]}.example".lower().replace("ü", "ue")
    known: dict[str, Value] = {
        "email": email,
        "first_name": comer.first,
        "last_name": comer.last,
        "company": f"{comer.company} GmbH",
        "title": comer.title,
        "country": "DE",
        "industry": comer.industry,
        "employees": comer.employees,
        "source": comer.source,
    }
    asked = {"form": "demo", **({"message": comer.words} if comer.words else {})}
    acts = [("page_viewed", {"path": "/pricing"}), ("page_viewed", {"path": "/customers"}), ("form_submitted", asked)]
    return Item(
        name=f"demo:today:{number}",
        source="demo",
        happened_at=at - HOUR // 6,
        email=email,
        attributes=known,
        states=True,
        facts=tuple(_fact(ActivityHappened, "", kind=kind, properties=properties) for kind, properties in acts),
    )


def _given() -> Iterator[Fact]:
    """The manager gives them to the rep of the switch."""
    mine = Cycle.objects.filter(state="waiting", lead__email__in=[_item(comer, 0).email for comer in _COMERS])
    for cycle in mine.exclude(owner=REP).order_by("qualified_at"):
        yield _fact(Reassigned, cycle.lead_id, by=MANAGER, to=REP)
