"""The team as rows. ``changed`` is the number of the change that wrote a row: caches read what is newer than theirs."""

from __future__ import annotations

from uuid import uuid4

from django.db import models


def new_life() -> str:
    """A name for what happens to a database from now on, until another is read into it."""
    return uuid4().hex


class Turn(models.Model):
    """One row, and the lock of the team: who changes or asks it holds this row until commit.

    ``number`` counts changes; ``last_at`` is the latest ``now`` taken under the lock, which always grows. ``life`` is
    drawn anew when a backup is read back: what is kept outside the database counts for the life in which it was made.
    ``whole_from``: rows of changes before that number are gone, so that whoever knows less reads the whole team.
    """

    number = models.BigIntegerField(default=0)
    last_at = models.BigIntegerField(default=0)
    next_due_at = models.BigIntegerField(null=True)
    life = models.CharField(max_length=32, default=new_life)
    whole_from = models.BigIntegerField(default=0)


class Rep(models.Model):
    """Somebody who can own leads, and what is on their hands."""

    name = models.CharField(max_length=200, primary_key=True)
    value = models.TextField()
    changed = models.BigIntegerField(db_index=True)


class Pool(models.Model):
    """A roster without its members."""

    name = models.CharField(max_length=200, primary_key=True)
    value = models.TextField()
    changed = models.BigIntegerField(db_index=True)


class Member(models.Model):
    """A rep in a pool, in the order of joining, with the place in its ledger."""

    pool = models.CharField(max_length=200)
    rep = models.CharField(max_length=200)
    place = models.PositiveIntegerField()
    value = models.TextField()
    changed = models.BigIntegerField(db_index=True)

    class Meta:
        """Once in each pool."""

        constraints = (models.UniqueConstraint(fields=["pool", "rep"], name="member_once_in_pool"),)


class Absence(models.Model):
    """A rep's leave; ``value`` is empty when it was cancelled or is over."""

    id = models.CharField(max_length=200, primary_key=True)
    rep = models.CharField(max_length=200, db_index=True)
    starts_at = models.BigIntegerField()
    ends_at = models.BigIntegerField()
    gone = models.BooleanField(default=False)
    changed = models.BigIntegerField(db_index=True)


class AccountOwner(models.Model):
    """Who owns an account; empty when nobody does any more."""

    account = models.CharField(max_length=40, primary_key=True)
    owner = models.CharField(max_length=200, blank=True)
    changed = models.BigIntegerField(db_index=True)


class Opportunity(models.Model):
    """A deal as routing knows it; ``value`` is empty when it is known no longer."""

    id = models.CharField(max_length=200, primary_key=True)
    value = models.TextField(blank=True)
    changed = models.BigIntegerField(db_index=True)


class Shadow(models.Model):
    """In shadow mode: reps, rosters and absences of the shadow team in one text; empty when it is over."""

    value = models.TextField(blank=True)
    changed = models.BigIntegerField(db_index=True)


class Leaving(models.Model):
    """A rep who left or went away, whose waiting handoffs are still to be routed again.

    ``at`` is when they were gone in the world, ``recorded_at`` when that was noticed: what they got since is not meant.
    """

    id = models.CharField(max_length=300, primary_key=True)
    rep = models.CharField(max_length=200)
    absent = models.BooleanField()
    at = models.BigIntegerField()
    recorded_at = models.BigIntegerField(default=0)


class Freed(models.Model):
    """A pool in which somebody may have become eligible, and whose held handoffs are still to be offered."""

    pool = models.CharField(max_length=200, primary_key=True)
    at = models.BigIntegerField()
