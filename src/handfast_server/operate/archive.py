"""The file of a backup: a zip with a manifest and, for each table, its rows as lines of JSON.

The form is the same for SQLite and PostgreSQL, so that a team that outgrows one file moves by backup and restore.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from decimal import Decimal
from pathlib import Path
from typing import IO, Any

import orjson
from django.conf import settings
from django.db import models

from handfast.errors import HandfastError

FORMAT = 1
_MANIFEST = "manifest.json"
_BLOCK = 1 << 20


class ArchiveRefused(HandfastError):
    """A file that is no backup, or a damaged one, or one of a newer version."""

    code = "backup_refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One table of a backup."""

    app: str
    model: str
    columns: tuple[str, ...]
    rows: int
    sha256: str

    @property
    def file(self) -> str:
        """Where its rows stand in the zip."""
        return f"tables/{self.app}.{self.model}.jsonl"


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a backup holds. ``key`` tells whether an installation has the secret key under which it was made."""

    format: int
    handfast: str
    made_at: int
    database: str
    key: str
    migrations: tuple[tuple[str, str], ...]
    tables: tuple[Table, ...]

    @property
    def rows(self) -> int:
        """All of them."""
        return sum(table.rows for table in self.tables)


def key_mark() -> str:
    """What tells one secret key from another, and nothing about either."""
    return hmac.new(settings.SECRET_KEY.encode(), b"handfast backup", hashlib.sha256).hexdigest()[:16]


class Writer:
    """A backup as it is written."""

    def __init__(self, whole: zipfile.ZipFile) -> None:
        """Without tables yet."""
        self._whole = whole
        self.tables: list[Table] = []

    def add(self, model: type[models.Model], rows: Iterable[Sequence[Any]]) -> None:
        """Write the rows of a model, each with the values of ``columns_of`` in their order."""
        meta = model._meta  # noqa: SLF001 # Django's documented way to a model's columns
        name = Table(app=meta.app_label, model=str(meta.model_name), columns=columns_of(model), rows=0, sha256="")
        count, digest = 0, hashlib.sha256()
        with self._whole.open(name.file, "w", force_zip64=True) as file:
            for row in rows:
                line = orjson.dumps(row, default=_plain, option=orjson.OPT_APPEND_NEWLINE)
                digest.update(line)
                file.write(line)
                count += 1
        self.tables.append(
            Table(app=name.app, model=name.model, columns=name.columns, rows=count, sha256=digest.hexdigest())
        )

    def end(self, manifest: Manifest) -> None:
        """Write the manifest, last."""
        self._whole.writestr(_MANIFEST, orjson.dumps(asdict(manifest), option=orjson.OPT_INDENT_2))


@contextmanager
def writing(path: Path) -> Iterator[Writer]:
    """A new file that only its owner may read, under its name once it is whole."""
    part = path.with_name(f"{path.name}.part")
    part.unlink(missing_ok=True)
    part.touch(mode=0o600, exist_ok=False)
    try:
        with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as whole:
            yield Writer(whole)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def reading(path: Path) -> Iterator[Reader]:
    """A backup to read from, found sound. Raises ArchiveRefused."""
    try:
        whole = zipfile.ZipFile(path)
    except FileNotFoundError:
        raise ArchiveRefused(f"There is no file {path}.") from None
    except (zipfile.BadZipFile, OSError) as broken:
        raise ArchiveRefused(f"{path} is no backup, or a damaged one.") from broken
    with whole:
        yield Reader(whole, _manifest(whole, path))


class Reader:
    """A backup as it is read."""

    def __init__(self, whole: zipfile.ZipFile, manifest: Manifest) -> None:
        """Of a zip whose manifest was read."""
        self._whole = whole
        self.manifest = manifest

    def check(self) -> None:
        """Hold every table against its digest. Raises ArchiveRefused."""
        for table in self.manifest.tables:
            digest = hashlib.sha256()
            try:
                with self._whole.open(table.file) as file:
                    for block in iter(lambda: file.read(_BLOCK), b""):
                        digest.update(block)
            except (KeyError, zipfile.BadZipFile, EOFError, OSError, ValueError) as broken:
                raise ArchiveRefused(f"The backup is damaged: {table.file} cannot be read.") from broken
            if digest.hexdigest() != table.sha256:
                raise ArchiveRefused(f"The backup is damaged: {table.file} is not what was written.")

    def rows(self, table: Table, model: type[models.Model]) -> Iterator[list[Any]]:
        """The rows of a table, in the order of its columns, as Python values of the model's fields."""
        by_name = {field.attname: field for field in _fields(model)}
        readers = [_reader(by_name[name]) for name in table.columns]
        with self._whole.open(table.file) as file:
            lines: IO[bytes] = file
            for line in lines:
                values = orjson.loads(line)
                yield [
                    value if value is None or read is None else read(value)
                    for read, value in zip(readers, values, strict=True)
                ]


def _manifest(whole: zipfile.ZipFile, path: Path) -> Manifest:
    try:
        raw = orjson.loads(whole.read(_MANIFEST))
        if raw["format"] > FORMAT:
            raise ArchiveRefused(f"{path} was made by Handfast {raw['handfast']}, which is newer than this one.")
        tables = tuple(Table(**{**each, "columns": tuple(each["columns"])}) for each in raw["tables"])
        migrations = tuple((app, name) for app, name in raw["migrations"])
        return Manifest(**{**raw, "tables": tables, "migrations": migrations})
    except (KeyError, TypeError, ValueError, zipfile.BadZipFile) as broken:
        raise ArchiveRefused(f"{path} is no backup, or a damaged one.") from broken


def columns_of(model: type[models.Model]) -> tuple[str, ...]:
    """The attributes that hold the columns of a model."""
    return tuple(field.attname for field in _fields(model))


def _fields(model: type[models.Model]) -> Sequence[Any]:
    return model._meta.concrete_fields  # noqa: SLF001 # Django's documented way to a model's columns


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, (bytes, memoryview)):
        return base64.b64encode(value).decode()
    raise TypeError(f"{type(value).__name__} has no form in a backup")


def _reader(field: Any) -> Callable[[Any], Any] | None:
    """How a value of a field is made of its JSON; None where it is the same."""
    target = field.target_field if field.is_relation else field
    if isinstance(target, models.BinaryField):
        return base64.b64decode
    if isinstance(target, (models.DecimalField, models.DateField, models.UUIDField, models.DurationField)):
        convert: Callable[[Any], Any] = target.to_python
        return convert
    return None
