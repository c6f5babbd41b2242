"""What clocks, bands and points are called where people read of them."""

from __future__ import annotations

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from handfast.contract.model import ClockName

_CLOCKS = {
    ClockName.FIRST_TOUCH.value: gettext_noop("First touch due"),
    ClockName.DECISION.value: gettext_noop("Decision due"),
    ClockName.RESPONSE.value: gettext_noop("Response due"),
    ClockName.WORKING.value: gettext_noop("Qualify by"),
    ClockName.CONTEST.value: gettext_noop("Answer to the contest due"),
}

_PROMISES = {
    ClockName.FIRST_TOUCH.value: gettext_noop("the first touch"),
    ClockName.DECISION.value: gettext_noop("the decision"),
    ClockName.RESPONSE.value: gettext_noop("the response"),
    ClockName.WORKING.value: gettext_noop("the qualification"),
    ClockName.CONTEST.value: gettext_noop("the answer to the contest"),
}


_BANDS = {"nurture": gettext_noop("Nurture"), "warm": gettext_noop("Warm"), "engage": gettext_noop("Engage")}


def band_words(band: str) -> str:
    """What a band is called."""
    return _(_BANDS[band]) if band in _BANDS else band


def points(hundredths: int) -> str:
    """Points as people count them."""
    places = 0 if hundredths % 100 == 0 else 2
    return formats.number_format(hundredths / 100, places, use_l10n=True)


def clock_label(name: str) -> str:
    """What a clock's due is called on a card."""
    return _(_CLOCKS[name]) if name in _CLOCKS else name


def promise_label(name: str) -> str:
    """What a clock waits for, within a sentence."""
    return _(_PROMISES[name]) if name in _PROMISES else name
