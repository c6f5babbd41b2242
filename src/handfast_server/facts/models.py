"""Everything the service was told or noticed, append-only; replay needs nothing else."""

from __future__ import annotations

from django.db import models


class Fact(models.Model):
    """One fact. ``name`` is its id, made from source and source key, so that the same fact twice is one.

    ``recorded_at`` and ``position`` give the order in which facts were taken in, wherever that can matter: whatever
    shares a lead, or the team, was told under its lock. ``line`` is the fact itself (``handfast.history``); personal
    values are taken out of it when a lead is erased. ``alone``: it was decided without asking the team, or locking it.
    """

    name = models.CharField(max_length=300, unique=True)
    kind = models.CharField(max_length=40)
    lead = models.CharField(max_length=40, blank=True)
    happened_at = models.BigIntegerField()
    recorded_at = models.BigIntegerField()
    position = models.PositiveIntegerField(default=0)
    line = models.TextField()
    refused = models.CharField(max_length=60, blank=True)
    alone = models.BooleanField(default=False)

    class Meta:
        """Read by lead, and all in order."""

        indexes = (
            models.Index(fields=["lead", "recorded_at", "position"], name="fact_of_lead"),
            models.Index(fields=["recorded_at", "position"], name="fact_order"),
        )
