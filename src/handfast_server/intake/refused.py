"""An item that cannot be taken in as it is."""

from __future__ import annotations


class ItemRefused(Exception):
    """What is wrong with one item, and where in it."""

    def __init__(self, code: str, message: str, path: str = "") -> None:
        """Keep code and path for the answer."""
        super().__init__(message)
        self.code, self.path = code, path
