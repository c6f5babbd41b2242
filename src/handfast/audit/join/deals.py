"""Deals: who they belong to, how they ended, and what they say of their leads' stages."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from handfast.audit.column.finish import Finished
from handfast.audit.column.vocabulary import fold
from handfast.audit.export import DealColumns
from handfast.audit.join.combine import LATER, joined, once
from handfast.audit.join.companies import Companies
from handfast.audit.join.leads import Leads
from handfast.audit.join.links import Links
from handfast.audit.join.owners import Naming
from handfast.audit.meaning import deal_stage
from handfast.audit.normal import yes_or_no
from handfast.audit.roles import Kind
from handfast.audit.stage import Stage
from handfast.identity import normal_id
from handfast.instant import DAY, NEVER
from handfast.measure.columns import Codes, Instants

WON, LOST, OPEN = 1, 0, -1


def stage_names(tables: Sequence[Finished]) -> Mapping[str, str]:
    """Ids of deal stages → ``won``, ``lost`` or the label, by the tables of stages."""
    names: dict[str, str] = {}
    for table in tables:
        if table.kind is Kind.STAGES:
            columns = [table.words(role) for role in ("id", "name", "won", "closed")]
            for row in range(len(table)):
                key, name, won, closed = (
                    column.words[code] if (code := int(column.codes[row])) >= 0 else "" for column in columns
                )
                ended = "won" if yes_or_no(won) else "lost" if yes_or_no(closed) and yes_or_no(won) is False else ""
                names[fold(normal_id(key))] = ended or name
    return names


def explain_stages(tables: Sequence[Finished]) -> None:
    """Tell the tables of deals and of their histories what the ids of stages mean."""
    labels = stage_names(tables)
    for table in tables:
        role = {Kind.DEALS: "stage", Kind.HISTORY: "new_value"}.get(table.kind)
        if role and (table.kind is Kind.DEALS or table.has("deal_id")):
            known = deal_stage if table.guessed else str
            table.explained[role] = _explained(labels, known)


def _explained(labels: Mapping[str, str], known: Callable[[str], str]) -> Callable[[str], str]:
    return lambda raw: known(labels.get(fold(normal_id(raw)), raw))


def build_deals(
    tables: Sequence[Finished],
    leads: Leads,
    links: Links,
    companies: Companies,
    naming: Naming,
    say: Callable[[str], None],
) -> DealColumns:
    """Every deal once; each known to the lead that inquired first among its people."""
    mine = [table for table in tables if table.kind is Kind.DEALS]
    parts = [_read(table, leads, links, companies) for table in mine]
    key = np.concatenate([np.zeros(0, np.int32), *(part[0] for part in parts)])
    lead = np.concatenate([np.zeros(0, np.int32), *(part[1] for part in parts)])
    opened = np.concatenate([np.zeros(0, np.int64), *(part[2] for part in parts)])
    closed = np.concatenate([np.zeros(0, np.int64), *(part[3] for part in parts)])
    won = np.concatenate([np.zeros(0, np.int8), *(part[4] for part in parts)])
    once = _first_of_each(key)
    _say_twice(len(key) - len(once), say)
    owner = joined([table.words("owner", naming) for table in mine])
    reason = joined([table.words("reason") for table in mine])
    currency = joined([table.words("currency", str.upper) for table in mine])
    for coded in (owner, reason, currency):
        coded.codes = coded.codes[once]
    names = links.spaces.of("deal").words()
    every = [name for table in mine for name in table.names(names, table.keys("id"), np.arange(len(table)))]
    return DealColumns(
        lead=lead[once],
        opened_at=opened[once],
        closed_at=closed[once],
        won=won[once],
        amount=np.concatenate([np.zeros(0, np.int64), *(table.money("amount") for table in mine)])[once],
        currency=currency,
        owner=owner,
        reason=reason,
        key=[every[row] for row in once.tolist()],
    )


def _say_twice(count: int, say: Callable[[str], None]) -> None:
    if count:
        say(f"Deals left out: {count:,} repeating the id of an earlier row.")


def _first_of_each(key: Codes) -> NDArray[np.intp]:
    """Rows in file order, later ones with the same id left out; rows without an id all stay."""
    return once(np.where(key >= 0, key.astype(np.int64), -1 - np.arange(len(key), dtype=np.int64)))


def _read(
    table: Finished, leads: Leads, links: Links, companies: Companies
) -> tuple[Codes, Codes, Instants, Instants, NDArray[np.int8]]:
    """Key, lead, opened, closed, won."""
    won = _ended(table)
    closed = table.instants("closed_at")
    for role in ("won_at", "lost_at"):
        closed = np.where(table.instants(role) != NEVER, table.instants(role), closed)
    closed = np.where(won == OPEN, NEVER, closed)  # of an open deal it is a hope, not a fact
    opened = table.instants("opened_at")
    lead = links.one_lead(table, "deal")
    lead = _by_converted(table, leads, lead)
    lead = _by_company(_company(table, links, companies), leads, lead, opened)
    return table.keys("id"), lead, opened, closed, won


def _ended(table: Finished) -> NDArray[np.int8]:
    """1 won, 0 lost, -1 open: by its date of winning or losing, its flags, its stage, in this order."""
    stage = table.words("stage")
    by_word = {"won": WON, "lost": LOST}
    ended = np.array([*(by_word.get(fold(word), OPEN) for word in stage.words), OPEN], dtype=np.int8)[stage.codes]
    flag, closed = table.flags("won"), table.flags("closed")
    ended = np.where(flag == 1, WON, np.where((closed == 1) & (flag == 0), LOST, ended))
    ended = np.where((closed == 0) & (flag != 1), OPEN, ended)
    ended = np.where(table.instants("lost_at") != NEVER, LOST, ended)
    return np.where(table.instants("won_at") != NEVER, WON, ended).astype(np.int8)


def _by_converted(table: Finished, leads: Leads, lead: Codes) -> Codes:
    """Deals that a lead says it became."""
    became = leads.key("deal_id")
    who = np.full(int(became.max(initial=-1)) + 2, -1, dtype=np.int32)
    known = np.flatnonzero(became >= 0)[::-1]
    who[became[known]] = known
    key = table.keys("id")
    found = who[np.where((key >= 0) & (key < len(who) - 1), key, len(who) - 1)]
    return np.where(lead >= 0, lead, found).astype(np.int32)


def _company(table: Finished, links: Links, companies: Companies) -> Codes:
    """The company of each deal: by its id or name, else by the table of pairs."""
    keys = companies.keys_of(table)
    keys = np.where(keys >= 0, keys, links.partner(table.keys("id"), "deal", "company"))
    return keys.astype(np.int32)


def _by_company(key: Codes, leads: Leads, lead: Codes, opened: Instants) -> Codes:
    """Deals tied to nothing but a company: its latest lead that had inquired when the deal was opened."""
    company = leads.company_key
    loose = np.flatnonzero((lead < 0) & (key >= 0))
    if not len(loose):
        return lead
    inquiry = leads.stage_at[Stage.INQUIRY]
    order = np.lexsort((inquiry, company))
    order = order[company[order] >= 0]
    result = lead.copy()
    for row in loose.tolist():
        low, high = (
            np.searchsorted(company[order], key[row], "left"),
            np.searchsorted(company[order], key[row], "right"),
        )
        if low == high:
            continue
        at = opened[row] if opened[row] != NEVER else LATER
        place = np.searchsorted(inquiry[order[low:high]], at, "right")
        if place:
            result[row] = order[low + place - 1]
    return result


def mark_stages(deals: DealColumns, leads: Leads) -> None:
    """What deals say of leads: opened is opportunity, one won is won, all lost is lost."""
    tied = deals.lead >= 0
    leads.mark(Stage.OPPORTUNITY, deals.lead[tied], deals.opened_at[tied])
    won = tied & (deals.won == WON)
    leads.mark(Stage.WON, deals.lead[won], deals.closed_at[won])
    hopeful = np.zeros(leads.people.count, dtype=np.bool_)
    hopeful[deals.lead[tied & (deals.won != LOST)]] = True
    lost = tied & (deals.won == LOST)
    lost[lost] = ~hopeful[deals.lead[lost]] & ~leads.reached[Stage.WON][deals.lead[lost]]
    # Several lost deals: it was lost with the last of them.
    last = np.full(leads.people.count, NEVER, dtype=np.int64)
    np.maximum.at(last, deals.lead[lost], deals.closed_at[lost])
    who = np.unique(deals.lead[lost])
    leads.mark(Stage.LOST, who.astype(np.int32), last[who])


def refine_closing(deals: DealColumns, changes: tuple[Codes, Instants, NDArray[np.int8]], links: Links) -> None:
    """Closing dates without a time of day take the instant at which the history says the stage was entered."""
    key, at, ended = changes
    if not len(key):
        return
    place = {name: row for row, name in enumerate(deals.key)}
    words = links.spaces.of("deal").words()
    order = np.argsort(at, kind="stable")
    for row in order.tolist():
        deal = place.get(words[key[row]])
        if deal is None or ended[row] != deals.won[deal] or ended[row] == OPEN:
            continue
        closed = deals.closed_at[deal]
        if closed == NEVER or 0 <= at[row] - closed < DAY:
            deals.closed_at[deal] = at[row]


def fill_from_deals(tables: Sequence[Finished], links: Links, leads: Leads, naming: Naming) -> None:
    """Owners and sources of leads that only their deals name."""
    for role, target in (("lead_owner", "owner"), ("source", "source"), ("reason", "reason")):
        for table in tables:
            if table.kind is Kind.DEALS and table.has(role):
                coded = table.words(role, naming if target == "owner" else None)
                leads.add_words(target, coded, links.one_lead(table, "deal"))
