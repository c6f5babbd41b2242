"""Business cases as they are written: one YAML file a case, strict, so that a slip of the pen cannot pass unnoticed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

CASE_KEYS = frozenset(("case", "shows", "contract", "terms", "team", "accounts", "amended", "worked_out", "story"))
NEEDED = ("case", "shows", "team", "story")


class CaseRefused(Exception):
    """A case that cannot be read, said in a sentence."""


class _Core(yaml.SafeLoader):
    """YAML 1.2 as the contract reads it: ``on`` and ``no`` are words, dates are text, a key is written once."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012 # PyYAML's own way


_Core.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))
_Core.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"^-?[0-9]+$"), list("-0123456789"))
_Core.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"^null$"), ["n"])


def _mapping(loader: _Core, node: yaml.MappingNode) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = key_node.value
        if key in found:
            raise CaseRefused(f"Line {key_node.start_mark.line + 1}: {key} is written twice; write it once.")
        found[key] = loader.construct_object(value_node, deep=True)
    return found


_Core.add_constructor("tag:yaml.org,2002:map", _mapping)


@dataclass(frozen=True)
class Case:
    """One business case: who there is, what happens in which order, and what is expected in between."""

    name: str
    shows: tuple[str, ...]
    contract: str
    terms: Mapping[str, Any]
    team: Mapping[str, Any]
    accounts: tuple[Mapping[str, Any], ...]
    amended: tuple[Mapping[str, Any], ...]
    worked_out: tuple[str, ...]
    story: tuple[Mapping[str, Any], ...]
    file: Path = field(compare=False)


def read_yaml(path: Path) -> Any:
    """The plain values of a YAML file."""
    return yaml.load(path.read_text(encoding="utf-8"), Loader=_Core)  # noqa: S506 # a SafeLoader with fewer words


def read_case(path: Path) -> Case:
    """A case from its file. Raises CaseRefused for unknown or missing keys."""
    return case_of(read_yaml(path), path)


def case_of(raw: Any, path: Path) -> Case:
    """A case from plain values."""
    only(raw, CASE_KEYS, "a case")
    for key in NEEDED:
        if key not in raw:
            raise CaseRefused(f"A case needs {key}.")
    for amendment in raw.get("amended", ()):
        only(amendment, frozenset(("version", "from", "terms")), "an amendment")
    return Case(
        name=raw["case"],
        shows=tuple(raw["shows"]),
        contract=raw.get("contract", "business"),
        terms=raw.get("terms", {}),
        team=raw["team"],
        accounts=tuple(raw.get("accounts", ())),
        amended=tuple(raw.get("amended", ())),
        worked_out=tuple(raw.get("worked_out", ())),
        story=tuple(raw["story"]),
        file=path,
    )


def only(given: Any, allowed: frozenset[str], what: str) -> None:
    """Refuse keys that nobody reads. Raises CaseRefused."""
    if not isinstance(given, dict):
        raise CaseRefused(f"{what.capitalize()} is a mapping, not {given!r}.")
    unknown = sorted(set(given) - allowed)
    if unknown:
        raise CaseRefused(f"In {what}: {', '.join(unknown)} means nothing; it may say {', '.join(sorted(allowed))}.")
