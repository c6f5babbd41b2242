"""What leads did, under the contract's names of activities."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

import numpy as np

from handfast.audit.column.finish import Finished
from handfast.audit.export import ActivityColumns
from handfast.audit.join.combine import joined, marked, once, places
from handfast.audit.join.links import Links
from handfast.audit.roles import PROPERTY_PREFIX, Kind
from handfast.instant import MINUTE, NEVER
from handfast.measure.columns import Coded, Codes

NO_ACTIVITY = frozenset({"none", "change", ""})


_HOST = re.compile(r"[\w-]+(?:\.[\w-]+)+(?::\d+)?(?=[/?#]|$)")


def path_of(url: str) -> str:
    """The path of a web address: ``https://acme.example/pricing?x=1`` → ``/pricing``; empty for other texts."""
    if "://" not in url and not url.startswith("/"):
        if not _HOST.match(url):
            return ""
        url = f"//{url}"
    try:
        return urlsplit(url).path or "/"
    except ValueError:
        return ""


def build_activities(tables: Sequence[Finished], links: Links, say: Callable[[str], None]) -> ActivityColumns:
    """Every activity of every lead, and the forms that leads' own rows remember."""
    parts = [_read(table, links, say) for table in tables if table.kind is Kind.ACTIVITIES]
    seen = {moment for part in parts for moment in _forms_seen(part)}
    for table, lead in zip(_people(tables), links.people.lead, strict=True):
        for role in ("form", "recent_form"):
            remembered = _forms(table, lead, role, seen)
            seen |= _forms_seen(remembered)
            parts.append(remembered)
    names = sorted({name for part in parts for name in part.properties})
    return _once(
        ActivityColumns(
            lead=np.concatenate([np.zeros(0, np.int32), *(part.lead for part in parts)]),
            at=np.concatenate([np.zeros(0, np.int64), *(part.at for part in parts)]),
            kind=joined([part.kind for part in parts]),
            properties={name: joined([_or_nothing(part, name) for part in parts]) for name in names},
            key=[key for part in parts for key in part.key],
        )
    )


def _people(tables: Sequence[Finished]) -> list[Finished]:
    return [table for table in tables if table.kind in {Kind.LEADS, Kind.EVENTS, Kind.CONTACTS}]


def _or_nothing(part: ActivityColumns, name: str) -> Coded:
    return part.properties.get(name) or Coded(codes=np.full(len(part.lead), -1, dtype=np.int32), words=())


def _read(table: Finished, links: Links, say: Callable[[str], None]) -> ActivityColumns:
    kind = table.words("type")
    counts = marked(kind, lambda word: word not in NO_ACTIVITY)
    counts &= table.flags("bot") != 1
    rows, lead = links.leads_of(table)
    inside = counts[rows]
    lost = int(counts.sum()) - len(places(rows[inside], len(table)))
    if lost:
        say(f"{table.name}: activities left out: {lost:,} of nobody in the export.")
    rows, lead = rows[inside], lead[inside]
    properties = {
        role.removeprefix(PROPERTY_PREFIX): table.words(role)
        for role in table.roles()
        if role.startswith(PROPERTY_PREFIX)
    }
    for said, wanted in (("url", ("path", "page")), ("page", ("path",))):
        for name in wanted if said in properties else ():
            properties.setdefault(name, table.words(f"{PROPERTY_PREFIX}{said}", path_of))
    return ActivityColumns(
        lead=lead,
        at=table.instants("at")[rows],
        kind=Coded(codes=kind.codes[rows], words=kind.words),
        properties={name: Coded(codes=coded.codes[rows], words=coded.words) for name, coded in properties.items()},
        key=table.names(links.spaces.of("activity").words(), table.keys("id"), rows),
    )


def _forms_seen(part: ActivityColumns) -> set[tuple[int, int]]:
    """Lead and minute of every form that was sent."""
    rows = marked(part.kind, lambda word: word == "form_submitted")
    return set(zip(part.lead[rows].tolist(), (part.at[rows] // MINUTE).tolist(), strict=True))


def _forms(table: Finished, lead: Codes, role: str, seen: set[tuple[int, int]]) -> ActivityColumns:
    """Forms that leads' own rows remember and no table of activities knows."""
    when = table.instants(f"{role}_at")
    known = zip(lead.tolist(), (when // MINUTE).tolist(), strict=True)
    new = np.array([moment not in seen for moment in known], dtype=np.bool_)
    rows = np.flatnonzero((when != NEVER) & (lead >= 0) & new)
    coded = table.words(role)
    return ActivityColumns(
        lead=lead[rows],
        at=when[rows],
        kind=Coded(codes=np.zeros(len(rows), dtype=np.int32), words=("form_submitted",)),
        properties={"form": Coded(codes=coded.codes[rows], words=coded.words)},
        key=table.names((), np.full(len(table), -1, dtype=np.int32), rows),
    )


def _once(all_: ActivityColumns) -> ActivityColumns:
    """One lead, one instant, one kind and form: one activity, though two tables remember it."""
    details = [all_.properties[name].codes for name in ("form", "path") if name in all_.properties]
    first = once(all_.lead, all_.at, all_.kind.codes, *details)
    return ActivityColumns(
        lead=all_.lead[first],
        at=all_.at[first],
        kind=Coded(codes=all_.kind.codes[first], words=all_.kind.words),
        properties={
            name: Coded(codes=coded.codes[first], words=coded.words) for name, coded in all_.properties.items()
        },
        key=[all_.key[row] for row in first.tolist()],
    )
