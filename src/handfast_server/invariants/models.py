"""What the last look found."""

from __future__ import annotations

from django.db import models


class Checked(models.Model):
    """A rule as it was last looked at. ``examples`` are ids of rows that break it, a few, one a line."""

    rule = models.CharField(max_length=60, primary_key=True)
    says = models.CharField(max_length=300)
    at = models.BigIntegerField()
    broken = models.PositiveIntegerField()
    examples = models.TextField(blank=True)
    since = models.BigIntegerField(null=True)
