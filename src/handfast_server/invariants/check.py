"""Every rule looked at; what is found is values, for the status, for a loop of the worker, and for tests."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import partial

from django.db import connection

from handfast.cycle.life import CycleState
from handfast.cycle.values import Lead
from handfast.engine.conserve import Conservation
from handfast.engine.terms import Terms
from handfast.errors import HandfastError, ScoreForgotten
from handfast.instant import SECOND, Span
from handfast.score.explain import explain_state
from handfast_server.audit.seals import stretch, unsealed_faults
from handfast_server.contracts.models import Version
from handfast_server.decide.locked import leads_after
from handfast_server.decide.rows import put
from handfast_server.decide.session import lead_of
from handfast_server.decide.team import stored
from handfast_server.decide.terms import current, signed_of
from handfast_server.decide.transaction import reading, writing
from handfast_server.invariants.models import Checked
from handfast_server.invariants.rules import LEFT_LYING, RULES, TAKEN
from handfast_server.leads.readable import Readable
from handfast_server.now import now
from handfast_server.worker.loops import Loop
from handfast_server.worker.models import Progress

EXAMPLES = 20
EVERY: Span = 50 * SECOND
SAMPLE = 200
"""So many leads are read and have their explanation added up in one look; the next look takes the next."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule, and how many rows break it, with the ids of some.

    ``place``: of a rule that looks at a part at a time, where the next look begins.
    """

    rule: str
    says: str
    broken: int
    examples: tuple[str, ...] = ()
    place: str | None = None


def check() -> tuple[Finding, ...]:
    """Look at every rule, all as of one instant."""
    with reading():
        return (*_asked(), _conserved(), _balanced(), _verified(), _sealed(), *_sampled())


def conservation() -> Conservation:
    """The groups of delivered handoffs, each counted on its own, by one statement."""
    counted = _CONSERVATION.format(taken=", ".join(f"'{state.value}'" for state in TAKEN))
    with connection.cursor() as cursor:
        cursor.execute(counted)
        row = cursor.fetchone()
    delivered, waiting, contested, accepted, rejected, withdrawn, held = row
    return Conservation(
        delivered=delivered,
        waiting=waiting,
        contested=contested,
        accepted=accepted,
        rejected=rejected,
        withdrawn=withdrawn,
        held_by_disqualifier=held,
    )


_CONSERVATION = f"""
    WITH delivered AS (SELECT DISTINCT cycle_id FROM handoffs_transition WHERE event = 'qualified'),
    taken AS (SELECT DISTINCT cycle_id FROM handoffs_transition WHERE after IN ({{taken}}))
    SELECT
        (SELECT COUNT(*) FROM delivered),
        (SELECT COUNT(*) FROM handoffs_cycle WHERE state = '{CycleState.WAITING.value}'),
        (SELECT COUNT(*) FROM handoffs_cycle WHERE state = '{CycleState.CONTESTED.value}'),
        (SELECT COUNT(*) FROM taken),
        (SELECT COUNT(*) FROM handoffs_cycle WHERE state = '{CycleState.REJECTED.value}'),
        (SELECT COUNT(*) FROM handoffs_cycle WHERE state = '{CycleState.WITHDRAWN.value}'
            AND id IN (SELECT cycle_id FROM delivered) AND id NOT IN (SELECT cycle_id FROM taken)),
        (SELECT COUNT(*) FROM handoffs_cycle WHERE ended_at IS NULL AND held_by <> '')
"""  # noqa: S608 # our own constants


def _asked() -> Iterator[Finding]:
    values = {"late": now() - LEFT_LYING}
    with connection.cursor() as cursor:
        for rule in RULES:
            cursor.execute(rule.statement, values)
            found = [str(row[0]) for row in cursor.fetchall()]
            yield Finding(rule.name, rule.says, len(found), tuple(sorted(found)[:EXAMPLES]))


def _conserved() -> Finding:
    counted = conservation()
    says = "Delivered handoffs are waiting, contested, accepted, rejected or withdrawn, each in one group."
    examples = () if counted.holds else (repr(counted),)
    return Finding("conservation", says, abs(counted.unaccounted), examples)


def _balanced() -> Finding:
    team = stored()
    sums = booked()
    broken = [
        f"{roster.pool} {member.rep}"
        for roster in team.rosters.values()
        for member in roster.members.values()
        if member.balance != sums.get((roster.pool, member.rep), Fraction(0))
    ]
    says = "The balance of each member is the sum of the entries in the ledger."
    return Finding("balances_add_up", says, len(broken), tuple(sorted(broken)[:EXAMPLES]))


def booked() -> dict[tuple[str, str], Fraction]:
    """What the ledger says of each member, exactly: the database adds whole numbers over one denominator."""
    with connection.cursor() as cursor:
        cursor.execute(_BOOKED)
        rows = cursor.fetchall()
        cursor.execute(_BOOKED_IN_WORDS)
        long = cursor.fetchall()
    sums: dict[tuple[str, str], Fraction] = {}
    for pool, rep, denominator, high, low in rows:
        total = Fraction(int(high) * _HALF + int(low), denominator)
        sums[pool, rep] = sums.get((pool, rep), Fraction(0)) + total
    for pool, rep, amount in long:
        sums[pool, rep] = sums.get((pool, rep), Fraction(0)) + Fraction(amount)
    return sums


_HALF = 2**32
"""Numerators are added in two halves: SQLite's sum of whole numbers raises beyond 64 bits."""

_BOOKED = (
    f"SELECT pool, rep, denominator, SUM(numerator / {_HALF}), SUM(numerator % {_HALF}) "  # noqa: S608 # our own number
    "FROM handoffs_ledgerentry WHERE exact = '' GROUP BY pool, rep, denominator"
)

_BOOKED_IN_WORDS = "SELECT pool, rep, exact FROM handoffs_ledgerentry WHERE NOT (exact = '')"  # as its index says it


def _verified() -> Finding:
    broken = []
    for version in Version.objects.order_by("number"):
        try:
            signed_of(version)
        except HandfastError:
            broken.append(f"version {version.number}")
    says = "Every signed version is the text of which its digest was signed."
    return Finding("digests_verify", says, len(broken), tuple(broken))


def _sealed() -> Finding:
    """The next part of the log; what was found in another part stands until its turn comes again."""
    part = stretch(int(_place(_SEALED) or 0))
    known = Checked.objects.filter(rule=_SEALED).values_list("examples", flat=True).first() or ""
    elsewhere = {int(each.removeprefix("seal:")) for each in known.split() if each.startswith("seal:")}
    found = {each for each in elsewhere if each <= part.after or (part.last and each > part.last)} | {*part.broken}
    examples = [f"seal:{number}" for number in sorted(found)] + (["unsealed"] if any(unsealed_faults()) else [])
    says = "The audit log is what was written, entry by entry and seal by seal (a part at each look)."
    return Finding(_SEALED, says, len(examples), tuple(examples[:EXAMPLES]), place=str(part.last or ""))


_SEALED = "audit_log_is_whole"


def _sampled() -> Iterator[Finding]:
    """A part of the leads, the next one at each look; what was found in another part stands until its turn comes."""
    terms, after = current(), _place(_READABLE)
    rows = leads_after(after, SAMPLE)
    place = rows[-1].name if len(rows) == SAMPLE else ""
    readable = Readable()
    leads = {row.name: readable.read(row.name, partial(lead_of, row, terms)) for row in rows}
    wrong = [name for name, lead in leads.items() if lead is not None and not _adds_up(lead, terms)]
    for rule, says, broken in (
        (_READABLE, "The row of every lead can be read (a part at each look).", readable.unreadable),
        (_EXPLAINED, "The lines of a score's explanation add up to the score (a part at each look).", wrong),
    ):
        known = Checked.objects.filter(rule=rule).values_list("examples", flat=True).first() or ""
        elsewhere = {each for each in known.split() if each <= after or (place and each > place)}
        found = sorted(elsewhere | {*broken})
        yield Finding(rule, says, len(found), tuple(found[:EXAMPLES]), place=place)


_READABLE, _EXPLAINED = "leads_can_be_read", "explanations_add_up"


def _adds_up(lead: Lead, terms: Terms) -> bool:
    if lead.standing is None or lead.recorded_at is None:
        return True
    standing = lead.standing
    try:
        table = terms.of(standing.version).table
        said = explain_state(table, standing.values, standing.score, lead.recorded_at)
    except ScoreForgotten:
        return True
    except (LookupError, TypeError, ValueError):  # it was read, and makes no sense
        return False
    total = standing.score.score(standing.fit, lead.recorded_at)
    return said.scored == total and sum(line.value for line in said.lines) == total.total


def _place(rule: str) -> str:
    return Progress.objects.filter(loop=rule).values_list("place", flat=True).first() or ""


def look() -> bool:
    """Look at every rule and keep what was found, for the status to show."""
    at = now()
    if Checked.objects.filter(rule="conservation", at__gt=at - EVERY).exists():
        return False  # another worker has just looked
    found = check()
    since = dict(Checked.objects.exclude(since=None).values_list("rule", "since"))
    rows = [
        (
            each.rule,
            each.says,
            at,
            each.broken,
            "\n".join(each.examples),
            since.get(each.rule, at) if each.broken else None,
        )
        for each in found
    ]
    with writing():
        put(Checked, ("rule", "says", "at", "broken", "examples", "since"), rows)
        places = [(each.rule, "", each.place) for each in found if each.place is not None]
        put(Progress, ("loop", "day", "place"), places)
    return False


LOOPS = (Loop("invariants", look, rest=30.0),)
