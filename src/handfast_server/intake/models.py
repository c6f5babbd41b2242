"""Where things come from, and what of them waits: for a name, or for somebody to look at it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class SourceKind(models.TextChoices):
    """How a source speaks."""

    TRACKING = "tracking"  # as Segment's libraries do
    FORM = "form"  # a form on a web site, or the hosted one
    WEBHOOK = "webhook"  # whatever another system posts, read by a mapping


class Source(models.Model):
    """Something outside that may post without a person's token. Its name stands before its keys in names of facts.

    ``digest`` is of the write key of a tracking source, looked up whole; ``secret`` signs webhooks, encrypted.
    """

    name = models.SlugField(max_length=60, unique=True)
    kind = models.CharField(max_length=10, choices=SourceKind.choices)
    digest = models.CharField(max_length=64, unique=True, null=True)  # noqa: DJ001 # several have none
    secret = models.TextField(blank=True)
    origins = models.JSONField(default=list)
    settings = models.JSONField(default=dict)
    mapping = models.JSONField(default=dict)
    active = models.BooleanField(default=True)
    made_at = models.BigIntegerField()


class EventRule(models.Model):
    """What an event of a tracking source is called in the contract, and where its properties come from."""

    source = models.ForeignKey(Source, models.CASCADE)
    event = models.CharField(max_length=200)
    kind = models.CharField(max_length=100)
    properties = models.JSONField(default=dict)

    class Meta:
        """One meaning an event."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["source", "event"], name="event_means_one_thing")]


class AccountKey(models.Model):
    """What an account is looked up by: normalised name, domain, end of a telephone number, postcode."""

    account = models.CharField(max_length=40, db_index=True)
    kind = models.CharField(max_length=10)
    value = models.CharField(max_length=300)

    class Meta:
        """Looked up by value."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "value", "account"], name="account_key_once"),
        ]


class Nameless(models.Model):
    """What a visitor did of whom nothing is known but an anonymous id: told once they say who they are."""

    name = models.CharField(max_length=300, unique=True)
    anonymous = models.CharField(max_length=320, db_index=True)
    line = models.TextField()
    happened_at = models.BigIntegerField()
    received_at = models.BigIntegerField(db_index=True)


class SetAside(models.Model):
    """Something that could not be taken in, kept so that it can be told again once its cause is mended.

    ``who`` are the keys in it, by which an erasure reaches it.
    """

    name = models.CharField(max_length=300, unique=True)
    source = models.CharField(max_length=60)
    at = models.BigIntegerField(db_index=True)
    code = models.CharField(max_length=60)
    message = models.TextField()
    body = models.TextField()
    who = models.JSONField(default=list)


class Bucket(models.Model):
    """How many requests somebody has left; ``name`` tells of an address only by a hash that changes daily."""

    name = models.CharField(max_length=100, primary_key=True)
    left = models.FloatField()
    at = models.BigIntegerField()


class ImportRun(models.Model):
    """How far a file of history has been read, by the digest of its content: it goes on there."""

    digest = models.CharField(max_length=64, primary_key=True)
    done = models.PositiveBigIntegerField(default=0)
    at = models.BigIntegerField()
