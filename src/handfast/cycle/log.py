"""Histories that only grow, as values: appending costs the same however long they are.

Both types share one growing store among all their versions. A version knows how much of the store is its own; what
was appended later is invisible to it. Appending to a version that is not the newest copies its part first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Generic, TypeVar

T = TypeVar("T")


class Log(Generic[T]):
    """A sequence that only grows. ``appended`` gives the longer one; this one stays what it is."""

    __slots__ = ("_items", "_length")
    __hash__ = None  # type: ignore[assignment] # compared by content, like a list

    def __init__(self, items: Iterable[T] = ()) -> None:
        """A log of these."""
        self._items = list(items)
        self._length = len(self._items)

    def appended(self, item: T) -> Log[T]:
        """The log with one more at its end."""
        items, length = self._items, self._length
        if len(items) != length:
            items = items[:length]
        items.append(item)
        longer: Log[T] = Log.__new__(Log)
        longer._items = items
        longer._length = length + 1
        return longer

    def __len__(self) -> int:
        """How many."""
        return self._length

    def __iter__(self) -> Iterator[T]:
        """In the order in which they came."""
        return iter(self._items[: self._length])

    def since(self, position: int) -> list[T]:
        """What was appended from a position on."""
        return self._items[position : self._length]

    def __eq__(self, other: object) -> bool:
        """Compared by content."""
        return isinstance(other, Log) and list(self) == list(other)

    def __repr__(self) -> str:
        """Everything it holds."""
        return f"Log({list(self)!r})"


class Seen:
    """The ids that were taken in; ``including`` gives the larger set."""

    __slots__ = ("_length", "_places")
    __hash__ = None  # type: ignore[assignment] # compared by content, like a set

    def __init__(self, ids: Iterable[str] = ()) -> None:
        """A set of these."""
        self._places = {each: place for place, each in enumerate(dict.fromkeys(ids))}
        self._length = len(self._places)

    def including(self, one: str) -> Seen:
        """The set with one more id; the same set when it has it."""
        places, length = self._places, self._length
        if places.get(one, length) < length:
            return self
        if len(places) != length:
            places = {each: place for place, each in enumerate(self)}
        places[one] = length
        larger = Seen.__new__(Seen)
        larger._places = places  # noqa: SLF001 # one of the same class, still being made
        larger._length = length + 1  # noqa: SLF001 # as above
        return larger

    def __contains__(self, one: object) -> bool:
        """Whether it was taken in."""
        place = self._places.get(one) if isinstance(one, str) else None
        return place is not None and place < self._length

    def __len__(self) -> int:
        """How many."""
        return self._length

    def __iter__(self) -> Iterator[str]:
        """In the order in which they came."""
        return (each for each, place in self._places.items() if place < self._length)

    def __eq__(self, other: object) -> bool:
        """Compared by content."""
        return isinstance(other, Seen) and set(self) == set(other)

    def __repr__(self) -> str:
        """Everything it holds."""
        return f"Seen({list(self)!r})"
