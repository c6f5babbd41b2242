"""The rosters as a sheet: a line for each rep in each pool, and what a sheet would change.

A column that is not there changes nothing; an empty cell is no cap. Who is in no pool has a line without one.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from handfast.audit.file.refused import harmless
from handfast.route.team import Rep
from handfast_server.rosters.queries import MemberStand, PoolStand
from handfast_server.sheet import line as csv_line

LONGEST = 2_000_000
MOST = 5_000
"""Characters, and lines, of one sheet."""

OF_MEMBER = ("weight", "open_cap", "day_cap", "calendar")
OF_REP = {"rep_open_cap": "open_cap", "rep_day_cap": "day_cap", "active": "active"}
COLUMNS = ("pool", "rep", *OF_MEMBER, *OF_REP)

_YES, _NO = {"yes", "true", "1", "ja", "wahr"}, {"no", "false", "0", "nein", "falsch"}


class Wrong(NamedTuple):
    """What is wrong with a line; ``code`` is worded by whoever shows it."""

    line: int
    code: str
    column: str = ""
    value: str = ""


class Line(NamedTuple):
    """A line of the sheet: the cells of the columns that are there."""

    number: int
    pool: str
    rep: str
    cells: Mapping[str, str]


class Sheet(NamedTuple):
    """A sheet that was read."""

    lines: tuple[Line, ...]
    wrong: tuple[Wrong, ...]


class Change(NamedTuple):
    """Something that a line changes: what is told, and each value before and after; ``line`` 0 is no line's."""

    line: int
    kind: str  # joins, changes, leaves_pool, is_new, rep_changes, leaves, is_back
    rep: str
    pool: str
    told: Mapping[str, Any]
    values: tuple[tuple[str, Any, Any], ...] = ()


def written(pools: Iterable[PoolStand], reps: Sequence[Rep]) -> Iterator[str]:
    """The sheet of the rosters as they are; no cell is a formula."""
    by_name, seen = {rep.name: rep for rep in reps}, set[str]()
    yield _row(COLUMNS)
    for pool in pools:
        for member in pool.members:
            if member.here:
                seen.add(member.rep)
                yield _row(
                    (pool.name, member.rep, *_of_member(member).values(), *_of_rep(by_name[member.rep]).values())
                )
    for rep in reps:
        if rep.name not in seen:
            yield _row(("", rep.name, *[""] * len(OF_MEMBER), *_of_rep(rep).values()))


def _row(cells: Iterable[Any]) -> str:
    return csv_line([_cell(cell) for cell in cells])


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


def _of_member(member: MemberStand) -> dict[str, Any]:
    return {name: getattr(member, name) for name in OF_MEMBER}


def _of_rep(rep: Rep) -> dict[str, Any]:
    return {"open_cap": rep.open_cap, "day_cap": rep.day_cap, "active": rep.active}


def read(text: str) -> Sheet:
    """The lines of a sheet, with commas or semicolons between cells."""
    text = text.removeprefix("\ufeff")
    head = text.split("\n", 1)[0]
    try:
        rows = list(
            csv.reader(io.StringIO(text), delimiter=";" if head.count(";") > head.count(",") else ",", strict=True)
        )
    except csv.Error:
        return Sheet((), (Wrong(1, "no_sheet"),))
    names = [cell.strip().casefold() for cell in rows[0]] if rows else []
    unknown = [name for name in names if name and name not in COLUMNS]
    if "rep" not in names or unknown or len(set(names)) < len(names) or len(rows) > MOST + 1:
        code = "too_many" if len(rows) > MOST + 1 else "no_column" if unknown else "no_head"
        return Sheet((), (Wrong(1, code, value=", ".join(unknown)),))
    return _checked(_lines(names, rows[1:]))


def _lines(names: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[Line | Wrong]:
    for number, row in enumerate(rows, 2):
        cells = [_bare(cell) for cell in row]
        if not any(cells):
            continue
        if len(cells) != len(names):
            yield Wrong(number, "cells", value=str(len(cells)))
            continue
        given = dict(zip(names, cells, strict=True))
        rep, pool = given.pop("rep"), given.pop("pool", "")
        yield Line(number, pool, rep, given) if rep else Wrong(number, "no_rep", "rep")


def _bare(cell: str) -> str:
    """Without the apostrophe that keeps a spreadsheet from taking it for a formula."""
    cell = cell.strip()
    return cell[1:] if cell.startswith("'") and harmless(cell[1:]) == cell else cell


def _checked(found: Iterable[Line | Wrong]) -> Sheet:
    """Each member once, and one word about each rep."""
    lines, wrong, said = list[Line](), list[Wrong](), dict[tuple[str, str], str]()
    known: set[tuple[str, str]] = set()
    for each in found:
        if isinstance(each, Wrong):
            wrong.append(each)
            continue
        if (each.pool, each.rep) in known:
            wrong.append(Wrong(each.number, "twice", "rep", each.rep))
            continue
        known.add((each.pool, each.rep))
        other = [
            name
            for name in OF_REP
            if said.setdefault((each.rep, name), each.cells.get(name, "")) != each.cells.get(name, "")
        ]
        if other:
            wrong.append(Wrong(each.number, "unlike", other[0], each.cells[other[0]]))
        lines.append(each)
    return Sheet(tuple(lines), tuple(wrong))


def value_of(name: str, cell: str) -> Any:
    """What a cell says; the text itself where it is nothing of the kind, which is refused by who reads it."""
    if name == "calendar":
        return cell
    if name == "active":
        return True if cell.casefold() in _YES else False if cell.casefold() in _NO else cell
    return (
        int(cell) if cell.isascii() and cell.isdigit() and len(cell) < 10 else cell or (1 if name == "weight" else None)
    )


def changes(sheet: Sheet, pools: Sequence[PoolStand], reps: Sequence[Rep], *, whole: bool) -> list[Change]:
    """What has to be told so that the rosters are as the sheet has them, reps before their pools.

    ``whole``: who is not in the sheet leaves the pools that are in it.
    """
    members = {(pool.name, each.rep): each for pool in pools for each in pool.members if each.here}
    known = {rep.name: rep for rep in reps}
    found: list[Change] = []
    first = {line.rep: line for line in reversed(sheet.lines)}
    found += [each for line in first.values() for each in _rep_changes(line, known.get(line.rep))]
    found += [
        each for line in sheet.lines if line.pool for each in _member_changes(line, members.get((line.pool, line.rep)))
    ]
    if whole and not sheet.wrong:
        listed = {(line.pool, line.rep) for line in sheet.lines}
        named = {pool for pool, _rep in listed}
        gone = [key for key in members if key[0] in named and key not in listed]
        found += [
            Change(0, "leaves_pool", rep, pool, {"type": "member_removed", "pool": pool, "rep": rep})
            for pool, rep in gone
        ]
    return sorted(found, key=lambda each: (each.line == 0, each.line))


def _rep_changes(line: Line, rep: Rep | None) -> Iterator[Change]:
    before = _of_rep(rep or Rep(name=line.rep))
    given = {
        OF_REP[name]: value_of(OF_REP[name], cell)
        for name, cell in line.cells.items()
        if name in OF_REP and (cell or name != "active")
    }
    after = {**before, **given}
    told = {"type": "rep", "rep": line.rep, **after}
    if rep is None:
        yield Change(line.number, "is_new", line.rep, "", told, _differing({**before, "active": True}, after))
    elif after != before:
        kind = "rep_changes"
        if after["active"] is not before["active"]:
            kind = "is_back" if after["active"] is True else "leaves" if after["active"] is False else kind
        yield Change(line.number, kind, line.rep, "", told, _differing(before, after))


def _member_changes(line: Line, member: MemberStand | None) -> Iterator[Change]:
    before = {"weight": 1, "open_cap": None, "day_cap": None, "calendar": ""} if member is None else _of_member(member)
    given = {name: value_of(name, cell) for name, cell in line.cells.items() if name in OF_MEMBER}
    after = {**before, **given}
    if member is None or after != before:
        told = {"type": "member", "pool": line.pool, "rep": line.rep, **after}
        yield Change(
            line.number, "changes" if member else "joins", line.rep, line.pool, told, _differing(before, after)
        )


def _differing(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[tuple[str, Any, Any], ...]:
    return tuple((name, before[name], after[name]) for name in after if after[name] != before[name])
