"""A mapping: which file of an export is what, which column says what, and what the words in it mean."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from handfast.audit.column.amounts import DecimalMark
from handfast.audit.column.dates import DateOrder
from handfast.audit.roles import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class FileMapping:
    """How one file, or all files whose names match a pattern, is read."""

    file: str  # a name or a pattern such as "leads-*.csv"
    kind: Kind
    title: str = ""  # what it was recognised as: "HubSpot contacts"
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # header → roles
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # role → word → meaning
    constants: Mapping[str, str] = field(default_factory=dict)  # role → what every row says
    zone: str = ""  # of times without one; empty: as the mapping
    dates: DateOrder = DateOrder.AUTO
    decimals: DecimalMark = DecimalMark.AUTO
    encoding: str = ""  # a codec's name; empty: decided by the bytes
    delimiter: str = ""  # empty: decided by the first rows
    delivered_on_inquiry: bool = False  # of a system that leads enter when sales gets them; only asked when guessed
    guessed: bool = False  # words without a meaning in ``values`` may be guessed; never so in a mapping that is given

    def fits(self, name: str) -> bool:
        """Whether it is about a file of that name, with or without its folder; case is ignored."""
        wanted, whole = self.file.casefold(), name.casefold()
        plain = whole.rpartition("/")[2]
        return wanted in (plain, whole) or fnmatchcase(plain, wanted) or fnmatchcase(whole, wanted)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportMapping:
    """How a whole export is read. Files that no entry names are recognised by themselves, unless ``only`` is set."""

    files: tuple[FileMapping, ...] = ()
    zone: str = ""  # of times without one; empty: as given by the caller
    empty: tuple[str, ...] = ()  # more words that mean that nothing was chosen
    only: bool = False  # read no file that is not named here

    def for_file(self, name: str) -> FileMapping | None:
        """The first entry whose pattern fits a file's name; case is ignored."""
        return next((entry for entry in self.files if entry.fits(name)), None)

    def unfit(self, names: Iterable[str]) -> list[str]:
        """What entries that fit none of the files say of their file."""
        listed = list(names)
        return [entry.file for entry in self.files if not any(map(entry.fits, listed))]
