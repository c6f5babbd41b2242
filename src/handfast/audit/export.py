"""A CRM export as columns: what the readers produce and the audit judges. Nothing here knows a vendor."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from handfast.audit.mapping import ExportMapping
from handfast.audit.stage import Stage
from handfast.measure.columns import Coded, Codes, Instants


def _no_words() -> Coded:
    return Coded(codes=np.zeros(0, np.int32), words=())


@dataclass(frozen=True, slots=True)
class Guess:
    """What one column was taken for. ``role`` is empty where it was taken for nothing."""

    header: str
    role: str
    confidence: float  # 0..1; 1 when a mapping says so
    reason: str


@dataclass(slots=True, kw_only=True)
class SourceFile:
    """One file that was read, and what it was taken for."""

    name: str
    recognised_as: str  # "HubSpot contacts", "mapping file", …
    encoding: str
    delimiter: str
    rows: int
    used: int
    refused: int
    duplicates: int
    date_order: str = ""  # "iso", "dmy", "mdy", or "" when the file has no dates
    columns: dict[str, str] = field(default_factory=dict)  # header → role
    unused: list[str] = field(default_factory=list)  # headers without a role
    guesses: list[Guess] = field(default_factory=list)  # one a column, in the file's order


@dataclass(slots=True, kw_only=True)
class ActivityColumns:
    """Things leads did, in file order. ``properties`` are coded columns of the same length."""

    lead: Codes
    at: Instants
    kind: Coded  # activity names of the contract
    properties: dict[str, Coded] = field(default_factory=dict)
    key: list[str] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class TouchColumns:
    """Outreach by sales, in file order."""

    lead: Codes
    at: Instants
    owner: Coded
    human: NDArray[np.bool_]  # False for sequences, auto-replies, bots
    two_way: NDArray[np.bool_]  # contact rather than attempt
    key: list[str] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class AssignmentColumns:
    """Changes of owner (or of group), in time order per lead; the first row is the first owner."""

    lead: Codes
    at: Instants
    owner: Coded
    pool: Coded = field(default_factory=_no_words)  # empty when the export knows no teams, queues or groups


@dataclass(slots=True, kw_only=True)
class DealColumns:
    """Opportunities. ``lead`` is -1 where a deal could not be tied to one."""

    lead: Codes
    opened_at: Instants
    closed_at: Instants
    won: NDArray[np.int8]  # 1 won, 0 lost, -1 open
    amount: NDArray[np.int64]  # hundredths
    currency: Coded
    owner: Coded = field(default_factory=_no_words)
    reason: Coded = field(default_factory=_no_words)  # why it was lost
    key: list[str] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Export:
    """Everything an audit knows of an export.

    One row per lead after duplicates were folded. ``stage_at[stage]`` holds the stated instant or NEVER;
    ``reached[stage]`` is True where the export says the stage was reached, with or without an instant. No stage is
    inferred from a later one: that is the judge's to do and to mark.
    """

    files: list[SourceFile]
    key: list[str]  # record id of each lead
    stage_at: dict[Stage, Instants]
    reached: dict[Stage, NDArray[np.bool_]]
    first_touch_at: Instants  # stated by the export itself (a column), else NEVER
    attributes: dict[str, Coded]  # contract attribute → normalised text of the value
    source: Coded
    campaign: Coded
    owner: Coded
    pool: Coded = field(default_factory=_no_words)
    reason: Coded  # stated reason of rejection, disqualification or loss
    amount: NDArray[np.int64]  # hundredths, of the lead's own row
    stated_in_time: NDArray[np.int8]  # the export's own SLA flag: 1, 0, -1 absent
    stated_reassignments: NDArray[np.int32]  # the export's own count, -1 absent
    activities: ActivityColumns
    touches: TouchColumns
    assignments: AssignmentColumns
    deals: DealColumns
    date_only: set[str] = field(default_factory=set)  # roles whose instants have no time of day
    assumed: list[str] = field(default_factory=list)  # sentences for the report: what was guessed and why
    refused_path: str = ""
    mapping: ExportMapping | None = None  # what was read as what; written to a file and given again, it reads the same

    def __len__(self) -> int:
        """Number of leads."""
        return len(self.key)
