"""Decisions about the open handoff of a lead: every verb of the life of a cycle."""

from __future__ import annotations

from django.http import HttpRequest
from ninja import Router

from handfast_server.api.auth import caller, may
from handfast_server.api.decision_shapes import (
    Decision,
    Decisions,
    Declining,
    Excusing,
    GivingBack,
    Judging,
    Pausing,
    Qualifying,
    Reassigning,
    Releasing,
    Rerouting,
    Resuming,
    Returning,
    Saying,
    Touching,
    WithNote,
)
from handfast_server.api.fields import (
    Key,
    LeadPath,
)
from handfast_server.handoffs import actions, many
from handfast_server.handoffs.access import access_handoff
from handfast_server.handoffs.asked import Asked, check_speaker, name_of
from handfast_server.handoffs.many import Item
from handfast_server.handoffs.told import Decided

router = Router(tags=["decisions"])


def asked(request: HttpRequest, lead: str, body: Saying | None, key: str) -> Asked:
    """What is asked, by whom, of a lead that they may speak of."""
    who, body = caller(request), body or Saying()
    access_handoff(who, lead)
    return Asked(
        lead=lead,
        by=check_speaker(who, body.by),
        own_word=who.scopes is None,
        name=name_of(who, key),
        cycle=body.cycle,
        at=body.happened_at,
    )


@router.post("/{lead}/accept", response=Decision)
@may("cycles.decide")
def accept_handoff(request: HttpRequest, lead: LeadPath, body: Saying | None = None, key: Key = "") -> Decided:
    """Take a waiting handoff on: its owner, or their manager for them."""
    return actions.do_accept(asked(request, lead, body, key))


@router.post("/{lead}/return", response=Decision)
@may("cycles.decide")
def return_handoff(request: HttpRequest, lead: LeadPath, body: Returning, key: Key = "") -> Decided:
    """Give a waiting handoff back because it is not yours: it is routed again."""
    return actions.do_return(asked(request, lead, body, key), body.reason, body.note)


@router.post("/{lead}/reject", response=Decision)
@may("cycles.decide")
def reject_handoff(request: HttpRequest, lead: LeadPath, body: Declining, key: Key = "") -> Decided:
    """Decline a waiting handoff before contact.

    A definitional reason names a clause; if the data contradict it, the rejection is contested and marketing decides.
    """
    return actions.do_reject(asked(request, lead, body, key), body.reason, body.note, body.revisit_on)


@router.post("/{lead}/qualify", response=Decision)
@may("cycles.decide")
def qualify_handoff(request: HttpRequest, lead: LeadPath, body: Qualifying, key: Key = "") -> Decided:
    """Record the evidence that makes an accepted handoff an SQL."""
    return actions.do_qualify(asked(request, lead, body, key), body.evidence)


@router.post("/{lead}/disqualify", response=Decision)
@may("cycles.decide")
def disqualify_handoff(request: HttpRequest, lead: LeadPath, body: Declining, key: Key = "") -> Decided:
    """End an accepted handoff, or an SQL, for a reason."""
    return actions.do_disqualify(asked(request, lead, body, key), body.reason, body.note, body.revisit_on)


@router.post("/{lead}/uphold", response=Decision)
@may("cycles.contest")
def uphold_contest(request: HttpRequest, lead: LeadPath, body: WithNote, key: Key = "") -> Decided:
    """Agree, for marketing, with a contested rejection: it is rejected."""
    return actions.do_uphold(asked(request, lead, body, key), body.note)


@router.post("/{lead}/overturn", response=Decision)
@may("cycles.contest")
def overturn_contest(request: HttpRequest, lead: LeadPath, body: WithNote, key: Key = "") -> Decided:
    """Disagree, for marketing: the handoff is routed again, and its first touch runs on."""
    return actions.do_overturn(asked(request, lead, body, key), body.note)


@router.post("/{lead}/reassign", response=Decision)
@may("cycles.reassign")
def reassign_handoff(request: HttpRequest, lead: LeadPath, body: Reassigning, key: Key = "") -> Decided:
    """Give a handoff to somebody, or have a waiting one routed again. No breach is cleared by that."""
    return actions.do_reassign(asked(request, lead, body, key), body.to, body.note)


@router.post("/{lead}/give-back", response=Decision)
@may("cycles.reassign")
def give_handoff_back(request: HttpRequest, lead: LeadPath, body: GivingBack, key: Key = "") -> Decided:
    """Give a handoff back to the rep whose touch was in time, and recorded late."""
    return actions.do_give_back(asked(request, lead, body, key), body.to)


@router.post("/{lead}/withdraw", response=Decision)
@may("cycles.withdraw")
def withdraw_cycle(request: HttpRequest, lead: LeadPath, body: WithNote, key: Key = "") -> Decided:
    """End a cycle that is neither side's."""
    return actions.do_withdraw(asked(request, lead, body, key), body.note)


@router.post("/{lead}/pause", response=Decision)
@may("clocks.pause")
def pause_clock(request: HttpRequest, lead: LeadPath, body: Pausing, key: Key = "") -> Decided:
    """Stop a clock until the callback date that the prospect asked for: once a clock, at most 30 days."""
    return actions.do_pause(asked(request, lead, body, key), body.clock, body.until, body.note)


@router.post("/{lead}/resume", response=Decision)
@may("clocks.pause")
def resume_clock(request: HttpRequest, lead: LeadPath, body: Resuming, key: Key = "") -> Decided:
    """Let a paused clock run on before its date."""
    return actions.do_resume(asked(request, lead, body, key), body.clock)


@router.post("/{lead}/cause", response=Decision)
@may("breaches.judge")
def set_breach_cause(request: HttpRequest, lead: LeadPath, body: Judging, key: Key = "") -> Decided:
    """Confirm or change the cause of a breach."""
    return actions.do_set_cause(asked(request, lead, body, key), body.breach, body.cause)


@router.post("/{lead}/excuse", response=Decision)
@may("breaches.judge")
def excuse_breach(request: HttpRequest, lead: LeadPath, body: Excusing, key: Key = "") -> Decided:
    """Excuse a breach; it is shown apart, and never dropped."""
    return actions.do_excuse(asked(request, lead, body, key), body.breach, body.why)


@router.post("/{lead}/touches", response=Decision)
@may("touches.write")
def touch_lead(request: HttpRequest, lead: LeadPath, body: Touching, key: Key = "") -> Decided:
    """Tell of outreach. A contact by the owner of a waiting handoff accepts it."""
    return actions.do_touch(asked(request, lead, body, key), body.kind, human=body.human)


@router.post("/reroute", response=Decisions)
@may("cycles.reassign")
def reroute_handoffs(request: HttpRequest, body: Rerouting, key: Key = "") -> dict[str, list[Item]]:
    """Have many waiting handoffs of a rep routed again, with credit: up to 1,000 a request, the oldest first."""
    who = caller(request)
    by = check_speaker(who, body.by)
    return {"items": many.do_reroute(who, by, body.rep, body.leads, body.pool, key)}


@router.post("/release", response=Decisions)
@may("cycles.release")
def release_leads(request: HttpRequest, body: Releasing, key: Key = "") -> dict[str, list[Item]]:
    """Release leads that qualify under the version in force, up to 200 in an hour."""
    who = caller(request)
    return {"items": many.do_release(who, check_speaker(who, body.by), body.leads, key)}
