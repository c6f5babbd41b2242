"""What stands on a card of the inbox, for messages and for the page behind their links; in the reader's language."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils import formats
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from handfast.instant import Instant, to_datetime
from handfast_server.delivery.labels import band_words, clock_label, points
from handfast_server.handoffs.models import Clock, Cycle
from handfast_server.handoffs.why import own_words, reasons_for
from handfast_server.leads.models import Lead
from handfast_server.now import now

_QUOTED = 400
"""Letters of a lead's own words."""


def moment_in(zone: str, at: Instant) -> str:
    """An instant in a zone, with the zone's name."""
    here = to_datetime(at, zone)
    return f"{formats.date_format(here, _('D j M, H:i'))} {here.tzname()}"


@dataclass(frozen=True, slots=True)
class Card:
    """A lead as it waits in the inbox; ``cycle`` is None where there is none any more."""

    lead: Lead
    cycle: Cycle | None
    zone: str

    def rows(self) -> tuple[tuple[str, str], ...]:
        """When what is due, and who it is."""
        lead, cycle, found = self.lead, self.cycle, list(self._dues())
        found += [(_("Title"), lead.title)] if lead.title else []
        found += [(_("Company"), lead.company)] if lead.company else []
        found += [(_("E-mail"), lead.email)] if lead.email and lead.name else []
        found += [(_("Source"), cycle.source)] if cycle is not None and cycle.source else []
        parts = {"total": points(lead.fit + lead.behaviour), "fit": points(lead.fit), "did": points(lead.behaviour)}
        found.append((_("Score"), _("%(total)s: %(fit)s for who they are, %(did)s for what they did") % parts))
        return tuple(found)

    def _dues(self) -> Iterator[tuple[str, str]]:
        if self.cycle is None:
            return
        clocks = Clock.objects.filter(cycle=self.cycle, state="running", due_at__isnull=False).order_by("due_at")
        for name, due in clocks.values_list("name", "due_at"):
            yield clock_label(name), moment_in(self.zone, due or 0)

    def quote(self) -> str:
        """What they wrote when they raised a hand."""
        if self.cycle is None or self.cycle.raised_at is None:
            return ""
        words = own_words({self.lead.pk: self.cycle.raised_at})
        return str(Truncator(words.get(self.lead.pk, "").strip()).chars(_QUOTED))

    def reasons(self) -> tuple[tuple[str, str], ...]:
        """What scored most; nothing where that cannot be told."""
        scored = None if self.cycle is None else reasons_for(self.lead, self.cycle.version, now())
        return tuple((title, points(value)) for title, value in scored or ())

    def badges(self) -> tuple[str, ...]:
        """What stands beside the name."""
        if self.cycle is None:
            return ()
        asked = _("Asked to be contacted") if self.cycle.hand_raised else ""
        back = _("Comes back") if self.cycle.recycled else ""
        band = band_words(self.cycle.band) if self.cycle.band else ""
        return tuple(filter(None, (band, asked, back)))
