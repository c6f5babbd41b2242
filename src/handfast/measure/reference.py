"""The reference page of measures, written from the definitions themselves."""

from __future__ import annotations

from collections.abc import Iterator

from handfast.measure.scoreboard import FAMILIES
from handfast.measure.value import Definition, Unit, View

_HEAD = """\
# Measures

Every measure has one definition. It stands beside the number wherever the number is shown, and every number opens to
the records behind it. This page is written from the code.

- **Cycle.** One pass of one lead through the funnel. In an audit every lead of the export is one cycle.
- **Period.** Months, quarters and fiscal years are cut in the contract's zone. A fiscal year is called after the
  calendar year in which it ends. A cycle belongs to the period in which it entered the stage named under *dated by*;
  what is reached at an unknown instant belongs to no period, only to the whole.
- **As of.** A board stands as of one instant: what happened later has not happened.
- **Shares** carry Wilson's 95 % interval. A share of nothing is *none*, not 0.
- **Still open.** Where a cycle may yet enter the numerator it is shown as still open, and the verdict counts it both
  ways: *met* and *missed* are said only when neither chance nor the open ones could turn them.
- **Durations.** What has not ended is censored at the end of its cycle or at the as-of instant (Kaplan and Meier), so
  that silence never improves a number; intervals are Greenwood's on the log(-log) scale. Where the formula looks at
  ended cycles alone, quantiles are exact, linear between neighbours. A span that ends before it begins is kept and
  counted as negative. Where only the day of an end is known, spans are counted in days.
- **Inferred instants.** A stage that a later one implies places a cycle in a stage and a month; it measures no time.
- **Not measurable.** What a source cannot tell is reported with the reason, never as 0.
- **Live and history.** A board counts live cycles, history, or both; both together is said beside the numbers.
- **Money** is whole hundredths of the contract's currency; other currencies at the rate of the day of the fact. Revenue
  that is un-won is deducted in the period in which that happens.
- **Activity view.** Where a flow is given, it is events in the period over events in the period, without an interval.
"""

_UNITS = {
    Unit.CYCLES: "cycles",
    Unit.OPPORTUNITIES: "opportunities",
    Unit.SHARE: "share",
    Unit.MONEY: "money, in the contract's currency",
    Unit.WALL: "time around the clock",
    Unit.BUSINESS: "working time",
    Unit.DAYS: "days",
    Unit.CLOCKS: "clocks",
    Unit.PER_DAY: "handoffs a rep and working day",
    Unit.MONEY_PER_DAY: "money a day, in the contract's currency",
}

_VIEWS = {
    View.COHORT: "by when a cycle entered",
    View.ACTIVITY: "by when it happened",
    View.SNAPSHOT: "as it stands",
}


def page() -> str:
    """The page as Markdown."""
    return "\n".join(_lines())


def _lines() -> Iterator[str]:
    yield _HEAD
    for family in FAMILIES:
        title = (family.__doc__ or "").splitlines()[0].rstrip(".")
        yield f"## {title}\n"
        for entry in family.MEASURES:
            yield from _measure(entry.definition)
    yield "## A contract's own stages\n"
    yield (
        "`plan.stages` of a contract adds the conversion of every neighbouring pair, and from its first stage to each\n"
        "other. A stage of the business's own, of which no column says when it was reached, is not measurable."
    )
    yield ""


def _measure(definition: Definition) -> Iterator[str]:
    yield f"### `{definition.name}`\n"
    yield f"**{definition.title}** = {definition.formula}.\n"
    yield f"- Records: {definition.records}."
    yield f"- Unit: {_UNITS[definition.unit]}. Dated by: `{definition.dated_by}` ({_VIEWS[definition.view]})."
    if definition.clause:
        yield f"- Clause: `{definition.clause}`."
    if definition.target:
        yield f"- Target: {definition.target}."
    yield f"- Needs: {', '.join(f'`{need}`' for need in definition.needs)}.\n"
