"""What measures need that no lead keeps, noted when it was decided; and the statements of closed periods."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Delivered(models.Model):
    """How a lead stood when its cycle was delivered, and when a contest over it was overturned."""

    cycle = models.CharField(max_length=120, primary_key=True)
    lead = models.CharField(max_length=40)
    band = models.CharField(max_length=20, blank=True)
    icp = models.SmallIntegerField(default=-1)
    signals = models.TextField(blank=True)  # the names of those that counted, with spaces between
    overturned_at = models.BigIntegerField(null=True)


class Touch(models.Model):
    """Outreach by a human of sales on a cycle that had been delivered."""

    fact = models.CharField(max_length=300, primary_key=True)
    lead = models.CharField(max_length=40)
    cycle = models.CharField(max_length=120, db_index=True)
    at = models.BigIntegerField()
    contact = models.BooleanField()
    recorded_at = models.BigIntegerField()


class Engagement(models.Model):
    """Something a lead did that the contract lets count in attribution, under the campaign of that moment."""

    fact = models.CharField(max_length=300, primary_key=True)
    lead = models.CharField(max_length=40, db_index=True)
    at = models.BigIntegerField()
    kind = models.CharField(max_length=100)
    campaign = models.CharField(max_length=200, blank=True)
    recorded_at = models.BigIntegerField()


class DealChange(models.Model):
    """A deal as it was from an instant on, as one lead was told of it."""

    key = models.CharField(max_length=560, primary_key=True)  # fact and deal
    lead = models.CharField(max_length=40)
    deal = models.CharField(max_length=200, db_index=True)
    at = models.BigIntegerField()
    state = models.CharField(max_length=10)
    opened_at = models.BigIntegerField()
    amount = models.DecimalField(max_digits=20, decimal_places=4, null=True)
    currency = models.CharField(max_length=3, blank=True)
    recorded_at = models.BigIntegerField()
    position = models.PositiveIntegerField(default=0)


class Spend(models.Model):
    """What marketing spent on a day, in hundredths of a currency. A row stays; of several the last counts."""

    day = models.DateField()
    source = models.CharField(max_length=200)
    campaign = models.CharField(max_length=200, blank=True)
    currency = models.CharField(max_length=3)
    amount = models.BigIntegerField()
    stated_at = models.BigIntegerField()
    stated_by = models.CharField(max_length=100)


class Statement(models.Model):
    """A closed period: ``content`` is what ``digest`` is of, written once and never changed."""

    period = models.CharField(max_length=20, primary_key=True)
    digest = models.CharField(max_length=64)
    content = models.TextField()
    closed_at = models.BigIntegerField()
    closed_by = models.CharField(max_length=200)


class StatementSignature(models.Model):
    """A consent to a closed period, one a side, kept beside the statement that it names by its digest."""

    period = models.ForeignKey(Statement, models.PROTECT, related_name="signatures", db_column="period")
    party = models.CharField(max_length=10)
    name = models.CharField(max_length=200)
    email = models.CharField(max_length=254)
    at = models.BigIntegerField()
    digest = models.CharField(max_length=64)

    class Meta:
        """The second of one side is refused by the database too."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["period", "party"], name="statement_side_signs_once")]


class Erased(models.Model):
    """A lead that was erased, and when; each folder of history loses its lines when next brought up to date."""

    lead = models.CharField(max_length=40, primary_key=True)
    at = models.BigIntegerField()
