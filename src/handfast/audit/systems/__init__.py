"""The tables that known systems export: which headers they print, and what their words mean."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from typing import Any

import yaml

from handfast.audit.roles import Kind

NAMES = ("hubspot", "salesforce", "marketo", "plain")


@dataclass(frozen=True, slots=True)
class KnownTable:
    """One table that a system exports."""

    title: str
    system: str
    kind: Kind
    file: tuple[str, ...]  # words in file names that speak for it
    marks: frozenset[str]  # header keys that hardly any other table has
    without: frozenset[str]  # header keys that speak against it
    columns: Mapping[str, tuple[str, ...]]  # role → header keys, the best first
    values: Mapping[str, Mapping[str, str]]
    constants: Mapping[str, str]
    ids: tuple[str, ...] = ()  # what its record ids begin with
    also: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # role → more roles of the same column
    delivered_on_inquiry: bool = False  # leads enter this system when sales gets them


_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_PREFIX = re.compile(r"^(?:property|properties|hs properties)[ _.]+", re.IGNORECASE)
_CUSTOM = re.compile(r"(?:__c|__pc|_c)$", re.IGNORECASE)


def header_key(header: str) -> str:
    """A header without what systems and connectors spell differently: case, spaces, punctuation, prefixes."""
    plain = _CUSTOM.sub("", _PREFIX.sub("", header.strip()))
    return "".join(character for character in plain.casefold() if character.isalnum())


@lru_cache(maxsize=1)
def known_tables() -> tuple[KnownTable, ...]:
    """Every table that is known, system by system."""
    return tuple(table for name in NAMES for table in _read(name))


def _read(name: str) -> list[KnownTable]:
    file = resources.files("handfast.audit").joinpath("systems", f"{name}.yaml")
    if not file.is_file():
        return []
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # every scalar is text
    raw = yaml.load(file.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506 a base loader makes only text
    return [_table(raw["system"], entry) for entry in raw["tables"]]


def _table(system: str, entry: Mapping[str, Any]) -> KnownTable:
    return KnownTable(
        title=entry["title"],
        system=system,
        kind=Kind(entry["kind"]),
        file=tuple(entry.get("file", ())),
        marks=frozenset(map(header_key, entry.get("marks", ()))),
        without=frozenset(map(header_key, entry.get("without", ()))),
        columns={role: tuple(map(header_key, names)) for role, names in entry.get("columns", {}).items()},
        values=entry.get("values", {}),
        constants=entry.get("constants", {}),
        ids=tuple(entry.get("ids", ())),
        also={role: tuple(more) for role, more in entry.get("also", {}).items()},
        delivered_on_inquiry=entry.get("delivered_on_inquiry") == "true",
    )
