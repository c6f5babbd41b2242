"""Drafts on their way, signed versions, written once and never changed, what is said of both, who succeeded whom."""

from __future__ import annotations

from django.db import models


class Version(models.Model):
    """One signed version. ``content`` are the sealed bytes that ``digest`` is of; ``text`` is the file as written.

    ``successions`` alone grows: who signs for a party after its signatory has left.
    """

    number = models.PositiveIntegerField(primary_key=True)
    digest = models.CharField(max_length=64)
    content = models.BinaryField()
    text = models.TextField()
    proposed_at = models.BigIntegerField()
    in_force_from = models.BigIntegerField()
    signatures = models.JSONField(default=list)
    successions = models.JSONField(default=list)


class Draft(models.Model):
    """A text on its way to being signed. ``revision`` counts changes, so that none is written over unseen.

    ``content``, ``digest`` and ``base`` are set when signatures are asked for; from then on the text stands still.
    """

    class State(models.TextChoices):
        """Where it stands."""

        EDITING = "editing"  # by written, recalled
        PROPOSED = "proposed"  # by proposed: it may be signed
        SIGNED = "signed"  # by the last signature: it is a version
        OVERTAKEN = "overtaken"  # by the signing of another draft; a new one is made of its text
        DROPPED = "dropped"  # by its author or who may write drafts

    text = models.TextField()
    note = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.EDITING)
    revision = models.PositiveIntegerField(default=1)
    made_by = models.CharField(max_length=100)
    made_at = models.BigIntegerField()
    changed_at = models.BigIntegerField()
    number = models.PositiveIntegerField(null=True)
    digest = models.CharField(max_length=64, blank=True)
    content = models.BinaryField(null=True)
    base = models.CharField(max_length=64, blank=True)
    proposed_by = models.CharField(max_length=100, blank=True)
    proposed_at = models.BigIntegerField(null=True)
    signatures = models.JSONField(default=list)

    class Meta:
        """Those that may be signed are asked for."""

        indexes = (models.Index(fields=["state", "number"], name="draft_in_state"),)


class Comment(models.Model):
    """What somebody says of a clause: of a draft, and of the version that the draft becomes, or of a version.

    Who it was is asked of their account when it is read. What was taken back has no text any more.
    """

    draft = models.ForeignKey(Draft, models.PROTECT, null=True)
    version = models.ForeignKey(Version, models.PROTECT, null=True)
    path = models.CharField(max_length=300)
    text = models.TextField(blank=True)
    made_by = models.CharField(max_length=100)
    made_at = models.BigIntegerField()
    settled_by = models.CharField(max_length=100, blank=True)
    settled_at = models.BigIntegerField(null=True)
    taken_back_at = models.BigIntegerField(null=True)

    class Meta:
        """Of one text or the other."""

        constraints = (
            models.CheckConstraint(
                condition=models.Q(draft__isnull=True) ^ models.Q(version__isnull=True), name="comment_on_one_text"
            ),
        )


class Appointment(models.Model):
    """A successor proposed for a signatory who has left, by an administrator or the other party's signatory.

    The other of the two confirms it; then it is a succession of the version.
    """

    version = models.ForeignKey(Version, models.PROTECT)
    party = models.CharField(max_length=20)
    replaces = models.CharField(max_length=254)
    name = models.CharField(max_length=200)
    email = models.CharField(max_length=254)
    why = models.TextField()
    asked_by = models.CharField(max_length=254)
    asked_as = models.CharField(max_length=10)
    asked_at = models.BigIntegerField()
    confirmed_by = models.CharField(max_length=254, blank=True)
    confirmed_at = models.BigIntegerField(null=True)


class Rate(models.Model):
    """What one unit of a currency is worth in ``own`` on a day. A row stays; of several the last counts."""

    own = models.CharField(max_length=3)
    currency = models.CharField(max_length=3)
    day = models.DateField()
    rate = models.CharField(max_length=60)  # as it was written: SQLite would make a float of it
    stated_at = models.BigIntegerField()
    stated_by = models.CharField(max_length=100)

    class Meta:
        """The last of a currency is asked for at every look."""

        indexes = (models.Index(fields=["own", "id"], name="rate_in_order"),)
