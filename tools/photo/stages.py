"""The data that pages are photographed with: ``python -m photo.stages STAGE HOME`` makes them.

It runs in a process of its own for each stage, since the settings of a process are of one installation.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module

from handfast_server.operate.up import up

STAGES = ("full", "empty", "hostile", "closed")
"""A year; nothing at all; names and rows that nobody would wish for; a version that is not what was signed."""


def main(stage: str, home: str) -> None:
    """Make the data of one stage in a folder, and print its people and pages as JSON."""
    os.environ |= {"HANDFAST_HOME": home, "HANDFAST_LOG_LEVEL": "error", "HANDFAST_DEMONSTRATION": "yes"}
    up()
    import_module("photo.staged").main(stage)  # what it imports asks the settings


if __name__ == "__main__":
    main(*sys.argv[1:])
