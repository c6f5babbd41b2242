"""A document as read: plain values that know where they stand in the text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from handfast.problem import Mark, Path

Scalar = str | int | Decimal | bool | None


@dataclass(frozen=True, slots=True)
class Leaf:
    """A single value."""

    value: Scalar
    mark: Mark


@dataclass(slots=True)
class Series:
    """A list."""

    mark: Mark
    items: list[Node] = field(default_factory=list)


@dataclass(slots=True)
class Table:
    """A mapping; ``keys`` says where each key stands."""

    mark: Mark
    entries: dict[str, Node] = field(default_factory=dict)
    keys: dict[str, Mark] = field(default_factory=dict)


Node = Leaf | Series | Table


class Nothing:
    """What stands where a key has no value: not the same as a key that is not there."""

    def __str__(self) -> str:
        """As messages say it."""
        return "nothing"


NOTHING = Nothing()


def values(table: Table) -> dict[str, Any]:
    """A mapping without its places: dicts, lists and scalars, freshly made; NOTHING where a value is missing."""
    return {key: _plain(entry) for key, entry in table.entries.items()}


def _plain(node: Node) -> Any:
    if isinstance(node, Leaf):
        return NOTHING if node.value is None else node.value
    return [_plain(item) for item in node.items] if isinstance(node, Series) else values(node)


class Marks(Mapping[Path, Mark]):
    """Where each value stands: a scalar at itself, a mapping or list at the key that names it.

    Computed on demand from the tree, so that a large document costs nothing until something is asked about it.
    """

    def __init__(self, root: Node | None) -> None:
        self._root = root

    def __getitem__(self, path: Path) -> Mark:
        """The place of the value at exactly this path; KeyError when there is none."""
        return self._find(path, of_key=False)

    def key(self, path: Path) -> Mark:
        """The place of the key that ends this path; KeyError when there is none."""
        return self._find(path, of_key=True)

    def near(self, path: Path, *, of_key: bool = False) -> Mark | None:
        """The place of the value at this path, else of the closest one around it; None for an empty document."""
        for length in range(len(path), -1, -1):
            try:
                return self._find(path[:length], of_key=of_key and length == len(path))
            except KeyError:
                continue
        return None

    def _find(self, path: Path, *, of_key: bool) -> Mark:
        node, key_mark = self._root, None
        for part in path:
            node, key_mark = _step(node, part)
        if node is None:
            raise KeyError(path)
        if key_mark is not None and (of_key or not isinstance(node, Leaf)):
            return key_mark
        return node.mark

    def __iter__(self) -> Iterator[Path]:
        """Every path of the document, outermost first."""
        if self._root is not None:
            yield from _paths(self._root, ())

    def __len__(self) -> int:
        """How many values the document has."""
        return sum(1 for _ in self)


def _step(node: Node | None, part: str | int) -> tuple[Node, Mark | None]:
    if isinstance(node, Table) and isinstance(part, str) and part in node.entries:
        return node.entries[part], node.keys[part]
    if isinstance(node, Series) and isinstance(part, int) and 0 <= part < len(node.items):
        return node.items[part], None
    raise KeyError(part)


def _paths(node: Node, path: Path) -> Iterator[Path]:
    yield path
    if isinstance(node, Table):
        for key, entry in node.entries.items():
            yield from _paths(entry, (*path, key))
    elif isinstance(node, Series):
        for index, item in enumerate(node.items):
            yield from _paths(item, (*path, index))
