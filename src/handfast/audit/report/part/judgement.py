"""Whose word a stage is: what the export states, what the contract says, and how often the two agree."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from handfast.audit.english import basis as say
from handfast.audit.english import words
from handfast.audit.judge import Judged
from handfast.audit.report import chart
from handfast.audit.report.document import Block, Cell, Column, Grid
from handfast.measure.value import Table


def judgement(judged: Judged) -> Iterator[Block]:
    """How it is known that each lead was delivered; the agreement; stages implied or without a date."""
    if len(judged.origin.codes):
        yield _origins(judged)
    if judged.agreement is not None:
        yield _agreement(judged.agreement)
    rows = [(name, rows.count, say.IMPLIED) for name, rows in judged.inferred.items()]
    rows += [(name, rows.count, say.UNDATED) for name, rows in judged.undated.items()]
    rows += [(what, rows.count, how) for rows, what, how in say.readings(judged) if rows.count]
    if rows:
        yield _readings(rows)
    if judged.reasons:
        yield _reasons(judged)


def _origins(judged: Judged) -> Grid:
    counts = np.bincount(judged.origin.codes, minlength=len(judged.origin.words)).tolist()
    whole = max(sum(counts), 1)
    return Grid(
        name="origins",
        title=say.ORIGINS_TITLE,
        columns=(
            Column(key="origin", title="How it is known"),
            Column(key="bar", title="Of all leads", look="draws"),
            Column(key="count", title="Leads", number=True),
        ),
        rows=tuple(
            _origin(say.ORIGINS.get(word, word), count, whole)
            for word, count in zip(judged.origin.words, counts, strict=True)
            if count
        ),
    )


def _origin(text: str, count: int, whole: int) -> tuple[Cell, ...]:
    share = count / whole
    drawing = chart.bar([chart.Part(share=share, look="reached")], f"{text}: {words.share(share)}", height=12)
    return Cell(text=text), Cell(text="", drawing=drawing), Cell(text=words.count(count), value=count)


def _agreement(table: Table) -> Grid:
    """The export's stage down, the contract's definition across."""
    rows = [place for place, word in enumerate(table.rows) if word]
    columns = [place for place, word in enumerate(table.columns) if word and table.of[place].count]
    return Grid(
        name="agreement",
        title=say.AGREEMENT_TITLE,
        columns=(
            Column(key="export", title="The export says"),
            *(
                Column(key=table.columns[one], title=say.by_contract(table.columns[one]), number=True)
                for one in columns
            ),
        ),
        rows=tuple(
            (
                Cell(text=table.rows[row]),
                *(Cell(text=words.count(table.counts[row][one]), value=table.counts[row][one]) for one in columns),
            )
            for row in rows
        ),
    )


def _readings(rows: list[tuple[str, int, str]]) -> Grid:
    return Grid(
        name="readings",
        title=say.READINGS_TITLE,
        columns=(
            Column(key="what", title="What"),
            Column(key="how", title="How it was read"),
            Column(key="count", title="Leads", number=True),
        ),
        rows=tuple(
            (Cell(text=say.plain_stage(what)), Cell(text=how), Cell(text=words.count(count), value=count))
            for what, count, how in rows
        ),
    )


def _reasons(judged: Judged) -> Grid:
    return Grid(
        name="reason_words",
        title=say.REASON_WORDS_TITLE,
        columns=(Column(key="word", title="The export's word"), Column(key="reason", title="Read as")),
        rows=(
            *((Cell(text=word), Cell(text=reason)) for word, reason in judged.reasons.items()),
            *((Cell(text=word), Cell(text=say.NO_CLAUSE)) for word in judged.reasons_raw),
        ),
        folded=True,
    )
