"""A raw document → a ``Document``: every mistake of shape a problem, and what is left still read.

What is wrong is cut out and the rest is read again, so that a mistake in one clause does not hide those in others.
"""

from __future__ import annotations

import typing
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from handfast.contract.defaults import fill
from handfast.contract.document import Document
from handfast.contract.field import what
from handfast.problem import Path, Problems, nearest

_ROUNDS = 8
_TABLES = frozenset(("model_type", "dict_type", "model_attributes_type"))


class Cuts:
    """The places whose content was refused: nothing more is said about them."""

    def __init__(self, paths: Sequence[Path] = ()) -> None:
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


def shape(raw: dict[str, Any], cuts: Cuts, problems: Problems) -> Document:
    """The document of a raw mapping, which is changed on the way: refused parts go, defaults come."""
    for _ in range(_ROUNDS):
        fill(raw)
        try:
            document = Document.model_validate(raw)
        except ValidationError as error:
            for detail in error.errors(include_url=False):
                _refuse(raw, detail, cuts, problems)
        else:
            _missing(document, (), cuts, problems)
            return document
    return Document()  # unreachable as far as the fuzzer knows: each round cuts at least one place


def _refuse(raw: dict[str, Any], detail: ErrorDetails, cuts: Cuts, problems: Problems) -> None:
    path = _existing(raw, detail["loc"])
    if cuts.add(path):
        _report(detail, path, problems)
    _cut(raw, path, to={} if detail["type"] in _TABLES else None)


def _existing(raw: object, loc: tuple[str | int, ...]) -> Path:
    """The part of a location that stands in the document; the rest names steps of the machinery."""
    path: list[str | int] = []
    for part in loc:
        if isinstance(raw, dict) and part in raw:
            raw = raw[part]
        elif isinstance(raw, list) and isinstance(part, int) and part < len(raw):
            raw = raw[part]
        else:
            break
        path.append(part)
    return tuple(path)


def _cut(raw: Any, path: Path, to: object) -> None:
    """Remove what stands at a path. In a list, an entry becomes ``to``; when that is None the list goes as a whole."""
    *outer, last = path
    for part in outer:
        raw, above, key = raw[part], raw, part
    if isinstance(last, str):
        del raw[last]
    elif to is not None:
        raw[last] = to
    elif isinstance(key, str):
        del above[key]
    else:
        above[key] = []


def _report(detail: ErrorDetails, path: Path, problems: Problems) -> None:
    kind, found, context = detail["type"], detail["input"], detail.get("ctx", {})
    if kind == "extra_forbidden":
        _unknown_key(path, problems)
    elif kind in _TABLES:
        problems.add("wrong_type", path, f"A mapping is needed here, not {what(found)}.", allowed=_keys_at(path))
    elif kind == "list_type":
        meant = f"[{found}]" if isinstance(found, str) and len(found) <= 40 else ""
        problems.add("wrong_type", path, f"A list is needed here, not {what(found)}.", nearest=meant)
    elif kind == "too_short":
        problems.add(
            "empty", path, "Nothing stands in here.", allowed="at least two" if path[-1] == "stages" else "at least one"
        )
    elif kind == "literal_error":
        _wrong_word(path, found, str(context["expected"]), problems)
    else:
        problems.add(kind, path, context["message"], allowed=context["allowed"], nearest=context["meant"])


def _wrong_word(path: Path, found: object, expected: str, problems: Problems) -> None:
    words = [word.strip("' ") for word in expected.replace(" or ", ",").split(",")]
    if path == ("handfast",):
        message = f"This is format {what(found)}; this version of Handfast reads format 1."
        problems.add("format", path, message, allowed="1")
        return
    message = f"{what(found)} cannot stand here."
    problems.add(
        "unknown_word", path, message[:1].upper() + message[1:], allowed=", ".join(words), nearest=nearest(found, words)
    )


def _unknown_key(path: Path, problems: Problems) -> None:
    keys = _known_keys(path[:-1])
    where = "at the top of a contract" if len(path) == 1 else "here"
    message = f"There is no key {str(path[-1])[:60]!r} {where}."
    problems.add("unknown_key", path, message, allowed=", ".join(keys), nearest=nearest(path[-1], keys))


def _keys_at(path: Path) -> str:
    return ", ".join(_known_keys(path))


def _known_keys(path: Path) -> tuple[str, ...]:
    """The keys that the shape knows at a path."""
    kind: Any = Document
    for part in path:
        kind = _inner(kind, part)
    return tuple(_keys(kind)) if isinstance(kind, type) and issubclass(kind, BaseModel) else ()


def _keys(model: type[BaseModel]) -> Mapping[str, Any]:
    return {field.alias or name: field.annotation for name, field in model.model_fields.items()}


def _inner(kind: Any, part: str | int) -> Any:
    """The type below a key or position."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        extra = kind.__annotations__.get("__pydantic_extra__", "")
        known = _keys(kind)
        kind = (
            known[str(part)] if part in known else typing.get_type_hints(kind)["__pydantic_extra__"] if extra else None
        )
    options = [option for option in typing.get_args(kind) if option is not type(None)]
    return options[-1] if options and not isinstance(kind, type) or typing.get_origin(kind) in (dict, list) else kind


def _missing(part: object, path: Path, cuts: Cuts, problems: Problems) -> None:
    """Say which needed keys are not there, part by part."""
    if isinstance(part, Mapping):
        for key, value in part.items():
            _missing(value, (*path, str(key)), cuts, problems)
    elif isinstance(part, list):
        for index, value in enumerate(part):
            _missing(value, (*path, index), cuts, problems)
    elif isinstance(part, BaseModel):
        _missing_keys(part, path, cuts, problems)


def _missing_keys(part: BaseModel, path: Path, cuts: Cuts, problems: Problems) -> None:
    for key in getattr(part, "needed", ()):
        here = (*path, key)
        if key not in part.model_fields_set and not cuts.within(here) and not cuts.around(path):
            problems.add("missing", here, f"{key!r} is missing; it must be given.")
    for name, field in type(part).model_fields.items():
        if name in part.model_fields_set:
            _missing(getattr(part, name), (*path, field.alias or name), cuts, problems)
    _missing(part.model_extra or {}, path, cuts, problems)
