"""What an audit tells a plan: the rates of its cycles, how long they took, who had how many on their hands."""

from __future__ import annotations

from handfast.audit.audit import Audit
from handfast.errors import PlanRefused
from handfast.measure.question import Question
from handfast.plan import Measured, Plan, measured, plan


def planned(audit: Audit) -> Plan | None:
    """The plan of the contract with the rates of the audit; None where the contract does not say enough for one."""
    if audit.contract.revenue is None:
        return None
    try:
        return plan(audit.contract, measured_in(audit, "this export"))
    except PlanRefused:
        return None


def measured_in(audit: Audit, source: str) -> Measured:
    """The evidence of an audit under its own contract, as of its own instant."""
    board = audit.board
    question = Question(
        columns=board.columns,
        contract=audit.contract,
        as_of=board.as_of,
        period=board.period,
        calendars=audit.judged.calendars,
    )
    return measured(question, source)
