"""Findings about the word "qualified": what the CRM calls so, and what the contract does."""

from __future__ import annotations

from collections.abc import Iterator

from handfast.audit.english import findings as say
from handfast.audit.english import said
from handfast.audit.findings.case import NEGLIGIBLE, Case
from handfast.audit.findings.compare import ENOUGH
from handfast.audit.findings.finding import Finding
from handfast.measure.value import Rows, Table
from handfast.stats import wilson

_CLAUSE = "definitions.mql"
_SPENT = 0.5
"""How much of a lead is lost when sales was handed one that does not meet the definition: the work on it."""


def definition(case: Case, agreement: Table | None) -> Iterator[Finding]:
    """Called qualified and is not; is qualified and was not called so; or the two agree."""
    if agreement is None:
        return
    called, meets = _places(agreement.rows), _places(agreement.columns)
    wrong, right = (agreement.cell(called[0], meets[place]) for place in (1, 0))
    judged = wrong.count + right.count
    yield from _called(case, wrong, judged)
    missed = agreement.cell(called[1], meets[0])
    yield from _missed(case, missed, missed.count + right.count)


def _places(words: tuple[str, ...]) -> tuple[int, int]:
    """Where "qualified" and "not qualified" stand."""
    return words.index("qualified"), words.index("not qualified")


def _called(case: Case, wrong: Rows, judged: int) -> Iterator[Finding]:
    """Of the leads that the CRM calls MQL and the contract can judge: those that do not meet it."""
    low, high = wilson(wrong.count, judged) or (0.0, 1.0)
    if judged < ENOUGH or low <= NEGLIGIBLE < high:
        return
    good = high <= NEGLIGIBLE
    top = judged - wrong.count if good else wrong.count
    yield Finding(
        code="definition_held" if good else "definition",
        good=good,
        figure=said.share(top, judged),
        headline=say.definition_held(top, judged) if good else say.definition(top, judged),
        clause=_CLAUSE,
        next_step="" if good else say.NEXT["definition"],
        cost=float(top) if good else top * _SPENT,
        numbers={"count": top, "of": judged, "share": top / judged},
        records=None if good else case.records(wrong, "leads called MQL against the definition"),
    )


def _missed(case: Case, missed: Rows, meeting: int) -> Iterator[Finding]:
    """Of the leads that meet the definition: those that sales was never given."""
    low, _ = wilson(missed.count, meeting) or (0.0, 1.0)
    if meeting < ENOUGH or low <= NEGLIGIBLE:
        return
    yield Finding(
        code="not_delivered",
        good=False,
        figure=said.share(missed.count, meeting),
        headline=say.not_delivered(missed.count, meeting),
        clause=_CLAUSE,
        next_step=say.NEXT["not_delivered"],
        cost=float(missed.count),
        numbers={"count": missed.count, "of": meeting, "share": missed.count / meeting},
        records=case.records(missed, "leads that qualify and were not delivered"),
    )
