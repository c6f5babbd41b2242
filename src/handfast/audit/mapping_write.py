"""A mapping as YAML that a person can read and edit: what every column was taken for, and why."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from handfast.audit.column.amounts import DecimalMark
from handfast.audit.column.dates import DateOrder
from handfast.audit.export import Guess, SourceFile
from handfast.audit.mapping import ExportMapping, FileMapping
from handfast.audit.mapping_text import DELIMITERS, ENCODINGS, FORMAT
from handfast.contract.text.scalar import NotRead, scalar

_PLAIN = re.compile(r"[A-Za-z0-9_ÄÖÜäöüß/(][\w ./()%&+–-]*")
_NOTE_COLUMN = 52

HEAD = """\
# What the files of an export are and what their columns say. Edit it and give it back:
#   handfast audit EXPORT --mapping THIS_FILE
# Every role and every word is explained in docs/reference/mapping.md.
"""


def write_mapping(mapping: ExportMapping, files: Iterable[SourceFile] = ()) -> str:
    """The mapping as text; ``files`` of the export it was guessed for add the reasons as comments.

    ``read_mapping`` reads it back to an equal mapping.
    """
    guesses = {file.name.rpartition("/")[2]: file.guesses for file in files}
    lines = [HEAD + f"handfast_mapping: {FORMAT}"]
    if mapping.zone:
        lines.append(_noted(f"zone: {mapping.zone}", "of times that name none"))
    if mapping.empty:
        lines.append(_noted(f"empty: [{', '.join(map(_quoted, mapping.empty))}]", "mean that nothing was chosen"))
    lines.append(f"other_files: {'ignore' if mapping.only else 'recognise'}")
    lines.append("files:")
    for entry in mapping.files:
        lines += _entry(entry, guesses.get(entry.file, ()))
    return "\n".join(lines) + "\n"


def _entry(entry: FileMapping, guesses: Sequence[Guess]) -> Iterator[str]:
    yield f"  - file: {_quoted(entry.file)}"
    yield f"    kind: {entry.kind}"
    for key, value in _settings(entry):
        yield f"    {key}: {_quoted(value)}"
    yield from _columns(entry, guesses)
    if entry.constants:
        pairs = ", ".join(f"{role}: {_quoted(value)}" for role, value in entry.constants.items())
        yield _noted(f"    constants: {{{pairs}}}", "every row says so")
    if entry.values:
        yield "    values:"
        for role, words in entry.values.items():
            yield from _words(role, words)


def _settings(entry: FileMapping) -> Iterator[tuple[str, str]]:
    if entry.title:
        yield "title", entry.title
    if entry.zone:
        yield "zone", entry.zone
    if entry.dates is not DateOrder.AUTO:
        yield "dates", entry.dates
    if entry.decimals is not DecimalMark.AUTO:
        yield "decimals", entry.decimals
    for key, chosen, known in (("encoding", entry.encoding, ENCODINGS), ("delimiter", entry.delimiter, DELIMITERS)):
        yield from ((key, name) for name, code in known.items() if code == chosen)


def _columns(entry: FileMapping, guesses: Sequence[Guess]) -> Iterator[str]:
    why = {guess.header: guess for guess in guesses}
    yield "    columns:" if entry.columns else "    columns: {}"
    for header, roles in entry.columns.items():
        said = roles[0] if len(roles) == 1 else f"[{', '.join(roles)}]"
        guess = why.get(header)
        note = _note(guess) if guess and guess.confidence < 1 else ""
        yield _noted(f"      {_quoted(header)}: {said}", note)
    unread = [guess.header for guess in guesses if not guess.role]
    if unread:
        yield f"      # not read: {_one_line('; '.join(unread))}"


def _words(role: str, words: Mapping[str, str]) -> Iterator[str]:
    shown = {word: meaning for word, meaning in words.items() if word.isprintable()}
    yield f"      {role}:" if shown else f"      {role}: {{}}"
    for word, meaning in shown.items():
        yield f"        {_quoted(word)}: {_quoted(meaning)}"


def _noted(line: str, note: str) -> str:
    return f"{line.ljust(_NOTE_COLUMN)}  # {_one_line(note)}" if note else line


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _quoted(text: str) -> str:
    """A scalar of YAML that reads back as this very text."""
    if _PLAIN.fullmatch(text) and not text.endswith(" ") and " #" not in text and _is_text(text):
        return text
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _is_text(text: str) -> bool:
    try:
        return scalar(text) == text
    except NotRead:
        return False


def _note(guess: Guess) -> str:
    """How sure a guess is, and why where that is of interest."""
    sure = f"{guess.confidence:.0%} sure"
    return sure if guess.confidence >= 0.985 else f"{sure}: {guess.reason}"
