"""Facts found by their names."""

from __future__ import annotations

from django.db import connection
from django.db.models import QuerySet

from handfast_server.facts.models import Fact


def named_from(prefix: str) -> QuerySet[Fact]:
    """The facts whose names begin so, found by the index of names on both databases.

    SQLite asks no index for a LIKE; for it the names are a range. PostgreSQL has an index for LIKE, and no range: what
    lies between two texts is a matter of its collation.
    """
    if connection.vendor == "postgresql":
        return Fact.objects.filter(name__startswith=prefix)
    behind = prefix[:-1] + chr(ord(prefix[-1]) + 1)
    return Fact.objects.filter(name__gte=prefix, name__lt=behind)
