"""What is asked and answered about contracts."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from ninja import Schema
from pydantic import Field

from handfast.contract.model import PartyName
from handfast_server.api.body import Body
from handfast_server.api.fields import WHOLE_NUMBER, AmountOut, Email, GivenName, MomentOut, Text
from handfast_server.contracts.models import Draft

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


class Drifted(Schema):
    """What sealing the signed text again would change: packages know other holidays by now, or the text was changed."""

    version: int
    problems: list[ProblemOut]
    changes: list[ChangeOut]


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


class Writing(Body):
    """A text; it may be wrong in any way."""

    text: ContractText
    note: Text = ""


class Changing(Writing):
    """A text in the place of the revision that was read."""

    revision: Annotated[int, Field(ge=1, le=WHOLE_NUMBER)]


class Signing(Body):
    """For which side, and to exactly which text."""

    party: PartyName
    digest: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Appointing(Body):
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


class RateOut(Schema):
    """What one unit of a currency is worth in the contract's on a day."""

    day: dt.date
    currency: str
    rate: AmountOut
    stated_at: MomentOut
    stated_by: str


class RatesStated(Schema):
    """How many rates the file had, and how many of them said something new."""

    rates: int
    new: int


RATES_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "text/csv": {"schema": {"type": "string", "examples": ["day,currency,rate\n2027-01-08,USD,0.92\n"]}}
        },
    }
}
"""django-ninja describes bodies of JSON alone."""
