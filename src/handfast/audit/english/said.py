"""How a share, a split and a list of words are said in the middle of a sentence."""

from __future__ import annotations

from collections.abc import Iterable

from handfast.audit.english import words
from handfast.stats import wilson


def share(top: int, bottom: int) -> str:
    """``27 %``, with as many decimals as its interval bears."""
    low, high = _limits(top, bottom)
    return words.share(top / bottom if bottom else None, places=words.places(low, high))


def spread(top: int, bottom: int) -> str:
    """``25–30 %``."""
    low, high = _limits(top, bottom)
    return words.interval(low, high, places=words.places(low, high))


def both(top: int, bottom: int) -> str:
    """``27 %, 25–30 %``."""
    return f"{share(top, bottom)}, {spread(top, bottom)}"


def parts(by: str, counted: Iterable[tuple[str, int]]) -> str:
    """``By owner: sam 140, lena 90, no owner 60.``; empty when there is nothing to tell apart."""
    found = list(counted)
    if not any(word for word, _ in found):
        return ""
    said = ", ".join(f"{words.name(word) or f'no {by}'} {words.count(number)}" for word, number in found)
    return f"By {by}: {said}."


def _limits(top: int, bottom: int) -> tuple[float | None, float | None]:
    return wilson(top, bottom) or (None, None)
