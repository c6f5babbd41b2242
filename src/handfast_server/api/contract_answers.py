"""How answers about contracts are made of rows and of the core's values."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from handfast.contract import load
from handfast.contract.diff import Change, drift
from handfast.contract.model import PartyName
from handfast.errors import RatesRefused
from handfast.example import ExampleResult
from handfast.problem import Problem
from handfast_server.accounts.models import User
from handfast_server.api.contract_shapes import (
    AppointmentOut,
    ChangeOut,
    CheckedOut,
    DraftOut,
    DraftWhole,
    Drifted,
    ExampleOut,
    ProblemOut,
    RateOut,
    RatesStated,
    SeatOut,
    SectionOut,
    VersionOut,
)
from handfast_server.contracts.models import Appointment, Draft, Rate, Version
from handfast_server.contracts.queries import Looked, base_of, latest, looked_at, seats_open
from handfast_server.contracts.rates import do_state_rates
from handfast_server.decide.terms import current, signed_of
from handfast_server.now import now
from handfast_server.refused import Refused


def governing() -> int:
    """The number of the version in force now; 0 before the first."""
    version = current().in_force(now())
    return 0 if version is None else version.number


def version_out(row: Version, in_force: int) -> VersionOut:
    """A version in a list."""
    return VersionOut(
        number=row.number,
        digest=row.digest,
        proposed_at=row.proposed_at,
        in_force_from=row.in_force_from,
        in_force=row.number == in_force,
        signatures=row.signatures,
        successions=row.successions,
    )


def draft_out(row: Draft) -> DraftOut:
    """A draft in a list."""
    return DraftOut(
        id=row.pk,
        state=Draft.State(row.state),
        note=row.note,
        revision=row.revision,
        made_by=row.made_by,
        made_at=row.made_at,
        changed_at=row.changed_at,
        version=row.number,
        digest=row.digest,
        signatures=row.signatures,
    )


def whole_out(row: Draft) -> DraftWhole:
    """A draft with everything that is said of it."""
    base = base_of(row) if row.base else latest()
    checked = checked_out(looked_at(row.text, base))
    return DraftWhole(**dict(draft_out(row)), text=row.text, checked=checked, seats=seats_out(row))


def seats_out(row: Draft) -> list[SeatOut]:
    """Whose consent a draft still needs; nobody's while it is written and once it is signed."""
    if row.state != Draft.State.PROPOSED:
        return []
    seats = seats_open(row)
    emails = [seat.email.strip().lower() for seat in seats]
    known = set(User.objects.filter(email__in=emails, is_active=True).values_list("email", flat=True))
    return [
        SeatOut(version=seat.version, party=seat.party, name=seat.name, email=seat.email, registered=email in known)
        for seat, email in zip(seats, emails, strict=True)
    ]


def checked_out(looked: Looked) -> CheckedOut:
    """What can be said of a text."""
    checked, english = looked.checked, looked.english
    sections = [] if english is None else english.sections
    return CheckedOut(
        sound=not checked.refused,
        version=None if checked.contract is None else checked.contract.version,
        problems=_problems(checked.problems),
        examples=_examples(checked.examples),
        english=[SectionOut.model_validate(each, from_attributes=True) for each in sections],
        against=looked.against,
        changes=_changes(looked.changes),
    )


def _problems(problems: Sequence[Problem]) -> list[ProblemOut]:
    return [
        ProblemOut(
            code=each.code,
            severity=each.severity.value,
            message=each.message,
            path=each.dotted,
            file=each.file,
            line=each.mark.line if each.mark else None,
            column=each.mark.column if each.mark else None,
            allowed=each.allowed,
            nearest=each.nearest,
        )
        for each in problems
    ]


def _examples(results: Sequence[ExampleResult]) -> list[ExampleOut]:
    return [
        ExampleOut(name=each.name, holds=each.holds, differences=[str(one) for one in each.differences])
        for each in results
    ]


def _changes(changes: Sequence[Change]) -> list[ChangeOut]:
    return [
        ChangeOut(path=each.path, sentence=each.sentence, before=each.before, after=each.after, kind=each.kind.value)
        for each in changes
    ]


def drift_of(row: Version) -> tuple[Sequence[Problem], Sequence[Change]]:
    """What the text of a version says today beside what was sealed of it. Raises SealBroken."""
    sealed, loaded = signed_of(row).sealed, load(row.text, file="contract.yaml")
    return loaded.problems, () if loaded.contract is None else drift(sealed, loaded.contract)


def drifted_out(row: Version) -> Drifted:
    """The same as an answer. Raises SealBroken."""
    problems, changes = drift_of(row)
    return Drifted(version=row.number, problems=_problems(problems), changes=_changes(changes))


def appointment_out(row: Appointment) -> AppointmentOut:
    """An appointment in a list."""
    return AppointmentOut(
        id=row.pk,
        version=row.version_id,
        party=PartyName(row.party),
        replaces=row.replaces,
        name=row.name,
        email=row.email,
        why=row.why,
        asked_by=row.asked_by,
        asked_at=row.asked_at,
        confirmed_by=row.confirmed_by,
    )


def own_currency() -> str:
    """The currency of the version in force. Raises Refused before the first."""
    version = current().in_force(now())
    if version is None:
        raise Refused("no_contract", "No version is in force yet: nobody knows in which currency it counts.")
    return version.contract.currency


def rates_out(own: str, currency: str, since: dt.date | None) -> list[RateOut]:
    """The newest days first; of several statements of one day all, the last one first."""
    rows = Rate.objects.filter(own=own)
    rows = rows.filter(currency=currency) if currency else rows
    rows = rows if since is None else rows.filter(day__gte=since)
    return [
        RateOut(
            day=row.day, currency=row.currency, rate=Decimal(row.rate), stated_at=row.stated_at, stated_by=row.stated_by
        )
        for row in rows.order_by("-day", "currency", "-pk")[:1_000]
    ]


def stated_out(body: bytes, by: str) -> RatesStated:
    """Take a file of rates in. Raises Refused with the first problem and its line."""
    try:
        stated = do_state_rates(body.decode("utf-8-sig", errors="replace"), own_currency(), by)
    except RatesRefused as refused:
        first = refused.problems[0]
        path = f"line {first.mark.line}" if first.mark else ""
        raise Refused(first.code, first.message, status=422, path=path) from refused
    return RatesStated(rates=stated.rates, new=stated.new)
