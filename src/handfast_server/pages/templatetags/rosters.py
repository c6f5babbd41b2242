"""How levels are written on the pages of the rosters."""

from __future__ import annotations

from fractions import Fraction

from django import template
from django.utils import formats

from handfast_server.access import PAGES, Principal, allowed

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
