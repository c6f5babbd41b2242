"""What the worker could not do, and how far it is with what takes it a day."""

from __future__ import annotations

from django.db import models


class Problem(models.Model):
    """A unit of work that raised, set aside until ``retry_at`` so that it holds up no other.

    ``name`` is what it was (``lead:…``, ``loop:…``), ``fingerprint`` tells where it raised: the same for the same
    fault. The message of an error can hold what a person typed, and is not kept.
    """

    name = models.CharField(max_length=320, primary_key=True)
    loop = models.CharField(max_length=60)
    error = models.CharField(max_length=200)
    place = models.CharField(max_length=300)
    fingerprint = models.CharField(max_length=64)
    count = models.PositiveIntegerField(default=1)
    first_at = models.BigIntegerField()
    last_at = models.BigIntegerField()
    retry_at = models.BigIntegerField(db_index=True)


class Progress(models.Model):
    """How far a loop is that goes through everything once a day."""

    loop = models.CharField(max_length=60, primary_key=True)
    day = models.CharField(max_length=60)
    place = models.CharField(max_length=200, blank=True)
