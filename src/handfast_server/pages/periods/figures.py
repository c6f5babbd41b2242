"""The lines of a statement as people read them, and what became known since it was closed."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import partial
from typing import Any, NamedTuple

from handfast.commitment import Statement
from handfast.measure.value import Period
from handfast_server.handoffs.models import Cycle
from handfast_server.pages.contract.beside import anchor_of
from handfast_server.pages.contract.words import party_label
from handfast_server.pages.scoreboard_figures import number
from handfast_server.pages.scoreboard_owed import promised_figure, records_of
from handfast_server.pages.scoreboard_words import flag_words, promise_words
from handfast_server.scoreboard import boards, closed
from handfast_server.scoreboard.answers import csv_line

SHOWN = 20
"""Records that a difference names."""

HEADS = ("period", "party", "promise", "clause", "promised", "actual", "verdict", "records", "out_of")


class Line(NamedTuple):
    """One promise: what was promised, what was done, of how many records."""

    title: str
    party: str
    clause: str
    anchor: str
    promised: str
    actual: str
    verdict: str
    look: str
    counted: str
    records: str


class Difference(NamedTuple):
    """What changed in one promise since it was frozen."""

    title: str
    was: str
    now: str
    came: list[Cycle | str]
    went: list[Cycle | str]
    more: int


def frozen(it: Statement, shown: boards.Shown) -> list[Line]:
    """The lines of a closed period."""
    return [
        _line(each.name, each.party.value, each.clause, each.promised, each.actual, each.flag, counts, shown)
        for each in it.lines
        for counts in [(len(each.records), None if each.out_of is None else len(each.out_of))]
    ]


def open_lines(period: Period, shown: boards.Shown) -> list[Line]:
    """The same as they stand now, of a period that nobody closed yet."""
    told = closed.commitments(shown, period)["standings"]
    return [
        _line(
            each["name"],
            each["party"],
            each["clause"],
            Fraction(each["promised"]),
            None if each["actual"] is None else Fraction(each["actual"]),
            each["flag"],
            (each["records"], each["out_of"]),
            shown,
        )
        for each in told
    ]


def _line(
    name: str,
    party: str,
    clause: str,
    promised: Fraction,
    actual: Fraction | None,
    flag: str,
    counts: tuple[int, int | None],
    shown: boards.Shown,
) -> Line:
    done, out_of = counts
    label, look = flag_words(flag)
    written = partial(promised_figure, name, is_share=out_of is not None, currency=shown.board.currency)
    return Line(
        title=promise_words(name),
        party=party_label(party),
        clause=clause,
        anchor=anchor_of(clause),
        promised=written(promised),
        actual=written(actual),
        verdict=label,
        look=look,
        counted=number(done) if out_of is None else f"{number(done)} / {number(out_of)}",
        records=records_of(name, icp=shown.version.contract.marketing.icp_required),
    )


def differences(it: Statement, shown: boards.Shown) -> list[Difference]:
    """What is known now and was not when the period was closed, line by line."""
    shares = {line.name: line.out_of is not None for line in it.lines}
    return [_difference(each, shares[each["name"]], shown) for each in closed.since_closed(shown, it)]


def _difference(each: dict[str, Any], is_share: bool, shown: boards.Shown) -> Difference:  # of a row
    def told(value: str | None) -> str:
        figure = None if value is None else Fraction(value)
        return promised_figure(each["name"], figure, is_share=is_share, currency=shown.board.currency)

    came, went = list(each["came"]), list(each["went"])
    return Difference(
        title=promise_words(each["name"]),
        was=told(each["was"]),
        now=told(each["now"]),
        came=_cycles(came[:SHOWN]),
        went=_cycles(went[:SHOWN]),
        more=max(0, len(came) - SHOWN) + max(0, len(went) - SHOWN),
    )


def _cycles(keys: list[str]) -> list[Cycle | str]:
    """The handoffs by these names; a name that is none, as of a deal, as it is."""
    known = Cycle.objects.in_bulk(keys)
    return [known.get(key, key) for key in keys]


def sheet_of(it: Statement) -> Iterator[str]:
    """A statement as CSV: exact figures, and the digest that both sides signed."""
    yield csv_line(HEADS)
    for line in it.lines:
        figures = (
            str(line.promised),
            "" if line.actual is None else str(line.actual),
            line.flag,
            str(len(line.records)),
        )
        out_of = "" if line.out_of is None else str(len(line.out_of))
        yield csv_line((it.period, line.party.value, line.name, line.clause, *figures, out_of))
    yield csv_line((it.period, "", "digest", "", it.digest, "", "", "", ""))
    yield from _signed(it)


def _signed(it: Statement) -> Iterator[str]:
    for each in it.signatures:
        yield csv_line((it.period, each.role.value, "signed", "", each.name, each.email, "", "", ""))
