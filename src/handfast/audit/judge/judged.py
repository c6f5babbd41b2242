"""What judging an export gives: cycles as columns, and how every part of them is known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from handfast.audit.judge.bar import Bar
from handfast.calendar import Calendar
from handfast.instant import Instant
from handfast.measure.columns import Coded, CycleColumns
from handfast.measure.value import Rows, Table


class Origin(StrEnum):
    """How it is known that a lead was delivered to sales, or not."""

    BY_EXPORT = "by_export"  # the export states its MQL stage
    BY_CONTRACT = "by_contract"  # the export states none; the contract's definition was met
    INFERRED = "inferred"  # no MQL stage, but sales had it: it was accepted or qualified by sales
    ASSUMED = "assumed"  # neither can say of anybody; every lead counts as handed over when it was assigned or came
    NOT_DELIVERED = "not_delivered"  # it was not
    UNDETERMINED = "undetermined"  # the export holds too little for the contract to say


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Judged:
    """An export under a contract: columns for the measures, and where they come from.

    ``agreement`` sets the two definitions of "qualified" side by side: the export's own stage against the contract's;
    None where the export states no MQL stage.
    """

    columns: CycleColumns
    calendars: Mapping[str, Calendar]
    as_of: Instant
    as_of_given: bool  # False: the latest instant of the export
    dated: bool = True  # False: the export holds no instant, and ``as_of`` is the epoch unless it was given
    origin: Coded  # words of Origin, one a lead
    bar: Bar  # what the contract says of each lead
    agreement: Table | None
    inferred: Mapping[str, Rows]  # stages that a later one implies
    undated: Mapping[str, Rows]  # stages reached at an instant nobody knows
    touched_only_before: Rows  # delivered leads whose every touch came before they qualified
    accepted_by_contact: Rows  # accepted because sales spoke with them
    read_as_disqualified: Rows  # called rejected by the export, after acceptance or contact
    read_as_rejected: Rows  # called disqualified by the export, without acceptance or contact
    held: Rows  # would qualify, kept out by a disqualifier
    future: int  # instants of the export after the as-of instant; not counted
    reasons: Mapping[str, str]  # the export's word → the contract's reason
    reasons_raw: tuple[str, ...]  # words that are none of the contract's
    unread: tuple[str, ...]  # attributes that the contract's judgement reads and the export does not have
    assumed: tuple[str, ...]  # sentences for the report, the reader's own among them

    @property
    def day_known(self) -> bool:
        """Whether ``as_of`` means anything: it was given, or the export has an instant."""
        return self.as_of_given or self.dated
