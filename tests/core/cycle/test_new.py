"""New leads and cycles: copies of empty ones, equal to what their classes make, with histories of their own."""

from __future__ import annotations

from handfast.cycle.life import CycleState
from handfast.cycle.values import Act, Cycle, Lead, new_cycle, new_lead


def test_a_new_lead_and_a_new_cycle_are_what_their_classes_make() -> None:
    assert new_lead("ann") == Lead(id="ann")
    assert new_cycle("ann/1", 5) == Cycle(id="ann/1", state=CycleState.OPEN, inquiry_at=5)


def test_new_leads_share_no_history() -> None:
    ann, bob = new_lead("ann"), new_lead("bob")
    ann.acts.appended(Act(1, "page_viewed", {}))
    assert ann.facts.including("one") is not bob.facts
    assert (list(bob.acts), list(bob.facts), list(new_lead("eve").acts)) == ([], [], [])
    for mine, other in ((ann.acts, bob.acts), (ann.facts, bob.facts), (ann.touches, bob.touches)):
        assert mine is not other
