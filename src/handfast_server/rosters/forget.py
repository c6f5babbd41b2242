"""The team without other systems' names for the deals of somebody who is forgotten."""

from __future__ import annotations

from collections.abc import Mapping

import orjson
from django.db.models import F

from handfast_server.rosters.models import Opportunity, Turn


def forget_deals(names: Mapping[str, str]) -> None:
    """Let deals be known by other names, in every process: whoever kept the team as of before reads it anew."""
    if not names:
        return
    Turn.objects.filter(pk=1).update(number=F("number") + 1, whole_from=F("number") + 1)  # the team's lock, too
    number = Turn.objects.values_list("number", flat=True).get(pk=1)
    for row in list(Opportunity.objects.filter(pk__in=names)):
        known = names[row.pk]
        row.delete()
        if row.value:
            value = orjson.dumps({**orjson.loads(row.value), "id": known}).decode()
            Opportunity.objects.create(id=known, value=value, changed=number)
