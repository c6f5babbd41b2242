"""A raw document → a ``Document``: every mistake of shape a problem, and what is left still read.

What is wrong is cut out and the rest is read again, so that a mistake in one clause does not hide those in others.
"""

from __future__ import annotations

import typing
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from handfast.contract.defaults import fill
from handfast.contract.document import Document, Part
from handfast.contract.document.reader import capital, what
from handfast.contract.text.tree import Nothing
from handfast.problem import Path, Problems, nearest

_NO_TABLE = frozenset(("model_type", "dict_type", "model_attributes_type"))


class Cuts:
    """The places whose content was refused: nothing more is said about them."""

    def __init__(self, paths: Iterable[Path] = ()) -> None:
        self._paths = set(paths)

    def add(self, path: Path) -> bool:
        """Mark a place; False when it, or something around it, is marked already."""
        if self.around(path):
            return False
        self._paths.add(path)
        return True

    def around(self, path: Path) -> bool:
        """Whether this place or one around it was refused."""
        return any(path[:length] in self._paths for length in range(len(path) + 1))

    def within(self, path: Path) -> bool:
        """Whether this place, one around it, or anything below it was refused."""
        return self.around(path) or any(cut[: len(path)] == path for cut in self._paths)


def shape(raw: dict[str, Any], cuts: Cuts, problems: Problems) -> Document | None:
    """The document of a raw mapping, which is changed on the way: refused parts go, defaults come.

    None for a mapping that is no contract at all.

    It ends because every round takes at least one refused value away and defaults are never refused.
    """
    if not _any_known(raw, problems):
        return None
    while True:
        fill(raw)
        try:
            document = Document.model_validate(raw)
        except ValidationError as error:
            _refuse(raw, error.errors(include_url=False), cuts, problems)
        else:
            _missing(document, (), cuts, problems)
            return document


def _any_known(raw: Mapping[str, Any], problems: Problems) -> bool:
    """A mapping without a single key of a contract is some other file, and better told so once than key by key."""
    if any(key in raw for key in _keys(Document)):
        return True
    message = "No key of a contract stands in this file; it seems to be something else."
    problems.add("not_a_contract", (), message, allowed="such as `handfast: 1` and `contract: NAME`")
    return False


def _refuse(raw: dict[str, Any], details: list[ErrorDetails], cuts: Cuts, problems: Problems) -> None:
    """Say what is wrong, then cut it out: all places are found before the first is changed."""
    found = [(detail, _existing(raw, detail["loc"])) for detail in details]
    for detail, path in found:
        if cuts.add(path):
            _report(detail, path, problems)
    for detail, path in found:
        if _existing(raw, path) == path:
            _cut(raw, path, an_entry=detail["type"] in _NO_TABLE)


def _existing(raw: Any, loc: tuple[str | int, ...]) -> Path:
    """The part of a location that stands in the document; the rest names steps of the machinery."""
    for length, part in enumerate(loc):
        if not _has(raw, part):
            return loc[:length]
        raw = raw[part]
    return loc


def _has(raw: Any, part: str | int) -> bool:
    if isinstance(raw, dict):
        return part in raw
    return isinstance(raw, list) and isinstance(part, int) and part < len(raw)


def _cut(raw: Any, path: Path, *, an_entry: bool) -> None:
    """Remove what stands at a path.

    In a list, an entry that should be a mapping becomes an empty one, so that the others keep their places; for
    anything else the list goes as a whole.
    """
    *outer, last = path
    holder = raw
    for part in outer:
        holder = holder[part]
    if isinstance(last, str):
        del holder[last]
    elif an_entry:
        holder[last] = {}
    else:
        _cut(raw, tuple(outer), an_entry=False)


def _report(detail: ErrorDetails, path: Path, problems: Problems) -> None:
    kind, found, words = detail["type"], detail["input"], detail.get("ctx", {})
    if kind == "extra_forbidden":
        _unknown_key(path, found, problems)
    elif kind in _NO_TABLE:
        allowed = ", ".join(_known_keys(path))
        problems.add("wrong_type", path, f"A mapping is needed here, not {what(found)}.", allowed=allowed)
    elif kind == "list_type":
        meant = f"[{found}]" if isinstance(found, str) and len(found) <= 40 else ""
        problems.add("wrong_type", path, f"A list is needed here, not {what(found)}.", nearest=meant)
    elif kind == "too_short":
        problems.add(kind, path, "This has too few entries.", allowed=f"at least {words['min_length']}")
    elif kind == "too_long":
        problems.add(kind, path, "This has too many entries.", allowed=f"at most {words['max_length']}")
    elif kind == "literal_error":
        _wrong_word(path, found, str(words["expected"]), problems)
    else:
        problems.add(kind, path, words["message"], allowed=words["allowed"], nearest=words["meant"])


def _wrong_word(path: Path, found: object, expected: str, problems: Problems) -> None:
    if path == ("handfast",):
        message = f"This file says format {what(found)}; this version of Handfast reads format 1."
        problems.add("format", path, message, allowed="1, without quotes")
        return
    words = [word.strip("' ") for word in expected.replace(" or ", ",").split(",")]
    message = capital(f"{what(found)} cannot stand here.")
    problems.add("unknown_word", path, message, allowed=", ".join(words), nearest=nearest(found, words))


def _unknown_key(path: Path, found: object, problems: Problems) -> None:
    keys = _known_keys(path[:-1])
    key = str(path[-1])
    where = "at the top of a contract" if len(path) == 1 else "here"
    hint = " A text with a comma in it must stand in quotes." if isinstance(found, Nothing) else ""
    message = f"There is no key {what(key)} {where}.{hint}"
    problems.add("unknown_key", path, message, allowed=", ".join(keys), nearest=nearest(key, keys))


def _known_keys(path: Path) -> tuple[str, ...]:
    """The keys that the shape knows at a path; none where names are free."""
    kind: Any = Document
    for part in path:
        kind = _below(kind, part)
    return tuple(_keys(_one_of(kind)))


def _below(kind: Any, part: str | int) -> Any:
    """The type of what stands under a key or at a position."""
    kind = _one_of(kind)
    keys = _keys(kind)
    if part in keys:
        return keys[str(part)]
    if keys:
        kind = typing.get_type_hints(kind)["__pydantic_extra__"]
    return typing.get_args(kind)[-1]


def _one_of(kind: Any) -> Any:
    """A type without its ``| None``."""
    if typing.get_origin(kind) in (list, dict):
        return kind
    options = [option for option in typing.get_args(kind) if option is not type(None)]
    return options[0] if options else kind


def _keys(kind: Any) -> Mapping[str, Any]:
    """The keys of a part as they are written, with their types; empty for anything else."""
    if not isinstance(kind, type) or not issubclass(kind, Part):
        return {}
    return {field.alias or name: field.annotation for name, field in kind.model_fields.items()}


def _missing(part: object, path: Path, cuts: Cuts, problems: Problems) -> None:
    """Say which needed keys are not there, part by part."""
    if isinstance(part, Mapping):
        for key, value in part.items():
            _missing(value, (*path, str(key)), cuts, problems)
    elif isinstance(part, list):
        for index, value in enumerate(part):
            _missing(value, (*path, index), cuts, problems)
    elif isinstance(part, Part):
        _missing_keys(part, path, cuts, problems)


def _meaning(part: Part, key: str) -> str:
    """What a key says, to stand within a sentence."""
    text = type(part).model_fields[key].description or ""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def _missing_keys(part: Part, path: Path, cuts: Cuts, problems: Problems) -> None:
    written = part.model_fields_set
    for key in part.needed:
        if key not in written and not cuts.within((*path, key)):
            problems.add("missing", (*path, key), f"{key!r} must be given: {_meaning(part, key)}")
    for name, field in type(part).model_fields.items():
        if name in written:
            _missing(getattr(part, name), (*path, field.alias or name), cuts, problems)
    _missing(part.model_extra or {}, path, cuts, problems)
