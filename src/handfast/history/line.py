"""One fact as one line of JSON: its kind in snake case under ``fact``, its fields by name, instants as RFC 3339.

What has its usual value is left out, and ``recorded_at`` when it is ``happened_at``; so the same fact is always the
same line.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import MISSING, Field, dataclass, fields
from decimal import Decimal
from typing import Any, NoReturn

from handfast import facts
from handfast.facts import Fact
from handfast.history.values import CODECS, Codec, NotThis
from handfast.problem import Path, Problem, nearest

_LONGEST = 100_000
"""Bytes of one line; more is a mistake, and would make a terminal useless."""

_GROUPS = frozenset((Fact, facts.LeadFact, facts.Decision, facts.DealFact, facts.TeamFact))
"""Kinds that only stand above others."""

_REQUIRED = frozenset(("id", "lead", "rep", "pool", "account", "absence", "deal", "absorbed", "kind"))
"""Names of things: they may not be empty where they are given."""


@dataclass(frozen=True, slots=True)
class _Spec:
    """One field of a kind: how it is read and written, and what it is when it is left out (MISSING: it may not be)."""

    name: str
    codec: Codec
    usual: Any


class LineRefused(ValueError):
    """A line that is no fact; ``problem`` says why, and the reader of the file says where."""

    def __init__(self, problem: Problem, column: int = 1) -> None:
        """Keep the problem and the column that it was found in."""
        super().__init__(problem.message)
        self.problem = problem
        self.column = column


def snake(name: str) -> str:
    """The name of a kind as a line has it: ``LeadCreated`` is ``lead_created``."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def _spec(field: Field[Any]) -> _Spec:
    usual = field.default if field.default_factory is MISSING else field.default_factory()
    return _Spec(field.name, CODECS[str(field.type)], usual)


_FACTS = (each for each in vars(facts).values() if isinstance(each, type) and issubclass(each, Fact))

KINDS: Mapping[str, type[Fact]] = {snake(kind.__name__): kind for kind in _FACTS if kind not in _GROUPS}
"""Every kind of fact by its name in a line."""

_NAMES = {kind: name for name, kind in KINDS.items()}
_SPECS = {kind: tuple(_spec(field) for field in fields(kind)) for kind in KINDS.values()}


def write_line(fact: Fact) -> str:
    """A fact as its line, without the end of the line."""
    told = [f'"fact":"{_NAMES[type(fact)]}"']
    for spec in _SPECS[type(fact)]:
        value = getattr(fact, spec.name)
        usual = fact.happened_at if spec.name == "recorded_at" else spec.usual
        if usual is MISSING or value != usual:
            told.append(f'"{spec.name}":{spec.codec.write(value)}')
    return f"{{{','.join(told)}}}"


def read_line(line: bytes | str) -> Fact:
    """The fact of a line. Raises LineRefused when it is none."""
    raw = _object(line)
    kind = _kind(raw)
    _check_names(raw, kind)
    return kind(**{spec.name: _field(raw, spec) for spec in _SPECS[kind]})


def _object(line: bytes | str) -> dict[str, object]:
    if len(line) > _LONGEST:
        _refuse("line_too_long", (), f"A line has at most {_LONGEST:,} letters; this one has {len(line):,}.")
    try:
        text = line.decode("utf-8") if isinstance(line, bytes) else line
        raw = _read(text)
    except UnicodeDecodeError:
        _refuse("not_utf8", (), "This is not UTF-8 text. Save the file as UTF-8.")
    except json.JSONDecodeError as error:
        _refuse("not_json", (), f"This is no line of JSON: {error.msg[:1].lower()}{error.msg[1:]}.", column=error.colno)
    except (ValueError, RecursionError) as error:
        why = str(error) if isinstance(error, NotThis) else "a number is too large, or objects stand too deep"
        _refuse("not_json", (), f"This line cannot be taken: {why}.")
    if not isinstance(raw, dict):
        _refuse("not_an_object", (), 'A fact is an object: {"fact": "lead_created", …}.')
    return raw


def _no_number(text: str) -> NoReturn:
    raise NotThis(f"{text} is no number")


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise NotThis(f"{_shown(twice)} stands in it twice")
    return found


_read = json.JSONDecoder(parse_float=Decimal, parse_constant=_no_number, object_pairs_hook=_once).decode
"""Made once: ``json.loads`` makes a reader for each line when it is told how to read."""


def _kind(raw: dict[str, object]) -> type[Fact]:
    name = raw.get("fact")
    if not isinstance(name, str):
        _refuse("fact_missing", ("fact",), "Which kind of fact it is has to be said.", allowed=_ALLOWED)
    kind = KINDS.get(name)
    if kind is None:
        _refuse(
            "fact_unknown", ("fact",), f"There is no kind of fact {_shown(name)}.", allowed=_ALLOWED, close=list(KINDS)
        )
    return kind


_ALLOWED = ", ".join(sorted(KINDS))


def _check_names(raw: dict[str, object], kind: type[Fact]) -> None:
    names = [spec.name for spec in _SPECS[kind]]
    for name in raw:
        if name != "fact" and name not in names:
            allowed = ", ".join(names)
            message = f"{_NAMES[kind]} has no field {_shown(name)}."
            _refuse("field_unknown", (name[:80],), message, allowed=allowed, close=names)


def _field(raw: dict[str, object], spec: _Spec) -> Any:
    if spec.name not in raw:
        if spec.name == "recorded_at":
            return _field(raw, _HAPPENED)
        if spec.usual is MISSING:
            _refuse("field_missing", (spec.name,), f"{spec.name} is missing.")
        return spec.usual
    try:
        value = spec.codec.read(raw[spec.name])
    except NotThis as wrong:
        _refuse("field_wrong", (spec.name,), f"{_shown(raw[spec.name])} cannot stand here: {spec.name} {wrong}.")
    if value == "" and spec.name in _REQUIRED:
        _refuse("field_empty", (spec.name,), f"{spec.name} is empty, and names something.")
    return value


_HAPPENED = _Spec("happened_at", CODECS["Instant"], MISSING)


def _shown(value: object) -> str:
    """What was written, short and on one line."""
    text = json.dumps(value, ensure_ascii=True, default=str)
    return text if len(text) <= 60 else f"{text[:60]}…"


def _refuse(
    code: str, path: Path, message: str, *, allowed: str = "", close: list[str] | None = None, column: int = 1
) -> NoReturn:
    meant = nearest(message.split('"')[1], close) if close else ""
    raise LineRefused(Problem(code=code, path=path, message=message, allowed=allowed, nearest=meant), column)
