"""How many requests somebody may send: a bucket of tokens in the database, one for all processes."""

from __future__ import annotations

import hmac

from django.conf import settings
from django.db import connection

from handfast.instant import DAY, MINUTE
from handfast_server.decide.transaction import writing
from handfast_server.intake.models import Bucket
from handfast_server.now import now


def may_pass(who: str, per_minute: int, burst: int = 0) -> bool:
    """Whether one more request is let through. ``burst``: so many at once; as many as a minute's when left out."""
    at, most = now(), float(burst or per_minute)
    least = "MIN" if connection.vendor == "sqlite" else "LEAST"
    filled = f'{least}(%s, b."left" + %s * (excluded.at - b.at))'
    statement = (
        'INSERT INTO intake_bucket AS b (name, "left", at) VALUES (%s, %s, %s) ON CONFLICT (name) DO UPDATE '  # noqa: S608 # our own words
        f'SET "left" = {filled} - 1, at = excluded.at WHERE {filled} >= 1 RETURNING "left"'
    )
    rate = per_minute / MINUTE
    with writing(), connection.cursor() as cursor:
        cursor.execute(statement, [who, most - 1, at, most, rate, most, rate])
        return cursor.fetchone() is not None


def hashed(address: str) -> str:
    """An address as it may stand in a bucket: nobody can tell it from that, and tomorrow it is another."""
    day = str(now() // DAY)
    return hmac.digest(settings.SECRET_KEY.encode(), f"{day} {address}".encode(), "sha256").hex()[:24]


def forget_idle() -> int:
    """Drop buckets that are full again; how many there were."""
    return Bucket.objects.filter(at__lt=now() - DAY).delete()[0]
