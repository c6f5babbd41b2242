"""All tables of an export put together."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from handfast.audit.column.finish import Finished
from handfast.audit.column.typed import KeySpaces
from handfast.audit.export import DealColumns, Export
from handfast.audit.join.activities import build_activities
from handfast.audit.join.changes import build_assignments, deal_changes, mark_changes
from handfast.audit.join.combine import earliest, first_known
from handfast.audit.join.companies import Companies
from handfast.audit.join.deals import build_deals, explain_stages, fill_from_deals, mark_stages, refine_closing
from handfast.audit.join.leads import Leads
from handfast.audit.join.links import Links, links
from handfast.audit.join.owners import naming
from handfast.audit.join.people import People, gather
from handfast.audit.join.touches import build_touches
from handfast.audit.roles import Kind
from handfast.audit.stage import Stage
from handfast.identity import domain_of
from handfast.instant import NEVER
from handfast.measure.columns import Coded, Codes

PEOPLE = (Kind.LEADS, Kind.EVENTS, Kind.CONTACTS)
Say = Callable[[str], None]


def assemble(
    tables: Sequence[Finished], spaces: KeySpaces, asked: frozenset[str], say: Say
) -> tuple[Export, dict[str, int], bool]:
    """One row a lead, with everything that any table says of it; ``files`` is left to the caller.

    Also per file the rows folded into another, and whether creation was taken for delivery.
    """
    about_people = [table for table in tables if table.kind in PEOPLE]
    people = gather(about_people, spaces, say)
    leads = Leads(people, about_people)
    named = naming(tables)
    explain_stages(tables)
    joining = links(tables, people, spaces, leads.stage_at[Stage.INQUIRY])
    companies = Companies(tables, spaces)
    leads.company_key = _company_keys(leads, joining, companies)
    companies.add_to(leads)
    mark_changes(tables, leads)
    deals = build_deals(tables, leads, joining, companies, named, say)
    refine_closing(deals, deal_changes(tables), joining)
    mark_stages(deals, leads)
    fill_from_deals(tables, joining, leads, named)
    delivered = _deliver(leads, say)
    touches = build_touches(tables, joining, named, _leads_of_deals(deals, spaces), say)
    met = np.zeros(people.count, dtype=np.bool_)
    met[touches.lead[touches.human & touches.two_way]] = True
    leads.settle_declined(met)
    first_touch = np.concatenate([np.zeros(0, np.int64), *(table.instants("first_touch_at") for table in about_people)])
    export = Export(
        files=[],
        key=_names(about_people, people.first_row, spaces),
        stage_at=leads.stage_at,
        reached=leads.reached,
        first_touch_at=earliest(first_touch, people.lead_of_row, people.count),
        attributes=_attributes(leads, about_people, people, spaces, asked),
        source=leads.word("source"),
        campaign=leads.word("campaign"),
        owner=leads.word("owner", named),
        pool=leads.word("pool"),
        reason=leads.word("reason"),
        amount=leads.number([table.money("amount") for table in about_people], 0),
        stated_in_time=leads.number([table.flags("in_time") for table in about_people], -1).astype(np.int8),
        stated_reassignments=leads.number([table.counts("reassignments") for table in about_people], -1).astype(
            np.int32
        ),
        activities=build_activities(tables, joining, say),
        touches=touches,
        assignments=build_assignments(tables, leads, named),
        deals=deals,
        date_only=_date_only(tables),
    )
    folded = dict(zip((table.name for table in about_people), people.duplicates, strict=True))
    return export, folded, delivered


def _deliver(leads: Leads, say: Say) -> bool:
    """Where a guessed export of a sales system never says when leads were delivered, their creation is taken for it."""
    silent = [
        (table, lead)
        for table, lead in zip(leads.tables, leads.people.lead, strict=True)
        if table.kind is Kind.LEADS and table.guessed and table.table.mapping.delivered_on_inquiry
    ]
    if leads.reached[Stage.MQL].any() or not silent:
        return False
    for table, lead in silent:
        at = table.instants("inquiry_at")
        leads.mark(Stage.MQL, lead[at != NEVER], at[at != NEVER])
    say(
        "No column says when leads were delivered to sales; their creation was taken for it. "
        "If that is wrong, say so in the mapping."
    )
    return True


def _company_keys(leads: Leads, joining: Links, companies: Companies) -> Codes:
    """The company of each lead: by its rows' ids or names, else by a table of pairs."""
    people, count = leads.people, leads.people.count
    of_rows = np.concatenate([np.zeros(0, np.int32), *(companies.keys_of(table) for table in leads.tables)])
    keys = first_known(of_rows, people.lead_of_row, people.order, count)
    if ("lead", "company") in joining.pairs:
        lead, company = joining.pairs["lead", "company"]
        linked = first_known(company, people.by_key(lead), np.arange(len(lead)), count)
        keys = np.where(keys >= 0, keys, linked)
    return keys.astype(np.int32)


def _leads_of_deals(deals: DealColumns, spaces: KeySpaces) -> Callable[[Codes], Codes]:
    numbers = spaces.of("deal").numbers
    lead = np.full(len(numbers) + 1, -1, dtype=np.int32)
    for row, key in enumerate(deals.key):
        code = numbers.get(key)
        if code is not None:
            lead[code] = deals.lead[row]
    return lambda keys: lead[keys]


def _attributes(
    leads: Leads, tables: Sequence[Finished], people: People, spaces: KeySpaces, asked: frozenset[str]
) -> dict[str, Coded]:
    found = leads.attributes()
    emails = _emails(tables, people, spaces)
    domains = [domain_of(email) for email in emails.words]
    numbers = {domain: number for number, domain in enumerate(dict.fromkeys(domains))}
    codes = np.array([*(numbers[domain] for domain in domains), -1], dtype=np.int32)[emails.codes]
    if numbers:
        found["email_domain"] = Coded(codes=codes, words=tuple(numbers))
    if "email" in asked:
        found["email"] = emails
    return found


def _emails(tables: Sequence[Finished], people: People, spaces: KeySpaces) -> Coded:
    keys = np.concatenate([table.keys("email") for table in tables])
    return Coded(
        codes=first_known(keys, people.lead_of_row, people.order, people.count),
        words=tuple(spaces.of("email").words()),
    )


def _date_only(tables: Sequence[Finished]) -> set[str]:
    """Roles whose every value in the export is a bare date; those of other tables are named after their kind."""
    bare, timed = set[str](), set[str]()
    for table in tables:
        for role, column in table.dates().items():
            if column.filled:
                name = role if table.kind in PEOPLE else f"{table.kind}.{role}"
                (timed if column.timed else bare).add(name)
    return bare - timed


def _names(tables: Sequence[Finished], first_row: NDArray[np.intp], spaces: KeySpaces) -> list[str]:
    """The record id of each lead's first row; rows without ids go by file and line."""
    words = spaces.of("lead").words()
    names: list[str] = [""] * len(first_row)
    start = 0
    for table in tables:
        mine = np.flatnonzero((first_row >= start) & (first_row < start + len(table)))
        for lead, name in zip(
            mine.tolist(), table.names(words, table.keys("id"), first_row[mine] - start), strict=True
        ):
            names[lead] = name
        start += len(table)
    return names
