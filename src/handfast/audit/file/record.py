"""Lines to records, with damage kept where it happened.

A quote that is never closed would make an ordinary reader swallow every row up to the next quote. Here a record
may run over several lines only if it then parses without fault into as many fields as the header has, is not
longer than a row may be, and does not contain what are plainly whole rows; otherwise its first line alone is
refused, and reading goes on with the next.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from handfast.audit.file.charset import mended
from handfast.audit.file.line import LONGEST, Block

MOST_LINES = 10_000  # physical lines in one record
MOST_AT_ONCE, FEWEST_AT_ONCE = 8_192, 8  # lines read the fast way, between damage
NEVER_CLOSED = "a quote is opened and not closed"


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that was not used: where it begins, why, and its text as it stands in the file."""

    line: int
    reason: str
    text: str


@dataclass(slots=True)
class Batch:
    """Records in file order, each with the line it begins on and its original text, and what was refused among them."""

    rows: list[list[str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    stray: int = 0  # rows read as Windows-1252 within a UTF-8 file
    bytes_done: int = 0


class Records:
    """Reads the records of one delimited file, batch by batch."""

    def __init__(self, delimiter: str, width: int, *, stray: bool = False) -> None:
        """``width``: fields of the header. ``stray``: look for bytes that are not of the charset."""
        self._delimiter = delimiter
        self._width = width
        self._stray = stray
        self._waiting: list[tuple[int, str]] = []  # lines of a record not known to be complete, with their numbers
        self._waiting_size = 0
        self._still_open, self._closed = _continuations(delimiter)

    def batches(self, blocks: Iterable[Block], header_line: int) -> Iterator[Batch]:
        """Every record after the header. Blank lines between records are no records."""
        for block in blocks:
            batch = Batch()
            self._block(block, max(0, header_line + 1 - block.first), batch)
            yield batch
        last = Batch()
        while self._waiting:
            self._give_up(last)
        yield last

    def _block(self, block: Block, start: int, batch: Batch) -> None:
        """The fast way as far as rows are good; behind one that is not, a record the careful way, and on."""
        joined = "\n".join(block.lines)
        if block.too_long or "\0" in joined or "\r" in joined or (self._stray and not _clean(joined)):
            self._piecewise(block, start, batch)
            return
        size = MOST_AT_ONCE
        while start < len(block.lines):
            first = block.first + start
            lines = [] if self._waiting else block.lines[start : start + size]
            done = self._quickly(lines, first, batch)
            start += done
            if done < len(lines) or not lines:
                self._take(block.first + start, block.lines[start], batch)
                start += 1
                # An open quote makes the reader run to the end of what it is given: give it less where they are many.
                size = max(FEWEST_AT_ONCE, size // 4)
            else:
                size = min(MOST_AT_ONCE, size * 2)

    def _quickly(self, lines: list[str], first: int, batch: Batch) -> int:
        """Read good records the fast way; returns how many lines they take."""
        if any('"' in line for line in lines):
            return self._quoted(lines, first, batch)
        rows = [line.split(self._delimiter) for line in lines]
        good = 0
        for place in [place for place, row in enumerate(rows) if len(row) != self._width]:
            self._extend(rows, lines, first, batch, good, place)
            self._take(
                first + place, lines[place], batch
            )  # without quotes it is a record or none, but never half of one
            good = place + 1
        self._extend(rows, lines, first, batch, good, len(lines))
        return len(lines)

    @staticmethod
    def _extend(rows: list[list[str]], lines: list[str], first: int, batch: Batch, start: int, end: int) -> None:
        batch.rows += rows[start:end]
        batch.lines += range(first + start, first + end)
        batch.texts += lines[start:end]

    def _quoted(self, lines: list[str], first: int, batch: Batch) -> int:
        """Good records among lines with quotes; returns how many lines they take."""
        reader = csv.reader((line + "\n" for line in lines), delimiter=self._delimiter, strict=True)
        done = 0
        try:
            for row in reader:
                end = reader.line_num
                if len(row) != self._width or (end - done > 2 and self._swallowed(lines[done:end])):
                    break
                batch.rows.append(row)
                batch.lines.append(first + done)
                batch.texts.append(lines[done] if end == done + 1 else "\n".join(lines[done:end]))
                done = end
        except csv.Error:
            pass  # what is wrong here is found out line by line
        return done

    def _piecewise(self, block: Block, start: int, batch: Batch) -> None:
        """The careful way: line by line, records assembled from as many lines as they need."""
        for position in range(start, len(block.lines)):
            number, line = block.first + position, block.lines[position]
            if position in block.too_long:
                while self._waiting:
                    self._give_up(batch)
                reason = f"the row is longer than {LONGEST:,} characters"
                batch.refused.append(Refusal(number, reason, line))
                continue
            self._take(number, line, batch)

    def _take(self, number: int, line: str, batch: Batch) -> None:
        if not self._waiting:
            if line.strip():
                self._try([(number, line)], batch)
            return
        self._waiting.append((number, line))
        self._waiting_size += len(line) + 1
        if self._still_open.fullmatch(line):
            if self._waiting_size > LONGEST or len(self._waiting) > MOST_LINES:
                self._give_up(batch)
        elif self._closed.fullmatch(line):
            waiting, self._waiting = self._waiting, []
            self._try(waiting, batch)
        else:
            self._give_up(batch)

    def _try(self, lines: list[tuple[int, str]], batch: Batch) -> None:
        """Read the lines as one record: use it, refuse it, or wait for more lines."""
        text = "\n".join(line for _, line in lines)
        row, fault = _parse(text, self._delimiter)
        if row is None and not fault:
            self._waiting, self._waiting_size = lines, len(text)
        elif len(lines) > 1 and (row is None or not self._wide(row)):
            # It may be a good record behind a damaged one: only the first line is surely lost.
            counted = f"; read over {len(lines)} lines, it has {len(row)} fields" if row else ""
            self._resume(lines, batch, f"{NEVER_CLOSED}{counted}")
        elif len(lines) > 1 and self._swallowed([line for _, line in lines]):
            self._resume(lines, batch, f"{NEVER_CLOSED} before whole rows")
        elif row is None:
            batch.refused.append(Refusal(lines[0][0], fault, text))
        else:
            self._judge(row, lines[0][0], text, batch)

    def _wide(self, row: list[str]) -> bool:
        """Whether a record has the header's fields; more of them are allowed where they are empty."""
        return len(row) >= self._width and not any(row[self._width :])

    def _judge(self, row: list[str], number: int, text: str, batch: Batch) -> None:
        """A record that parses: use it if it is as wide as the header and holds nothing foreign."""
        if not self._wide(row):
            reason = f"{len(row)} fields where the header has {self._width}"
            batch.refused.append(Refusal(number, reason, text))
        elif "\0" in text:
            batch.refused.append(Refusal(number, "the row holds zero bytes", text))
        elif self._stray and not _clean(text):
            self._mend(number, text, batch)
        else:
            self._keep(row[: self._width], number, text, batch)

    def _mend(self, number: int, text: str, batch: Batch) -> None:
        better = mended(text)
        row = _parse(better, self._delimiter)[0] if better is not None else None
        if better is None or row is None:
            shown = text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
            batch.refused.append(Refusal(number, "bytes that belong to no known charset", shown))
        else:
            batch.stray += 1
            self._keep(row[: self._width], number, better, batch)

    def _keep(self, row: list[str], number: int, text: str, batch: Batch) -> None:
        batch.rows.append(row)
        batch.lines.append(number)
        batch.texts.append(text)

    def _give_up(self, batch: Batch) -> None:
        """The record under way never ends well: refuse its first line and go on with the second."""
        waiting, self._waiting = self._waiting, []
        self._resume(waiting, batch, NEVER_CLOSED)

    def _resume(self, lines: list[tuple[int, str]], batch: Batch, reason: str) -> None:
        number, text = lines[0]
        batch.refused.append(Refusal(number, reason, text))
        for later, line in lines[1:]:
            self._take(later, line, batch)

    def _swallowed(self, lines: list[str]) -> bool:
        """Whether most lines in the middle of a record are plainly rows of their own."""
        if self._width < 3:
            return False
        middle = lines[1:-1]
        whole = sum(len(_parse(line, self._delimiter)[0] or ()) == self._width for line in middle)
        return 2 * whole > len(middle)


def _continuations(delimiter: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What a line can be that stands inside an open quote: still open at its end, or properly closed in it."""
    cut = re.escape(delimiter)
    inside = r'(?:[^"]|"")*+'
    field_ = rf'(?:"{inside}"|(?!")[^{cut}]*+)'
    return (
        re.compile(rf'{inside}(?:"(?:{cut}{field_})*{cut}"{inside})?'),
        re.compile(rf'{inside}"(?:{cut}{field_})*+'),
    )


def _clean(text: str) -> bool:
    """Whether no byte was foreign to the charset."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _parse(text: str, delimiter: str) -> tuple[list[str] | None, str]:
    """One record, or None with the fault; an empty fault means that a quote is still open."""
    try:
        rows = list(
            csv.reader(text.split("\n") if "\n" not in text else _lines(text), delimiter=delimiter, strict=True)
        )
    except csv.Error as fault:
        if "unexpected end of data" in str(fault):
            return None, ""
        return None, "text follows a closing quote" if "expected after" in str(fault) else f"not readable: {fault}"
    return (rows[0], "") if len(rows) == 1 else (None, NEVER_CLOSED)


def _lines(text: str) -> list[str]:
    return [line + "\n" for line in text.split("\n")]
