"""What an export says of each lead: stages, owner, source, attributes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from handfast.audit.column.finish import Finished
from handfast.audit.join.combine import earlier_of, earliest, ever, first_known, joined
from handfast.audit.join.people import People
from handfast.audit.normal import NORMAL
from handfast.audit.roles import ATTRIBUTE_PREFIX, ATTRIBUTES
from handfast.audit.stage import Stage
from handfast.instant import NEVER
from handfast.measure.columns import Coded, Codes, Instants

DECLINED = "declined"
"""A status that ends a lead without saying whether sales had taken it on; settled by what else is known of it."""


@dataclass(slots=True)
class Leads:
    """Columns of leads under way: every table adds what it knows."""

    people: People
    tables: Sequence[Finished]
    stage_at: dict[Stage, Instants] = field(default_factory=dict)
    reached: dict[Stage, NDArray[np.bool_]] = field(default_factory=dict)
    declined_at: Instants = field(default_factory=lambda: np.zeros(0, np.int64))
    declined: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, np.bool_))
    company_key: Codes = field(default_factory=lambda: np.zeros(0, np.int32))
    more: dict[str, list[tuple[Coded, Codes]]] = field(default_factory=dict)  # words that other tables add

    def __post_init__(self) -> None:
        """Take up what the tables of people state."""
        count = self.people.count
        for stage in Stage:
            self.stage_at[stage] = np.full(count, NEVER, dtype=np.int64)
            self.reached[stage] = np.zeros(count, dtype=np.bool_)
        self.declined_at = np.full(count, NEVER, dtype=np.int64)
        self.declined = np.zeros(count, dtype=np.bool_)
        self._stated()

    def mark(self, stage: Stage, lead: Codes, at: Instants) -> None:
        """Leads reached a stage, at an instant or (NEVER) at an unknown one; the earliest instant stays."""
        count = self.people.count
        self.stage_at[stage] = earlier_of(self.stage_at[stage], earliest(at, lead, count))
        self.reached[stage] |= ever(np.ones(len(lead), dtype=np.bool_), lead, count)

    def mark_word(self, word: str, lead: Codes, at: Instants) -> None:
        """As ``mark``, for a word of a mapping: a stage, or ``declined``; other words say nothing."""
        if word == DECLINED:
            self.declined_at = earlier_of(self.declined_at, earliest(at, lead, self.people.count))
            self.declined |= ever(np.ones(len(lead), dtype=np.bool_), lead, self.people.count)
        elif word in set(Stage):
            self.mark(Stage(word), lead, at)

    def _stated(self) -> None:
        """Columns of dates, of yes-or-no, and of a present stage or status."""
        for table, lead in zip(self.tables, self.people.lead, strict=True):
            for stage in Stage:
                at = table.instants(f"{stage}_at")
                said = (at != NEVER) | (table.flags(stage.value) == 1)
                self.mark(stage, lead[said], at[said])
            self._present(table, lead, "stage", table.instants("stage_at"))
            self._present(table, lead, "status", np.full(len(table), NEVER, dtype=np.int64))

    def _present(self, table: Finished, lead: Codes, role: str, at: Instants) -> None:
        coded = table.words(role)
        for code, word in enumerate(coded.words):
            rows = coded.codes == code
            self.mark_word(word, lead[rows], at[rows])

    def settle_declined(self, met: NDArray[np.bool_]) -> None:
        """Declined leads: disqualified when sales had taken them on or met them (``met``), else rejected."""
        taken = met.copy()
        for stage in (Stage.ACCEPTED, Stage.SQL, Stage.OPPORTUNITY):
            taken |= self.reached[stage]
        for stage, rows in ((Stage.DISQUALIFIED, taken), (Stage.REJECTED, ~taken)):
            hit = self.declined & rows & ~self.reached[Stage.DISQUALIFIED] & ~self.reached[Stage.REJECTED]
            hit &= ~self.reached[Stage.WON]
            self.mark(stage, np.flatnonzero(hit).astype(np.int32), self.declined_at[hit])

    def add_words(self, role: str, words: Coded, lead: Codes) -> None:
        """What another table says, for leads whose own rows say nothing."""
        self.more.setdefault(role, []).append((words, lead))

    def word(self, role: str, meaning: Callable[[str], str] | None = None) -> Coded:
        """A column of words, one a lead: of its earliest row that says it, else of another table."""
        normal = meaning or NORMAL.get(role.removeprefix(ATTRIBUTE_PREFIX))
        more = self.more.get(role, [])
        column = joined([*(table.words(role, normal) for table in self.tables), *(words for words, _ in more)])
        lead = np.concatenate([self.people.lead_of_row, *(leads for _, leads in more)])
        own = len(self.people.lead_of_row)
        order = np.concatenate([self.people.order, np.arange(own, len(lead))])
        return Coded(codes=first_known(column.codes, lead, order, self.people.count), words=column.words)

    def key(self, role: str) -> Codes:
        """A column of ids, one a lead."""
        codes = np.concatenate([np.zeros(0, np.int32), *(table.keys(role) for table in self.tables)])
        return first_known(codes, self.people.lead_of_row, self.people.order, self.people.count)

    def number(self, values: Sequence[NDArray[np.generic]], missing: int) -> NDArray[np.int64]:
        """A column of numbers, one a lead: of its earliest row that says one."""
        column = np.concatenate([np.zeros(0, np.int64), *(part.astype(np.int64) for part in values)])
        result = np.full(self.people.count, missing, dtype=np.int64)
        lead = self.people.lead_of_row
        rows = self.people.order[column[self.people.order] != missing][::-1]
        result[lead[rows]] = column[rows]
        return result

    def attributes(self) -> dict[str, Coded]:
        """Every attribute that any table says."""
        said = {role for table in self.tables for role in table.roles()} | set(self.more)
        wanted = {role for role in said if role in ATTRIBUTES or role.startswith(ATTRIBUTE_PREFIX)}
        return {role.removeprefix(ATTRIBUTE_PREFIX): self.word(role) for role in sorted(wanted)}
