"""From rows of other tables to leads: by record id, e-mail address, deal, company, or a table of pairs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from handfast.audit.column.finish import Finished
from handfast.audit.column.typed import KeySpaces
from handfast.audit.join.combine import LATER, once
from handfast.audit.join.people import People
from handfast.audit.roles import Kind
from handfast.instant import NEVER
from handfast.measure.columns import Codes, Instants


@dataclass(slots=True)
class Links:
    """Every way to a lead that the export offers."""

    people: People
    spaces: KeySpaces
    pairs: dict[tuple[str, str], tuple[Codes, Codes]]  # ("deal", "lead") → codes of both
    inquiry_at: Instants

    def leads_of(self, table: Finished, via: str = "") -> tuple[NDArray[np.intp], Codes]:
        """Rows of a table and the leads they belong to; a row that names several leads comes several times.

        Asked in this order, each only for rows without an answer: ids and several ids, the table of pairs of
        ``via`` (``touch``, ``deal``), the address.
        """
        count = len(table)
        rows, leads = [np.zeros(0, np.intp)], [np.zeros(0, np.int32)]

        def answer(some: NDArray[np.integer], who: Codes) -> None:
            open_ = np.ones(count, dtype=np.bool_)
            for known in rows:
                open_[known] = False
            good = (who >= 0) & open_[some]
            rows.append(some[good].astype(np.intp))
            leads.append(who[good])

        everyone = np.arange(count)
        many_rows, many_keys = table.pairs("lead_ids")
        answer(everyone, self.people.by_key(table.keys("lead_id")))
        answer(many_rows, self.people.by_key(many_keys))
        if via and (via, "lead") in self.pairs:
            answer(*self._through(table.keys("id"), via))
        answer(everyone, self.people.by_email(table.keys("email")))
        return self._tidy(np.concatenate(rows), np.concatenate(leads))

    def _through(self, keys: Codes, via: str) -> tuple[NDArray[np.intp], Codes]:
        """Rows and leads by a table of pairs."""
        left, right = self.pairs[via, "lead"]
        order = np.argsort(left, kind="stable")
        left, right = left[order], right[order]
        low, high = np.searchsorted(left, keys, "left"), np.searchsorted(left, keys, "right")
        high = np.where(keys < 0, low, high)
        sizes = high - low
        rows = np.repeat(np.arange(len(keys)), sizes)
        places = np.arange(len(rows)) - np.repeat(np.cumsum(sizes) - sizes, sizes) + np.repeat(low, sizes)
        return rows, self.people.by_key(right[places])

    def partner(self, keys: Codes, left: str, right: str) -> Codes:
        """The first record that a table of pairs ties to each key; -1 where there is none."""
        mine, other = self.pairs.get((left, right), (np.zeros(0, np.int32), np.zeros(0, np.int32)))
        table = np.full(len(self.spaces.of(left)) + 1, -1, dtype=np.int32)
        known = np.flatnonzero(mine >= 0)[::-1]  # the last write wins: write in reverse
        table[mine[known]] = other[known]
        return table[keys]

    @staticmethod
    def _tidy(rows: NDArray[np.intp], leads: Codes) -> tuple[NDArray[np.intp], Codes]:
        """In file order, no pair twice."""
        order = np.lexsort((leads, rows))
        rows, leads = rows[order], leads[order]
        kept = once(rows, leads)
        return rows[kept], leads[kept]

    def one_lead(self, table: Finished, via: str) -> Codes:
        """The one lead of each row: of several the one that inquired first; -1 for none."""
        rows, leads = self.leads_of(table, via)
        when = np.where(self.inquiry_at == NEVER, LATER, self.inquiry_at)[leads] if len(leads) else leads
        order = np.lexsort((leads, when, rows))[::-1]  # the last write wins: write in reverse
        result = np.full(len(table), -1, dtype=np.int32)
        result[rows[order]] = leads[order]
        return result


def links(tables: Sequence[Finished], people: People, spaces: KeySpaces, inquiry_at: Instants) -> Links:
    """Gather the tables of pairs."""
    pairs: dict[tuple[str, str], list[tuple[Codes, Codes]]] = {}
    for table in tables:
        if table.kind is not Kind.LINKS:
            continue
        said = [name for name in ("deal", "touch", "company", "lead") if table.has(f"{name}_id")]
        for left in said:
            for right in said:
                if left != right:
                    both = table.keys(f"{left}_id"), table.keys(f"{right}_id")
                    pairs.setdefault((left, right), []).append(both)
    joined = {
        key: (np.concatenate([a for a, _ in parts]), np.concatenate([b for _, b in parts]))
        for key, parts in pairs.items()
    }
    return Links(people, spaces, joined, inquiry_at)
