"""The made-up team's CRM export, with the headers that HubSpot's own export screen prints, and its dirt."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

from handfast.simulate.funnel import Prospect

CONTACTS = (
    "Record ID,First Name,Last Name,Email,Job Title,Company Name,Industry,Number of Employees,"
    "Country/Region,Original Source,Contact owner,Lifecycle Stage,Lead Status,Disqualification reason,"
    "Create Date,Became a Marketing Qualified Lead Date,Became a Sales Qualified Lead Date,"
    "Became an Opportunity Date,Became a Customer Date"
).split(",")
DEALS = ("Record ID,Deal Name,Deal Stage,Amount,Create Date,Close Date,Associated Contact IDs").split(",")
CALLS = (
    "Record ID,Activity type,Activity date,Activity assigned to,Call direction,Call outcome,Associated Contact IDs"
).split(",")
FORMS = ("Contact ID,Activity type,Activity date,Form,Page URL").split(",")


def write_hubspot_export(prospects: Sequence[Prospect], folder: Path) -> list[Path]:
    """Write contacts, deals, calls and website activities as CSV; returns the files written."""
    folder.mkdir(parents=True, exist_ok=True)
    tables: dict[str, tuple[Sequence[str], Iterable[Sequence[object]]]] = {
        "hubspot-contacts.csv": (CONTACTS, _with_dirt([_contact(prospect) for prospect in prospects])),
        "hubspot-deals.csv": (DEALS, (_deal(prospect) for prospect in prospects if prospect.deal_at)),
        "hubspot-calls.csv": (CALLS, (row for prospect in prospects for row in _calls(prospect))),
        "hubspot-website-activity.csv": (FORMS, (row for prospect in prospects for row in _website(prospect))),
    }
    for name, (header, rows) in tables.items():
        with (folder / name).open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(header)
            writer.writerows(rows)
    return [folder / name for name in tables]


def _at(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M}" if moment else ""


def _lifecycle(prospect: Prospect) -> str:
    if prospect.won:
        return "Customer"
    if prospect.deal_at:
        return "Opportunity"
    if prospect.sql_at:
        return "Sales Qualified Lead"
    return "Marketing Qualified Lead" if prospect.mql_at else "Lead"


def _lead_status(prospect: Prospect) -> str:
    if prospect.rejected_as:
        return "Unqualified"
    if prospect.deal_at:
        return "Open Deal"
    if prospect.reached:
        return "Connected"
    if prospect.touched_at:
        return "Attempted to Contact"
    return "New" if prospect.mql_at else ""


def _contact(prospect: Prospect) -> list[object]:
    return [
        prospect.number,
        prospect.first_name,
        prospect.last_name,
        prospect.email,
        prospect.title,
        prospect.company,
        prospect.industry,
        prospect.employees,
        prospect.country,
        prospect.source,
        prospect.rep,
        _lifecycle(prospect),
        _lead_status(prospect),
        prospect.rejected_as,
        _at(prospect.created_at),
        _at(prospect.mql_at),
        _at(prospect.sql_at),
        _at(prospect.deal_at),
        _at(prospect.closed_at if prospect.won else None),
    ]


def _with_dirt(rows: list[list[object]]) -> Iterable[list[object]]:
    """What every real export holds: unset drop-downs, other spellings, a row twice, a row cut short."""
    for position, row in enumerate(rows):
        if position % 23 == 5:
            row[6] = "Select"
        if position % 17 == 3:
            row[9] = str(row[9]).upper()
        yield row
        if position % 211 == 100:
            yield row
        if position % 499 == 250:
            yield row[:7]


def _deal(prospect: Prospect) -> list[object]:
    stage = ("Closed Won" if prospect.won else "Closed Lost") if prospect.closed_at else "Proposal sent"
    return [
        900_000 + prospect.number,
        f"{prospect.company} subscription",
        stage,
        prospect.amount,
        _at(prospect.deal_at),
        _at(prospect.closed_at),
        prospect.number,
    ]


def _calls(prospect: Prospect) -> Iterable[list[object]]:
    for turn, at in enumerate(prospect.touched_at):
        outcome = "Connected" if prospect.reached and turn == len(prospect.touched_at) - 1 else "No answer"
        yield [
            f"{prospect.number}{turn}",
            "Call",
            _at(at),
            prospect.rep,
            "Outbound",
            outcome,
            prospect.number,
        ]


def _website(prospect: Prospect) -> Iterable[list[object]]:
    if prospect.demo_asked_at:
        yield [prospect.number, "Form submission", _at(prospect.demo_asked_at), "demo", "https://acme.example/demo"]
    for at in sorted(prospect.pricing_viewed_at):
        yield [prospect.number, "Page view", _at(at), "", "https://acme.example/pricing"]
