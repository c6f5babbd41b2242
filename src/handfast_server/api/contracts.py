"""The contract: its signed versions, drafts and what is said of them, signing, successions."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpRequest
from ninja import Path, Router, Status

from handfast.contract.explain import explain
from handfast_server.accounts.again import check_shown
from handfast_server.api.auth import caller, may
from handfast_server.api.contract_answers import (
    appointment_out,
    checked_out,
    draft_out,
    drifted_out,
    governing,
    own_currency,
    rates_out,
    stated_out,
    version_out,
    whole_out,
)
from handfast_server.api.contract_shapes import (
    RATES_BODY,
    Appointing,
    AppointmentOut,
    Changing,
    CheckedOut,
    DraftOut,
    DraftWhole,
    Drifted,
    RateOut,
    RatesStated,
    SectionOut,
    Signing,
    VersionOut,
    VersionWhole,
    Writing,
)
from handfast_server.api.fields import WHOLE_NUMBER, Currency, Date
from handfast_server.contracts import actions
from handfast_server.contracts.models import Appointment, Draft, Version
from handfast_server.contracts.queries import latest, looked_at
from handfast_server.decide.terms import signed_of

router = Router(tags=["contracts"])

NumberPath = Annotated[int, Path(ge=1, le=WHOLE_NUMBER)]


@router.get("/versions", response=list[VersionOut])
@may("contracts.read")
def list_versions(request: HttpRequest) -> list[VersionOut]:
    """Every signed version, the newest first."""
    in_force = governing()
    return [version_out(each, in_force) for each in Version.objects.order_by("-number")]


@router.get("/versions/{number}", response=VersionWhole)
@may("contracts.read")
def read_version(request: HttpRequest, number: NumberPath) -> VersionWhole:
    """A signed version; what it says in English is made from its sealed bytes, held against their digest."""
    row = Version.objects.get(pk=number)
    english = explain(signed_of(row).sealed.contract)
    sections = [SectionOut.model_validate(each, from_attributes=True) for each in english.sections]
    return VersionWhole(**dict(version_out(row, governing())), text=row.text, english=sections)


@router.get("/versions/{number}/drift", response=Drifted)
@may("contracts.read")
def show_drift(request: HttpRequest, number: NumberPath) -> Drifted:
    """What would be different if the signed text were sealed today. The version goes on judging as it was signed."""
    return drifted_out(Version.objects.get(pk=number))


@router.post("/check", response=CheckedOut)
@may("contracts.draft")
def check_text(request: HttpRequest, body: Writing) -> CheckedOut:
    """Problems with their places, the examples run, the English, and what is different; nothing is kept."""
    return checked_out(looked_at(body.text, latest()))


@router.get("/drafts", response=list[DraftOut])
@may("contracts.read")
def list_drafts(request: HttpRequest) -> list[DraftOut]:
    """The hundred drafts that changed last."""
    return [draft_out(each) for each in Draft.objects.order_by("-changed_at")[:100]]


@router.post("/drafts", response={201: DraftWhole})
@may("contracts.draft")
def write_draft(request: HttpRequest, body: Writing) -> Status[DraftWhole]:
    """Keep a text as a draft."""
    return Status(201, whole_out(actions.do_write(caller(request), body.text, body.note)))


@router.get("/drafts/{draft}", response=DraftWhole)
@may("contracts.read")
def read_draft(request: HttpRequest, draft: NumberPath) -> DraftWhole:
    """A draft, and everything that is said of it."""
    return whole_out(Draft.objects.get(pk=draft))


@router.put("/drafts/{draft}", response=DraftWhole)
@may("contracts.draft")
def change_draft(request: HttpRequest, draft: NumberPath, body: Changing) -> DraftWhole:
    """Put another text in the place of the revision that was read; refused with 409 when somebody else was first."""
    return whole_out(actions.do_change(draft, body.revision, body.text, body.note))


@router.post("/drafts/{draft}/propose", response=DraftWhole)
@may("contracts.draft")
def propose_draft(request: HttpRequest, draft: NumberPath) -> DraftWhole:
    """Seal a sound draft, and ask both parties for their signatures."""
    return whole_out(actions.do_propose(caller(request), draft))


@router.post("/drafts/{draft}/recall", response=DraftWhole)
@may("contracts.draft")
def recall_draft(request: HttpRequest, draft: NumberPath) -> DraftWhole:
    """Take a proposed draft back to the desk; signatures that were given are void."""
    return whole_out(actions.do_recall(draft))


@router.post("/drafts/{draft}/drop", response=DraftOut)
@may("contracts.draft")
def drop_draft(request: HttpRequest, draft: NumberPath) -> DraftOut:
    """Put a draft away; it can still be read."""
    return draft_out(actions.do_drop(draft))


@router.post("/drafts/{draft}/sign", response=DraftWhole)
@may("contracts.sign")
def sign_draft(request: HttpRequest, draft: NumberPath, body: Signing) -> DraftWhole:
    """Consent to the text with this digest, for a party, as its signatory or a deputy.

    Only for people, within five minutes after they showed who they are. With the last consent the draft is a version.
    """
    return whole_out(actions.do_sign(draft, check_shown(request), body.party, body.digest))


@router.get("/appointments", response=list[AppointmentOut])
@may("contracts.read")
def list_appointments(request: HttpRequest) -> list[AppointmentOut]:
    """Successors who were proposed, the latest first."""
    return [appointment_out(each) for each in Appointment.objects.order_by("-asked_at")[:100]]


@router.post("/appointments", response={201: AppointmentOut})
@may("contracts.appoint")
def ask_appointment(request: HttpRequest, body: Appointing) -> Status[AppointmentOut]:
    """Propose who succeeds a signatory who has left; the other of signatory and administrator confirms."""
    made = actions.do_ask_appointment(check_shown(request), body.party, body.name, body.email, body.why)
    return Status(201, appointment_out(made))


@router.post("/appointments/{appointment}/confirm", response=VersionOut)
@may("contracts.appoint")
def confirm_appointment(request: HttpRequest, appointment: NumberPath) -> VersionOut:
    """Confirm a successor: from now on they sign."""
    return version_out(actions.do_confirm_appointment(check_shown(request), appointment), governing())


@router.get("/rates", response=list[RateOut])
@may("measures.read")
def list_rates(request: HttpRequest, currency: Currency = "", since: Date | None = None) -> list[RateOut]:
    """What other currencies are worth in the contract's, the newest days first: up to 1,000."""
    return rates_out(own_currency(), currency, since)


@router.put("/rates", response=RatesStated, openapi_extra=RATES_BODY)
@may("rates.write")
def state_rates(request: HttpRequest) -> RatesStated:
    """State rates by a file (CSV) of `day,currency,rate`: how much of the contract's currency one unit is worth.

    What was stated before stays where the file says nothing else. One mistake refuses the whole file, with its line.
    """
    return stated_out(request.body, caller(request).id)
