"""The titles of charts and tables, which say what is to be seen, and the notes under them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Protocol

from handfast.audit.english import said, words
from handfast.audit.findings.compare import Contrast, Share
from handfast.measure.value import Definition, Durations, Ratio, Table, Unit

UNKNOWN = "unknown"
NO_REASON = "no reason given"
NOT_JUDGED = "not judged"

SHORT = {
    "delivered": "Delivered",
    "lead_to_mql": "Lead to MQL",
    "follow_up_compliance": "Touched in time",
    "never_touched": "Never touched",
    "acceptance_rate": "Accepted",
    "undecided_past_due": "Undecided past due",
    "declined": "Declined",
    "speed_to_first_touch": "Median wait",
    "mql_to_opportunity": "To opportunity",
}
"""Measures as heads of columns."""


def short(definition: Definition) -> str:
    """A measure as the head of a column."""
    if definition.name in SHORT:
        return SHORT[definition.name]
    if definition.family == "conversion":
        return f"To {definition.title.rpartition(' to ')[2]}"
    return definition.title[:1].upper() + definition.title[1:]


_STAGES = {
    "lead": "Leads",
    "inquiry": "Leads",
    "mql": "Delivered (MQL)",
    "sal": "Accepted (SAL)",
    "sql": "Qualified by sales (SQL)",
    "opportunity": "Opportunity",
    "won": "Won",
    "sale": "Won",
}


def stage(name: str) -> str:
    """A stage of the chain as a row's name."""
    return _STAGES.get(name, name)


PLAN_NOTE = (
    "Needs are rounded up, from unrounded arithmetic. Measured rates count what is still open up to its age, and rest "
    "on the answers known; their ranges are of 95\u00a0%."
)
WORTH = "What one point more of each rate is worth, all else as it is"

FUNNEL_NOTE = (
    "Bars are shares of the first stage. Rates are of the stage before, with 95\u00a0% intervals, whatever was skipped "
    "between."
)
REACHED = "reached the stage"
STILL_OPEN = "still in the stage before, may yet reach it"


def funnel_title(counts: Sequence[tuple[str, int]]) -> str:
    """The step at which most stop."""
    steps = [(before, after) for before, after in pairwise(counts) if before[1]]
    if len(steps) == 1 or counts[-1][1] == counts[0][1]:
        (first, entered), (second, reached) = counts[0], counts[-1]
        return f"{words.count(reached)} of {words.count(entered)} went from {_plain(first)} to {_plain(second)}"
    worst = min(steps, key=lambda step: step[1][1] / step[0][1])
    (first, entered), (second, reached) = worst
    lost = words.count(entered - reached)
    return (
        f"The narrowest step is {_plain(first)} to {_plain(second)}: {lost} of {words.count(entered)} have not taken it"
    )


def _plain(name: str) -> str:
    return {"mql": "MQL", "sal": "SAL", "sql": "SQL"}.get(name, name)


def bar_label(title: str, count: int, waiting: int) -> str:
    """A bar read aloud."""
    return f"{title}: {words.count(count)} reached it" + (f", {words.count(waiting)} may yet" if waiting else "")


def line_label(delivered: int, groups: Iterable[tuple[str, int]]) -> str:
    """The conservation bar read aloud."""
    said_groups = ", ".join(f"{words.count(count)} {name}" for name, count in groups)
    return f"Of {words.count(delivered)} delivered: {said_groups}"


CLOCKS: Mapping[Unit, str] = {
    Unit.WALL: "around the clock",
    Unit.BUSINESS: "working time",
    Unit.DAYS: "by the day, as the export knows no hour",
}
SPEED_TABLE = "Share touched within a limit"
SPEED_NOTE = (
    "Leads not touched yet stay in the curve until their cycle ended or the data end (Kaplan\u2013Meier), so silence "
    "never looks fast. The axis of time is logarithmic."
)


def speed_title(spans: Durations, working: Durations | None) -> str:
    """How long half of the leads wait, and how many wait still."""
    median, worked = (None if one is None else one.quantiles["median"].value for one in (spans, working))
    never = f"{words.count(spans.never)} of {words.many(spans.records.count, 'lead')} had not been touched at all"
    if median is None:
        return f"Fewer than half of the leads were ever touched: {never}"
    open_hours = "" if worked is None else f" around the clock, {words.working(worked)} of working time"
    return f"Half of the leads had been touched after {words.duration(median)}{open_hours}; {never}"


NOT_TOUCHED = "not at all"


def band(after: str, until: str) -> str:
    """``within 5 min``, ``5 min to 1 h``."""
    return f"{after} to {until}" if after else f"within {until}"


def later(after: str) -> str:
    """``later than 24 h``."""
    return f"later than {after}"


def bands_title(found: Sequence[tuple[str, float]]) -> str:
    """The share touched within the second limit, and the share not touched at all."""
    (_, first), (second, more), *_, (_, never) = found
    soon = f"{words.share(first + more)} of delivered leads were touched within {second.rpartition(' to ')[2]}"
    return f"{soon}, {words.share(never)} not at all"


def promised(text: str) -> str:
    """The label of the window's line."""
    return f"promised: {text}"


def reasons_title(table: Table, top: tuple[str, int, str, float] | None) -> str:
    """The most frequent reason, and where it is most frequent."""
    declined = words.many(table.records.count, "declined lead")
    if top is None:
        return f"None of {declined} carries a reason"
    reason, count, source, share = top
    most = f", most of all from {words.name(source)} ({words.share(share)} of its delivered leads)" if source else ""
    return f"{words.name(reason)} is the most frequent reason, given for {words.count(count)} of {declined}{most}"


def reasons_note(columns: int, rows: int) -> str:
    """How to read the heat table, and what is left out of it."""
    note = (
        "Each cell: declined for the reason, as a share of all leads delivered from the source; the count beside it. "
        "Sources with fewer than 30 delivered leads show counts alone."
    )
    left = [
        words.many(number, what) for number, what in ((columns, "smaller source"), (rows, "rarer reason")) if number
    ]
    return f"{note} Not shown: {words.listed(left)}." if left else note


def apart_title(by: str, largest: tuple[str, int, int] | None, contrast: Contrast | None, what: str) -> str:
    """Who brings most, and who differs most in what is told apart first."""
    lines = []
    if largest is not None:
        word, count, whole = largest
        lines.append(f"{words.name(word)} has the most delivered leads, {words.count(count)} of {words.count(whole)}")
    if contrast is not None:
        more, less = contrast.more, contrast.less
        high, low = said.share(more.top, more.bottom), said.share(less.top, less.bottom)
        one, other = words.name(more.word), words.name(less.word)
        lines.append(f"{what[:1].lower() + what[1:]} runs from {high} ({one}) to {low} ({other})")
    return f"By {by}: {'; '.join(lines)}" if lines else f"By {by}"


def apart_note(left: int, *, faint: bool) -> str:
    """What is left out, and what faint figures mean."""
    note = "Faint figures rest on fewer than 30 records." if faint else ""
    more = f"{words.many(left, 'smaller row')} not shown; the JSON output has them all." if left else ""
    return f"{note} {more}".strip()


def no_word(by: str) -> str:
    """The row of records without a word."""
    return f"no {by}"


class Changed(Protocol):
    """A share before and after."""

    @property
    def title(self) -> str:
        """Whose share."""
        ...

    @property
    def before(self) -> Share:
        """The first three full months."""
        ...

    @property
    def after(self) -> Share:
        """The last three."""
        ...


MONTHS_TABLE = "Month by month"


def trend_title(first: str, last: str, change: Changed | None) -> str:
    """What moved, or that nothing did."""
    span = f"{words.month(first)} to {words.month(last)}"
    if change is None:
        return f"{span}: no share moved by more than chance"
    before, after = change.before, change.after
    way = "rose" if after.value > before.value else "fell"
    moved = f"from {said.share(before.top, before.bottom)} ({before.word})"
    return f"{change.title} {way} {moved} to {said.share(after.top, after.bottom)} ({after.word})"


def latest(of: str, label: str) -> str:
    """What stands after the latest figure of a small chart."""
    return f"of {of}, {label}" if of else label


def of(number: str) -> str:
    """``of 106``."""
    return f"of {number}" if number else ""


TREND_NOTE = (
    "Leads are counted in the month they entered what is measured, so the last months are not ripe yet: what is still "
    "open may go on. Whiskers are 95\u00a0% intervals, dashed lines targets; pale months are not covered in full."
)


class Pointed(Protocol):
    """A point of a trend: a label and a text."""

    @property
    def label(self) -> str:
        """The period."""
        ...

    @property
    def text(self) -> str:
        """The value in words."""
        ...


def trend_label(title: str, points: Sequence[Pointed]) -> str:
    """A small chart read aloud."""
    return f"{title}: " + ", ".join(f"{point.label} {point.text}" for point in points)


def target(value: str) -> str:
    """A target under a small chart."""
    return f"target {value}"


def handoffs_title(reassigned: Ratio | None, title: str) -> str:
    """How many changed hands, before the table's own title."""
    if reassigned is None:
        return title
    top, bottom = reassigned.numerator.count, reassigned.denominator.count
    return f"{said.share(top, bottom)} of leads changed hands, {words.count(top)} of {words.count(bottom)}. {title}"


HAND_OFFS = {
    ("in_time_by_hand_offs", "hand_offs"): "Touched in time, by the number of hand-offs",
    ("stated_in_time", "hand_offs"): "In time by the source's own flag, by hand-offs counted from events",
    ("stated_in_time", "stated_hand_offs"): "In time by the source's own flag, by the source's own count of hand-offs",
}


def flag_note(clock_late: int, flag_late: int, both: int) -> str:
    """Why the source's flag and the clock differ, how many do, and which way."""
    return (
        "The flag is the source\u2019s own word, set by targets that the export does not hold, and often only when a "
        "record is closed; the clock asks whether the answer came within the contract\u2019s window. Of "
        f"{words.count(both)} judged by both, {words.count(clock_late + flag_late)} differ: {words.count(flag_late)} "
        f"the flag calls late and the clock in time, {words.count(clock_late)} the other way round."
    )
