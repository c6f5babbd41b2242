"""Bytes or text → a tree of values with their places. Strict YAML 1.2: no aliases, tags, merge keys or surprises.

The parser's events are put together by hand, in a loop: nothing recurses, every limit is counted while reading, and
every value keeps its place. What is wrong becomes a problem and reading goes on, except after a syntax error.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import yaml

from handfast.contract.text.scalar import NotRead, scalar
from handfast.contract.text.syntax import plain_words
from handfast.contract.text.tree import Leaf, Marks, Node, Scalar, Series, Table
from handfast.problem import Mark, Path, Problem, Problems

LARGEST = 1024 * 1024
"""Bytes a contract may have."""

DEEPEST = 40
"""Levels of nesting a contract may have."""

MOST_VALUES = 25_000
"""Values a contract may hold, all together."""

MOST_KEYS = 1_000
"""Keys one mapping may hold; long enumerations are lists."""

_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\u200a\u200c-\u2029\u202f-\u205f\u2061-\u2065\u206a-\ud7ff"
                          "\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")  # fmt: skip
# YAML's printable characters, less those that make a text look like another one (bidirectional overrides and
# isolates, zero-width space and joiner of words, a byte order mark inside): a signed text must read as it is.

_FOREIGN = (
    (b"%PDF", "This is a PDF, not a contract; export or copy the text into a .yaml file."),
    (b"PK\x03\x04", "This is an Office or ZIP file, not a contract; a contract is a plain text file ending in .yaml."),
    (b"\xd0\xcf\x11\xe0", "This is an Office file, not a contract; a contract is a plain text file ending in .yaml."),
    (b"\xff\xfe", "This text is encoded as UTF-16; save it as UTF-8."),
    (b"\xfe\xff", "This text is encoded as UTF-16; save it as UTF-8."),
    (b"{\\rtf", "This is an RTF file, not a contract; save it as plain text ending in .yaml."),
)
_MARKUP = re.compile(rb"\s*<(?:!doctype|html|\?xml|head|body)", re.IGNORECASE)
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Text:
    """A document as read: its tree, if it has one, and whether the text could be read to its end."""

    root: Node | None
    whole: bool

    @property
    def marks(self) -> Marks:
        """Where each value stands."""
        return Marks(self.root)


def read(source: bytes | str, problems: Problems) -> Text:
    """The tree of a contract text; whatever is wrong with the text itself goes to ``problems``."""
    text = _decoded(source, problems)
    if text is None:
        return Text(None, whole=False)
    composer = _Composer(problems)
    whole = composer.run(text)
    return Text(composer.root, whole=whole)


def _decoded(source: bytes | str, problems: Problems) -> str | None:
    raw = source.encode("utf-8", "surrogatepass") if isinstance(source, str) else source
    reason = _foreign(raw)
    if reason:
        problems.add("not_a_contract", (), reason)
        return None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        _refuse_byte(raw, error.start, problems)
        return None
    found = _UNPRINTABLE.search(text)
    if found is None:
        return text
    message = f"The character U+{ord(found[0]):04X} may not stand in a contract: it cannot be seen."
    _add(problems, "unprintable", (), message, _place(text, found.start()))
    return None


def _foreign(raw: bytes) -> str:
    if len(raw) > LARGEST:
        return f"The file has {len(raw):,} bytes; a contract has at most {LARGEST:,} (1 MiB)."
    for start, reason in _FOREIGN:
        if raw.startswith(start):
            return reason
    if _MARKUP.match(raw[:200]):
        return "This is a web page or XML, not a contract; a contract is a plain text file ending in .yaml."
    return ""


def _refuse_byte(raw: bytes, start: int, problems: Problems) -> None:
    before = raw[:start].decode("utf-8", "replace")
    message = f"The byte 0x{raw[start]:02X} is not UTF-8; save the file as UTF-8."
    _add(problems, "not_utf8", (), message, _place(before, len(before)))


def _place(text: str, offset: int) -> Mark:
    line_start = text.rfind("\n", 0, offset) + 1
    return Mark(text.count("\n", 0, offset) + 1, offset - line_start + 1)


def _add(problems: Problems, code: str, path: Path, message: str, mark: Mark) -> None:
    problems.put(Problem(code=code, path=path, message=message, mark=mark))


class _Stop(Exception):
    """Reading on would cost more than it tells."""


@dataclass(slots=True)
class _InSeries:
    """A list being filled."""

    node: Series

    @property
    def part(self) -> str | int | None:
        return len(self.node.items)

    def store(self, node: Node) -> None:
        self.node.items.append(node)


@dataclass(slots=True)
class _InTable:
    """A mapping being filled: ``key`` is the one whose value comes next, ``refused`` if that value is dropped."""

    node: Table
    key: str | None = None
    mark: Mark = field(default_factory=lambda: Mark(1, 1))
    refused: bool = False

    @property
    def part(self) -> str | int | None:
        return self.key

    @property
    def wants_key(self) -> bool:
        return self.key is None and not self.refused

    def store(self, node: Node) -> None:
        if self.key is not None:
            self.node.entries[self.key] = node
            self.node.keys[self.key] = self.mark
        self.key, self.refused = None, False


class _Composer:
    """Puts a stream of parser events together; holds the path as a stack of frames."""

    def __init__(self, problems: Problems) -> None:
        self.root: Node | None = None
        self._problems = problems
        self._frames: list[_InSeries | _InTable] = []
        self._values = 0
        self._documents = 0

    def run(self, text: str) -> bool:
        """True when the text could be read to its end."""
        try:
            for event in yaml.parse(text, Loader=_LOADER):
                self._take(event)
        except yaml.MarkedYAMLError as error:
            where = error.problem_mark or error.context_mark
            mark = Mark(where.line + 1, where.column + 1) if where is not None else Mark(1, 1)
            _add(self._problems, "syntax", (), plain_words(text, error), mark)
            return False
        except _Stop:
            return False
        return True

    def _take(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.ScalarEvent):
            self._scalar(event)
        elif isinstance(event, yaml.CollectionStartEvent):
            self._open(event)
        elif isinstance(event, yaml.CollectionEndEvent):
            self._close()
        elif isinstance(event, yaml.AliasEvent):
            self._refuse("alias", event, f"The alias *{event.anchor} is not used in contracts; write the value itself.")
            self._value_or_key(Leaf(None, _mark(event)), event)
        elif isinstance(event, yaml.DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                self._refuse("several_documents", event, "A second document begins here; a file holds one contract.")
                raise _Stop

    def _path(self) -> Path:
        return tuple(frame.part for frame in self._frames if frame.part is not None)

    @property
    def _keyless(self) -> _InTable | None:
        """The mapping that waits for its next key, if that is what comes now."""
        frame = self._frames[-1] if self._frames else None
        return frame if isinstance(frame, _InTable) and frame.wants_key else None

    def _refuse(self, code: str, event: yaml.Event, message: str) -> None:
        _add(self._problems, code, self._path(), message, _mark(event))

    def _check(self, event: yaml.ScalarEvent | yaml.CollectionStartEvent) -> None:
        if event.anchor is not None:
            self._refuse("anchor", event, f"The anchor &{event.anchor} is not used in contracts; remove it.")
        if event.tag is not None:
            self._refuse("tag", event, f"The tag {event.tag[:40]} is not used in contracts; remove it.")
        self._values += 1
        if self._values > MOST_VALUES:
            self._refuse("too_many", event, f"The text holds more than {MOST_VALUES:,} values; a contract is shorter.")
            raise _Stop

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        self._check(event)
        self._value_or_key(Leaf(self._read(event), _mark(event)), event)

    def _read(self, event: yaml.ScalarEvent) -> Scalar:
        text: str = event.value
        if _UNPRINTABLE.search(text):
            self._refuse("unprintable", event, "This text holds a character that cannot be seen.")
            return None
        if not event.implicit[0]:
            return text
        try:
            return scalar(text)
        except NotRead as why:
            self._refuse("number", event, str(why))
            return None

    def _open(self, event: yaml.CollectionStartEvent) -> None:
        self._check(event)
        if len(self._frames) >= DEEPEST:
            self._refuse("too_deep", event, f"This is nested more than {DEEPEST} levels deep.")
            raise _Stop
        if self._keyless is not None:
            self._refuse("key", event, "A key is one word, not a list or mapping.")
            raise _Stop
        mark = _mark(event)
        self._frames.append(
            _InTable(Table(mark)) if isinstance(event, yaml.MappingStartEvent) else _InSeries(Series(mark))
        )

    def _close(self) -> None:
        self._store(self._frames.pop().node)

    def _value_or_key(self, leaf: Leaf, event: yaml.Event) -> None:
        frame = self._keyless
        if frame is None:
            self._store(leaf)
            return
        frame.refused = True
        if self._fits(frame.node, leaf, event):
            frame.key, frame.mark, frame.refused = str(leaf.value), leaf.mark, False

    def _fits(self, table: Table, leaf: Leaf, event: yaml.Event) -> bool:
        """Whether this may be the next key; if not, its value is read and dropped."""
        key = leaf.value
        if not isinstance(key, str):
            shown = event.value[:40] if isinstance(event, yaml.ScalarEvent) else ""
            self._refuse("key", event, f"The key {shown!r} is not a word; put it in quotes if it is meant.")
        elif key == "<<" and isinstance(event, yaml.ScalarEvent) and event.implicit[0]:
            self._refuse("merge_key", event, "Merge keys (<<) are not used in contracts; write the keys themselves.")
        elif key in table.entries:
            message = f"{key[:60]!r} is already given on line {table.keys[key].line}; keep one of the two."
            _add(self._problems, "duplicate_key", (*self._path(), key), message, leaf.mark)
        elif len(table.entries) >= MOST_KEYS:
            self._refuse("too_many", event, f"More than {MOST_KEYS:,} keys in one mapping; a contract is shorter.")
            raise _Stop
        else:
            return True
        return False

    def _store(self, node: Node) -> None:
        if self._frames:
            self._frames[-1].store(node)
        else:
            self.root = node


def _mark(event: yaml.Event) -> Mark:
    start = event.start_mark
    return Mark(1, 1) if start is None else Mark(start.line + 1, start.column + 1)
