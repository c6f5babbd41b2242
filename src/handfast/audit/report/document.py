"""The audit as a document: what HTML, Markdown and JSON are all made of, so that they cannot disagree.

Every figure carries its text, rounded for people, and beside it the exact value. Nothing here computes one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from markupsafe import Markup

from handfast.audit.findings.finding import Finding, Raw, Records


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One place of a table. ``value`` sorts; ``drawing`` stands beside the text in HTML alone."""

    text: str
    value: Raw = None
    drawing: Markup | None = None
    look: str = ""
    note: str = ""  # smaller, after the text: an interval, a count
    tip: str = ""  # shown when pointed at


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a table; numbers stand right."""

    key: str
    title: str
    number: bool = False
    look: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A table. The first cell of a row names it."""

    kind: ClassVar[str] = "grid"
    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    sortable: bool = False
    note: str = ""
    look: str = ""
    folded: bool = False  # opened by whoever wants it
    legend: tuple[tuple[str, str], ...] = ()  # look, label


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """A chart whose title says what it shows, and the table behind it."""

    kind: ClassVar[str] = "plot"
    name: str
    title: str
    drawing: Markup
    grid: Grid
    note: str = ""
    legend: tuple[tuple[str, str], ...] = ()  # look, label


@dataclass(frozen=True, slots=True, kw_only=True)
class Multiples:
    """Small charts side by side on one scale of time, and one table behind them all."""

    kind: ClassVar[str] = "multiples"
    name: str
    title: str
    charts: tuple[Small, ...]
    grid: Grid
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Small:
    """One of several small charts: what it shows, its latest value, the drawing."""

    title: str
    latest: str
    when: str  # the period of the latest value
    drawing: Markup
    target: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prose:
    """Sentences, one a line."""

    kind: ClassVar[str] = "prose"
    name: str
    lines: tuple[str, ...]
    look: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A measure as shown: its figure, its target, and how it is computed."""

    name: str
    title: str
    text: str
    value: Raw
    detail: str = ""
    interval: str = ""
    drawing: Markup | None = None
    target: str = ""
    verdict: str = "none"  # met, missed, uncertain, none
    verdict_text: str = ""
    formula: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    records: tuple[Records, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Cards:
    """The measures that the export allows."""

    kind: ClassVar[str] = "cards"
    name: str
    look: str = ""
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """The conservation line: delivered, its groups, and what they leave unexplained."""

    kind: ClassVar[str] = "line"
    name: str
    delivered: Cell
    groups: tuple[tuple[str, Cell], ...]
    unaccounted: Cell
    drawing: Markup
    legend: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """A section of findings, worst first."""

    kind: ClassVar[str] = "findings"
    name: str
    found: tuple[Finding, ...]


Block = Grid | Plot | Multiples | Prose | Cards | Line | Findings


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of the report with its own place in the list of contents."""

    name: str
    title: str
    lead: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """The whole report."""

    title: str  # of the file
    eyebrow: str  # what this is, above the headline
    headline: str
    summary: str
    about: tuple[str, ...]
    facts: tuple[tuple[str, Cell], ...]
    sections: tuple[Section, ...]
    closing: tuple[str, ...]
