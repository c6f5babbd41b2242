"""Whose is it? Keys name leads; what names two that were one human makes them one.

1. Ids of systems and the address are asked as the core's matcher asks them (``handfast.match``). What else they name is
   the same human: those leads are merged.
2. An anonymous id speaks only when they name nobody, and only for a lead that has no other address or id of the same
   kind: a browser may be shared.
3. Whoever an item names has all its keys from then on; an anonymous id goes to who used it last.
4. Somebody of whom there is nothing but an anonymous id is no lead yet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from handfast.match import match_lead
from handfast_server.intake.item import ANONYMOUS, EMAIL, Item, Key


class Spot(NamedTuple):
    """Whose an item is, and which leads are the same human. Empty: a visitor without a name."""

    lead: str = ""
    absorbs: tuple[str, ...] = ()


@dataclass(slots=True)
class Places:
    """What is known of keys, and what a run of items adds to it.

    ``kinds`` are the kinds of keys that leads have which anonymous ids name. ``fresh`` gives an id for a new lead.
    """

    known: Mapping[Key, str]
    kinds: Mapping[str, Iterable[str]]
    fresh: Callable[[Item], str]
    new: dict[Key, str] = field(default_factory=dict)
    moved: dict[Key, str] = field(default_factory=dict)
    made: list[str] = field(default_factory=list)
    _by_id: dict[tuple[str, str], str] = field(init=False)
    _by_email: dict[str, str] = field(init=False)
    _has: dict[str, set[str]] = field(init=False)
    _into: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Addresses stand apart, as the matcher wants them."""
        self._by_id = {(key.kind, key.value): lead for key, lead in self.known.items()}
        self._by_email = {key.value: lead for key, lead in self.known.items() if key.kind == EMAIL}
        self._has = {lead: set(kinds) for lead, kinds in self.kinds.items()}

    def place(self, item: Item) -> Spot | None:
        """Whose it is; None when nobody is known by it and it introduces nobody."""
        found = self._named(item)
        if not found:
            if not item.introduces and not item.anonymous:
                return None
            if not item.strong:
                return Spot()
            if not item.introduces:
                return None
            found = [self.fresh(item)]
            self.made.append(found[0])
        lead, *others = found
        for other in others:
            self._into[other] = lead
        self._keep(item, lead)
        return Spot(lead, tuple(others))

    def _named(self, item: Item) -> list[str]:
        """Every lead that an item names, the one that survives first."""
        match = match_lead(item.ids, item.email, by_id=self._by_id, by_email=self._by_email)
        named = (self._by_id.get(key) for key in (*item.strong, *item.also))
        first = [item.lead] if item.lead else []
        found = [each for each in (*first, match.lead, *named) if each]
        if not found and item.anonymous:
            found = self._by_anonymous(item)
        return list(dict.fromkeys(self._survivor(each) for each in found))

    def _by_anonymous(self, item: Item) -> list[str]:
        lead = self._by_id.get(Key(ANONYMOUS, item.anonymous))
        if lead is None:
            return []
        lead = self._survivor(lead)
        other = self._has.get(lead, set()) & {key.kind for key in item.strong}
        return [] if other else [lead]

    def _keep(self, item: Item, lead: str) -> None:
        for key in item.keys:
            before = self._by_id.get(key)
            if before is None:
                self.new[key] = lead
            elif key.kind == ANONYMOUS and self._survivor(before) != lead:
                self.moved[key] = lead
            else:
                continue
            self._by_id[key] = lead
            if key.kind == EMAIL:
                self._by_email[key.value] = lead
            self._has.setdefault(lead, set()).add(key.kind)

    def _survivor(self, lead: str) -> str:
        while lead in self._into:
            lead = self._into[lead]
        return lead
