"""What other systems tell: leads, activities, touches, consents, opportunities and accounts, one or many at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Router
from ninja import Status as Answer
from pydantic import BaseModel, ConfigDict, Field

from handfast.match import Described
from handfast_server.access import Principal, allowed
from handfast_server.accounts.models import Role
from handfast_server.api.auth import caller, may
from handfast_server.api.errors import Error
from handfast_server.api.speaking import Once, Source, source_of
from handfast_server.api.telling import Decision, in_order
from handfast_server.audit.record import record
from handfast_server.decide.locked import recorded
from handfast_server.decide.transaction import in_transaction
from handfast_server.handoffs.access import access_handoff
from handfast_server.handoffs.asked import own_word_refused, too_long_ago
from handfast_server.intake import accounts, keys
from handfast_server.intake.item import Item, Outcome, Status
from handfast_server.intake.refused import ItemRefused
from handfast_server.intake.take import UNKNOWN, take_in
from handfast_server.intake.wire import (
    MOST,
    NEEDS,
    ActivityIn,
    ConsentIn,
    DecisionIn,
    LeadIn,
    OpportunityIn,
    StageIn,
    TouchIn,
    item_of,
    read_any,
)
from handfast_server.leads.models import Lead
from handfast_server.now import now
from handfast_server.refused import Refused
from handfast_server.rosters.access import check_team

router = Router(tags=["Intake"])


class Told(BaseModel):
    """What became of an item."""

    status: Status
    lead: str = ""
    code: str = ""
    message: str = ""
    path: str = ""


class Batch(BaseModel):
    """Up to 5,000 items of any type, in the order in which they are to be told."""

    model_config = ConfigDict(extra="forbid")

    items: list[Any] = Field(
        max_length=MOST,
        description="Each has a `type`: lead, activity, touch, consent, opportunity, rep, member, member_removed, "
        "manager, absence, absence_cancelled or account_owner, and the fields of its own address; or, of whoever is "
        "named by lead, email, user_id or ids, a decision: accept, return, reject, qualify, disqualify, uphold, "
        "overturn, reassign, give_back, withdraw, pause, resume, cause or excuse, with the fields of its own address.",
        examples=[[{"type": "lead", "key": "151", "email": "ann@buyer.example", "attributes": {"company": "Buyer"}}]],
    )


class BatchTold(BaseModel):
    """What became of each item, in the order of the items, and how many of each."""

    counts: dict[str, int]
    items: list[Told]


class AccountIn(BaseModel):
    """An account as another system has it, in place of what was known of it."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=1, max_length=300)
    domains: list[Annotated[str, Field(max_length=253)]] = Field(default_factory=list, max_length=20)
    phones: list[Annotated[str, Field(max_length=60)]] = Field(default_factory=list, max_length=5)
    postcodes: list[Annotated[str, Field(max_length=20)]] = Field(default_factory=list, max_length=5)
    customer: bool = False


_ANSWERS: Any = {200: Told, 409: Error, 422: Error}


@router.post("leads", response=_ANSWERS, operation_id="tell_lead")
@may("leads.write")
def tell_lead(request: HttpRequest, body: LeadIn, source: Source = "", once: Once = "") -> Told:
    """Tell what a lead is: made when nobody is known by its keys, else brought up to date; merged if they name two."""
    return _single(request, body, source, once)


@router.post("activities", response=_ANSWERS, operation_id="tell_activity")
@may("leads.write")
def tell_activity(request: HttpRequest, body: ActivityIn, source: Source = "", once: Once = "") -> Told:
    """Tell what a lead did."""
    return _single(request, body, source, once)


@router.post("touches", response=_ANSWERS, operation_id="tell_touch")
@may("touches.write")
def tell_touch(request: HttpRequest, body: TouchIn, source: Source = "", once: Once = "") -> Told:
    """Tell of outreach, as the system says in which it happened."""
    return _single(request, body, source, once)


@router.post("consents", response=_ANSWERS, operation_id="tell_consent")
@may("leads.write")
def tell_consent(request: HttpRequest, body: ConsentIn, source: Source = "", once: Once = "") -> Told:
    """Tell that consent was granted or denied."""
    return _single(request, body, source, once)


@router.post("opportunities", response=_ANSWERS, operation_id="tell_opportunity")
@may("deals.write")
def tell_opportunity(request: HttpRequest, body: OpportunityIn, source: Source = "", once: Once = "") -> Told:
    """Tell of an opportunity, as the CRM has it."""
    return _single(request, body, source, once)


@router.post("stages", response=_ANSWERS, operation_id="tell_stage")
@may("leads.write")
def tell_stage(request: HttpRequest, body: StageIn, source: Source = "", once: Once = "") -> Told:
    """Tell the stage of a handoff that another system makes: compared in shadow mode, taken over at the cut-over."""
    return _single(request, body, source, once)


@router.post("batch", response={200: BatchTold, 422: Error}, operation_id="tell_batch")
@may("leads.read")
def tell_batch(request: HttpRequest, body: Batch, source: Source = "", once: Once = "") -> BatchTold:
    """Tell many things at once. What is wrong with one of them is said, and spoils no other; none is lost."""
    told = [_told(each) for each in batch(caller(request), body.items, source, once)]
    counts: dict[str, int] = {}
    for each in told:
        counts[each.status] = counts.get(each.status, 0) + 1
    return BatchTold(counts=counts, items=told)


@router.put("accounts/{account}", response={204: None, 422: Error}, operation_id="tell_account")
@may("leads.write")
def tell_account(request: HttpRequest, account: str, body: AccountIn) -> Answer[None]:
    """Tell what an account is called and found by."""
    if len(account) > 40:
        raise Refused("malformed", "An account's id has at most 40 letters.", status=422, path="account")
    said = Described(
        name=body.name, domains=tuple(body.domains), phones=tuple(body.phones), postcodes=tuple(body.postcodes)
    )
    stated = accounts.Stated(id=account, described=said, customer=body.customer)

    def work() -> None:
        accounts.state([stated], now())
        record("accounts.stated", f"account:{account}")

    in_transaction(work)
    return Answer(204, None)


def _single(request: HttpRequest, body: Any, source: str, once: str) -> Told:
    who = caller(request)
    try:
        item = _item(who, body, source_of(who, source), once)
    except ItemRefused as refused:
        status = {"unknown_lead": 404, "not_yourself": 403}.get(refused.code, 422)
        raise Refused(refused.code, str(refused), status=status, path=refused.path) from refused
    return answered(take_in([item])[0])


def answered(outcome: Outcome) -> Told:
    """What became of one item. Raises Refused when it was refused."""
    if outcome.status in {Status.REFUSED, Status.SET_ASIDE}:
        status = {"unknown_lead": 404}.get(outcome.code, 422 if outcome.status is Status.SET_ASIDE else 409)
        raise Refused(outcome.code, outcome.message, status=status, path=outcome.path)
    return _told(outcome)


def batch(principal: Principal, raw: Sequence[object], source: str, once: str) -> list[Outcome]:
    """What became of each item, in their order."""
    source = source_of(principal, source)
    read = [_read(principal, each, source, f"{once}/{place}" if once else "") for place, each in enumerate(raw)]
    return list(in_order(principal, read))


def _read(principal: Principal, raw: object, source: str, once: str) -> Item | Decision | Outcome:
    try:
        wire = read_any(raw)
        _check(principal, NEEDS[wire.type])
        item = _item(principal, wire, source, once)
        return Decision(wire, item) if isinstance(wire, DecisionIn) else item
    except ItemRefused as refused:
        return Outcome.refused("", refused)


def _item(principal: Principal, wire: Any, source: str, once: str) -> Item:
    """The item, as whoever tells it may. What a person tells is their own word, whatever it says of itself.

    Raises ItemRefused.
    """
    if principal.scopes is None and isinstance(wire, TouchIn):
        wire = wire.model_copy(update={"self_reported": True})
    item = item_of(wire, source, once)
    _check_own(principal, wire, item)
    check_team(principal, item.team)
    if principal.scopes is None and isinstance(wire, OpportunityIn) and too_long_ago(item.happened_at, now()):
        _check_repeat(principal, item)
    return item


def _check_repeat(principal: Principal, item: Item) -> None:
    """Raises ItemRefused for what a person tells too late, unless it is what they told in time."""
    if not recorded(item.names):
        raise ItemRefused("too_long_ago", own_word_refused(principal.name), "happened_at")


def _check(principal: Principal, action: str) -> None:
    if not allowed(principal, action):
        raise ItemRefused("not_allowed", f"{action} is not open to your roles or to this token.", "type")


def _check_own(principal: Principal, wire: Any, item: Item) -> None:
    """Raises ItemRefused where a person of sales speaks for somebody else, or of a lead that they do not see.

    A program says in ``by`` whose word it passes on, and an administrator may stand in for one.
    """
    if principal.scopes is not None or principal.has_role(Role.ADMIN) or not isinstance(wire, _OF_SALES):
        return
    if wire.by not in {"", principal.name}:
        raise ItemRefused("not_yourself", f"You are {principal.name}, and tell of what you did yourself.", "by")
    for lead in {item.lead, *keys.leads_of(item.asked).values()} - {""}:
        try:
            access_handoff(principal, lead)
        except Lead.DoesNotExist:
            raise ItemRefused("unknown_lead", UNKNOWN) from None


_OF_SALES = (TouchIn, OpportunityIn)


def _told(outcome: Outcome) -> Told:
    return Told(status=outcome.status, lead=outcome.lead, code=outcome.code, message=outcome.message, path=outcome.path)
