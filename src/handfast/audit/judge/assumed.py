"""What judging an export took for granted, in sentences for the report."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from handfast.audit.export import Export
from handfast.audit.judge.judged import Origin
from handfast.audit.judge.naming import foreign
from handfast.audit.judge.present import dated
from handfast.audit.judge.stages import SAID, Stages
from handfast.audit.judge.unheard import unheard
from handfast.contract.model import Contract, SourcedBy
from handfast.instant import NEVER, Instant, format_instant
from handfast.measure.columns import Coded, CycleColumns


@dataclass(frozen=True, slots=True)
class Told:
    """Everything that an assumption may have to be told about."""

    export: Export
    contract: Contract
    columns: CycleColumns
    origin: Coded
    stages: Stages
    unread: tuple[str, ...]
    as_of: Instant
    of_teams: bool
    future: int  # instants after the as-of instant

    def sentences(self, *, given: bool) -> Iterator[str]:
        """One assumption each, in the order in which a reader would ask."""
        yield from self._as_of(given=given)
        yield self._who_was_delivered()
        yield from self._unread()
        yield from self._stages()
        yield from self._days()
        yield from self._deals()
        if (self.columns.turns > 0).any():
            yield f"Hand-offs are counted from {'team to team' if self.of_teams else 'owner to owner'}."
        yield (
            "Clocks are virtual: due by the contract's windows and the calendar of the pool that its routing rules "
            "name, from the instants that the export states. An account owner's precedence is not known here."
        )

    def _as_of(self, *, given: bool) -> Iterator[str]:
        at = format_instant(self.as_of, self.contract.zone)
        if not dated(self.export):
            yield "The export holds no instants: it tells of no day, no promise can be judged, no time be measured."
        elif given:
            yield f"Judged as of {at}, as asked." + (
                f" Not counted: {_many(self.future)} after it." if self.future else ""
            )
        else:
            yield f"Judged as of {at}, the latest instant of the export." + (
                f" Left aside as a slip: {_many(self.future)} more than a year after all others." if self.future else ""
            )

    def _who_was_delivered(self) -> str:
        words = self.origin.words
        count = dict(zip(words, np.bincount(self.origin.codes, minlength=len(words)).tolist(), strict=True))
        if count[Origin.BY_EXPORT.value]:
            return "Who was delivered to sales is taken from the export's own MQL stage, not from the contract."
        if count[Origin.ASSUMED.value] and "qualified" in self.stages.stated:
            return "Every lead counts as delivered when it came in: the export does not tell the two apart."
        if count[Origin.ASSUMED.value]:
            return (
                "The export states no MQL stage and holds too little for the contract to judge anybody: every lead "
                "counts as delivered when it was first assigned, or else when it came in."
            )
        unknown = count[Origin.UNDETERMINED.value]
        tail = f" Of {unknown:,} leads the export holds too little to say." if unknown else ""
        return "The export states no MQL stage: who was delivered to sales is judged by the contract." + tail

    def _unread(self) -> Iterator[str]:
        if self.unread:
            yield (
                f"The contract reads {', '.join(self.unread)}, which the export does not have; they count as unknown. "
                "Attributes are taken as they stand now, also for the past."
            )
        elif self.export.attributes:
            yield "Attributes of leads are taken as they stand now, also for the past."

        yield from unheard(self.export, self.contract)

    def _stages(self) -> Iterator[str]:
        for stage, said in SAID.items():
            inferred = int(np.count_nonzero(self.stages.inferred[stage]))
            skipped = self.stages.inferred[stage] & (self.stages.at[stage] == NEVER)
            undated = int(np.count_nonzero(self.stages.undated[stage] & ~skipped))
            if inferred:
                yield f"{inferred:,} leads count as {said} because they reached a later stage; it measures no time."
            if undated:
                yield f"{undated:,} leads were {said} at an instant that the export does not state."

    def _days(self) -> Iterator[str]:
        days = [name.replace("_", " ") for name in sorted(self.columns.date_only)]
        if days:
            yield f"Only the day is known of: {', '.join(days)}. Time from or to them is counted in days."
        for name, mask in self.columns.by_day.items():
            stage, leads = name.replace("_", " "), _leads(int(np.count_nonzero(mask)))
            yield f"Of {leads} only the day is known of: {stage}. It counts, and no time is measured by it."

    def _deals(self) -> Iterator[str]:
        deals, rule = self.export.deals, self.contract.attribution.sourced
        if len(deals.lead):
            others = int(np.count_nonzero(foreign(deals, self.contract)))
            strays = int(np.count_nonzero(deals.lead < 0))
            if not np.any(deals.won != 1):
                yield "The export knows only of deals that were won; what else was in the pipeline it does not say."
            if others:
                yield f"{others:,} deals are in another currency than {self.contract.currency}; they are in no sum."
            if strays:
                yield f"{strays:,} deals belong to no lead of the export."
        if rule is not SourcedBy.SOURCE_ATTRIBUTE and not len(self.export.activities.lead):
            yield "The export holds no activities: who sourced a deal is read from the lead's source."
        late = int(np.count_nonzero((self.export.deals.won < 0) & (self.export.deals.closed_at != NEVER)))
        if late:
            yield f"{late:,} open deals carry an expected date of closing, which is not read as an end."


def _many(instants: int) -> str:
    return "1 instant that lies" if instants == 1 else f"{instants:,} instants that lie"


def _leads(count: int) -> str:
    return "1 lead" if count == 1 else f"{count:,} leads"
