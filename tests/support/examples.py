"""How many examples a property is tried on."""

from __future__ import annotations

import os

PROOF = os.environ.get("HANDFAST_HYPOTHESIS") == "proof"
"""Whether this is `make proof`: fresh seeds, and more of everything."""

TIMES = 10


def examples(number: int) -> int:
    """``number`` under `make test`, ten times as many under `make proof`."""
    return number * TIMES if PROOF else number
