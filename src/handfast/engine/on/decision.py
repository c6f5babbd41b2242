"""What people decide about a handoff: accepted, returned, rejected, qualified by sales, disqualified, released."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from handfast.condition import Value, value_of
from handfast.contract.model import ClockName, Evidence, Reason, ReasonKind, Verb
from handfast.contract.terms import Attempts
from handfast.cycle.life import CycleEvent
from handfast.cycle.values import Assignment, AssignmentEnd
from handfast.engine import clocks, handing, judge
from handfast.engine.accepting import accept
from handfast.engine.attempts import lacking
from handfast.engine.contradiction import contradicted
from handfast.engine.deliver import deliver
from handfast.engine.ending import dispose, end
from handfast.engine.seen import ContradictionSeen
from handfast.engine.turn import Declined, Turn
from handfast.facts import Accepted, AdminWithdrew, Disqualified, Rejected, Released, Returned, SalesQualified
from handfast.instant import Instant

_DECLINING = {
    Verb.RETURN: frozenset((Verb.RETURN,)),
    Verb.REJECT: frozenset((Verb.REJECT, Verb.EITHER)),
    Verb.DISQUALIFY: frozenset((Verb.DISQUALIFY, Verb.EITHER)),
}


def accepted(turn: Turn, fact: Accepted) -> None:
    """The owner, or a manager for them, takes the lead on."""
    _delivered(turn, CycleEvent.ACCEPTED)
    owner = _check_owner(turn, fact.by, or_manager=True)
    accept(turn, owner, at=turn.stamp(owner.at), by=fact.by)


def returned(turn: Turn, fact: Returned) -> None:
    """Not mine: this assignment ends, credit if the reason says so, routed again."""
    _delivered(turn, CycleEvent.RETURNED)
    _check_owner(turn, fact.by)
    reason = _reason(turn, fact.reason, Verb.RETURN)
    turn.move(CycleEvent.RETURNED, at=turn.happened_at, by=fact.by, reason=reason.name)
    handing.again(turn, AssignmentEnd.RETURNED, credit=reason.credit)


def rejected(turn: Turn, fact: Rejected) -> None:
    """Sales declines before contact: final, or contested when the data contradict the clause that was named."""
    _delivered(turn, CycleEvent.REJECTED)
    owner = _check_owner(turn, fact.by)
    if turn.cycle.contact_at is not None:
        raise Declined(
            "contacted_already",
            "There has been a two-way contact, and rejecting is for before it: accept the lead, and disqualify it "
            "if it does not fit.",
        )
    reason = _reason(turn, fact.reason, Verb.REJECT)
    at = turn.stamp(owner.at)
    clocks.answer(turn, ClockName.DECISION, at, assignment=owner.id)
    dispose(turn, reason, at=at, revisit_on=fact.revisit_on)
    if reason.kind is ReasonKind.DEFINITIONAL and _contradicts(turn, reason):
        _contest(turn, fact, reason, at)
    else:
        end(turn, CycleEvent.REJECTED, at=at, happened_at=turn.happened_at, by=fact.by, reason=reason.name)


def _contradicts(turn: Turn, reason: Reason) -> bool:
    found = contradicted(turn, reason.clause)
    turn.trace.append(partial(ContradictionSeen.of, turn.version.number, reason, found=found))
    return found


def _contest(turn: Turn, fact: Rejected, reason: Reason, at: Instant) -> None:
    handing.end_assignment(turn, AssignmentEnd.CONTESTED)
    clocks.suspend(turn)
    turn.move(CycleEvent.CONTESTED, at=turn.happened_at, by=fact.by, reason=reason.name, contested_at=at)
    clocks.start(turn, ClockName.CONTEST, pool=None)


def sales_qualified(turn: Turn, fact: SalesQualified) -> None:
    """Evidence recorded: every piece that ``sql.needs`` names."""
    _delivered(turn, CycleEvent.SALES_QUALIFIED)
    owner = _check_owner(turn, fact.by)
    contract = turn.version.contract
    missing = [
        contract.evidence[name].title or name
        for name in contract.definitions.sql.needs
        if not _recorded(contract.evidence[name], fact.evidence)
    ]
    if missing:
        raise Declined(
            "evidence_missing",
            f"An SQL needs evidence that is not recorded: {', '.join(missing)}. Record it, or disqualify the lead.",
        )
    handing.unload(turn)
    at = turn.stamp(owner.at)
    turn.move(CycleEvent.SALES_QUALIFIED, at=turn.happened_at, by=fact.by, sql_at=at)
    clocks.answer(turn, ClockName.WORKING, at)


def _recorded(evidence: Evidence, given: Mapping[str, Value]) -> bool:
    """Whether a piece of evidence is there: a yes to what is asked with yes or no, a readable value otherwise."""
    raw = given.get(evidence.name)
    if type(raw) is int and evidence.type == "date":
        return True
    value = value_of(raw, evidence.type)
    if value is None or value is False:
        return False
    return not evidence.one_of or value in evidence.one_of


def disqualified(turn: Turn, fact: Disqualified) -> None:
    """Sales ends it after acceptance, with a reason whose needs are met."""
    _delivered(turn, CycleEvent.DISQUALIFIED)
    owner = _check_owner(turn, fact.by)
    reason = _reason(turn, fact.reason, Verb.DISQUALIFY)
    if reason.needs is not None:
        _check_needs(turn, reason, reason.needs)
    at = turn.stamp(owner.at)
    clocks.answer(turn, ClockName.WORKING, at)
    clocks.miss(turn)
    dispose(turn, reason, at=at, revisit_on=fact.revisit_on)
    end(turn, CycleEvent.DISQUALIFIED, at=at, happened_at=turn.happened_at, by=fact.by, reason=reason.name)


def _check_needs(turn: Turn, reason: Reason, needs: Attempts) -> None:
    """At least so many human attempts on the cycle, the first and the last at least so far apart."""
    found = lacking(turn.version, turn.cycle, needs)
    if found is not None:
        raise Declined(
            "needs_not_met",
            f"The reason {reason.name} needs {needs.count} attempts spanning {needs.span}; there are {found.made}"
            + (", not far enough apart" if found.apart else "")
            + ". Try again, or give another reason.",
        )


def released(turn: Turn, fact: Released) -> None:
    """Marketing releases an open lead that qualifies under the version in force."""
    turn.possible(CycleEvent.QUALIFIED)
    turn.check_live()
    turn.check_not_sales(fact.by)
    judgement = judge.rejudged(turn, loaded=True)
    if judgement is None or not judgement.qualified or turn.lead.cool_until is not None:
        why = "the lead is still cooling off" if turn.lead.cool_until is not None else "the bar does not hold"
        if judgement is not None and judgement.held_by:
            why = f"it is held by {', '.join(judgement.held_by)}"
        raise Declined("does_not_qualify", f"{turn.lead.id} cannot be released: {why} under the version in force.")
    deliver(turn, judgement, raised_at=turn.happened_at, by=fact.by)


def withdrew(turn: Turn, fact: AdminWithdrew) -> None:
    """An administrator ends a cycle that is neither side's; a mere rep cannot."""
    turn.check_manager(fact.by)
    if not fact.note.strip():
        raise Declined("note_missing", "Withdrawing a cycle needs a note that says why: write one.")
    end(turn, CycleEvent.WITHDRAWN, at=turn.happened_at, by=fact.by, reason="admin")


def _delivered(turn: Turn, event: CycleEvent) -> None:
    """Refuse what the table has no row for, before anything else is asked."""
    turn.possible(event)


def _check_owner(turn: Turn, by: str, *, or_manager: bool = False) -> Assignment:
    owner = turn.cycle.owner
    if owner is None:
        raise Declined(
            "nobody_owns_it",
            f"The handoff of {turn.lead.id} is held, and nobody owns it: it has to be given to somebody first.",
        )
    if by != owner.rep and not (or_manager and turn.is_manager(by)):
        raise Declined(
            "not_the_owner",
            f"{by} cannot decide this: {turn.lead.id} belongs to {owner.rep}. Ask them, or have it reassigned.",
        )
    return owner


def _reason(turn: Turn, name: str, verb: Verb) -> Reason:
    """The reason under the pinned version, also when a later version has dropped it."""
    reasons = turn.version.contract.reasons
    allowed = _DECLINING[verb]
    fitting = ", ".join(each.name for each in reasons.values() if each.verb in allowed)
    reason = reasons.get(name)
    if reason is None:
        raise Declined(
            "reason_unknown",
            f"There is no reason {name} in version {turn.version.number}. To {verb} there are: {fitting}.",
        )
    if reason.verb not in allowed:
        raise Declined(
            "reason_not_for_this",
            f"{name} is a reason to {reason.verb}, not to {verb}. To {verb} there are: {fitting}.",
        )
    return reason
