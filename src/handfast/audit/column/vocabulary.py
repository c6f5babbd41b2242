"""Words as codes: each distinct text is kept once, each row costs four bytes."""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from handfast.measure.columns import Coded, Codes

EMPTY_WORDS = frozenset(
    {
        *("", "-", "--", "---", "?", "n/a", "#n/a", "#ref!", "null", "nil", "none", "nan", "nat"),
        *("select", "- select -", "--select--", "please select", "- none -", "--none--", "-none-", "(none)"),
        *("(blank)", "(empty)", "(no value)", "no value", "not set", "(not set)", "[empty]", "bitte auswählen"),
    }
)
"""What drop-downs and exporters print when nothing was chosen; compared folded."""


_DIGIT = re.compile(r"\d")


class Empties(dict[str, bool]):
    """Whether a raw text means that nothing was chosen; remembers every text it was asked about."""

    def __init__(self, words: Iterable[str] = ()) -> None:
        """``words``: more such texts, besides the usual ones."""
        super().__init__()
        self._words = EMPTY_WORDS | {fold(word) for word in words}
        self.digits = any(map(_DIGIT.search, self._words))

    def __missing__(self, raw: str) -> bool:
        """Look closely, once."""
        if not self.digits and _DIGIT.search(raw):
            return False
        empty = fold(raw) in self._words
        if len(raw) < 40:  # long texts are not drop-downs and would fill memory
            self[raw] = empty
        return empty


def tidy(raw: str) -> str:
    """Trimmed, with single spaces, in one Unicode form: what two spellings of one word have in common."""
    return " ".join((raw if raw.isascii() else unicodedata.normalize("NFKC", raw)).split())


def fold(raw: str) -> str:
    """``tidy`` without regard to case."""
    return tidy(raw).casefold()


@dataclass(frozen=True, slots=True)
class CodePart:
    """Some rows of a column of codes."""

    codes: array[int]
    test: Callable[[Codes], NDArray[np.bool_]]

    @property
    def says(self) -> NDArray[np.bool_]:
        """Rows that say something."""
        return self.test(np.frombuffer(self.codes, dtype=np.int32))

    def taken(self, kept: NDArray[np.intp] | None) -> Iterable[int]:
        """The codes of rows that count."""
        return self.codes if kept is None else [self.codes[row] for row in kept]


@dataclass(frozen=True, slots=True)
class ManyPart:
    """Some rows of a column of several ids."""

    cells: list[tuple[int, ...]]

    @property
    def says(self) -> NDArray[np.bool_]:
        """Rows that say something."""
        return np.array([bool(cell) for cell in self.cells], dtype=np.bool_)


class WordColumn:
    """A column of drop-down words or short texts. Spellings that differ in case alone become one word."""

    def __init__(self, empties: Empties, through: Callable[[str], str] | None = None) -> None:
        """``through``: what is kept of each text, for columns of long texts that are asked one question."""
        self._empties = empties
        self._through = through
        self._raw: dict[str, int] = _Numbering()
        self._codes = array("i")

    def read(self, texts: Sequence[str]) -> CodePart:
        """Codes of texts; nothing is appended yet."""
        kept = map(self._through, texts) if self._through else texts
        codes = array("i", map(self._raw.__getitem__, kept))
        return CodePart(codes, self._says)

    def _says(self, codes: Codes) -> NDArray[np.bool_]:
        empty = np.fromiter((self._empties[raw] for raw in self._raw), dtype=np.bool_, count=len(self._raw))
        says: NDArray[np.bool_] = ~empty[codes]
        return says

    def append(self, part: CodePart, kept: NDArray[np.intp] | None) -> None:
        """Append rows that were read; ``kept`` are positions of those that count, None for all."""
        self._codes.extend(part.taken(kept))

    def __len__(self) -> int:
        """Rows so far."""
        return len(self._codes)

    def spellings(self) -> list[str]:
        """Every distinct text, empty ones left out, in order of appearance."""
        return [raw for raw in self._raw if not self._empties[raw]]

    def raw(self) -> Coded:
        """The column as it is spelled, empty texts as unknown."""
        words = tuple(self._raw)
        table = np.array([*(-1 if self._empties[raw] else code for code, raw in enumerate(words)), -1], dtype=np.int32)
        return Coded(codes=table[self._array()], words=words)

    def counted(self) -> dict[str, int]:
        """Rows of each spelling."""
        counts = self._counts()
        return {raw: int(counts[code]) for code, raw in enumerate(self._raw) if not self._empties[raw]}

    def coded(self, meaning: Callable[[str], str] | None = None) -> Coded:
        """The column; ``meaning`` turns a spelling into the word it stands for, an empty text into nothing.

        Of spellings that fold to one word the commonest is shown.
        """
        counts = self._counts()
        numbers: dict[str, int] = {}
        shown: list[tuple[int, str]] = []
        table = np.full(len(self._raw) + 1, -1, dtype=np.int32)
        for code, raw in enumerate(self._raw):
            word = "" if self._empties[raw] else tidy(meaning(raw) if meaning else raw)
            if not word:
                continue
            number = numbers.setdefault(word.casefold(), len(numbers))
            if number == len(shown):
                shown.append((int(counts[code]), word))
            elif counts[code] > shown[number][0]:
                shown[number] = (int(counts[code]), word)
            table[code] = number
        return Coded(codes=table[self._array()], words=tuple(word for _, word in shown))

    def _counts(self) -> NDArray[np.int64]:
        return np.bincount(self._array(), minlength=len(self._raw)).astype(np.int64)

    def _array(self) -> Codes:
        return np.frombuffer(self._codes, dtype=np.int32) if self._codes else np.zeros(0, np.int32)


class _Numbering(dict[str, int]):
    def __missing__(self, raw: str) -> int:
        self[raw] = code = len(self)
        return code


class Keys:
    """One name space of record ids, shared by every table that speaks of those records."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}

    def __len__(self) -> int:
        """Distinct ids seen."""
        return len(self.numbers)

    def words(self) -> list[str]:
        """The ids, by code."""
        return list(self.numbers)

    def code(self, key: str) -> int:
        """The code of a normalised id, a new one for a new id; -1 for an empty one."""
        return self.numbers.setdefault(key, len(self.numbers)) if key else -1


class KeyColumn:
    """A column of record ids, in a shared name space."""

    def __init__(self, keys: Keys, normal: Callable[[str], str], empties: Empties) -> None:
        self._keys = keys
        self._normal = normal
        self._empties = empties
        self._codes = array("i")

    def read(self, texts: Sequence[str]) -> CodePart:
        """Codes of ids; nothing is appended yet."""
        known, new = self._keys.numbers.get, self._new
        codes = array("i", [new(text) if (code := known(text)) is None else code for text in texts])
        return CodePart(codes, lambda column: column >= 0)

    def _new(self, text: str) -> int:
        """A text that is not itself an id as it is kept."""
        # Most ids are numbers or addresses, and these are no words: asking for each of a million costs a second.
        surely_an_id = "@" in text or (text.isdigit() and not self._empties.digits)
        return -1 if not surely_an_id and self._empties[text] else self._keys.code(self._normal(text))

    def append(self, part: CodePart, kept: NDArray[np.intp] | None) -> None:
        """Append rows that were read; ``kept`` are positions of those that count, None for all."""
        self._codes.extend(part.taken(kept))

    def __len__(self) -> int:
        """Rows so far."""
        return len(self._codes)

    def codes(self) -> Codes:
        """The column."""
        return np.array(self._codes, dtype=np.int32)


class ManyKeyColumn:
    """A column that names several records in one cell, as ``123;456``."""

    def __init__(self, keys: Keys, normal: Callable[[str], str], empties: Empties) -> None:
        self._keys = keys
        self._normal = normal
        self._empties = empties
        self._codes = array("i")
        self._rows = array("i")
        self._count = 0

    def read(self, texts: Sequence[str]) -> ManyPart:
        """The codes that each cell names; nothing is appended yet."""
        return ManyPart([self._codes_of(text) for text in texts])

    def _codes_of(self, text: str) -> tuple[int, ...]:
        if not text or self._empties[text]:
            return ()
        codes = (self._keys.code(self._normal(part)) for part in _parts(text))
        return tuple(code for code in codes if code >= 0)

    def append(self, part: ManyPart, kept: NDArray[np.intp] | None) -> None:
        """Append rows that were read; ``kept`` are positions of those that count, None for all."""
        cells = part.cells if kept is None else [part.cells[row] for row in kept]
        for cell in cells:
            self._codes.extend(cell)
            self._rows.extend([self._count] * len(cell))
            self._count += 1

    def __len__(self) -> int:
        """Rows so far."""
        return self._count

    def pairs(self) -> tuple[Codes, Codes]:
        """Row numbers and the codes they name, in file order."""
        return np.array(self._rows, dtype=np.int32), np.array(self._codes, dtype=np.int32)


def _parts(text: str) -> Sequence[str]:
    return text.strip("[]").replace(",", ";").replace("|", ";").split(";") if not text.isalnum() else (text,)
