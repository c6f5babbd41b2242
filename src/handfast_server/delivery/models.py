"""What is to be sent: written in the transaction that decided it, sent by the worker afterwards."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from handfast_server.accounts.models import User


class Message(models.Model):
    """One message of the outbox under an id that stays the same however often it is tried.

    ``event`` is what happened (``delivery.events``); ``to`` is whom it is for: a rep's name or an address
    (channel ``person``), a mailbox (``mail``), a channel's id (``chat``), an endpoint's id (``webhook``).
    ``not_after``: later it is recorded and not sent. ``created_at`` and ``position`` give the order of the messages of
    one lead. A message that is leased is due again when the lease is over.
    """

    class State(models.TextChoices):
        """Where it stands."""

        READY = "ready"
        SENT = "sent"  # for a person: handed to the mailbox and channels that they chose
        LATE = "late"  # found after ``not_after``
        SKIPPED = "skipped"  # nobody wants it, or there is no way to them; ``error`` says which
        DEAD = "dead"  # given up; an administrator can have it sent again

    id = models.CharField(max_length=40, primary_key=True)
    event = models.CharField(max_length=60)
    to = models.CharField(max_length=320)
    channel = models.CharField(max_length=20)
    lead = models.CharField(max_length=40, blank=True, db_index=True)
    cycle = models.CharField(max_length=120, blank=True)
    payload = models.TextField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.READY)
    created_at = models.BigIntegerField()
    position = models.PositiveIntegerField(default=0)
    due_at = models.BigIntegerField()
    not_after = models.BigIntegerField(null=True)
    leased_until = models.BigIntegerField(default=0)
    attempts = models.PositiveIntegerField(default=0)
    ended_at = models.BigIntegerField(null=True)
    error = models.CharField(max_length=200, blank=True)

    class Meta:
        """The worker asks for what is ready in a channel, the earliest first; administrators for what ended how."""

        indexes = (
            models.Index(fields=["channel", "due_at"], condition=Q(state="ready"), name="message_ready"),
            models.Index(fields=["state", "ended_at"], condition=~Q(state="ready"), name="message_ended"),
        )


class Attempt(models.Model):
    """One try to send a message: written before it is made, and again when it is known what came of it.

    Without an end it was cut off: whether the message arrived is not known, and it is sent again under its id.
    """

    message = models.ForeignKey(Message, models.CASCADE)
    number = models.PositiveIntegerField()
    started_at = models.BigIntegerField()
    ended_at = models.BigIntegerField(null=True)
    result = models.CharField(max_length=20, blank=True)
    detail = models.CharField(max_length=200, blank=True)

    class Meta:
        """Each try of a message once."""

        constraints = (models.UniqueConstraint(fields=["message", "number"], name="attempt_once"),)


class Endpoint(models.Model):
    """An address that gets signed webhooks. Secrets are encrypted; the one before still signs for a day.

    ``events`` are the names or beginnings (``clock.``) of those it wants; none: all but the noisy ones.
    ``failing_since`` is the first failure after the last success; ``rest_until``: it is left alone until then.
    """

    id = models.CharField(max_length=40, primary_key=True)
    url = models.CharField(max_length=2000)
    about = models.CharField(max_length=200, blank=True)
    events = models.JSONField(default=list)
    secret = models.TextField()
    old_secret = models.TextField(blank=True)
    old_until = models.BigIntegerField(default=0)
    active = models.BooleanField(default=True)
    made_at = models.BigIntegerField()
    succeeded_at = models.BigIntegerField(null=True)
    failing_since = models.BigIntegerField(null=True)
    failures = models.PositiveIntegerField(default=0)
    rest_until = models.BigIntegerField(default=0)
    disabled_at = models.BigIntegerField(null=True)


class Channel(models.Model):
    """A chat or another service that Apprise reaches; its address holds passwords, and is encrypted.

    With ``user`` it gets what that person gets; without, what ``events`` names, for everybody who reads it.
    """

    id = models.CharField(max_length=40, primary_key=True)
    name = models.CharField(max_length=200)
    address = models.TextField()
    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="channels")
    events = models.JSONField(default=list)
    active = models.BooleanField(default=True)
    made_at = models.BigIntegerField()


class Wish(models.Model):
    """What somebody wants to be told, and when. Minutes count from midnight in their zone.

    Between ``quiet_from`` and ``quiet_until`` messages wait, except steps of clocks that are over.
    """

    user = models.OneToOneField(User, models.CASCADE, primary_key=True, related_name="wish")
    mail = models.BooleanField(default=True)
    chat = models.BooleanField(default=True)
    muted = models.JSONField(default=list)
    quiet_from = models.PositiveSmallIntegerField(null=True)
    quiet_until = models.PositiveSmallIntegerField(null=True)
    digest = models.BooleanField(default=True)
    digest_at = models.PositiveSmallIntegerField(default=8 * 60)
    digest_days = models.CharField(max_length=7, default="12345")
