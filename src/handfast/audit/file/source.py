"""What a person names on the command line as files to read: plain, gzipped, zipped, or a folder of them."""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, TYPE_CHECKING, BinaryIO

from handfast.errors import ExportRefused

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer as Buffer

ENDINGS = (".csv", ".tsv", ".txt", ".tab", ".parquet", ".csv.gz", ".tsv.gz", ".txt.gz", ".zip")
MOST_MEMBERS = 1_000  # files in one zip
MOST_RATIO = 200  # unpacked bytes to packed: real tables reach about 30, bombs thousands
FREE_BYTES = 64 * 1024 * 1024  # below this nobody is hurt, whatever the ratio
READ_BYTES = 1024 * 1024

FAULTS = (OSError, EOFError, zlib.error, zipfile.BadZipFile, RuntimeError, NotImplementedError)
"""What a damaged, encrypted or vanished file raises while it is read."""


@dataclass(frozen=True, slots=True)
class Source:
    """One table to read: a name for reports, its size in bytes once unpacked (an estimate), and how to open it."""

    name: str
    size: int
    open: Callable[[], BinaryIO]
    path: Path
    member: str = ""  # of a zip

    def chunks(self) -> Iterator[bytes]:
        """The bytes, a mebibyte at a time.

        Raises ExportRefused when a packed file unfolds beyond all reason.
        """
        with self.open() as stream:
            while chunk := stream.read(READ_BYTES):
                yield chunk

    def head(self, count: int) -> bytes:
        """The first bytes."""
        with self.open() as stream:
            return stream.read(count)


class _Bounded(io.RawIOBase):
    """A stream that stops when more comes out of a packed file than its packed size can honestly hold."""

    def __init__(
        self, inner: IO[bytes] | gzip.GzipFile, name: str, packed: int, *owners: io.IOBase | zipfile.ZipFile
    ) -> None:
        self._inner = inner
        self._name = name
        self._left = max(FREE_BYTES, packed * MOST_RATIO)
        self._owners = owners

    def readable(self) -> bool:
        """True."""
        return True

    def readinto(self, buffer: Buffer, /) -> int:
        """As any stream, but never more than the limit in all."""
        view = memoryview(buffer)
        chunk = self._inner.read(len(view))
        self._left -= len(chunk)
        if self._left < 0:
            raise ExportRefused(
                f"{self._name} unfolds to more than {MOST_RATIO} times its packed size. "
                "That is not how a table packs; unpack it yourself if you trust it."
            )
        view[: len(chunk)] = chunk
        return len(chunk)

    def close(self) -> None:
        """Close the inner stream and what it reads from."""
        self._inner.close()
        for owner in self._owners:
            owner.close()
        super().close()


def find_sources(paths: Iterable[Path | str], say: Callable[[str], None] = lambda _: None) -> list[Source]:
    """Every table under the paths, folders and zips opened one level, in order of name within each.

    ``say`` is told of files that the paths name more than once; they are found once.
    Raises ExportRefused when a path does not exist or a zip cannot be opened.
    """
    found = _once([source for path in paths for source in _sources_of(Path(path))], say)
    depth = 0
    while len({_longer(source, depth) for source in found}) < len(found):
        depth += 1  # two folders with a leads.csv each: the report must tell them apart
    return [replace(source, name=_longer(source, depth)) for source in found]


def _once(found: Sequence[Source], say: Callable[[str], None]) -> list[Source]:
    """Every file once, however often and by whatever paths it is named."""
    kept: dict[tuple[Path, str], Source] = {}
    again: dict[str, int] = {}
    for source in found:
        key = source.path.resolve(), source.member
        if kept.setdefault(key, source) is not source:
            again[kept[key].name] = again.get(kept[key].name, 1) + 1
    for name, times in again.items():
        say(f"{name} is named {times} times and was read once.")
    return list(kept.values())


def _longer(source: Source, depth: int) -> str:
    """A name with so many of the folders that the file lies in."""
    folders = source.path.absolute().parent.parts[1:]
    return "/".join((*folders[len(folders) - min(depth, len(folders)) :], source.name))


def _sources_of(path: Path) -> Iterator[Source]:
    if path.is_dir():
        inside = sorted(child for child in path.iterdir() if child.is_file() and _is_table(child.name))
        if not inside:
            raise ExportRefused(f"The folder {path.name} holds no tables (looked for {', '.join(ENDINGS)}).")
        for child in inside:
            yield from _sources_of(child)
        return
    try:
        yield from _members(path) if zipfile.is_zipfile(path) else [_plain(path)]
    except FileNotFoundError:
        raise ExportRefused(f"There is no file {path}.") from None
    except FAULTS as fault:
        raise ExportRefused(f"{path.name} could not be opened: {fault}.") from fault


def _is_table(name: str) -> bool:
    return name.casefold().endswith(ENDINGS) and not name.startswith(".")


def _plain(path: Path) -> Source:
    size = path.stat().st_size
    with path.open("rb") as stream:
        packed = stream.read(2) == b"\x1f\x8b"
    if not packed:
        return Source(path.name, size, lambda: path.open("rb"), path)

    def unpacked() -> BinaryIO:
        return io.BufferedReader(_Bounded(gzip.open(path, "rb"), path.name, size))

    return Source(path.name, _unpacked_size(path, size), unpacked, path)


def _unpacked_size(path: Path, packed: int) -> int:
    """What a gzip file says of itself in its last four bytes; wrong above 4 GiB, so never below the packed size."""
    with path.open("rb") as stream:
        stream.seek(max(0, packed - 4))
        return max(packed, int.from_bytes(stream.read(4), "little"))


def _members(path: Path) -> Sequence[Source]:
    with zipfile.ZipFile(path) as archive:
        members = [item for item in archive.infolist() if not item.is_dir()]
    if any(item.filename == "xl/workbook.xml" for item in members):
        raise ExportRefused(f"{path.name} is an Excel workbook. Save the sheet as CSV (UTF-8) and audit that.")
    if len(members) > MOST_MEMBERS:
        raise ExportRefused(f"{path.name} holds {len(members):,} files; at most {MOST_MEMBERS:,} are opened.")
    tables = [
        item
        for item in members
        if _is_table(item.filename.rpartition("/")[2]) and not item.filename.endswith((".zip", ".gz"))
    ]
    if not tables:
        raise ExportRefused(f"{path.name} holds no tables (looked for {', '.join(ENDINGS[:-1])}).")
    return [_member(path, item) for item in sorted(tables, key=lambda item: item.filename)]


def _member(path: Path, item: zipfile.ZipInfo) -> Source:
    name = f"{path.name}/{item.filename}"

    def unpacked() -> BinaryIO:
        archive = zipfile.ZipFile(path)
        return io.BufferedReader(_Bounded(archive.open(item), name, item.compress_size, archive))

    return Source(name, item.file_size, unpacked, path, item.filename)
