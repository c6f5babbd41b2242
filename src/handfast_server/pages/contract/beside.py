"""Plain English beside the text it is made from: each sentence knows its line, each line its sentence."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from handfast.contract import load
from handfast.contract.explain import Explanation
from handfast.problem import dotted
from handfast_server.pages.contract.told import topic_label
from handfast_server.pages.core_words import in_words


class Clause(NamedTuple):
    """A sentence; ``line`` is where it stands in the text, None for what holds because nothing else was written."""

    path: str
    text: str
    anchor: str
    line: int | None


class Part(NamedTuple):
    """Sentences that belong together."""

    title: str
    anchor: str
    clauses: tuple[Clause, ...]


class Line(NamedTuple):
    """A line of the text; ``anchor`` is that of the first sentence made from it, empty where there is none."""

    number: int
    text: str
    anchor: str


class Beside(NamedTuple):
    """Both sides; ``places`` are the lines at which clauses stand."""

    parts: tuple[Part, ...]
    lines: tuple[Line, ...]
    places: Mapping[str, int]


def beside(text: str, english: Explanation | None) -> Beside:
    """The sentences of a contract and the lines of its text; only lines for a text that is not sound."""
    places = _places(text)
    sections = () if english is None else english.sections
    parts = tuple(
        Part(
            topic_label(section.title),
            _slug(f"part-{section.title.lower()}"),
            tuple(_clause(each.path, each.text, places) for each in section.sentences),
        )
        for section in sections
    )
    first: dict[int, str] = {}
    for part in parts:
        for clause in part.clauses:
            if clause.line is not None:
                first.setdefault(clause.line, clause.anchor)
    lines = (Line(at, line, first.get(at, "")) for at, line in enumerate(text.splitlines(), start=1))
    return Beside(parts, tuple(lines), places)


def anchor_of(path: str) -> str:
    """The address of a clause within the page, such as ``clause-clocks.first_touch.within``."""
    return _slug(f"clause-{path}")


def _clause(path: str, text: str, places: Mapping[str, int]) -> Clause:
    return Clause(path, in_words(text), anchor_of(path), _line(path, places))


def _slug(text: str) -> str:
    return re.sub(r"[^\w.]+", "-", text).strip("-")


def _line(path: str, places: Mapping[str, int]) -> int | None:
    """The line of a clause, else that of the closest one around it."""
    while path and path not in places:
        path = path[: max(path.rfind("."), path.rfind("["), 0)]
    return places.get(path) if path else None


@lru_cache(maxsize=16)
def _places(text: str) -> Mapping[str, int]:
    return {dotted(path): mark.line for path, mark in load(text).marks.items() if path}


def clauses_of(both: Beside) -> list[str]:
    """Every clause that has a sentence or a place, in the order of the alphabet."""
    return sorted({clause.path for part in both.parts for clause in part.clauses} | set(both.places))
