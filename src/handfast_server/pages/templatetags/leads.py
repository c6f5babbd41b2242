"""How money, promises and choices are written on the pages of leads and of the team."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from django import template
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from handfast.cycle.values import DealState
from handfast_server.pages.choice_words import way_words, why_not_words
from handfast_server.pages.core_words import in_words
from handfast_server.pages.words import cause_words, clock_state_words

register = template.Library()
register.filter("in_words", in_words)
register.filter("way_label", way_words)
register.filter("why_not_label", why_not_words)
register.filter("clock_state_label", clock_state_words)
register.filter("cause_label", cause_words)

_DEALS = {
    DealState.OPEN.value: gettext_noop("Open"),
    DealState.WON.value: gettext_noop("Won"),
    DealState.LOST.value: gettext_noop("Lost"),
}


@register.filter
def deal_label(state: str) -> str:
    """How a deal stands."""
    return _(_DEALS[state]) if state in _DEALS else state


@register.filter
def money(amount: Decimal, currency: str) -> str:
    """An amount as the reader writes numbers, and its currency."""
    places = 0 if amount == amount.to_integral_value() else 2
    return f"{formats.number_format(amount, places, use_l10n=True, force_grouping=True)} {currency}".strip()


@register.filter
def found_points(found: str) -> str:
    """Points of an explanation as the reader writes numbers."""
    try:
        exact = Decimal(found)
    except InvalidOperation:
        return found
    return formats.number_format(exact, 0 if exact == exact.to_integral_value() else 2, use_l10n=True)


@register.filter
def holds_label(found: str) -> str:
    """Whether a clause holds."""
    words = {"holds": _("holds"), "does not hold": _("does not hold")}
    return words.get(found, _("holds, and gives way to the hand-raise"))


@register.filter
def choice_label(found: str) -> str:
    """Who was chosen."""
    return _("Nobody is eligible") if found == "nobody is eligible" else _("Goes to %s") % found


@register.filter
def rule_label(found: str) -> str:
    """What came of a rule."""
    pool = found.removeprefix("to ")
    return _("does not match") if pool == found else _("matches: to %s") % pool
