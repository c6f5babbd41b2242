"""Cycles as plain rows, None for what did not happen: what second, slow and obvious opinions of measures read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from handfast.instant import NEVER, Instant, from_datetime, to_datetime
from handfast.measure import Period
from handfast.measure.columns import STAGES, CycleColumns


class Row(dict[str, object]):
    """One cycle in plain values."""

    key: str

    def at(self, stage: str) -> int | None:
        found = self[f"{stage}_at"]
        assert found is None or isinstance(found, int)
        return found

    def timed(self, stage: str) -> int | None:
        """The instant, unless only a later stage implies it."""
        return None if stage in self["inferred"] else self.at(stage)  # type: ignore[operator]  # a set of words

    def unknown_when(self, stages: tuple[str, ...]) -> bool:
        """Reached, nobody knows when."""
        known = any(self.timed(stage) is not None for stage in stages)
        return any(self.did(stage) and (not known or self.stated_without_instant(stage)) for stage in stages)

    def stated_without_instant(self, stage: str) -> bool:
        undated, inferred = self["undated"], self["inferred"]
        return stage in undated and not (stage in inferred and self.at(stage) is None)  # type: ignore[operator]  # sets

    def did(self, stage: str) -> bool:
        return self.at(stage) is not None or stage in self["undated"]  # type: ignore[operator]  # a set of words

    @property
    def ended(self) -> bool:
        return any(self.did(stage) for stage in ("rejected", "disqualified", "won", "lost", "withdrawn"))

    @property
    def end_at(self) -> int | None:
        ends = [self.at(stage) for stage in ("rejected", "disqualified", "won", "lost", "withdrawn")]
        return min((at for at in ends if at is not None), default=None)

    @property
    def contested(self) -> bool:
        settled = any(self.did(stage) for stage in ("rejected", "overturned", "withdrawn", "accepted"))
        return self.did("contested") and not settled

    @property
    def waiting(self) -> bool:
        return self.did("qualified") and not self.did("accepted") and not self.contested and not self.ended

    @property
    def declined(self) -> bool:
        return self.did("qualified") and (self.did("rejected") or self.did("disqualified"))


def rows_of(columns: CycleColumns, as_of: Instant) -> list[Row]:
    found = []
    for index, key in enumerate(columns.key):
        row = Row()
        row.key = key
        for stage in STAGES:
            at = int(columns.at(stage)[index])
            row[f"{stage}_at"] = None if at == NEVER or at > as_of else at
        for name in ("first_touch_due_at", "decision_due_at", "working_due_at"):
            at = int(getattr(columns, name)[index])
            row[name] = None if at == NEVER else at
        drawn = columns.drawn_at is None or as_of >= columns.drawn_at
        row["undated"] = {stage for stage, mask in columns.undated.items() if mask[index]} if drawn else set()
        row["inferred"] = {stage for stage, mask in columns.inferred.items() if mask[index]}
        for name in ("source", "campaign", "owner", "pool", "band", "reason"):
            coded = getattr(columns, name)
            code = int(coded.codes[index])
            row[name] = None if code < 0 else coded.words[code]
        for name in ("excused", "icp", "turns", "stated_in_time", "stated_reassignments", "lead"):
            row[name] = getattr(columns, name)[index].item()
        found.append(row)
    return found


@dataclass
class World:
    rows: list[Row]
    as_of: Instant
    period: Period | None
    columns: CycleColumns

    def placed(self, row: Row, stage: str) -> bool:
        at = row.at(stage)
        return self.period is None or (at is not None and self.period.first <= at < self.period.last)


def kept(row: Row, world: World, clock: str, *, sure: bool = True) -> bool | None:
    """Whether a promise was kept; None where it cannot be judged, as (unless not ``sure``) without an instant."""
    stops, cancels = {
        "first_touch": (("first_touch",), ("rejected", "won", "lost", "withdrawn")),
        "decision": (("accepted", "rejected", "contested"), ("disqualified", "won", "lost", "withdrawn")),
        "working": (("sql", "opportunity", "disqualified", "won", "lost"), ("withdrawn",)),
    }[clock]
    due = row[f"{clock}_due_at"]
    if due is None or due > world.as_of:  # type: ignore[operator]  # an instant
        return None
    assert isinstance(due, int)
    stopped = min((at for stage in stops if (at := row.timed(stage)) is not None), default=None)
    if sure and row.unknown_when(stops):
        return None
    if stopped is not None and stopped <= due:
        return True
    cancelled = min((at for stage in cancels if (at := row.at(stage)) is not None), default=None)
    if cancelled is not None and cancelled < due and (stopped is None or stopped > cancelled):
        return None
    if clock == "first_touch" and row.contested and (row.at("contested") or 0) < due:
        return None
    return False


def worked(row: Row) -> bool:
    return any(row.did(stage) for stage in ("first_touch", "accepted", "rejected", "contested"))


def decision_over(row: Row, world: World) -> bool:
    due = row["decision_due_at"]
    return isinstance(due, int) and due <= world.as_of


def hours_open(start: Instant, until: Instant) -> int:
    """Working time day by day: what of nine to five, Monday to Friday in Berlin, lies between two instants."""
    if until < start:
        return -hours_open(until, start)
    zone, found = ZoneInfo("Europe/Berlin"), 0
    day = to_datetime(start, "Europe/Berlin").date()
    while from_datetime(datetime.combine(day, time(), zone)) < until:
        if day.weekday() < 5:
            opens, closes = (from_datetime(datetime.combine(day, time(hour), zone)) for hour in (9, 17))
            found += max(0, min(closes, until) - max(opens, start))
        day += timedelta(days=1)
    return found


def survival(spans: list[tuple[int, bool]]) -> dict[int, Fraction]:
    share, found = Fraction(1), {}
    for span in sorted({length for length, _ in spans}):
        at_risk = sum(length >= span for length, _ in spans)
        ended = sum(length == span and over for length, over in spans)
        share *= 1 - Fraction(ended, at_risk)
        found[span] = share
    return found


def months_of(at: int) -> str:
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=at)
    return moment.astimezone(ZoneInfo("Europe/Berlin")).strftime("%Y-%m")
