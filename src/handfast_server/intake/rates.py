"""Too much at once for a human: what goes beyond is marked as a bot's."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable
from dataclasses import replace

from handfast.facts import ActivityHappened
from handfast.instant import Instant
from handfast_server.decide.sql import fetch_among
from handfast_server.intake.bots import RULES
from handfast_server.intake.item import Item

_ACTS = "SELECT lead_id, happened_at FROM leads_activity WHERE lead_id AMONG AND happened_at > %s ORDER BY happened_at"


class Rates:
    """When leads did something around what a run of items says that they did."""

    def __init__(self, items: Iterable[tuple[Item, str]]) -> None:
        """Read what is known of these leads around what the items say of them."""
        self._at: dict[str, list[Instant]] = {}
        times = [
            (lead, fact.happened_at)
            for item, lead in items
            if lead and not item.loaded
            for fact in item.facts
            if isinstance(fact, ActivityHappened) and not fact.by_bot
        ]
        if times:
            earliest = min(at for _, at in times) - RULES.longest
            for lead, at in fetch_among(_ACTS, dict.fromkeys(lead for lead, _ in times), [earliest]):
                self._at.setdefault(lead, []).append(at)

    def marked(self, fact: ActivityHappened, lead: str) -> ActivityHappened:
        """The same activity, marked when no human does so much in so short a time."""
        if fact.by_bot or fact.loaded:
            return fact
        at, known = fact.happened_at, self._at.setdefault(lead, [])
        inhuman = fact.kind not in RULES.never and any(
            bisect_right(known, at) - bisect_left(known, at - rate.within + 1) >= rate.most for rate in RULES.rates
        )
        insort(known, at)
        return replace(fact, by_bot=True) if inhuman else fact
