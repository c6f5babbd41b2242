"""Keys in rows: which leads they name, and how concurrent first sights of one key agree on one lead."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from handfast.instant import Instant
from handfast_server.decide.sql import fetch, many, run
from handfast_server.decide.written import add_leads
from handfast_server.intake.item import ANONYMOUS, Item, Key
from handfast_server.intake.place import Places, Spot
from handfast_server.leads.models import Lead

_SOME = 5_000
"""Rows a statement: SQLite takes 32,766 values in one."""


class Placed(NamedTuple):
    """Whose items are, in their order; ``made`` are new leads whose rows are still to be written."""

    spots: list[Spot | None]
    made: list[str]


def placed(items: Sequence[Item], at: Instant) -> Placed:
    """Whose the items are, with every new key written, and every new lead whose name somebody else could give as well.

    1. Known keys are read. 2. Items are placed; new keys get their leads. 3. New keys are inserted, in their order; for
    one that somebody else inserted first, everything is read again and placed anew. So of concurrent first sights of
    one key all but one find a lead that is there.
    """
    keys = sorted({key for item in items for key in item.asked})
    there = _there({name for item in items for name in (item.lead, item.new_id) if name})
    while True:
        known = leads_of(keys)
        kinds = kinds_of(set(known.values())) if any(key.kind == ANONYMOUS for key in keys) else {}
        places = Places(known=known, kinds=kinds, fresh=_fresh(set(there)))
        spots = [places.place(item) if not item.lead or item.lead in there else None for item in items]
        if _insert(places.new):
            break
    _give({key: lead for key, lead in places.moved.items() if key not in places.new})
    told = {item.new_id for item in items}
    add_leads([name for name in places.made if name in told], at)
    return Placed(spots, [name for name in places.made if name not in told])


def _fresh(taken: set[str]) -> Callable[[Item], str]:
    def fresh(item: Item) -> str:
        if item.new_id and item.new_id not in taken:
            taken.add(item.new_id)
            return item.new_id
        return uuid.uuid4().hex

    return fresh


def leads_of(keys: Sequence[Key]) -> dict[Key, str]:
    """The leads that these keys name."""
    found: dict[Key, str] = {}
    for some in _in_parts(keys):
        places = ", ".join(["(%s, %s)"] * len(some))
        statement = f"SELECT kind, value, lead_id FROM leads_key WHERE (kind, value) IN (VALUES {places})"  # noqa: S608 # places alone
        found.update({Key(kind, value): lead for kind, value, lead in fetch(statement, _flat(some))})
    return found


def kinds_of(leads: Iterable[str]) -> dict[str, set[str]]:
    """The kinds of keys that leads have."""
    found: dict[str, set[str]] = {}
    for some in _in_parts(sorted(leads)):
        places = ", ".join(["%s"] * len(some))
        statement = f"SELECT DISTINCT lead_id, kind FROM leads_key WHERE lead_id IN ({places})"  # noqa: S608 # places alone
        for lead, kind in fetch(statement, some):
            found.setdefault(lead, set()).add(kind)
    return found


def _insert(new: Mapping[Key, str]) -> bool:
    """Insert keys in their order, so that nobody waits in a ring; when one is there by now, none is inserted."""
    made: list[Any] = []
    for some in _in_parts(sorted(new)):
        places = ", ".join(["(%s, %s, %s)"] * len(some))
        statement = f"INSERT INTO leads_key (kind, value, lead_id) VALUES {places} ON CONFLICT DO NOTHING RETURNING id"  # noqa: S608 # places alone
        made += fetch(statement, [each for key in some for each in (*key, new[key])])
    if len(made) == len(new):
        return True
    many("DELETE FROM leads_key WHERE id = %s", made)
    return False


def _give(moved: Mapping[Key, str]) -> None:
    """An anonymous id goes to who used it last."""
    rows = [(lead, *key) for key, lead in sorted(moved.items())]
    many("UPDATE leads_key SET lead_id = %s WHERE kind = %s AND value = %s", rows)


def give_all(absorbed: str, lead: str) -> None:
    """Every key of a lead that was merged names the one that absorbed it."""
    run("UPDATE leads_key SET lead_id = %s WHERE lead_id = %s", [lead, absorbed])


def _there(names: set[str]) -> set[str]:
    return set(Lead.objects.filter(id__in=names).values_list("id", flat=True)) if names else set()


def _in_parts(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for begin in range(0, len(values), _SOME):
        yield values[begin : begin + _SOME]


def _flat(keys: Iterable[Key]) -> list[Any]:
    return [each for key in keys for each in key]
