"""The lines of a statement as people read them, and what became known since it was closed."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import partial
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from handfast.commitment import Flag, Statement
from handfast.measure.value import Period
from handfast_server.handoffs.models import Cycle
from handfast_server.pages.contract.beside import anchor_of
from handfast_server.pages.contract.words import party_label
from handfast_server.pages.scoreboard_figures import number
from handfast_server.pages.scoreboard_owed import promised_figure, records_of
from handfast_server.pages.scoreboard_words import flag_words, promise_words
from handfast_server.scoreboard import boards, closed
from handfast_server.sheet import line as csv_line

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


class _Stood(NamedTuple):
    """A promise as it stood, or stands; ``out_of`` where it is a share."""

    name: str
    party: str
    clause: str
    promised: Fraction
    actual: Fraction | None
    flag: str
    records: int
    out_of: int | None


def frozen(it: Statement, shown: boards.Shown) -> list[Line]:
    """The lines of a closed period."""
    stood = (
        _Stood(
            line.name,
            line.party.value,
            line.clause,
            line.promised,
            line.actual,
            line.flag,
            len(line.records),
            None if line.out_of is None else len(line.out_of),
        )
        for line in it.lines
    )
    return [_line(each, shown, is_over=True) for each in stood]


def open_lines(period: Period, shown: boards.Shown) -> list[Line]:
    """The same as they stand now, of a period that nobody closed yet."""
    stands = (
        _Stood(
            each["name"],
            each["party"],
            each["clause"],
            Fraction(each["promised"]),
            None if each["actual"] is None else Fraction(each["actual"]),
            each["flag"],
            each["records"],
            each["out_of"],
        )
        for each in closed.commitments(shown, period)["standings"]
    )
    return [_line(each, shown, is_over=shown.board.as_of >= period.last) for each in stands]


def _line(it: _Stood, shown: boards.Shown, *, is_over: bool) -> Line:
    label, look = _verdict(it.flag, is_over=is_over)
    written = partial(promised_figure, it.name, is_share=it.out_of is not None, currency=shown.board.currency)
    return Line(
        title=promise_words(it.name),
        party=party_label(it.party),
        clause=it.clause,
        anchor=anchor_of(it.clause),
        promised=written(it.promised),
        actual=written(it.actual),
        verdict=label,
        look=look,
        counted=number(it.records) if it.out_of is None else f"{number(it.records)} / {number(it.out_of)}",
        records=records_of(it.name, icp=shown.version.contract.marketing.icp_required),
    )


def _verdict(flag: str, *, is_over: bool) -> tuple[str, str]:
    """How a promise stands; once its period is over it was kept or it was not."""
    over = {
        Flag.BEHIND.value: (_("Missed"), "late"),
        Flag.ON_PACE.value: (_("Kept"), "good"),
        Flag.AHEAD.value: (_("Kept"), "good"),
    }
    return over[flag] if is_over and flag in over else flag_words(flag)


def differences(it: Statement, shown: boards.Shown) -> list[Difference]:
    """What is known now and was not when the period was closed, line by line."""
    shares = {line.name: line.out_of is not None for line in it.lines}
    return [_difference(each, shares[each["name"]], shown) for each in closed.since_closed(shown, it) if _shows(each)]


def _shows(each: dict[str, Any]) -> bool:
    """Whether anything of it can be seen: a figure that moved, a record that came or went."""
    return each["was"] != each["now"] or bool(each["came"]) or bool(each["went"])


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
