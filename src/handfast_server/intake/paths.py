"""Paths into JSON: ``properties.email.value``, ``contacts[0].id``; ``contacts[*]`` is each of several."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

_STEP = re.compile(r"([^.\[\]]+)|\[(\d+|\*)\]")
_WHOLE = re.compile(r"(?:\$\.?)?(?:[^.\[\]]+|\[(?:\d+|\*)\])(?:\.[^.\[\]]+|\[(?:\d+|\*)\])*")


def is_path(text: str) -> bool:
    """Whether a text is one."""
    return len(text) <= 300 and _WHOLE.fullmatch(text) is not None


def value_at(raw: Any, path: str) -> Any:
    """The value there; None when there is none, the first of several."""
    return next(values_at(raw, path), None)


def values_at(raw: Any, path: str) -> Iterator[Any]:
    """Every value there."""
    found = [raw]
    for name, place in _STEP.findall(path.removeprefix("$")):
        found = [each for one in found for each in _next(one, name, place)]
    yield from found


def _next(raw: Any, name: str, place: str) -> Iterator[Any]:
    if name:
        if isinstance(raw, dict) and name in raw:
            yield raw[name]
    elif isinstance(raw, list):
        if place == "*":
            yield from raw
        elif int(place) < len(raw):
            yield raw[int(place)]
