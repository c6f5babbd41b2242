"""Accounts: which company each lead and deal is of, and what the company's own row adds to its people."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from handfast.audit.column.finish import Finished
from handfast.audit.column.typed import KeySpaces
from handfast.audit.join.combine import first_known, joined
from handfast.audit.join.leads import Leads
from handfast.audit.normal import NORMAL
from handfast.audit.roles import ATTRIBUTE_PREFIX, Kind
from handfast.identity import normal_company
from handfast.measure.columns import Coded, Codes


class Companies:
    """The companies of an export by id and by exact normalised name."""

    def __init__(self, tables: Sequence[Finished], spaces: KeySpaces) -> None:
        self.tables = [table for table in tables if table.kind is Kind.COMPANIES]
        self._keys = spaces.of("company")
        self._by_name: dict[str, int] = {}
        # Without companies or deals nobody asks whose company is whose.
        self._asked = any(table.kind in {Kind.COMPANIES, Kind.DEALS} for table in tables)
        for table in self.tables:
            names, keys = table.words("company"), table.keys("id")
            for row in range(len(table)):
                name = normal_company(names.words[names.codes[row]]) if names.codes[row] >= 0 else ""
                key = int(keys[row]) if keys[row] >= 0 else self._keys.code(f"name {name}")
                self._by_name.setdefault(name, key)

    def keys_of(self, table: Finished) -> Codes:
        """The company of each row: by its id, else by its name."""
        keys = table.keys("company_id")
        if not self._asked:
            return keys
        names = table.words("company")
        by_word = np.array([*(self._named(word) for word in names.words), -1], dtype=np.int32)
        return np.where(keys >= 0, keys, by_word[names.codes]).astype(np.int32)

    def _named(self, word: str) -> int:
        name = normal_company(word)
        if not name:
            return -1
        return self._by_name.setdefault(name, self._keys.code(f"name {name}"))

    def add_to(self, leads: Leads) -> None:
        """Give every lead what its company's rows say and its own do not."""
        roles = sorted({role for table in self.tables for role in table.roles() if role not in {"id", "deleted"}})
        if not roles:
            return
        keys = np.concatenate([self._own_keys(table) for table in self.tables])
        count = max(len(self._keys), int(leads.company_key.max(initial=-1)) + 1)
        everyone = np.arange(leads.people.count, dtype=np.int32)
        for role in roles:
            normal = NORMAL.get(role.removeprefix(ATTRIBUTE_PREFIX))
            column = joined([table.words(role, normal) for table in self.tables])
            of_company = first_known(column.codes, keys, np.arange(len(keys)), count)
            codes = np.append(of_company, np.int32(-1))[leads.company_key]
            leads.add_words(role, Coded(codes=codes, words=column.words), everyone)

    def _own_keys(self, table: Finished) -> Codes:
        names, keys = table.words("company"), table.keys("id")
        by_word = np.array([*(self._named(word) for word in names.words), -1], dtype=np.int32)
        return np.where(keys >= 0, keys, by_word[names.codes]).astype(np.int32)
