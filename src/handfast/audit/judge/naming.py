"""Words of an export brought to the contract's: reasons, who sourced a deal, segments."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from handfast.audit.export import ActivityColumns, DealColumns, Export
from handfast.audit.judge.stages import Stages, first_of
from handfast.condition import fold
from handfast.contract.model import Contract, SourcedBy
from handfast.instant import NEVER
from handfast.measure.columns import Coded, Codes, Instants, Opportunities
from handfast.measure.segment import SIZES, size_of

SOURCED = ("marketing", "sales", "partner")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reasons:
    """Stated reasons under the contract's names where they match, else as the export says them."""

    coded: Coded
    matched: dict[str, str]  # the export's word → the contract's reason
    raw: tuple[str, ...]  # words that are none of the contract's


def reasons(stated: Coded, contract: Contract) -> Reasons:
    """Match reasons by name or title, whatever their case, hyphens and underscores."""
    known = {_plain(word): name for name, one in contract.reasons.items() for word in (one.title, name) if word}
    words: dict[str, int] = {}
    table, matched = [], {}
    for word in stated.words:
        name = known.get(_plain(word))
        if name is not None:
            matched[word] = name
        table.append(words.setdefault(name or word, len(words)))
    codes = np.array([*table, -1], np.int32)[stated.codes]
    raw = tuple(word for word in stated.words if word not in matched)
    return Reasons(coded=Coded(codes=codes, words=tuple(words)), matched=matched, raw=raw)


def _plain(word: str) -> str:
    return fold(word.replace("_", " ").replace("-", " "))


def opportunities(export: Export, contract: Contract, stages: Stages) -> Opportunities | None:
    """The deals of an export, or where it has none, the leads that it says became one; None without either.

    A lead that was won is no opportunity in an export that never speaks of one: nobody sells an incident (0084).
    """
    deals = export.deals
    if not len(deals.lead):
        return _of_leads(export, contract, stages) if "opportunity" in stages.stated else None
    return Opportunities(
        key=deals.key or [f"deal {row + 1}" for row in range(len(deals.lead))],
        cycle=deals.lead,
        opened_at=deals.opened_at,
        closed_at=np.where(deals.won >= 0, deals.closed_at, NEVER),
        won=deals.won,
        amount=np.where(foreign(deals, contract), 0, deals.amount),
        sourced=_sourced(export, contract, deals.lead, deals.opened_at),
    )


def _of_leads(export: Export, contract: Contract, stages: Stages) -> Opportunities:
    won, lost = stages.happened("won"), stages.happened("lost")
    rows = np.flatnonzero(stages.happened("opportunity") | won).astype(np.int32)
    closed = np.where(won, stages.at["won"], stages.at["lost"])
    state = np.where(won, 1, np.where(lost, 0, -1))
    opened = stages.at["opportunity"][rows]
    return Opportunities(
        key=[export.key[row] for row in rows],
        cycle=rows,
        opened_at=opened,
        closed_at=closed[rows],
        won=state[rows].astype(np.int8),
        amount=export.amount[rows],
        sourced=_sourced(export, contract, rows, opened),
    )


def foreign(deals: DealColumns, contract: Contract) -> np.ndarray:
    """Deals in another currency than the contract's: without the rate of the day they are in no sum."""
    other = [bool(word) and fold(word) != fold(contract.currency) for word in deals.currency.words]
    found: np.ndarray = np.array([*other, False])[deals.currency.codes]
    return found


def _sourced(export: Export, contract: Contract, lead: Codes, opened_at: Instants) -> Coded:
    """Who brought each deal, by ``attribution``: a source of sales or partners, else marketing where the rule says so.

    Without activities in the export the rule cannot look at any, and the source alone decides.
    """
    by_source = _by_source(export.source, contract)
    terms = contract.attribution
    if terms.sourced is not SourcedBy.SOURCE_ATTRIBUTE and len(export.activities.lead):
        first = _first_eligible(export.activities, contract, len(export))
        since = np.append(first, NEVER)[lead]
        acted = (since != NEVER) & ((opened_at == NEVER) | (since < opened_at))
        known = np.append(by_source, np.int32(-1))[lead]
        codes = np.where(known > 0, known, np.where(acted, 0, -1))
    else:
        codes = np.append(by_source, np.int32(-1))[lead]
    return Coded(codes=codes.astype(np.int32), words=SOURCED)


def _by_source(source: Coded, contract: Contract) -> Codes:
    terms = contract.attribution
    sales, partner = ({_plain(word) for word in words} for words in (terms.sales_sources, terms.partner_sources))
    table = [1 if _plain(word) in sales else 2 if _plain(word) in partner else 0 for word in source.words]
    return np.array([*table, -1], np.int32)[source.codes]


def _first_eligible(activities: ActivityColumns, contract: Contract, count: int) -> Instants:
    eligible = [word in contract.attribution.eligible for word in activities.kind.words]
    rows = np.array([*eligible, False])[activities.kind.codes]
    return first_of(activities.lead[rows], activities.at[rows], count)


def segments(export: Export) -> Coded:
    """The segment that the export names, else the size of the company; nothing where it knows neither."""
    if "segment" in export.attributes:
        return export.attributes["segment"]
    employees = export.attributes.get("employees")
    if employees is None:
        return Coded(codes=np.full(len(export), -1, np.int32), words=())
    sizes = [size_of(word) for word in employees.words]
    table = [SIZES.index(size) if size else -1 for size in sizes]
    return Coded(codes=np.array([*table, -1], np.int32)[employees.codes], words=SIZES)
