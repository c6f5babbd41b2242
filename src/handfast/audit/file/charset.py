"""Which charset a file is written in, decided by every byte of it, not by its first page."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_HIGH = re.compile(rb"[\x80-\xff]")
_MULTIBYTE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")


@dataclass(frozen=True, slots=True)
class Charset:
    """A decided charset. ``stray`` is True when some bytes are not of it: those rows are read as Windows-1252."""

    name: str  # a codec name: "utf-8", "utf-16-le", "utf-16-be", "cp1252"
    bom: int = 0  # bytes of byte-order mark to skip
    stray: bool = False
    returns_only: bool = False  # lines end in a bare carriage return, as old Macs wrote them

    @property
    def title(self) -> str:
        """As people know it: ``UTF-8 with BOM``, ``Windows-1252``."""
        name = {"cp1252": "Windows-1252", "utf-16-le": "UTF-16 LE", "utf-16-be": "UTF-16 BE"}.get(self.name, "UTF-8")
        return f"{name} with BOM" if self.bom and self.name == "utf-8" else name


def decide_charset(chunks: Iterable[bytes]) -> Charset:
    """The charset that the bytes speak for.

    A byte-order mark decides. Else zeros at every other place mean UTF-16. Else the file is UTF-8 when all of it
    is valid, or when more of its accented letters are valid UTF-8 than not; otherwise it is Windows-1252.
    """
    weighed = _Weighed()
    for chunk in chunks:
        if weighed.count(chunk):
            break
    return weighed.verdict()


class _Weighed:
    """Evidence for UTF-8 against Windows-1252, chunk by chunk."""

    def __init__(self) -> None:
        self.decided: Charset | None = None
        self.first = True
        self.valid = 0
        self.invalid = 0
        self.tail = b""
        self.newlines = 0
        self.returns = 0
        self.bom = 0

    def count(self, chunk: bytes) -> bool:
        """Weigh one chunk; True when no more are needed."""
        if self.first:
            self.first = False
            self.decided = _marked(chunk) or _two_byte(chunk)
            self.bom = 3 if chunk.startswith(codecs.BOM_UTF8) else 0
        self.newlines += chunk.count(b"\n")
        self.returns += chunk.count(b"\r")
        if self.decided is not None and self.decided.name != "utf-8":
            return True
        if not chunk.isascii():
            self._weigh(chunk)
        return False

    def _weigh(self, chunk: bytes) -> None:
        # A sequence may be cut by the end of a chunk: what begins in its last three bytes waits for the next.
        data = self.tail + chunk
        cut = len(data) - next((back for back in range(1, 4) if data[-back:][:1] >= b"\xc2"), 0)
        self.tail = data[cut:]
        self._add(data[:cut])

    def _add(self, data: bytes) -> None:
        high = len(_HIGH.findall(data))
        inside = sum(map(len, _MULTIBYTE.findall(data)))
        self.valid += inside
        self.invalid += high - inside

    def verdict(self) -> Charset:
        """What the evidence says."""
        if self.decided is not None and self.decided.name != "utf-8":
            return self.decided
        self._add(self.tail)
        returns_only = self.newlines == 0 and self.returns > 0
        if self.bom or self.invalid == 0 or self.valid > self.invalid:
            return Charset("utf-8", self.bom, self.invalid > 0, returns_only)
        return Charset("cp1252", returns_only=returns_only, stray=True)


def _marked(head: bytes) -> Charset | None:
    return next((Charset(name, len(mark)) for mark, name in BOMS if head.startswith(mark)), None)


def _two_byte(head: bytes) -> Charset | None:
    """UTF-16 without a mark: in western tables nearly every other byte is zero."""
    sample = head[:4096]
    half = len(sample) // 2
    if half < 8:
        return None
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if odd > 0.6 * half and even < 0.1 * half:
        return Charset("utf-16-le")
    if even > 0.6 * half and odd < 0.1 * half:
        return Charset("utf-16-be")
    return None


def decoded(chunks: Iterable[bytes], charset: Charset) -> Iterator[str]:
    """The text, chunk by chunk; bytes that are not of the charset come out as lone surrogates, never as errors."""
    errors = "replace" if charset.name.startswith("utf-16") else "surrogateescape"
    decoder = codecs.getincrementaldecoder(charset.name)(errors)
    skip = charset.bom
    for chunk in chunks:
        text = decoder.decode(chunk[skip:])
        skip = 0
        if text:
            yield text
    if last := decoder.decode(b"", final=True):
        yield last


def mended(text: str) -> str | None:
    """A row with bytes foreign to UTF-8, read as Windows-1252; None when they are foreign to that as well."""
    try:
        return text.encode("utf-8", "surrogateescape").decode("cp1252")
    except UnicodeError:
        return None
