"""How often a process looks for garbage: what it made while it started is none, and what a batch makes is kept."""

from __future__ import annotations

import gc

_NEW = 50_000
"""Objects made and kept until the young are looked through. A batch of leads keeps some hundred thousand until it is
written; looking after every 700, as Python does, is a third of what the batch costs."""


def settle() -> None:
    """Leave out what stands now from every later look, and look more seldom: once everything is imported."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_NEW, 20, 20)
