"""Leads as the engine keeps them, the keys by which they are found, what they did, and their accounts."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Account(models.Model):
    """A company. Normalised values are what the matcher compares (``handfast.match``)."""

    id = models.CharField(max_length=40, primary_key=True)
    name = models.CharField(max_length=300, blank=True)
    normal_name = models.CharField(max_length=300, blank=True, db_index=True)
    domain = models.CharField(max_length=253, blank=True, db_index=True)
    phone = models.CharField(max_length=40, blank=True)
    postcode = models.CharField(max_length=20, blank=True)
    customer = models.BooleanField(default=False)
    created_at = models.BigIntegerField()


class Lead(models.Model):
    """A human prospect. ``state`` is the engine's value (``bridge.lead``), the columns beside it are for finding it.

    ``told_at`` is the ``recorded_at`` of the latest fact: the next one's is later, whatever the clocks of machines say.
    ``acts`` is how many rows of activities there are. ``audience`` is whom marketing counts it to
    (``delivery.audiences``).
    """

    id = models.CharField(max_length=40, primary_key=True)
    created_at = models.BigIntegerField()
    state = models.TextField(blank=True)
    told_at = models.BigIntegerField(default=0)
    acts = models.PositiveIntegerField(default=0)
    due_at = models.BigIntegerField(null=True)
    account = models.ForeignKey(Account, models.SET_NULL, null=True)
    email = models.CharField(max_length=320, blank=True)
    name = models.CharField(max_length=300, blank=True)
    company = models.CharField(max_length=300, blank=True)
    phone = models.CharField(max_length=60, blank=True)
    title = models.CharField(max_length=300, blank=True)
    fit = models.IntegerField(default=0)
    behaviour = models.IntegerField(default=0)
    band = models.CharField(max_length=20, blank=True)
    audience = models.CharField(max_length=20, blank=True, default="", db_default="")
    merged_into = models.CharField(max_length=40, blank=True)
    erased = models.BooleanField(default=False)

    class Meta:
        """The sweep asks for the earliest due, whoever exports an audience for its leads page by page."""

        indexes = (
            models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="lead_due"),
            models.Index(fields=["audience", "id"], condition=~Q(audience=""), name="lead_in_audience"),
        )


class Key(models.Model):
    """Something that names one lead: a normalised e-mail address, an id of another system, an anonymous id."""

    kind = models.CharField(max_length=60)
    value = models.CharField(max_length=320)
    lead = models.ForeignKey(Lead, models.CASCADE)

    class Meta:
        """A key names one lead: concurrent first sights make one."""

        constraints = (models.UniqueConstraint(fields=["kind", "value"], name="key_names_one_lead"),)


class Activity(models.Model):
    """Something a lead did, in the order in which it was told: what a new version counts again, and a timeline."""

    lead = models.ForeignKey(Lead, models.CASCADE)
    position = models.PositiveIntegerField()
    happened_at = models.BigIntegerField()
    kind = models.CharField(max_length=100)
    properties = models.TextField(blank=True)
    loaded = models.BooleanField(default=False)

    class Meta:
        """Read by lead in order."""

        constraints = (models.UniqueConstraint(fields=["lead", "position"], name="activity_in_order"),)
