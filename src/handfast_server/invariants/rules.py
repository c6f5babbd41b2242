"""The rules that one statement can ask: each finds the rows that break it.

A statement sees the rows as of one instant, so that what is being written meanwhile raises no false alarm. What is due
has five minutes before it counts as left lying.
"""

from __future__ import annotations

from typing import NamedTuple

from handfast.cycle.life import CycleState
from handfast.instant import MINUTE, Span

LEFT_LYING: Span = 5 * MINUTE

TAKEN = (CycleState.ACCEPTED, CycleState.SQL, CycleState.OPPORTUNITY)
"""Whatever came to one of these was accepted, whatever came later."""


class Rule(NamedTuple):
    """``statement`` gives ids of rows that break the rule; ``%(late)s`` is the instant before which nothing may lie."""

    name: str
    says: str
    statement: str


_TICKING = "('running', 'paused', 'breached')"

RULES = (
    Rule(
        "waiting_with_somebody",
        "Each handoff that waits has exactly one owner, or one hold.",
        """
        SELECT cycle.id FROM handoffs_cycle cycle
        LEFT JOIN handoffs_assignment turn ON turn.cycle_id = cycle.id AND turn.ended_at IS NULL
        WHERE cycle.state = 'waiting'
        GROUP BY cycle.id, cycle.hold_pool
        HAVING COUNT(turn.id) + CASE WHEN cycle.hold_pool = '' THEN 0 ELSE 1 END <> 1
        """,
    ),
    Rule(
        "waiting_with_a_decision_clock",
        "Each owner of a handoff that waits has one decision clock that is not stopped.",
        f"""
        SELECT cycle.id FROM handoffs_cycle cycle
        JOIN handoffs_assignment turn ON turn.cycle_id = cycle.id AND turn.ended_at IS NULL
        LEFT JOIN handoffs_clock clock ON clock.cycle_id = cycle.id AND clock.assignment = turn.id
            AND clock.name = 'decision' AND clock.state IN {_TICKING}
        WHERE cycle.state = 'waiting'
        GROUP BY cycle.id HAVING COUNT(clock.id) <> 1
        """,  # noqa: S608 # our own constants
    ),
    Rule(
        "owner_is_the_assigned",
        "The owner that lists show is the one who is assigned.",
        """
        SELECT cycle.id FROM handoffs_cycle cycle
        LEFT JOIN handoffs_assignment turn ON turn.cycle_id = cycle.id AND turn.ended_at IS NULL
        WHERE cycle.ended_at IS NULL AND cycle.owner <> COALESCE(turn.rep, '')
        """,
    ),
    Rule(
        "clocks_are_swept",
        "No running clock is more than five minutes past its due.",
        "SELECT id FROM handoffs_clock WHERE state = 'running' AND due_at < %(late)s",
    ),
    Rule(
        "ended_with_no_clock",
        "Whatever ended a handoff stopped its clocks.",
        f"""
        SELECT clock.id FROM handoffs_clock clock JOIN handoffs_cycle cycle ON cycle.id = clock.cycle_id
        WHERE clock.state IN {_TICKING} AND clock.state <> 'breached' AND cycle.ended_at IS NOT NULL
        """,  # noqa: S608 # our own constants
    ),
    Rule(
        "breaches_have_transitions",
        "No breach stands without its transition.",
        """
        SELECT breach.clock FROM handoffs_breach breach
        LEFT JOIN handoffs_clocktransition change ON change.clock = breach.clock AND change.change = 'breached'
        WHERE change.id IS NULL
        """,
    ),
    Rule(
        "breached_clocks_have_breaches",
        "No clock is breached without a breach that can be talked about.",
        """
        SELECT clock.id FROM handoffs_clock clock LEFT JOIN handoffs_breach breach ON breach.clock = clock.id
        WHERE clock.breached_at IS NOT NULL AND breach.clock IS NULL
        """,
    ),
    Rule(
        "states_are_reached",
        "Every handoff is where its latest transition went.",
        """
        SELECT cycle.id FROM handoffs_cycle cycle
        LEFT JOIN (
            SELECT cycle_id, after, ROW_NUMBER() OVER (PARTITION BY cycle_id ORDER BY LENGTH(id) DESC, id DESC) place
            FROM handoffs_transition
        ) last ON last.cycle_id = cycle.id AND last.place = 1
        WHERE last.after IS NULL OR last.after <> cycle.state
        """,
    ),
    Rule(
        "assigned_is_booked",
        "Assignments through a pool and the assignments in its ledger are as many.",
        """
        SELECT pool || ' ' || rep FROM (
            SELECT pool, rep, 1 AS had, 0 AS booked FROM handoffs_assignment WHERE pool <> ''
            UNION ALL SELECT pool, rep, 0, 1 FROM handoffs_ledgerentry WHERE kind = 'assign'
        ) counted GROUP BY pool, rep HAVING SUM(had) <> SUM(booked)
        """,
    ),
    Rule(
        "ledgers_have_no_gap",
        "The entries of each ledger are numbered from one, without a gap.",
        """
        SELECT pool FROM handoffs_ledgerentry GROUP BY pool
        HAVING COUNT(*) <> MAX(sequence) OR MIN(sequence) <> 1
        """,
    ),
    Rule(
        "versions_are_there",
        "Every handoff is pinned to a version that is signed.",
        """
        SELECT cycle.id FROM handoffs_cycle cycle LEFT JOIN contracts_version signed ON signed.number = cycle.version
        WHERE cycle.version IS NOT NULL AND signed.number IS NULL
        """,
    ),
    Rule(
        "messages_move_on",
        "No message stays leased to a worker that is gone.",
        """
        SELECT id FROM delivery_message
        WHERE state = 'ready' AND leased_until > 0 AND leased_until < %(late)s AND due_at < %(late)s
        """,
    ),
    Rule(
        "leaving_is_done",
        "Handoffs of who left are routed again within five minutes.",
        "SELECT id FROM rosters_leaving WHERE recorded_at < %(late)s",
    ),
    Rule(
        "freed_is_offered",
        "Held handoffs are offered within five minutes after somebody came free.",
        "SELECT pool FROM rosters_freed WHERE at < %(late)s",
    ),
)
