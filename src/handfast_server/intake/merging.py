"""Two leads that somebody knows to be one human: merged by hand, as an item that names both does it."""

from __future__ import annotations

from handfast.cycle.values import Lead
from handfast.facts import LeadsMerged
from handfast_server.audit.record import record
from handfast_server.decide.session import Session, decide
from handfast_server.decide.taken import Taken
from handfast_server.handoffs.asked import AS_RECORDED
from handfast_server.handoffs.told import Decided, answer, repeated
from handfast_server.intake import keys, profile
from handfast_server.refused import Refused


def do_merge(lead: str, absorbed: str, name: str) -> Decided:
    """``lead`` absorbs ``absorbed``, in a fact of this name; every key of either names it from then on.

    Of two open cycles the one furthest along survives. Raises Refused where both are one already, and where one is
    erased.
    """
    fact = LeadsMerged(id=name, happened_at=AS_RECORDED, recorded_at=0, lead=lead, absorbed=absorbed)

    def work(session: Session) -> tuple[Taken, Lead | None]:
        session.lock([fact])
        before = {each: session.lead(each) for each in (lead, absorbed)}
        if not session.repeats(fact):
            _check(before[lead], before[absorbed])
        taken = session.tell(fact)
        after = session.lead(lead)
        if after is not None and not taken.repeat and taken.step.refused is None:
            for each in filter(None, before.values()):
                keys.give_all(each.id, after.id)
            profile.write(session, {lead: before[lead]})
            record("leads.merged", f"lead:{after.id}", details={"absorbed": f"lead:{absorbed}"})
        return taken, after

    taken, after = decide(work)
    if taken.repeat:
        return repeated(fact, after)
    if taken.step.refused is not None:
        raise Refused(taken.step.refused.code, taken.step.refused.message)
    return answer(taken, after)


def _check(lead: Lead | None, absorbed: Lead | None) -> None:
    if lead is None or absorbed is None:
        raise Refused("not_found", "Nothing was ever told of one of the two.", status=404)
    if lead.id == absorbed.id:
        raise Refused("one_already", f"Both are one lead already: {lead.id}.", path="absorbed")
    if lead.erased or absorbed.erased:
        raise Refused("lead_erased", "One of the two was erased, and nobody knows any more who it was.")
