"""What marketing spent, as a file: told and read."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from handfast.errors import SpendRefused
from handfast_server.api.auth import caller, may
from handfast_server.api.contract_answers import own_currency
from handfast_server.refused import Refused
from handfast_server.scoreboard import spend

router = Router(tags=["measures"])

_MOST = 1_000

_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "text/csv": {
                "schema": {
                    "type": "string",
                    "examples": ["day,source,campaign,amount\n2027-01-08,paid search,spring,1250.50\n"],
                }
            }
        },
    }
}
"""django-ninja describes bodies of JSON alone."""


class SpendOut(Schema):
    """What counts of a day, a source and a campaign, in the contract's currency."""

    day: dt.date
    source: str
    campaign: str
    amount: Decimal = Field(..., examples=["1250.50"])


class SpendStated(Schema):
    """How many lines the file had, and how many of them said something new."""

    lines: int
    new: int


@router.get("", response=list[SpendOut])
@may("measures.read")
def list_spend(request: HttpRequest) -> list[SpendOut]:
    """What was spent, as it counts, the newest days first: up to 1,000."""
    rows = sorted(spend.stated(own_currency()).items(), reverse=True)[:_MOST]
    return [
        SpendOut(day=day, source=source, campaign=campaign, amount=Decimal(amount) / 100)
        for (day, source, campaign), amount in rows
        if amount
    ]


@router.put("", response=SpendStated, openapi_extra=_BODY)
@may("spend.write")
def state_spend(request: HttpRequest) -> SpendStated:
    """State what was spent by a file (CSV) of `day,source,campaign,amount`, in the contract's currency.

    What was stated before of a day, source and campaign is replaced; 0 takes it back. One mistake refuses the whole
    file, with its line.
    """
    try:
        text = request.body.decode("utf-8-sig", errors="replace")
        done = spend.do_state_spend(text, own_currency(), caller(request).id)
    except SpendRefused as refused:
        first = refused.problems[0]
        raise Refused(
            first.code, first.message, status=422, path=f"line {first.mark.line}" if first.mark else ""
        ) from refused
    return SpendStated(lines=done.lines, new=done.new)
