"""A file that is no table."""

from __future__ import annotations


class NotATable(Exception):
    """A file that cannot be read as a table; the message says what it is instead. Never leaves the audit."""
