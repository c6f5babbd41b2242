"""Who did what when: plain rows, sealed afterwards."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Seal(models.Model):
    """A link of the chain: a batch of entries, by their commitments, after the link before it."""

    number = models.BigIntegerField(primary_key=True)
    at = models.BigIntegerField()
    count = models.PositiveIntegerField()
    before = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64)


class Entry(models.Model):
    """Somebody did something. ``details`` alone may be personal; they go, with the salt, when the lead is erased.

    ``commitment`` is a hash of the whole entry and its salt: while the salt is known it proves the entry, and without
    the salt nothing can be guessed from it. The chain holds commitments only, so that forgetting never breaks it.
    """

    at = models.BigIntegerField()
    who = models.CharField(max_length=100)
    what = models.CharField(max_length=60)
    about = models.CharField(max_length=320, blank=True)
    request_id = models.CharField(max_length=64, blank=True)
    lead = models.CharField(max_length=40, blank=True)
    details = models.TextField(blank=True)
    salt = models.CharField(max_length=64, blank=True)
    commitment = models.CharField(max_length=64)
    forgotten = models.BooleanField(default=False)
    seal = models.ForeignKey(Seal, models.PROTECT, null=True, db_index=False)
    place = models.PositiveIntegerField(default=0)

    class Meta:
        """Sealing asks for what has no seal, erasure by lead, reading by what it is about."""

        indexes = (
            models.Index(fields=["id"], condition=Q(seal__isnull=True), name="entry_unsealed"),
            models.Index(fields=["seal", "place"], name="entry_of_seal"),
            models.Index(fields=["lead"], condition=~Q(lead=""), name="entry_of_lead"),
            models.Index(fields=["about"], name="entry_about"),
        )
