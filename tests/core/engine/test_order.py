"""What is told out of order, what a daily look keeps, when a lead that cooled off came to qualify, and settings."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.support.world import GOOD, Cast, at, code

from handfast.contract.model import Contract
from handfast.contract.seal import seal
from handfast.contract.sign import Signed
from handfast.cycle.life import CycleState
from handfast.engine import Terms
from handfast.engine.tipped import tipped_at
from handfast.engine.turn import Turn
from handfast.facts import AttributesChanged, LeadCreated, LeadsMerged, Rejected, Tick
from handfast.instant import DAY, HOUR, MINUTE


def test_what_was_recorded_before_the_latest_fact_is_refused_and_may_be_recorded_again(cast: Cast) -> None:
    cast.tell(LeadCreated, "11 09:00", lead="ann", attributes=GOOD)
    for minute in range(1, 9):
        cast.looks(f"11 10:0{minute}")
    before = cast.world.leads["ann"]
    late = cast.looks("11 09:30", id="late")
    assert code(late) == "out_of_order"
    assert late.refused is not None
    assert "Record it now" in late.refused.message
    assert cast.world.leads["ann"] is before
    assert code(cast.looks("11 11:00", id="late", happened_at="11 09:30")) == ""
    assert len(cast.world.leads["ann"].acts) == len(before.acts) + 1


def test_a_merge_recorded_before_the_latest_fact_about_the_double_is_refused(cast: Cast) -> None:
    cast.tell(LeadCreated, "11 09:00", lead="ann", attributes=GOOD)
    cast.tell(LeadCreated, "11 09:00", lead="bob", attributes=GOOD)
    cast.looks("11 12:00", lead="bob")
    assert code(cast.about(LeadsMerged, "11 11:00", absorbed="bob")) == "out_of_order"
    assert code(cast.about(LeadsMerged, "11 12:00", absorbed="bob")) == ""


def test_a_daily_look_that_finds_nothing_is_not_kept(cast: Cast) -> None:
    cast.tell(LeadCreated, "11 09:00", lead="ann", attributes=GOOD)
    before = cast.world.leads["ann"]
    for day in range(1, 10):
        assert cast.world.bands(at("11 09:00") + day * DAY) == []
    assert cast.world.leads["ann"] is before
    assert len(cast.world.leads["ann"].facts) == 1


def rejected(cast: Cast) -> None:
    """Ann is delivered and rejected on the eleventh; she cools off for thirty days."""
    owner = cast.delivered()
    done = cast.about(Rejected, "11 10:05", by=owner, reason="junk_contact")
    assert code(done) == ""
    assert cast.cycle().state is CycleState.REJECTED


def later(days: int, minutes: int = 0) -> int:
    return at("11 11:00") + days * DAY + minutes * MINUTE


def test_a_lead_that_cooled_off_was_raised_by_what_tipped_it(cast: Cast) -> None:
    rejected(cast)
    for minute in (0, 1, 2):
        cast.looks(later(20, minute))
    cast.looks(later(21), path="/blog")
    end = cast.world.leads["ann"].cool_until
    assert end is not None
    cast.tick(end + HOUR)
    cycle = cast.cycle()
    assert cycle.state is CycleState.WAITING
    assert cycle.raised_at is not None
    assert later(20) <= cycle.raised_at <= later(20, 2)


def test_an_attribute_that_came_last_tipped_it(cast: Cast) -> None:
    rejected(cast)
    cast.about(AttributesChanged, later(18), attributes={"industry": None})
    for minute in (0, 1, 2):
        cast.looks(later(20, minute))
    cast.about(AttributesChanged, later(22), attributes={"industry": "software"})
    end = cast.world.leads["ann"].cool_until
    assert end is not None
    cast.tick(end)
    assert cast.cycle().raised_at == later(22)


def test_where_nothing_tipped_it_the_end_of_the_cooling_off_did(acme: Contract) -> None:
    recycle = replace(acme.recycle, fresh_evidence=False)
    cast = Cast(replace(acme, recycle=recycle))
    cast.tell(LeadCreated, "11 08:00", lead="ann", attributes=GOOD)
    for minute in range(3):
        cast.looks(f"11 08:0{minute}")
    cast.about(Rejected, "11 08:30", by=cast.owner(), reason="junk_contact")
    cast.looks(later(1), path="/blog")
    end = cast.world.leads["ann"].cool_until
    assert end is not None
    cast.tick(end + HOUR)
    assert cast.cycle().state is CycleState.WAITING
    assert cast.cycle().raised_at == end


def test_nothing_tips_a_lead_that_does_not_qualify_or_never_had_a_cycle(cast: Cast) -> None:
    cast.looks("11 10:00")
    look = Tick(id="look", happened_at=at("11 10:01"), recorded_at=at("11 10:01"), lead="ann")
    lead = cast.world.leads["ann"]
    for seen, terms in ((lead, cast.world.terms), (lead, Terms(()))):
        assert tipped_at(Turn(look, seen, None, cast.world.team, terms), 7) == 7
    ended = replace(lead, fresh_from=at("11 09:00"))
    assert tipped_at(Turn(look, ended, None, cast.world.team, cast.world.terms), 7) == 7


@pytest.mark.parametrize("how", ["signed", "contracts"])
def test_settings_that_need_no_signature_are_given_with_the_versions(acme: Contract, how: str) -> None:
    if how == "signed":
        sealed = seal(acme)
        one = Signed(sealed=sealed, proposed_at=0, signatures=(), in_force_from=acme.effective_from)
        terms = Terms.of_signed([one], cutoff=HOUR, backdating=2 * HOUR, longest_pause=DAY)
    else:
        terms = Terms.of_contracts([acme], cutoff=HOUR, backdating=2 * HOUR, longest_pause=DAY)
    assert (terms.cutoff, terms.backdating, terms.longest_pause) == (HOUR, 2 * HOUR, DAY)
