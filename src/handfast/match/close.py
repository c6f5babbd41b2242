"""Whether two names of companies lie close to each other."""

from __future__ import annotations

SHORTEST = 4
"""Shorter names are close to nothing but themselves: ``IBM`` and ``IBS`` are two companies."""


def close(one: str, other: str) -> bool:
    """Whether two normalised names may mean one company. Nothing is decided by that alone.

    They are written alike but for blanks; or one begins with all words of the other (``acme``, ``acme robotics``); or
    a slip or two of the pen lie between them: a letter more, less, other, or two neighbours swapped, one up to nine
    letters, two from ten on.
    """
    if min(len(one), len(other)) < SHORTEST:
        return False
    if _begins(one, other) or _begins(other, one):
        return True
    mine, theirs = one.replace(" ", ""), other.replace(" ", "")
    allowed = 1 if min(len(mine), len(theirs)) < 10 else 2
    return abs(len(mine) - len(theirs)) <= allowed and _slips(mine, theirs) <= allowed


def _begins(longer: str, shorter: str) -> bool:
    return f"{longer} ".startswith(f"{shorter} ")


def _slips(one: str, other: str) -> int:
    """Letters more, less, other, or swapped with their neighbour (optimal string alignment)."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, mine in enumerate(one, 1):
        before, above, row = row, before, [i]
        for j, theirs in enumerate(other, 1):
            least = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (mine != theirs))
            if i > 1 and j > 1 and mine == other[j - 2] and one[i - 2] == theirs:
                least = min(least, above[j - 2] + 1)
            row.append(least)
    return row[-1]
