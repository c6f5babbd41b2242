"""What goes with each decision about a handoff, and what is answered."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from ninja import Schema
from pydantic import Field, StrictBool, StrictInt, StrictStr

from handfast.facts import BreachCause, TouchKind
from handfast_server.api.body import Body
from handfast_server.api.fields import (
    CycleId,
    Date,
    GivenName,
    LeadId,
    MomentIn,
    MomentOut,
    Name,
    ReasonName,
    Text,
)
from handfast_server.handoffs import many


class Saying(Body):
    """What goes with every decision; all of it can be left out."""

    happened_at: MomentIn | None = Field(default=None, description="When it happened; now, when it is left out.")
    by: Name = Field(default="", description="For programs: whose decision it is. People decide as themselves.")
    cycle: CycleId = Field(default="", description="The cycle that you looked at; refused with 409 if another is open.")


class WithNote(Saying):
    """A decision that needs a note."""

    note: Text = Field(..., examples=["Checked with the customer."])


class Returning(Saying):
    """Why it is not mine."""

    reason: ReasonName
    note: Text = ""


class Declining(Saying):
    """Why not, and when to come back where the reason asks for a date."""

    reason: ReasonName
    note: Text = ""
    revisit_on: Date | None = None


Given = StrictBool | StrictInt | Decimal | Annotated[StrictStr, Field(max_length=1_000, pattern=r"^[^\x00]*$")]


class Qualifying(Saying):
    """Each piece of evidence that the contract asks for, by its name."""

    evidence: dict[Annotated[str, Field(max_length=100, pattern=r"^[^\x00]*$")], Given] = Field(
        ..., max_length=100, examples=[{"budget": True, "timeline": "2027-03-01"}]
    )


class Reassigning(Saying):
    """Who gets it; nobody named: routed again."""

    to: GivenName | None = None
    note: Text = ""


class GivingBack(Saying):
    """Who gets it back."""

    to: GivenName


class Pausing(Saying):
    """Which clock, by name or id, and the callback date that the prospect asked for."""

    clock: GivenName = Field(..., examples=["first_touch"])
    until: MomentIn
    note: Text = Field(..., examples=["Asked to be called after the fair."])


class Resuming(Saying):
    """Which clock, by name or id."""

    clock: GivenName = Field(..., examples=["first_touch"])


class Judging(Saying):
    """Which breach, by its clock's name or id, and why it was broken."""

    breach: GivenName = Field(..., examples=["first_touch"])
    cause: BreachCause


class Excusing(Saying):
    """Which breach, by its clock's name or id, and why it is excused."""

    breach: GivenName = Field(..., examples=["first_touch"])
    why: Text


class Touching(Saying):
    """Outreach: one way is an attempt, two-way a contact."""

    kind: TouchKind
    human: bool = Field(default=True, description="Sequences and auto-replies are kept, and stop nothing.")


class Rerouting(Body):
    """Whose waiting handoffs are routed again: these, or those of a pool, or all."""

    rep: GivenName
    leads: list[LeadId] = Field(default=[], max_length=many.AT_ONCE)
    pool: Name = ""
    by: Name = ""


class Releasing(Body):
    """Leads that would qualify under the version in force."""

    leads: list[LeadId] = Field(..., min_length=1, max_length=many.AT_ONCE)
    by: Name = ""


class Decision(Schema):
    """What came of it: ``changes`` in their order, and how the handoff stands now."""

    fact: str
    repeat: bool
    lead: str
    cycle: str
    state: str
    owner: str
    reason: str
    happened_at: MomentOut
    recorded_at: MomentOut
    changes: list[str]


class DecisionItem(Schema):
    """What became of one lead: ``accepted``, ``repeat`` or ``refused``, then with code and message."""

    lead: str
    status: str
    code: str
    message: str
    decided: Decision | None


class Decisions(Schema):
    """One item a lead, in the order in which they were taken."""

    items: list[DecisionItem]
