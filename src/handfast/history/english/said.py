"""What a story is made of, and what every sentence of it needs: the clauses in words, instants as people say them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from handfast.condition import ValueType
from handfast.contract.english.values import DAY_NAMES, day, decimal, spoken
from handfast.contract.explain import explain
from handfast.engine import Version
from handfast.instant import Instant, parse_instant, to_datetime
from handfast.qualify import CONSENT
from handfast.trace import Node, Topic


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One sentence, with the clause that it goes back to; ``parts`` say how it comes about, ``points`` add up."""

    text: str
    clause: str = ""
    points: str = ""
    parts: tuple[Said, ...] = ()
    values: Mapping[str, object] = field(default_factory=dict)

    def as_data(self) -> dict[str, object]:
        """As plain data; what is empty is left out."""
        data: dict[str, object] = {"text": self.text, "clause": self.clause, "points": self.points}
        data |= {"values": dict(self.values), "parts": [part.as_data() for part in self.parts]}
        return {name: value for name, value in data.items() if value}


@dataclass(frozen=True, slots=True)
class Chapter:
    """Sentences that answer one question."""

    topic: str
    title: str
    said: tuple[Said, ...]


_UNDER_EVERY = {CONSENT: "Under every contract: who denied being contacted is not handed to sales."}


class Wording:
    """One version of the contract as it is cited: its clauses in its own words, instants in its zone."""

    def __init__(self, version: Version) -> None:
        """Put every clause into words once."""
        self.version = version
        self.contract = version.contract
        self.zone = version.contract.zone
        sections = explain(version.contract).sections
        self.clocks: dict[str, str] = {}  # the name of each clock by its id
        self._clauses = {each.path: each.text for section in sections for each in section.sentences}

    def clause(self, path: str) -> str:
        """What the contract says there, or about when that holds; empty where it says nothing of its own."""
        return self._clauses.get(path) or self._clauses.get(f"{path}.when") or _UNDER_EVERY.get(path, "")

    def when(self, at: Instant | str) -> str:
        """``Monday 11 January 2027, 10:00``; seconds only where there are any."""
        local = to_datetime(parse_instant(at) if isinstance(at, str) else at, self.zone)
        time = local.strftime("%H:%M:%S" if local.second else "%H:%M")
        return f"{DAY_NAMES[local.weekday()]} {day(local.date())}, {time}"

    def reason(self, name: str) -> str:
        """A reason as sales says it."""
        known = self.contract.reasons.get(name)
        return known.title if known is not None and known.title else spoken(name)

    def found(self, node: Node) -> str:
        """What was found of everything that a condition asked: ``industry software, employees unknown``."""
        return ", ".join(dict.fromkeys(self._leaves(node)))

    def _leaves(self, node: Node) -> Iterator[str]:
        if node.topic is Topic.CONDITION and "name" in node.values:
            name = str(node.values["name"])
            yield f"{spoken(name)} {self._value(name, node.values.get('found'))}"
        for part in node.parts:
            yield from self._leaves(part)

    def _value(self, name: str, value: object) -> str:
        known = self.contract.attributes.get(name)
        if value is None:
            return "unknown"
        if isinstance(value, bool):
            return "yes" if value else "no"
        if known is not None and known.type is ValueType.COUNTRY:
            return str(value).upper()
        return decimal(value) if isinstance(value, int) else str(value)


def stop(text: str) -> str:
    """A sentence with its full stop. It begins as it is: the name of somebody may stand there."""
    return text if text.endswith((".", "?", "!")) else f"{text}."


def level(text: object) -> str:
    """A level of a ledger: ``1.5``, and ``4/3`` where no decimal is exact."""
    exact = Fraction(str(text))
    tenths = exact * 100
    return f"{float(exact):g}" if tenths.denominator == 1 else str(exact)
