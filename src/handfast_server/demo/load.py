"""A simulated year written into the service as if it had been lived there: facts, decisions, leads and team.

The engine decides the year once, in the simulator; its steps are written in bulk, by the same functions that write
every live decision. Web activity that can change no decision stays out, and nothing that the year would have sent is
sent.
"""

from __future__ import annotations

import gc
import heapq
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial
from operator import attrgetter

from django.contrib.auth.hashers import make_password
from django.db import transaction

from handfast.cli.progress import Step as Showing
from handfast.cycle.values import Lead
from handfast.engine import Terms, World
from handfast.engine.effects import RepLeft
from handfast.engine.state import Step
from handfast.errors import HandfastError
from handfast.facts import ContractInForce, Fact, LeadFact
from handfast.identity import domain_of, normal_company, normal_email
from handfast.instant import Instant
from handfast.simulate import Simulated, simulate
from handfast_server.accounts.models import Role, User
from handfast_server.audit.record import record_facts
from handfast_server.contracts.models import Version
from handfast_server.decide.taken import Taken
from handfast_server.decide.team import TeamTurn
from handfast_server.decide.transaction import writing
from handfast_server.decide.written import write_effects, write_facts, write_leads
from handfast_server.demo import story
from handfast_server.demo.cast import CAST, NAME, PASSWORD
from handfast_server.demo.texts import contract_of, moved_texts, sign_all, write_versions
from handfast_server.intake.profile import columns
from handfast_server.leads.models import Account, Key
from handfast_server.leads.models import Lead as LeadRow
from handfast_server.now import now
from handfast_server.operate.say import Say
from handfast_server.scoreboard.notes import write_notes

SEED = 7
_BLOCK = 2000


def _unseen(_label: str, /) -> None:
    """Nobody looks at how far it is."""


class NotEmpty(HandfastError):
    """A demonstration is never mixed with anything real."""

    code = "not_empty"


def load(leads: int, say: Say, step: Showing = _unseen) -> bool:
    """Load the year, unless it is there already; whether it was loaded. Raises NotEmpty where something else is."""
    first = Version.objects.order_by("number").values_list("text", flat=True).first()
    if first is not None and contract_of(first).name == NAME:
        say("The made-up year is there already.")
        return False
    if first is not None or LeadRow.objects.exists():
        raise NotEmpty("This database holds something else than the demonstration. Set HANDFAST_HOME to a new folder.")
    say(f"Making up a year of {leads:,} leads …")
    collected = gc.isenabled()
    gc.disable()  # nothing of a year is garbage before its end
    try:
        _load(leads, say, step)
    finally:
        if collected:
            gc.enable()
    return True


def _load(leads: int, say: Say, step: Showing) -> None:
    at = now()
    texts = moved_texts(at, leads)
    signed = sign_all(texts)
    contracts = [each.sealed.contract for each in signed]
    year = simulate(
        SEED, leads, contracts, story.plan(), step("Making up a year"), until=at, terms=Terms.of_signed(signed)
    )
    unheard = _unheard(year, at)
    say("Writing it …")
    step("Writing it")
    with writing():
        write_versions(signed, texts)
        _write(year, unheard, at)
        _write_team(year.world, at)
        _write_people(year)
    say(f"{len(year.world.leads) + len(unheard.leads):,} leads, {len(year.world.moves):,} changes of handoffs.")


def _unheard(year: Simulated, until: Instant) -> World:
    """The leads that can never be delivered, in a world of their own: they ask nothing of the team."""
    world = World(year.world.terms, keep=True)
    for fact in year.unheard():
        if fact.recorded_at < until and isinstance(fact, LeadFact) and fact.lead not in year.world.leads:
            world.told(fact)
    world.tick(until)
    return world


def _write(year: Simulated, unheard: World, at: Instant) -> None:
    everybody = [*year.world.leads.values(), *unheard.leads.values()]
    _write_accounts(year, everybody, at)
    LeadRow.objects.bulk_create([_row(lead) for lead in everybody], batch_size=_BLOCK)
    told = heapq.merge(_taken(year.world), _taken(unheard), key=attrgetter("fact.recorded_at"))
    taken = [replace(each, position=place) for place, each in enumerate(told)]
    write_facts(taken)
    write_leads([(None, lead) for lead in everybody], at)
    write_effects(taken)
    write_notes(taken, year.world.terms)
    record_facts(taken)
    Key.objects.bulk_create(_keys(everybody), ignore_conflicts=True, batch_size=_BLOCK)


def _taken(world: World) -> Iterator[Taken]:
    return (Taken(_named(fact), _done(step), 0) for fact, step in zip(world.facts, world.steps, strict=True))


def _named(fact: Fact) -> Fact:
    """A fact under the name that the service gives it: the worker tells of every version that is not told of yet."""
    return replace(fact, id=f"in-force:{fact.version}") if isinstance(fact, ContractInForce) else fact


def _done(step: Step) -> Step:
    """A step without what the simulator has carried out already."""
    if not any(isinstance(effect, RepLeft) for effect in step.effects):
        return step
    return step._replace(effects=tuple(effect for effect in step.effects if not isinstance(effect, RepLeft)))


def _row(lead: Lead) -> LeadRow:
    email, name, company, phone, title = columns(lead)
    return LeadRow(
        id=lead.id,
        created_at=min(lead.known_since.values(), default=0),
        email=email,
        name=name,
        company=company,
        phone=phone,
        title=title,
    )


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _keys(leads: Iterable[Lead]) -> Iterator[Key]:
    for lead in leads:
        address = normal_email(_text(lead.known.get("email")))
        if address and lead.merged_into is None:
            yield Key(kind="email", value=address, lead_id=lead.id)


def _write_accounts(year: Simulated, leads: Iterable[Lead], at: Instant) -> None:
    accounts = year.known.accounts
    named = sorted({int(lead.account[1:]) for lead in leads if lead.account})
    Account.objects.bulk_create(
        [
            Account(
                id=f"A{each}",
                name=accounts.name(each),
                normal_name=normal_company(accounts.name(each)),
                domain=domain_of(f"@{accounts.domain(each)}"),
                created_at=min(year.year.first, at),
            )
            for each in named
        ],
        batch_size=_BLOCK,
    )


def _write_team(world: World, at: Instant) -> None:
    turn = TeamTurn()
    turn.write(world.team, at)
    transaction.on_commit(partial(turn.keep, world.team))


def _write_people(year: Simulated) -> None:
    """The cast of the switch, and every other rep, who can sign in once an administrator invites them."""
    zone = year.year.zone
    write_cast(zone)
    for rep in sorted(year.world.team.reps.keys() - {member.rep for member in CAST}):
        address = f"{'.'.join(rep.lower().split())}@acme.example"
        User.objects.create_user(address, None, name=rep, rep=rep, roles=[str(Role.REP)], zone=zone)


def write_cast(zone: str) -> None:
    """The four people whose place a visitor can take."""
    password = make_password(PASSWORD)  # made once: it takes its time
    for member in CAST:
        roles = [str(role) for role in member.roles]
        User.objects.create(
            email=member.email, name=member.name, rep=member.rep, roles=roles, zone=zone, password=password
        )
