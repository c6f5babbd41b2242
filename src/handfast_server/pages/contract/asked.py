"""One clause of a text, as every number, reason and breach names it: what it says, and where it stands."""

from __future__ import annotations

from typing import NamedTuple

from handfast_server.pages.contract.beside import Beside, Clause, Line

LONGEST = 300
"""Letters of the name of a clause."""


class Asked(NamedTuple):
    """The clause ``path``. ``found``: the closest one around it that is in the text; empty where there is none.

    ``anchors`` and ``numbers`` are those of its sentences and lines, which are marked where they stand.
    """

    path: str
    found: str
    sentences: tuple[Clause, ...]
    lines: tuple[Line, ...]
    anchors: frozenset[str]
    numbers: frozenset[int]


def asked_of(both: Beside, path: str) -> Asked | None:
    """What a text says of a clause; None when none was asked for."""
    path = path.strip()[:LONGEST]
    if not path:
        return None
    name, sentences, lines = path, _sentences(both, path), _block(both, path)
    while not sentences and not lines and name:
        name = around(name)
        sentences, lines = _sentences(both, name), _block(both, name)
    anchors = frozenset(each.anchor for each in sentences)
    return Asked(path, name, sentences, lines, anchors, frozenset(line.number for line in lines))


def around(path: str) -> str:
    """The clause that a clause is a part of; empty for one of the outermost."""
    return path[: max(path.rfind("."), path.rfind("["), 0)]


def is_of(path: str, clause: str) -> bool:
    """Whether a path is that of a clause, or of a part of it."""
    return path == clause or path.startswith((f"{clause}.", f"{clause}["))


def _sentences(both: Beside, path: str) -> tuple[Clause, ...]:
    return tuple(each for part in both.parts for each in part.clauses if path and is_of(each.path, path))


def _block(both: Beside, path: str) -> tuple[Line, ...]:
    """The lines of a clause: its own, and those below it that are set further in."""
    first = both.places.get(path)
    if first is None:
        return ()
    depth = _depth(both.lines[first - 1].text)
    last = first
    for line in both.lines[first:]:
        if line.text.strip() and _depth(line.text) <= depth:
            break
        last = line.number if line.text.strip() else last
    return both.lines[first - 1 : last]


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
