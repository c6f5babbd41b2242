"""A table as columns that rows are put into: what was handed out before stays as it was.

Rows that are replaced copy the columns in which they differ, rows that are appended go behind the end of what anybody
has seen. Words are codes into a list that grows, names are places in the texts of the files that brought them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, overload

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from handfast.measure.coded import Coded

Array = NDArray[Any]
Places = NDArray[np.intp]

_SLACK = 16  # a sixteenth more room than is needed


class Names(Sequence[str]):
    """Texts that stay where they were read from until somebody asks for one."""

    def __init__(self, texts: tuple[pa.Array, ...], at: NDArray[np.int64]) -> None:
        """``at``: number of the text array in the upper half, place in it in the lower."""
        self._texts, self._at = texts, at

    def __len__(self) -> int:
        """How many."""
        return len(self._at)

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[str]: ...
    def __getitem__(self, place: int | slice) -> str | Sequence[str]:
        """The text at a place."""
        if isinstance(place, slice):
            return [self[each] for each in range(*place.indices(len(self)))]
        at = int(self._at[place])
        text: str = self._texts[at >> 32][at & 0xFFFFFFFF].as_py()
        return text

    def arrow(self) -> pa.Array:
        """All of them, in order."""
        whole = pa.chunked_array(self._texts, type=pa.string())
        before = np.cumsum([0, *(len(each) for each in self._texts)])
        places = before[self._at >> 32] + (self._at & 0xFFFFFFFF)
        return whole.take(pa.array(places)).combine_chunks() if len(places) else pa.array([], pa.string())


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """``length`` rows. ``arrays`` may have room behind them; a coded column is its codes, a name its place."""

    length: int
    arrays: Mapping[str, Array]
    words: Mapping[str, tuple[str, ...]]
    texts: tuple[pa.Array, ...] = ()

    def array(self, name: str) -> Array:
        """A column."""
        return self.arrays[name][: self.length]

    def coded(self, name: str) -> Coded:
        """A column of words."""
        return Coded(codes=self.array(name), words=self.words[name])

    def names(self) -> Names:
        """The names of the rows."""
        return Names(self.texts, self.array("key"))

    def kept(self, rows: NDArray[np.bool_]) -> Frame:
        """Some of the rows."""
        arrays = {name: self.array(name)[rows] for name in self.arrays}
        return Frame(length=int(np.count_nonzero(rows)), arrays=arrays, words=self.words, texts=self.texts)

    def taking_in(self, fresh: Frame, column: str) -> Array:
        """A column of other rows, with codes and names as this frame counts them once they are in it."""
        array = fresh.array(column)
        if column == "key":
            return array + (len(self.texts) << 32)
        if column not in self.words:
            return array
        codes = {word: code for code, word in enumerate(self._all_words(fresh, column))}
        table = np.array([*(codes[word] for word in fresh.words[column]), -1], np.int32)
        taken: Array = table[array]
        return taken

    def _all_words(self, fresh: Frame, column: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*self.words[column], *fresh.words[column])))

    def put(self, fresh: Frame, placed: Placed) -> Frame:
        """The frame with other rows at their places; ``fresh`` refers to rows of other frames as this one does."""
        arrays = {name: _put(self, name, self.taking_in(fresh, name), placed) for name in self.arrays}
        words = {name: self._all_words(fresh, name) for name in self.words}
        return Frame(length=placed.length, arrays=arrays, words=words, texts=(*self.texts, *fresh.texts))

    def replaced(self, column: str, array: Array) -> Frame:
        """The frame with another column."""
        return Frame(length=self.length, arrays={**self.arrays, column: array}, words=self.words, texts=self.texts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """Where new rows go: over rows that are gone, then behind the end. ``moved``: rows of the end that fill the rest.

    New rows stand in their own order as far as nothing had to move.
    """

    at: Places
    before: int
    length: int
    moved: tuple[Places, Places]  # from, to

    @classmethod
    def over(cls, gone: Places, fresh: int, length: int) -> Placed:
        """So many new rows in the place of some of ``length`` rows, which stand in ascending order."""
        kept = min(len(gone), fresh)
        nothing = np.empty(0, np.intp)
        if len(gone) <= fresh:
            at = np.concatenate([gone, np.arange(length, length + fresh - kept)])
            return cls(at=at, before=length, length=length + fresh - kept, moved=(nothing, nothing))
        after = length - (len(gone) - fresh)
        spare = gone[kept:]
        tail = np.setdiff1d(np.arange(after, length), spare, assume_unique=True)
        holes = spare[spare < after]
        to = np.arange(length)
        to[tail] = holes
        return cls(at=to[gone[:kept]], before=length, length=after, moved=(tail, holes))

    def followed(self, references: Array) -> Array:
        """References to rows, after some of those have moved."""
        tail, holes = self.moved
        if not len(tail):
            return references
        to = np.arange(self.before, dtype=references.dtype)
        to[tail] = holes
        return np.where(references >= 0, to[np.maximum(references, 0)], references)


def _put(frame: Frame, name: str, fresh: Array, placed: Placed) -> Array:
    buffer = frame.arrays[name]
    tail, holes = placed.moved
    over = placed.at < frame.length
    rows = placed.at[over]
    is_same = not len(holes) and np.array_equal(buffer[rows], fresh[over])
    if not is_same or len(buffer) < placed.length or not buffer.flags.writeable:
        buffer = np.empty(placed.length + placed.length // _SLACK, buffer.dtype)
        known = min(frame.length, len(buffer))
        buffer[:known] = frame.arrays[name][:known]
        buffer[holes] = frame.arrays[name][tail]
    if len(fresh):
        buffer[placed.at] = fresh
    return buffer


def frame_of(columns: Mapping[str, Array | Coded | Sequence[str]], length: int) -> Frame:
    """A frame of columns: arrays, words, and names under ``key``."""
    arrays: dict[str, Array] = {}
    words: dict[str, tuple[str, ...]] = {}
    texts: tuple[pa.Array, ...] = ()
    for name, column in columns.items():
        if isinstance(column, Coded):
            arrays[name], words[name] = column.codes, column.words
        elif isinstance(column, np.ndarray):
            arrays[name] = column
        else:
            arrays[name], texts = np.arange(length, dtype=np.int64), (pa.array(list(column), pa.string()),)
    return Frame(length=length, arrays=arrays, words=words, texts=texts)


def empty(like: Frame) -> Frame:
    """A frame of the same columns without rows."""
    arrays = {name: array[:0] for name, array in like.arrays.items()}
    return Frame(length=0, arrays=arrays, words=dict.fromkeys(like.words, ()))
