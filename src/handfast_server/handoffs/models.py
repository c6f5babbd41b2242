"""Cycles and everything decided about them, as rows to find and count; the engine's own value stands with the lead.

Ids are the engine's, derived from the facts, so that a unique key makes a repeat harmless. Instants are microseconds
UTC as in the core.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from handfast_server.leads.models import Lead


class Cycle(models.Model):
    """One pass of one lead through the funnel."""

    id = models.CharField(max_length=120, primary_key=True)
    lead = models.ForeignKey(Lead, models.CASCADE)
    state = models.CharField(max_length=20)
    version = models.PositiveIntegerField(null=True)
    inquiry_at = models.BigIntegerField()
    raised_at = models.BigIntegerField(null=True)
    qualified_at = models.BigIntegerField(null=True)
    accepted_at = models.BigIntegerField(null=True)
    contested_at = models.BigIntegerField(null=True)
    sql_at = models.BigIntegerField(null=True)
    opportunity_at = models.BigIntegerField(null=True)
    ended_at = models.BigIntegerField(null=True)
    first_touch_at = models.BigIntegerField(null=True)
    contact_at = models.BigIntegerField(null=True)
    hand_raised = models.BooleanField(default=False)
    recycled = models.BooleanField(default=False)
    pool = models.CharField(max_length=200, blank=True)
    ruled = models.CharField(max_length=200, blank=True)
    owner = models.CharField(max_length=200, blank=True)
    hold_pool = models.CharField(max_length=200, blank=True)
    hold_since = models.BigIntegerField(null=True)
    held_by = models.CharField(max_length=1000, blank=True)
    reason = models.CharField(max_length=100, blank=True)
    revisit_at = models.BigIntegerField(null=True)
    source = models.CharField(max_length=200, blank=True)
    campaign = models.CharField(max_length=200, blank=True)
    segment = models.CharField(max_length=200, blank=True)
    band = models.CharField(max_length=20, blank=True)
    icp = models.SmallIntegerField(default=-1)
    changed_at = models.BigIntegerField()

    class Meta:
        """Inboxes ask by owner, lists by state, snapshots by what changed, offers by pool that holds.

        Marketing asks by the disqualifiers that keep somebody from sales.
        """

        indexes = (
            models.Index(fields=["owner", "state"], name="cycle_of_owner"),
            models.Index(fields=["state", "qualified_at"], name="cycle_in_state"),
            models.Index(fields=["changed_at"], name="cycle_changed"),
            models.Index(fields=["hold_pool", "hold_since"], condition=~Q(hold_pool=""), name="cycle_held"),
            models.Index(fields=["owner"], condition=Q(ended_at__isnull=True), name="cycle_open_of_owner"),
            models.Index(fields=["pool"], condition=Q(ended_at__isnull=True), name="cycle_open_of_pool"),
            models.Index(fields=["held_by"], name="cycle_held_back"),
        )


class Transition(models.Model):
    """A change of a cycle: one row of the table of semantics, once."""

    id = models.CharField(max_length=160, primary_key=True)
    cycle = models.ForeignKey(Cycle, models.CASCADE)
    fact = models.CharField(max_length=300)
    event = models.CharField(max_length=40)
    before = models.CharField(max_length=20, blank=True)
    after = models.CharField(max_length=20)
    by = models.CharField(max_length=200, blank=True)
    reason = models.CharField(max_length=100, blank=True)
    happened_at = models.BigIntegerField()
    at = models.BigIntegerField()

    class Meta:
        """Of all changes, those that were given back are asked for by when: few of many."""

        indexes = (models.Index(fields=["happened_at"], condition=Q(event="returned"), name="transition_returned"),)


class Assignment(models.Model):
    """One owner's turn."""

    id = models.CharField(max_length=160, primary_key=True)
    cycle = models.ForeignKey(Cycle, models.CASCADE)
    rep = models.CharField(max_length=200)
    pool = models.CharField(max_length=200, blank=True)
    way = models.CharField(max_length=20)
    at = models.BigIntegerField()
    ended_at = models.BigIntegerField(null=True)
    end = models.CharField(max_length=20, blank=True)

    class Meta:
        """Asked by rep."""

        indexes = (models.Index(fields=["rep", "ended_at"], name="assignment_of_rep"),)


class Clock(models.Model):
    """A clock of a cycle or an assignment as it is now."""

    id = models.CharField(max_length=160, primary_key=True)
    cycle = models.ForeignKey(Cycle, models.CASCADE)
    assignment = models.CharField(max_length=160, blank=True)
    name = models.CharField(max_length=20)
    state = models.CharField(max_length=20)
    rep = models.CharField(max_length=200, blank=True)
    calendar = models.CharField(max_length=200)
    started_at = models.BigIntegerField()
    due_at = models.BigIntegerField(null=True)
    stopped_at = models.BigIntegerField(null=True)
    breached_at = models.BigIntegerField(null=True)
    recorded_late = models.BooleanField(default=False)

    class Meta:
        """Who is late, soonest first; only clocks that run."""

        indexes = (models.Index(fields=["due_at"], condition=Q(state="running"), name="clock_running"),)


class ClockTransition(models.Model):
    """A change of a clock, once, stamped with when it was due."""

    id = models.CharField(max_length=200, primary_key=True)
    clock = models.CharField(max_length=160, db_index=True)
    cycle = models.ForeignKey(Cycle, models.CASCADE)
    change = models.CharField(max_length=20)
    at = models.BigIntegerField()
    recorded_at = models.BigIntegerField()


class Breach(models.Model):
    """What is said about a breach."""

    clock = models.CharField(max_length=160, primary_key=True)
    cycle = models.ForeignKey(Cycle, models.CASCADE)
    name = models.CharField(max_length=20)
    rep = models.CharField(max_length=200, blank=True, db_index=True)
    at = models.BigIntegerField(db_index=True)
    proposed = models.CharField(max_length=20)
    cause = models.CharField(max_length=20, blank=True)
    excused = models.TextField(blank=True)
    in_time = models.BooleanField(default=False)


class LedgerEntry(models.Model):
    """An entry of a pool's ledger; exact, as numerator and denominator.

    Where one of these has more than 64 bits, the two are near it, and ``exact`` says the amount.
    """

    id = models.CharField(max_length=200, primary_key=True)
    pool = models.CharField(max_length=200)
    sequence = models.BigIntegerField()
    rep = models.CharField(max_length=200)
    kind = models.CharField(max_length=20)
    numerator = models.BigIntegerField()
    denominator = models.BigIntegerField()
    exact = models.TextField(blank=True)
    cycle = models.CharField(max_length=120, blank=True)
    at = models.BigIntegerField()

    class Meta:
        """Each number of a pool once."""

        constraints = (models.UniqueConstraint(fields=["pool", "sequence"], name="ledger_in_sequence"),)
        indexes = (models.Index(fields=["pool", "rep"], condition=~models.Q(exact=""), name="ledger_in_words"),)


class Deal(models.Model):
    """A deal that a lead is on."""

    id = models.CharField(max_length=200)
    key = models.CharField(max_length=260, primary_key=True)
    lead = models.ForeignKey(Lead, models.CASCADE)
    cycle = models.CharField(max_length=120, blank=True)
    state = models.CharField(max_length=10)
    opened_at = models.BigIntegerField()
    amount = models.DecimalField(max_digits=20, decimal_places=4, null=True)
    currency = models.CharField(max_length=3, blank=True)


class Explanation(models.Model):
    """What was seen while a fact was decided, as values (``bridge.seen``): why this score, this owner, this due."""

    fact = models.CharField(max_length=300, primary_key=True)
    lead = models.ForeignKey(Lead, models.CASCADE)
    cycle = models.CharField(max_length=120, blank=True, db_index=True)
    at = models.BigIntegerField()
    trace = models.TextField()
