"""The statement of a closed period: frozen figures, signed by both sides; what changed later is an adjustment."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction

from handfast.commitment.owed import local_days
from handfast.commitment.pace import Asked, standings
from handfast.contract.model import PartyName
from handfast.contract.sign import Signature
from handfast.contract.versions import parts
from handfast.errors import SealBroken, SignatureRefused
from handfast.instant import Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One commitment as it stood: exact figures, and the records by name."""

    name: str
    party: PartyName
    clause: str
    promised: Fraction
    actual: Fraction | None
    flag: str
    records: tuple[str, ...]
    out_of: tuple[str, ...] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A closed period. ``digest`` is over everything but the signatures; ``versions`` are (number, digest, days)."""

    period: str
    first: Instant
    last: Instant
    closed_at: Instant
    versions: tuple[tuple[int, str, int], ...]
    lines: tuple[Line, ...]
    digest: str = ""
    signatures: tuple[Signature, ...] = ()

    @property
    def signed(self) -> bool:
        """Whether both sides have consented."""
        return {signature.role for signature in self.signatures} == {PartyName.MARKETING, PartyName.SALES}


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjustment:
    """What a correction learned after the close changed: shown beside the statement, never in it."""

    name: str
    clause: str
    was: Fraction | None
    now: Fraction | None
    came: tuple[str, ...]  # records that count now and did not
    went: tuple[str, ...]  # records that counted and no longer do

    @property
    def difference(self) -> Fraction:
        """What was changed; nothing counts as 0."""
        return (self.now or Fraction(0)) - (self.was or Fraction(0))


def close(asked: Asked) -> Statement:
    """Freeze the commitments of a period as of an instant.

    Raises ValueError before the period is over.
    """
    if asked.as_of < asked.period.last:
        raise ValueError(f"the period {asked.period.label} is not over yet")
    made = Statement(
        period=asked.period.label,
        first=asked.period.first,
        last=asked.period.last,
        closed_at=asked.as_of,
        versions=tuple(_versions(asked)),
        lines=tuple(_lines(asked)),
    )
    return replace(made, digest=_digest(made))


def _versions(asked: Asked) -> Iterable[tuple[int, str, int]]:
    by_number = {signed.sealed.contract.version: signed.sealed.digest for signed in asked.history.versions}
    for part in parts(asked.history, *local_days(asked.period, asked.zone)):
        yield part.version, by_number[part.version], part.days


def _lines(asked: Asked) -> Iterable[Line]:
    columns = asked.question.columns
    for one in standings(asked):
        yield Line(
            name=one.name,
            party=one.party,
            clause=one.clause,
            promised=one.promised,
            actual=one.actual,
            flag=one.flag.value,
            records=tuple(one.records.keys(columns)),
            out_of=None if one.out_of is None else tuple(one.out_of.keys(columns)),
        )


def verify(statement: Statement) -> None:
    """Raises SealBroken where a statement is not what its digest says, or a signature is for another text."""
    if statement.digest != _digest(statement):
        raise SealBroken(f"The statement of {statement.period} is not what was closed.")
    for signature in statement.signatures:
        if signature.digest != statement.digest:
            raise SealBroken(f"{signature.name} signed another text than this statement of {statement.period}.")


def countersigned(statement: Statement, signature: Signature) -> Statement:
    """The statement with one consent more. Raises SignatureRefused for a second of one side, or for another text."""
    if signature.digest != statement.digest:
        raise SignatureRefused(f"{signature.name} signs another text than this statement of {statement.period}.")
    if any(given.role is signature.role for given in statement.signatures):
        raise SignatureRefused(f"The statement of {statement.period} is signed for {signature.role} already.")
    return replace(statement, signatures=(*statement.signatures, signature))


def adjustments(statement: Statement, later: Asked) -> tuple[Adjustment, ...]:
    """What is known now of the same period and was not when it closed: one entry a line that changed.

    ``later`` is asked over the same period at a later instant, with the contracts of the time. Raises ValueError for
    another period.
    """
    if (later.period.first, later.period.last) != (statement.first, statement.last):
        raise ValueError(f"the statement is of {statement.period}, not of {later.period.label}")
    now = {line.name: line for line in _lines(later)}
    found = (_adjustment(line, now.get(line.name)) for line in statement.lines)
    return tuple(one for one in found if one is not None)


def _adjustment(was: Line, now: Line | None) -> Adjustment | None:
    before, after = set(was.records), set(() if now is None else now.records)
    same = now is not None and (was.actual, was.out_of) == (now.actual, now.out_of)
    if same and before == after:
        return None
    return Adjustment(
        name=was.name,
        clause=was.clause,
        was=was.actual,
        now=None if now is None else now.actual,
        came=tuple(sorted(after - before)),
        went=tuple(sorted(before - after)),
    )


def _digest(statement: Statement) -> str:
    """The sha256 of everything but the signatures and itself, in one spelling."""
    plain = {
        "period": statement.period,
        "first": statement.first,
        "last": statement.last,
        "closed_at": statement.closed_at,
        "versions": [list(version) for version in statement.versions],
        "lines": [_plain(line) for line in statement.lines],
    }
    text = json.dumps(plain, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(line: Line) -> dict[str, object]:
    return {
        "name": line.name,
        "party": line.party.value,
        "clause": line.clause,
        "promised": str(line.promised),
        "actual": None if line.actual is None else str(line.actual),
        "flag": line.flag,
        "records": list(line.records),
        "out_of": None if line.out_of is None else list(line.out_of),
    }
