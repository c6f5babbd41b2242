"""Opportunities of a lead: opened, amended, won, lost, opened again; and the list of them."""

from __future__ import annotations

from django.http import HttpRequest
from ninja import Router
from pydantic import Field

from handfast_server.api.auth import may
from handfast_server.api.decision_shapes import Decision, Saying
from handfast_server.api.decisions import asked
from handfast_server.api.fields import Amount, Currency, DealPath, GivenName, Key, LeadPath, ShortText
from handfast_server.handoffs import actions
from handfast_server.handoffs.told import Decided

router = Router(tags=["deals"])


class Opening(Saying):
    """A deal by the name that your CRM gives it."""

    deal: GivenName = Field(..., pattern=r"^[^\x00/]+$", examples=["D-1042"])
    amount: Amount | None = None
    currency: Currency = ""


class Amending(Saying):
    """What the deal is worth now."""

    amount: Amount
    currency: Currency = ""


class Winning(Saying):
    """What the deal was won for."""

    amount: Amount | None = None
    currency: Currency = ""


class Losing(Saying):
    """Why the deal was lost."""

    why: ShortText = ""


@router.post("", response=Decision)
@may("deals.write")
def open_deal(request: HttpRequest, lead: LeadPath, body: Opening, key: Key = "") -> Decided:
    """Tell of an opportunity. Stages that were skipped are stamped, and marked as inferred."""
    return actions.do_open_deal(asked(request, lead, body, key), body.deal, body.amount, body.currency)


@router.post("/{deal}/amend", response=Decision)
@may("deals.write")
def amend_deal(request: HttpRequest, lead: LeadPath, deal: DealPath, body: Amending, key: Key = "") -> Decided:
    """Change what a deal is worth."""
    return actions.do_amend_deal(asked(request, lead, body, key), deal, body.amount, body.currency)


@router.post("/{deal}/win", response=Decision)
@may("deals.write")
def win_deal(
    request: HttpRequest, lead: LeadPath, deal: DealPath, body: Winning | None = None, key: Key = ""
) -> Decided:
    """Tell that a deal was won."""
    body = body or Winning()
    return actions.do_win_deal(asked(request, lead, body, key), deal, body.amount, body.currency)


@router.post("/{deal}/lose", response=Decision)
@may("deals.write")
def lose_deal(
    request: HttpRequest, lead: LeadPath, deal: DealPath, body: Losing | None = None, key: Key = ""
) -> Decided:
    """Tell that a deal was lost."""
    body = body or Losing()
    return actions.do_lose_deal(asked(request, lead, body, key), deal, body.why)


@router.post("/{deal}/reopen", response=Decision)
@may("deals.write")
def reopen_deal(
    request: HttpRequest, lead: LeadPath, deal: DealPath, body: Saying | None = None, key: Key = ""
) -> Decided:
    """Un-win or un-lose a deal; a cycle that ended does not change with it."""
    return actions.do_reopen_deal(asked(request, lead, body, key), deal)
