"""The cut-over: shadow mode ends, and open handoffs of the other system become live cycles with staggered clocks.

When each starts is the core's answer, made once from the team and the leads as they are, and written into the facts.
Those are told in parts, each in a transaction; until its part comes, a handoff is held here because the other system
has it, so that none is delivered twice. A cut-over that was cut short is asked for again: what was taken over stays.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from typing import NamedTuple

from handfast.cycle.values import Lead
from handfast.facts import TakenOver
from handfast.instant import Instant, format_instant
from handfast.route.team import Team
from handfast.shadow import cut_over
from handfast_server.decide.locked import LockedLead
from handfast_server.decide.session import Session, decide, lead_of
from handfast_server.decide.terms import current, governing
from handfast_server.facts.models import Fact
from handfast_server.leads.models import Lead as LeadRow
from handfast_server.leads.readable import Readable
from handfast_server.refused import Refused
from handfast_server.shadow.mode import Mode, told_in

BATCH = 100

Chosen = Collection[tuple[str, str]] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Taking:
    """An open handoff: when its clock starts; ``code`` and ``message`` where it was refused."""

    lead: str
    handoff: str
    owner: str
    qualified_at: Instant | None
    starts_at: Instant
    code: str = ""
    message: str = ""


def planned(per_day: Fraction, chosen: Chosen = None) -> list[Taking]:
    """What a cut-over now would take over, in the order in which the clocks would start. Raises Refused."""
    at, team = decide(_now)
    plan = _plan(team, at, per_day, "", chosen)
    plan.rows.note("cut-over")
    return [*(taking for taking, _ in plan.takings), *plan.left_out]


def _now(session: Session) -> tuple[Instant, Team]:
    session.lock(())
    session.lock_team()
    return session.at, session.team


class _Plan(NamedTuple):
    """What is to be taken over, by which facts; and the leads of which that cannot be said."""

    takings: list[tuple[Taking, TakenOver]]
    left_out: list[Taking]
    rows: Readable


def _plan(team: Team, at: Instant, per_day: Fraction, by: str, chosen: Chosen) -> _Plan:
    rows = Readable()
    leads = {lead.id: lead for lead in _elsewhere(rows)}
    asked = None if chosen is None else {each for each in chosen if each[0] not in rows.unreadable}
    _check(leads, at, per_day, asked)
    facts = cut_over(leads.values(), team, current(), at=at, per_day=per_day, by=by, chosen=asked)
    wanted = None if chosen is None else {lead for lead, _ in chosen}
    left_out = [_left_out(lead, at) for lead in rows.unreadable if wanted is None or lead in wanted]
    return _Plan([(_taking(leads[fact.lead], fact), fact) for fact in facts], left_out, rows)


def _left_out(lead: str, at: Instant) -> Taking:
    says = f"The row of {lead} cannot be read, and the status names it: ask again once it is mended."
    return Taking(lead=lead, handoff="", owner="", qualified_at=None, starts_at=at, code="unreadable", message=says)


def _taking(lead: Lead, fact: TakenOver) -> Taking:
    handoff = lead.elsewhere[fact.handoff]
    return Taking(
        lead=lead.id,
        handoff=handoff.id,
        owner=handoff.owner,
        qualified_at=handoff.qualified_at,
        starts_at=fact.starts_at,
    )


def _check(leads: dict[str, Lead], at: Instant, per_day: Fraction, chosen: Chosen) -> None:
    if current().in_force(at) is None:
        coming = governing(at)
        how = (
            "sign one first" if coming is None else f"version {coming.number} is from {format_instant(coming.since)} on"
        )
        raise Refused("no_contract", f"A cut-over needs a version in force: {how}.")
    if per_day <= 0:
        raise Refused("per_day_not_positive", "A rep takes more than nothing a day.", status=422, path="per_day")
    for lead, handoff in chosen or ():
        known = leads.get(lead)
        if known is None or handoff not in known.elsewhere:
            raise Refused("unknown_handoff", f"The other system has no handoff {handoff} of {lead}.", path="chosen")


def _elsewhere(readable: Readable) -> list[Lead]:
    """The leads that the other system knows, as they are now under the names that they have now; without any lock."""
    names = set(Fact.objects.filter(kind="StageStamped").values_list("lead", flat=True))
    terms, found, seen = current(), list[Lead](), set[str]()
    while names:
        seen |= names
        rows = _rows(sorted(names))
        known = (readable.read(row.name, partial(lead_of, row, terms)) for row in rows if not row.merged_into)
        found += [lead for lead in known if lead is not None]
        names = {row.merged_into for row in rows if row.merged_into} - seen
    return found


def _rows(names: Sequence[str]) -> list[LockedLead]:
    columns = ("id", "state", "told_at", "acts", "merged_into")
    parts = (names[begin : begin + 10_000] for begin in range(0, len(names), 10_000))
    return [LockedLead(*row) for part in parts for row in LeadRow.objects.filter(pk__in=part).values_list(*columns)]


def do_cut_over(
    per_day: Fraction, by: str, name: str, chosen: Chosen = None, *, each: Callable[[int], None] = lambda _: None
) -> list[Taking]:
    """End shadow mode and take the chosen open handoffs over, all when None. Raises Refused.

    ``name`` names the request. ``each`` is told how many are done.
    """
    plan = decide(partial(_began, per_day, by, name, chosen))
    plan.rows.note("cut-over")
    done: list[Taking] = []
    for begin in range(0, len(plan.takings), BATCH):
        done += decide(partial(_taken, plan.takings[begin : begin + BATCH]))
        each(len(done))
    return done + plan.left_out


def _began(per_day: Fraction, by: str, name: str, chosen: Chosen, session: Session) -> _Plan:
    session.lock(())
    session.lock_team()
    plan = _plan(session.team, session.at, per_day, by, chosen)
    told_in(session, Mode.LIVE, name)
    return plan


def _taken(plan: Sequence[tuple[Taking, TakenOver]], session: Session) -> list[Taking]:
    session.lock([fact for _, fact in plan])
    done = []
    for taking, fact in plan:
        refused = session.tell(fact).step.refused
        done.append(taking if refused is None else replace(taking, code=refused.code, message=refused.message))
    return done


def open_elsewhere() -> int:
    """How many handoffs of the other system are open, and not taken over."""
    return sum(1 for lead in _elsewhere(Readable()) for each in lead.elsewhere.values() if each.waits)
