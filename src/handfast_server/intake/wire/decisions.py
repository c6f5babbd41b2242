"""What was decided about open handoffs, as another system tells it: the verbs of ``/api/handoffs``, one item each."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from handfast.facts import BreachCause
from handfast_server.api.decision_shapes import Given
from handfast_server.api.fields import CycleId, Date, GivenName, ReasonName
from handfast_server.api.fields import Name as MaybeName
from handfast_server.api.fields import Text as NoteText
from handfast_server.handoffs import actions
from handfast_server.handoffs.asked import Asked
from handfast_server.handoffs.told import Decided
from handfast_server.intake.item import Item
from handfast_server.intake.refused import ItemRefused
from handfast_server.intake.wire.shape import AboutLead, When, instant


class DecisionIn(AboutLead):
    """Whose decision it is, and about which handoff."""

    by: MaybeName = Field("", description="For programs: whose decision it is. People decide as themselves.")
    cycle: CycleId = Field("", description="The cycle that was looked at; refused if another is open.")

    def item(self, name: str, source: str) -> Item:
        """Whose it is. Raises ItemRefused."""
        who = {**self.identities(), "anonymous": ""}
        if not any(who.values()):
            raise ItemRefused("no_identity", "Say whose handoff it is: lead, email, user_id or ids.", "lead")
        at = 0 if self.happened_at is None else instant(self.happened_at, "happened_at")
        return Item(name=name, source=source, happened_at=at, introduces=False, **who)

    @abstractmethod
    def decide(self, asked: Asked) -> Decided:
        """Take it in. Raises Refused."""


class AcceptIn(DecisionIn):
    """Taken on."""

    type: Literal["accept"]

    def decide(self, asked: Asked) -> Decided:
        """Take it in. Raises Refused."""
        return actions.do_accept(asked)


class ReturnIn(DecisionIn):
    """Given back because it is not theirs."""

    type: Literal["return"]
    reason: ReasonName
    note: NoteText = ""

    def decide(self, asked: Asked) -> Decided:
        """Take it in. Raises Refused."""
        return actions.do_return(asked, self.reason, self.note)


class RejectIn(DecisionIn):
    """Declined before contact."""

    type: Literal["reject"]
    reason: ReasonName
    note: NoteText = ""
    revisit_on: Date | None = None

    def decide(self, asked: Asked) -> Decided:
        """Take it in. Raises Refused."""
        return actions.do_reject(asked, self.reason, self.note, self.revisit_on)


class QualifyIn(DecisionIn):
    """The evidence of an SQL."""

    type: Literal["qualify"]
    evidence: dict[Annotated[str, Field(max_length=100, pattern=r"^[^\x00]*$")], Given] = Field(max_length=100)

    def decide(self, asked: Asked) -> Decided:
        """Take it in. Raises Refused."""
        return actions.do_qualify(asked, self.evidence)


class DisqualifyIn(DecisionIn):
    """Ended after acceptance."""

    type: Literal["disqualify"]
    reason: ReasonName
    note: NoteText = ""
    revisit_on: Date | None = None

    def decide(self, asked: Asked) -> Decided:
        """Take it in. Raises Refused."""
        return actions.do_disqualify(asked, self.reason, self.note, self.revisit_on)


class ContestIn(DecisionIn):
    """Marketing settles a contested rejection."""

    type: Literal["uphold", "overturn"]
    note: NoteText

    def decide(self, asked: Asked) -> Decided:
        """Take it in. Raises Refused."""
        settle = actions.do_uphold if self.type == "uphold" else actions.do_overturn
        return settle(asked, self.note)


class ReassignIn(DecisionIn):
    """Given to somebody, or routed again."""

    type: Literal["reassign"]
    to: GivenName | None = None
    note: NoteText = ""

    def decide(self, asked: Asked) -> Decided:
        """Take it in. Raises Refused."""
        return actions.do_reassign(asked, self.to, self.note)


class GiveBackIn(DecisionIn):
    """Given back to the rep whose touch was in time."""

    type: Literal["give_back"]
    to: GivenName

    def decide(self, asked: Asked) -> Decided:
        """Take it in. Raises Refused."""
        return actions.do_give_back(asked, self.to)


class WithdrawIn(DecisionIn):
    """Ended, and neither side's."""

    type: Literal["withdraw"]
    note: NoteText

    def decide(self, asked: Asked) -> Decided:
        """Take it in. Raises Refused."""
        return actions.do_withdraw(asked, self.note)


class PauseIn(DecisionIn):
    """A clock stands until the date that the prospect asked for."""

    type: Literal["pause"]
    clock: GivenName
    until: When
    note: NoteText

    def decide(self, asked: Asked) -> Decided:
        """Take it in. Raises Refused, ItemRefused."""
        return actions.do_pause(asked, self.clock, instant(self.until, "until"), self.note)


class ResumeIn(DecisionIn):
    """A paused clock runs on."""

    type: Literal["resume"]
    clock: GivenName

    def decide(self, asked: Asked) -> Decided:
        """Take it in. Raises Refused."""
        return actions.do_resume(asked, self.clock)


class CauseIn(DecisionIn):
    """The cause of a breach."""

    type: Literal["cause"]
    breach: GivenName
    cause: BreachCause

    def decide(self, asked: Asked) -> Decided:
        """Take it in. Raises Refused."""
        return actions.do_set_cause(asked, self.breach, self.cause)


class ExcuseIn(DecisionIn):
    """A breach is excused."""

    type: Literal["excuse"]
    breach: GivenName
    why: NoteText

    def decide(self, asked: Asked) -> Decided:
        """Take it in. Raises Refused."""
        return actions.do_excuse(asked, self.breach, self.why)


AnyDecision = (
    AcceptIn
    | ReturnIn
    | RejectIn
    | QualifyIn
    | DisqualifyIn
    | ContestIn
    | ReassignIn
    | GiveBackIn
    | WithdrawIn
    | PauseIn
    | ResumeIn
    | CauseIn
    | ExcuseIn
)

DECISIONS: Mapping[str, str] = {
    **dict.fromkeys(("accept", "return", "reject", "qualify", "disqualify"), "cycles.decide"),
    **dict.fromkeys(("uphold", "overturn"), "cycles.contest"),
    **dict.fromkeys(("reassign", "give_back"), "cycles.reassign"),
    "withdraw": "cycles.withdraw",
    **dict.fromkeys(("pause", "resume"), "clocks.pause"),
    **dict.fromkeys(("cause", "excuse"), "breaches.judge"),
}
"""What somebody has to be allowed to decide each, as at its own address."""
