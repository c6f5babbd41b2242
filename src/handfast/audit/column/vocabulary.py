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

    count: int
    rows: Codes  # positions of cells among these rows, in order; a cell that names several comes several times
    codes: Codes

    @property
    def says(self) -> NDArray[np.bool_]:
        """Rows that say something."""
        says = np.zeros(self.count, dtype=np.bool_)
        says[self.rows] = True
        return says


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

    def add(self, keys: Sequence[str]) -> None:
        """New, distinct, normalised ids."""
        count = len(self.numbers)
        self.numbers.update(zip(keys, range(count, count + len(keys)), strict=True))


@dataclass(frozen=True, slots=True)
class Spelling:
    """How ids of a kind are written: one at a time, and whether many at once are already so."""

    normal: Callable[[str], str]
    plain: Callable[[Sequence[str]], bool]


class _Ids:
    """Texts to codes of a name space, many at once: most cells hold an id as it is kept."""

    def __init__(self, keys: Keys, spelling: Spelling, empties: Empties) -> None:
        self.keys = keys
        self._spelling = spelling
        self._empties = empties

    def codes(self, texts: Sequence[str]) -> array[int]:
        """Codes of ids, -1 for cells without one."""
        numbers = self.keys.numbers
        other = self._add([text for text in dict.fromkeys(texts) if text not in numbers])
        if not other:
            return array("i", map(numbers.__getitem__, texts))
        known = other.get
        return array("i", [numbers[text] if (code := known(text)) is None else code for text in texts])

    def _add(self, new: list[str]) -> dict[str, int]:
        """Codes for texts that are not known: those spelled as they are kept are added, the others are told."""
        other: dict[str, int] = {}
        for start in range(0, len(new), _AT_ONCE):
            some = [text for text in new[start : start + _AT_ONCE] if text]
            if not self._empties.digits and self._spelling.plain(some):
                self.keys.add(some)
            else:
                other.update((text, self.code(text)) for text in some)
        if "" in new:
            other[""] = -1
        return other

    def code(self, text: str) -> int:
        """One text, looked at closely."""
        # Most ids are numbers or addresses, and these are no words: asking for each of a million costs a second.
        surely_an_id = "@" in text or (text.isdigit() and not self._empties.digits)
        return -1 if not surely_an_id and self._empties[text] else self.keys.code(self._spelling.normal(text))


_AT_ONCE = 64
"""Texts judged together; one odd one among them costs these and no more."""


class KeyColumn:
    """A column of record ids, in a shared name space."""

    def __init__(self, keys: Keys, spelling: Spelling, empties: Empties) -> None:
        self._ids = _Ids(keys, spelling, empties)
        self._codes = array("i")

    def read(self, texts: Sequence[str]) -> CodePart:
        """Codes of ids; nothing is appended yet."""
        return CodePart(self._ids.codes(texts), lambda column: column >= 0)

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

    def __init__(self, keys: Keys, spelling: Spelling, empties: Empties) -> None:
        self._ids = _Ids(keys, spelling, empties)
        self._empties = empties
        self._codes = array("i")
        self._rows = array("i")
        self._count = 0

    def read(self, texts: Sequence[str]) -> ManyPart:
        """The codes that each cell names; nothing is appended yet."""
        if "".join(texts).isdigit() and not self._empties.digits:
            codes = np.array(self._ids.codes(texts), dtype=np.int32)
            rows = np.flatnonzero(codes >= 0).astype(np.int32)
            return ManyPart(len(texts), rows, codes[rows])
        parts = [
            (row, part) for row, text in enumerate(texts) if text and not self._empties[text] for part in _parts(text)
        ]
        codes = np.array(self._ids.codes([part for _, part in parts]), dtype=np.int32)
        rows = np.fromiter((row for row, _ in parts), dtype=np.int32, count=len(parts))
        return ManyPart(len(texts), rows[codes >= 0], codes[codes >= 0])

    def append(self, part: ManyPart, kept: NDArray[np.intp] | None) -> None:
        """Append rows that were read; ``kept`` are positions of those that count, None for all."""
        rows, codes = part.rows, part.codes
        if kept is not None:
            place = np.full(part.count, -1, dtype=np.int32)
            place[kept] = np.arange(len(kept))
            rows, codes = place[rows], codes[place[rows] >= 0]
            rows = rows[rows >= 0]
        self._codes.frombytes(codes.tobytes())
        self._rows.frombytes((rows + np.int32(self._count)).tobytes())
        self._count += part.count if kept is None else len(kept)

    def __len__(self) -> int:
        """Rows so far."""
        return self._count

    def pairs(self) -> tuple[Codes, Codes]:
        """Row numbers and the codes they name, in file order."""
        return np.array(self._rows, dtype=np.int32), np.array(self._codes, dtype=np.int32)


def _parts(text: str) -> Sequence[str]:
    return text.strip("[]").replace(",", ";").replace("|", ";").split(";") if not text.isalnum() else (text,)
