"""What visitors did before they said who they are: held under their anonymous ids, told once somebody has the id."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from handfast.facts import AttributesChanged, LeadFact
from handfast.history import read_line, write_line
from handfast.instant import Instant
from handfast_server.decide.rows import add
from handfast_server.intake.item import Item
from handfast_server.intake.models import Nameless
from handfast_server.now import now

MOST = 500
"""Facts of one visitor that are told when they say who they are, the latest ones."""

_COLUMNS = ("name", "anonymous", "line", "happened_at", "received_at")


def held(items: Iterable[Item]) -> set[str]:
    """Those names under which something is held."""
    names = [name for item in items if item.anonymous for name in item.names]
    if not names:
        return set()
    return set(Nameless.objects.filter(name__in=names).values_list("name", flat=True))


class Held:
    """What is held for the visitors of one transaction."""

    def __init__(self, anonymous: Iterable[str]) -> None:
        """Read it."""
        self._waits: dict[str, list[LeadFact]] = {}
        self._told: list[str] = []
        self._kept: list[tuple[str, str, str, Instant, Instant]] = []
        asked = sorted(set(anonymous))
        rows = Nameless.objects.filter(anonymous__in=asked).order_by("happened_at", "id") if asked else ()
        for row in rows:
            fact = read_line(row.line)
            if isinstance(fact, LeadFact):
                self._waits.setdefault(row.anonymous, []).append(fact)

    def of(self, anonymous: str) -> Sequence[LeadFact]:
        """What waited for a name, in the order in which it happened; it waits no more."""
        found = self._waits.pop(anonymous, [])
        if found:
            self._told.append(anonymous)
        return found[-MOST:]

    def keep(self, item: Item) -> None:
        """Hold what an item says of a visitor."""
        at = item.happened_at
        facts: list[LeadFact] = list(item.facts)
        said = {**item.first, **item.attributes}
        if said:
            facts.append(AttributesChanged(id=item.lead_fact, happened_at=at, recorded_at=at, lead="", attributes=said))
        for fact in facts:
            own = replace(fact, lead=item.anonymous)
            self._waits.setdefault(item.anonymous, []).append(own)
            self._kept.append((own.id, item.anonymous, write_line(own), own.happened_at, now()))

    def write(self) -> None:
        """The rows of what is held from now on; those that were told go."""
        gone = set(self._told)
        kept = [row for row in self._kept if row[1] not in gone]
        add(Nameless, _COLUMNS, kept)
        if gone:
            Nameless.objects.filter(anonymous__in=gone).delete()
