"""Items as programs write them: strict shapes."""

from handfast_server.intake.wire.decisions import DecisionIn
from handfast_server.intake.wire.leads import ActivityIn, ConsentIn, LeadIn, OpportunityIn, StageIn, TouchIn
from handfast_server.intake.wire.read import MOST, NEEDS, AnyItem, item_of, read_any, refused, with_body
from handfast_server.intake.wire.shape import clean_system, instant
from handfast_server.intake.wire.team import (
    AbsenceCancelledIn,
    AbsenceIn,
    ManagerIn,
    MemberIn,
    MemberRemovedIn,
    OwnerIn,
    RepIn,
)

__all__ = [
    "MOST",
    "NEEDS",
    "AbsenceCancelledIn",
    "AbsenceIn",
    "ActivityIn",
    "AnyItem",
    "ConsentIn",
    "DecisionIn",
    "LeadIn",
    "ManagerIn",
    "MemberIn",
    "MemberRemovedIn",
    "OpportunityIn",
    "OwnerIn",
    "RepIn",
    "StageIn",
    "TouchIn",
    "clean_system",
    "instant",
    "item_of",
    "read_any",
    "refused",
    "with_body",
]
