"""Commitments of a period as they stand, and the statement of a period that is closed."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import orjson

from handfast.commitment import (
    Adjustment,
    Asked,
    Stake,
    Standing,
    Statement,
    adjustments,
    close,
    stakes,
    standings,
    verify,
)
from handfast.contract.model import PartyName
from handfast.contract.sign import Signature
from handfast.measure.period import period_named
from handfast.measure.value import Period
from handfast_server.audit.record import record
from handfast_server.bridge.plain import Codecs, text
from handfast_server.decide.rows import add
from handfast_server.decide.transaction import in_transaction
from handfast_server.scoreboard import boards
from handfast_server.scoreboard.answers import NotAsked
from handfast_server.scoreboard.models import Statement as StatementRow

_STATEMENT = Codecs().of(Statement)


def asked(shown: boards.Shown, period: Period) -> Asked:
    """The question of a period's commitments, of the cycles of a board."""
    return Asked(
        columns=shown.board.columns,
        history=boards.signed_history(),
        period=period,
        as_of=shown.board.as_of,
        calendars=boards.calendars_of(shown.version),
    )


def commitments(shown: boards.Shown, period: Period) -> dict[str, Any]:
    """Every commitment with its pace, and what both sides have at stake."""
    found = standings(asked(shown, period))
    at_stake = stakes(shown.version.contract, shown.board["the_number"]) if _has_number(shown) else ()
    return {"standings": [_standing(each) for each in found], "stakes": [_stake(each) for each in at_stake]}


def _has_number(shown: boards.Shown) -> bool:
    return any(each.name == "the_number" for each in shown.board)


def _standing(it: Standing) -> dict[str, Any]:
    return {
        "name": it.name,
        "party": it.party.value,
        "clause": it.clause,
        "promised": str(it.promised),
        "to_date": str(it.to_date),
        "actual": _text(it.actual),
        "pace": _share(it.pace),
        "flag": it.flag.value,
        "records": it.records.count,
        "out_of": None if it.out_of is None else it.out_of.count,
    }


def _stake(it: Stake) -> dict[str, Any]:
    return {
        "party": it.party.value,
        "share": str(it.share),
        "attained": _text(it.attained),
        "stands_at": _text(it.stands_at),
        "may_end": it.may_end,
    }


def _text(value: Fraction | None) -> str | None:
    return None if value is None else str(value)


def _share(value: Fraction | None) -> float | None:
    return None if value is None else float(value)


def do_close(shown: boards.Shown, period: Period, by: str) -> tuple[Statement, bool]:
    """Freeze a period; closed before, it stays as it was. Raises ValueError before the period is over."""
    made = close(asked(shown, period))
    row = (made.period, made.digest, written(made), made.closed_at, by)

    def work() -> bool:
        fresh = not StatementRow.objects.filter(pk=made.period).exists()
        add(StatementRow, ("period", "digest", "content", "closed_at", "closed_by"), [row])
        if fresh:
            record("statement_closed", made.period, details={"digest": made.digest})
        return fresh

    return (made, True) if in_transaction(work) else (statement(made.period), False)


def written(it: Statement) -> str:
    """A statement as its row keeps it."""
    return text(_STATEMENT.write(it))


def statement(period: str) -> Statement:
    """A closed period, held against its digest. Raises NotAsked, SealBroken."""
    row = StatementRow.objects.filter(pk=period).first()
    if row is None:
        raise NotAsked("statement", period, list(StatementRow.objects.values_list("period", flat=True)[:20]))
    found: Statement = replace(_STATEMENT.read(orjson.loads(row.content)), signatures=_signatures(row))
    verify(found)
    return found


def _signatures(row: StatementRow) -> tuple[Signature, ...]:
    return tuple(
        Signature(name=each.name, email=each.email, role=PartyName(each.party), at=each.at, digest=each.digest)
        for each in row.signatures.order_by("at", "party")
    )


def told(it: Statement) -> dict[str, Any]:
    """A statement as it is answered."""
    found: dict[str, Any] = _STATEMENT.write(it)
    return found


def since_closed(shown: boards.Shown, it: Statement) -> list[dict[str, Any]]:
    """What is known now of a closed period and was not then."""
    period = period_named(it.period, shown.version.contract)
    return [_adjustment(each) for each in adjustments(it, asked(shown, period))]


def _adjustment(it: Adjustment) -> dict[str, Any]:
    return {
        "name": it.name,
        "clause": it.clause,
        "was": _text(it.was),
        "now": _text(it.now),
        "difference": str(it.difference),
        "came": it.came,
        "went": it.went,
    }
