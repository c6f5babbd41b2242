"""All tables of an export put together."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from handfast.audit.join.combine import earliest
from handfast.audit.join.leads import Leads
from handfast.audit.join.people import gather
from handfast.audit.column.finish import Finished, date_only
from handfast.audit.column.typed import KeySpaces
from handfast.audit.export import ActivityColumns, AssignmentColumns, DealColumns, Export, TouchColumns
from handfast.audit.roles import Kind
from handfast.contract.model import Contract
from handfast.measure.columns import Coded

PEOPLE = (Kind.LEADS, Kind.EVENTS, Kind.CONTACTS)


def assemble(
    tables: Sequence[Finished], spaces: KeySpaces, contract: Contract | None, say: Callable[[str], None]
) -> Export:
    """One row a lead, with everything that any table says of it."""
    about_people = [table for table in tables if table.table.mapping.kind in PEOPLE]
    people = gather(about_people, spaces, say)
    leads = Leads(people, about_people)
    leads.settle_declined(np.zeros(people.count, dtype=np.bool_))
    touched = np.concatenate([table.instants("first_touch_at") for table in about_people])
    nobody = np.zeros(0, np.int32)
    never = np.zeros(0, np.int64)
    empty = Coded(codes=nobody, words=())
    return Export(
        files=[],
        key=_names(about_people, people.first_row, spaces),
        stage_at=leads.stage_at,
        reached=leads.reached,
        first_touch_at=earliest(touched, people.lead_of_row, people.count),
        attributes=leads.attributes(frozenset(contract.attributes if contract else ())),
        source=leads.word("source"),
        campaign=leads.word("campaign"),
        owner=leads.word("owner"),
        pool=leads.word("pool"),
        reason=leads.word("reason"),
        amount=leads.number([table.money("amount") for table in about_people], 0),
        stated_in_time=leads.number([table.flags("in_time") for table in about_people], -1).astype(np.int8),
        stated_reassignments=leads.number([table.counts("reassignments") for table in about_people], -1).astype(np.int32),
        activities=ActivityColumns(lead=nobody, at=never, kind=empty),
        touches=TouchColumns(lead=nobody, at=never, owner=empty, human=np.zeros(0, np.bool_), two_way=np.zeros(0, np.bool_)),
        assignments=AssignmentColumns(lead=nobody, at=never, owner=empty),
        deals=DealColumns(
            lead=nobody, opened_at=never, closed_at=never, won=np.zeros(0, np.int8), amount=never, currency=empty
        ),
        date_only=set().union(*(date_only(table) for table in about_people)),
    )


def _names(tables: Sequence[Finished], first_row: np.ndarray, spaces: KeySpaces) -> list[str]:
    """The record id of each lead's first row; rows without ids go by file and line."""
    words = spaces.of("lead").words()
    codes = np.concatenate([table.keys("id") for table in tables])
    places = [(table.name, line) for table in tables for line in table.lines()]
    return [words[codes[row]] if codes[row] >= 0 else "{}:{}".format(*places[row]) for row in first_row.tolist()]
