"""Text to physical lines, however long the file and however long a line in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

LONGEST = 1024 * 1024
"""Characters a row may have. Real rows with pasted e-mail threads reach a tenth of it; damage reaches beyond."""

KEPT = 2_000
"""Characters kept of a line that is longer than that, for the file of refused rows."""


@dataclass(slots=True)
class Block:
    """Some lines in a row, without their ends. ``too_long`` holds positions of lines of which only a part was kept."""

    first: int  # number of the first line, counted from 1
    lines: list[str]
    too_long: set[int] = field(default_factory=set)


def blocks(texts: Iterable[str], *, returns_only: bool = False, longest: int = LONGEST) -> Iterator[Block]:
    """Cut text into blocks of whole lines. Lines end in LF or CR LF, or in CR alone when ``returns_only``."""
    end = "\r" if returns_only else "\n"
    number = 1
    carry = ""
    overflow = False  # the line under way is too long: drop what follows, up to its end
    for text in texts:
        lines = (carry + text).split(end)
        carry = lines.pop()
        if lines:
            block = Block(number, _ended(lines, end))
            if overflow:
                block.lines[0] = block.lines[0][:KEPT]
            _shorten(block, longest, first=overflow)
            overflow = False
            yield block
            number += len(lines)
        if len(carry) > longest:
            carry, overflow = carry[:KEPT], True
        elif overflow:
            carry = carry[:KEPT]
    if carry or overflow:
        block = Block(number, _ended([carry], end))
        _shorten(block, longest, first=overflow)
        yield block


def _ended(lines: list[str], end: str) -> list[str]:
    """Drop the CR of CR LF."""
    if end == "\n" and any(line.endswith("\r") for line in lines):
        return [line.removesuffix("\r") for line in lines]
    return lines


def _shorten(block: Block, longest: int, *, first: bool) -> None:
    if first:
        block.too_long.add(0)
    if max(map(len, block.lines), default=0) <= longest:
        return
    for position, line in enumerate(block.lines):
        if len(line) > longest:
            block.lines[position] = line[:KEPT]
            block.too_long.add(position)
