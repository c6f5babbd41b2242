"""What is known of a lead that a condition asks about, as it is read."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from django.utils.translation import gettext as _

from handfast.cycle.values import Lead
from handfast_server.pages.scoreboard_figures import number


def known_of(lead: Lead | None, names: Iterable[str]) -> list[tuple[str, str]]:
    """Each name as people write it, with its value."""
    known = {} if lead is None else lead.known
    return [(name.replace("_", " "), _written(known.get(name))) for name in names]


def _written(value: object) -> str:
    if value is None or value == "":
        return _("unknown")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, int | Decimal):
        return number(float(value), 0 if value == int(value) else 2)
    return str(value)
