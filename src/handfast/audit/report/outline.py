"""The order of the report: what leaks, what holds, the figures, what they rest on, what cannot be seen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from handfast.audit.audit import Audit
from handfast.audit.english import report as say
from handfast.audit.english import words
from handfast.audit.findings.case import Case
from handfast.audit.findings.finding import Finding
from handfast.audit.planned import planned
from handfast.audit.report.card import cards, nothing_counted
from handfast.audit.report.document import Block, Cards, Cell, Document, Findings, Prose, Section
from handfast.audit.report.part.apart import told_apart
from handfast.audit.report.part.basis import basis, missing
from handfast.audit.report.part.funnel import funnel, rate_cell
from handfast.audit.report.part.handoffs import handoffs
from handfast.audit.report.part.judgement import judgement
from handfast.audit.report.part.line import line
from handfast.audit.report.part.plan import plan_part
from handfast.audit.report.part.reasons import reasons
from handfast.audit.report.part.speed import bands, speed
from handfast.audit.report.part.trend import trend
from handfast.measure.value import Count, Ratio


def document(audit: Audit) -> Document:
    """The report, part by part; a part with nothing to show is left out, except the findings."""
    case = Case(audit.contract, audit.board)
    leaks, numbers = bool(audit.found.leaks), _numbers(case)
    return Document(
        title=say.file_title(audit.contract.name),
        eyebrow=say.EYEBROW,
        headline=say.headline(audit.contract.name, leaks=leaks, shows=audit.found.shows_handoff),
        summary=say.summary(numbers, say.period(audit.board)),
        about=tuple(say.about(audit.contract, audit.digest, audit.board, dated=audit.judged.day_known)),
        facts=tuple(_facts(case)),
        sections=tuple(_sections(audit, case)),
        closing=tuple(say.closing(audit.digest)),
    )


def _sections(audit: Audit, case: Case) -> Iterator[Section]:
    found = audit.found
    nothing = say.NO_LEAK if found.shows_handoff else say.UNJUDGED if case.count("delivered") else say.NOTHING
    if found.all_after:
        nothing = found.without_leaks
    yield _section("findings", _found("leaks", audit.found.leaks, nothing))
    yield from _optional("strengths", _found("strengths", audit.found.strengths, ""))
    yield from _optional("conservation", [line(case)])
    shown = cards(audit.board)
    against = Cards(name="against", cards=tuple(card for card in shown if card.target))
    others = Cards(name="others", cards=tuple(card for card in shown if not card.target), look="compact")
    yield from _optional("against", [against])
    yield from _optional("funnel", [funnel(case)])
    yield from _optional("plan", plan_part(planned(audit)))
    yield from _optional("speed", [bands(case), speed(case)])
    yield from _optional("reasons", [reasons(case)])
    yield from _optional("apart", told_apart(case))
    yield from _optional("trend", [trend(case)])
    yield from _optional("handoffs", handoffs(case))
    empty = say.nothing_counted(nothing_counted(audit.board))
    yield from _optional("measures", [others, Prose(name="empty", lines=empty) if empty else None])
    yield from _optional("judged", judgement(audit.judged))
    yield from _optional("basis", basis(audit.export, audit.judged.assumed))
    yield from _optional("unseen", [missing(audit.found.unseen)])


def _found(name: str, found: tuple[Finding, ...], otherwise: str) -> list[Block | None]:
    """Findings, or a sentence in their place."""
    if found:
        return [Findings(name=name, found=found)]
    return [Prose(name=name, lines=(otherwise,), look="lead alone")] if otherwise else []


def _optional(name: str, blocks: Iterable[Block | None]) -> Iterator[Section]:
    found = [block for block in blocks if block is not None and not (isinstance(block, Cards) and not block.cards)]
    if found:
        yield _section(name, found)


def _section(name: str, blocks: Iterable[Block | None]) -> Section:
    title, lead = say.SECTIONS[name]
    found = tuple(block for block in blocks if block is not None)
    if all(isinstance(block, Prose) for block in found):
        lead = ""  # it explains figures, and there are none
    return Section(name=name, title=title, lead=lead, blocks=found)


def _numbers(case: Case) -> dict[str, int | None]:
    """The counts of the one-sentence summary, each from the measure that carries it."""
    accepted, untouched = case.ratio("accepted_of_delivered"), case.durations("speed_to_first_touch")
    chain = case.contract.stages
    won = case.ratio(f"{chain[0]}_to_{chain[-1]}")
    return {
        "delivered": case.count("delivered"),
        "touched": None if untouched is None else untouched.ended.count,
        "accepted": None if accepted is None else accepted.numerator.count,
        "won": None if won is None or chain[-1] not in {"won", "sale"} else won.numerator.count,
    }


def _facts(case: Case) -> Iterator[tuple[str, Cell]]:
    """The few figures at the top, as many as the export allows."""
    chain = f"{case.contract.stages[0]}_to_{case.contract.stages[-1]}"
    for name, label in (*say.FACTS.items(), (chain, "")):
        measure = case.measure(name)
        if measure is None:
            continue
        title = measure.definition.title
        shown = label or title[:1].upper() + title[1:]
        match measure.figure:
            case Count() as counted:
                yield shown, Cell(text=words.count(counted.value), value=counted.value)
            case Ratio() as ratio:
                yield shown, rate_cell(ratio)
