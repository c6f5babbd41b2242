"""Measures: numbers with their definition, their records and their age; commitments, closed periods, the plan."""

from __future__ import annotations

import hashlib
from decimal import Decimal
from typing import Annotated, Any

import orjson
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils.http import parse_etags
from ninja import Query, Router, Status
from pydantic import Field

from handfast.errors import OutsideCalendar, PlanRefused
from handfast.instant import parse_instant
from handfast.measure.period import period_named
from handfast.measure.question import Question, Stream
from handfast.measure.value import Period, View
from handfast.plan import Roster, measured, plan
from handfast.plan.data import plan_data
from handfast_server.access import Principal
from handfast_server.accounts.again import check_shown
from handfast_server.api.auth import caller, may
from handfast_server.api.contract_shapes import Signing
from handfast_server.api.errors import Error
from handfast_server.api.measure_shapes import (
    Asking,
    Commitments,
    Conservation,
    Measures,
    NamePath,
    OneMeasure,
    Paging,
    PeriodPath,
    PlanOut,
    Records,
    StatementOut,
    StatementRow,
    Which,
)
from handfast_server.decide.team import read as read_team
from handfast_server.now import now
from handfast_server.refused import Refused
from handfast_server.scoreboard import answers, boards, closed, conservation
from handfast_server.scoreboard.access import scope_of
from handfast_server.scoreboard.models import Statement as StatementRows
from handfast_server.scoreboard.signing import do_countersign

router = Router(tags=["measures"])


@router.get("", response={200: Measures, 304: None, 409: Error})
@may("measures.read")
def list_measures(request: HttpRequest, asking: Query[Asking], view: View | None = None) -> Any:
    """Every measure of one period. A rep sees their own numbers, a manager those of the pools they manage."""
    shown = _shown(request, asking)
    return _answer(request, shown, ("measures", answers.whole(shown, view)), view)


@router.get("/catalogue", response={200: list[dict[str, str]], 409: Error})
@may("measures.read")
def list_definitions(request: HttpRequest) -> Any:
    """The published definition of every measure."""
    return answers.catalogue(_shown(request, Asking()))


@router.get("/conservation", response=Conservation)
@may("measures.read")
def read_conservation(request: HttpRequest) -> Any:
    """Whether every delivered lead is somewhere: each group is counted on its own, from rows, now."""
    _check_sees_all(caller(request))
    return conservation.counted()


@router.get("/commitments/{period}", response={200: Commitments, 304: None, 409: Error})
@may("measures.read")
def read_commitments(request: HttpRequest, period: PeriodPath) -> Any:
    """What both sides promised for a period, how they stand against the straight line, what is at stake."""
    _check_sees_all(caller(request))
    shown = _shown(request, Asking(period=period, stream=Stream.LIVE))
    text = orjson.dumps(_found(closed.commitments, shown, _some(shown.board.period)))
    return _answer(request, shown, ("", text), "commitments")


@router.get("/plan", response={200: PlanOut, 304: None, 409: Error})
@may("measures.read")
def read_plan(
    request: HttpRequest,
    arrivals: Annotated[Decimal | None, Field(gt=0, le=10**9)] = None,
    per_day: Annotated[Decimal | None, Field(gt=0, le=10**6)] = None,
) -> Any:
    """The revenue target walked backwards with the rates as they were measured, and the roster as it is."""
    _check_sees_all(caller(request))
    shown = _shown(request, Asking())
    board = shown.board
    question = Question(
        columns=board.columns,
        contract=shown.version.contract,
        as_of=board.as_of,
        calendars=boards.calendars_of(shown.version),
    )
    reps = sum(rep.active for rep in read_team().reps.values())
    try:
        found = plan(
            shown.version.contract,
            measured(question, "measured in this service"),
            roster=Roster(reps=reps or None, per_day=per_day),
            arrivals=arrivals,
        )
    except PlanRefused as refused:
        raise Refused(refused.code, str(refused)) from refused
    return _answer(request, shown, ("plan", orjson.dumps(plan_data(found), default=str)), (arrivals, per_day))


@router.get("/statements", response=list[StatementRow])
@may("measures.read")
def list_statements(request: HttpRequest) -> Any:
    """The closed periods."""
    _check_sees_all(caller(request))
    return list(StatementRows.objects.order_by("period").values("period", "digest", "closed_at", "closed_by"))


@router.get("/statements/{period}", response={200: StatementOut, 409: Error})
@may("measures.read")
def read_statement(request: HttpRequest, period: PeriodPath) -> Any:
    """A closed period, held against its digest, with what became known since."""
    _check_sees_all(caller(request))
    it = _found(closed.statement, period)
    shown = _shown(request, Asking(period=period, stream=Stream.LIVE))
    return HttpResponse(
        orjson.dumps({"statement": closed.told(it), "adjustments": closed.since_closed(shown, it)}),
        content_type="application/json",
    )


@router.post("/statements/{period}", response={200: StatementRow, 201: StatementRow})
@may("statements.sign")
def close_period(request: HttpRequest, period: PeriodPath) -> Any:
    """Freeze the commitments of a period that is over; what is learned later appears as adjustments."""
    principal = caller(request)
    _check_sees_all(principal)
    shown = _shown(request, Asking(period=period, stream=Stream.LIVE))
    try:
        it, fresh = closed.do_close(shown, _some(shown.board.period), principal.name)
    except ValueError as early:
        raise Refused("period_not_over", f"{early}.".capitalize(), path="path.period") from early
    return Status(201 if fresh else 200, _row(it.period))


@router.post("/statements/{period}/sign", response={200: StatementRow, 409: Error})
@may("contracts.sign")
def sign_period(request: HttpRequest, period: PeriodPath, body: Signing) -> Any:
    """Consent to a closed period for one's side, to exactly this digest: a person, who has just shown who they are."""
    it = _found(do_countersign, period, check_shown(request), body.party, body.digest)
    return _row(it.period)


@router.get("/{name}", response={200: OneMeasure, 304: None, 409: Error})
@may("measures.read")
def read_measure(
    request: HttpRequest, name: NamePath, asking: Query[Asking], split: Annotated[str, Field(max_length=100)] = ""
) -> Any:
    """One measure, told apart by source, campaign, owner, pool, band, segment, version or month."""
    shown = _shown(request, asking)
    return _answer(request, shown, ("measure", _found(answers.one, shown, name, split)), (name, split))


@router.get("/{name}/records", response={200: Records, 304: None, 409: Error})
@may("measures.read")
def list_records(
    request: HttpRequest, name: NamePath, asking: Query[Asking], which: Query[Which], paging: Query[Paging]
) -> Any:
    """The records behind a number, with the formula and the clause that decide it."""
    shown = _shown(request, asking)
    rows = _found(answers.rows_of, shown, name, answers.Wanted(which.part, which.split, which.word))
    definition = shown.board[name].definition
    end = paging.begin + paging.limit
    items = [
        {**record._asdict(), "href": f"/api/leads/{record.lead}" if record.lead else ""}
        for record in answers.records(shown, rows, paging.begin, paging.limit)
    ]
    text = {
        "measure": name,
        "formula": definition.formula,
        "clause": definition.clause,
        "records_of": definition.records,
        "part": which.part,
        "count": rows.count,
        "items": items,
        "next": end if end < rows.count else None,
    }
    return _answer(request, shown, ("", orjson.dumps(text)), (which, paging))


@router.get(
    "/{name}/records.csv",
    response={409: Error},
    openapi_extra={"responses": {200: {"description": "Records, a line each.", "content": {"text/csv": {}}}}},
)
@may("measures.export")
def export_records(request: HttpRequest, name: NamePath, asking: Query[Asking], which: Query[Which]) -> Any:
    """All records behind a number as CSV, whose cells no spreadsheet takes for formulas."""
    shown = _shown(request, asking)
    rows = _found(answers.rows_of, shown, name, answers.Wanted(which.part, which.split, which.word))
    answer = StreamingHttpResponse(answers.as_csv(shown, rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer


def _shown(request: HttpRequest, asking: Asking) -> boards.Shown:
    """The board of what is asked, of what the caller may see. Raises Refused."""
    try:
        as_of = _as_of(asking.as_of)
        contract = boards.version_at(now() if as_of is None else as_of).contract
        period = _period(asking.period, contract)
        asked = boards.Asked(period, asking.stream, as_of, scope_of(caller(request)))
        return boards.shown(asked)
    except boards.NoSnapshot as nothing:
        raise Refused(nothing.code, str(nothing)) from nothing


def _as_of(text: str) -> int | None:
    if not text:
        return None
    try:
        found = parse_instant(text)
    except (ValueError, OverflowError):
        found = 0
    if not 0 < found <= now():
        raise Refused(
            "malformed",
            "An instant that has come, with an offset: 2027-01-08T14:30:00+01:00.",
            status=422,
            path="query.as_of",
        )
    return found


def _period(label: str, contract: Any) -> Period | None:
    try:
        return period_named(label, contract) if label else None
    except (ValueError, OverflowError) as wrong:
        raise Refused(
            "malformed", f"{label} is no period: 2027, 2027-Q1 or 2027-01.", status=422, path="period"
        ) from wrong


def _some(period: Period | None) -> Period:
    if period is None:
        raise Refused("malformed", "A period is needed.", status=422, path="period")
    return period


def _found(work: Any, *asked: Any) -> Any:
    try:
        return work(*asked)
    except answers.NotAsked as unknown:
        raise Refused(unknown.code, str(unknown), status=404, path=unknown.path) from unknown
    except OutsideCalendar as far:
        raise Refused(far.code, str(far), path="period") from far


def _row(period: str) -> dict[str, Any]:
    """A closed period as it is listed."""
    return dict(StatementRows.objects.values("period", "digest", "closed_at", "closed_by").get(pk=period))


def _check_sees_all(principal: Principal) -> None:
    if scope_of(principal) is not None:
        raise Refused("own_numbers_only", "These are the numbers of everybody; you see your own measures.", status=403)


def _answer(request: HttpRequest, shown: boards.Shown, content: tuple[str, bytes], asked: object) -> HttpResponse:
    """The head and the content in one document; nothing but 304 where the asker has this generation already."""
    whole = f"{shown.generation} {request.get_full_path()} {asked!r} {scope_of(caller(request))!r}"
    etag = f'W/"{hashlib.sha256(whole.encode()).hexdigest()[:24]}"'
    if etag in parse_etags(request.headers.get("If-None-Match", "")):
        answer = HttpResponse(status=304)
    else:
        name, text = content
        head = orjson.dumps(answers.head(shown))[:-1]
        body = head + b"," + (text[1:] if not name else f'"{name}":'.encode() + text + b"}")
        answer = HttpResponse(body, content_type="application/json")
    answer["ETag"] = etag
    answer["Cache-Control"] = "private, no-cache"
    return answer
