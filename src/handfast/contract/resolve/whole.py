"""A document → a contract: every name looked up, every condition typed, every part made complete."""

from __future__ import annotations

from collections.abc import Mapping

from handfast.condition import fold
from handfast.contract import document as doc
from handfast.contract.builtin import shipped_lists
from handfast.contract.document.shape import Cuts
from handfast.contract.model import Contract, Party, PartyName
from handfast.contract.resolve import examples as worked
from handfast.contract.resolve import handing, judging, owed, words
from handfast.contract.resolve import time as times
from handfast.contract.resolve.names import Ground
from handfast.contract.terms import MONTHS
from handfast.problem import Problems

_ZONES = 40  # zones whose clocks the instants of examples are held against; more would cost seconds


def resolve(document: doc.Document, cuts: Cuts, problems: Problems) -> Contract | None:
    """The contract of a document; None when it has problems that refuse it.

    Parts are resolved in the order in which they build on each other: words, time, judging, handing over, promises.
    """
    lists = _lists(document, problems)
    ground = Ground(problems, cuts, lists)
    for name, entries in document.lists.items():
        ground.different(entries, ("lists", name))
    attributes = words.attributes(document, ground)
    activities = words.activities(document, ground)
    evidence = words.evidence(document, ground)
    named_zone = times.zone(document.zone, ("zone",), ground)
    zone = named_zone or "UTC"
    effective_from = times.instant(document.effective_from, (zone,) if named_zone else (), ("effective_from",), ground)
    calendars, default_calendar = times.calendars(document, zone, ground)
    score = judging.score(document.score, attributes, activities, ground)
    definitions = judging.definitions(document.definitions, attributes, activities, evidence, ground)
    pools = handing.pools(document, calendars, default_calendar, ground)
    routing = handing.routing(document.routing, attributes, pools, ground)
    clocks = times.clocks(document.clocks, ground)
    reasons = handing.reasons(document, ground)
    targets = owed.targets(document, ground)
    disqualifiers = (*document.definitions.mql.unless, "consent_contact")
    clock_zones = tuple(dict.fromkeys([zone, *(calendar.zone for calendar in calendars.values())]))[:_ZONES]
    in_examples = worked.Words(
        clock_zones if named_zone else (), attributes, activities, (*pools, handing.MANAGER), disqualifiers
    )
    contract = Contract(
        name=document.contract,
        version=document.version,
        effective_from=effective_from,
        zone=zone,
        fiscal_year_starts=MONTHS.index(document.fiscal_year_starts) + 1,
        currency=document.currency,
        parties=_parties(document.parties, ground),
        attributes=attributes,
        activities=activities,
        evidence=evidence,
        calendars=calendars,
        default_calendar=default_calendar,
        lists=lists,
        score=score,
        definitions=definitions,
        routing=routing,
        pools=pools,
        clocks=clocks,
        reasons=reasons,
        recycle=handing.recycle(document.recycle),
        marketing=owed.marketing(document, ground),
        sales=owed.sales(document.commitments.sales),
        targets=targets,
        revenue=owed.revenue(document.revenue, ground),
        stages=tuple(document.plan.stages),
        attribution=owed.attribution(document.attribution, activities, ground),
        reviews=owed.reviews(document.reviews, ground),
        examples=worked.examples(document, in_examples, ground),
    )
    return None if problems.errors else contract


def _parties(parties: doc.Parties, ground: Ground) -> Mapping[PartyName, Party]:
    for name in PartyName:
        ground.different(getattr(parties, name.value).deputies, ("parties", name.value, "deputies"))
    return {
        PartyName.MARKETING: _party(parties.marketing),
        PartyName.SALES: _party(parties.sales),
    }


def _party(party: doc.Party) -> Party:
    return Party(name=party.name, email=party.email, deputies=tuple(party.deputies))


def _lists(document: doc.Document, problems: Problems) -> Mapping[str, frozenset[str]]:
    for name in document.lists:
        if name in shipped_lists():
            message = f"The list {name} ships with the product; give your own another name."
            problems.add("shipped_list", ("lists", name), message)
    own = {name: frozenset(fold(entry) for entry in entries) for name, entries in document.lists.items()}
    return {**own, **{name: frozenset(fold(entry) for entry in entries) for name, entries in shipped_lists().items()}}
