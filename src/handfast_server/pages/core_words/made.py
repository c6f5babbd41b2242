"""English of the core that remembers how it was put together, put together again in the reader's language.

Each template is looked up with the context ``contract``, so that a word can be said otherwise in a sentence than as a
label; numbers, days and lists are written as the reader writes them. Texts without a template are data.
"""

from __future__ import annotations

from decimal import Decimal

from django.utils import formats
from django.utils.translation import npgettext, pgettext

from handfast.wording import Counted, Day, Listed, Made, Number, Template, Whole, Worded

CONTEXT = "contract"


def put_together(text: str) -> str:
    """A text of the core in the reader's language."""
    return _made(text.made) if isinstance(text, Worded) else text


def _made(made: Made) -> str:
    match made:
        case Template(template, values):
            said = pgettext(CONTEXT, template).format(**{name: put_together(each) for name, each in values.items()})
        case Counted(one, many, number):
            said = npgettext(CONTEXT, one, many, number).format(number=_number(number))
        case Number(value):
            said = _number(value)
        case Day(value):
            said = formats.date_format(value, "DATE_FORMAT", use_l10n=True)
        case Listed(parts, last, between):
            *first, end = (put_together(part) for part in parts)
            said = pgettext(CONTEXT, last).format(first=between.join(first), last=end)
        case Whole(phrase):
            said = _whole(put_together(phrase))
    return said


def _number(value: Decimal | int) -> str:
    places = 0
    if isinstance(value, Decimal) and value != value.to_integral_value():
        places = -int(value.normalize().as_tuple().exponent)
    return formats.number_format(value, places, use_l10n=True, force_grouping=True)


def _whole(phrase: str) -> str:
    return phrase[:1].upper() + phrase[1:] + ("" if phrase.endswith(".") else ".")
