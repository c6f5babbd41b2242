"""The score of a lead under the contract of the stories, counted by hand from what was told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from handfast.facts import ActivityHappened, AttributesChanged, Fact, LeadCreated, LeadErased, LeadsMerged
from handfast.instant import DAY, Instant


class Told:
    """Everything that was told of leads, and what it is worth in tests/golden/cycles/contracts/business.yaml."""

    def __init__(self) -> None:
        self._did: dict[str, list[tuple[Instant, str]]] = defaultdict(list)
        self._said: dict[str, list[tuple[Instant, Mapping[str, Any]]]] = defaultdict(list)
        self._into: dict[str, str] = {}
        self._erased: set[str] = set()
        self.joined: set[str] = set()

    def take(self, fact: Fact) -> None:
        """Take a fact in."""
        lead = self._name(getattr(fact, "lead", ""))
        if lead in self._erased:
            return
        if isinstance(fact, ActivityHappened) and not fact.by_bot:
            path = str(fact.properties.get("path", ""))
            self._did[lead].append((fact.happened_at, f"{fact.kind} {path}"))
        elif isinstance(fact, LeadCreated | AttributesChanged):
            self._said[lead].append((fact.happened_at, fact.attributes))
        elif isinstance(fact, LeadErased) and self._heard_of(lead):
            self._erased.add(lead)
        elif isinstance(fact, LeadsMerged):
            self._merge(lead, self._name(fact.absorbed))

    def _merge(self, lead: str, other: str) -> None:
        if lead != other and self._heard_of(lead) and self._heard_of(other) and other not in self._erased:
            self._into[other] = lead
            self._did[lead] += self._did.pop(other, [])
            self._said[lead] += self._said.pop(other, [])
            self.joined.add(lead)

    def _heard_of(self, lead: str) -> bool:
        return lead in self._did or lead in self._said

    def _name(self, lead: str) -> str:
        while lead in self._into:
            lead = self._into[lead]
        return lead

    def known(self, lead: str) -> dict[str, Any]:
        """Industry and size as they were stated for the latest instant, the later statement of equal ones."""
        found: dict[str, Any] = {"industry": None, "employees": None}
        for _, said in sorted(self._said[lead], key=lambda pair: pair[0]):
            found.update({name: said[name] for name in found if name in said})
        return found

    def fit(self, known: Mapping[str, Any]) -> int:
        """30 for the right industry, 20 for the right size."""
        size = known.get("employees")
        return 30 * (known.get("industry") in {"software", "fintech"}) + 20 * (size is not None and 50 <= size <= 1000)

    def behaviour(self, lead: str, now: Instant) -> int:
        """10 for each of three looks at pricing, 20 for two webinars of 90 days, -10 for careers within 30 days."""
        pricing = self._of(lead, "page_viewed /pricing", now)[-3:]
        webinars = [at for at in self._of(lead, "webinar_attended ", now)[-2:] if now - at < 90 * DAY]
        careers = [at for at in self._of(lead, "page_viewed /careers", now)[-1:] if now - at < 30 * DAY]
        return 10 * len(pricing) + 20 * len(webinars) - 10 * len(careers)

    def _of(self, lead: str, what: str, now: Instant) -> list[Instant]:
        return sorted(at for at, did in self._did[lead] if did == what and at <= now)
