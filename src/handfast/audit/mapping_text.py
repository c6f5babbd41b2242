"""The mapping file: strict YAML in, every mistake with its line; YAML out, with why each column was taken for what.

The reference page is docs/reference/mapping.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from handfast.audit.column.amounts import DecimalMark
from handfast.audit.column.dates import DateOrder
from handfast.audit.mapping import ExportMapping, FileMapping
from handfast.audit.meaning import CLOSED
from handfast.audit.roles import ATTRIBUTE_PREFIX, NEEDED, PROPERTY_PREFIX, ROLES, Kind, role_of
from handfast.contract.text import Table, Text, read, values
from handfast.problem import Path, Problem, Problems, nearest
from handfast.zones import known_zone, nearest_zone

FORMAT = 1
TOP = ("handfast_mapping", "zone", "empty", "other_files", "files")
OF_FILE = (
    "file",
    "kind",
    "title",
    "zone",
    "dates",
    "decimals",
    "encoding",
    "delimiter",
    "columns",
    "values",
    "constants",
)
DELIMITERS: Mapping[str, str] = {"comma": ",", "semicolon": ";", "tab": "\t", "bar": "|"}
ENCODINGS: Mapping[str, str] = {
    "utf-8": "utf-8",
    "utf-16-le": "utf-16-le",
    "utf-16-be": "utf-16-be",
    "windows-1252": "cp1252",
}
_OF_KEY = frozenset({"unknown_key", "unknown_role_key"})


@dataclass(frozen=True, slots=True)
class ReadMapping:
    """A mapping, if its text has no errors, and everything there is to say about the text."""

    mapping: ExportMapping | None
    problems: tuple[Problem, ...]


def read_mapping(text: bytes | str, *, file: str = "") -> ReadMapping:
    """Read a mapping file, strictly; never raises for anything that stands in it."""
    problems = Problems()
    found = read(text, problems)
    mapping = None
    if isinstance(found.root, Table) and found.whole:
        mapping = _Reader(problems).whole(values(found.root))
    elif found.whole:
        problems.add("not_a_mapping", (), "A mapping file is a mapping; this one is not.", allowed=", ".join(TOP))
    return ReadMapping(None if problems.errors else mapping, _placed(problems, found, file))


def _placed(problems: Problems, found: Text, file: str) -> tuple[Problem, ...]:
    placed = [
        replace(problem, file=file, mark=problem.mark or found.marks.near(problem.path, of_key=problem.code in _OF_KEY))
        for problem in problems
    ]
    return tuple(
        sorted(placed, key=lambda problem: (problem.mark.line, problem.mark.column) if problem.mark else (0, 0))
    )


class _Reader:
    """Reads the parts of a mapping; what is wrong goes to ``problems``."""

    def __init__(self, problems: Problems) -> None:
        self.problems = problems

    def whole(self, raw: dict[str, Any]) -> ExportMapping:
        """The document."""
        self._known(raw, TOP, ())
        if raw.get("handfast_mapping") != FORMAT:
            message = "The first line says which format the file has."
            self.problems.add("format", ("handfast_mapping",), message, allowed=f"handfast_mapping: {FORMAT}")
        files = raw.get("files")
        if not isinstance(files, list) or not files:
            self.problems.add("no_files", ("files",), "A mapping lists at least one file.", allowed="a list")
            files = []
        return ExportMapping(
            files=tuple(self.file(entry, ("files", place)) for place, entry in enumerate(files)),
            zone=self._zone(raw, ()),
            empty=tuple(self._texts(raw.get("empty", []), ("empty",))),
            only=self._choice(raw, "other_files", ("recognise", "ignore"), ()) == "ignore",
        )

    def file(self, raw: object, path: Path) -> FileMapping:
        """One entry of ``files``."""
        if not isinstance(raw, dict):
            self.problems.add("not_a_mapping", path, "An entry says which file it is about and what its columns say.")
            return FileMapping(file="", kind=Kind.IGNORE)
        self._known(raw, OF_FILE, path)
        kind = self._choice(raw, "kind", tuple(Kind), path, needed=True)
        if not isinstance(raw.get("file"), str):
            self.problems.add("missing", (*path, "file"), "Which file? A name, or a pattern such as leads-*.csv.")
        entry = FileMapping(
            file=str(raw.get("file", "")),
            kind=Kind(kind or Kind.IGNORE),
            title=str(raw.get("title", "")),
            zone=self._zone(raw, path),
            dates=DateOrder(self._choice(raw, "dates", tuple(DateOrder), path) or DateOrder.AUTO),
            decimals=DecimalMark(self._choice(raw, "decimals", tuple(DecimalMark), path) or DecimalMark.AUTO),
            encoding=ENCODINGS.get(self._choice(raw, "encoding", tuple(ENCODINGS), path), ""),
            delimiter=DELIMITERS.get(self._choice(raw, "delimiter", tuple(DELIMITERS), path), ""),
        )
        return self._columns(raw, entry, path) if kind else entry

    def _columns(self, raw: dict[str, Any], entry: FileMapping, path: Path) -> FileMapping:
        columns = {
            header: tuple(self._roles(roles, entry.kind, (*path, "columns", header)))
            for header, roles in self._table(raw, "columns", path).items()
        }
        constants = {
            role: _text(value)
            for role, value in self._table(raw, "constants", path).items()
            if self._role(role, entry.kind, (*path, "constants", role))
        }
        self._once(columns, path)
        given = {role for roles in columns.values() for role in roles} | set(constants)
        for group in NEEDED[entry.kind]:
            if not given & set(group):
                message = f"A file of {entry.kind} needs a column for {' or '.join(group)}."
                self.problems.add("role_missing", (*path, "columns"), message)
        meanings = {
            role: self._meanings(words, role, entry.kind, (*path, "values", role))
            for role, words in self._table(raw, "values", path).items()
            if self._role(role, entry.kind, (*path, "values", role))
        }
        return replace(entry, columns=columns, constants=constants, values=meanings)

    def _once(self, columns: Mapping[str, tuple[str, ...]], path: Path) -> None:
        first: dict[str, str] = {}
        for header, roles in columns.items():
            for role in roles:
                if first.setdefault(role, header) != header:
                    message = f"Two columns say {role}: “{first[role]}” and “{header}”."
                    self.problems.add("role_twice", (*path, "columns", header), message)

    def _roles(self, raw: object, kind: Kind, path: Path) -> Iterable[str]:
        for place, name in enumerate(raw if isinstance(raw, list) else [raw]):
            where = (*path, place) if isinstance(raw, list) else path
            if self._role(name, kind, where):
                yield name

    def _role(self, name: object, kind: Kind, path: Path) -> bool:
        if isinstance(name, str) and role_of(kind, name) is not None:
            return True
        known = [*ROLES[kind], f"{ATTRIBUTE_PREFIX}…", f"{PROPERTY_PREFIX}…"]
        code = "unknown_role_key" if path and path[-1] == name else "unknown_role"
        message = f"A file of {kind} has no role {_text(name)!r}."
        self.problems.add(code, path, message, allowed="see docs/reference/mapping.md", nearest=nearest(name, known))
        return False

    def _meanings(self, raw: object, role: str, kind: Kind, path: Path) -> dict[str, str]:
        if not isinstance(raw, dict):
            self.problems.add("not_a_mapping", path, "Words of the export and what they mean.", allowed="word: meaning")
            return {}
        allowed = CLOSED.get((kind, role))
        for word, meaning in raw.items():
            if allowed is not None and meaning not in allowed:
                message = f"{_text(meaning)!r} is no meaning of a {role}."
                near = nearest(meaning, allowed)
                self.problems.add(
                    "unknown_meaning", (*path, word), message, allowed=", ".join(sorted(allowed)), nearest=near
                )
        return {word: _text(meaning) for word, meaning in raw.items()}

    def _table(self, raw: dict[str, Any], key: str, path: Path) -> dict[str, Any]:
        found = raw.get(key, {})
        if isinstance(found, dict):
            return found
        self.problems.add("not_a_mapping", (*path, key), f"`{key}` is a mapping.", allowed="name: value")
        return {}

    def _texts(self, raw: object, path: Path) -> list[str]:
        if isinstance(raw, list) and all(isinstance(item, str) for item in raw):
            return raw
        self.problems.add("not_a_list", path, "A list of words is needed here.")
        return []

    def _zone(self, raw: dict[str, Any], path: Path) -> str:
        zone = raw.get("zone", "")
        if zone == "" or (isinstance(zone, str) and known_zone(zone)):
            return str(zone)
        message = f"{_text(zone)!r} is no IANA zone."
        near = nearest_zone(zone) if isinstance(zone, str) else ""
        self.problems.add("unknown_zone", (*path, "zone"), message, allowed="such as Europe/Berlin", nearest=near)
        return ""

    def _choice(
        self, raw: dict[str, Any], key: str, allowed: tuple[str, ...], path: Path, *, needed: bool = False
    ) -> str:
        value = raw.get(key)
        if value is None and not needed:
            return ""
        if isinstance(value, str) and value in allowed:
            return value
        message = f"`{key}` is missing." if value is None else f"{_text(value)!r} is no {key}."
        listed = ", ".join(allowed)
        self.problems.add("unknown_word", (*path, key), message, allowed=listed, nearest=nearest(value, allowed))
        return ""

    def _known(self, raw: dict[str, Any], known: tuple[str, ...], path: Path) -> None:
        for key in raw:
            if key not in known:
                self.problems.add(
                    "unknown_key",
                    (*path, key),
                    f"{key!r} is not a key here.",
                    allowed=", ".join(known),
                    nearest=nearest(key, known),
                )


def _text(value: object) -> str:
    """A scalar as it was meant: ``true`` for True."""
    return str(value).lower() if isinstance(value, bool) else str(value)
