"""Attempts to reach a lead, and the course of a score: what pages tell of them, asked of the core."""

from __future__ import annotations

from dataclasses import replace

from tests.support.world import Cast, at

from handfast.contract.model import Contract
from handfast.engine.attempts import Lacking, lacking, next_attempt
from handfast.engine.course import course
from handfast.engine.terms import Version
from handfast.facts import Accepted, ActivityHappened, DealOpened, TouchKind, TouchMade
from handfast.instant import DAY


def _version(cast: Cast) -> Version:
    return cast.world.terms.versions[0]


def _accepted(cast: Cast) -> str:
    rep = cast.delivered()
    cast.about(Accepted, "11 10:01", by=rep)
    return rep


def test_attempts_keep_pace_with_the_window_that_was_promised(cast: Cast) -> None:
    rep = _accepted(cast)
    first = next_attempt(_version(cast), cast.cycle())
    assert first is not None
    assert (first.number, first.made, first.promised) == (1, 0, 6)
    assert at("11 10:01") < first.due_at < at("14 10:00")
    cast.about(TouchMade, "11 11:00", by=rep, kind=TouchKind.ATTEMPT)
    second = next_attempt(_version(cast), cast.cycle())
    assert second is not None
    assert second.number == 2
    assert second.due_at > first.due_at


def test_the_last_attempt_is_due_when_the_window_ends_and_then_none_is(cast: Cast) -> None:
    rep = _accepted(cast)
    for minute in range(5):
        cast.about(TouchMade, f"11 11:0{minute}", by=rep, kind=TouchKind.ATTEMPT)
    last = next_attempt(_version(cast), cast.cycle())
    assert last is not None
    assert last.due_at == at("25 10:01")
    cast.about(TouchMade, "11 11:06", by=rep, kind=TouchKind.ATTEMPT)
    assert next_attempt(_version(cast), cast.cycle()) is None


def test_none_is_owed_before_acceptance_after_contact_and_where_none_was_promised(cast: Cast, acme: Contract) -> None:
    rep = cast.delivered()
    assert next_attempt(_version(cast), cast.cycle()) is None
    cast.about(TouchMade, "11 10:05", by=rep, kind=TouchKind.CONTACT)
    assert cast.cycle().accepted_at is not None
    assert next_attempt(_version(cast), cast.cycle()) is None
    cast.about(DealOpened, "11 10:06", by=rep, deal="D-1")
    assert next_attempt(_version(cast), replace(cast.cycle(), contact_at=None)) is None
    other = Cast(replace(acme, sales=replace(acme.sales, attempts=None)))
    _accepted(other)
    assert next_attempt(_version(other), other.cycle()) is None


def test_what_a_reason_still_asks_for_is_said(cast: Cast) -> None:
    rep = _accepted(cast)
    needs = _version(cast).contract.reasons["unreachable"].needs
    assert needs is not None
    assert lacking(_version(cast), cast.cycle(), needs) == Lacking(0, apart=False)
    for minute in range(6):
        cast.about(TouchMade, f"11 11:0{minute}", by=rep, kind=TouchKind.ATTEMPT)
    assert lacking(_version(cast), cast.cycle(), needs) == Lacking(6, apart=True)
    cast.about(TouchMade, "25 12:00", by=rep, kind=TouchKind.ATTEMPT)
    assert lacking(_version(cast), cast.cycle(), needs) is None


def test_the_course_of_a_score_ends_where_it_stands(cast: Cast) -> None:
    cast.delivered()
    cast.looks("11 12:00")
    cast.tell(ActivityHappened, "12 10:00", lead="ann", kind="unheard_of", properties={})
    lead, version = cast.world.leads["ann"], _version(cast)
    assert lead.standing is not None
    now = at("12 10:00")
    told = course(lead, version, [now, at("11 10:00") - 30 * DAY, now])
    assert [when for when, _ in told] == [at("11 10:00") - 30 * DAY, now]
    assert told[0][1].behaviour == 0 < told[1][1].behaviour
    assert told[1][1] == lead.standing.score.score(lead.standing.fit, now)
