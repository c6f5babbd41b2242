"""The team: reps, pools, absences and owners of accounts, as facts that routing is replayed from."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router

from handfast_server.api.auth import caller, may
from handfast_server.api.errors import Error
from handfast_server.api.intake import Told, answered
from handfast_server.api.speaking import Once, Source, source_of
from handfast_server.api.team_shapes import TeamOut, team_out
from handfast_server.decide import team as teams
from handfast_server.decide.transaction import reading
from handfast_server.intake.ical import LONGEST
from handfast_server.intake.refused import ItemRefused
from handfast_server.intake.take import take_in
from handfast_server.intake.wire import (
    AbsenceCancelledIn,
    AbsenceIn,
    ManagerIn,
    MemberIn,
    MemberRemovedIn,
    OwnerIn,
    RepIn,
)
from handfast_server.refused import Refused
from handfast_server.rosters.actions import do_put_file, item_for, read_file

router = Router(tags=["Team"])

_ANSWERS: Any = {200: Told, 409: Error, 422: Error}


@router.post("reps", response=_ANSWERS, operation_id="set_rep")
@may("team.write")
def set_rep(request: HttpRequest, body: RepIn, source: Source = "", once: Once = "") -> Told:
    """A rep joined, changed caps, or (inactive) left: who leaves has waiting handoffs routed again."""
    return _single(request, body, source, once)


@router.post("members", response=_ANSWERS, operation_id="set_member")
@may("team.write")
def set_member(request: HttpRequest, body: MemberIn, source: Source = "", once: Once = "") -> Told:
    """A rep is a member of a pool, with a weight and caps."""
    return _single(request, body, source, once)


@router.post("members/removed", response=_ANSWERS, operation_id="remove_member")
@may("team.write")
def remove_member(request: HttpRequest, body: MemberRemovedIn, source: Source = "", once: Once = "") -> Told:
    """A rep left a pool."""
    return _single(request, body, source, once)


@router.post("managers", response=_ANSWERS, operation_id="set_manager")
@may("team.appoint")
def set_manager(request: HttpRequest, body: ManagerIn, source: Source = "", once: Once = "") -> Told:
    """Who manages a pool."""
    return _single(request, body, source, once)


@router.post("absences", response=_ANSWERS, operation_id="set_absence")
@may("team.write")
def set_absence(request: HttpRequest, body: AbsenceIn, source: Source = "", once: Once = "") -> Told:
    """A rep is away: they get nothing new, and what waits with them is routed again once it begins."""
    return _single(request, body, source, once)


@router.post("absences/cancelled", response=_ANSWERS, operation_id="cancel_absence")
@may("team.write")
def cancel_absence(request: HttpRequest, body: AbsenceCancelledIn, source: Source = "", once: Once = "") -> Told:
    """An absence was recorded in error."""
    return _single(request, body, source, once)


@router.post("owners", response=_ANSWERS, operation_id="set_account_owner")
@may("team.write")
def set_account_owner(request: HttpRequest, body: OwnerIn, source: Source = "", once: Once = "") -> Told:
    """Who owns an account: its leads go to them first."""
    return _single(request, body, source, once)


@router.put("reps/{rep}/calendar", response={200: dict[str, int], 422: Error}, operation_id="put_calendar")
@may("team.write")
def put_calendar(request: HttpRequest, rep: str, zone: str = "") -> dict[str, int]:
    """A rep's absences from a calendar file (iCalendar) in the body, in place of those of an earlier file.

    Whole days are days of `zone`, of the contract's zone if left out.
    """
    if int(request.headers.get("Content-Length") or 0) > LONGEST:
        raise Refused("too_long", f"A calendar file has at most {LONGEST:,} bytes.", status=422, path="body")
    try:
        file = read_file(caller(request), rep, request.body, zone)
    except ItemRefused as refused:
        raise _refused(refused) from refused
    return {"absences": len(file.found), "changed": len(do_put_file(file))}


@router.get("", operation_id="show_team", response=TeamOut)
@may("team.read")
def show_team(request: HttpRequest) -> TeamOut:
    """Reps, pools with their members, and absences, as they are now."""
    with reading():  # and no lock: who looks holds up nobody who decides
        team = teams.read()
    return team_out(team)


def _refused(refused: ItemRefused) -> Refused:
    status = 403 if refused.code == "not_your_pool" else 422
    return Refused(refused.code, str(refused), status=status, path=refused.path)


def _single(request: HttpRequest, body: Any, source: str, once: str) -> Told:
    try:
        item = item_for(caller(request), body, source_of(caller(request), source), once)
    except ItemRefused as refused:
        raise _refused(refused) from refused
    return answered(take_in([item])[0])
