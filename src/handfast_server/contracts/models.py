"""The signed versions of the contract; a row is written once and never changed."""

from __future__ import annotations

from django.db import models


class Version(models.Model):
    """One signed version. ``content`` are the sealed bytes that ``digest`` is of; ``text`` is the file as written."""

    number = models.PositiveIntegerField(primary_key=True)
    digest = models.CharField(max_length=64)
    content = models.BinaryField()
    text = models.TextField()
    proposed_at = models.BigIntegerField()
    in_force_from = models.BigIntegerField()
    signatures = models.JSONField(default=list)
    successions = models.JSONField(default=list)
