"""What is to be sent: written in the transaction that decided it, sent by the worker afterwards."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Message(models.Model):
    """One message of the outbox under an id that stays the same however often it is tried.

    ``event`` is what happened (``lead.assigned``, ``clock.breached``, ``band.changed`` …); ``to`` is whom it is for:
    a rep's or user's name, a role of the contract, an address, or an endpoint. ``not_after``: later it is recorded and
    not sent.
    """

    class State(models.TextChoices):
        """Where it stands."""

        READY = "ready"
        SENT = "sent"
        LATE = "late"
        DEAD = "dead"

    id = models.CharField(max_length=300, primary_key=True)
    event = models.CharField(max_length=60)
    to = models.CharField(max_length=320)
    channel = models.CharField(max_length=20)
    lead = models.CharField(max_length=40, blank=True, db_index=True)
    cycle = models.CharField(max_length=120, blank=True)
    payload = models.TextField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.READY)
    created_at = models.BigIntegerField()
    due_at = models.BigIntegerField()
    not_after = models.BigIntegerField(null=True)
    leased_until = models.BigIntegerField(default=0)
    attempts = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True)

    class Meta:
        """The worker asks for what is ready, the earliest first."""

        indexes = (models.Index(fields=["due_at"], condition=Q(state="ready"), name="message_ready"),)
