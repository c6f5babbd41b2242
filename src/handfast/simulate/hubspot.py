"""What the simulated team's CRM exports, with the headers that HubSpot's own export screen prints, and its dirt."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from handfast.cycle.life import CycleState
from handfast.cycle.values import Cycle
from handfast.facts import DealLost, DealOpened, DealWon, TouchKind, TouchMade
from handfast.instant import DAY, MINUTE, Instant
from handfast.simulate import words
from handfast.simulate.acts import PATTERNS
from handfast.simulate.known import FIRST_RECORD
from handfast.simulate.simulated import Simulated
from handfast.simulate.stream import Concern, Stream, Whole

CONTACTS = (
    "Record ID,First Name,Last Name,Email,Job Title,Company Name,Associated Company IDs,Industry,Number of Employees,"
    "Country/Region,Original Source,Original Source Drill-Down 1,Contact owner,HubSpot Team,Lifecycle Stage,"
    "Lead Status,Disqualification reason,Create Date,Became a Marketing Qualified Lead Date,"
    "Became a Sales Accepted Lead Date,Became a Sales Qualified Lead Date,Became an Opportunity Date,"
    "Became a Customer Date,Merged object IDs"
).split(",")
INDUSTRY, SOURCE = CONTACTS.index("Industry"), CONTACTS.index("Original Source")
COMPANIES = ("Record ID,Company name,Company Domain Name,Number of Associated Contacts").split(",")
DEALS = ("Record ID,Deal Name,Deal Stage,Amount,Create Date,Close Date,Associated Contact IDs").split(",")
CALLS = (
    "Record ID,Activity type,Activity date,Activity assigned to,Call direction,Call outcome,Associated Contact IDs"
).split(",")
FORMS = ("Contact ID,Activity type,Activity date,Form,Page URL").split(",")

FIRST_COMPANY, FIRST_DEAL = 500_001, 900_001

_BLOCK = 1 << 16


def write_hubspot_export(simulated: Simulated, folder: Path) -> list[Path]:
    """Write contacts, companies, deals, calls and website activity as CSV; returns the files written."""
    folder.mkdir(parents=True, exist_ok=True)
    crm = _Crm.of(simulated)
    tables: dict[str, tuple[Sequence[str], Iterable[Sequence[object]]]] = {
        "hubspot-contacts.csv": (CONTACTS, _with_dirt(simulated, crm.contacts())),
        "hubspot-companies.csv": (COMPANIES, crm.companies()),
        "hubspot-deals.csv": (DEALS, crm.deals()),
        "hubspot-calls.csv": (CALLS, crm.calls()),
    }
    for name, (header, rows) in tables.items():
        with (folder / name).open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(header)
            writer.writerows(rows)
    website = folder / "hubspot-website-activity.csv"
    with website.open("w", encoding="utf-8-sig", newline="") as file:
        file.write(",".join(FORMS) + "\r\n")
        for block in crm.website():
            file.writelines(block)
    return [*(folder / name for name in tables), website]


class Clock:
    """Instants as the CRM shows them: local, to the minute."""

    def __init__(self, simulated: Simulated) -> None:
        self._year = simulated.year
        days = np.arange(int(self._year.local(self._year.midnight[:1])[0]) // DAY - 400, 40_000)
        self._days = dict(zip(days.tolist(), np.datetime_as_string(days.astype("datetime64[D]")).tolist(), strict=True))
        self._times = [f"{minute // 60:02}:{minute % 60:02}" for minute in range(1440)]

    def shown(self, at: Instant | None) -> str:
        """One instant; empty for none."""
        return "" if at is None else self.column(np.array([at], dtype=np.int64))[0]

    def column(self, at: Whole) -> list[str]:
        """A column of instants."""
        day, time = np.divmod(self._year.local(at) // MINUTE, DAY // MINUTE)
        days, times = self._days, self._times
        return [f"{days[d]} {times[t]}" for d, t in zip(day.tolist(), time.tolist(), strict=True)]


@dataclass(slots=True, kw_only=True, eq=False)
class _Deal:
    number: int
    lead: str
    amount: str
    opened_at: Instant
    closed_at: Instant | None = None
    stage: str = "Proposal sent"


@dataclass(slots=True, kw_only=True, eq=False)
class _Crm:
    """The tables of the CRM at the end of the year."""

    simulated: Simulated
    clock: Clock
    touches: list[TouchMade] = field(default_factory=list)
    opportunities: dict[str, _Deal] = field(default_factory=dict)
    merged: dict[int, list[int]] = field(default_factory=dict)  # records by the one that survived

    @classmethod
    def of(cls, simulated: Simulated) -> _Crm:
        """Walk the facts once."""
        crm = cls(simulated=simulated, clock=Clock(simulated))
        for fact in simulated.told:
            if isinstance(fact, TouchMade):
                crm.touches.append(fact)
            elif isinstance(fact, DealOpened):
                number = FIRST_DEAL + len(crm.opportunities)
                deal = _Deal(number=number, lead=fact.lead, amount=str(fact.amount), opened_at=fact.happened_at)
                crm.opportunities[fact.deal] = deal
            elif isinstance(fact, DealWon | DealLost):
                deal = crm.opportunities[fact.deal]
                deal.closed_at = fact.happened_at
                deal.stage = "Closed Won" if isinstance(fact, DealWon) else "Closed Lost"
        people, last = simulated.known.people, simulated.year.last
        for record in np.flatnonzero(people.merged_at < last).tolist():
            crm.merged.setdefault(int(people.human[record]), []).append(record)
        return crm

    def contacts(self) -> Iterator[list[object]]:
        """One row a record that was not merged away."""
        people, last = self.simulated.known.people, self.simulated.year.last
        for record in np.flatnonzero(people.merged_at >= last).tolist():
            yield [*self._person(record), *self._progress(record)]

    def _person(self, record: int) -> list[object]:
        known = self.simulated.known
        people, accounts = known.people, known.accounts
        account, source = int(people.account[record]), known.plan.sources[int(people.source[record])]
        filled = not people.missing[record] or people.enriched_at[record] < self.simulated.year.last
        return [
            FIRST_RECORD + record,
            words.FIRST_NAMES[int(people.first_name[record])],
            words.LAST_NAMES[int(people.last_name[record])],
            known.email(record),
            words.TITLES[int(people.title[record])],
            accounts.name(account),
            FIRST_COMPANY + account,
            words.INDUSTRIES[int(accounts.says_industry[account])][0] if filled else "",
            int(accounts.says_employees[account]) if filled else "",
            words.COUNTRIES[int(people.country[record])][0],
            source.name,
            source.campaigns[int(people.campaign[record])],
        ]

    def _progress(self, record: int) -> list[object]:
        """Owner, stage and dates; of a second record of the same address the CRM knows nothing."""
        people, shown = self.simulated.known.people, self.clock.shown
        created = shown(int(people.created_at[record]))
        cycle = None if people.spelt[record] else self._cycle(record)
        others = ";".join(str(FIRST_RECORD + each) for each in self.merged.get(record, ()))
        if cycle is None:
            return ["", "", "Lead", "", "", created, "", "", "", "", "", others]
        assignment = cycle.assignments[-1] if cycle.assignments else None
        return [
            assignment.rep if assignment else "",
            assignment.pool or "" if assignment else "",
            _LIFECYCLE.get(cycle.state, "Marketing Qualified Lead"),
            _status(cycle),
            self._reason(cycle),
            created,
            shown(cycle.qualified_at),
            shown(cycle.accepted_at if CycleState.ACCEPTED not in cycle.inferred else None),
            shown(cycle.sql_at if CycleState.SQL not in cycle.inferred else None),
            shown(cycle.opportunity_at),
            shown(cycle.ended_at if cycle.state is CycleState.WON else None),
            others,
        ]

    def _cycle(self, record: int) -> Cycle | None:
        """The latest cycle that was delivered: the CRM overwrites what was before."""
        lead = self.simulated.world.leads.get(self.simulated.known.lead_of(record))
        if lead is None:
            return None
        cycles = (*lead.ended, lead.cycle)
        return next((each for each in reversed(cycles) if each is not None and each.qualified_at is not None), None)

    def _reason(self, cycle: Cycle) -> str:
        declined = cycle.state in {CycleState.REJECTED, CycleState.DISQUALIFIED, CycleState.CONTESTED}
        if not declined or cycle.reason is None or cycle.version is None:
            return ""
        return self.simulated.world.terms.of(cycle.version).contract.reasons[cycle.reason].title

    def companies(self) -> Iterator[list[object]]:
        """Every account, with how many records name it."""
        accounts = self.simulated.known.accounts
        people = np.bincount(self.simulated.known.people.account, minlength=len(accounts)).tolist()
        for account in range(len(accounts)):
            if people[account]:
                name, domain = accounts.name(account), accounts.domain(account)
                yield [FIRST_COMPANY + account, name, domain, people[account]]

    def deals(self) -> Iterator[list[object]]:
        """Every deal."""
        shown = self.clock.shown
        for deal in self.opportunities.values():
            closed = shown(deal.closed_at)
            name, opened = f"Subscription {deal.number}", shown(deal.opened_at)
            yield [deal.number, name, deal.stage, deal.amount, opened, closed, _number(deal.lead)]

    def calls(self) -> Iterator[list[object]]:
        """Every call, when it was made."""
        shown = self.clock.column(np.array([touch.happened_at for touch in self.touches], dtype=np.int64))
        for place, (touch, at) in enumerate(zip(self.touches, shown, strict=True), start=1):
            outcome = "Connected" if touch.kind is TouchKind.CONTACT else "No answer"
            yield [7_000_000 + place, "Call", at, touch.by, "Outbound", outcome, _number(touch.lead)]

    def website(self) -> Iterator[list[str]]:
        """What leads did on the site, as lines, a block at a time."""
        acts, people = self.simulated.acts, self.simulated.known.people
        tails = [_tail(row) for row in range(len(PATTERNS))]
        seen = np.array([bool(tail) for tail in tails])
        rows = np.flatnonzero(seen[acts.pattern])
        survives = np.where(people.merged_at < self.simulated.year.last, people.human, np.arange(len(people)))
        for begin in range(0, len(rows), _BLOCK):
            some = rows[begin : begin + _BLOCK]
            who = (survives[acts.record[some]] + FIRST_RECORD).tolist()
            kinds, at = acts.pattern[some].tolist(), self.clock.column(acts.happened_at[some])
            yield [
                f"{number},{tails[kind][0]},{when},{tails[kind][1]}\r\n"
                for number, kind, when in zip(who, kinds, at, strict=True)
            ]


def _tail(pattern: int) -> tuple[str, str] | tuple[()]:
    """Type, then form and page of a website activity; nothing for what is not done on the site."""
    kind, properties, *_ = PATTERNS[pattern]
    if kind == "page_viewed":
        return "Page view", f",https://acme.example{properties['path']}"
    if kind == "form_submitted":
        return "Form submission", f"{properties['form']},https://acme.example/{properties['form']}"
    return ()


def _number(lead: str) -> str:
    return lead.removeprefix("L")


_LIFECYCLE: Mapping[CycleState, str] = {
    CycleState.ACCEPTED: "Sales Accepted Lead",
    CycleState.SQL: "Sales Qualified Lead",
    CycleState.OPPORTUNITY: "Opportunity",
    CycleState.LOST: "Opportunity",
    CycleState.WON: "Customer",
}
_STATUS: Mapping[CycleState, str] = {
    CycleState.CONTESTED: "Unqualified",
    CycleState.REJECTED: "Unqualified",
    CycleState.DISQUALIFIED: "Unqualified",
    CycleState.SQL: "Connected",
    CycleState.OPPORTUNITY: "Open Deal",
    CycleState.LOST: "Open Deal",
    CycleState.WON: "Open Deal",
    CycleState.WITHDRAWN: "",
}


def _status(cycle: Cycle) -> str:
    """Sales' own word on it."""
    if cycle.state is CycleState.ACCEPTED:
        return "Connected" if cycle.contact_at else "In Progress"
    if cycle.state is CycleState.WAITING:
        return "Attempted to Contact" if cycle.first_touch_at else "New"
    return _STATUS[cycle.state]


def _with_dirt(simulated: Simulated, rows: Iterator[list[object]]) -> Iterator[list[object]]:
    """What every real export holds: unset drop-downs, other spellings, a row twice, a row cut short."""
    dirt, chance = simulated.plan.dirt, Stream(simulated.seed, Concern.SHOWN)
    count = len(simulated.known.people)
    drawn = (dirt.unset, dirt.shouted, dirt.twice, dirt.cut)
    flags = zip(*(chance.happens(permille, count).tolist() for permille in drawn), strict=True)
    for row, (unset, shouted, twice, cut) in zip(rows, flags, strict=False):
        if unset:
            row[INDUSTRY] = "Select"
        if shouted:
            row[SOURCE] = str(row[SOURCE]).upper()
        yield row
        if twice:
            yield row
        if cut:
            yield row[:7]
