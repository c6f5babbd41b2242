"""What the interface answers about contracts, and how it is made of rows and of the core's values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from ninja import Schema
from pydantic import Field

from handfast.contract.diff import Change
from handfast.contract.model import PartyName
from handfast.example import ExampleResult
from handfast.problem import Problem
from handfast_server.accounts.models import User
from handfast_server.api.fields import Email, GivenName, MomentOut, Text
from handfast_server.contracts.models import Appointment, Draft, Version
from handfast_server.contracts.queries import Looked, base_of, latest, looked_at, seats_open
from handfast_server.decide.terms import current
from handfast_server.now import now

WHOLE_NUMBER = 2_147_483_647

ContractText = Annotated[str, Field(max_length=500_000, pattern=r"^[^\x00]*$", examples=["handfast: 1\nname: Acme\n"])]


class SignatureOut(Schema):
    """A consent."""

    name: str
    email: str
    role: PartyName
    at: MomentOut
    digest: str


class SuccessionOut(Schema):
    """Who signs in whose place."""

    party: PartyName
    replaces: str
    name: str
    email: str
    appointed_by: str
    admin: str
    at: MomentOut
    why: str


class VersionOut(Schema):
    """A signed version; ``in_force``: it governs now."""

    number: int
    digest: str
    proposed_at: MomentOut
    in_force_from: MomentOut
    in_force: bool
    signatures: list[SignatureOut]
    successions: list[SuccessionOut]


class SentenceOut(Schema):
    """A clause in English."""

    path: str
    text: str


class SectionOut(Schema):
    """Sentences that belong together."""

    title: str
    sentences: list[SentenceOut]


class VersionWhole(VersionOut):
    """A signed version with its text, as it was written and in English."""

    text: str
    english: list[SectionOut]


class ProblemOut(Schema):
    """A mistake and its place; ``path`` as clauses are cited."""

    code: str
    severity: str
    message: str
    path: str
    file: str
    line: int | None
    column: int | None
    allowed: str
    nearest: str


class ExampleOut(Schema):
    """A worked example, and where it came out otherwise than expected."""

    name: str
    holds: bool
    differences: list[str]


class ChangeOut(Schema):
    """What is different in a clause, in a sentence."""

    path: str
    sentence: str
    before: str
    after: str
    kind: str


class CheckedOut(Schema):
    """What can be said of a text; ``against`` is the version that its changes are counted from."""

    sound: bool
    version: int | None
    problems: list[ProblemOut]
    examples: list[ExampleOut]
    english: list[SectionOut]
    against: int | None
    changes: list[ChangeOut]


class SeatOut(Schema):
    """A consent that is needed, of whom; ``registered``: they can sign in here."""

    version: int
    party: PartyName
    name: str
    email: str
    registered: bool


class DraftOut(Schema):
    """A draft in a list."""

    id: int
    state: Draft.State
    note: str
    revision: int
    made_by: str
    made_at: MomentOut
    changed_at: MomentOut
    version: int | None
    digest: str
    signatures: list[SignatureOut]


class DraftWhole(DraftOut):
    """A draft with its text, what is said of it, and whose consent it needs."""

    text: str
    checked: CheckedOut
    seats: list[SeatOut]


class Writing(Schema):
    """A text; it may be wrong in any way."""

    text: ContractText
    note: Text = ""


class Changing(Writing):
    """A text in the place of the revision that was read."""

    revision: Annotated[int, Field(ge=1, le=WHOLE_NUMBER)]


class Signing(Schema):
    """For which side, and to exactly which text."""

    party: PartyName
    digest: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Appointing(Schema):
    """Who signs from now on, in place of a signatory who has left, and why."""

    party: PartyName
    name: GivenName
    email: Email
    why: Text = Field(..., min_length=1, examples=["Omar left the company on 30 November."])


class AppointmentOut(Schema):
    """A successor who waits for the other one's word, or has it."""

    id: int
    version: int
    party: PartyName
    replaces: str
    name: str
    email: str
    why: str
    asked_by: str
    asked_at: MomentOut
    confirmed_by: str


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
    return DraftWhole(**dict(draft_out(row)), text=row.text, checked=checked, seats=_seats(row))


def _seats(row: Draft) -> list[SeatOut]:
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
