"""Where one can go: each page once, with the action of the permission table that opens it."""

from __future__ import annotations

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from handfast_server.access import PAGES, Principal, allowed


class Place(NamedTuple):
    """A page: the name of its address, what it is called, the key after ``g``, what it is for.

    The ones with a key stand in the navigation, the others on the home page and at the foot.
    """

    name: str
    label: Promise
    key: str
    about: Promise


PLACES = (
    Place("inbox", _("Inbox"), "i", _("What waits for your decision, the most urgent first.")),
    Place("mine", _("My leads"), "m", _("What you have taken on, and the next attempt that is due.")),
    Place("team", _("Team"), "t", _("Who has what, what is late, and which broken promises await a cause.")),
    Place("rosters", _("Rosters"), "", _("Who is in which pool, with what weight and caps; who joins and who leaves.")),
    Place("absences", _("Absences"), "", _("Who is away when, by month; from forms and from calendar files.")),
    Place("scoreboard", _("Scoreboard"), "b", _("The number, what both sides owe, every measure with its records.")),
    Place("quality", _("Quality"), "q", _("What sales declined and why, contests to settle, what leads cost.")),
    Place(
        "contract", _("Contract"), "c", _("What both sides signed, how it came to be, and drafts of what comes next.")
    ),
    Place("import", _("Import"), "", _("History from files: looked at first, then taken in; no clock starts.")),
    Place("mode", _("Shadow and live"), "", _("What shadow mode found, the cut-over, and going live.")),
    Place("start", _("Setting up"), "", _("Who signs, history and sources, the first contract.")),
    Place("periods", _("Periods"), "", _("What was closed and signed, and which period can be closed next.")),
    Place("people", _("Administration"), "a", _("People, tokens, connections, deliveries and the audit log.")),
    Place("status", _("Status"), "s", _("What waits, how late it is, and whether every promise holds.")),
    Place("api_docs", _("Programs"), "", _("The interface for programs: every address, and who may use it.")),
    Place("gallery", _("Gallery"), "", _("The parts that pages are put together from, in every state.")),
)


def places_of(who: Principal | None) -> list[Place]:
    """Those that somebody may open."""
    return [place for place in PLACES if who is not None and allowed(who, PAGES[place.name])]
