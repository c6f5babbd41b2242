"""Items in: whose each is, what it says, decided upon in the same transaction; and nothing of a batch lost.

Items are taken in runs, a transaction each. When a run breaks, it is taken in two halves, and so on until the item that
breaks it stands alone: that one is set aside, with what came, and all others are taken in. What fails because the
database cannot be reached, or because a version is not what was signed, is no item's fault, and is raised: whoever sent
it sends it again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from django.db import InterfaceError, OperationalError

from handfast.condition import Value
from handfast.cycle.values import Lead
from handfast.errors import HandfastError, SealBroken
from handfast.facts import ActivityHappened, AttributesChanged, LeadCreated, LeadFact, LeadsMerged
from handfast_server.decide.locked import recorded
from handfast_server.decide.session import Session, decide
from handfast_server.decide.taken import Taken
from handfast_server.facts.models import Fact as FactRow
from handfast_server.intake import accounts, keys, nameless, profile
from handfast_server.intake.aside import do_set_aside
from handfast_server.intake.item import Item, Outcome, Status
from handfast_server.intake.place import Spot
from handfast_server.intake.rates import Rates
from handfast_server.now import now

RUN = 500
"""Items a transaction: locks are held for as long as that takes."""

_log = logging.getLogger("handfast.intake")

UNKNOWN = "Nobody has told of this lead: tell of its creation first, or check the id."

_ANYBODY = Outcome(status=Status.REFUSED, code="unknown_lead", message=UNKNOWN)


class Ended(HandfastError):
    """Whoever takes these in was told to end; of the run in which this was seen nothing is taken in."""

    code = "ended"


def _nothing() -> None:
    """There is nothing to ask first."""


def take_in(items: Sequence[Item], *, first: Callable[[], None] = _nothing) -> list[Outcome]:
    """What became of each item, in their order. Raises OperationalError when the database cannot be reached.

    ``first`` is called in each transaction, before anything is taken in; it may raise Ended.
    """
    return [outcome for begin in range(0, len(items), RUN) for outcome in _tried(items[begin : begin + RUN], first)]


def _tried(items: Sequence[Item], first: Callable[[], None]) -> list[Outcome]:
    def work(session: Session) -> list[Outcome]:
        first()
        return _taken(items, session)

    try:
        return decide(work, named="intake")
    except (OperationalError, InterfaceError, SealBroken, Ended):
        raise
    except Exception as broken:  # noqa: BLE001 # whatever it is, it is one item's, and the others go on
        if len(items) > 1:
            half = len(items) // 2
            return _tried(items[:half], first) + _tried(items[half:], first)
        _log.warning("item set aside", extra={"item_source": items[0].source, "error": type(broken).__name__})
        return [do_set_aside(items[0], type(broken).__name__)]


def _taken(items: Sequence[Item], session: Session) -> list[Outcome]:
    """One run in one transaction."""
    known = recorded(name for item in items for name in item.names) | nameless.held(items)
    fresh = [place for place, item in enumerate(items) if known.isdisjoint(item.names)]
    told = dict(zip(fresh, _Run(session, [items[place] for place in fresh]).outcomes(), strict=True))
    again = _repeats([item for place, item in enumerate(items) if place not in told])
    return [told[place] if place in told else again[item.name] for place, item in enumerate(items)]


def _repeats(items: Sequence[Item]) -> dict[str, Outcome]:
    """What came before, with the lead it was of, and the refusal if it was refused."""
    names = {name: item for item in items for name in item.names}
    found = {item.name: Outcome(status=Status.REPEAT, name=item.name) for item in items}
    rows = FactRow.objects.filter(name__in=list(names)).values_list("name", "lead", "refused") if names else ()
    for name, lead, refused in rows:
        item = names[name]
        found[item.name] = replace(
            found[item.name], lead=lead or found[item.name].lead, code=refused or found[item.name].code
        )
    return found


class _Run:
    """Items of one transaction, placed and locked."""

    def __init__(self, session: Session, items: Sequence[Item]) -> None:
        """Lock every lead that is named."""
        self._session = session
        whose = keys.placed([item for item in items if not item.team], now())
        made = frozenset(whose.made)  # nobody else knows these yet: there is nothing to lock, or to read of them
        session.introduce(made)
        spots = iter(whose.spots)
        self._items = [(item, None if item.team else next(spots)) for item in items]
        self._held = nameless.Held(item.anonymous for item in items if item.anonymous)
        named = [spot for _, spot in self._items if spot is not None and spot.lead]
        session.lock_named({name for spot in named for name in (spot.lead, *spot.absorbs)})
        met = [(item, spot) for item, spot in self._items if spot is not None and spot.lead not in made]
        session.expect(name for item, spot in met if spot.lead for name in item.names)
        self._before = {spot.lead: session.lead(spot.lead) for spot in named}
        self._companies = self._near()
        self._rates = Rates((item, spot.lead) for item, spot in met)

    def _near(self) -> accounts.Companies | None:
        asked = [
            accounts.described(self._known(item, spot), item.company)
            for item, spot in self._items
            if not accounts.SAYS.isdisjoint(item.attributes) or item.company.phones
        ]
        return accounts.Companies(asked, self._session.at) if asked else None

    def _known(self, item: Item, spot: Spot | None) -> dict[str, Value | None]:
        lead = self._session.lead(spot.lead) if spot and spot.lead else None
        return {**(lead.known if lead else {}), **item.attributes}

    def outcomes(self) -> list[Outcome]:
        """Tell every item, in order; then what goes with the leads as they are now."""
        told = [self._told(item, spot) for item, spot in self._items]
        if self._companies is not None:
            self._session.also(self._companies.write)
        self._session.also(self._held.write)
        self._session.also(partial(profile.write, self._session, self._before))
        return told

    def _told(self, item: Item, spot: Spot | None) -> Outcome:
        if item.team:
            return _outcome(item, "", [self._session.tell(fact) for fact in item.team])
        if spot is None:
            return replace(_ANYBODY, name=item.name)
        if not spot.lead:
            self._held.keep(item)
            return Outcome(status=Status.HELD, name=item.name)
        name = self._one(item, spot)
        lead = self._session.lead(name)
        if lead is None and not item.introduces:
            return replace(_ANYBODY, name=item.name)
        taken = [self._session.tell(fact, lead=name) for fact in self._facts(item, name, lead)]
        self._tell_held(item, name)
        after = self._session.lead(name)
        return _outcome(item, name if after is None else after.id, taken)

    def _one(self, item: Item, spot: Spot) -> str:
        """The lead that an item is of, once all that it names are one; every key names that one from then on."""
        name = spot.lead
        for other in spot.absorbs:
            lead, absorbed = self._session.lead(name), self._session.lead(other)
            if lead is None and absorbed is not None:  # nothing was ever told of the first
                name, other = other, name  # noqa: PLW2901 # they change places
            elif lead is not None and absorbed is not None and lead.id != absorbed.id:
                self._merge(item, lead.id, absorbed.id)
            keys.give_all(other, name)
        return name

    def _merge(self, item: Item, lead: str, absorbed: str) -> None:
        at = item.happened_at
        fact = LeadsMerged(
            id=f"{item.name}:same:{absorbed}", happened_at=at, recorded_at=at, lead=lead, absorbed=absorbed
        )
        self._session.tell(fact)

    def _facts(self, item: Item, name: str, lead: Lead | None) -> Iterator[LeadFact]:
        """What the lead is, if that is said or new; then what it did."""
        at, known = item.happened_at, {} if lead is None else lead.known
        told = {**item.attributes, **{each: value for each, value in item.first.items() if known.get(each) is None}}
        account = self._account(item, lead)
        both: dict[str, Any] = {
            "id": item.lead_fact,
            "happened_at": at,
            "recorded_at": at,
            "lead": name,
            "loaded": item.loaded,
        }
        if lead is None or item.listed:
            yield LeadCreated(
                **both,
                attributes={each: value for each, value in told.items() if value is not None},
                account=account,
                listed=item.listed,
            )
        elif item.states or account is not None or any(known.get(each) != value for each, value in told.items()):
            yield AttributesChanged(**both, attributes=told, account=account)
        for fact in item.facts:
            yield self._rates.marked(fact, name) if isinstance(fact, ActivityHappened) else fact

    def _account(self, item: Item, lead: Lead | None) -> str | None:
        """The account that a lead is of, where the item says something new of it."""
        if item.company.account:
            accounts.ensure([item.company.account], self._session.at)
            return item.company.account
        if self._companies is None:
            return None
        known = {} if lead is None else lead.known
        said = [name for name in accounts.SAYS & item.attributes.keys() if item.attributes[name] != known.get(name)]
        if not said and not item.company.phones and not item.company.postcodes:
            return None
        found = self._companies.of(accounts.described({**known, **item.attributes}, item.company))
        return None if lead is not None and found == lead.account else found

    def _tell_held(self, item: Item, lead: str) -> None:
        if item.anonymous:
            for fact in self._held.of(item.anonymous):
                self._session.tell(fact, lead=lead)


def _outcome(item: Item, lead: str, taken: Sequence[Taken]) -> Outcome:
    """Refused when anything of it was; a repeat when all of it was."""
    refused = next((each.step.refused for each in taken if each.step.refused is not None), None)
    if refused is not None:
        return Outcome(status=Status.REFUSED, name=item.name, lead=lead, code=refused.code, message=refused.message)
    again = bool(taken) and all(each.repeat for each in taken)
    return Outcome(status=Status.REPEAT if again else Status.ACCEPTED, name=item.name, lead=lead)
