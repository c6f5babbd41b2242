"""Words of others within a line of ours: what runs from right to left, or says that it does, stays within itself."""

from __future__ import annotations

import unicodedata

_BEGIN, _END = "\u2068", "\u2069"
"""First strong isolate, and its end; the end closes whatever the words opened and left open (Unicode annex 9, X6a)."""

_TURNS = frozenset(("R", "AL", "AN", "RLE", "RLO", "LRE", "LRO", "PDF", "RLI", "LRI", "FSI", "PDI"))


def apart(text: str) -> str:
    """The words, between marks that keep them apart where they would turn what stands around them."""
    turns = not text.isascii() and any(unicodedata.bidirectional(each) in _TURNS for each in text)
    return f"{_BEGIN}{text.replace(_END, '')}{_END}" if turns else text
