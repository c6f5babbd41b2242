"""What intake does by itself: tells what waited for a name that came meanwhile, and throws away what is old."""

from __future__ import annotations

from handfast.instant import DAY
from handfast_server.decide.transaction import writing
from handfast_server.intake import taking
from handfast_server.intake.bucket import forget_idle
from handfast_server.intake.item import ANONYMOUS, Item
from handfast_server.intake.models import Nameless, SetAside
from handfast_server.intake.take import RUN, take_in
from handfast_server.leads.models import Key
from handfast_server.now import now
from handfast_server.worker.loops import Loop

NAMELESS = 90 * DAY
"""So long it is kept what a visitor did who never said who they are."""

ASIDE = 365 * DAY
"""So long it is kept what could not be taken in."""


def tell_named() -> bool:
    """Tell what waits under anonymous ids that somebody has by now: the two came in at one moment."""
    named = Key.objects.filter(kind=ANONYMOUS).values("value")
    waits = Nameless.objects.filter(anonymous__in=named).order_by("anonymous")
    some = list(waits.values_list("anonymous", flat=True).distinct()[:RUN])
    at = now()
    take_in([Item(name=f"held:{each}:{at}", source="held", happened_at=at, anonymous=each) for each in some])
    return len(some) == RUN


def tidy() -> bool:
    """Throw away what nobody claimed."""
    at = now()
    with writing():
        Nameless.objects.filter(received_at__lt=at - NAMELESS).delete()
        SetAside.objects.filter(at__lt=at - ASIDE).delete()
        forget_idle()
        taking.tidy(at)
    return False


LOOPS = (
    Loop("intake.named", tell_named, rest=60.0, gentle=True),
    Loop("intake.uploads", taking.take_some, rest=1.0),
    Loop("intake.tidy", tidy, rest=3600.0, gentle=True),
)
