"""How levels and absences are written on the pages of the rosters, and which pages are open to somebody."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

from django import template
from django.utils import formats
from django.utils.translation import gettext as _

from handfast.instant import Instant, to_datetime
from handfast_server.access import PAGES, Principal, allowed
from handfast_server.now import now
from handfast_server.pages.templatetags.handfast import moment

register = template.Library()


@register.filter
def level(exact: str) -> str:
    """A level as the reader writes numbers, with at most two places."""
    value = round(Fraction(exact), 2)
    places = 0 if value.denominator == 1 else 2
    return formats.number_format(float(value), places, use_l10n=True)


@register.simple_tag
def opens(who: Principal | None, page: str) -> bool:
    """Whether somebody may open a page."""
    return who is not None and allowed(who, PAGES[page])


@register.filter
def when(at: Instant, zone: str) -> str:
    """An edge of an absence: the day alone where the day begins with it."""
    here = to_datetime(at, zone)
    return moment(at, zone) if here.time() != dt.time() else formats.date_format(here, _day(here, zone))


def _day(here: dt.datetime, zone: str) -> str:
    return _("D j M") if here.year == to_datetime(now(), zone).year else _("D j M Y")
