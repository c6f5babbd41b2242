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


class Upload(models.Model):
    """A history that somebody gave on a page: its files until they are read, then how much of it came in.

    ``mapping`` is how it is read, as the text of a mapping file. ``held_until``: a worker reads it, and had this long
    to say so again. What was refused stands in ``refused`` as lines of CSV.
    """

    class State(models.TextChoices):
        """How far it is."""

        LOOKED = "looked"  # given and looked at: nothing is taken in
        WAITING = "waiting"  # a worker takes it in, some hundred rows at a time
        DONE = "done"  # everything is in; the files are thrown away
        STOPPED = "stopped"  # somebody stopped it: what came in stays, it can go on
        FAILED = "failed"  # the files cannot be read; ``why`` says so

    state = models.CharField(max_length=10, choices=State.choices, default=State.LOOKED)
    source = models.CharField(max_length=60)
    zone = models.CharField(max_length=60)
    mapping = models.TextField(blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)
    refused = models.TextField(blank=True)
    why = models.TextField(blank=True)
    made_by = models.CharField(max_length=200)
    made_at = models.BigIntegerField()
    changed_at = models.BigIntegerField()
    held_until = models.BigIntegerField(default=0)


class UploadedFile(models.Model):
    """A file of an upload, compressed: in the database, as web and worker may be two machines."""

    upload = models.ForeignKey(Upload, models.CASCADE, related_name="files")
    name = models.CharField(max_length=200)
    size = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        """A mapping names files."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["upload", "name"], name="upload_names_a_file_once")]
