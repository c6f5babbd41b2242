"""A file of facts as items of history: loaded, so that no clock starts and nothing is sent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, NamedTuple

from handfast import facts
from handfast.facts import Decision, Fact, LeadFact, TeamFact
from handfast.history.line import LineRefused, read_line
from handfast_server.intake.item import Company, Item, Key
from handfast_server.intake.refused import ItemRefused
from handfast_server.intake.values import clean_email, normal_attributes


class Row(NamedTuple):
    """A row of what is imported: its place, what it says, and its item or why there is none."""

    place: int
    text: str
    item: Item | ItemRefused


_NOT_HISTORY = (*(Decision, facts.ContractInForce, facts.ShadowSet, facts.Tick, facts.TeamTick, facts.LeadErased),)


def rows(lines: Iterable[bytes], source: str) -> Iterator[Row]:
    """The items of a file, line by line; a line that is no fact spoils no other."""
    for number, line in enumerate(lines, start=1):
        raw = (line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line).strip()
        if not raw:
            continue
        text = raw.decode("utf-8", "replace")
        try:
            yield Row(number, text, item_of(read_line(raw), source))
        except LineRefused as refused:
            problem = refused.problem
            path = ".".join(map(str, problem.path))
            yield Row(number, text, ItemRefused(problem.code, problem.message, path))
        except ItemRefused as refused:
            yield Row(number, text, refused)


def item_of(fact: Fact, source: str) -> Item:
    """A fact as an item. Raises ItemRefused for what only the engine or a person here can say."""
    if isinstance(fact, _NOT_HISTORY):
        kind = type(fact).__name__
        raise ItemRefused(
            "not_history",
            f"{kind} is decided here, and cannot be loaded: what was decided elsewhere is told as stages.",
            "fact",
        )
    name = f"{source}:{fact.id}"
    if isinstance(fact, TeamFact):
        return Item(name=name, source=source, happened_at=fact.happened_at, team=(_own(fact, f"{name}:team"),))
    if not isinstance(fact, LeadFact):
        raise ItemRefused("not_history", "This is about no lead and not about the team.", "fact")
    base: dict[str, Any] = {
        "name": name,
        "source": source,
        "happened_at": fact.happened_at,
        "ids": {source: fact.lead},
        "new_id": fact.lead,
        "loaded": True,
    }
    if isinstance(fact, facts.LeadCreated | facts.AttributesChanged):
        return _stated(fact, base)
    if isinstance(fact, facts.LeadsMerged):
        return Item(**base, also=(Key(source, fact.absorbed),), introduces=False)
    return Item(**base, introduces=isinstance(fact, facts.ActivityHappened), facts=(_own(fact, f"{name}:told"),))


def _stated(fact: facts.LeadCreated | facts.AttributesChanged, base: dict[str, Any]) -> Item:
    email = fact.attributes.get("email")
    return Item(
        **base,
        email=clean_email(email, "attributes.email") if isinstance(email, str) else "",
        attributes=normal_attributes(fact.attributes),
        company=Company(account=fact.account or ""),
        listed=isinstance(fact, facts.LeadCreated) and fact.listed,
        states=True,
    )


def _own(fact: Any, name: str) -> Any:
    return replace(fact, id=name, loaded=True, **({"lead": ""} if isinstance(fact, LeadFact) else {}))
