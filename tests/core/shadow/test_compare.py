"""Shadow mode beside what really happened: every number with its records, counted by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.support.world import GOOD, Cast, at

from handfast.contract.model import Contract
from handfast.engine import Terms
from handfast.facts import (
    LeadCreated,
    LeadsMerged,
    MemberSet,
    ShadowSet,
    Stage,
    StageStamped,
    TouchKind,
    TouchMade,
)
from handfast.instant import DAY, HOUR
from handfast.shadow import Comparison, compare, virtual


@pytest.fixture
def shadowed(acme: Contract) -> Cast:
    """Lena and Sam in shadow mode from the eighth of January on."""
    cast = Cast(acme)
    cast.tell(ShadowSet, "08 08:00", on=True)
    return cast


def asks(cast: Cast, lead: str, when: str) -> None:
    cast.tell(LeadCreated, when, lead=lead, attributes=GOOD)
    cast.asks(when, lead=lead)


def really(cast: Cast, lead: str, stage: Stage, when: str, owner: str = "lena", happened: str | int = "") -> None:
    said = {"happened_at": happened} if happened else {}
    cast.tell(StageStamped, when, lead=lead, handoff="crm", stage=stage, owner=owner, **said)


def touches(cast: Cast, lead: str, when: str) -> None:
    cast.tell(TouchMade, when, lead=lead, by="lena", kind=TouchKind.ATTEMPT)


def of(cast: Cast, since: str = "08 08:00", until: str = "22 08:00") -> Comparison:
    return compare(cast.world.leads.values(), cast.world.terms, since=at(since), until=at(until))


def test_each_number_has_its_records(shadowed: Cast) -> None:
    asks(shadowed, "ann", "11 10:00")  # lena; the CRM agrees, and lena calls at once
    really(shadowed, "ann", Stage.QUALIFIED, "11 10:02")
    touches(shadowed, "ann", "11 10:04")
    asks(shadowed, "bob", "11 10:10")  # sam; the CRM gives it to lena, who calls the next day
    really(shadowed, "bob", Stage.QUALIFIED, "11 16:00")
    asks(shadowed, "cy", "11 11:00")  # nobody did anything with it
    shadowed.tell(LeadCreated, "11 12:00", lead="dan", attributes={})  # would not have been one, and was
    really(shadowed, "dan", Stage.QUALIFIED, "11 12:00")
    touches(shadowed, "bob", "12 10:00")
    found = of(shadowed)
    assert (found.judged, found.delivered) == (("ann/s1", "bob/s1", "cy/s1"), ("ann:crm", "bob:crm", "dan:crm"))
    assert (found.kept, found.new, found.lost) == (("ann/s1", "bob/s1"), ("cy/s1",), ("dan:crm",))
    assert {rep: each.number for rep, each in found.routed.items()} == {"lena": 2, "sam": 1}
    assert (found.same_owner, found.held, found.before_first, found.unmeasured) == (("ann/s1",), (), (), ())
    assert found.shadow == (("ann/s1",), ("bob/s1", "cy/s1"), ())
    assert found.real.in_time == ("ann:crm",)
    assert found.real.late == ("bob:crm", "dan:crm")
    assert shadowed.sound()


def test_what_is_not_due_yet_is_pending_and_what_comes_later_has_not_happened(shadowed: Cast) -> None:
    asks(shadowed, "ann", "11 10:00")
    touches(shadowed, "ann", "11 15:00")
    assert of(shadowed, until="11 10:01").shadow.pending == ("ann/s1",)
    assert of(shadowed, until="11 14:00").shadow.late == ("ann/s1",)
    assert of(shadowed, until="11 10:00").judged == ()


def test_with_nobody_eligible_it_would_have_been_held(acme: Contract) -> None:
    cast = Cast(acme, reps=(), manager="")
    cast.tell(ShadowSet, "08 08:00", on=True)
    asks(cast, "ann", "11 10:00")
    found = of(cast)
    assert (found.held, found.routed) == (("ann/s1",), {})


def test_the_nearest_handoff_within_thirty_days_is_the_same_and_no_other(shadowed: Cast) -> None:
    asks(shadowed, "ann", "11 10:00")
    for name, days in (("old", -31), ("near", -2), ("nearer", 1)):
        shadowed.tell(
            StageStamped,
            "13 10:00",
            lead="ann",
            handoff=name,
            stage=Stage.QUALIFIED,
            happened_at=at("11 10:00") + days * DAY,
        )
    found = of(shadowed, since="04 00:00")
    assert (found.kept, found.lost) == (("ann/s1",), ("ann:near",))


def test_a_handoff_from_before_the_first_version_is_judged_under_it_and_marked(shadowed: Cast) -> None:
    shadowed.tell(LeadCreated, "11 10:00", lead="ann", attributes=GOOD, loaded=True)
    really(shadowed, "ann", Stage.QUALIFIED, "11 10:00", happened=at("11 10:00") - 60 * DAY)
    really(shadowed, "ann", Stage.INQUIRY, "11 10:00")
    shadowed.tell(StageStamped, "11 10:00", lead="ann", handoff="form", stage=Stage.INQUIRY)
    found = compare(shadowed.world.leads.values(), shadowed.world.terms, since=0, until=at("22 08:00"))
    assert (found.before_first, found.delivered, found.lost) == (("ann:crm",), ("ann:crm",), ("ann:crm",))
    lead = shadowed.world.leads["ann"]
    seen = virtual(lead, lead.elsewhere["crm"], shadowed.world.terms)
    assert seen is not None
    assert (seen.version, seen.before_first, seen.meets, seen.pool) == (7, True, False, "dach")
    assert seen.due_at is not None
    assert virtual(lead, lead.elsewhere["crm"], Terms(())) is None


def test_loaded_activities_count_for_what_the_contract_makes_of_a_handoff(shadowed: Cast) -> None:
    shadowed.tell(LeadCreated, "11 10:00", lead="ann", attributes=GOOD, loaded=True)
    shadowed.asks("11 10:00", happened_at=at("11 09:00"), loaded=True)
    really(shadowed, "ann", Stage.QUALIFIED, "11 10:00")
    lead = shadowed.world.leads["ann"]
    seen = virtual(lead, lead.elsewhere["crm"], shadowed.world.terms)
    assert seen is not None
    assert (seen.meets, seen.before_first) == (True, False)


def test_a_handoff_older_than_the_calendars_is_told_apart(shadowed: Cast) -> None:
    shadowed.tell(LeadCreated, "11 10:00", lead="ann", attributes=GOOD, loaded=True)
    really(shadowed, "ann", Stage.QUALIFIED, "11 10:00", happened=at("11 10:00") - 3000 * DAY)
    found = compare(shadowed.world.leads.values(), shadowed.world.terms, since=0, until=at("22 08:00"))
    assert (found.unmeasured, found.real) == (("ann:crm",), ((), (), ()))


def test_merged_leads_are_counted_once(shadowed: Cast) -> None:
    asks(shadowed, "ann", "11 10:00")
    asks(shadowed, "bob", "11 10:00")
    shadowed.about(LeadsMerged, "11 11:00", absorbed="bob")
    assert of(shadowed).judged.number == 2


def test_levels_of_the_shadow_follow_new_weights(shadowed: Cast) -> None:
    shadowed.tell(MemberSet, "08 09:00", pool="dach", rep="lena", weight=3)
    for number in range(4):
        asks(shadowed, f"l{number}", "11 10:00")
    assert {rep: each.number for rep, each in of(shadowed).routed.items()} == {"lena": 3, "sam": 1}


def test_a_version_in_force_judges_its_own_handoffs(acme: Contract) -> None:
    second = replace(acme, version=8, effective_from=at("12 00:00"))
    cast = Cast(acme, second)
    cast.tell(LeadCreated, "11 10:00", lead="ann", attributes=GOOD)
    really(cast, "ann", Stage.QUALIFIED, "12 10:00")
    lead = cast.world.leads["ann"]
    seen = virtual(lead, lead.elsewhere["crm"], cast.world.terms)
    assert seen is not None
    assert seen.version == 8
    assert at("12 10:00") + HOUR < at("13 10:00")
