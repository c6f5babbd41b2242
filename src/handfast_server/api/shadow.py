"""Shadow mode: judge and send nothing, compare with what really happened, then take over."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import BaseModel, ConfigDict, Field

from handfast.instant import Instant
from handfast_server.api.auth import caller, may
from handfast_server.api.errors import Error
from handfast_server.api.fields import Key, LeadId, MomentIn, MomentOut, Name
from handfast_server.handoffs.asked import name_of
from handfast_server.now import now
from handfast_server.refused import Refused
from handfast_server.shadow import compared, cutover
from handfast_server.shadow.mode import Mode, began, do_set_mode, standing

router = Router(tags=["Shadow mode"])


class ModeOut(BaseModel):
    """The mode, since when (null: it was never another), and how many handoffs of the other system are open."""

    mode: Mode
    since: MomentOut | None
    open_elsewhere: int


class ModeIn(BaseModel):
    """Which mode it is to be."""

    model_config = ConfigDict(extra="forbid")

    mode: Mode


class Number(BaseModel):
    """A number and the records behind it: judgements by their ids, handoffs as ``lead:handoff``."""

    count: int
    records: list[str]


class Compared(BaseModel):
    """What would have happened here beside what happened there."""

    since: MomentOut
    until: MomentOut
    numbers: dict[str, Number]
    routed: dict[str, Number]


class Handed(BaseModel):
    """An open handoff of the other system."""

    model_config = ConfigDict(extra="forbid")

    lead: LeadId
    handoff: Name


class CutOverIn(BaseModel):
    """What to take over, and how gently."""

    model_config = ConfigDict(extra="forbid")

    per_day: Annotated[str, Field(pattern=r"^[0-9]{1,4}(/[1-9][0-9]{0,3})?$", examples=["8", "5/2"])]
    """How many handoffs a rep takes on a working day: a whole number or a fraction."""
    chosen: list[Handed] | None = Field(None, max_length=100_000, description="All that are open when left out.")
    preview: bool = Field(default=False, description="Only say what would be taken over, and when clocks would start.")


class TakingOut(BaseModel):
    """A handoff that is taken over; ``code`` and ``message`` where it was refused."""

    lead: str
    handoff: str
    owner: str
    qualified_at: MomentOut | None
    starts_at: MomentOut
    code: str
    message: str


class CutOverOut(BaseModel):
    """The handoffs, in the order in which their clocks start."""

    mode: Mode
    items: list[TakingOut]


Since = Annotated[MomentIn | None, Query(description="From here on; from when shadow mode began when left out.")]
Until = Annotated[MomentIn | None, Query(description="Before this; now when left out.")]


@router.get("", response=ModeOut, operation_id="read_mode")
@may("mode.read")
def read_mode(request: HttpRequest) -> ModeOut:
    """Whether the service judges only, or is in charge."""
    return _mode()


@router.post("mode", response=ModeOut, operation_id="set_mode")
@may("mode.change")
def set_mode(request: HttpRequest, body: ModeIn, key: Key = "") -> ModeOut:
    """Begin shadow mode, in which facts are judged and nothing is assigned or sent; or end it, taking nothing over."""
    do_set_mode(body.mode, name_of(caller(request), key))
    return _mode()


@router.get("comparison", response={200: Compared, 409: Error, 422: Error}, operation_id="compare_shadow")
@may("mode.read")
def compare_shadow(request: HttpRequest, since: Since = None, until: Until = None) -> Compared:
    """Every number of the comparison, with its records."""
    both = _comparison(since, until)
    found = both.found
    numbers = {
        name: Number(count=len(records), records=list(records)) for name, records in compared.numbers(both).items()
    }
    routed = {rep: Number(count=len(records), records=list(records)) for rep, records in found.routed.items()}
    return Compared(since=found.since, until=found.until, numbers=numbers, routed=routed)


@router.get("report", response={(409, 422): Error}, operation_id="report_shadow")
@may("mode.read")
def report_shadow(request: HttpRequest, since: Since = None, until: Until = None) -> HttpResponse:
    """The comparison for people to read, as Markdown."""
    return HttpResponse(compared.report(_comparison(since, until)), content_type="text/markdown; charset=utf-8")


@router.post("cut-over", response={200: CutOverOut, 409: Error, 422: Error}, operation_id="cut_over")
@may("mode.change")
def cut_over(request: HttpRequest, body: CutOverIn, key: Key = "") -> CutOverOut:
    """End shadow mode, and take open handoffs over: live cycles, whose clocks start spread over working days."""
    chosen = None if body.chosen is None else {(each.lead, each.handoff) for each in body.chosen}
    per_day = Fraction(body.per_day)
    if body.preview:
        taken = cutover.planned(per_day, chosen)
    else:
        who = caller(request)
        taken = cutover.do_cut_over(per_day, who.name, name_of(who, key), chosen)
    items = [TakingOut.model_validate(each, from_attributes=True) for each in taken]
    return CutOverOut(mode=standing().mode, items=items)


def _mode() -> ModeOut:
    found = standing()
    return ModeOut(mode=found.mode, since=found.since, open_elsewhere=cutover.open_elsewhere())


def _comparison(since: Instant | None, until: Instant | None) -> compared.Compared:
    first = began() if since is None else since
    last = now() if until is None else until
    if first is None:
        raise Refused("no_shadow", "Shadow mode never began: say from when to compare.", path="since")
    if last < first:
        raise Refused("ends_before_start", "`until` comes after `since`.", status=422, path="until")
    return compared.comparison(first, last)
